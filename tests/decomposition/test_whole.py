"""The decomposed solve beside the extensive form: the same bound, a plan within the gap, every row kept."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

from orefolio.api import Study
from orefolio.api.decompose import Decompose
from orefolio.case.case import Case
from orefolio.case.read import load_case_with_warnings
from orefolio.errors import InputError
from orefolio.program.build import build
from orefolio.program.merge import Merged
from orefolio.program.program import Label
from orefolio.program.risk.extended import Columns, Rows, extended
from orefolio.scale.decomposition import decomposed
from orefolio.scale.decomposition.crew import Here
from orefolio.scale.decomposition.method import Method
from orefolio.scale.decomposition.split import split
from orefolio.solve import Options, relaxed, solve
from orefolio.solve.check import broken
from orefolio.solve.standing import Standing

REPOSITORY = Path(__file__).parents[2]
OUTSIDE = REPOSITORY / "tests" / "outside"
SLOW = (pytest.param("japan", marks=pytest.mark.long), pytest.param("us", marks=pytest.mark.long),
        pytest.param("allies", marks=pytest.mark.long))  # fmt: skip


@cache
def merged(name: str) -> Merged:
    place = OUTSIDE / name if (OUTSIDE / name).exists() else REPOSITORY / "inputs" / name
    case = load_case_with_warnings(place).case
    return build(case, "yearly" if "yearly" in case.grids else None)


def settled(whole: Merged) -> Standing:
    """The rounds of the relaxation alone, as far as they go."""
    options, crew, pieces = Options(abs_gap=0.0, time_limit=600), Here(), split(whole)
    standing = Standing(options)
    crew.take(pieces.parts)
    method = Method(pieces, options, crew, standing, threading.Event(), None)
    assert method.settle(method.root, lambda: 0.0, proves=True) == "optimal"
    return standing


@pytest.mark.verifies("property")
@pytest.mark.parametrize("name", ["birge_farmer", "louveaux_LandS", "closed_embargo", "minerals-us", *SLOW])
def test_the_bound_is_the_extensive_form_s_relaxation(name: str) -> None:
    expected = relaxed(merged(name).program, Options(time_limit=600)).objective
    assert settled(merged(name)).bound == pytest.approx(expected, rel=1e-6)


@pytest.mark.verifies("optimum")
@pytest.mark.parametrize(("name", "optimum"), [("birge_farmer", -108.390), ("louveaux_LandS", 0.3818533)])
def test_published_optima_are_found_and_proved(name: str, optimum: float) -> None:
    """Million USD; the publications count in thousands."""
    found = decomposed(merged(name), Options(abs_gap=1e-6), Here())
    assert found.status == "optimal"
    assert found.objective == pytest.approx(optimum, abs=1e-6)
    assert found.bound <= found.objective


@pytest.mark.verifies("property")
@pytest.mark.parametrize(("name", "gap"), [("minerals-us", 2.0)])
def test_the_plan_is_proved_against_the_extensive_form(name: str, gap: float) -> None:
    assert apart_from_the_extensive_form(name, gap) <= gap


@pytest.mark.long
@pytest.mark.verifies("property")
@pytest.mark.parametrize(("name", "gap"), [("japan", 30.0), ("us", 20.0), ("allies", 60.0)])
def test_the_plans_of_larger_cases_are_proved_against_it(name: str, gap: float) -> None:
    assert apart_from_the_extensive_form(name, gap) <= gap


def apart_from_the_extensive_form(name: str, gap: float) -> float:
    """Million USD between the two plans; each is seen to lie above the other's bound, and to keep every row."""
    program = merged(name).program
    mine = decomposed(merged(name), Options(abs_gap=gap, time_limit=600), Here())
    other = solve(program, Options(abs_gap=gap, time_limit=600))
    assert mine.status == other.status == "optimal"
    assert mine.abs_gap <= gap
    assert broken(program, mine.values) == []
    assert program.objective(mine.values) == pytest.approx(mine.objective)
    slack = 1e-6 * abs(mine.objective)
    assert other.bound <= mine.objective + slack
    assert mine.bound <= other.objective + slack
    return abs(mine.objective - other.objective)


def test_what_is_not_proved_by_dives_is_proved_by_the_tree() -> None:
    """On a hundredth of the gap of above, which takes branchings; a relaxation alone stays further below."""
    found = decomposed(merged("minerals-us"), Options(abs_gap=0.02), Here())
    assert "tree" in found.method
    assert found.status == "optimal"
    assert found.bound > settled(merged("minerals-us")).bound
    extensive = solve(merged("minerals-us").program, Options(abs_gap=0.02))
    assert found.objective == pytest.approx(extensive.objective, abs=0.04)


def test_every_row_and_column_of_the_whole_stands_in_one_piece() -> None:
    whole = merged("minerals-us").program
    pieces = split(merged("minerals-us"))
    own = np.concatenate([pieces.shared, *(part.own for part in pieces.parts)])
    assert np.array_equal(np.sort(own), np.arange(whole.cost.size))
    rows = pieces.master.matrix.shape[0] + sum(part.program.matrix.shape[0] for part in pieces.parts)
    entries = pieces.master.matrix.nnz + sum(part.program.matrix.nnz for part in pieces.parts)
    assert (rows, entries) == (whole.matrix.shape[0], whole.matrix.nnz)
    plan = solve(whole, Options(abs_gap=50.0)).values
    costs = np.array([part.program.cost[: len(part.own)] @ plan[part.own] for part in pieces.parts])
    assert pieces.objective(plan[pieces.shared], costs) == pytest.approx(whole.objective(plan))
    back = pieces.assembled(plan[pieces.shared], [plan[part.own] for part in pieces.parts])
    assert np.array_equal(back, plan)


def with_settings(case: Case, **values: float) -> Case:
    rows = [row for row in case.rows("settings") if row.setting not in values]
    first = case.rows("settings")[0]
    rows += [replace(first, setting=name, value=value) for name, value in values.items()]
    return replace(case, tables={**case.tables, "settings": tuple(rows)})


def test_a_tail_of_cost_is_each_future_s_own() -> None:
    """With a weight on the tail, its rows hold one future each, and the value at risk is shared."""
    case = with_settings(merged("minerals-us").tree.case, risk_weight=0.3)
    whole = build(case, "yearly")
    tails = [number for number, label in enumerate(whole.program.columns) if label.name == "tail"]
    pieces = split(whole)
    assert all(np.isin(tails, np.concatenate([part.own for part in pieces.parts])))
    expected = relaxed(whole.program).objective
    assert settled(whole).bound == pytest.approx(expected, rel=1e-6)


def test_a_row_over_several_futures_own_decisions_is_refused() -> None:
    whole = merged("birge_farmer")
    assert whole.program.branch is not None
    own = [int(np.flatnonzero(whole.program.branch == number)[0]) for number in (0, 1)]
    tie = sp.csr_matrix((np.ones(2), ([0, 0], own)), shape=(1, whole.program.cost.size))
    rows = Rows((Label("tie", (), 0),), tie, np.empty((1, 0)), np.array([-np.inf]), np.array([1e6]))
    with pytest.raises(InputError, match=r"tie.*which ties what several futures decide"):
        split(extended(whole, Columns(), rows))


@pytest.mark.parametrize("objective", ["worst_case", "least_regret"])
def test_objectives_solved_in_turns_are_refused_in_words(objective: str) -> None:
    study = Study(with_settings(merged("birge_farmer").tree.case, **{objective: 1.0}))
    with pytest.raises(InputError, match="an objective that binds only some futures"):
        study.solve(decompose=Decompose(0), quiet=True)


def test_a_run_by_futures_is_a_run_like_any_other(tmp_path: Path) -> None:
    """The farmer, written and audited; no worth of rows, nothing said of committing nothing, no rounds left behind."""
    run = Study(merged("birge_farmer").tree.case).solve(decompose=Decompose(0), out=tmp_path, quiet=True, abs_gap=1e-6)
    assert run.cost == pytest.approx(-108.390, abs=1e-6)
    assert run.record["audit"]["passed"]
    assert run.record["saving_note"] == "not solved for where futures are solved by themselves"
    assert run.rows("prices") == []
    assert list((tmp_path / "decomposed").iterdir()) == []


def test_one_future_alone_needs_no_rounds_over_what_is_shared() -> None:
    case = merged("minerals-us").tree.case
    alone = build(case, "yearly", [case.rows("futures")[0].future])
    found = decomposed(alone, Options(abs_gap=2.0), Here())
    assert found.status == "optimal"
    assert found.objective == pytest.approx(solve(alone.program, Options(abs_gap=2.0)).objective, abs=4)
