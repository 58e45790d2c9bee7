"""Solution to tidy tables: one file for each table, and their table of contents.

To add a table, write one file in this folder with `table(outcome) -> DataFrame`, units in its column names, and one
line below.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from . import (
    budgets,
    concentration,
    contracts,
    cost,
    dependence,
    flows,
    futures,
    lines,
    magnitudes,
    portfolio,
    prices,
    programmes,
    projects,
    releases,
    shortage,
    stock,
    supply,
    support,
)

if TYPE_CHECKING:
    import pandas as pd

    from .outcome import Outcome

TABLES: dict[str, Callable[[Outcome], pd.DataFrame]] = {
    "portfolio": portfolio.table,
    "contracts": contracts.table,
    "projects": projects.table,
    "programmes": programmes.table,
    "lines": lines.table,
    "futures": futures.table,
    "cost": cost.table,
    "shortage": shortage.table,
    "stock": stock.table,
    "releases": releases.table,
    "dependence": dependence.table,
    "concentration": concentration.table,
    "budgets": budgets.table,
    "supply": supply.table,
    "flows": flows.table,
    "prices": prices.table,
    "magnitudes": magnitudes.table,
    "support": support.table,
}
