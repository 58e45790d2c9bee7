"""What is wanted in each period, from the data alone."""

from __future__ import annotations

from typing import Any

from .ledger import Future


def demand_volume(future: Future, row: Any) -> list[float]:
    """Tonnes wanted in each period: base-year demand, grown by calendar year."""
    base = future.path.series("demands", row.demand, "t_per_year")
    multiple = future.path.series("demands", row.demand, "multiple")
    growth = 1.0 + row.growth_share_per_year
    result = []
    for period in future.path.periods:
        years = range(period.year, period.year + max(1, round(period.years)))
        grown = sum(growth ** (year - future.case.base_year) for year in years) / len(years)
        result.append(base[period.number] * multiple[period.number] * grown * period.years)
    return result
