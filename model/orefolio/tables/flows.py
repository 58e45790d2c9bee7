"""Every flow of the plan by calendar year and future: what runs, is bought, sent, collected, delivered, sold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .outcome.sheet import Sheet

if TYPE_CHECKING:
    from .outcome import Outcome

COLUMNS = ("future", "year", "variable", "item", "detail", "t")
FLOWS = (
    "activity", "buy", "unused", "makeup", "ship", "collect", "feed", "blend", "deliver", "sell", "discard",
    "downgrade",
)  # fmt: skip


def table(outcome: Outcome) -> Sheet:
    """Tonnes. item: the process, contract, lane, scrap, demand or place; detail: class, commodity or step."""
    total: dict[tuple[str, int, str, str, str], float] = {}
    for lived in outcome.futures:
        future, years = lived.name, lived.years
        for name in FLOWS:
            for entry in lived.entries(name):
                item, *rest = entry.index
                for year, share in years[entry.period.number]:
                    key = (future, year, name, item, "" if name == "unused" else " ".join(rest))
                    total[key] = total.get(key, 0.0) + share * entry.value
    return Sheet.of(COLUMNS, ((*key, tonnes) for key, tonnes in total.items()))
