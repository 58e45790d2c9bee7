"""Where rows and columns of a program stand in another of the same case that has others, or other periods or nodes.

A row or column of a future is sought in the same future of the other, in the period that holds its period's start. So
one that several futures share may have a counterpart that only some of them share, and several may have the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..case.scenarios import Path
from .merge import ABSENT, Merged
from .program import Label, Labelled, Labels, Places


@dataclass(frozen=True)
class Part:
    """The columns or the rows of a program. of: for each future, (its own,), their numbers among them."""

    labels: Labels
    of: tuple[Places, ...]

    @property
    def count(self) -> int:
        """How many come from the futures; what stands behind them is asked over the futures together."""
        return max((int(each.max()) + 1 for each in self.of if each.size), default=0)


class Counterparts:
    """A merged program in which columns and rows of others are sought."""

    def __init__(self, merged: Merged) -> None:
        self.paths = {flat.path.future: (number, flat.path) for number, flat in enumerate(merged.flats)}
        self.known = tuple(map(_Known, _parts(merged)))

    def of(self, other: Merged) -> tuple[Places, Places]:
        """For each column of another program and for each of its rows the number here, ABSENT where there is none."""
        columns, rows = (self._found(known, part, other) for known, part in zip(self.known, _parts(other), strict=True))
        return columns, rows

    def _found(self, known: _Known, part: Part, other: Merged) -> Places:
        places = np.full(len(part.labels), ABSENT, dtype=np.int32)
        kinds: dict[tuple[int, ...] | None, Places] = {}
        for flat, numbers in zip(other.flats, part.of, strict=True):
            if flat.path.future in self.paths:
                future, path = self.paths[flat.path.future]
                period = _periods(flat.path, path)
                if period not in kinds:
                    kinds[period] = known.kinds(part.labels.kinds, period)
                found = known.in_future(future, kinds[period][part.labels.kind[numbers]])
                fresh = places[numbers] == ABSENT  # the first future that knows a counterpart gives it
                places[numbers[fresh]] = found[fresh]
        behind = range(part.count, len(part.labels))
        places[part.count :] = [known.behind.get(part.labels[number], ABSENT) for number in behind]
        return places


class _Known:
    """Where each kind of label stands in each future."""

    def __init__(self, part: Part) -> None:
        self.number: dict[tuple[object, ...], int] = {label: number for number, label in enumerate(part.labels.kinds)}
        self.at = np.full((len(part.of), len(self.number)), ABSENT, dtype=np.int32)
        for row, numbers in zip(self.at, part.of, strict=True):
            row[part.labels.kind[numbers]] = numbers
        self.behind = {part.labels[number]: number for number in range(part.count, len(part.labels))}

    def kinds(self, labels: Sequence[Label], period: Sequence[int] | None) -> Places:
        """The number of each label's kind, in another period where these are given."""
        sought: Sequence[tuple[object, ...]] = labels
        if period is not None:
            last = len(period) - 1  # no future with these periods has the labels of later ones
            sought = [(name, index, period[min(at, last)], node) for name, index, at, node in labels]
        return np.array([self.number.get(label, ABSENT) for label in sought], dtype=np.int32)

    def in_future(self, future: int, kinds: Places) -> Places:
        """Where kinds stand in a future, ABSENT for those that are not in it or not known."""
        return np.where(kinds == ABSENT, ABSENT, self.at[future, kinds])


def _parts(merged: Merged) -> tuple[Part, Part]:
    columns, rows = merged.program.columns, merged.program.rows
    return Part(_labels(columns), merged.column_of), Part(_labels(rows), merged.row_of)


def _labels(labels: Labelled) -> Labels:
    if isinstance(labels, Labels):
        return labels
    nodes = np.array([label.node for label in labels], dtype=np.int32)
    return Labels(tuple(labels), np.arange(len(labels), dtype=np.int32), nodes)


def _periods(path: Path, other: Path) -> tuple[int, ...] | None:
    """For each period of a path the other's that holds its start; None where both tell time alike."""
    starts = [period.start for period in path.periods]
    alike = starts == [period.start for period in other.periods]
    return None if alike else tuple(other.period_of(start) for start in starts)
