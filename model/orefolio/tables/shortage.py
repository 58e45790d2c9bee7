"""What is not served, by demand, calendar year and future, and what that costs; the trunk's part apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .outcome.calendar import parted
from .outcome.sheet import Sheet

if TYPE_CHECKING:
    from .outcome import Outcome

COLUMNS = ("future", "demand", "name", "sector", "year", "part", "short_t", "loss_musd")


def table(outcome: Outcome) -> Sheet:
    """Tonnes, and million USD of their own time, not discounted. part: `trunk` before the future parts from it."""
    case = outcome.case
    total: dict[tuple[str, str, int, str], list[float]] = {}
    for lived in outcome.futures:
        for entry in lived.entries("short"):
            loss = lived.loss_musd_per_t[entry.index[0], entry.index[1]][entry.period.number]
            part = "branch" if parted(lived.path, entry.period) else "trunk"
            for year, share in lived.years[entry.period.number]:
                cell = total.setdefault((lived.name, entry.index[0], year, part), [0.0, 0.0])
                cell[0] += share * entry.value
                cell[1] += share * entry.value * loss
    rows = []
    for (future, demand, year, part), (tonnes, musd) in total.items():
        row = case.row("demands", demand)
        rows.append((future, demand, row.name or demand, row.sector, year, part, tonnes, musd))
    return Sheet.of(COLUMNS, rows)
