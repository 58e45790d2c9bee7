"""Sizes that a solver can hold together."""

from __future__ import annotations

import math
from collections.abc import Iterator
from operator import attrgetter

from orefolio.errors import Fault

from ..case import Case
from ..cells import GREATEST
from ..columns import declared
from ..schema import TABLES
from .place import fault_at

WIDEST = 1e9
MATCHED = ("events", "lever_adjustments", "basis")
MOST_MATCHES = 500_000
MOST_STEPS = 4_000_000
MOST_TELLINGS = 1_000_000
GROWING = (
    ("demands", "t_per_year", "growth_share_per_year"),
    ("stockpiles", "cover_demand_t_per_year", "cover_growth_share_per_year"),
)
"""Table, column of the base year, and column of its yearly growth."""

OF_MIXED_UNITS = ("settings", "levers", "events", "lever_adjustments", "sweeps", "basis")


def matches_are_few(case: Case) -> Iterator[Fault]:
    """Rows of events, levers and the basis, each times the rows of the table that it names."""
    for table in MATCHED:
        matches = sum(len(case.rows(row.table)) for row in case.rows(table))
        if matches > MOST_MATCHES:
            found = f"{len(case.rows(table)):,} rows that name tables of {matches:,} rows in all, each counted as often"
            yield fault_at(case, table, 0, "table", found, f"at most {MOST_MATCHES:,}", "Match more rows at once")


def chains_are_short(case: Case) -> Iterator[Fault]:
    """A chain of processes is followed as often as there are processes."""
    steps = len(case.rows("processes")) * len(case.rows("recipes"))
    if steps > MOST_STEPS:
        found = f"{len(case.rows('processes')):,} processes x {len(case.rows('recipes')):,} rows of recipes = {steps:,}"
        yield fault_at(case, "processes", 0, "process", found, f"at most {MOST_STEPS:,}", "Join processes")


def futures_are_few(case: Case) -> Iterator[Fault]:
    """Each future is told over all periods, by its own events and draws, and its events by their parts."""
    count, parts = len(case.rows("futures")), len(case.rows("events"))
    own = len(case.rows("future_events")) + len(case.rows("draws"))
    periods = sum(len(spans) for spans in case.grids.values()) + 12 * (case.horizon_to.year - case.horizon_from.year)
    told = count * (parts + periods) + own
    if told > MOST_TELLINGS:
        found = f"{count:,} futures x ({parts:,} parts of events + {periods:,} periods) + {own:,} rows of their own"
        yield fault_at(case, "futures", 0, "future", found, f"at most {MOST_TELLINGS:,}", "Reduce the futures")


def growth_stays_in_size(case: Case) -> Iterator[Fault]:
    """What grows from the base year is, in every year of the horizon, of a size that a solver can use."""
    years = (case.horizon_from.year - case.base_year, case.horizon_to.year - case.base_year)
    for table, start, growth in GROWING:
        for number, row in enumerate(case.rows(table)):
            tonnes, factor = getattr(row, start), 1 + getattr(row, growth)
            most = max(_power(factor, year) for year in years)
            if tonnes * most > GREATEST:
                found = f"{growth} {factor - 1:g} from {case.base_year} on, which makes {start} {tonnes * most:g}"
                yield fault_at(case, table, number, growth, found, f"at most {GREATEST:g} in every year")


def _power(factor: float, years: int) -> float:
    """The factor over years; infinite where it is beyond every number, or 0 told backwards."""
    try:
        return factor**years
    except (OverflowError, ZeroDivisionError):
        return math.inf


def columns_hold_like_sizes(case: Case) -> Iterator[Fault]:
    """The greatest number of a column is at most 1e9 times its smallest: a solver tells no wider range apart."""
    for table, declaration in TABLES.items():
        if table in OF_MIXED_UNITS:
            continue
        for name, column in declared(declaration).items():
            if column.kind != "number":
                continue
            held = list(map(abs, map(attrgetter(name), case.rows(table))))
            different = {size for size in set(held) if size and math.isfinite(size)}
            if different and max(different) > WIDEST * min(different):
                sizes = [(size, number) for number, size in enumerate(held) if size in different]
                (most, number), (least, other) = max(sizes), min(sizes)
                line = f" on line {case.lines[table][other]}" if table in case.lines else ""
                expected = f"at most {WIDEST:g} times the smallest in the column, {least:g}{line}"
                remedy = "Leave a limit that is none blank"
                yield fault_at(case, table, number, name, f"{most:g}", expected, remedy)
