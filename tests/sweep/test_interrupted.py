"""A sweep stopped from outside: what has ended is kept, nothing is left running, the rest is done later."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from click.testing import CliRunner

from orefolio import cli
from sweep.files import contents
from sweep.stand_ins import swept
from test_api import with_levers, written

TESTS = Path(__file__).parents[1]
COUNT, SECONDS = 24, 0.02
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join((str(TESTS), str(TESTS.parent / "model")))}


def started(folder: Path, resume: bool, jobs: int, **setup: Any) -> subprocess.Popen[str]:
    told = {"folder": str(folder), "count": COUNT, "jobs": jobs, "resume": resume, "setup": setup}
    words = [sys.executable, "-m", "sweep.stand_ins", json.dumps(told)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)


def family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still run; one that waits for its parent to hear of its end does not."""
    return [p for p in processes if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]


def gone(processes: list[psutil.Process], seconds: float = 5.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if not alive(processes):
                return True
        except psutil.NoSuchProcess:
            continue
        time.sleep(0.02)
    return False


def ended(folder: Path) -> int:
    return len(list((folder / "points").glob("0*.json")))


def wait_for(folder: Path, count: int) -> None:
    until = time.monotonic() + 60
    while ended(folder) < count:
        assert time.monotonic() < until, "no point ended in a minute"
        time.sleep(0.01)


def seconds_of(folder: Path, jobs: int) -> float:
    """How long an undisturbed sweep takes here and now, from the start of its program."""
    begun = time.monotonic()
    whole = started(folder, False, jobs, seconds=SECONDS)
    _, complaint = whole.communicate(timeout=60)
    assert whole.returncode == 0, complaint
    return time.monotonic() - begun


def killed_and_resumed(
    place: Path, chance: random.Random, undisturbed: dict[str, bytes], lengths: dict[int, float]
) -> bool:
    """Kill a sweep at a random time, do the rest, compare; whether it was killed before its end."""
    folder, jobs = place / "sweep", chance.choice((0, 1, 2))
    process = started(folder, False, jobs, seconds=SECONDS)
    try:
        # The time runs from the start of the program, so that starting and ending are hit as well as the middle.
        time.sleep(chance.uniform(0.1, lengths[jobs]))
        children = family(process)
        process.kill()
        process.wait(10)
        assert gone(children), "workers outlive their parent"
    finally:
        process.communicate()
    before = ended(folder)
    was_finished = (folder / "manifest.json").exists()
    rest = started(folder, True, jobs, log=str(place / "log"))
    said, complaint = rest.communicate(timeout=60)
    assert rest.returncode == 0, complaint
    assert int(said) == COUNT - before
    planned = (place / "log").read_text().split() if (place / "log").exists() else []
    assert len(planned) == len(set(planned)) == COUNT - before
    assert contents(folder) == undisturbed
    return not was_finished


def kill_many(tmp_path: Path, tries: int, seed: int) -> int:
    chance = random.Random(seed)
    swept(tmp_path / "whole", COUNT)
    undisturbed = contents(tmp_path / "whole")
    lengths = {jobs: seconds_of(tmp_path / f"length-{jobs}", jobs) for jobs in (0, 1, 2)}
    unfinished = 0
    for number in range(tries):
        (tmp_path / str(number)).mkdir()
        unfinished += killed_and_resumed(tmp_path / str(number), chance, undisturbed, lengths)
    return unfinished


@pytest.mark.verifies("fault")
def test_a_sweep_killed_at_random_times_resumes_to_the_same_bytes(tmp_path: Path, tried: Callable[..., None]) -> None:
    hit = kill_many(tmp_path, 10, seed=1)
    assert hit >= 5
    tried("fault", hit, 10 - hit)


@pytest.mark.long
@pytest.mark.verifies("fault")
def test_a_sweep_killed_fifty_times_resumes_to_the_same_bytes(tmp_path: Path, tried: Callable[..., None]) -> None:
    hit = kill_many(tmp_path, 50, seed=2)
    assert hit >= 30
    tried("fault", hit, 50 - hit)


@pytest.mark.verifies("fault")
def test_no_worker_outlives_a_parent_that_is_killed_in_a_long_point(tmp_path: Path) -> None:
    process = started(tmp_path / "sweep", False, 2, seconds=300.0, log=str(tmp_path / "log"))
    until = time.monotonic() + 60
    while not (tmp_path / "log").exists() or len((tmp_path / "log").read_text().split()) < 2:
        assert time.monotonic() < until
        time.sleep(0.02)
    children = family(process)
    assert len(children) >= 2
    process.kill()
    process.communicate()
    assert gone(children)


@pytest.mark.verifies("fault")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("jobs", [0, 2])
def test_a_signal_stops_a_sweep_in_seconds_and_keeps_what_has_ended(
    tmp_path: Path, number: signal.Signals, jobs: int
) -> None:
    process = started(tmp_path / "sweep", False, jobs, seconds=0.3)
    wait_for(tmp_path / "sweep", 2)
    children = family(process)
    began = time.monotonic()
    process.send_signal(number)
    process.communicate(timeout=20)
    assert time.monotonic() - began < 3
    assert process.returncode not in (0, -signal.SIGTERM)
    assert gone(children)
    before = ended(tmp_path / "sweep")
    assert 2 <= before < COUNT
    assert swept(tmp_path / "sweep", COUNT, resume=True).redone == COUNT - before


START = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from orefolio.cli import main; main()"
)  # fmt: skip


def command(place: Path, *words: str) -> subprocess.Popen[str]:
    given = ["sensitivity", "case", "points", "many.csv", "--folder", "sweep", *words]
    return subprocess.Popen(
        [sys.executable, "-c", START, *given], cwd=place, text=True, env=ENVIRONMENT, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.verifies("fault")
@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGKILL, marks=pytest.mark.long)])
def test_the_command_resumes_a_real_sweep_after_ctrl_c_and_after_a_kill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    written(tmp_path / "case", with_levers())
    values = [20 + place for place in range(20)]
    (tmp_path / "many.csv").write_text("loss\n" + "".join(f"{value}\n" for value in values), encoding="utf-8")
    process = command(tmp_path, "--jobs", "2")
    wait_for(tmp_path / "sweep", 3)
    children = family(process)
    began = time.monotonic()
    # A terminal sends Ctrl-C to all processes of the command, also to its workers.
    os.killpg(process.pid, number) if number == signal.SIGINT else process.kill()
    _, told = process.communicate(timeout=30)
    assert time.monotonic() - began < 5
    assert gone(children)
    before = ended(tmp_path / "sweep")
    assert 3 <= before < len(values)
    if number == signal.SIGINT:
        assert process.returncode == 130
        assert f"{before} of 20 points have ended and are kept in sweep. The same command with --resume" in told
        assert "Traceback" not in told
    monkeypatch.chdir(tmp_path)
    words = ["sensitivity", "case", "points", "many.csv", "--jobs", "0", "--json"]
    rest = CliRunner().invoke(cli.main, [*words, "--folder", "sweep", "--resume"])
    assert rest.exit_code == 0, rest.output
    assert json.loads(rest.stdout)["planned"] == len(values) - before
    assert CliRunner().invoke(cli.main, [*words, "--folder", "whole"]).exit_code == 0
    assert contents(tmp_path / "sweep") == contents(tmp_path / "whole")
