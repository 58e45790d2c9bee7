"""Cases of older schemas, read in the words of this one. STEPS is the table of contents.

A step leads from one schema to the next: columns that have another name since. They are renamed in the head of their
table, and where other tables speak of them: events, levers and the basis name a table and a column, and select rows by
column. Lines keep their numbers, so that faults are told where they stand.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

NUMBERED = re.compile(r"orefolio-case/(\d+)")


@dataclass(frozen=True)
class Step:
    """From an older schema to the next. columns: by table, the name until then and the name since."""

    to: str
    columns: Mapping[str, Mapping[str, str]]


STEPS: dict[str, Step] = {}
"""By the schema that a step leads from. A case of a schema that no step leads from is refused."""


def is_newer(schema: str, own: str) -> bool:
    """Whether a schema is a later one than this version's own."""
    found, known = NUMBERED.fullmatch(schema), NUMBERED.fullmatch(own)
    return bool(found and known and int(found[1]) > int(known[1]))


def in_todays_words(text: str, table: str, schema: str) -> str:
    """The text of a table's file, brought from an older schema to this one step by step."""
    while schema in STEPS:
        text, schema = _renamed(text, table, STEPS[schema].columns), STEPS[schema].to
    return text


def _renamed(text: str, table: str, columns: Mapping[str, Mapping[str, str]]) -> str:
    lines = text.split("\n")
    head = _cells(lines[0])
    own = columns.get(table, {})
    lines[0] = _line(lines[0], [own.get(cell, cell) for cell in head])
    if {"table", "column"} <= set(head):
        lines[1:] = [_pointing(line, head, columns) for line in lines[1:]]
    return "\n".join(lines)


def _pointing(line: str, head: list[str], columns: Mapping[str, Mapping[str, str]]) -> str:
    """A line that names a table, a column of it and perhaps the rows: columns by the names since."""
    cells = _cells(line)
    if len(cells) != len(head):
        return line
    row = dict(zip(head, cells, strict=True))
    for old, new in columns.get(row["table"], {}).items():
        row["column"] = new if row["column"] == old else row["column"]
        if "where" in row:
            row["where"] = re.sub(rf"(?<![\w-]){re.escape(old)}(?==)", new, row["where"])
    return _line(line, list(row.values()))


def _cells(line: str) -> list[str]:
    return next(csv.reader([line]), [])


def _line(line: str, cells: list[str]) -> str:
    """The line as it is where its cells are, else the cells as a line."""
    if cells == _cells(line):
        return line
    stream = io.StringIO()
    csv.writer(stream, lineterminator="").writerow(cells)
    return stream.getvalue() + ("\r" if line.endswith("\r") else "")
