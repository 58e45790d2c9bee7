"""A table: the records of a sheet as frozen rows, each cell as its column declares it."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
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
    values = [_Values(columns[field]) for field in fields]
    rows: list[Any] = []
    lines: list[int] = []
    for record in sheet.records:
        try:
            held = [known[text] for known, text in zip(values, record.cells, strict=True)]
        except CellError:
            sheet.faults.extend(_faults(sheet, record, values))
            if len(sheet.faults) >= MOST_FAULTS:
                found = f"{MOST_FAULTS} faults"
                sheet.faults.append(Fault(sheet.name, found, "a table", record.line, 0, "Reading stopped here"))
                break
        else:
            rows.append(table(**dict(zip(fields, held, strict=True))))
            lines.append(record.line)
    sheet.faults.extend(_repeated(sheet, table, rows, lines))
    return tuple(rows), tuple(lines)


class _Values(dict[str, Any]):
    """The values of a column by the text of its cells; a text that was seen before is not converted again."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self.column = column

    def __missing__(self, text: str) -> Any:
        value = self[text] = value_of(text, self.column)
        return value


def _faults(sheet: Sheet, record: Record, values: list[_Values]) -> Iterator[Fault]:
    """What is wrong with the cells of a record."""
    for position, (known, text) in enumerate(zip(values, record.cells, strict=True)):
        try:
            known[text]
        except CellError as error:
            found = f"{error.found} in {sheet.header[position]}"
            yield Fault(sheet.name, found, error.expected, record.line, record.column(position), error.remedy)


def _repeated(sheet: Sheet, table: type, rows: list[Any], lines: list[int]) -> list[Fault]:
    """Faults of rows whose key stands on an earlier line."""
    names = key_columns(table)
    keys = list(zip(*(map(attrgetter(name), rows) for name in names), strict=True))
    if len(set(keys)) == len(keys):
        return []
    first: dict[tuple[Any, ...], int] = {}
    faults = []
    for key, line in zip(keys, lines, strict=True):
        if key in first:
            shown = "/".join(map(str, key))
            found = f"the {' and '.join(name.removesuffix('_') for name in names)} {shown!r} again"
            faults.append(Fault(sheet.name, found, f"each once: it stands on line {first[key]} already", line, 1))
        else:
            first[key] = line
    return faults
