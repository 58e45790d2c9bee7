"""Three hundred and twenty points, killed three times on either engine: the same bytes in every table and sentence."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sensitivity.three_levers import tables
from sweep.files import contents
from sweep.test_cluster import Machines
from sweep.test_interrupted import ENVIRONMENT, START, ended, family, gone
from test_api import written

POINTS = 64 * (3 + 2)  # Saltelli's scheme: two samples of 64 places, and one more for each of three levers
OF_A_CALL = ("folder", "table", "kept", "planned", "seconds")  # what --json says of one call, not of the analysis
SILENT_SECONDS = 600  # without a further point, until a run counts as hung


class Called:
    """The command as a process of its own, in a folder with the case, that can be killed with all its workers."""

    def __init__(self, place: Path, *words: str) -> None:
        self.folder = place / "sweep"
        given = ["sensitivity", "case", "global", "--levers", "loss,price,fund", "--samples", "64", "--abs-gap", "0"]
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, *given, "--folder", "sweep", "--json", *words], cwd=place, text=True,
            env=ENVIRONMENT, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def until(self, count: int) -> None:
        """Wait until so many points have ended, which are not all."""
        seen, since = 0, time.monotonic()
        while (now := ended(self.folder)) < count:
            assert self.process.poll() is None, self.process.communicate()[1]
            seen, since = (now, time.monotonic()) if now > seen else (seen, since)
            assert time.monotonic() - since < SILENT_SECONDS, f"hangs at {now} points"
            time.sleep(0.005)
        assert now < POINTS

    def kill(self) -> None:
        """Kill the whole group, as it is when a machine runs out of memory; nothing of it may live on."""
        children = family(self.process)
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()
        assert self.process.returncode == -signal.SIGKILL
        assert gone(children)

    def end(self) -> tuple[int, str, str]:
        """Exit code, stdout and stderr of a call that ends by itself."""
        said, told = self.process.communicate(timeout=3 * SILENT_SECONDS)
        return self.process.returncode, said, told

    def answer(self) -> dict[str, Any]:
        """What --json says of a call that must succeed."""
        code, said, told = self.end()
        assert code == 0, told
        found: dict[str, Any] = json.loads(said)
        return found


def kept(folder: Path) -> dict[str, tuple[int, int]]:
    """The file of every point that has ended, by name: which it is and when it was written."""
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in (folder / "points").glob("0*.json")}


def assert_in_the_middle(before: dict[str, tuple[int, int]], folder: Path) -> dict[str, tuple[int, int]]:
    """Some points have ended and not all, more than before; those of before were not written again."""
    now = kept(folder)
    assert len(before) < len(now) < POINTS
    assert before.items() <= now.items()
    assert not (folder / "table.csv").exists()
    return now


def of_the_analysis(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name not in OF_A_CALL}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Files and answer of the same command in one process, to its end."""
    place = tmp_path_factory.mktemp("undisturbed")
    written(place / "case", tables())
    answer = Called(place, "--jobs", "0").answer()
    assert answer["planned"] == answer["done"] == POINTS
    files = contents(place / "sweep")
    assert {"table.csv", "indices.csv", "convergence.csv", "figure.json"} <= set(files)
    return files, of_the_analysis(answer)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    written(tmp_path / "case", tables())
    return tmp_path


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Callable[[str], Machines]]:
    """Starts a cluster of two workers, all of them processes, whose files lie in a folder of that name."""
    made: list[Machines] = []

    def start(name: str) -> Machines:
        (tmp_path / name).mkdir()
        made.append(Machines(tmp_path / name, 2))
        return made[-1]

    yield start
    for each in made:
        each.end()


def assert_ends_alike(
    last: Called, before: dict[str, tuple[int, int]], undisturbed: tuple[dict[str, bytes], dict[str, Any]]
) -> None:
    """The rest is planned and nothing else, and nothing tells the end from that of a run never disturbed."""
    answer = last.answer()
    assert answer["planned"] == POINTS - len(before)
    assert before.items() <= kept(last.folder).items()
    assert of_the_analysis(answer) == undisturbed[1]
    assert contents(last.folder) == undisturbed[0]


@pytest.mark.long
@pytest.mark.verifies("fault")
def test_processes_killed_three_times_end_with_the_bytes_of_a_run_never_disturbed(
    place: Path, undisturbed: tuple[dict[str, bytes], dict[str, Any]], tried: Callable[..., None]
) -> None:
    before: dict[str, tuple[int, int]] = {}
    for number, count in enumerate((10, 150, 270)):
        run = Called(place, "--jobs", "2", *(["--resume"] if number else []))
        run.until(count)
        run.kill()
        before = assert_in_the_middle(before, run.folder)
    assert_ends_alike(Called(place, "--jobs", "2", "--resume"), before, undisturbed)
    tried("fault", 3)


@pytest.mark.long
@pytest.mark.verifies("fault")
def test_a_cluster_that_loses_a_worker_its_client_and_itself_ends_with_the_same_bytes(
    place: Path,
    machines: Callable[[str], Machines],
    undisturbed: tuple[dict[str, bytes], dict[str, Any]],
    tried: Callable[..., None],
) -> None:
    cluster = machines("first")
    run = Called(place, "--scheduler", cluster.address)
    run.until(10)
    cluster.workers[0].kill()
    before = assert_in_the_middle({}, run.folder)
    cluster.workers.append(cluster.worker())
    run.until(100)
    run.kill()
    before = assert_in_the_middle(before, run.folder)
    assert cluster.scheduler.poll() is None
    again = Called(place, "--scheduler", cluster.address, "--resume")
    again.until(200)
    cluster.end()
    code, said, told = again.end()
    assert (code, json.loads(said)["message"]) == (3, f"The scheduler at {cluster.address} is lost.")
    assert "Traceback" not in told
    before = assert_in_the_middle(before, again.folder)
    assert_ends_alike(Called(place, "--scheduler", machines("second").address, "--resume"), before, undisturbed)
    tried("fault", 3)
