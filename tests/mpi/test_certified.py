"""What mpi-sppy says, held against our own arrays and our own solver."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from orefolio.case.read import load_case
from orefolio.cli.hedge import judged
from orefolio.program.build import build
from orefolio.program.merge import Merged
from orefolio.program.program import Label
from orefolio.scale.certified import Certified, assembled, balanced, cost_of, disagreements, least_cost
from orefolio.scale.fresh import proved
from orefolio.scale.staged import staged
from orefolio.solve import Options, Solution, solve
from program.shocks import three_futures

FARMER = Path(__file__).parents[1] / "outside" / "birge_farmer"
EXACT = Options(abs_gap=0.0)


def farmer() -> Merged:
    return build(load_case(FARMER))


def parted(merged: Merged, solution: Solution) -> dict[str, dict[Label, float]]:
    """A plan as the columns of each future."""
    return {
        flat.path.future: {
            merged.program.columns[place]: float(solution.values[place]) for place in merged.column_of[number].tolist()
        }
        for number, flat in enumerate(merged.flats)
    }


def test_without_weights_the_bound_is_wait_and_see() -> None:
    """The farmer who knew: −59950, −118600 and −167667, in the mean −115406. Would fail if weights were not asked."""
    tree = farmer().tree
    found = {path.future: least_cost(tree, number, {}, EXACT) for number, path in enumerate(tree.paths)}
    known = {"dry": -59.950, "average": -118.600, "good": -167.667}
    for name, (bound, best) in found.items():
        assert bound == pytest.approx(known[name], abs=1e-3)
        assert best == pytest.approx(bound)


def test_a_weight_is_a_cost_of_its_column() -> None:
    """Who knows that the year is average plants 80 acres of corn. 1 thousand USD more an acre costs at most 80."""
    merged = farmer()
    (corn,) = {label for label in merged.program.columns if label.name == "size" and "acres_corn" in label.index}
    average = [path.future for path in merged.tree.paths].index("average")
    bare, _ = least_cost(merged.tree, average, {}, EXACT)
    dearer, _ = least_cost(merged.tree, average, {corn: 0.001}, EXACT)
    assert dearer - bare == pytest.approx(0.080, abs=1e-6)


def test_weights_are_made_to_cancel() -> None:
    """Of 1 for a third of the chance and 0 for the rest a third is taken off each: 2/3, −1/3, −1/3. The share by which
    they did not cancel is a third of the largest, 1."""
    merged = farmer()
    plan = staged(merged)
    corn = next(label for label in plan.stages[0][0].shared if "acres_corn" in label.index)
    weights, uncancelled = balanced(merged.tree, plan, {"dry": {corn: 1.0}})
    assert weights["dry"][corn] == pytest.approx(2 / 3)
    assert weights["good"][corn] == weights["average"][corn] == pytest.approx(-1 / 3)
    assert uncancelled == pytest.approx(1 / 3)
    again, left = balanced(merged.tree, plan, weights)
    assert again["dry"][corn] == pytest.approx(2 / 3)
    assert left == pytest.approx(0.0, abs=1e-12)


def test_a_plan_costs_what_our_arrays_say() -> None:
    """Three stages with yes or no: the futures' own columns make up the plan that they were taken from."""
    merged = build(three_futures())
    solution = solve(merged.program, EXACT)
    cost, values, faults = cost_of(merged, parted(merged, solution))
    assert faults == ()
    assert cost == pytest.approx(solution.objective)
    assert values == pytest.approx(solution.values)


def test_no_plan_costs_nothing_that_is_finite() -> None:
    cost, values, faults = cost_of(farmer(), {})
    assert (cost, values.size, faults) == (math.inf, 0, ())


def test_a_plan_that_foresees_is_no_plan() -> None:
    """One future plants another acre than the others."""
    merged = farmer()
    told = parted(merged, solve(merged.program, EXACT))
    corn = next(label for label in told["good"] if label.name == "size" and "acres_corn" in label.index)
    told["good"][corn] += 1.0
    assert assembled(merged, told)[1] == [f"column {corn}: futures disagree"]
    cost, _, faults = cost_of(merged, told)
    assert cost == math.inf
    assert any("disagree" in fault for fault in faults)


def test_a_plan_that_breaks_a_row_is_no_plan() -> None:
    """More acres than the farm has."""
    merged = farmer()
    told = parted(merged, solve(merged.program, EXACT))
    for columns in told.values():
        for label in columns:
            if label.name == "size":
                columns[label] = 400.0
    cost, _, faults = cost_of(merged, told)
    assert cost == math.inf
    assert any(fault.startswith("row ") for fault in faults)


OWN = Certified(bound=-1.0, relaxed=-0.9, cost=-0.5)


@pytest.mark.parametrize(
    ("outer", "inner", "own", "uncancelled", "said"),
    [
        (0.0, -0.5, OWN, 0.0, ["lies above -0.900000", "lies above a plan that costs -0.500000"]),
        (-0.95, -0.5, OWN, 0.25, ["do not cancel, by a share of 0.25"]),
        (-1.0, -1.2, OWN, 0.0, ["lies below -1.000000", "is said to cost -1.200000 and costs -0.500000"]),
        (-1.0, -0.5, replace(OWN, cost=math.inf, broken=("row r: 2 outside [0, 1]",)), 0.0, ["its plan: row r"]),
        (-1.0, -0.5, replace(OWN, cost=math.inf, broken=tuple("abcdefg")), 0.0, [*["its plan:"] * 5, "and 2 more"]),
        (-0.9, -0.5, OWN, 1e-9, []),
        (-math.inf, math.inf, Certified(-math.inf, math.inf, math.inf), 0.0, []),
    ],
)
def test_contradictions_are_said(
    outer: float, inner: float, own: Certified, uncancelled: float, said: list[str]
) -> None:
    found = disagreements(outer, inner, own, uncancelled)
    assert len(found) == len(said)
    assert all(part in sentence for part, sentence in zip(said, found, strict=True))


@pytest.mark.parametrize(
    ("objective", "bound", "wrong", "status", "code"),
    [
        (10.0, 9.0, (), "optimal", 0),
        (10.0, 2.0, (), "feasible", 3),
        (None, 2.0, (), "no_plan", 3),
        (10.0, None, (), "feasible", 3),
        (10.0, 9.0, ("its outer bound lies above",), "unknown", 5),
    ],
)
def test_an_answer_ends_as_a_solve_would(
    objective: float | None, bound: float | None, wrong: tuple[str, ...], status: str, code: int
) -> None:
    """The default gap is 5 million USD."""
    answer: dict[str, Any] = {"objective": objective, "bound": bound, "disagreements": wrong}
    found = judged(answer, Options())
    assert (found["status"], found["exit_code"]) == (status, code)


class Ended:
    """A solver's results, as far as they are read."""

    def __init__(self, condition: str, bound: float | None) -> None:
        self.solver = type("Solver", (), {"termination_condition": condition})
        self.problem = type("Problem", (), {"lower_bound": bound})


@pytest.mark.parametrize(
    ("condition", "bound", "expected"),
    [
        ("optimal", 3.0, 3.0),
        ("maxTimeLimit", 2.0, 2.0),
        ("maxIterations", -math.inf, -math.inf),
        ("maxTimeLimit", None, -math.inf),
        ("maxIterations", math.inf, -math.inf),
        ("unknown", 3.0, -math.inf),
        ("error", 3.0, -math.inf),
        ("unbounded", 3.0, -math.inf),
    ],
)
def test_only_what_a_solver_proved_is_a_bound(condition: str, bound: float | None, expected: float) -> None:
    assert proved(Ended(condition, bound)) == expected


def test_a_solve_that_raised_proves_nothing() -> None:
    assert proved(None) == -math.inf
