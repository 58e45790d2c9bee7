"""A table of the run against the one reckoned here: the same rows, the same numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from .evidence import Evidence, Item
from .life import Life
from .tally import Tally

TINY = 1e-6
"""Tonnes, or shares of a decision, that tables leave out: a rounding error of the solver."""
Key = tuple[str, ...]


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
    """Rows by their key, each with its numbers."""

    width: int
    rows: dict[Key, list[Sum]] = field(default_factory=dict)

    def add(self, key: Iterable[object], *amounts: float) -> None:
        """Add terms to the numbers of a row."""
        name = tuple(map(str, key))
        if name not in self.rows:
            self.rows[name] = [Sum() for _ in range(self.width)]
        for total, amount in zip(self.rows[name], amounts, strict=True):
            total.add(amount)

    def put(self, key: Iterable[object], *numbers: float | Sum | None) -> None:
        """Put a row."""
        self.rows[tuple(map(str, key))] = [
            each if isinstance(each, Sum) else Sum(each, abs(each or 0.0)) for each in numbers
        ]


def compare(
    tally: Tally, evidence: Evidence, table: str, keys: tuple[str, ...], numbers: tuple[str, ...], reckoned: Reckoned
) -> None:
    """Count every number of a table. A row of nothing but zeros may be left out."""
    if table not in evidence.tables:
        tally.holds(False, "table", table, "is missing")
        return
    read = evidence.tables[table]
    left = dict(reckoned.rows)
    said = zip(*(read.numbers(column) for column in numbers), strict=True)
    for key, values in zip(zip(*(read.texts(column) for column in keys), strict=True), said, strict=True):
        expected = left.pop(key, None)
        if expected is None:
            tally.holds(False, "table", table, key, "is in the table and not in the plan")
            continue
        for column, value, total in zip(numbers, values, expected, strict=True):
            tally.agrees(value, total.value, total.size, "table", table, key, column)
    for key, totals in left.items():
        nothing = all(abs(total.value or 0.0) <= 1e-9 * max(1.0, total.size) for total in totals)
        tally.holds(nothing, "table", table, key, "is in the plan and not in the table")


def seen(life: Life, variable: str) -> list[Item]:
    """The values of a variable that tables count."""
    return [item for item in life.walk.of(variable) if abs(item.value) > TINY]
