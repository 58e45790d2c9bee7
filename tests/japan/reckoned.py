"""Japan's case reckoned from its tables: what can be where, when S00 may start, sign and spend, what is known when.

None of it asks a family of the program. Times are years since the first day of 2027.
"""

from __future__ import annotations

import datetime
import itertools
import math
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from japan.runs import JAPAN
from orefolio.case.case import Case
from orefolio.case.scenarios import Period, Tree

HORIZON = 14.0
Spot = tuple[str, str, str]


def japan() -> Case:
    return JAPAN.case


def rows(table: str) -> tuple[Any, ...]:
    return japan().rows(table)


def moment(day: str | None, otherwise: float = -math.inf) -> float:
    """A date as years since the first day of 2027."""
    if day is None:
        return otherwise
    date = datetime.date.fromisoformat(day)
    return date.year - 2027 + (date.month - 1 + (date.day - 1) / 31) / 12


# What can be where


def tags() -> dict[str, frozenset[str]]:
    """Tags by class, fewest first."""
    return {row.class_: frozenset(row.tags.split()) for row in sorted(rows("classes"), key=lambda row: len(row.tags))}


def made(process: Any, found: frozenset[Spot]) -> set[str]:
    """Classes that a process makes of any choice of the feeds that are at its place."""
    rules = [row for row in rows("rules") if row.enabled]
    chinese = (process.technology_origin == "CN" and any(row.counts_technology for row in rules)) or (
        process.equipment_origin == "CN" and any(row.counts_equipment for row in rules)
    )
    own = frozenset({"china-technology"} if chinese else ())
    feeds = [row.commodity for row in rows("recipes") if row.process == process.process and row.direction == "in"]
    choices = [[name for name in tags() if (process.place, feed, name) in found] for feed in feeds]
    unions = (own.union(*(tags()[name] for name in choice)) for choice in itertools.product(*choices))
    return {next(name for name, kept in tags().items() if union <= kept) for union in unions}


@cache
def spots(standing: frozenset[str]) -> frozenset[Spot]:
    """Where which class of what can be: sold or held there, collected, brought by a lane, made or drawn on."""
    place = {row.contract: (row.place, row.class_) for row in rows("contracts")}
    found = {(place[row.contract][0], row.commodity, place[row.contract][1]) for row in rows("contract_items")}
    found |= {(row.place, row.commodity, row.initial_class) for row in rows("stockpiles") if row.initial_t}
    found |= {(row.place, row.commodity, name) for row in rows("scrap") for name in collected(row)}
    while True:
        now = frozenset(found)
        for lane in rows("lanes"):
            found |= {(lane.to_place, c, q) for p, c, q in now if (p, c) == (lane.from_place, lane.commodity)}
        for process in rows("processes"):
            if process.process in standing:
                names = made(process, now)
                handled = [row.commodity for row in rows("recipes") if row.process == process.process]
                found |= {(process.place, commodity, name) for commodity in handled for name in names}
        if found == now:
            return now


def collected(scrap: Any) -> list[str]:
    free, most = next(iter(tags())), list(tags())[-1]
    assert not any(row.recycled_is_free for row in rows("rules"))
    return [name for name, share in ((free, 1 - scrap.tagged_share), (most, scrap.tagged_share)) if share > 0]


@cache
def classes(place: str, commodity: str, standing: frozenset[str] | None = None) -> tuple[str, ...]:
    """The classes of a commodity at a place; with every process unless some are named."""
    among = frozenset(row.process for row in rows("processes")) if standing is None else standing
    return tuple(name for name in tags() if (place, commodity, name) in spots(among))


# The trunk's own years


def openings(project: Any) -> Iterator[int]:
    """The calendar years at whose start a project may be started in S00 and be complete within the horizon."""
    opened = {0.0: project.open_share}
    for entry in rows("future_events"):
        for part in rows("events"):
            if (entry.future, part.event, part.table, part.column) == ("S00", entry.event, "projects", "open_share"):
                assert part.operation == "set"
                if fnmatchcase(project.project, part.where.removeprefix("project=")):
                    opened[moment(entry.start)] = part.value
    for year in range(project.start_from, project.start_to + 1):
        known = max(time for time in opened if time == 0 or time < year - 2027)
        if opened[known] > 0 and year - 2027 + project.lead_time_years < HORIZON:
            yield year


def complete(project: Any, year: int) -> float:
    """When a start is complete, with the slip that S00 draws for it unless it strikes too late."""
    done = year - 2027 + project.lead_time_years
    for draw in rows("draws"):
        if (draw.future, draw.project) == ("S00", project.project) and moment(draw.strikes) < done:
            done += draw.slip_years
    return float(done)


@cache
def standing(until: float) -> frozenset[str]:
    """Processes that stand, or that a project can have brought to run, before a moment."""
    grown = {
        row.adds_to for row in rows("projects") if row.ramp[0] > 0 for y in openings(row) if complete(row, y) < until
    }
    return frozenset(row.process for row in rows("processes") if row.capacity_t_per_year > 0 or row.process in grown)


def signings(contract: Any) -> list[int]:
    """The calendar years in which a contract may be signed and still deliver."""
    if contract.kind == "spot" or contract.in_force:
        return []
    assert not contract.project
    years = range(contract.sign_from, contract.sign_to + 1)
    return [year for year in years if delivery(contract, year)[0] < min(delivery(contract, year)[1], HORIZON)]


def delivery(contract: Any, year: int | None = None) -> tuple[float, float]:
    """From when until when a contract delivers, signed in a year or in force already."""
    first, last = moment(contract.first_delivery), moment(contract.last_delivery, math.inf)
    if year is None:
        return first, last
    first = max(year - 2027 + contract.qualification_years, first)
    return first, min(first + contract.term_years, last)


def delivers(contract: Any, period: Period) -> bool:
    spans: list[tuple[float, float]]
    if contract.kind == "spot" or contract.in_force:
        spans = [delivery(contract)]
    else:
        spans = [delivery(contract, year) for year in signings(contract) if year - 2027 <= period.start]
    return any(min(last, period.end) > max(first, period.start) for first, last in spans)


def calendar(periods: tuple[Period, ...]) -> dict[int, list[Period]]:
    return {year: list(group) for year, group in itertools.groupby(periods, key=lambda period: period.year)}


def stock_columns() -> int:
    return sum(len(classes(row.place, row.commodity)) for row in rows("stockpiles"))


def delivered() -> int:
    free = next(iter(tags()))
    return sum(
        1 for row in rows("demands") for name in classes(row.place, row.commodity)
        if name == free or not row.refuses_tagged
    )  # fmt: skip


def levels() -> dict[tuple[str, int], list[int]]:
    """The calendar years in which each level may be decided and take effect within the horizon."""
    return {
        (row.programme, row.level): [
            year
            for year in range(row.start_from, row.start_to + 1)
            if year - 2027 + row.lead_time_years < HORIZON
        ]
        for row in rows("programmes")
    }  # fmt: skip


def spendings() -> Iterator[tuple[str, float, float]]:
    """Envelope, from when and until when public money may be spent in S00."""
    for row in rows("stockpiles"):
        yield row.envelope, 0.0, HORIZON
    for row in rows("programmes"):
        for year in levels()[row.programme, row.level]:
            yield row.envelope, year - 2027, HORIZON if row.annual_musd else year - 2027 + row.lead_time_years
    for row in rows("projects"):
        for year in openings(row):
            if row.public_share > 0:
                yield row.envelope, year - 2027, year - 2027 + row.lead_time_years
    for row in rows("contracts"):
        for year in signings(row):
            if row.public_share > 0 and row.prepayment_musd + row.prepayment_usd_per_t_per_year > 0:
                yield row.envelope, year - 2027, year - 2027 + 1e-6


def joint() -> set[str]:
    """What comes together with something else, or in two classes at once."""
    together = [
        [row.commodity for row in rows("recipes") if row.process == process.process and row.direction == "out"]
        for process in rows("processes")
    ]
    together += [
        [row.commodity for row in rows("contract_items") if row.contract == contract.contract]
        for contract in rows("contracts")
    ]
    together += [[row.commodity for _ in collected(row)] for row in rows("scrap")]
    return {commodity for group in together if len(group) > 1 for commodity in group}  # fmt: skip


def known(future: str, end: float) -> frozenset[tuple[str, str]]:
    """What is known of a future at a moment: events begun, slips struck."""
    events = {(row.event, row.start) for row in rows("future_events") if row.future == future}
    slips = {(row.project, f"{row.strikes} {row.slip_years}") for row in rows("draws") if row.future == future}
    begun = {(name, when) for name, when in events if moment(when) < end - 1e-9}
    lengths = {(row.event, row.length_months) for row in rows("future_events") if row.future == future}
    struck = {
        (name, when) for name, when in slips if moment(when[:10]) < end - 1e-9 and not when.endswith(" 0.0")
    }  # fmt: skip
    return frozenset(begun | struck | {(name, f"{months}") for name, months in lengths if name in dict(begun)})


def nodes_with(tree: Tree, table: str, column: str) -> set[int]:
    """The nodes in which events lift a number that is 0 in the case above it."""
    assert all(
        not getattr(row, column)
        for row in rows(table)
        if (row.kind == "content" if table == "rules" else row.setting == "emergency_declared")
    )
    result = set()
    for path, nodes in zip(tree.paths, tree.node, strict=True):
        for entry in (row for row in rows("future_events") if row.future == path.future):
            for part in (row for row in rows("events") if row.event == entry.event):
                if (part.table, part.column) != (table, column) or part.value <= 0:
                    continue
                start = moment(entry.start)
                end = min(start + entry.length_months / 12, HORIZON) + part.outlast_months / 12
                first = start + part.after_months / 12
                last = min(first + part.length_months / 12, end)
                result |= {nodes[p.number] for p in path.periods if p.start < last - 1e-9 and p.end > first + 1e-9}
    return result
