"""mpi-sppy on real MPI ranks: its bounds around ours, a bound that is none, and the command that checks them."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from command_line import REPOSITORY, call
from mpi.sums import COEFFICIENTS, HALVES
from orefolio.case.read import load_case
from orefolio.program.build import build
from orefolio.scale.launch import command, launched
from orefolio.solve import Options, solve
from program.shocks import three_futures

TESTS = REPOSITORY / "tests"
FARMER = TESTS / "outside" / "birge_farmer"


def ranked(ranks: int, module: str, *words: str, folder: Path) -> dict[str, Any]:
    """What rank 0 of a test's program answers."""
    launcher = command("mpiexec -n {ranks}", ranks, folder)[:3]
    paths = os.pathsep.join([str(REPOSITORY / "model"), str(TESTS)])
    done = subprocess.run(
        [*launcher, sys.executable, "-m", module, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    (answer,) = [line for line in done.stdout.splitlines() if line.startswith("ANSWER")] or [done.stdout + done.stderr]
    found: dict[str, Any] = json.loads(answer.removeprefix("ANSWER"))
    return found


def test_the_instance_has_the_plan_that_its_head_says() -> None:
    """Every second binary meets both sums, and the cost is −x/2: would fail if a coefficient were mistyped."""
    for row, half in zip(COEFFICIENTS, HALVES, strict=True):
        assert sum(coefficient for place, coefficient in enumerate(row) if place % 2) == half
    assert min((2 * x - 3 * x) / 2 for x in (0.0, 1.0)) == -0.5


def test_a_kept_bound_rises_above_the_optimum(tmp_path: Path) -> None:
    """mpi-sppy as it comes: under weights w and −w `eager` costs min(0, w − 3) and `split` min(0, 2 − w), so no true
    bound is above −1/2. It keeps 0 for `split`, and its sum reaches 0. Would fail once mpi-sppy forgets old bounds;
    then `Fresh` can go."""
    told = ranked(3, "mpi.split", "kept", folder=tmp_path)
    assert told["found"][0]
    assert not any(told["found"][1:])
    assert float(told["heard"][0]) == pytest.approx(-1.5)
    assert told["outer"] == pytest.approx(0.0, abs=1e-6)
    assert told["inner"] == pytest.approx(-0.5)


def test_a_fresh_bound_stays_below_the_optimum(tmp_path: Path) -> None:
    told = ranked(3, "mpi.split", "fresh", folder=tmp_path)
    assert float(told["heard"][0]) == pytest.approx(-1.5)
    assert set(told["heard"][1:]) == {"-inf"}
    assert told["outer"] == pytest.approx(-1.5)
    assert told["inner"] == pytest.approx(-0.5)


@pytest.mark.parametrize("ranks", [3, 6])
def test_bounds_stand_around_the_optimum_of_a_tree_with_stages(ranks: int, tmp_path: Path) -> None:
    """Yes or no among the shared columns, futures that part on two dates, one rank or two for each cylinder."""
    solution = solve(build(three_futures()).program, Options(abs_gap=0.0))
    assert solution.status == "optimal"
    told = ranked(ranks, "mpi.three", folder=tmp_path)
    slack = 1e-6 * max(1.0, abs(solution.objective))
    assert told["wrong"] == []
    assert max(told["outer"], told["bound"]) <= solution.objective + slack
    assert solution.bound - slack <= min(told["inner"], told["cost"])


@pytest.mark.verifies("optimum")
def test_the_command_hedges_the_farmer(tmp_path: Path) -> None:
    """Birge and Louveaux: −108390."""
    done = call("hedge", str(FARMER), "--gap", "0.0001", "--rho", "1", "--out", str(tmp_path), "--json")
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert answer["schema"] == "orefolio/hedge/1"
    assert answer["disagreements"] == []
    assert answer["bound"] <= -108.390 + 1e-4 <= answer["objective"] + 2e-4
    assert answer["objective"] - answer["bound"] <= 0.0001 * 108.39 + 1e-6
    folder = Path(answer["folder"])
    assert {"answer.json", "mpi.log", "plan.csv", "task.json"} <= {path.name for path in folder.iterdir()}


def test_the_command_says_where_it_stands_at_its_limit(tmp_path: Path) -> None:
    """One iteration leaves the bound near wait and see, −115.4, and no plan meets the gap."""
    done = call("hedge", str(FARMER), "--gap", "0.0001", "--iterations", "1", "--out", str(tmp_path))
    assert done.exit_code == 3, done.output
    bound = float(done.stdout.partition("bound")[2].split()[0])
    assert -115.406 <= bound <= -108.389
    assert "feasible after 1 iterations" in done.stdout


def test_the_launcher_is_called_where_the_command_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It finds a file of hosts that lies there; the ranks leave nothing there, and take no module from there."""
    here = tmp_path / "here"
    here.mkdir()
    (here / "hosts").write_text(f"{platform.node()}:3\n", encoding="utf-8")
    (here / "yaml.py").write_text("raise SystemExit('taken from where the command was called')\n", encoding="utf-8")
    monkeypatch.chdir(here)
    launcher = "mpiexec -n {ranks} -f hosts"
    done = call("hedge", str(FARMER), "--iterations", "1", "--launcher", launcher, "--out", str(tmp_path / "out"))
    assert done.exit_code == 3, done.output
    assert "feasible after 1 iterations" in done.stdout
    assert {path.name for path in here.iterdir()} == {"hosts", "yaml.py"}


@pytest.mark.long
def test_bounds_stand_around_the_plan_of_a_whole_case(tmp_path: Path) -> None:
    """Seven futures with three stages: what hedging proves is below our plan, and its plan above our bound."""
    case = REPOSITORY / "inputs" / "minerals-us"
    ours = solve(build(load_case(case), "yearly").program, Options(abs_gap=1.0))
    assert ours.has_plan
    done = call("hedge", str(case), "--grid", "yearly", "--time-limit", "60", "--out", str(tmp_path), "--json")
    answer = json.loads(done.stdout)
    assert answer["disagreements"] == []
    assert max(answer["bound"], answer["reported"]["outer"]) <= ours.objective
    assert min(answer["objective"], answer["reported"]["inner"]) >= ours.bound


def test_a_number_of_ranks_that_does_not_go_is_refused(tmp_path: Path) -> None:
    for ranks in ("2", "4", "12"):
        done = call("hedge", str(FARMER), "--ranks", ranks, "--out", str(tmp_path))
        assert done.exit_code == 2
        assert "a multiple of 3 up to 9" in done.output


def test_a_launcher_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = call("hedge", str(FARMER), "--launcher", "no-such-launcher -n {ranks}", "--out", str(tmp_path))
    assert done.exit_code == 8
    assert "no-such-launcher is not there" in done.output
    assert call("hedge", str(FARMER), "--launcher", "mpiexec {", "--out", str(tmp_path)).exit_code == 2


def test_ranks_that_die_are_told_with_their_log(tmp_path: Path) -> None:
    done = call("hedge", str(FARMER), "--launcher", "false -n {ranks}", "--out", str(tmp_path))
    assert done.exit_code == 5
    assert "ended without an answer" in done.output


def test_a_case_of_one_future_is_refused_by_its_ranks(tmp_path: Path) -> None:
    done = call("hedge", str(TESTS / "outside" / "gams_trnsport"), "--out", str(tmp_path))
    assert done.exit_code == 2
    assert "found one future" in done.output


def test_a_contradiction_is_told_and_ends_with_5(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The ranks answer as they would with the kept bound: the cost and the bound are ours, and nothing is believed."""
    answer = {
        "objective": -0.5,
        "bound": -1.5,
        "disagreements": ["its outer bound 0.000000 lies above a plan that costs -0.500000"],
        "reported": {"outer": 0.0, "inner": -0.5, "heard": [-1.5, 0.0]},
        "iterations": 8,
        "wall_seconds": 1.0,
    }
    monkeypatch.setattr("orefolio.scale.launch.launched", lambda *_: answer)
    done = call("hedge", str(FARMER), "--out", str(tmp_path))
    assert done.exit_code == 5
    assert "lies above a plan that costs -0.500000" in done.output
    assert "bound  -1.500 million USD   mpi-sppy says 0.000 million USD" in done.output


def test_ranks_do_not_outlive_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Interrupted while it waits, with ranks that mind a polite end and with some that do not."""
    monkeypatch.setattr("orefolio.scale.launch.GRACE", 0.5)
    for script in (WAITING, f"import signal; signal.signal(15, signal.SIG_IGN); {WAITING}"):
        begun: list[subprocess.Popen[bytes]] = []

        class Interrupted(subprocess.Popen[bytes]):
            def wait(self, timeout: float | None = None, begun: Any = begun) -> int:
                if not begun:
                    begun.append(self)
                    while not (tmp_path / "mpi.log").read_text():
                        time.sleep(0.01)
                    raise KeyboardInterrupt
                return super().wait(timeout)

        monkeypatch.setattr("orefolio.scale.launch.subprocess.Popen", Interrupted)
        with pytest.raises(KeyboardInterrupt):
            launched([sys.executable, "-c", script], tmp_path, {})
        assert begun[0].poll() is not None


WAITING = "import time; print('begun', flush=True); time.sleep(99)"
