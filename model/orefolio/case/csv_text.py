"""A CSV file as text, cell by cell, each with line and column. Nothing is guessed: NA, NO and 007 stay as written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from orefolio.errors import Fault, nearest

SPACE = re.compile(r"^\s|\s$")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}
MOST_FAULTS = 1000
MOST_COLUMNS = 200
MOST_LINES = 30_000
LONGEST_LINE = 50_000


@dataclass(frozen=True)
class Record:
    """One line of a file: its number, its text and its cells."""

    line: int
    text: str
    cells: list[str]

    def column(self, position: int) -> int:
        """Column of the line, from 1, where a cell starts; the end of the line for a cell that is not there."""
        return column_of_cell(self.text, position)


@dataclass(frozen=True)
class Sheet:
    """A file that was split: its header and its records, whose cells stand in the order of `header`."""

    name: str
    header: tuple[str, ...]
    records: list[Record]
    faults: list[Fault]
    warnings: list[Fault]


class _UnclosedQuoteError(Exception):
    def __init__(self, column: int, found: str) -> None:
        self.column = column
        self.found = found


def split_line(line: str) -> list[str]:
    """The cells of a line. A cell in quotes may hold commas, and quotes written twice, but no line break."""
    return line.split(",") if '"' not in line else [cell for cell, _ in _quoted_cells(line)]


def column_of_cell(line: str, position: int) -> int:
    """Column of a line, from 1, where the cell at `position` starts."""
    if '"' not in line:
        starts = [1]
        for cell in line.split(",")[:-1]:
            starts.append(starts[-1] + len(cell) + 1)
    else:
        starts = [start for _, start in _quoted_cells(line)]
    return starts[position] if position < len(starts) else len(line) + 1


def _quoted_cells(line: str) -> list[tuple[str, int]]:
    """Cells with their columns. Raises _UnclosedQuoteError."""
    cells = []
    place = 0
    while True:
        start = place
        if line.startswith('"', place):
            end = _closing_quote(line, place)
            cell = line[place + 1 : end].replace('""', '"')
            place = end + 1
            if place < len(line) and line[place] != ",":
                raise _UnclosedQuoteError(place + 1, "text after the closing quote")
        else:
            comma = line.find(",", place)
            place = len(line) if comma < 0 else comma
            cell = line[start:place]
        cells.append((cell, start + 1))
        if place >= len(line):
            return cells
        place += 1


def _closing_quote(line: str, opening: int) -> int:
    place = opening + 1
    while True:
        place = line.find('"', place)
        if place == -1:
            raise _UnclosedQuoteError(opening + 1, "a quote that is not closed on its line")
        if not line.startswith('""', place):
            return place
        place += 2


def split_sheet(text: str, name: str, known: Sequence[str], needed: Sequence[str]) -> Sheet:
    """Split a table. known: columns it may have, needed: those it must. Faults are gathered in the sheet."""
    sheet = Sheet(name, (), [], [], [])
    count = text.count("\n")
    if count > MOST_LINES:
        found = f"{count:,} lines"
        sheet.faults.append(Fault(name, found, f"at most {MOST_LINES:,}", MOST_LINES + 1, 1, "Thin the table"))
        return sheet
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    header = _header(lines[first], first + 1, sheet, known, needed)
    if header is None:
        return sheet
    last = len(lines)
    while not lines[last - 1].strip(", \t"):  # ends at the header, which holds a name
        last -= 1
    for number in range(first + 1, last):
        _take(lines[number], number + 1, header, sheet)
        if len(sheet.faults) >= MOST_FAULTS:
            sheet.faults.append(Fault(name, f"{MOST_FAULTS} faults", "a table", number + 1, 0, "Reading stopped here"))
            break
    return Sheet(name, tuple(header), sheet.records, sheet.faults, sheet.warnings)


def _take(line: str, number: int, header: list[str], sheet: Sheet) -> None:
    if not line.strip(", \t"):
        sheet.warnings.append(Fault(sheet.name, "a blank line", "a row", number, 1, "It is left out"))
        return
    cells = _split_or_fault(line, number, sheet)
    if cells is None:
        return
    record = Record(number, line, cells)
    if len(cells) < len(header):
        missing = ", ".join(header[len(cells) :])
        found, remedy = f"{len(cells)} cells", f"Cells are missing from {missing}"
        sheet.faults.append(Fault(sheet.name, found, f"{len(header)}", number, record.column(len(cells)), remedy))
    elif len(cells) > len(header):
        at = record.column(len(header))
        sheet.faults.append(Fault(sheet.name, f"{len(cells)} cells", f"{len(header)}", number, at, _surplus(cells)))
    else:
        sheet.records.append(record)


def _surplus(cells: list[str]) -> str:
    for left, right in pairwise(cells):
        if re.fullmatch(r"[+-]?\d+", left, re.ASCII) and re.fullmatch(r"\d+", right, re.ASCII):
            return f"If {left},{right} is one number, write {left}.{right}: the decimal sign is a point"
    return "Put a text that holds a comma in double quotes"


def _split_or_fault(line: str, number: int, sheet: Sheet) -> list[str] | None:
    if len(line) > LONGEST_LINE:
        found = f"a line of {len(line):,} letters"
        sheet.faults.append(Fault(sheet.name, found, f"at most {LONGEST_LINE:,}", number, 1))
        return None
    bad = CONTROL.search(line)
    if bad:
        found = f"the control character U+{ord(bad[0]):04X}"
        remedy = "Save the file with the line ends of Unix or Windows" if bad[0] == "\r" else ""
        sheet.faults.append(Fault(sheet.name, found, "text", number, bad.start() + 1, remedy))
        return None
    try:
        return split_line(line)
    except _UnclosedQuoteError as error:
        remedy = "A quote inside a quoted cell is written twice"
        sheet.faults.append(Fault(sheet.name, error.found, "a cell in quotes", number, error.column, remedy))
        return None


def _header(line: str, number: int, sheet: Sheet, known: Sequence[str], needed: Sequence[str]) -> list[str] | None:
    """The header; None where the rows cannot be read by it."""
    if "," not in line and len(known) > 1:
        for sign, words in OTHER_DELIMITERS.items():
            if sign in line:
                remedy = "Save it as CSV with commas, and points in numbers"
                found = f"{words} between the columns"
                sheet.faults.append(Fault(sheet.name, found, "commas", number, line.index(sign) + 1, remedy))
                return None
    cells = _split_or_fault(line, number, sheet)
    if cells is None:
        return None
    if len(cells) > MOST_COLUMNS:
        sheet.faults.append(Fault(sheet.name, f"{len(cells)} columns", f"at most {len(known)}", number, 1))
        return None
    header = Record(number, line, cells)
    before = len(sheet.faults)
    for position, title in enumerate(cells):
        wrong = _wrong_title(title, cells[:position], known, needed)
        if wrong:
            found, expected, remedy = wrong
            sheet.faults.append(Fault(sheet.name, found, expected, number, header.column(position), remedy))
    meant = {title.strip().lower() for title in cells}
    for title in needed:
        if title not in meant:
            at = len(line) + 1
            sheet.faults.append(Fault(sheet.name, f"no column {title!r}", "it in the header", number, at))
    return cells if len(sheet.faults) == before else None


def _wrong_title(
    title: str, before: Sequence[str], known: Sequence[str], needed: Sequence[str]
) -> tuple[str, str, str] | None:
    """What was found, what was expected and the remedy; None for a sound title."""
    if title in before:
        return f"the column {title!r} again", "each column once", f"It is column {before.index(title) + 1} already"
    if title in known:
        return None
    if not title:
        return "a column without a name", "a name in every cell of the header", ""
    if SPACE.search(title) and title.strip() in known:
        names = {"\xa0": "<no-break space>", " ": "<space>", "\t": "<tab>"}
        shown = "".join(names.get(sign, sign) for sign in title)
        return f"the column name {shown}", repr(title.strip()), "Take the space out"
    if title.strip().lower() in known:
        return f"the column {title!r}", repr(title.strip().lower()), "Names of columns are written in small letters"
    wanting = [name for name in needed if name not in before]
    offer = nearest(title, known) or nearest(title.lower(), wanting) or f"Known: {', '.join(known)}"
    return f"the column {title!r}", "a column of this table", offer
