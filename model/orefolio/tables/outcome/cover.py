"""Days of demand that a stock covers."""

from __future__ import annotations

from typing import Any

from orefolio.case.case import Case
from orefolio.case.scenarios import Period

DAYS_A_YEAR = 365.0


def days_of_cover(case: Case, row: Any, period: Period, tonnes: float) -> float | None:
    """Days of the demand on which a stockpile's cover is measured, in the year of a period; None where there is none.

    row: of the table stockpiles.
    """
    grown = row.cover_demand_t_per_year * (1 + row.cover_growth_share_per_year) ** (period.year - case.base_year)
    return float(tonnes / grown * DAYS_A_YEAR) if grown > 0 else None
