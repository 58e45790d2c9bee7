"""One CSV file in the long format of the IAMC: model, scenario, region, variable, unit, year, value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orefolio import __version__
from orefolio.case.structure import read_structure
from orefolio.tables.folder import RunFolder
from orefolio.tables.folder.cells import DIGITS

from .read_run import Table, tables_of
from .text import csv_text

ENDING = ".csv"
HEADER = ("model", "scenario", "region", "variable", "unit", "year", "value")
Key = tuple[str, str, str, str, str]  # scenario, region, variable, unit, year


@dataclass(frozen=True)
class Series:
    """Figures of a table by future and calendar year. words: columns whose cells follow `root` in the variable.

    region: the column with the country; blank where a figure is of the importer as a whole. Rows alike are summed.
    """

    table: str
    root: str
    words: tuple[str, ...]
    value: str
    unit: str
    region: str = ""


SERIES = (
    Series("cost", "Cost", ("name",), "cost_musd", "million USD/yr"),
    Series("supply", "Supply", ("stage", "commodity", "element"), "t", "t/yr", "country"),
    Series("flows", "Flow", ("variable", "item", "detail"), "t", "t/yr"),
    Series("shortage", "Shortage", ("demand",), "short_t", "t/yr"),
    Series("shortage", "Loss by Shortage", ("demand",), "loss_musd", "million USD/yr"),
    Series("importers", "Delivery", (), "delivered_t", "t/yr", "importer"),
    Series("releases", "Stockpile Release", ("how", "stockpile"), "t", "t/yr"),
    Series("dependence", "Share of Supply", ("stage", "element"), "share", "1", "country"),
    Series("concentration", "Herfindahl Index", ("stage", "element"), "herfindahl_index", "1"),
    Series("traced", "Traced Origin", ("demand", "class", "element"), "t", "t/yr", "country"),
)
STOCK = "Stockpile"
UNSAID = "unknown"
"""The region of a seller whose country the case does not say: no index of the format may be blank."""


def write(run: RunFolder, place: Path) -> None:
    """Write what a run's tables say by calendar year; futures are scenarios. Raises InputError."""
    importer = "+".join(read_structure(run.path / "case").importer)
    total: dict[Key, float] = defaultdict(float)
    for table in tables_of(run):
        for key, value in _figures(table, importer):
            total[key] += value
    model = f"orefolio {__version__}"
    rows = ((model, *key, DIGITS % (value + 0.0)) for key, value in total.items())
    place.write_text(csv_text(HEADER, rows), encoding="utf-8", newline="")


def _figures(table: Table, importer: str) -> Iterator[tuple[Key, float]]:
    for series in (series for series in SERIES if series.table == table.name):
        for row in table.rows:
            if row[series.value]:
                region = (row[series.region] or UNSAID) if series.region else importer
                variable = _variable(series.root, *(row[word] for word in series.words))
                yield (row["future"], region, variable, series.unit, row["year"]), float(row[series.value])
    if table.name == "stock":
        yield from _stock(table, importer)


def _stock(table: Table, importer: str) -> Iterator[tuple[Key, float]]:
    """What lies in each stockpile at the end of a calendar year."""
    for row in table.rows:
        year, month = row["until"].split("-")[:2]
        if month == "01" and row["period"] != "opening":
            variable = _variable(STOCK, row["commodity"], row["stockpile"])
            yield (row["future"], importer, variable, "t", str(int(year) - 1)), float(row["stock_t"])


def _variable(*words: str) -> str:
    """Words as levels of a variable. The bar parts levels, so that of a word is written broken."""
    return "|".join(word.replace("|", "¦") for word in words if word)
