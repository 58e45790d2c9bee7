"""What the numbers of a case rest on: facts of the register, assumptions of ours, or nothing yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache
from typing import NamedTuple

from .case import Case, row_keys
from .columns import declared
from .schema import TABLES
from .schema.assumptions import Basis

OUTSIDE = ("basis", "calibration", "levers", "lever_adjustments", "sweeps", "future_events")
"""Tables whose numbers carry their source themselves, or say only when and by what."""


class Cell(NamedTuple):
    """A numeric input that is not the default of its column."""

    table: str
    number: int
    row: str
    column: str


@dataclass(frozen=True)
class Support:
    """How many numeric inputs rest on what."""

    on_facts: int
    on_assumptions: int
    uncovered: tuple[Cell, ...]

    @property
    def total(self) -> int:
        """All numeric inputs that are not defaults."""
        return self.on_facts + self.on_assumptions + len(self.uncovered)

    def share(self, count: int) -> float:
        """A count as a share of all; 0 where there are none."""
        return count / self.total if self.total else 0.0


class BasisIndex:
    """The basis rows of a case by table, the most specific first."""

    def __init__(self, case: Case) -> None:
        self._rows: dict[str, list[tuple[re.Pattern[str], re.Pattern[str], Basis]]] = {}
        self._first: dict[tuple[str, tuple[int, ...], str], Basis | None] = {}
        for row in sorted(case.rows("basis"), key=_wildness):
            patterns = re.compile(translate(row.row)), re.compile(translate(row.column))
            self._rows.setdefault(row.table, []).append((*patterns, row))

    def matching(self, table: str, key: str) -> tuple[int, ...]:
        """The basis rows for a row of a table, each by its number among those of the table."""
        return tuple(number for number, (row, _, _) in enumerate(self._rows.get(table, ())) if row.match(key))

    def first(self, table: str, matching: tuple[int, ...], column: str) -> Basis | None:
        """The most specific of some basis rows that is for a column."""
        asked = (table, matching, column)
        if asked not in self._first:
            candidates = [self._rows[table][number] for number in matching]
            self._first[asked] = next((basis for _, pattern, basis in candidates if pattern.match(column)), None)
        return self._first[asked]

    def find(self, table: str, key: str, column: str) -> Basis | None:
        """The most specific basis of a cell."""
        return self.first(table, self.matching(table, key), column)


def _wildness(row: Basis) -> tuple[int, int]:
    """Fewest signs that match anything first; then the longest."""
    pattern = row.row + row.column
    return len(re.findall("[*?]", pattern)), -len(pattern)


def basis_of(case: Case, table: str, row: str, column: str) -> Basis | None:
    """What a number rests on. row: key of the row, several keys joined by `/`. The most specific match wins."""
    return BasisIndex(case).find(table, row, column)


def numeric_cells(case: Case) -> Iterator[Cell]:
    """Every numeric input that is not the default of its column."""
    for table, declaration in TABLES.items():
        if table in OUTSIDE:
            continue
        columns = [
            (name, column)
            for name, column in declared(declaration).items()
            if column.kind in ("number", "whole", "years") and not column.part_of_key
        ]
        rows = case.rows(table)
        for number, (key, row) in enumerate(zip(row_keys(table, rows), rows, strict=True)):
            for name, column in columns:
                if not column.optional or getattr(row, name) != column.default:
                    yield Cell(table, number, key, name)


@lru_cache(maxsize=8)
def support(case: Case) -> Support:
    """Count the inputs that rest on facts, on assumptions, and on nothing."""
    index = BasisIndex(case)
    on_facts = on_assumptions = 0
    uncovered = []
    matching: tuple[int, ...] = ()
    before: tuple[str, int] | None = None
    for cell in numeric_cells(case):
        if before != (cell.table, cell.number):
            matching = index.matching(cell.table, cell.row)
            before = (cell.table, cell.number)
        basis = index.first(cell.table, matching, cell.column)
        if basis is None:
            uncovered.append(cell)
        elif basis.facts:
            on_facts += 1
        else:
            on_assumptions += 1
    return Support(on_facts, on_assumptions, tuple(uncovered))
