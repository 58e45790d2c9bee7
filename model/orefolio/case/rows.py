"""A table: the records of a sheet as frozen rows, each cell as its column declares it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from orefolio.errors import Fault

from .cells import CellError, value_of
from .columns import Column, declared, key_columns
from .csv_text import MOST_FAULTS, Record, Sheet, split_sheet


def titles(table: type) -> dict[str, str]:
    """The column names of a file, each with the field that it is read into: `class` is read into `class_`."""
    return {name.removesuffix("_"): name for name in declared(table)}


def sheet_of(text: str, name: str, table: type) -> Sheet:
    """Split the text of a table's file. name: of the file, for messages."""
    columns = declared(table)
    needed = [title for title, field in titles(table).items() if not columns[field].optional]
    return split_sheet(text, name, tuple(titles(table)), needed)


def rows_of(sheet: Sheet, table: type) -> tuple[tuple[Any, ...], tuple[int, ...]]:
    """Rows and their line numbers. Faults are added to the sheet; a row with one is left out."""
    columns = declared(table)
    fields = [titles(table)[title] for title in sheet.header]
    converters = [_converter(columns[field]) for field in fields]
    rows: list[Any] = []
    lines: list[int] = []
    for record in sheet.records:
        values = {}
        sound = len(sheet.faults)
        for position, convert in enumerate(converters):
            try:
                values[fields[position]] = convert(record.cells[position])
            except CellError as error:
                sheet.faults.append(_fault(sheet, record, position, error))
        if len(sheet.faults) == sound:
            rows.append(table(**values))
            lines.append(record.line)
        elif len(sheet.faults) >= MOST_FAULTS:
            sheet.faults.append(
                Fault(sheet.name, f"{MOST_FAULTS} faults", "a table", record.line, 0, "Reading stopped here")
            )
            break
    sheet.faults.extend(_repeated(sheet, table, rows, lines))
    return tuple(rows), tuple(lines)


def _converter(column: Column) -> Callable[[str], Any]:
    """Converts a cell; a text that was seen before is not converted again."""
    seen: dict[str, Any] = {}

    def convert(text: str) -> Any:
        if text not in seen:
            seen[text] = value_of(text, column)
        return seen[text]

    return convert


def _fault(sheet: Sheet, record: Record, position: int, error: CellError) -> Fault:
    found = f"{error.found} in {sheet.header[position]}"
    return Fault(sheet.name, found, error.expected, record.line, record.column(position), error.remedy)


def _repeated(sheet: Sheet, table: type, rows: list[Any], lines: list[int]) -> list[Fault]:
    """Faults of rows whose key stands on an earlier line."""
    keys = key_columns(table)
    first: dict[tuple[Any, ...], int] = {}
    faults = []
    for row, line in zip(rows, lines, strict=True):
        key = tuple(getattr(row, name) for name in keys)
        if key in first:
            shown = "/".join(map(str, key))
            found = f"the {' and '.join(name.removesuffix('_') for name in keys)} {shown!r} again"
            faults.append(Fault(sheet.name, found, f"each once: it stands on line {first[key]} already", line, 1))
        else:
            first[key] = line
    return faults
