"""Futures that tell time alike and differ in numbers, as one path whose numbers are one for each of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import cached_property

import numpy as np

from .scenarios import Path, Span
from .several import same, several

LEAST = 2
"""Fewest futures that are stated together."""


class Together(Path):
    """Several paths as one. What it gives is a plain number where all have the same, else one for each of them.

    Raises PartedError, from whatever asks, where an answer that is no number differs between them.
    """

    def __init__(self, members: Iterable[Path]) -> None:
        self._members = tuple(members)
        one = self._one
        super().__init__(
            one.case, "several futures", math.nan, None, one.periods, (), one.changes, one.companions, one.everyone
        )

    @property
    def _one(self) -> Path:
        """Any of them, where all are alike."""
        return next(iter(self._members))

    @property
    def members(self) -> tuple[Path, ...]:
        """The futures that this path stands for."""
        return self._members

    @cached_property
    def _touched(self) -> frozenset[tuple[str, str]]:
        return frozenset((change.table, change.column) for path in self.members for change in path.changes)

    def series(self, table: str, key: str, column: str) -> list[float]:
        """As for one path."""
        cell = (table, key, column)
        if cell not in self._series:
            self._series[cell] = self._found(cell, Path.series)
        return self._series[cell]

    def _found(self, cell: tuple[str, str, str], number_of: Callable[..., list[float]]) -> list[float]:
        if (cell[0], cell[2]) not in self._touched:
            return number_of(self._one, *cell)
        each = [number_of(path, *cell) for path in self.members]
        return [several(numbers) for numbers in zip(*each, strict=True)]

    def at(self, table: str, key: str, column: str, time: float) -> float:
        """As for one path."""
        if (table, column) not in self._touched:
            return self._one.at(table, key, column, time)
        return float(several(path.at(table, key, column, time) for path in self.members))

    def known(self, table: str, key: str, column: str) -> list[float]:
        """As for one path."""
        cell = (table, key, column)
        if cell not in self._known:
            self._known[cell] = self._found(cell, Path.known)
        return self._known[cell]

    def may_commit(self, number: int) -> bool:
        """As for one path."""
        if number not in self._open:
            self._open[number] = self.asked(lambda path: path.may_commit(number))
        return self._open[number]

    @cached_property
    def segments(self) -> tuple[Span, ...]:
        """As for one path."""
        segments = self._one.segments
        self.asked(lambda path: path.segments == segments)
        return segments

    def asked(self, question: Callable[[Path], bool]) -> bool:
        """The answer that every path gives."""
        return same(np.fromiter(map(question, self.members), dtype=bool, count=len(self.members)))


def alike(paths: Iterable[Path]) -> list[tuple[Path, ...]]:
    """Paths that may be stated together: those that tell time alike and whose projects meet the same changes."""
    groups: dict[object, list[Path]] = {}
    for path in paths:
        projects = tuple(change for change in path.changes if change.table == "projects")
        groups.setdefault((path.periods, projects), []).append(path)
    return [tuple(group) for group in groups.values()]
