"""Ctrl-C, SIGTERM and hang-up, with default handlers, at every step of a solve."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from faults.cases import JAPAN, REPOSITORY, TRUNK, command, environment, faults_of, read_record, runs, small_case
from orefolio.solve import Options, Progress, solve
from orefolio.solve import session as session_module
from orefolio.solve.background import still_running
from orefolio.solve.engine import Engine
from small_programs import hard

SAVING = "saving the best plan"
IN_HIGHS = "from orefolio.solve import session; session.OWN_NODES = 0\n"
DURING_WRITING = """
import os, signal
from orefolio.tables.folder import durable
written = durable.write_bytes
def signalled(path, content):
    if path.name == "flows.csv":
        for _ in range({count}):
            os.kill(os.getpid(), signal.{name})
    written(path, content)
durable.write_bytes = signalled
"""
MAIN = "from orefolio.cli import main; main()"


class Child:
    """A command that gets signals when words appear on its stderr. heard: seconds from the first signal to `SAVING`."""

    def __init__(
        self, *words: object, before: str = "", on: str = "", numbers: tuple[signal.Signals, ...] = ()
    ) -> None:
        self.said: list[str] = []
        self.sent = self.heard = self.ended = float("nan")
        self.process = subprocess.Popen(
            command(*words, script=before + MAIN), stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
            errors="replace", env=environment(PYTHONUTF8="1"), restore_signals=True,
        )  # fmt: skip
        assert self.process.stderr is not None
        left = list(numbers)
        for line in self.process.stderr:
            self.said.append(line)
            if left and on in line:
                self.sent = time.monotonic() if self.sent != self.sent else self.sent
                self.process.send_signal(left.pop(0))
            elif left and left != list(numbers):
                self.process.send_signal(left.pop(0))
            if SAVING in line:
                self.heard = time.monotonic() - self.sent
        self.answer = self.process.communicate(timeout=120)[0]
        self.ended = time.monotonic() - self.sent
        self.code = self.process.returncode
        self.text = "".join(self.said)


def assert_saved_as_interrupted(child: Child, out: Path) -> None:
    assert child.code == 130, child.text
    assert child.heard <= 2.0, child.text
    assert "Traceback" not in child.text
    (folder,) = runs(out)
    record = read_record(folder)
    assert record["status"] == "interrupted"
    assert record["bound"] < record["objective"]
    assert record["abs_gap"] == pytest.approx(record["objective"] - record["bound"])
    assert record["audit"]["passed"]
    assert faults_of(folder) == []
    assert [path.name for path in out.iterdir()] == [folder.name]


@pytest.mark.verifies("fault")
@pytest.mark.long
@pytest.mark.parametrize("step", ["branch", "HiGHS"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_first_signal_saves_the_best_plan_within_2_seconds(
    tmp_path: Path, step: str, number: signal.Signals
) -> None:
    before = IN_HIGHS if step == "HiGHS" else ""
    out = tmp_path / "results"
    child = Child("solve", JAPAN, *TRUNK, "--out", out, before=before, on=f" {step} ", numbers=(number,))
    assert_saved_as_interrupted(child, out)


@pytest.mark.verifies("fault")
@pytest.mark.long
@pytest.mark.parametrize("step", ["branch", "HiGHS"])
@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_quits_at_once(tmp_path: Path, step: str, second: signal.Signals) -> None:
    before = IN_HIGHS if step == "HiGHS" else ""
    numbers = (signal.SIGINT, second)
    out = tmp_path / "results"
    child = Child("solve", JAPAN, *TRUNK, "--out", out, before=before, on=f" {step} ", numbers=numbers)
    if child.text.count(SAVING) == 0 and child.said[-1].count("interrupted") == 0:
        pytest.fail(child.text)
    assert child.code == 130, child.text
    assert child.answer == ""
    assert "Traceback" not in child.text
    assert list(out.iterdir()) == []


@pytest.mark.verifies("fault")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_the_program_is_built_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    out = tmp_path / "results"
    child = Child("-v", "solve", JAPAN, "--grid", "yearly", "--out", out, on="stating S01", numbers=(number,))
    assert child.code == 130, child.text
    assert child.ended <= 2.0, child.text
    assert child.said[-1] == "error: interrupted\n"
    assert list(out.iterdir()) == []


@pytest.mark.verifies("fault")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_while_tables_are_written_waits_for_the_whole_folder(tmp_path: Path, name: str) -> None:
    out = tmp_path / "results"
    before = DURING_WRITING.format(count=1, name=name)
    child = Child("solve", small_case(tmp_path / "case"), "--out", out, before=before)
    (folder,) = runs(out)
    assert child.code == 130, child.text
    assert (read_record(folder)["status"], faults_of(folder)) == ("optimal", [])
    assert f"run folder: {folder}" in "".join(child.text.split("\n"))
    assert child.said[-1] == "error: interrupted\n"


@pytest.mark.verifies("fault")
def test_two_signals_while_tables_are_written_leave_no_folder(tmp_path: Path) -> None:
    out = tmp_path / "results"
    before = DURING_WRITING.format(count=2, name="SIGINT")
    child = Child("solve", small_case(tmp_path / "case"), "--out", out, before=before)
    assert child.code == 130, child.text
    assert child.said[-1] == "error: interrupted\n"
    assert list(out.iterdir()) == []


def deaf(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """The solver as it is inside a long linear program of a search: it does not hear until the event is set."""
    interrupt, hears = Engine._interrupt, threading.Event()

    def heard(self: Engine, event: Any) -> None:
        if hears.is_set() or not self.integer:
            interrupt(self, event)

    monkeypatch.setattr(session_module, "OWN_NODES", 0)
    monkeypatch.setattr(Engine, "_interrupt", heard)
    return hears


@pytest.mark.verifies("fault")
def test_a_search_that_does_not_hear_is_left_behind_with_its_best_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    hears = deaf(monkeypatch)
    stop, heard, best = threading.Event(), [], [float("inf")]

    def listener(event: Progress) -> None:
        if event.step == "HiGHS":
            best.append(event.objective)
            if not heard and event.seconds > 1.0:
                heard.append(time.monotonic())
                stop.set()

    case = hard()
    found = solve(case, Options(abs_gap=0.0, time_limit=60.0), progress=listener, stop=stop)
    assert time.monotonic() - heard[0] <= 2.0
    assert still_running()
    assert found.status == "interrupted"
    assert found.objective == case.objective(found.values)
    assert found.objective <= best[1] + 1e-6
    assert found.bound < found.objective
    assert found.duals.shape == case.row_lower.shape
    hears.set()
    began = time.monotonic()
    while still_running() and time.monotonic() - began < 20:
        time.sleep(0.05)
    assert not still_running()


DEAF = """
import json, os, signal, sys, time
sys.path.insert(0, {tests!r})
from small_programs import hard
from orefolio.cli.failures import leave
from orefolio.solve import Options, session, solve
from orefolio.solve.engine import Engine
interrupt = Engine._interrupt
Engine._interrupt = lambda self, event: None if self.integer else interrupt(self, event)
session.OWN_NODES = 0
def listener(event):
    if event.step == "HiGHS" and event.seconds > 0.5 and not said:
        said.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)
said = []
found = solve(hard(), Options(abs_gap=0.0, time_limit=60.0), progress=listener)
print(json.dumps([found.status, time.monotonic() - said[0]]), flush=True)
leave(130)
"""


@pytest.mark.verifies("fault")
def test_the_process_ends_at_once_though_the_search_goes_on() -> None:
    """Would fail if Python's own end were taken: it waits for the search, or aborts in the middle of it."""
    script = DEAF.format(tests=str(REPOSITORY / "tests"))
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment(), check=False, timeout=50
    )
    answer: list[Any] = json.loads(done.stdout)
    assert (done.returncode, done.stderr, answer[0]) == (130, "", "interrupted")
    assert answer[1] <= 2.0
    assert time.monotonic() - began < 40
