"""Every flow of the plan by calendar year and future: what runs, is bought, sent, collected, delivered, sold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .outcome.calendar import years_of
from .outcome.frame import frame

if TYPE_CHECKING:
    import pandas as pd

    from .outcome import Outcome

COLUMNS = ("future", "year", "variable", "item", "detail", "t")
FLOWS = (
    "activity", "buy", "unused", "makeup", "ship", "collect", "feed", "blend", "deliver", "sell", "discard",
    "downgrade",
)  # fmt: skip


def table(outcome: Outcome) -> pd.DataFrame:
    """Tonnes. item: the process, contract, lane, scrap, demand or place; detail: class, commodity or step."""
    case = outcome.case
    total: dict[tuple[str, int, str, str, str], float] = {}
    for lived in outcome.futures:
        for name in FLOWS:
            for entry in lived.entries(name):
                item, *rest = entry.index
                for year, share in years_of(case, entry.period):
                    key = (lived.name, year, name, item, "" if name == "unused" else " ".join(rest))
                    total[key] = total.get(key, 0.0) + share * entry.value
    return frame(COLUMNS, ((*key, tonnes) for key, tonnes in total.items()))
