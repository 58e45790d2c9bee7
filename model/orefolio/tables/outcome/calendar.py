"""Calendar years of periods, so that a block of three years is no spike in a report by year."""

from __future__ import annotations

import math

from orefolio.case.case import Case
from orefolio.case.scenarios import MONTHS_A_YEAR, Path, Period


def years_of(case: Case, period: Period) -> list[tuple[int, float]]:
    """The calendar years that a period touches, each with its share of the period's time; the shares sum to 1."""
    origin = case.horizon_from.year + (case.horizon_from.month - 1) / MONTHS_A_YEAR
    start, end = origin + period.start, origin + period.end
    years = range(math.floor(start + 1e-9), math.ceil(end - 1e-9))
    return [(year, (min(end, year + 1) - max(start, year)) / (end - start)) for year in years]


def month_of(case: Case, moment: float) -> str:
    """A moment (years since the horizon's first day) as `2031-07`."""
    months = case.horizon_from.month - 1 + round(moment * MONTHS_A_YEAR)
    return f"{case.horizon_from.year + months // MONTHS_A_YEAR}-{months % MONTHS_A_YEAR + 1:02d}"


def parted(path: Path, period: Period) -> bool:
    """Whether a future has parted from the trunk by the end of a period."""
    return path.onset is not None and period.end > path.onset + 1e-9
