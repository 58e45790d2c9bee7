"""When a contract delivers, how much of it can come, and what its supplier has: what several families read of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from ..case.case import Case
from ..case.scenarios import Path, Period, as_date, years_between
from . import timing
from .reach import approval


def signings(path: Path, row: Any) -> list[Period]:
    """The periods at whose start a contract may be signed and still deliver within the horizon."""
    if row.kind == "spot" or row.in_force:
        return []
    if row.project:
        return timing.starts(path, path.case.row("projects", row.project))
    horizon = path.periods[-1].end
    return [
        period
        for period in timing.decisions(path, row.sign_from, row.sign_to)
        if first(path, row, period.start) < min(last(path, row, period.start), horizon) - 1e-9
    ]


def moment(path: Path, text: str | None, otherwise: float) -> float:
    """A date in years since the horizon's first day."""
    return otherwise if text is None else years_between(path.case.horizon_from, as_date(text))


def first(path: Path, row: Any, signed: float) -> float:
    """When a contract signed at a moment delivers first."""
    return float(max(signed + row.qualification_years, moment(path, row.first_delivery, -math.inf)))


def last(path: Path, row: Any, signed: float) -> float:
    """When its deliveries end; what is in force already ends by its date alone."""
    end = moment(path, row.last_delivery, math.inf)
    unsigned = row.kind == "spot" or row.in_force
    return end if unsigned else min(first(path, row, signed) + row.term_years, end)


def span(path: Path, row: Any, begin: Period) -> tuple[float, float]:
    """From when to when a contract signed at the start of a period delivers; on a project, from its completion."""
    if not row.project:
        return first(path, row, begin.start), last(path, row, begin.start)
    project = path.case.row("projects", row.project)
    done = timing.complete(path, project, begin.start, timing.lead_time(path, project, begin.number))
    opens = max(first(path, row, begin.start), done)
    return opens, min(opens + row.term_years, moment(path, row.last_delivery, math.inf))


def cover(path: Path, row: Any, begin: Period) -> Callable[[Period], float]:
    """The share of each period in which a contract signed at the start of one delivers, by its project's ramp."""
    opens, closes = span(path, row, begin)
    if not row.project:
        return lambda period: timing.overlap(opens, closes, period)
    project = path.case.row("projects", row.project)
    done = timing.complete(path, project, begin.start, timing.lead_time(path, project, begin.number))

    def ramped(period: Period) -> float:
        """The mean over the period of the ramp while the contract delivers."""
        inside = replace(period, start=max(period.start, opens), end=min(period.end, closes))
        return timing.standing(project, done, inside) * inside.years / period.years if inside.years > 1e-9 else 0.0

    return ramped


def always(path: Path, row: Any) -> list[float]:
    """The share of each period in which what needs no decision delivers: a spot market, or what is in force."""
    opens, closes = moment(path, row.first_delivery, -math.inf), moment(path, row.last_delivery, math.inf)
    return [timing.overlap(opens, closes, period) for period in path.periods]


def available(path: Path, row: Any) -> list[float]:
    """The share of a contract that its supplier and its licence let come in each period."""
    supplier = path.series("suppliers", row.supplier, "availability_share")
    return [a * b for a, b in zip(supplier, approval(path, row.licence), strict=True)]


def capacity(path: Path, supplier: str, commodity: str, period: Period, rivals_first: bool = True) -> float:
    """What a supplier can sell to us in a period, t/year: its capacity, less what rivals have claimed of it."""
    total = 0.0
    years = range(period.year, period.year + max(1, round(period.years)))
    lines = _lines(path.case).get((supplier, commodity), ())
    for year in years:
        current = [row for row in lines if row.from_year <= year]
        if current:
            row = max(current, key=lambda line: line.from_year)
            name = f"{supplier}/{commodity}/{row.from_year}"
            whole = path.series("supplier_capacity", name, "t_per_year")[period.number]
            rivals = path.series("supplier_capacity", name, "rivals_t_per_year")[period.number]
            total += max(0.0, whole - rivals) if rivals_first else whole
    return total / len(years)


@lru_cache(maxsize=8)
def _lines(case: Case) -> dict[tuple[str, str], list[Any]]:
    """The lines of capacity of each supplier and commodity."""
    found: dict[tuple[str, str], list[Any]] = {}
    for row in case.rows("supplier_capacity"):
        found.setdefault((row.supplier, row.commodity), []).append(row)
    return found
