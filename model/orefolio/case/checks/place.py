"""Where a finding stands: file, line and column of a cell of a case that was read."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path

from orefolio.errors import Fault, InputError, nearest

from ..case import Case
from ..csv_text import column_of_cell, split_line
from ..yaml_text import parse_yaml

MOST_COMPARED = 60


def fault_at(case: Case, table: str, number: int, column: str, found: str, expected: str, remedy: str = "") -> Fault:
    """A fault at a cell. number: of the row in its table, from 0; column: as declared."""
    folders = case.folders.get(table, ())
    path = (folders[number] if number < len(folders) else case.folder) / f"{table}.csv"
    lines = case.lines.get(table, ())
    line = lines[number] if number < len(lines) else 0
    return Fault(str(path), found, expected, line, _column(path, line, column.removesuffix("_")), remedy)


def fault_of_table(case: Case, table: str, column: str, found: str, expected: str, remedy: str = "") -> Fault:
    """A fault of a whole column, which stands at its title."""
    path = case.folder / f"{table}.csv"
    line = 1 if case.lines.get(table) else 0
    return Fault(str(path), found, expected, line, _column(path, line, column), remedy)


def fault_of_case(case: Case, key: str, found: str, expected: str, remedy: str = "") -> Fault:
    """A fault of case.yaml, which stands at one of its keys."""
    path = case.folder / "case.yaml"
    try:
        line, column = parse_yaml(path.read_text(encoding="utf-8-sig"), path.name).keys.get(key, (0, 0))
    except (OSError, ValueError, InputError):
        line, column = 0, 0
    return Fault(str(path), found, expected, line, column, remedy)


def without_rows(case: Case, table: str, column: str, other: str, found: str, expected: str) -> Iterator[Fault]:
    """A fault for each row of a table whose id no row of another names. found: with `{}` for the id in quotes."""
    named = {getattr(row, column) for row in case.rows(other)}
    for number, row in enumerate(case.rows(table)):
        name = getattr(row, column)
        if name not in named:
            yield fault_at(case, table, number, column, found.format(repr(name)), expected)


def near(word: str, known: Collection[str]) -> str:
    """The nearest known names, as `nearest`; of very many, only those that begin alike are compared."""
    if len(known) > MOST_COMPARED:
        known = [name for name in known if name[:2] == word[:2]][:MOST_COMPARED]
    return nearest(word, known)


def _column(path: Path, line: int, title: str) -> int:
    """Column of the line where a cell stands. The file is read again: only a faulty case needs it."""
    try:
        state = path.stat()
        text = _lines(path, state.st_mtime_ns, state.st_size)
        header = next(split_line(entry) for entry in text if entry.strip())
        return column_of_cell(text[line - 1], header.index(title)) if 0 < line <= len(text) else 0
    except (OSError, ValueError, StopIteration):
        return 0


@lru_cache(maxsize=8)
def _lines(path: Path, changed: int, size: int) -> list[str]:
    return [line.removesuffix("\r") for line in path.read_text(encoding="utf-8-sig").split("\n")]
