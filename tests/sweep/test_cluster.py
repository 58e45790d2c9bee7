"""A real dask cluster on this machine: the same bytes, and what holds when its workers or its scheduler are killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from orefolio import cli
from orefolio.analyses.sweep.engine import UnfinishedError
from orefolio.errors import InputError, MissingExtraError
from orefolio.scale.cluster import Cluster, checked_address
from sweep.files import contents
from sweep.stand_ins import swept
from test_api import with_levers, written

TESTS = Path(__file__).parents[1]


class Machines:
    """A scheduler and its workers, each a process that can be killed."""

    def __init__(self, place: Path, workers: int) -> None:
        self.place = place
        self.file = place / "scheduler.json"
        self.environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join((str(TESTS), str(TESTS.parent / "model"))),
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
        }
        self.scheduler = self.started("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        until = time.monotonic() + 60
        while not self.file.exists() or not self.file.read_text():
            assert time.monotonic() < until, "the scheduler does not start"
            time.sleep(0.05)
        self.address = json.loads(self.file.read_text())["address"]
        self.workers = [self.worker() for _ in range(workers)]

    def started(self, what: str, *words: str) -> subprocess.Popen[bytes]:
        script = [sys.executable, "-m", f"distributed.cli.{what}", "--scheduler-file", str(self.file), *words]
        log = (self.place / "cluster.log").open("ab")
        return subprocess.Popen(script, env=self.environment, cwd=self.place, stdout=log, stderr=log)

    def worker(self) -> subprocess.Popen[bytes]:
        return self.started("dask_worker", "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait(10)


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Callable[[int], Machines]]:
    made: list[Machines] = []

    def start(workers: int) -> Machines:
        made.append(Machines(tmp_path, workers))
        return made[-1]

    yield start
    for each in made:
        each.end()


@pytest.mark.long
@pytest.mark.verifies("property")
def test_a_real_sweep_on_a_cluster_has_the_same_bytes(
    machines: Callable[[int], Machines], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "case", with_levers())
    (tmp_path / "points.csv").write_text("loss\n20\n45\n90\n", encoding="utf-8")
    words = ["sensitivity", "case", "points", "points.csv", "--json"]
    here = CliRunner().invoke(cli.main, [*words, "--folder", "here", "--jobs", "0"])
    there = CliRunner().invoke(cli.main, [*words, "--folder", "there", "--scheduler", machines(2).address])
    assert (here.exit_code, there.exit_code) == (0, 0), there.output
    assert json.loads(there.stdout)["planned"] == 3
    assert contents(tmp_path / "here") == contents(tmp_path / "there")


@pytest.mark.long
@pytest.mark.verifies("fault")
def test_workers_that_are_killed_cost_their_point_a_try(
    machines: Callable[[int], Machines], tmp_path: Path, tried: Callable[..., None]
) -> None:
    cluster = machines(4)
    (tmp_path / "once").mkdir()
    setup = {
        "once": str(tmp_path / "once"), "deadly_once": [3.0], "deadly": [9.0], "broken": [1.0],
        "log": str(tmp_path / "log"), "seconds": 0.05,
    }  # fmt: skip
    done = swept(tmp_path / "sweep", 20, Cluster(cluster.address), setup=setup)
    assert (done.standing.done, done.standing.failed) == (18, 2)
    failures = {row["point"]: row["failure"] for row in done.rows() if row["state"] == "failed"}
    assert failures == {2: "ZeroDivisionError: by nought", 10: "every worker that it was given died"}
    tries = (tmp_path / "log").read_text().split()
    assert (tries.count("3"), tries.count("9"), tries.count("1")) == (2, 2, 1)
    tried("fault", 3)


@pytest.mark.verifies("fault")
def test_a_killed_scheduler_stops_the_sweep_in_half_a_minute_and_the_rest_is_done_later(
    machines: Callable[[int], Machines], tmp_path: Path
) -> None:
    cluster = machines(2)
    killed: list[float] = []

    def kill_at_five(standing: object) -> None:
        if getattr(standing, "ended", 0) == 5 and not killed:
            killed.append(time.monotonic())
            cluster.scheduler.kill()

    with pytest.raises(UnfinishedError, match=r"The scheduler at tcp://127\.0\.0\.1:\d+ is lost\.") as lost:
        swept(tmp_path / "sweep", 40, Cluster(cluster.address), setup={"seconds": 0.1}, progress=kill_at_five)
    assert time.monotonic() - killed[0] < 30
    assert lost.value.exit_code == 3
    kept = len(list((tmp_path / "sweep" / "points").glob("0*.json")))
    assert 5 <= kept <= 8
    done = swept(tmp_path / "sweep", 40, resume=True, setup={"log": str(tmp_path / "log")})
    assert done.redone == 40 - kept
    assert len((tmp_path / "log").read_text().split()) == 40 - kept
    swept(tmp_path / "whole", 40)
    assert contents(tmp_path / "sweep") == contents(tmp_path / "whole")


@pytest.mark.verifies("fault")
def test_no_scheduler_at_the_address_is_told_in_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orefolio.scale.cluster.CONNECT_SECONDS", 1)
    began = time.monotonic()
    with pytest.raises(UnfinishedError, match=r"No scheduler answers at tcp://127\.0\.0\.1:9"):
        swept(tmp_path / "sweep", 3, Cluster("127.0.0.1:9"))
    assert time.monotonic() - began < 20


@pytest.mark.verifies("security")
@pytest.mark.parametrize("address", ["tcp://10.0.0.7:8786", "node7:8786", "tcp://[2001:db8::1]:8786", "0.0.0.0:8786"])
def test_plain_tcp_to_another_machine_is_refused_unless_forced(address: str) -> None:
    with pytest.raises(
        InputError, match=r"--scheduler: found plain TCP to .*, expected TLS to another machine.*--insecure"
    ):
        checked_address(address, insecure=False)
    assert checked_address(address, insecure=True).startswith("tcp://")


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:8786", "localhost:8786", "tcp://[::1]:8786", "tls://node7:8786", "127.4.4.4:1"]
)
def test_this_machine_and_tls_are_let_through(address: str) -> None:
    assert checked_address(address, insecure=False).endswith(address)


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize("address", ["", "tcp://", "node7", "tcp://node7", "http://127.0.0.1:80", "tcp://127.0.0.1:x"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="expected tcp://HOST:PORT on this machine, or tls://HOST:PORT"):
        checked_address(address, insecure=True)


@pytest.mark.verifies("security")
def test_tls_without_certificates_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"tls://127\.0\.0\.1:9: found no certificates"):
        swept(tmp_path / "sweep", 3, Cluster("tls://127.0.0.1:9"))


def test_a_missing_extra_is_told_with_its_install_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError, match=r"Install with: pip install 'orefolio\[cluster\]'") as missing:
        Cluster("tcp://127.0.0.1:8786")
    assert missing.value.exit_code == 8
    words = ["sensitivity", str(tmp_path), "points", "points.csv", "--scheduler", "127.0.0.1:8786"]
    assert CliRunner().invoke(cli.main, words).exit_code == 8
