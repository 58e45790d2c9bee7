"""A table of the run against the one reckoned here: the same columns, the same rows, the same numbers and words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat

import numpy as np

from .evidence import Evidence, Item, Table
from .life import Life
from .tally import LEAST_REPORTED, TOLERANCE, Tally

TINY = 1e-6
"""Tonnes, or shares of a decision, that tables leave out: a rounding error of the solver."""
Key = tuple[str, ...]
Words = Mapping[str, Callable[[Key], str]]
"""A column of text to what it should say in the row of a key."""


@dataclass
class Sum:
    """A number of a table, and the size of what it is a sum of. value: None for a blank cell."""

    value: float | None = 0.0
    size: float = 0.0

    def add(self, amount: float) -> None:
        """Add a term."""
        self.value = (self.value or 0.0) + amount
        self.size += abs(amount)


@dataclass
class Reckoned:
    """Rows by their key. rows: value and size of each number, in turn; not a number for a blank cell.

    words: what rows say in text beside their key, column to text.
    """

    width: int
    rows: dict[Key, list[float]] = field(default_factory=dict)
    words: dict[Key, dict[str, str]] = field(default_factory=dict)

    def add(self, key: Iterable[object], *amounts: float) -> None:
        """Add terms to the numbers of a row."""
        name = tuple(map(str, key))
        row = self.rows.get(name)
        if row is None:
            row = self.rows[name] = [0.0] * (2 * self.width)
        for place, amount in enumerate(amounts):
            row[2 * place] += amount
            row[2 * place + 1] += abs(amount)

    def put(self, key: Iterable[object], *numbers: float | Sum | None, **words: str) -> None:
        """Put a row, as wide as all."""
        if len(numbers) != self.width:
            raise ValueError(f"a row of {len(numbers)} numbers where {self.width} are reckoned")
        row: list[float] = []
        for each in numbers:
            if isinstance(each, Sum):
                row += (math.nan if each.value is None else each.value, each.size)
            else:
                row += (math.nan, 0.0) if each is None else (each, abs(each))
        name = tuple(map(str, key))
        self.rows[name] = row
        if words:
            self.words[name] = words

    def says(self, *columns: str) -> Words:
        """The words of each row in some columns."""
        return {column: lambda key, name=column: self.words[key][name] for column in columns}  # type: ignore[misc]


def compare(
    tally: Tally,
    evidence: Evidence,
    table: str,
    keys: tuple[str, ...],
    numbers: tuple[str, ...],
    reckoned: Reckoned,
    words: Words | None = None,
) -> None:
    """Count every cell of a table: its columns are those named here. A row of nothing but zeros may be left out."""
    read = evidence.tables.get(table)
    if read is None:
        tally.holds(False, "table", table, "is missing")
        return
    words = words or {}
    fine = set(read.columns) == {*keys, *numbers, *words}
    tally.holds(fine, "table", table, f"has the columns {', '.join(read.columns)}")
    left = dict(reckoned.rows)
    found = list(zip(*(read.texts(column) for column in keys), strict=True))
    rows = list(map(left.pop, found, repeat(None)))
    if None in rows:
        for key, row in zip(found, rows, strict=True):
            if row is None:
                tally.holds(False, "table", table, key, "is in the table and not in the plan")
    _numbers(tally, read, table, found, numbers, rows)
    for column, says in words.items():
        expected = ["" if row is None else says(key) for key, row in zip(found, rows, strict=True)]
        texts(tally, (table, column), found, read.texts(column), expected)
    for key, totals in left.items():
        nothing = all(
            abs(value) <= 1e-9 * max(1.0, size) for value, size in zip(totals[::2], totals[1::2], strict=True)
        )
        tally.holds(nothing, "table", table, key, "is in the plan and not in the table")


def said(evidence: Evidence, table: str, keys: tuple[str, ...], column: str) -> dict[Key, str]:
    """What a table says in a column of text, by the key of its rows; nothing where it is missing."""
    read = evidence.tables.get(table)
    if read is None:
        return {}
    return dict(zip(zip(*(read.texts(name) for name in keys), strict=True), read.texts(column), strict=True))


def texts(tally: Tally, what: Key, keys: Sequence[Key], said: Sequence[str], expected: Sequence[str]) -> None:
    """Count cells of text."""
    if list(said) == list(expected):
        tally.items += len(said)
        return
    for key, text, other in zip(keys, said, expected, strict=True):
        if text == other:
            tally.items += 1
        else:
            tally.holds(False, "table", what, key, f"says {text!r} instead of {other!r}")


def _numbers(
    tally: Tally,
    read: Table,
    table: str,
    keys: Sequence[Key],
    numbers: tuple[str, ...],
    rows: Sequence[list[float] | None],
) -> None:
    """Count numbers, all at once where they agree, and one by one where they do not or a cell is blank."""
    blank = [math.nan] * (2 * len(numbers))
    columns = [read.numbers(column) for column in numbers]
    flat = chain.from_iterable(row or blank for row in rows)
    mine = np.fromiter(flat, dtype=float, count=len(rows) * len(blank)).reshape(len(rows), len(blank))
    said, value, size = np.array(columns, dtype=float).T, mine[:, 0::2], mine[:, 1::2]
    most = np.maximum(np.maximum(size, np.abs(value)), LEAST_REPORTED)
    with np.errstate(invalid="ignore"):  # of infinite numbers, which are compared one by one
        off = np.abs(said - value)
        agree = (off <= TOLERANCE * most) & np.isfinite(most)
        tally.largest = max(tally.largest, float(np.max((off / most)[agree], initial=0.0)))
    tally.items += int(agree.sum())
    for line, place in np.argwhere(~agree).tolist():
        if rows[line] is not None:
            reckoned = float(value[line, place])
            other = None if math.isnan(reckoned) else reckoned
            what = ("table", table, keys[line], numbers[place])
            tally.agrees(columns[place][line], other, float(size[line, place]), *what)


def seen(life: Life, variable: str) -> list[Item]:
    """The values of a variable that tables count."""
    return [item for item in life.walk.items.get(variable, ()) if abs(item.value) > TINY]
