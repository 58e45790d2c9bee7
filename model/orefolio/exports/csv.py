"""A folder of plain CSV files, one a table, with headings in words and units: `cost (million USD)`."""

from __future__ import annotations

from pathlib import Path

from orefolio.tables.folder import RunFolder

from .fields import title
from .read_run import tables_of
from .text import csv_text

ENDING = ""


def write(run: RunFolder, place: Path) -> None:
    """Write the tables of a run into a new folder, numbers as the run has them. Raises InputError."""
    place.mkdir()
    for table in tables_of(run):
        text = csv_text([title(column) for column in table.fields], (row.values() for row in table.rows))
        (place / f"{table.name}.csv").write_text(text, encoding="utf-8", newline="")
