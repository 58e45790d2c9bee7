"""Every way a solve can end, by itself or stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import highspy
import numpy as np
import pytest

from orefolio.errors import SolverError
from orefolio.program.program import Floats
from orefolio.solve import Options, Progress, Session, Solution, solve
from orefolio.solve import session as session_module
from orefolio.solve.background import Background
from orefolio.solve.check import broken
from orefolio.solve.engine import Engine
from orefolio.solve.interrupt import heard
from orefolio.solve.outcomes import OUTCOMES, outcome_of
from orefolio.solve.solution import STATUSES
from small_programs import EXACT, INF, facilities, hard, knapsack, program, random_program

# how a solve may end


def test_infeasible() -> None:
    found = solve(program([[1]], [3], [INF], [1], [2]))
    assert (found.status, found.has_plan, found.objective, found.bound) == ("infeasible", False, INF, INF)


def test_crossed_bounds_are_infeasible() -> None:
    """At least 3 and at most 2 of one column, or in one row."""
    found = solve(program([[1]], [0], [INF], [1], [2], column_lower=[3]))
    assert (found.status, found.log) == ("infeasible", "column amount[0]@0: at least 3 and at most 2\n")
    found = solve(program([[1]], [3], [2], [1], [9]))
    assert (found.status, found.log) == ("infeasible", "row limit[0]@0: at least 3 and at most 2\n")


@pytest.mark.parametrize("own_nodes", [3000, 0])
def test_infeasible_only_when_whole(own_nodes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """2x + 2y = 3 holds at 3/4 each and never for whole x, y."""
    monkeypatch.setattr(session_module, "OWN_NODES", own_nodes)
    found = solve(program([[2, 2]], [3], [3], [1, 1], [1, 1], [True, True]))
    assert (found.status, found.has_plan) == ("infeasible", False)


def test_unbounded() -> None:
    assert solve(program([[1]], [0], [INF], [-1], [INF])).status == "unbounded"
    assert solve(program([[1, 1]], [0], [INF], [-1, 1], [INF, 1], [False, True])).status == "unbounded"


def test_unbounded_relaxation_without_a_whole_plan() -> None:
    """2x + 2y = 3 again, beside a column that falls for ever: infeasible, not unbounded."""
    case = program([[2, 2, 0]], [3], [3], [0, 0, -1], [1, 1, INF], [True, True, False])
    assert solve(case).status == "infeasible"


def test_absolute_gap_stops_at_the_dive() -> None:
    """The relaxation is 20.25, any plan worth 17 or more is within 5: no search, and the gap is told as it is."""
    found = solve(knapsack(), Options(abs_gap=5.0))
    assert found.status == "optimal"
    assert found.method == "relaxation, dive, exact plan"
    assert found.bound == pytest.approx(-20.25)
    assert found.abs_gap == pytest.approx(found.objective + 20.25)
    assert found.gap == pytest.approx(found.abs_gap / abs(found.objective))


def test_relative_gap_takes_the_place_of_the_absolute() -> None:
    """A share of 1e-9 allows far less than the 5 that stand by default."""
    found = solve(knapsack(), Options(gap=1e-9))
    assert (found.status, found.objective) == ("optimal", -20.0)
    assert solve(knapsack(), Options(abs_gap=0.0, gap=0.3)).method == "relaxation, dive, exact plan"


def test_no_time_no_plan() -> None:
    found = solve(hard(), Options(time_limit=0.0))
    assert (found.status, found.has_plan, found.bound) == ("no_plan", False, -INF)


@pytest.mark.parametrize("own_nodes", [3000, 0])
def test_time_limit_keeps_the_plan(own_nodes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "OWN_NODES", own_nodes)
    case = hard()
    began = time.monotonic()
    found = solve(case, Options(abs_gap=0.0, time_limit=1.0))
    assert time.monotonic() - began < 3.0
    assert found.status == "feasible"
    assert broken(case, found.values) == []
    assert -INF < found.bound < found.objective < 0.0
    assert found.first_plan_seconds is not None
    assert found.first_plan_seconds < 1.0


def test_node_limit_gives_the_same_bytes_again() -> None:
    """Two runs that end by the node limit agree in every figure; nodes are counted."""
    limits = Options(abs_gap=0.0, node_limit=60, seed=7)
    first, again = solve(hard(), limits), solve(hard(), limits)
    assert first.status == "feasible"
    assert 60 <= first.nodes <= 62
    assert figures(first) == figures(again)


def test_gap_gives_the_same_bytes_again() -> None:
    first, again = solve(random_program(3), EXACT), solve(random_program(3), EXACT)
    assert figures(first) == figures(again)


def figures(found: Solution) -> tuple[object, ...]:
    """All that must be the same twice: everything but the times and the log that has them."""
    arrays = (found.values.tobytes(), found.duals.tobytes(), found.reduced_costs.tobytes())
    return (found.status, found.objective, found.bound, found.method, found.nodes, *arrays)


ENDS = {
    "kOptimal": "optimal",
    "kInfeasible": "infeasible",
    "kUnbounded": "unbounded",
    "kTimeLimit": "no_plan",
    "kIterationLimit": "no_plan",
    "kSolutionLimit": "no_plan",
    "kMemoryLimit": "no_plan",
    "kObjectiveTarget": "no_plan",
    "kInterrupt": "interrupted",
    "kHighsInterrupt": "interrupted",
}


@pytest.mark.parametrize("name", [*highspy.HighsModelStatus.__members__, "from_a_later_version"])
def test_every_status_of_the_solver_has_an_end(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stub answers with each status; what is not listed above ends as unknown, one this version does not know too."""
    status = highspy.HighsModelStatus.__members__.get(name, name)
    assert name == "from_a_later_version" or status in OUTCOMES
    monkeypatch.setattr(highspy.Highs, "getModelStatus", lambda _: status)
    monkeypatch.setattr(highspy.Highs, "modelStatusToString", lambda *_: name)
    found = solve(program([[1, 1]], [12], [INF], [2, 5], [10, INF]))
    assert found.status == ENDS.get(name, "unknown")
    assert found.status in STATUSES
    assert found.has_plan == (found.status == "optimal")


def test_an_undecided_run_is_tried_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two answers are worthless; each run is repeated from nothing, and the optimum is found all the same."""
    true, answers = highspy.Highs.getModelStatus, ["kUnknown", None, "kUnboundedOrInfeasible", None]

    def status(highs: highspy.Highs) -> highspy.HighsModelStatus:
        word = answers.pop(0) if answers else None
        return true(highs) if word is None else highspy.HighsModelStatus.__members__[word]

    monkeypatch.setattr(highspy.Highs, "getModelStatus", status)
    found = solve(facilities(), EXACT)
    assert (found.status, found.objective) == ("optimal", pytest.approx(64.0))
    assert answers == []


def test_unlisted_status_is_unknown() -> None:
    assert outcome_of(99) == "unknown"


def test_a_failed_run_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would fail if the old solution were read after a run that did not take place."""
    monkeypatch.setattr(
        Background, "status", property(lambda _: highspy.HighsStatus.kError, lambda *_: None), raising=False
    )
    with pytest.raises(SolverError, match="run failed"):
        solve(knapsack())


def test_a_plan_that_breaks_a_row_is_not_called_optimal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The solver's word is checked on our own arrays: 5 + 0 against a demand of 12."""
    monkeypatch.setattr(Engine, "values", lambda _: np.array([5.0, 0.0]))
    monkeypatch.setattr(Engine, "objective", 10.0)
    found = solve(program([[1, 1]], [12], [INF], [2, 5], [10, INF]))
    assert found.status == "unknown"
    assert "limit[0]@0" in found.log


def test_a_binary_that_the_basis_holds_a_billionth_from_1_is_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """An amount beside 3,700 times the binary is then a millionth too large for a limit at nought; solved anew it is 0.

    The solver did so on Japan's case; on one so small it does not, so its values are moved until it forgets its basis.
    """
    case = program([[1, 3700]], [-INF], [3700], [-1, -5000], [INF, 1], integer=[False, True])
    values, forgotten = Engine.values, []

    def moved(self: Engine) -> Floats:
        whole = values(self)
        return whole if forgotten else whole + np.array([1.25e-6, -3.4e-10])

    forget = Engine.forget
    monkeypatch.setattr(Engine, "values", moved)
    monkeypatch.setattr(Engine, "forget", lambda self: (forgotten.append(self), forget(self)))
    found = solve(case)
    assert (found.status, found.objective, len(forgotten)) == ("optimal", -5000.0, 1)
    assert broken(case, found.values) == []


# stopping


def test_stop_before_the_first_step() -> None:
    stop = threading.Event()
    stop.set()
    found = solve(knapsack(), stop=stop)
    assert (found.status, found.has_plan) == ("interrupted", False)


@pytest.mark.parametrize("own_nodes", [3000, 0])
def test_stop_from_a_listener_keeps_the_plan(own_nodes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "OWN_NODES", own_nodes)
    stop, case = threading.Event(), hard()

    def listener(event: Progress) -> None:
        if event.seconds > 0.5:
            stop.set()

    found = solve(case, Options(abs_gap=0.0, time_limit=30.0), progress=listener, stop=stop)
    assert found.status == "interrupted"
    assert broken(case, found.values) == []
    assert found.duals.shape == case.row_lower.shape


def test_a_session_goes_on_after_an_interruption() -> None:
    """A signal ends the solve it meets and no later one."""
    session = Session(hard(), Options(abs_gap=0.0, time_limit=30.0))

    def listener(event: Progress) -> None:
        if event.step == "branch":
            signal.raise_signal(signal.SIGINT)

    assert session.solve(listener).status == "interrupted"
    session.update(knapsack())
    assert session.solve().objective == -20.0


def test_the_second_signal_is_let_through_and_handlers_come_back() -> None:
    """One signal sets the event; the next raises KeyboardInterrupt as ever; afterwards nothing of ours is left."""
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    stop = threading.Event()
    with heard(stop):
        signal.raise_signal(signal.SIGINT)
        assert stop.is_set()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


CHILD = """
import json, sys, time
sys.path.insert(0, {tests!r})
from small_programs import hard
from orefolio.solve import Options, session, solve
session.OWN_NODES = {own_nodes}
def listener(event):
    if event.step == {step!r} and event.seconds > 0.3:
        print("searching", file=sys.stderr, flush=True)
found = solve(hard(), Options(abs_gap=0.0, time_limit=60.0), progress=listener)
print(json.dumps([found.status, found.objective, found.bound, found.values.sum()]))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(("own_nodes", "step"), [(3000000, "branch"), (0, "HiGHS")])
def test_a_signal_keeps_the_plan_and_ends_within_two_seconds(number: int, own_nodes: int, step: str) -> None:
    """A child process in the middle of its search gets one signal: it ends by itself and prints its plan."""
    tests = Path(__file__).parent
    path = os.pathsep.join([str(tests.parent / "model"), os.environ.get("PYTHONPATH", "")])
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD.format(tests=str(tests), own_nodes=own_nodes, step=step)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    try:
        assert child.stderr is not None
        assert child.stderr.readline() == "searching\n"
        began = time.monotonic()
        child.send_signal(number)
        printed, _ = child.communicate(timeout=20)
        assert time.monotonic() - began < 2.0
    finally:
        child.kill()
    status, objective, bound, count = json.loads(printed)
    assert child.returncode == 0
    assert status == "interrupted"
    assert -INF < bound < objective < 0
    assert count == int(count) > 0


def test_a_plan_with_missing_values_is_broken() -> None:
    assert broken(knapsack(), np.array([0.0, np.nan, 1.0])) == ["the plan has missing or infinite values"]
    assert broken(knapsack(), np.zeros(2)) == ["the plan has missing or infinite values"]
    assert broken(knapsack(), np.array([0.0, 1.0, 1.0])) == []
