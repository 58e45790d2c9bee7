"""The share of each country in supply, by direct origin: stage, element, calendar year, future."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .outcome.sheet import Sheet
from .outcome.supply import CHINA

if TYPE_CHECKING:
    from .outcome import Outcome

COLUMNS = ("future", "year", "stage", "element", "country", "t", "share")


def table(outcome: Outcome) -> Sheet:
    """Tonnes of element, as oxide, and the country's share of all of them. China has a row also where it is 0.

    stage `all stages` counts what enters the chain from outside it: deliveries of contracts, mines and collected scrap,
    each once; `heavy elements` and `all elements` are sums. The
    future `expected` is the mean of tonnes over the futures.
    """
    rows = []
    for (future, year, stage, element), countries in outcome.by_country.items():
        total = sum(countries.values())
        for country, tonnes in sorted({CHINA: 0.0, **countries}.items()):
            rows.append((future, year, stage, element, country, tonnes, tonnes / total if total > 0 else 0.0))
    return Sheet.of(COLUMNS, sorted(rows))
