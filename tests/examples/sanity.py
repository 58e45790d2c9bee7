"""What no plan of an example case may do, and what none has reason to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

import pandas as pd
import pytest

from examples.runs import FEW, contents, held, outcome, per_year, trunk, values
from orefolio import api
from orefolio.case.adjust import Adjustment
from orefolio.case.case import Case
from orefolio.tables.outcome import Outcome

KINDS = [
    pytest.param(("", FEW), id="base"),
    pytest.param(("scarce", FEW), id="scarce"),
    pytest.param(("", None), id="base, all futures", marks=pytest.mark.long),
    pytest.param(("scarce", None), id="scarce, all futures", marks=pytest.mark.long),
]
"""Overlay and futures: three of thirteen every day, all with `-m long`."""
everywhere = pytest.mark.parametrize("run", KINDS, indirect=True)
at_base = pytest.mark.parametrize("run", [KINDS[0], KINDS[2]], indirect=True)


def assert_onsets_are_spread(case: Case) -> None:
    """Shocks begin in at least four years."""
    assert len({row.onset[:4] for row in case.rows("futures") if row.onset}) >= 4


def ndpr_from_china(run: api.Run) -> pd.Series[float]:
    """China's share of NdPr on the trunk, all stages, by year."""
    table = run.table("dependence")
    own = table[
        (table.future == "S00") & (table.country == "CN") & (table.element == "NdPr") & (table.stage == "all stages")
    ]
    return own.set_index("year").share


def assert_embargo_costs(plan: Outcome, least_musd: float) -> None:
    """The embargo costs more than so much beyond the trunk, in shortage and in all."""
    lived = {own.name: own for own in plan.futures}
    assert lived["S04"].short_musd - lived["S00"].short_musd > least_musd
    assert lived["S04"].cost - lived["S00"].cost > least_musd


def assert_lines_keep_to_their_ramp(plan: Outcome, least: int) -> None:
    """In the first year at most the start plus the ramp's share of what stands; so many lines at least."""
    lines = [row for row in plan.case.rows("processes") if 0 < row.ramp_up_share_per_year < 9]
    assert len(lines) >= least
    for lived in plan.futures:
        for row in lines:
            made = sum(e.value for e in lived.entries("activity") if e.index[0] == row.process and not e.period.number)
            assert made <= row.initial_t_per_year + row.ramp_up_share_per_year * row.capacity_t_per_year + 1e-3


def assert_thrifting_is_slow_and_partial(plan: Outcome, programme: str) -> None:
    """It takes three years, starts when its first level can stand, and reaches less than half of its demands."""
    case = plan.case
    levels = [row for row in case.rows("programmes") if row.programme == programme]
    group = next(row.demand_group for row in case.rows("substitutions") if row.process == programme)
    demands = [row for row in case.rows("demands") if row.group == group]
    first = min(row.start_from + row.lead_time_years for row in levels)
    assert min(row.lead_time_years for row in levels) >= 3
    most = sum(row.increment_share for row in levels)
    assert most < 0.5
    for lived in plan.futures:
        for entry in lived.entries("activity"):
            if entry.index[0] != programme:
                continue
            span = range(round(entry.period.start), round(entry.period.end))
            wanted = sum(
                row.t_per_year * row.multiple * (1 + row.growth_share_per_year) ** (2027 + year - case.base_year)
                for row in demands
                for year in span
            )
            assert 2027 + entry.period.end > first
            assert entry.value <= most * wanted * 1.02


def assert_light_oxide_is_not_stored_first(plan: Outcome) -> None:
    """Of what is put away in the first three years lanthanum and cerium are less than a twentieth by value."""
    price = values(plan.case)
    for lived in plan.futures:
        worth: dict[str, float] = defaultdict(float)
        for entry in lived.entries("put"):
            if entry.period.start < 3:
                commodity = plan.case.row("stockpiles", entry.index[0]).commodity
                worth[commodity] += entry.value * price[commodity]
        assert sum(worth.values()) > 0
        assert worth["light_oxide"] < 0.05 * sum(worth.values())


def worth_by_form(plan: Outcome, number: int) -> dict[str, list[float]]:
    """Value of stock in magnets and in all other forms at the end of each period of one future."""
    price = values(plan.case)
    count = len(plan.futures[number].path.periods)
    worth: dict[str, list[float]] = {form: [0.0] * count for form in ("magnet", "other")}
    for name, own in held(plan, number).items():
        commodity = plan.case.row("stockpiles", name).commodity
        form = worth["magnet" if commodity.startswith("magnet") else "other"]
        for period, tonnes in own.items():
            form[period] += tonnes * price[commodity]
    return worth


def assert_nothing_is_hoarded(plan: Outcome) -> None:
    """What is left at the end is at most a tenth above the cover wanted, for the dear elements of magnets."""
    content = contents(plan.case)
    for number, lived in enumerate(plan.futures):
        last = len(lived.path.periods) - 1
        closing: dict[str, float] = defaultdict(float)
        wanted: dict[str, float] = defaultdict(float)
        for row in plan.case.rows("stockpiles"):
            tonnes = held(plan, number).get(row.stockpile, {}).get(last, 0.0)
            for element, share in content[row.commodity].items():
                closing[element] += share * tonnes
                wanted[element] += share * per_year(plan.case, row.stockpile, 2041)
        for element in ("Dy", "Tb", "NdPr"):
            assert closing[element] <= 1.1 * wanted[element], (lived.name, element)


def assert_shortage_is_told_apart(run: api.Run) -> None:
    """The trunk's own shortage, and that of a branch."""
    table = run.table("shortage")
    assert set(table[table.future == "S00"].part) == {"trunk"}
    assert set(table[table.future == "S04"].part) == {"trunk", "branch"}


def assert_chinese_equipment_makes_nothing_free(plan: Outcome) -> None:
    chinese = {row.process for row in plan.case.rows("processes") if row.equipment_origin == "CN"}
    assert chinese
    for lived in plan.futures:
        assert [e.index for e in lived.entries("activity") if e.index[0] in chinese and e.index[1] == "free"] == []


def assert_closed_sources_sell_nothing(plan: Outcome) -> None:
    """Neither a supplier that has nothing nor what no licence lets through; some source is closed at some time."""
    closed = 0
    for lived in plan.futures:
        bought = {(e.index[0], e.period.number): e.value for e in lived.entries("buy")}
        for row in plan.case.rows("contracts"):
            open_ = lived.path.series("suppliers", row.supplier, "availability_share")
            licence = (
                lived.path.series("licences", row.licence, "approval_share") if row.licence else [1.0] * len(open_)
            )
            for number, (one, other) in enumerate(zip(open_, licence, strict=True)):
                if one * other <= 0:
                    closed += 1
                    assert bought.get((row.contract, number), 0.0) <= 1e-6, (lived.name, row.contract, number)
    assert closed, "no source is ever closed"


def assert_a_closed_licence_closes_china(study: api.Study, **asked: Any) -> None:
    shut = Adjustment("licences", "licence=china_*", "approval_share", "set", 0.0)
    lived = outcome(trunk(study, shut, **asked)).trunk
    assert [e for e in lived.entries("buy") if e.index[0].startswith("cn_")] == []


def assert_served_only_with(plan: Outcome, demands: Collection[str], classes: Collection[str]) -> None:
    """Demands are served, and with these classes alone."""
    assert demands
    served = 0.0
    for lived in plan.futures:
        for entry in lived.entries("deliver"):
            if entry.index[0] in demands:
                assert entry.index[1] in classes
                served += entry.value
    assert served > 0


def years_until_it_stands(plan: Outcome, project: str, committed: str) -> float:
    """Years from the horizon's first day until a project committed in a month stands."""
    year, month = map(int, committed.split("-")[:2])
    return float(year - 2027 + (month - 1) / 12 + plan.case.row("projects", project).lead_time_years)


def assert_what_is_built_runs(plan: Outcome) -> None:
    """Every plant that is built or enlarged runs on some path after it stands."""
    for choice in plan.commitments:
        if choice.kind != "project":
            continue
        name = plan.case.row("projects", choice.id).adds_to
        stands = years_until_it_stands(plan, choice.id, choice.date)
        made = sum(
            entry.value
            for number in choice.futures
            for entry in plan.futures[number].entries("activity")
            if entry.index[0] == name and entry.period.end > stands
        )
        assert made > 0, f"{choice.id} of {choice.date} never runs"
