"""What each importer receives and what it goes without, by calendar year and future."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .outcome.sheet import Sheet

if TYPE_CHECKING:
    from .outcome import Outcome

COLUMNS = ("future", "importer", "year", "delivered_t", "short_t", "loss_musd")


def table(outcome: Outcome) -> Sheet:
    """Tonnes of all that is wanted, and million USD of their own time, not discounted. importer: a country."""
    case = outcome.case
    country = {row.demand: case.row("places", row.place).country for row in case.rows("demands")}
    total: dict[tuple[str, str, int], list[float]] = {}
    for lived in outcome.futures:
        for entry in lived.entries("deliver"):
            for year, share in lived.years[entry.period.number]:
                total.setdefault((lived.name, country[entry.index[0]], year), [0.0] * 3)[0] += share * entry.value
        for entry in lived.entries("short"):
            loss = lived.loss_musd_per_t[entry.index[0], entry.index[1]][entry.period.number]
            for year, share in lived.years[entry.period.number]:
                cell = total.setdefault((lived.name, country[entry.index[0]], year), [0.0] * 3)
                cell[1] += share * entry.value
                cell[2] += share * entry.value * loss
    return Sheet.of(COLUMNS, [(*key, *numbers) for key, numbers in total.items()])
