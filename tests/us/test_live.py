"""Every supply system of the case is live: with its rivals closed it delivers, and defence lives without China.

The trunk's own continuation on the yearly grid, with relaxed gaps: what is asked is whether material flows, not what
the best plan is.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

import pytest

from orefolio.case.adjust import Adjustment
from orefolio.tables.outcome import Outcome
from us.runs import outcome, study, trunk

MAKERS = ("x_metal_*", "x_mag_*")
"""Metal shops and magnet lines at home: they serve every system and are no source."""


@dataclass(frozen=True)
class System:
    """A supply system by patterns of ids. runs: processes of which some must run. opened: closed at base."""

    suppliers: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    opened: bool = False


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
    "Malaysian clay": System((), ("x_mine_malaysia", "x_sep_malaysia_*"), ("sep_malaysia_*",)),
    "Japanese makers": System(("japan_makers",)),
    "Round Top": System((), ("x_round_top",), ("round_top",)),
    "the seabed": System((), ("x_seabed_us",), ("seabed_us",), opened=True),
}


def ids(table: str, column: str, patterns: tuple[str, ...]) -> set[str]:
    """Ids of a table of the case that match one of the patterns; each pattern must match."""
    every = [str(getattr(row, column)) for row in study().case.rows(table)]
    assert all(any(fnmatchcase(name, pattern) for name in every) for pattern in patterns), patterns
    return {name for name in every if any(fnmatchcase(name, pattern) for pattern in patterns)}


def shut(table: str, column: str, names: set[str], cell: str, value: float = 0.0) -> list[Adjustment]:
    return [Adjustment(table, f"{column}={name}", cell, "set", value) for name in sorted(names)]


def alone(system: System) -> list[Adjustment]:
    """All rivals of a system closed: other suppliers and projects, mines at work, scrap, substitutes, stock."""
    kept = ids("suppliers", "supplier", system.suppliers)
    allowed = ids("projects", "project", (*system.projects, *MAKERS))
    changes = shut("suppliers", "supplier", ids("suppliers", "supplier", ("*",)) - kept, "availability_share")
    changes += shut("projects", "project", ids("projects", "project", ("*",)) - allowed, "open_share")
    if system.opened:
        changes += shut("projects", "project", ids("projects", "project", system.projects), "open_share", 1.0)
    if not any(name.startswith("sep_malaysia") for name in system.runs):
        changes += shut("processes", "process", {"mine_malaysia_clay"}, "capacity_t_per_year")
    changes += [
        Adjustment("stockpiles", "*", cell, "set", 0.0) for cell in ("initial_t", "pace_t_per_year", "cover_days")
    ]
    changes.append(Adjustment("scrap", "*", "rate_share", "set", 0.0))
    changes.append(Adjustment("programmes", "*", "start_to", "set", 0.0))
    return changes


def served(plan: Outcome) -> float:
    """Tonnes of all demands served."""
    return sum(entry.value for lived in plan.futures for entry in lived.entries("deliver"))


@pytest.mark.parametrize("name", SYSTEMS)
def test_with_its_rivals_closed_a_system_delivers(name: str) -> None:
    system = SYSTEMS[name]
    plan = outcome(trunk(study(), *alone(system), gap=0.05))
    bought = {plan.case.row("contracts", e.index[0]).supplier for e in plan.trunk.entries("buy")}
    assert bought == ids("suppliers", "supplier", system.suppliers)
    for pattern in system.runs:
        assert [e for e in plan.trunk.entries("activity") if fnmatchcase(e.index[0], pattern)], pattern
    assert served(plan) > 0


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
