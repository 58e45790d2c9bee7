"""The solver floor on programs whose optimum is arithmetic, and on every way a solve can end."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import highspy
import numpy as np
import pytest
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, milp

from orefolio.errors import SolverError
from orefolio.program.program import Label, Program
from orefolio.solve import Options, Progress, Session, Solution, fixed, relaxed, solve
from orefolio.solve import session as session_module
from orefolio.solve.background import Background
from orefolio.solve.check import broken
from orefolio.solve.dive import dive
from orefolio.solve.engine import OUTCOMES, Engine, outcome_of
from orefolio.solve.interrupt import heard
from orefolio.solve.solution import STATUSES

EXACT = Options(abs_gap=0.0)
INF = math.inf


def program(
    matrix: Sequence[Sequence[float]],
    row_lower: Sequence[float],
    row_upper: Sequence[float],
    cost: Sequence[float],
    column_upper: Sequence[float],
    integer: Sequence[bool] | None = None,
    offset: float = 0.0,
    column_lower: Sequence[float] | None = None,
) -> Program:
    """A program from plain lists, with rows labelled limit[i]@0 and columns amount[j]@0."""
    count = len(cost)
    return Program(
        matrix=sp.csr_matrix(np.array(matrix, dtype=float).reshape(len(row_lower), count)),
        row_lower=np.array(row_lower, dtype=float),
        row_upper=np.array(row_upper, dtype=float),
        column_lower=np.zeros(count) if column_lower is None else np.array(column_lower, dtype=float),
        column_upper=np.array(column_upper, dtype=float),
        integer=np.zeros(count, dtype=bool) if integer is None else np.array(integer, dtype=bool),
        cost=np.array(cost, dtype=float),
        offset=offset,
        rows=tuple(Label("limit", (str(place),), 0) for place in range(len(row_lower))),
        columns=tuple(Label("amount", (str(place),), 0) for place in range(count)),
    )


def knapsack(offset: float = 0.0) -> Program:
    """Worth 10, 13, 7 at weights 3, 4, 2 with 6 to carry: b + c = 20 at weight 6 beats a + c = 17; a + b weighs 7.
    The relaxation takes c, a and a quarter of b: 7 + 10 + 3.25 = 20.25."""
    return program([[3, 4, 2]], [-INF], [6], [-10, -13, -7], [1, 1, 1], [True] * 3, offset)


def facilities() -> Program:
    """Plant A costs 30 to open, B 20; A serves customers (10 t, 8 t) at 1 and 3, B at 4 and 2; each can do 18 t.
    A alone 30 + 10 + 24 = 64, B alone 20 + 40 + 16 = 76, both 50 + 10 + 16 = 76.
    Columns: open A, open B, A1, A2, B1, B2.
    """
    return program(
        [[0, 0, 1, 0, 1, 0], [0, 0, 0, 1, 0, 1], [-18, 0, 1, 1, 0, 0], [0, -18, 0, 0, 1, 1]],
        [10, 8, -INF, -INF],
        [INF, INF, 0, 0],
        [30, 20, 1, 3, 4, 2],
        [1, 1, INF, INF, INF, INF],
        [True, True, False, False, False, False],
    )


def hard(count: int = 70, rows: int = 12, seed: int = 4) -> Program:
    """A knapsack with many limits: a plan at once, a proof only after minutes."""
    random = np.random.default_rng(seed)
    weight = random.integers(10, 1000, (rows, count)).astype(float)
    worth = weight.mean(axis=0) + random.uniform(0, 300, count)
    return program(
        weight.tolist(),
        [-INF] * rows,
        (weight.sum(axis=1) / 2).tolist(),
        (-worth).tolist(),
        [1] * count,
        [True] * count,
    )


def random_program(seed: int) -> Program:
    """Fixed-charge supply: 6 plants on or off with a size, 4 demands with dear shortage, one budget."""
    random = np.random.default_rng(seed)
    plants, places = 6, 4
    count = plants + plants * places + places
    matrix, lower, upper = [], [], []
    size = random.uniform(5, 15, plants)
    for plant in range(plants):
        row = np.zeros(count)
        row[plants + plant * places : plants + (plant + 1) * places] = 1
        row[plant] = -size[plant]
        matrix.append(row)
        lower.append(-INF)
        upper.append(0.0)
    for place in range(places):
        row = np.zeros(count)
        row[plants + place : plants + plants * places : places] = 1
        row[plants + plants * places + place] = 1
        matrix.append(row)
        lower.append(float(random.uniform(3, 9)))
        upper.append(INF)
    money = random.uniform(10, 40, plants)
    matrix.append(np.concatenate([money, np.zeros(count - plants)]))
    lower.append(-INF)
    upper.append(float(money.sum() * 0.6))
    cost = np.concatenate([money, random.uniform(1, 6, plants * places), random.uniform(15, 40, places)])
    return program(
        [row.tolist() for row in matrix],
        lower,
        upper,
        cost.tolist(),
        [1] * plants + [INF] * (count - plants),
        [True] * plants + [False] * (count - plants),
        float(random.uniform(-50, 50)),
    )


def independent(case: Program) -> float:
    """The optimum by another road: scipy's milp."""
    found = milp(
        case.cost,
        constraints=LinearConstraint(case.matrix, case.row_lower, case.row_upper),
        bounds=Bounds(case.column_lower, case.column_upper),
        integrality=case.integer.astype(int),
        options={"mip_rel_gap": 0.0},
    )
    return float(found.fun + case.offset)


# optima by arithmetic


@pytest.mark.parametrize("presolve", [True, False])
def test_knapsack(presolve: bool) -> None:
    """b + c = 20; would fail if a were kept (17) or the relaxation reported (20.25)."""
    found = solve(knapsack(), replace(EXACT, presolve=presolve))
    assert found.status == "optimal"
    assert found.objective == -20.0
    assert found.values.tolist() == [0.0, 1.0, 1.0]
    assert found.abs_gap <= 1e-6


def test_facilities() -> None:
    """A alone, 64; would fail if a fixed charge were paid by share, which gives 30·10/18 + 10 + 20·8/18 + 16 = 51.6."""
    found = solve(facilities(), EXACT)
    assert found.status == "optimal"
    assert found.objective == pytest.approx(64.0)
    assert found.values[:2].tolist() == [1.0, 0.0]
    assert relaxed(facilities()).objective == pytest.approx(30 * 10 / 18 + 10 + 20 * 8 / 18 + 16)


def test_the_same_by_the_solver_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """With no nodes for our own search HiGHS gets the plan and closes the gap."""
    monkeypatch.setattr(session_module, "OWN_NODES", 0)
    for case, optimum in ((knapsack(3.0), -17.0), (facilities(), 64.0)):
        found = solve(case, EXACT)
        assert (found.status, found.objective) == ("optimal", pytest.approx(optimum))
        assert "HiGHS" in found.method
        assert "Solving report" in found.log


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("own_nodes", [3000, 0])
def test_random_programs_by_two_roads(seed: int, own_nodes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The optimum of another solver call lies between our bound and our plan, at gap zero and at a gap of 5."""
    monkeypatch.setattr(session_module, "OWN_NODES", own_nodes)
    case = random_program(seed)
    optimum = independent(case)
    for allowed in (0.0, 5.0):
        found = solve(case, Options(abs_gap=allowed))
        assert found.status == "optimal"
        assert found.bound <= optimum + 1e-6
        assert optimum - 1e-6 <= found.objective <= found.bound + allowed + 1e-6
        assert broken(case, found.values) == []
        assert found.objective == case.objective(found.values)


def test_offset_moves_plan_and_bound() -> None:
    """-20 + 1000 = 980, and the bound with it; would fail if a gap took one with and one without it."""
    found = solve(knapsack(1000.0), EXACT)
    assert found.objective == 980.0
    assert found.bound == pytest.approx(980.0, abs=1e-6)


def test_pure_linear_program_takes_one_step() -> None:
    """Demand 12 t, 10 t at 2 and the rest at 5: 20 + 10 = 30, and no dive."""
    found = solve(program([[1, 1]], [12], [INF], [2, 5], [10, INF]))
    assert (found.status, found.objective, found.bound) == ("optimal", 30.0, 30.0)
    assert found.method == "relaxation, exact plan"


def test_program_without_rows() -> None:
    """Nothing to keep but bounds: -3 at its upper bound 2 gives -6, plus 1."""
    found = solve(program([], [], [], [-3], [2], offset=1.0))
    assert (found.status, found.objective) == ("optimal", -5.0)


def test_duals_are_what_limits_are_worth() -> None:
    """One tonne more demand costs 5; one tonne more of the cheap source saves 3. The plant, fixed at 9, is open.
    Would fail if duals came from the relaxation, where a tonne also pays 9/20 of the plant."""
    case = program([[0, 1, 1], [-20, 1, 1]], [12, -INF], [INF, 0], [9, 2, 5], [1, 10, INF], [True, False, False])
    found = solve(case, EXACT)
    assert found.objective == pytest.approx(39.0)
    assert found.duals == pytest.approx([5.0, 0.0])
    assert found.reduced_costs == pytest.approx([9.0, -3.0, 0.0])
    assert relaxed(case).duals[0] == pytest.approx(5 + 9 / 20)


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


# what is refused


@pytest.mark.parametrize("value", [1e15, -1e16, 1e-9, -1e-12, math.nan, INF])
def test_coefficient_out_of_range_is_refused_by_label(value: float) -> None:
    """Sizes from 1e15 drop the row in silence, sizes down from 1e-9 the coefficient."""
    case = knapsack()
    matrix = sp.csr_matrix(np.array([[3.0, value, 2.0]]))
    with pytest.raises(SolverError, match=r"row limit\[0\]@0, column amount\[1\]@0"):
        solve(replace(case, matrix=matrix))


@pytest.mark.parametrize("value", [1e15, math.nan, -INF])
def test_cost_out_of_range_is_refused_by_label(value: float) -> None:
    with pytest.raises(SolverError, match=r"column amount\[2\]@0: cost"):
        solve(replace(knapsack(), cost=np.array([1.0, 2.0, value])))


def test_bounds_and_binaries_out_of_range_are_refused_by_label() -> None:
    case = knapsack()
    for change, words in (
        (replace(case, row_upper=np.array([math.nan])), r"row limit\[0\]@0: upper bound"),
        (replace(case, row_upper=np.array([1e18])), r"row limit\[0\]@0: upper bound"),
        (replace(case, row_lower=np.array([INF])), r"row limit\[0\]@0: lower bound"),
        (replace(case, column_lower=np.array([0.0, math.nan, 0.0])), r"column amount\[1\]@0: lower bound"),
        (replace(case, column_upper=np.array([1.0, 1.0, 2.0])), r"column amount\[2\]@0: integer within \[0, 2\]"),
        (replace(case, offset=math.nan), "offset nan"),
        (replace(case, cost=np.zeros(2)), "cost has 2 entries, the matrix 3"),
    ):
        with pytest.raises(SolverError, match=words):
            solve(change)


def test_explicit_zeros_and_repeated_places_are_taken_as_they_mean() -> None:
    """A stored zero is no coefficient, and 1 + 2 at one place is 3."""
    matrix = sp.csr_matrix(
        (np.array([1.0, 2.0, 4.0, 2.0, 0.0]), np.array([0, 0, 1, 2, 0]), np.array([0, 5])), shape=(1, 3)
    )
    assert solve(replace(knapsack(), matrix=matrix), EXACT).objective == -20.0


def test_options_out_of_range() -> None:
    for wrong in ({"abs_gap": -1.0}, {"abs_gap": math.nan}, {"gap": -0.1}, {"time_limit": -1.0}, {"threads": 0}):
        with pytest.raises(ValueError, match="expected"):
            Options(**wrong)  # type: ignore[arg-type]


# the parts


def test_dive_turns_a_fixing_that_leaves_no_plan() -> None:
    """The row allows at most 0.9 of the binary, so the relaxation takes 0.9, the dive tries 1, then settles on 0."""
    case = program([[1, 0], [1, 1]], [-INF, 1], [0.9, INF], [-1, 0.5], [1, INF], [True, False])
    engine = Engine(case)
    assert engine.run_cold(10.0, presolve=True) == "optimal"
    values = engine.values()
    assert values[0] == pytest.approx(0.9)
    found = dive(engine, np.array([0]), values, np.zeros(1), np.ones(1), lambda: 10.0)
    assert found.values is not None
    assert found.values.tolist() == [0.0, 1.0]
    assert (found.objective, found.steps) == (0.5, 2)


def test_dive_gives_up_and_the_search_goes_on() -> None:
    """a + b = 1 and a + c = 1 and b + c = 1 hold at halves only; a dear slack on each row repairs a whole choice.
    Without slack there is none and the dive ends empty-handed."""
    case = program([[1, 1, 0], [1, 0, 1], [0, 1, 1]], [1] * 3, [1] * 3, [1, 1, 1], [1] * 3, [True] * 3)
    engine = Engine(case)
    engine.run_cold(10.0, presolve=True)
    found = dive(engine, np.arange(3), engine.values(), np.zeros(3), np.ones(3), lambda: 10.0)
    assert found.values is None
    assert not found.interrupted
    assert solve(case).status == "infeasible"


def test_fixed_chooses_the_rest_anew() -> None:
    """B alone: 20 + 40 + 16 = 76, whatever the plan said about amounts; nothing open leaves no plan."""
    found = fixed(facilities(), np.array([1e-9, 1.0, 9, 9, 9, 9]))
    assert (found.status, found.objective, found.bound) == ("optimal", pytest.approx(76.0), pytest.approx(76.0))
    assert fixed(facilities(), np.zeros(6)).status == "infeasible"
    with pytest.raises(SolverError, match="2 values does not fit 6 columns"):
        fixed(facilities(), np.zeros(2))


def test_warm_plan_is_used() -> None:
    """Given b + c as a start and a gap that it meets (0.25), the first plan is the last."""
    seen: list[Progress] = []
    found = solve(knapsack(), Options(abs_gap=0.3), progress=seen.append, warm=np.array([0.0, 1.0, 1.0]))
    assert (found.status, found.objective) == ("optimal", -20.0)
    assert "warm plan" in found.method
    assert next(event.step for event in seen if event.objective == -20.0) == "warm plan"


def test_progress_tells_the_first_plan_with_its_gap() -> None:
    """The bound never falls, the plan never gets worse, and the dive's plan comes with the relaxation's bound."""
    seen: list[Progress] = []
    solve(random_program(1), EXACT, progress=seen.append)
    first = next(event for event in seen if event.objective < INF)
    assert first.step == "dive"
    assert first.abs_gap == first.objective - first.bound
    assert [event.bound for event in seen] == sorted(event.bound for event in seen)
    assert [event.objective for event in seen] == sorted((event.objective for event in seen), reverse=True)


@pytest.mark.parametrize("own_nodes", [3000, 0])
def test_an_error_in_a_listener_is_raised(own_nodes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the listener is called from inside the solver, which it would otherwise end."""
    monkeypatch.setattr(session_module, "OWN_NODES", own_nodes)
    step = "branch" if own_nodes else "HiGHS"

    def listener(event: Progress) -> None:
        if event.step == step:
            raise RuntimeError("listener")

    with pytest.raises(RuntimeError, match="listener"):
        solve(hard(), Options(abs_gap=0.0, time_limit=20.0), progress=listener)


def test_session_after_an_update_equals_a_new_solve() -> None:
    """Costs, limits, bounds, coefficients, the pattern and the size change in turn; a warm session gives the same."""
    case = random_program(11)
    session = Session(case, EXACT)
    assert session.solve().objective == pytest.approx(independent(case))
    bent = case.matrix.copy()
    bent.data = np.where(bent.data < 0, bent.data * 0.7, bent.data)
    thinner = case.matrix.copy()
    thinner[-1, 0] = 0.0
    for change in (
        replace(case, cost=case.cost * 1.3, offset=12.0),
        replace(case, row_lower=case.row_lower * 0.8),
        replace(case, column_upper=np.where(case.integer & (np.arange(len(case.cost)) == 2), 0.0, case.column_upper)),
        replace(case, matrix=bent),
        replace(case, matrix=thinner),
        knapsack(),
        case,
    ):
        session.update(change)
        assert session.solve().objective == pytest.approx(independent(change), abs=1e-6)


def test_session_refuses_an_update_and_keeps_the_old() -> None:
    session = Session(knapsack(), EXACT)
    with pytest.raises(SolverError, match="cost"):
        session.update(replace(knapsack(), cost=np.array([1.0, 2.0, math.nan])))
    assert session.solve().objective == -20.0


def test_threads_may_change_between_solves() -> None:
    """The solver keeps its thread count for the whole process; would fail with a run that ends Not Set."""
    for threads in (1, 2, 1):
        found = solve(random_program(2), replace(EXACT, threads=threads))
        assert (found.status, found.objective) == ("optimal", pytest.approx(independent(random_program(2))))


def test_solves_from_two_threads_do_not_disturb_each_other() -> None:
    found: dict[int, float] = {}
    workers = [
        threading.Thread(target=lambda seed=seed: found.update({seed: solve(random_program(seed), EXACT).objective}))
        for seed in (5, 6, 7)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert found == {seed: pytest.approx(independent(random_program(seed))) for seed in (5, 6, 7)}


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the solver's banner nor its log: stdout belongs to one JSON object."""
    for own_nodes in (3000, 0):
        monkeypatch.setattr(session_module, "OWN_NODES", own_nodes)
        solve(random_program(4), EXACT)
    assert capfd.readouterr() == ("", "")


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
from test_solve import hard
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
