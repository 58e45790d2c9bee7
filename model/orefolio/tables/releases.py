"""What leaves each stockpile, when, in which future: taken for use, rotated to the market, or lost for its age."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .outcome.sheet import Sheet

if TYPE_CHECKING:
    from .outcome import Outcome

COLUMNS = ("future", "stockpile", "name", "owner", "class", "how", "period", "year", "t")
WAYS = {"take": "taken", "rotate": "rotated", "expire": "expired"}


def table(outcome: Outcome) -> Sheet:
    """Tonnes by period of the future's own grid."""
    rows = []
    for lived in outcome.futures:
        for name, how in WAYS.items():
            for entry in lived.entries(name):
                row = outcome.case.row("stockpiles", entry.index[0])
                where = (lived.name, row.stockpile, row.name or row.stockpile, row.owner, entry.index[1], how)
                rows.append((*where, entry.period.label, entry.period.year, entry.value))
    return Sheet.of(COLUMNS, rows)
