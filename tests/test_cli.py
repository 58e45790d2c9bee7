"""The shell of the command line: what is printed and returned, whatever the command does."""

from __future__ import annotations

import errno
import io
import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from command_line import CALL, REPOSITORY, call, spawn
from orefolio import cli
from orefolio.cli.failures import guarded
from orefolio.cli.output import Output, aligned
from orefolio.errors import (
    Fault,
    FolderInUseError,
    InfeasibleError,
    InputError,
    MissingExtraError,
    OrefolioError,
    SolverError,
    SpaceError,
)


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Make `orefolio probe` call a function of the test."""

    def add(body: Callable[[], object]) -> None:
        @click.command()
        @click.option("--json", "as_json", is_flag=True)
        def probe(as_json: bool) -> object:
            return body()

        monkeypatch.setitem(cli.COMMANDS, "probe", f"{__name__}:probe")
        monkeypatch.setattr(sys.modules[__name__], "probe", probe, raising=False)

    return add


def raising(error: BaseException) -> Callable[[], object]:
    def body() -> object:
        raise error

    return body


# ---- exit codes


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OrefolioError("x"), 1),
        (InputError([Fault("case.yaml", "1", "2", 3, 4)]), 2),
        (InfeasibleError("x"), 4),
        (SolverError("x"), 5),
        (SpaceError("x"), 6),
        (FolderInUseError("x"), 7),
        (MissingExtraError("x"), 8),
        (OSError(errno.ENOSPC, "no space", "plan.csv"), 6),
        (MemoryError(), 6),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (click.BadParameter("x"), 2),
        (click.FileError("x"), 2),
        (ZeroDivisionError("x"), 1),
        (PermissionError(errno.EACCES, "denied"), 1),
        (RecursionError("x"), 1),
    ],
)
def test_each_error_has_its_exit_code(added: Callable[..., None], error: BaseException, code: int) -> None:
    added(raising(error))
    done = call("probe")
    assert (done.exit_code, done.stdout) == (code, "")
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("answer", "code"), [(None, 0), (0, 0), (3, 3), (5, 5)])
def test_a_command_returns_its_exit_code(added: Callable[..., None], answer: int | None, code: int) -> None:
    added(lambda: answer)
    assert call("probe").exit_code == code


def test_a_traceback_is_shown_with_v_only(added: Callable[..., None]) -> None:
    added(raising(ZeroDivisionError("one over nothing")))
    assert "ZeroDivisionError: one over nothing" in call("probe").stderr
    assert "Traceback" in call("-v", "probe").stderr


def test_an_input_error_shows_every_fault(added: Callable[..., None]) -> None:
    added(raising(InputError([Fault("prices.csv", "'x'", "a number", 2, 3), Fault("case.yaml", "'y'", "a map")])))
    shown = call("probe").stderr
    assert "prices.csv:2:3: found 'x', expected a number" in shown
    assert "case.yaml: found 'y', expected a map" in shown


def test_brackets_of_a_message_stay(added: Callable[..., None]) -> None:
    added(raising(SolverError("row cover[JP,oxide]@0 [bold] is missing")))
    assert "row cover[JP,oxide]@0 [bold] is missing" in call("probe").stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["docter"], "Did you mean doctor?"),
        (["doctor", "--nothing"], "No such option"),
        (["--nothing"], "No such option"),
        (["-v", "-q", "doctor"], "exclude each other"),
        (["new"], "Missing argument"),
    ],
)
def test_wrong_usage_ends_with_2(words: list[str], message: str) -> None:
    done = call(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr


def test_no_command_shows_the_help_and_ends_with_2() -> None:
    done = call()
    assert done.exit_code == 2
    assert "Commands:" in done.stderr


def test_an_interrupt_ends_with_130() -> None:
    script = "import time\nfrom orefolio.cli.failures import guarded\nfrom orefolio.cli.output import Output\n"
    script += (
        "import sys\ndef wait():\n    print('ready', flush=True)\n    time.sleep(30)\nsys.exit(guarded(wait, Output()))"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "model")}
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        child.send_signal(signal.SIGINT)
        _, complaint = child.communicate(timeout=20)
    assert (child.returncode, complaint) == (130, "error: interrupted\n")


# ---- output


def test_an_error_is_one_json_object_too(added: Callable[..., None]) -> None:
    added(raising(InputError([Fault("prices.csv", "'x'", "a number", 2, 3, "Use a point")])))
    done = call("probe", "--json")
    answer = json.loads(done.stdout)
    assert (answer["schema"], answer["exit_code"], answer["kind"]) == ("orefolio/error/1", 2, "InputError")
    assert answer["faults"] == [
        {"file": "prices.csv", "found": "'x'", "expected": "a number", "line": 2, "column": 3, "remedy": "Use a point"}
    ]
    assert done.stderr.startswith("error: prices.csv:2:3")


def test_a_usage_error_is_one_json_object_too() -> None:
    done = call("doctor", "--json", "--nothing")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["schema"] == "orefolio/error/1"


def test_a_word_after_two_dashes_is_no_option(tmp_path: Path) -> None:
    done = call("schema", "--", "--json")
    assert (done.exit_code, done.stdout) == (2, "")


@pytest.mark.parametrize(
    "words", [["doctor", "--json"], ["schema", "--json"], ["schema", "projects", "--json"], ["facts", "--json"]]
)
def test_json_is_exactly_one_object_on_stdout(words: list[str]) -> None:
    done = spawn(*words)
    assert done.returncode == 0
    name, _, version = json.loads(done.stdout)["schema"].rpartition("/")
    assert name == f"orefolio/{words[0]}"
    assert version.isdigit()


def test_a_failure_after_the_answer_adds_no_second_object(added: Callable[..., None]) -> None:
    def body() -> object:
        click.get_current_context().find_object(Output).answer_json("orefolio/probe/1", {"gap": float("inf")})
        raise SolverError("late")

    added(body)
    done = call("probe", "--json")
    assert done.exit_code == 5
    assert json.loads(done.stdout) == {"schema": "orefolio/probe/1", "gap": None}


def test_a_second_answer_is_an_error() -> None:
    output = Output()
    output.answer_json("orefolio/probe/1", {})
    with pytest.raises(RuntimeError, match="prints one"):
        output.answer_json("orefolio/probe/1", {})


def test_json_takes_what_results_hold(capsys: pytest.CaptureFixture[str]) -> None:
    import numpy as np

    content = {
        "share": np.float64(0.25),
        "counts": np.array([1, 2]),
        "nothing": np.nan,
        "yes": np.bool_(True),
        "place": Path("results") / "日本",
        "fault": Fault("f", "a", "b"),
        "names": {"b", "a"},
    }
    Output().answer_json("orefolio/probe/1", content)
    shown = capsys.readouterr().out
    assert shown.isascii()
    answer = json.loads(shown)
    assert (answer["share"], answer["counts"], answer["nothing"], answer["yes"]) == (0.25, [1, 2], None, True)
    assert (answer["place"], answer["names"], answer["fault"]["file"]) == ("results/日本", ["a", "b"], "f")


@pytest.mark.parametrize(
    ("words", "expected"),
    [([], ["note", "warning: care"]), (["-q"], ["warning: care"]), (["-v"], ["detail", "note", "warning: care"])],
)
def test_v_and_q_choose_how_much_is_said(added: Callable[..., None], words: list[str], expected: list[str]) -> None:
    def body() -> None:
        output = click.get_current_context().find_object(Output)
        output.detail("detail")
        output.note("note")
        output.warn("care")

    added(body)
    done = call(*words, "probe")
    assert (done.stdout, done.stderr.splitlines()) == ("", expected)


def test_no_colour_without_a_terminal_and_none_with_no_color() -> None:
    assert "\x1b" not in spawn("docter").stderr
    forced = spawn("docter", NO_COLOR="1", FORCE_COLOR="1").stderr
    assert "\x1b[31m" not in forced
    assert "\x1b[1;31m" not in forced


@pytest.mark.parametrize(
    "words",
    [
        ["schema"],
        ["schema", "--json"],
        ["facts"],
        ["facts", "--json"],
        ["doctor"],
        ["--help"],
        ["schema", "nothing", "--json"],
    ],
)
def test_a_reader_that_left_gets_no_traceback(words: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "model")}
    done = subprocess.run(
        [*CALL, *words], stdout=writing, stderr=subprocess.PIPE, text=True, env=environment, check=False, timeout=60
    )
    os.close(writing)
    wrong = "nothing" in words
    assert done.returncode == (2 if wrong else 0)
    assert done.stderr.count("\n") == (1 if wrong else 0)
    assert "Traceback" not in done.stderr
    assert "Broken pipe" not in done.stderr


@pytest.mark.parametrize(("word", "heading"), [("schema", ["file", "required"]), ("facts", ["id", "statement"])])
def test_the_first_line_can_be_taken(word: str, heading: list[str]) -> None:
    line = shlex.join([*CALL, word])
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "model"), "LC_ALL": "C"}
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line} | head -1"],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
        timeout=60,
    )
    assert (done.stdout.split()[:2], done.stderr) == (heading, "")


def test_a_full_disk_ends_with_6(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(sys, "stdout", Full())
    assert cli.main(["schema"], standalone_mode=False) == 6
    assert capsys.readouterr().err == "error: cannot write to the standard output: no space left on device\n"


@pytest.mark.parametrize("closed", ["2>&-", ">&-", ">&- 2>&-"])
@pytest.mark.parametrize(("words", "code"), [(["schema"], 0), (["schema", "--json"], 0), (["docter", "--json"], 2)])
def test_closed_streams_change_no_exit_code(closed: str, words: list[str], code: int) -> None:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "model"), "LC_ALL": "C"}
    line = ["bash", "-c", f"{shlex.join([*CALL, *words])} {closed}"]
    done = subprocess.run(line, capture_output=True, text=True, env=environment, check=False, timeout=60)
    assert done.returncode == code
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("locale", ["C", "de_DE.ISO-8859-1", "tr_TR.UTF-8", "nowhere"])
def test_output_is_the_same_in_any_locale(locale: str) -> None:
    done = spawn("schema", "projects", "--json", LC_ALL=locale)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == spawn("schema", "projects", "--json").stdout


def test_a_letter_that_a_terminal_lacks_is_escaped() -> None:
    done = spawn("new", "日本/日本", "--from", "中", PYTHONIOENCODING="ascii")
    assert done.returncode == 2
    assert "\\u4e2d" in done.stderr


def test_columns_are_aligned_by_width_on_screen() -> None:
    assert aligned(("a", "b"), [("日本", 1), ("x", 22)]).splitlines() == ["a     b", "----  --", "日本  1", "x     22"]


def test_guarded_reports_without_click() -> None:
    assert guarded(raising(FolderInUseError("taken")), Output()) == 7
