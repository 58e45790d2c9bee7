"""Solution to tidy tables: one file for each table, and their table of contents.

To add a table, write one file in this folder with `table(outcome) -> Sheet`, units in its column names, and one
line below. A file is imported when its table is first made, so that reading a run folder stays quick.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .outcome import Outcome
    from .outcome.sheet import Sheet

    Table = Callable[[Outcome], Sheet]


def _table(name: str) -> Table:
    """The function `table` of a file of this folder, imported when it is called."""

    def table(outcome: Outcome) -> Sheet:
        made: Sheet = import_module(f".{name}", __name__).table(outcome)
        return made

    table.__module__ = f"{__name__}.{name}"
    return table


TABLES: dict[str, Table] = {
    name: _table(name)
    for name in (
        "portfolio",
        "contracts",
        "projects",
        "programmes",
        "price_support",
        "abandonments",
        "plants",
        "lines",
        "futures",
        "risk",
        "cost",
        "shortage",
        "importers",
        "stock",
        "releases",
        "dependence",
        "concentration",
        "budgets",
        "supply",
        "flows",
        "prices",
        "magnitudes",
        "support",
    )
}
