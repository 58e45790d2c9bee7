"""How concentrated supply is over countries: the Herfindahl index by stage, element, calendar year and future."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .outcome.sheet import Sheet

if TYPE_CHECKING:
    from .outcome import Outcome

COLUMNS = ("future", "year", "stage", "element", "herfindahl_index", "countries", "largest_country", "largest_share")


def table(outcome: Outcome) -> Sheet:
    """The index is the sum of squared shares: 1 is one country alone, 1/n are n equal ones."""
    rows = []
    for key, countries in outcome.by_country.items():
        total = sum(countries.values())
        if total <= 0:
            continue
        shares = {country: tonnes / total for country, tonnes in sorted(countries.items())}
        largest = max(shares, key=lambda country: shares[country])
        index = sum(share**2 for share in shares.values())
        rows.append((*key, index, sum(share > 0 for share in shares.values()), largest, shares[largest]))
    return Sheet.of(COLUMNS, sorted(rows))
