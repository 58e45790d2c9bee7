"""One solve at a time writes into a folder; the second ends with 7 before it solves, and a dead one's lock is named."""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
import subprocess
import threading
from pathlib import Path

import pytest

from faults.cases import command, environment, orefolio, runs, small_case
from orefolio import api
from orefolio.errors import FolderInUseError, SpaceError
from orefolio.solve import Session
from orefolio.tables.folder import claimed
from orefolio.tables.folder.lock import LOCK, held, is_alive

SLOW = """
import sys, time
from orefolio.solve import Session
solve = Session.solve
def slow(self, *rest):
    print("holding", flush=True)
    sys.stdin.readline()
    return solve(self, *rest)
Session.solve = slow
from orefolio.cli import main
main()
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return small_case(tmp_path / "case")


def holding(case: Path, out: Path) -> subprocess.Popen[str]:
    """A real solve in another process that has the lock and waits for a line before it goes on."""
    words = command("-q", "solve", case, "--out", out, script=SLOW)
    child = subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        env=environment(PYTHONUTF8="1"),
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stdout.readline() == "holding\n"
    return child


@pytest.mark.verifies("fault")
def test_the_second_of_two_solves_into_one_folder_ends_with_7(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "results"
    first = holding(case, out)
    second = orefolio("solve", case, "--out", out)
    words = " ".join(second.stderr.split())
    assert (second.returncode, second.stdout) == (7, "")
    assert f"process {first.pid} on {socket.gethostname()} since 20" in words
    assert "another folder with --out" in words
    assert "stating" not in words
    with pytest.raises(FolderInUseError, match=str(first.pid)):
        api.load(case).solve(out=out)
    elsewhere = api.load(case).solve(out=tmp_path / "elsewhere")
    assert elsewhere.folder is not None
    said, complaint = first.communicate("\n", timeout=60)
    assert first.returncode == 0, complaint
    assert "豪州の契約" in said
    assert len(runs(out)) == 1
    assert [path.name for path in out.iterdir()] == [path.name for path in runs(out)]


@pytest.mark.verifies("fault")
def test_a_stale_lock_is_named_and_not_stolen(case: Path, tmp_path: Path) -> None:
    out = tmp_path / "results"
    first = holding(case, out)
    first.kill()
    first.communicate(timeout=60)
    lock = (out / LOCK).read_bytes()
    second = orefolio("-q", "solve", case, "--out", out)
    words = " ".join(second.stderr.split())
    assert second.returncode == 7
    assert f"process {first.pid} " in words
    assert "which is gone" in words
    assert f"Delete {out / LOCK}" in words
    assert (out / LOCK).read_bytes() == lock
    (out / LOCK).unlink()
    assert orefolio("-q", "solve", case, "--out", out).returncode == 0


@pytest.mark.verifies("fault")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_before_the_solve_gives_the_lock_back(case: Path, tmp_path: Path, number: signal.Signals) -> None:
    """The child waits for its line inside the solve, where the first signal is only noted; the second lets go."""
    out = tmp_path / "results"
    child = holding(case, out)
    child.send_signal(number)
    child.send_signal(signal.SIGTERM if number == signal.SIGINT else signal.SIGINT)
    _, complaint = child.communicate(timeout=60)
    assert child.returncode == 130, complaint
    assert "Traceback" not in complaint
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("text", ["", "{", '{"pid": "x"}', "[]", '{"pid": 1}'])
def test_a_lock_that_says_nothing_is_not_stolen_either(tmp_path: Path, text: str) -> None:
    (tmp_path / LOCK).write_text(text)
    with pytest.raises(FolderInUseError, match=f"delete {tmp_path / LOCK}"), held(tmp_path, ""):
        pytest.fail("held")
    assert (tmp_path / LOCK).read_text() == text


def test_a_lock_of_another_machine_counts_as_held(tmp_path: Path) -> None:
    holder = {"pid": 2**22 + 1, "host": "elsewhere", "started": "2026-11-22T00:00:00+00:00", "token": ""}
    (tmp_path / LOCK).write_text(json.dumps(holder))
    with pytest.raises(FolderInUseError, match=r"at work .process 4194305 on elsewhere since 2026"), held(tmp_path, ""):
        pytest.fail("held")


def test_an_earlier_process_of_the_same_pid_is_gone(tmp_path: Path) -> None:
    """As in a container, where each run is process 1; a run of this very process is at work."""
    holder = {"pid": os.getpid(), "host": socket.gethostname(), "started": "", "token": "another"}
    (tmp_path / LOCK).write_text(json.dumps(holder))
    with pytest.raises(FolderInUseError, match="which is gone"), held(tmp_path, ""):
        pytest.fail("held")
    (tmp_path / LOCK).unlink()
    with held(tmp_path, ""), pytest.raises(FolderInUseError, match="at work"), held(tmp_path, ""):
        pytest.fail("held twice")
    assert list(tmp_path.iterdir()) == []


def test_of_many_that_ask_at_once_one_gets_the_lock(tmp_path: Path) -> None:
    got, refused, together = [], [], threading.Barrier(16)
    done = threading.Barrier(16)

    def ask(number: int) -> None:
        together.wait()
        try:
            with held(tmp_path, ""):
                got.append(number)
                done.wait()
        except FolderInUseError:
            refused.append(number)
            done.wait()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(got), len(refused)) == (1, 15)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fault", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_a_solve_that_fails_gives_the_lock_back(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: type[BaseException]
) -> None:
    def fails(*_: object) -> None:
        assert (tmp_path / "results" / LOCK).exists()
        raise fault

    monkeypatch.setattr(Session, "solve", fails)
    with pytest.raises(fault):
        api.load(case).solve(out=tmp_path / "results")
    assert list((tmp_path / "results").iterdir()) == []


def test_a_lock_that_another_put_there_is_left(tmp_path: Path) -> None:
    with held(tmp_path, ""):
        (tmp_path / LOCK).write_text("another's")
    assert (tmp_path / LOCK).read_text() == "another's"


@pytest.mark.verifies("fault")
def test_what_dead_runs_left_half_written_is_removed_and_told(case: Path, tmp_path: Path) -> None:
    out, host = tmp_path / "results", socket.gethostname()
    dead = subprocess.Popen(["true"])
    dead.wait()
    sleeper = subprocess.Popen(["sleep", "60"])
    gone, living = out / f".partial-run-{dead.pid}@{host}", out / f".partial-run-{sleeper.pid}@{host}"
    other = out / ".partial-run-1@elsewhere"
    try:
        for path in (gone, living, other):
            (path / "tables").mkdir(parents=True)
            (path / "tables" / "half.csv").write_text("a")
        done = orefolio("solve", case, "--out", out)
    finally:
        sleeper.kill()
        sleeper.wait()
    words = " ".join(done.stderr.split())
    assert done.returncode == 0, words
    assert f"removed {gone}, which process {dead.pid} left half written" in words
    assert f"{other} is half written, perhaps by a run on another machine" in words
    assert str(living) not in words
    assert (gone.exists(), living.exists(), other.exists()) == (False, True, True)
    assert len(runs(out)) == 1


def test_a_folder_that_takes_no_lock_is_a_matter_of_space(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SpaceError, match="file"), claimed(tmp_path / "file", "", print):
        pytest.fail("claimed")


def test_a_disk_without_links_holds_its_lock_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    with held(tmp_path, "2027-01-01T00:00:00Z"):
        assert json.loads((tmp_path / LOCK).read_text(encoding="utf-8"))["pid"] == os.getpid()
        with pytest.raises(FolderInUseError), held(tmp_path, "2027-01-01T00:00:01Z"):
            pass
    assert list(tmp_path.iterdir()) == []


def test_a_lock_that_cannot_be_written_is_told_and_not_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", refused)
    with pytest.raises(SpaceError, match="No space left on device"), held(tmp_path, "2027-01-01T00:00:00Z"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_process_of_another_user_counts_as_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", refused)
    assert is_alive(1)
