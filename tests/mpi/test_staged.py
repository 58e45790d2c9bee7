"""Our tree in the stages of mpi-sppy, its extensive form, and the penalties."""

from __future__ import annotations

from pathlib import Path

import pytest
from mpisppy.opt.ef import ExtensiveForm

from orefolio.case.case import Case
from orefolio.case.read import load_case
from orefolio.errors import InputError
from orefolio.program.build import build
from orefolio.program.merge import Merged
from orefolio.scale.scenarios import Creator
from orefolio.scale.staged import penalties, refuse_coupled, staged
from orefolio.solve import Options, solve
from pencil import case_of, event, future, must, spot
from program.shocks import three_futures

OUTSIDE = Path(__file__).parents[1] / "outside"


def coupled(merged: Merged) -> str:
    try:
        refuse_coupled(merged)
    except InputError as error:
        return str(error)
    return ""


def test_a_tree_that_parts_twice_has_three_stages() -> None:
    """`early` leaves in 2028, so `calm` and `late` go on as one of two children; only they share columns there.

    calm and late weigh 0.7 of 1. What `early` lacks in shared columns is filled up, so that all hold as many.
    """
    plan = staged(build(three_futures()))
    assert plan.order == (0, 2, 1)
    assert plan.names == ("ROOT", "ROOT_0", "ROOT_0_0", "ROOT_0_1", "ROOT_1", "ROOT_1_0")
    calm, early, late = (plan.stages[number] for number in range(3))
    assert calm == late
    assert [stage.name for stage in calm] == ["ROOT", "ROOT_0"]
    assert [stage.probability for stage in calm] == pytest.approx([1.0, 0.7])
    assert [stage.name for stage in early] == ["ROOT", "ROOT_1"]
    assert [stage.probability for stage in early] == pytest.approx([1.0, 0.3])
    assert early[1].shared == ()
    assert early[1].filling == len(calm[1].shared) > 0
    assert calm[1].filling == 0


def test_futures_that_part_once_have_two_stages_without_leaves() -> None:
    """The farmer: three shared columns, one for each crop."""
    plan = staged(build(load_case(OUTSIDE / "birge_farmer")))
    assert plan.names is None
    assert {stage.name for stages in plan.stages.values() for stage in stages} == {"ROOT"}
    assert [len(stages[0].shared) for stages in plan.stages.values()] == [3, 3, 3]


@pytest.mark.verifies("optimum")
@pytest.mark.parametrize(("name", "expected"), [("birge_farmer", -108.390), ("louveaux_LandS", 0.381853)])
def test_the_extensive_form_of_mpi_sppy_has_the_published_optimum(name: str, expected: float) -> None:
    assert extensive(load_case(OUTSIDE / name)) == pytest.approx(expected, abs=1e-6)


def test_the_extensive_form_of_mpi_sppy_is_ours_over_three_stages() -> None:
    case = three_futures()
    ours = solve(build(case).program, Options(abs_gap=0.0))
    assert ours.status == "optimal"
    assert extensive(case) == pytest.approx(ours.objective, rel=1e-7, abs=1e-9)


def extensive(case: Case) -> float:
    """The optimum of the extensive form that mpi-sppy builds of our scenario creator."""
    merged = build(case)
    plan = staged(merged)
    creator = Creator(merged.tree, plan)
    names = None if plan.names is None else list(plan.names)
    form = ExtensiveForm({"solver": "highs"}, creator.names, creator, all_nodenames=names)
    form.solve_extensive_form(solver_options={"mip_rel_gap": 0.0})
    return float(form.get_objective_value())


def test_a_penalty_is_the_cost_over_the_range() -> None:
    """An acre of the farmer costs 150, 230 or 260 thousand, up to 500 of them: 0.3, 0.46 and 0.52 thousand USD."""
    merged = build(load_case(OUTSIDE / "birge_farmer"))
    found = penalties(merged, staged(merged), 1.0)
    assert sorted(1000 * penalty for penalty in found.values()) == pytest.approx([0.3, 0.46, 0.52])
    twice = penalties(merged, staged(merged), 2.0)
    assert twice == {label: pytest.approx(2 * penalty) for label, penalty in found.items()}


def test_one_future_is_nothing_to_hedge() -> None:
    one = case_of(spot("market", "metal", 7), must("d", "metal", 10))
    assert "found one future" in coupled(build(one))
    assert coupled(build(three_futures())) == ""


def test_what_is_asked_over_the_futures_together_is_refused() -> None:
    """A limit on the shortfall of the worst futures is a row over all of them."""
    share = event("cut", "suppliers", "supplier=market", "availability_share", "set", 0.5)
    futures = [future("calm", 0.5), future("cut", 0.5, {"cut": "2027-01-01"}, onset="2027-01-01")]
    case = case_of(spot("market", "metal", 7), must("d", "metal", 10), share, *futures, risk_weight=0.5, risk_level=0.5)
    assert "over the futures together" in coupled(build(case))
