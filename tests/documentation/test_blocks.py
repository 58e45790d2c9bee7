"""Every command and every block of the documentation is typed, or read by the parser that would read it."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from contextlib import nullcontext
from itertools import groupby, takewhile
from pathlib import Path
from urllib.request import urlopen

import click
import pytest

from docs.blocks import Block, MarkError, blocks_of
from orefolio import api
from orefolio.cli import main

from .slurm import slurm
from .written import BLOCKS, PAGES, REPOSITORY, Desk, commands, lengthened, name_of, refused

START = REPOSITORY / "docs" / "start.md"
EVERY_DAY = {page: [one for one in blocks if one.mark == "run"] for page, blocks in
             ((page, list(group)) for page, group in groupby(BLOCKS, lambda block: block.path))}  # fmt: skip
LONG = ("long", "slurm")
AT_LENGTH = {page: [one for one in BLOCKS if one.path == page and one.mark in ("run", *LONG)] for page in PAGES}
SERVED = [block for block in BLOCKS if block.mark == "served"]
READ = [block for block in BLOCKS if block.language == "sh" and block.mark in (*LONG, "served", "installed")]
INSTALL = re.compile(r"pip install 'orefolio\[([\w,]+)\]'")
COMMAND = re.compile(r"`(?:\.venv/bin/)?orefolio ([^`]+)`")
NOT_COPIED = (".git", ".venv", "results", "sweeps", ".mypy_cache", ".ruff_cache", ".pytest_cache", "__pycache__")


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What RUN and OTHER stand for: minerals on the yearly grid, at base and with antimony dearer."""
    study = api.load(REPOSITORY / "inputs" / "minerals-us")
    folder = tmp_path_factory.mktemp("runs")
    made = [one.solve(grid="yearly", abs_gap=50, out=folder).folder for one in (study, study.what_if(price_sb=40))]
    return {name: run for name, run in zip(("RUN", "OTHER"), made, strict=True) if run is not None}


def wrong(desk: Desk, block: Block) -> str:
    """Type a block; empty where it ends with its exit code, else what was typed and what came."""
    done = desk.type(block)
    if done.returncode == block.code:
        return ""
    return f"{lengthened(block)}\nended with {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}"


@pytest.mark.parametrize(
    "page", [page for page, blocks in EVERY_DAY.items() if blocks], ids=lambda page: str(page.stem)
)
def test_the_blocks_of_a_page_run_in_their_order(page: Path, runs: dict[str, Path], tmp_path: Path) -> None:
    desk = Desk.laid(tmp_path / "desk", runs, with_code=any("model/" in block.text for block in EVERY_DAY[page]))
    for block in EVERY_DAY[page]:
        assert wrong(desk, block) == ""


@pytest.mark.long
@pytest.mark.parametrize(
    "page",
    [page for page, blocks in AT_LENGTH.items() if page != START and any(block.mark in LONG for block in blocks)],
    ids=lambda page: str(page.stem),
)
def test_the_long_blocks_of_a_page_run_too(page: Path, runs: dict[str, Path], tmp_path: Path) -> None:
    """A page that hands jobs to SLURM has one of its own."""
    handed = any(block.mark == "slurm" for block in AT_LENGTH[page])
    with slurm() if handed else nullcontext({}) as variables:
        desk = Desk.laid(tmp_path / "desk", runs, variables=variables)
        for block in AT_LENGTH[page]:
            assert wrong(desk, block) == "", [path.read_text() for path in desk.folder.glob("slurm-*.out")]


@pytest.mark.long
def test_ten_minutes_lead_from_nothing_to_the_page_as_they_are_written(tmp_path: Path) -> None:
    """In a copy of the repository, with an environment of its own and no step that is not on the page."""
    clone = shutil.copytree(REPOSITORY, tmp_path / "clone", ignore=shutil.ignore_patterns(*NOT_COPIED))
    script = "".join(block.text for block in blocks_of(START) if block.language == "sh")
    # An index or a proxy is the machine's own matter; of what the tests have installed nothing may be found.
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f"unset PYTHONPATH VIRTUAL_ENV\n{script}"],
        cwd=clone, capture_output=True, text=True, check=False, timeout=3000,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert "<html" in (clone / "page.html").read_text(encoding="utf-8")[:2000]
    assert (clone / ".venv" / "bin" / "orefolio").is_file()


@pytest.mark.long
@pytest.mark.parametrize("line", [line for block in SERVED for line in block.text.splitlines()])
def test_a_line_that_serves_a_page_does_so_until_it_is_ended(line: str, runs: dict[str, Path], tmp_path: Path) -> None:
    """On a free port, with a wide gap; Ctrl-C ends it."""
    desk = Desk.laid(tmp_path / "desk", runs)
    with desk.started(f"{line.partition('#')[0]} --no-browser --port 0 --abs-gap 500 --json") as server:
        try:
            assert server.stdout is not None
            said = [*takewhile(lambda part: part != "}\n", server.stdout), "}"]
            with urlopen(json.loads("".join(said))["address"], timeout=60) as page:  # on loopback
                assert b"<html" in page.read(2000)
            server.send_signal(signal.SIGINT)
            assert server.wait(60) in (0, 130)
        finally:
            server.kill()


@pytest.mark.long
def test_every_extra_is_installed_as_the_pages_say(tmp_path: Path) -> None:
    """In an environment with orefolio alone, each line that a page has, in a block or in a sentence."""
    lines = sorted({found[0] for page in PAGES for found in INSTALL.finditer(page.read_text(encoding="utf-8"))})
    assert {block.text.strip() for block in BLOCKS if block.mark == "installed"} <= set(lines)
    programs = tmp_path / "environment" / "bin"
    led = ("PYTHON", "VIRTUAL_ENV", "OREFOLIO")
    alone = {name: value for name, value in os.environ.items() if not name.startswith(led)}
    alone["PATH"] = f"{programs}{os.pathsep}{alone['PATH']}"

    def typed(line: str) -> str:
        done = subprocess.run(["bash", "-c", line], cwd=tmp_path, env=alone, capture_output=True, text=True,
                              check=False, timeout=1200)  # fmt: skip
        assert done.returncode == 0, f"{line}\n{done.stderr}"
        return done.stdout

    subprocess.run([sys.executable, "-m", "venv", str(programs.parent)], check=True)
    typed(shlex.join(["pip", "install", "--quiet", "--editable", str(REPOSITORY)]))
    for line in lines:
        typed(line)
        present = {each["name"] for each in json.loads(typed("orefolio doctor --json"))["extras"] if each["present"]}
        assert set(INSTALL.findall(line)[0].split(",")) <= present, line


@pytest.mark.long
def test_the_readme_leads_from_a_new_clone_to_the_plan_of_japan_and_to_a_page(tmp_path: Path) -> None:
    """The first command with a wider gap (the second one is what runs this test), and the page of a smaller case."""
    clone = shutil.copytree(REPOSITORY, tmp_path / "clone", ignore=shutil.ignore_patterns(*NOT_COPIED))
    solving, page = [block.text for block in blocks_of(REPOSITORY / "README.md") if block.language == "sh"]
    first = solving.splitlines()[0].partition("#")[0]
    smaller = page.replace("inputs/japan", "inputs/minerals-us")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f"unset PYTHONPATH VIRTUAL_ENV\n{first} --abs-gap 20\n{smaller}"],
        cwd=clone, capture_output=True, text=True, check=False, timeout=3000,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.startswith("Japan, rare earths, 2027-2040")
    assert "<html" in (clone / "japan.html").read_text(encoding="utf-8")[:2000]


@pytest.mark.parametrize("block", READ, ids=name_of)
def test_every_word_of_a_block_that_is_not_run_every_day_is_known(block: Block) -> None:
    asked = list(commands(lengthened(block)))
    assert asked, "a block without a command is text"
    assert {" ".join(words): refused(words) for words in asked if refused(words)} == {}


@pytest.mark.parametrize("block", [one for one in BLOCKS if one.language == "python"], ids=name_of)
def test_every_python_block_can_be_read(block: Block) -> None:
    assert ast.parse(block.text).body


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.stem))
def test_commands_in_a_sentence_name_what_there_is(page: Path) -> None:
    """They may leave words out, so that only the command, the analysis and the options are held against the parser."""
    top = click.Context(main)
    for said in COMMAND.findall(page.read_text(encoding="utf-8")):
        words = said.split()
        command = main.get_command(top, words[0])
        if words[0] in ("COMMAND", "--help"):
            continue
        assert command is not None, said
        if isinstance(command, click.Group) and len(words) > 2 and words[2] != "ANALYSIS":
            command = command.get_command(click.Context(command), words[2])
            assert command is not None, said
        known = {opt for parameter in command.params for opt in parameter.opts} | {"--help"}
        assert set(re.findall(r"--[a-z][\w-]*", said)) <= known or isinstance(command, click.Group), said


def test_the_steps_of_contributing_are_followed_by_a_test_of_their_own() -> None:
    followed = [block for block in BLOCKS if block.mark == "followed"]
    guided = REPOSITORY / "tests" / "changes" / "test_guided.py"
    assert not followed or "CONTRIBUTING.md" in guided.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("```sh\nls\n```", "marked ''"),
        ("```sh soon\nls\n```", "marked 'soon'"),
        ("```\nls\n```", "the fence says ''"),
        ("```text run\nls\n```", "marked 'run'"),
        ("```cobol\nls\n```", "a block of cobol"),
        ("Say\n\n    ls\n", "an indented block"),
    ],
)
def test_a_block_that_says_not_how_it_is_tested_is_refused(text: str, said: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    with pytest.raises(MarkError, match=said):
        blocks_of(page)


def test_a_fence_tells_options_and_exit_code(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text('```sh long with="--steps 2" exit=3\norefolio a \\\n    b  # d\necho c\n```', encoding="utf-8")
    (block,) = blocks_of(page)
    assert (block.mark, block.options, block.code) == ("long", "--steps 2", 3)
    assert lengthened(block) == "orefolio a  b --steps 2  # d\necho c"
    assert block.caption == "run by the long tests, with --steps 2 to be shorter"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("orefolio solve CASE --abs-gap 5", ""),
        ("orefolio solve CASE --abs-gab 5", "No such option"),
        ("orefolio slove CASE", "There is no command"),
        ("orefolio solve", "Missing argument"),
        ("orefolio sensitivity CASE tornado --jobs x", "Invalid value"),
        ("orefolio sensitivity CASE tornados", "no analysis"),
        ("pip install 'orefolio[colour]'", "no extra"),
        ("dask worker tcp://a:1 --nthread 1", "No such option"),
        ("python -m nothing_at_all", "cannot run"),
        ("emacs page.md", "no command that the tests know"),
    ],
)
def test_a_word_that_is_not_known_is_seen(line: str, why: str) -> None:
    (words,) = commands(line)
    found = refused(words)
    assert why in found if why else not found


def test_every_analysis_has_a_worked_example_on_its_page() -> None:
    """A block with its command, in the page of analyses or of sweeps."""
    from orefolio.api.sensitivity import ANALYSES

    said = "".join(block.text for block in BLOCKS if block.path.stem in ("sensitivity", "sweeps"))
    assert [name for name in ANALYSES if not re.search(rf"orefolio sensitivity \S+ {name} ", said)] == []
