"""One workbook for Excel and its like, one sheet a table; the first sheet tells what each of them is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from orefolio.errors import Fault, InputError
from orefolio.tables.folder import RunFolder

from .fields import Field
from .read_run import Table, tables_of
from .workbook.sheets import MOST_ROWS, fit, head, library, put_number, put_text

ENDING = ".xlsx"
ABOUT = "about"
FIGURES = ("status", "objective", "bound", "grid")
"""What the first sheet says of a run, by its names in run.json; objective and bound are million USD."""


def write(run: RunFolder, place: Path) -> None:
    """Write the tables of a run. Raises MissingExtraError without openpyxl, InputError."""
    book = library().Workbook()
    about, tables = book.active, list(tables_of(run))
    about.title = ABOUT
    _tell(about, run, tables)
    for table in tables:
        sheet = book.create_sheet(table.name)
        head(sheet, ((name, _note(field)) for name, field in table.fields.items()))
        _fill(sheet, table)
        fit(sheet)
    book.save(place)


def _tell(sheet: Any, run: RunFolder, tables: Iterable[Table]) -> None:
    """The first sheet: each table with its rows, then what the run is."""
    head(sheet, (("sheet", ""), ("rows", ""), ("what it holds", "")))
    for number, table in enumerate(tables, 2):
        put_text(sheet.cell(number, 1), table.name)
        sheet.cell(number, 1).hyperlink = f"#'{table.name}'!A1"
        put_number(sheet.cell(number, 2), len(table.rows))
        put_text(sheet.cell(number, 3), table.meaning)
    said = {"case": run.record["case"]["name"], "title": run.record["case"]["title"]}
    said |= {name: run.record[name] for name in FIGURES}
    for number, (name, value) in enumerate(said.items(), sheet.max_row + 2):
        put_text(sheet.cell(number, 1), f"{name} (million USD)" if isinstance(value, float) else name)
        put_text(sheet.cell(number, 3), "" if value is None else str(value))
    fit(sheet)


def _note(field: Field) -> str:
    return f"{field.meaning}\nunit: {field.unit}" if field.unit else field.meaning


def _fill(sheet: Any, table: Table) -> None:
    if len(table.rows) >= MOST_ROWS:
        expected = f"fewer than {MOST_ROWS:,}, which is what a sheet holds"
        remedy = "Export as parquet or csv"
        raise InputError([Fault(f"tables/{table.name}.csv", f"{len(table.rows):,} rows", expected, remedy=remedy)])
    for number, record in enumerate(table.records(), 2):
        for place, value in enumerate(record, 1):
            if isinstance(value, str):
                if value:
                    put_text(sheet.cell(number, place), value)
            elif value is not None:
                put_number(sheet.cell(number, place), value)
