"""The solver answers wrongly: a bad status of a call, too few or too many numbers, no numbers, another count."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import highspy
import numpy as np
import pytest
import scipy.sparse as sp
from click.testing import CliRunner

from orefolio import cli
from orefolio.errors import SolverError
from orefolio.program.program import Program
from orefolio.solve import Options, Session, solve
from orefolio.solve import session as session_module
from orefolio.solve.engine import Engine
from orefolio.solve.standing import Standing
from small_programs import facilities, knapsack
from test_api import with_levers, written

EXACT = Options(abs_gap=0.0)
BAD = (highspy.HighsStatus.kWarning, highspy.HighsStatus.kError)
CHANGED = replace(facilities(), cost=facilities().cost + 1, offset=3.0)
OTHER_NUMBERS = replace(facilities(), matrix=facilities().matrix * 2.0)
OTHER_LIMITS = replace(facilities(), row_lower=facilities().row_lower * 2.0)
CALLS: dict[str, tuple[str, Callable[[], object]]] = {
    "passModel": ("take the program", lambda: Engine(knapsack())),
    "setOptionValue": ("set threads", lambda: Engine(knapsack())),
    "changeColsBounds": ("change bounds of columns", lambda: solve(facilities(), EXACT)),
    "setBasis": ("take a basis", lambda: twice(facilities())),
    "changeCoeff": ("change a coefficient", lambda: Session(facilities()).update(OTHER_NUMBERS)),
    "changeRowsBounds": ("change limits of rows", lambda: Session(facilities()).update(OTHER_LIMITS)),
    "changeColsCost": ("change costs", lambda: Session(facilities()).update(CHANGED)),
    "changeObjectiveOffset": (
        "change the offset",
        lambda: Session(facilities()).update(replace(facilities(), offset=3.0)),
    ),
    "setSolution": ("take a plan to start from", lambda: Engine(knapsack()).start_from(np.zeros(3))),
    "clearSolver": ("forget its state", lambda: undecided(facilities())),
}
"""Every call of the solver that answers with a status: what is being done, and what needs it."""


def twice(program: Program) -> None:
    session = Session(program, EXACT)
    session.relaxed()
    session.relaxed()


def undecided(program: Program) -> None:
    engine = Engine(program)
    engine._run_once = lambda _: "undecided"  # type: ignore[method-assign]
    engine.run(1.0)


@pytest.mark.verifies("fault")
@pytest.mark.parametrize("status", BAD)
@pytest.mark.parametrize("call", CALLS)
def test_a_call_that_does_not_end_well_is_an_error(
    call: str, status: highspy.HighsStatus, monkeypatch: pytest.MonkeyPatch
) -> None:
    deed, needs = CALLS[call]
    monkeypatch.setattr(highspy.Highs, call, lambda *_: status)
    with pytest.raises(SolverError, match=rf"could not {deed}.*answered {status.name}"):
        needs()


@pytest.mark.verifies("fault")
@pytest.mark.parametrize("count", ["getNumRow", "getNumCol", "getNumNz"])
def test_another_count_in_the_solvers_own_copy_is_an_error(count: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """So a row that it dropped in silence is seen."""
    true = getattr(highspy.Highs, count)
    monkeypatch.setattr(highspy.Highs, count, lambda highs: true(highs) - 1)
    with pytest.raises(SolverError, match="rows, columns and nonzeros where the program has"):
        Engine(facilities())


WRONG: dict[str, Callable[[list[float]], list[float]]] = {
    "no numbers": lambda right: [math.nan, *right[1:]],
    "an infinite one": lambda right: [*right[:-1], math.inf],
    "too few": lambda right: right[:-1],
    "too many": lambda right: [*right, 0.0],
    "none at all": lambda right: [],
}


@pytest.mark.verifies("fault")
@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("part", ["col_value", "row_dual", "col_dual"])
def test_wrong_arrays_are_an_error(part: str, wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    true = highspy.Highs.getSolution

    def lying(highs: highspy.Highs) -> Any:
        right = true(highs)
        arrays = {name: list(getattr(right, name)) for name in ("col_value", "row_dual", "col_dual")}
        return SimpleNamespace(**{**arrays, part: WRONG[wrong](arrays[part])})

    monkeypatch.setattr(highspy.Highs, "getSolution", lying)
    with pytest.raises(SolverError, match="The solver gave"):
        solve(facilities(), EXACT)


def with_info(monkeypatch: pytest.MonkeyPatch, **lies: object) -> None:
    true = highspy.Highs.getInfo
    names = ("objective_function_value", "mip_dual_bound", "mip_node_count", "primal_solution_status")

    def lying(highs: highspy.Highs) -> Any:
        right = true(highs)
        return SimpleNamespace(**{**{name: getattr(right, name) for name in names}, **lies})

    monkeypatch.setattr(highspy.Highs, "getInfo", lying)


@pytest.mark.verifies("fault")
@pytest.mark.parametrize("objective", [math.nan, math.inf, -1e9, 63.9])
def test_an_objective_that_is_not_what_the_plan_costs_is_an_error(
    objective: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be the proved bound."""
    with_info(monkeypatch, objective_function_value=objective)
    with pytest.raises(SolverError, match="objective"):
        solve(facilities(), EXACT)


@pytest.mark.verifies("fault")
@pytest.mark.parametrize(("bound", "status"), [(math.nan, "feasible"), (math.inf, "feasible"), (1e6, "unknown")])
def test_a_bound_that_proves_nothing_is_no_proof(bound: float, status: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a number, infinite, or far above the plan: the plan is not called optimal for it."""
    monkeypatch.setattr(session_module, "OWN_NODES", 0)
    with_info(monkeypatch, mip_dual_bound=bound)
    assert solve(knapsack(), EXACT).status == status


@pytest.mark.verifies("fault")
@pytest.mark.parametrize("bound", [math.nan, math.inf])
def test_a_standing_takes_no_bound_that_is_no_number(bound: float) -> None:
    standing = Standing(EXACT)
    standing.offer_bound(bound)
    assert standing.bound == -math.inf


@pytest.mark.verifies("fault")
def test_what_goes_in_fits_and_is_finite() -> None:
    """Plans and bounds of another length, or with values that are no numbers."""
    engine, one = Engine(knapsack()), np.array([0], dtype=np.int64)
    for values in (np.zeros(2), np.zeros(4), np.array([0.0, math.nan, 0.0]), np.array([0.0, math.inf, 0.0])):
        with pytest.raises(SolverError, match="plan to start from"):
            engine.start_from(values)
    for columns, lower, upper in (
        (one, np.zeros(2), np.ones(1)),
        (one, np.zeros(1), np.ones(3)),
        (np.array([3]), np.zeros(1), np.ones(1)),
        (np.array([-1]), np.zeros(1), np.ones(1)),
        (one, np.array([math.nan]), np.ones(1)),
        (one, np.zeros(1), np.array([math.nan])),
    ):
        with pytest.raises(SolverError, match="Bounds to change"):
            engine.change_bounds(columns, lower, upper)


@pytest.mark.verifies("fault")
@pytest.mark.parametrize("values", [np.zeros(2), np.array([0.0, math.nan, 0.0]), np.array([math.inf, 0.0, 0.0])])
def test_a_plan_to_fix_or_begin_with_fits_and_is_finite(values: np.ndarray) -> None:
    for ask in (lambda: Session(knapsack(), EXACT).fixed(values), lambda: solve(knapsack(), EXACT, warm=values)):
        with pytest.raises(SolverError, match="plan"):
            ask()


@pytest.mark.verifies("fault")
@pytest.mark.parametrize(
    "wrong",
    [
        {"valid_": False},
        {"row_index_": [7]},
        {"row_index_": [-1]},
        {"col_index_": [99], "col_bound_": [1]},
        {"col_index_": [0, 1], "col_bound_": [1]},
    ],
)
def test_a_conflict_of_rows_that_there_are_not_is_not_vouched_for(
    wrong: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    right = {"valid_": True, "row_index_": [0], "col_index_": [0], "col_bound_": [1]}
    found = SimpleNamespace(**{**right, **wrong})
    monkeypatch.setattr(highspy.Highs, "getIis", lambda _: (highspy.HighsStatus.kOk, found))
    assert Engine(knapsack()).contradiction(1.0) is None


@pytest.mark.verifies("fault")
@pytest.mark.parametrize("status", BAD)
def test_a_conflict_that_the_solver_could_not_find_is_none(
    status: highspy.HighsStatus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(highspy.Highs, "getIis", lambda _: (status, SimpleNamespace(valid_=True)))
    assert Engine(knapsack()).contradiction(1.0) is None


@pytest.mark.verifies("fault")
@pytest.mark.parametrize("name", ["row_lower", "row_upper", "column_lower", "column_upper", "cost", "integer"])
def test_a_program_whose_arrays_do_not_fit_is_refused(name: str) -> None:
    short = getattr(facilities(), name)[:-1]
    with pytest.raises(SolverError, match=f"{name} has {short.size} entries, the matrix {short.size + 1}"):
        Engine(replace(facilities(), **{name: short}))


def test_a_program_without_rows_and_columns_is_solved() -> None:
    """The solver calls it empty, and there it is right."""
    empty = replace(
        knapsack(),
        matrix=sp.csr_matrix((0, 0)),
        **{name: np.empty(0) for name in ("row_lower", "row_upper", "column_lower", "column_upper", "cost")},
        integer=np.empty(0, dtype=bool),
        rows=(),
        columns=(),
        offset=4.0,
    )
    found = solve(empty, EXACT)
    assert (found.status, found.objective) == ("optimal", 4.0)


@pytest.mark.verifies("fault")
def test_a_command_on_wrong_numbers_ends_without_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    true = highspy.Highs.getSolution
    monkeypatch.setattr(
        highspy.Highs, "getSolution", lambda highs: SimpleNamespace(col_value=[math.nan] * len(true(highs).col_value))
    )
    folder, out = written(tmp_path / "case", with_levers()), tmp_path / "results"
    done = CliRunner().invoke(cli.main, ["solve", str(folder), "--out", str(out)])
    assert done.exit_code == SolverError.exit_code
    assert "values that are no finite numbers as the plan" in done.stderr
    assert list(out.glob("*/*")) == []
