"""The blocks of the documentation as the tests take them: what they run, where, and who reads their options."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from itertools import dropwhile
from pathlib import Path

import click

from docs.blocks import Block, blocks_of
from orefolio.cli import main

REPOSITORY = Path(__file__).parents[2]
PAGES = [REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
BLOCKS = [block for page in PAGES for block in blocks_of(page)]
SHELL = {".", "cat", "cd", "echo", "kill", "sed", "sbatch", "export", "./setup-and-solve", "./setup-and-test"}
DASK = {"scheduler": "distributed.cli.dask_scheduler:main", "worker": "distributed.cli.dask_worker:main"}
HEREDOC = re.compile(r"<<'(\w+)'.*?\n.*?^\1$", re.DOTALL | re.MULTILINE)
SECONDS = 3000


def name_of(block: Block) -> str:
    return f"{block.path.stem}:{block.line}"


def commands(text: str) -> Iterator[list[str]]:
    """The words of each command of a shell block, without what it is redirected to and what a heredoc holds."""
    for line in re.sub(r"\\\n\s*", " ", HEREDOC.sub("", text)).splitlines():
        words: list[str] = []
        lexer = shlex.shlex(line, posix=True, punctuation_chars="();<>|&")
        lexer.whitespace_split, lexer.commenters = True, "#"
        for word in lexer:
            if word in {"|", "||", "&", "&&", ";"}:
                yield words
                words = []
            else:
                words.append(word)
        if words:
            yield [word for word in words[: words.index(">") if ">" in words else None] if word != ">>"]


def refused(words: list[str]) -> str:
    """Why the parser that would read a command refuses it; empty where it takes each word."""
    first, *rest = list(dropwhile(lambda word: re.fullmatch(r"\w+=\S*", word), words)) or [""]
    name = first.removeprefix(".venv/bin/")
    if name == "orefolio":
        return parsed(main, rest)
    if name == "dask":
        module, _, function = DASK[rest[0]].partition(":")
        return parsed(getattr(import_module(module), function), rest[1:])
    if name == "pip":
        extras = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        asked = re.findall(r"\[([\w,-]+)\]", " ".join(rest))
        unknown = {extra for group in asked for extra in group.split(",")} - set(extras["optional-dependencies"])
        return f"no extra {unknown}" if unknown else ""
    if name in {"python", "python3"}:
        return "" if rest[:1] == ["-m"] and find_spec(rest[1]) else f"python cannot run {rest}"
    return "" if name in SHELL else f"{name!r} is no command that the tests know"


def parsed(command: click.Command, words: list[str]) -> str:
    """What click says against some words; nothing is called but a group's own parsing."""
    if words[:1] == ["--version"]:
        return ""
    try:
        context = command.make_context(command.name, list(words), resilient_parsing=False)
        while isinstance(command, click.Group):
            context = command.make_context(command.name, list(words))
            words = [*context._protected_args, *context.args]
            if words[-1:] == ["--help"]:
                return ""
            _, found, words = command.resolve_command(context, words)
            if found is None:
                return f"no command {words}"
            command = found
        command.make_context(command.name, list(words), parent=context)
    except click.ClickException as error:
        return error.format_message()
    except click.exceptions.Exit:
        return ""
    return ""


@dataclass(frozen=True)
class Desk:
    """A folder in which the blocks of a page are typed; CASE, RUN and OTHER are what they stand for."""

    folder: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def laid(
        cls, folder: Path, runs: dict[str, Path], with_code: bool = False, variables: Mapping[str, str] | None = None
    ) -> Desk:
        """Make one. with_code: with a copy of the package, which the page changes. variables: of the environment."""
        programs = folder / "programs"
        programs.mkdir(parents=True)
        for name in ("inputs", "seeds", "notebooks"):
            (folder / name).symlink_to(REPOSITORY / name)
        (folder / "CASE").symlink_to(REPOSITORY / "inputs" / "minerals-us")
        (folder / ".venv").symlink_to(sys.prefix)
        for name, run in runs.items():
            shutil.copytree(run, folder / name)
        if with_code:
            hidden = shutil.ignore_patterns("__pycache__")
            shutil.copytree(REPOSITORY / "model", folder / "model", ignore=hidden)
        called = 'import sys; from orefolio.cli import main; sys.exit(main(prog_name="orefolio"))'
        for name, words in {"orefolio": ["-c", called], "python": [], "dask": ["-m", "dask"]}.items():
            line = shlex.join([sys.executable, *words])
            (programs / name).write_text(f'#!/bin/sh\nexec {line} "$@"\n', encoding="utf-8")
            (programs / name).chmod(0o755)
        return cls(folder, variables or {})

    def started(self, line: str) -> subprocess.Popen[str]:
        """A line that goes on until it is ended."""
        environment = self._environment("results-served")
        words = ["bash", "-c", f"exec {line}"]
        return subprocess.Popen(words, cwd=self.folder, env=environment, stdout=subprocess.PIPE, text=True)

    def type(self, block: Block, with_options: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a block as it stands, or with the options that its fence adds."""
        environment = self._environment(f"results-{block.line}")
        text = lengthened(block) if with_options else block.text
        program = ["bash", "-euo", "pipefail", "-c", text] if block.language == "sh" else [sys.executable, "-c", text]
        return subprocess.run(
            program, cwd=self.folder, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS
        )

    def _environment(self, runs: str) -> dict[str, str]:
        code = self.folder / "model" if (self.folder / "model").exists() else REPOSITORY / "model"
        path = f"{self.folder / 'programs'}{os.pathsep}{os.environ['PATH']}"
        return {
            **os.environ,
            "PATH": path,
            "PYTHONPATH": str(code),
            "PYTHONUTF8": "1",
            "OREFOLIO_OUT": runs,
            **self.variables,
        }


def lengthened(block: Block) -> str:
    """The text of a block, each command of orefolio, or of SLURM, with the options of its fence before a remark."""
    if not block.options:
        return block.text
    lines = re.sub(r"\\\n\s*", " ", block.text).splitlines()
    command = re.compile(rf"^({'sbatch' if block.mark == 'slurm' else 'orefolio'} .*?)(\s+#.*)?$")
    return "\n".join(command.sub(rf"\1 {block.options}\2", line) for line in lines)
