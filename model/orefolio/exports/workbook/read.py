"""A workbook that was filled in, read back: the files of a case. What is wrong is told by sheet and cell."""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from orefolio.case.cells import CellError, value_of
from orefolio.case.columns import Column, declared
from orefolio.case.csv_text import CONTROL, MOST_COLUMNS, MOST_FAULTS, MOST_LINES
from orefolio.case.rows import titles
from orefolio.case.schema import TABLES
from orefolio.case.structure import FILE
from orefolio.errors import Fault, InputError, nearest

from .choosing import LISTS
from .sheets import library
from .template import ABOUT, TEXT_COLUMNS, TEXTS

MOST_BYTES = 200_000_000
"""All sheets together, unpacked."""
NAME = re.compile(r"case\.yaml|README[\w.-]*|overlays/\w[\w.-]*\.yaml")
BROKEN = (
    OSError, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, EOFError, RuntimeError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What the library raises where the inside of a workbook is not what it should be."""


def case_of_book(path: Path) -> dict[str, str]:
    """File name to text of the case in a workbook. Raises InputError with every fault, MissingExtraError.

    What rows say of each other is not looked at; `orefolio check` does that.
    """
    library()
    _refuse_unsafe(path)
    reading = _Reading(path)
    try:
        reading.read()
    except InputError:
        raise
    except BROKEN as error:
        found = f"a workbook that cannot be read ({type(error).__name__}: {error})"
        raise InputError([Fault(str(path), found, "a workbook as Excel saves it")]) from error
    if reading.faults:
        raise InputError(reading.faults)
    return reading.files


def _refuse_unsafe(path: Path) -> None:
    """Raise InputError where the file is no packed workbook, or would unpack to too much."""
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
    except FileNotFoundError:
        raise InputError([Fault(str(path), "no such file", "a workbook, .xlsx")]) from None
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        found = f"a file that is no workbook ({error})"
        raise InputError([Fault(str(path), found, "a workbook, .xlsx", remedy="Save it as .xlsx")]) from error
    if size > MOST_BYTES:
        raise InputError([Fault(str(path), f"{size:,} bytes, unpacked", f"at most {MOST_BYTES:,}")])


class _Reading:
    """The files that were read so far, and what was wrong."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files: dict[str, str] = {}
        self.faults: list[Fault] = []

    def read(self) -> None:
        book = library().load_workbook(self.path, read_only=True, keep_links=False)
        try:
            for sheet in book.worksheets:
                if sheet.title in TABLES:
                    self._table(sheet)
                elif sheet.title == TEXTS:
                    self._texts(sheet)
                elif sheet.title not in (ABOUT, LISTS):
                    remedy = nearest(sheet.title, [*TABLES, TEXTS]) or "Take it out of the workbook"
                    self._fault(sheet, 0, 0, "a sheet that is no table", "the sheets of a case", remedy)
        finally:
            book.close()
        if FILE not in self.files:
            found = f"no {FILE} on the sheet {TEXTS}"
            self.faults.append(Fault(str(self.path), found, "it, with file and line in columns of that name"))

    def _fault(self, sheet: Any, row: int, column: int, found: str, expected: str, remedy: str = "") -> None:
        cell = f", cell {library().utils.get_column_letter(column)}{row}" if row else ""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(f"{self.path}, sheet {sheet.title}{cell}", found, expected, remedy=remedy))

    def _rows(self, sheet: Any) -> Iterator[tuple[int, list[str]]]:
        """The number and the texts of each row that is not blank, the heading first."""
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(), 1):
            if all(cell.value is None for cell in cells):
                continue
            filled = max(place for place, cell in enumerate(cells, 1) if cell.value is not None)
            if number > MOST_LINES or filled > MOST_COLUMNS:
                self._fault(sheet, number, filled, "a cell", f"at most {MOST_LINES:,} rows of {MOST_COLUMNS} columns")
                return
            yield number, [self._text(sheet, number, place, cell) for place, cell in enumerate(cells[:filled], 1)]

    def _text(self, sheet: Any, row: int, column: int, cell: Any) -> str:
        """What a cell says, as a file has it."""
        value = cell.value
        if value is None:
            return ""
        if cell.data_type == "f":
            self._fault(sheet, row, column, f"the formula {value}", "a value", "Paste its value in its place")
        elif cell.data_type == "e":
            self._fault(sheet, row, column, f"the error {value}", "a value")
        elif isinstance(value, bool):
            return "yes" if value else "no"
        elif isinstance(value, int | float):
            return repr(value) if isinstance(value, int) or not value.is_integer() else f"{value:.0f}"
        elif isinstance(value, datetime.datetime) and value.time() == datetime.time():
            return value.date().isoformat()
        elif isinstance(value, str):
            bad = CONTROL.search(value) or re.search("\n", value)
            if bad is None:
                return value
            self._fault(sheet, row, column, f"the control character U+{ord(bad[0]):04X}", "one line of text")
        else:
            self._fault(sheet, row, column, str(value), "a text, a number or a date")
        return ""

    def _table(self, sheet: Any) -> None:
        """A table as a CSV file with the columns that somebody has filled."""
        rows = self._rows(sheet)
        first, header = next(rows, (0, []))
        records = [(number, [*cells, *[""] * (len(header) - len(cells))]) for number, cells in rows]
        if not records or not self._header(sheet, first, header):
            return
        columns, fields = declared(TABLES[sheet.title]), titles(TABLES[sheet.title])
        for number, cells in records:
            if len(cells) > len(header):
                self._fault(sheet, number, len(cells), repr(cells[-1]), "nothing: the column has no heading")
            for place, title in enumerate(header):
                self._check(sheet, number, place + 1, cells[place], columns[fields[title]])
        kept = [
            place
            for place, title in enumerate(header)
            if not columns[fields[title]].optional or any(cells[place] for _, cells in records)
        ]
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([header[place] for place in kept])
        writer.writerows([cells[place] for place in kept] for _, cells in records)
        self.files[f"{sheet.title}.csv"] = stream.getvalue()

    def _header(self, sheet: Any, row: int, header: list[str]) -> bool:
        """Whether the heading has columns of the table only, each once, and all that are needed."""
        columns, fields = declared(TABLES[sheet.title]), titles(TABLES[sheet.title])
        before = len(self.faults)
        for place, title in enumerate(header, 1):
            if title not in fields:
                remedy = nearest(title, fields)
                self._fault(sheet, row, place, f"the column {title!r}", "a column of this table", remedy)
            elif title in header[: place - 1]:
                self._fault(sheet, row, place, f"the column {title!r} again", "each column once")
        for title, field in fields.items():
            if not columns[field].optional and title not in header:
                self._fault(sheet, row, len(header) + 1, f"no column {title!r}", "it in the heading")
        return len(self.faults) == before

    def _check(self, sheet: Any, row: int, place: int, text: str, column: Column) -> None:
        try:
            value_of(text, column)
        except CellError as error:
            self._fault(sheet, row, place, error.found, error.expected, error.remedy)

    def _texts(self, sheet: Any) -> None:
        """Files that are no tables, put together from their lines."""
        rows = self._rows(sheet)
        first, header = next(rows, (1, []))
        if header != list(TEXT_COLUMNS):
            self._fault(sheet, first, 1, f"the heading {', '.join(header)}", f"{', '.join(TEXT_COLUMNS)}")
            return
        lines: dict[str, list[str]] = {}
        for number, cells in rows:
            if NAME.fullmatch(cells[0]):
                lines.setdefault(cells[0], []).append(cells[1] if len(cells) > 1 else "")
            else:
                expected = f"{FILE}, README… or overlays/NAME.yaml"
                self._fault(sheet, number, 1, f"the file {cells[0]!r}", expected)
        self.files |= {name: "\n".join([*text, ""]) for name, text in lines.items()}
