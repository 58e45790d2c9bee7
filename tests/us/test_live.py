"""Every supply system of the case is live: with its rivals closed it delivers, and defence lives without China.

The trunk's own continuation on the yearly grid, with relaxed gaps: what is asked is whether material flows, not what
the best plan is.
"""

from __future__ import annotations

import pytest

from examples.runs import outcome, trunk
from examples.systems import System, Systems
from orefolio.case.adjust import Adjustment
from orefolio.tables.outcome import Outcome
from us.runs import US, study

SYSTEMS = {
    "China": System(("china", "myanmar")),
    "Mountain Pass": System(("mp",), (), ("mag_fort_worth_high",)),
    "a new refinery": System(("mp",), ("x_us_refinery_*",), ("sep_us_refinery_*",)),
    "White Mesa": System(("monazite",), ("x_white_mesa_2",), ("sep_white_mesa*",)),
    "Lynas": System(("lynas",)),
    "other Australia": System(("iluka", "arafura")),
    "REAlloys": System(("realloys_*",)),
    "France and Estonia": System(("caremag", "neo")),
    "Brazil": System(("serra_verde",), ("x_sep_brazil_*",), ("sep_brazil_*",)),
    "Malaysian clay": System((), ("x_mine_malaysia", "x_sep_malaysia_*"), ("mine_malaysia_clay", "sep_malaysia_*")),
    "Japanese makers": System(("japan_makers",)),
    "Round Top": System((), ("x_round_top",), ("round_top",)),
    "the seabed": System((), ("x_seabed_us",), ("seabed_us",), opened=("x_seabed_us",)),
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_with_its_rivals_closed_a_system_delivers(name: str) -> None:
    Systems(US).assert_delivers_alone(SYSTEMS[name])


def test_old_goods_are_a_source() -> None:
    plan = outcome(trunk(study(collection_cost_multiple=0.25, collection_unit_cost_multiple=0.3), gap=0.02))
    collected = {e.index[0] for e in plan.trunk.entries("collect")}
    assert collected == {"old_us", "new_us"}
    assert any(choice.id.startswith("collection/") for choice in plan.commitments)


def test_stock_of_both_owners_is_released_in_an_emergency() -> None:
    emergency = Adjustment("settings", "setting=emergency_declared", "value", "set", 1.0)
    shut_china = Adjustment("licences", "licence=china_*", "approval_share", "set", 0.0)
    plan = outcome(trunk(study(), emergency, shut_china, gap=0.05))
    owners = {plan.case.row("stockpiles", e.index[0]).owner for e in plan.trunk.entries("take")}
    assert owners == {"public", "private"}


def test_magnets_in_goods_are_counted_by_the_overlay_alone() -> None:
    base, counted = (outcome(trunk(study(*names), gap=0.01)) for names in ((), ("embedded",)))

    def goods(plan: Outcome) -> float:
        return sum(e.value for e in plan.trunk.entries("deliver") if e.index[0] == "embedded")

    assert goods(base) == pytest.approx(0.0, abs=1e-6)
    # 28,000 t of 2026 grow by 3 % a year over fourteen years, and no licence stands before goods
    assert goods(counted) == pytest.approx(sum(28000 * 1.03**n for n in range(1, 15)), rel=1e-6)


def test_a_tariff_is_paid_on_what_comes_from_china() -> None:
    free = trunk(study(chinese_goods_tariff=0.0), abs_gap=2.0)
    dear = trunk(study(chinese_goods_tariff=0.35), abs_gap=2.0)
    assert free.cost < dear.bound
    paid = sum(musd for (name, _), musd in outcome(dear).trunk.costs.items() if name == "tariffs")
    assert paid > 0
