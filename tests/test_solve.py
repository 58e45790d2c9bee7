"""The solver floor on programs whose optimum is arithmetic, what it refuses, and its parts."""

from __future__ import annotations

import math
import threading
from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from orefolio.errors import SolverError
from orefolio.solve import Options, Progress, Session, fixed, relaxed, solve
from orefolio.solve import session as session_module
from orefolio.solve.check import broken
from orefolio.solve.dive import dive
from orefolio.solve.engine import Engine
from small_programs import EXACT, INF, facilities, hard, independent, knapsack, program, random_program

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


@pytest.mark.parametrize(
    ("rows", "upper", "steps"),
    [
        ([[1, 0, 0], [1, 1, 0]], [0.9, INF], 1),
        ([[1, 0, -1], [0, 0, 1], [1, 1, 0]], [0.0, 0.9, INF], 2),
    ],
    ids=["one row tells", "two rows together"],
)
def test_dive_turns_a_fixing_that_leaves_no_plan(rows: list[list[float]], upper: list[float], steps: int) -> None:
    """At most 0.9 of the binary is allowed, so the relaxation takes 0.9 and the dive settles on 0: at once where a row
    by itself leaves no room for 1, else after a step that tried it."""
    case = program(rows, [-INF] * (len(rows) - 1) + [1], upper, [-1, 0.5, 0], [1, INF, INF], [True, False, False])
    engine = Engine(case)
    assert engine.run_cold(10.0, presolve=True) == "optimal"
    values = engine.values()
    assert values[0] == pytest.approx(0.9)
    found = dive(engine, np.array([0]), values, np.zeros(1), np.ones(1), lambda: 10.0)
    assert found.values is not None
    assert found.values[:2].tolist() == [0.0, 1.0]
    assert (found.objective, found.steps) == (0.5, steps)


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


def test_a_plan_that_settles_a_binary_beyond_its_bounds_is_none() -> None:
    """Plant A may be opened once, not three times."""
    assert fixed(facilities(), np.array([3.0, 0.0, 10, 8, 0, 0])).status == "infeasible"
