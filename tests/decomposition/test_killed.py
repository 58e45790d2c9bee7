"""Workers and the coordinator killed while rounds go on: what has ended stays, and the same plan is proved."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from decomposition.solved import GAP, Called
from decomposition.two_futures import BEST, split
from orefolio.analyses.sweep.engine import UnfinishedError
from orefolio.errors import FolderInUseError, InputError
from orefolio.scale.decomposition.kept import Kept, Round
from orefolio.scale.decomposition.message import Answer, Request, unpacked
from orefolio.scale.decomposition.method import Method
from orefolio.scale.decomposition.processes import Processes
from orefolio.solve import Options
from orefolio.solve.standing import Standing
from sweep.test_cluster import Machines
from sweep.test_interrupted import family

EXACT = Options(abs_gap=0.0)
SAID = {"case": "two futures"}


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Callable[[], Machines]]:
    made: list[Machines] = []

    def start() -> Machines:
        (tmp_path / "cluster").mkdir()
        made.append(Machines(tmp_path / "cluster", 2))
        return made[-1]

    yield start
    for each in made:
        each.end()


def workers_of(called: Called) -> list[psutil.Process]:
    """Without the process that multiprocessing keeps for its own bookkeeping."""
    return [p for p in family(called.process) if "spawn_main" in " ".join(p.cmdline())]


@pytest.mark.verifies("property")
def test_a_coordinator_killed_twice_loses_no_round_that_had_ended(tmp_path: Path) -> None:
    first = Called(tmp_path)
    first.until(4)
    first.kill()
    kept = first.rounds()
    second = Called(tmp_path, "--resume")
    second.until(len(kept) + 4)
    assert kept.items() <= second.rounds().items()
    second.kill()
    assert len(second.rounds()) > len(kept)
    files = sorted((first.folder / "rounds").glob("[0-9]*.npz"))
    bounds = [float(unpacked(path.read_bytes())["bound"]) for path in files]
    third = Called(tmp_path, "--resume").answer()
    assert bounds == sorted(bounds)
    assert third["bound"] >= bounds[-1]
    assert not first.folder.exists()  # it has come to its end
    assert third["objective"] == pytest.approx(Called(tmp_path).answer()["objective"], abs=GAP)


def test_killed_workers_cost_the_round_under_way(tmp_path: Path) -> None:
    called = Called(tmp_path)
    for count in (3, 8):
        called.until(count)
        for worker in workers_of(called)[: 1 if count == 3 else 2]:
            worker.kill()
    assert called.answer()["status"] == "optimal"


def test_a_folder_of_a_solve_is_neither_mixed_nor_shared(tmp_path: Path) -> None:
    program = split().program
    with Kept(tmp_path / "it", program, SAID, resume=False) as kept:
        kept.keep(Round(np.zeros(1), 1.0, 0.0, [Answer(0, "optimal", 1.0, 1.0, np.zeros(1))]))
        with pytest.raises(FolderInUseError, match="a solve at work"), Kept(tmp_path / "it", program, SAID, True):
            pass
    with pytest.raises(InputError, match=r"1 rounds.*--resume"), Kept(tmp_path / "it", program, SAID, False):
        pass
    with pytest.raises(InputError, match="its case"), Kept(tmp_path / "it", program, {"case": "another"}, True):
        pass
    with pytest.raises(InputError, match="its program"), Kept(tmp_path / "it", split(True).program, SAID, True):
        pass
    (tmp_path / "it" / "rounds" / "000001.npz").write_bytes(b"half")
    with Kept(tmp_path / "it", program, SAID, True) as kept, pytest.raises(InputError, match="cannot be read"):
        list(kept.rounds())


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    program, mine = split().program, tmp_path / "notes.txt"
    mine.write_text("mine")
    with pytest.raises(InputError, match=r"'notes\.txt' and no head\.json"), Kept(tmp_path, program, SAID, True):
        pass
    mine.unlink()
    with Kept(tmp_path, program, SAID, resume=False) as kept:
        kept.keep(Round(np.zeros(1), 1.0, 0.0, [Answer(0, "optimal", 1.0, 1.0, np.zeros(1))]))
        kept.keep_plan(np.zeros(1))
        mine.write_text("written meanwhile")
        kept.forget()
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_solve_taken_up_at_its_end_asks_nobody(tmp_path: Path) -> None:
    pieces = split()
    for resume in (False, True):
        crew, standing = Processes(1), Standing(EXACT)
        try:
            crew.take([] if resume else pieces.parts)
            with Kept(tmp_path / "it", pieces.program, SAID, resume) as kept:
                assert Method(pieces, EXACT, crew, standing, threading.Event(), kept).run() == "optimal"
        finally:
            crew.close()
        assert standing.objective == pytest.approx(BEST)


def test_a_future_that_kills_its_workers_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces, crew = split(), Processes(1)
    crew.take(pieces.parts)
    try:
        monkeypatch.setattr(crew, "_give", lambda request: killing(crew, request))
        with pytest.raises(UnfinishedError, match="died 3 times at the future b, the last by signal SIGKILL"):
            list(crew.ask([Request(1, "cut", np.array([20.0]), 60.0)]))
    finally:
        crew.close()


def killing(crew: Processes, request: Request) -> None:
    worker = crew.workers[crew.home[request.part]]
    worker.asked.append(request)
    assert worker.process.pid is not None
    os.kill(worker.process.pid, signal.SIGKILL)


@pytest.mark.long
def test_a_cluster_proves_the_same_and_outlives_a_worker(machines: Callable[[], Machines], tmp_path: Path) -> None:
    cluster = machines()
    called = Called(tmp_path, "--scheduler", cluster.address)
    called.until(3)
    cluster.workers[0].kill()
    found = called.answer()
    assert found["objective"] == pytest.approx(Called(tmp_path).answer()["objective"], abs=GAP)
