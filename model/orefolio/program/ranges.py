"""How far the numbers of a program lie apart, by family: what a solver in floating point has to bridge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .program import Floats, Integers, Label, Program

Kind = Literal["coefficient", "right side", "bound", "cost"]


@dataclass(frozen=True)
class Extent:
    """Sizes of one kind of number in a family of rows or columns, without zeros and without what is infinite.

    least, most: places of the rows (coefficient, right side) or columns (bound, cost) that hold the two ends.
    """

    family: str
    kind: Kind
    count: int
    smallest: float
    largest: float
    least: int
    most: int

    @property
    def ratio(self) -> float:
        """The largest over the smallest."""
        return self.largest / self.smallest


@dataclass(frozen=True)
class Spread:
    """The row whose own coefficients lie furthest apart. ratio: largest over smallest."""

    row: int
    smallest: float
    largest: float

    @property
    def ratio(self) -> float:
        """The largest over the smallest."""
        return self.largest / self.smallest


def extents(program: Program) -> list[Extent]:
    """Every family's coefficients and right sides, every variable's bounds and costs; families in their order."""
    entries = program.matrix.tocoo()
    rows, columns = np.arange(len(program.rows)), np.arange(len(program.columns))
    return [
        *_by_family("coefficient", program.rows, entries.row.astype(np.int64), entries.data),
        *_by_family("right side", program.rows, np.tile(rows, 2), np.append(program.row_lower, program.row_upper)),
        *_by_family(
            "bound", program.columns, np.tile(columns, 2), np.append(program.column_lower, program.column_upper)
        ),
        *_by_family("cost", program.columns, columns, program.cost),
    ]


def _by_family(kind: Kind, labels: Sequence[Label], places: Integers, numbers: Floats) -> list[Extent]:
    """places: (numbers,) of the label that each number belongs to."""
    names = list(dict.fromkeys(label.name for label in labels))
    number_of = {name: number for number, name in enumerate(names)}
    family = np.array([number_of[label.name] for label in labels], dtype=np.int64)
    sizes = np.abs(numbers)
    counted = np.flatnonzero((sizes > 0) & np.isfinite(sizes))
    found = []
    for number, name in enumerate(names):
        own = counted[family[places[counted]] == number]
        if own.size:
            least, most = own[sizes[own].argmin()], own[sizes[own].argmax()]
            ends = float(sizes[least]), float(sizes[most])
            found.append(Extent(name, kind, int(own.size), *ends, int(places[least]), int(places[most])))
    return found


def widest_row(program: Program) -> Spread | None:
    """The row whose own coefficients lie furthest apart; None where no row has two."""
    matrix = program.matrix
    full = np.flatnonzero(np.diff(matrix.indptr) > 0)
    if not full.size:
        return None
    sizes, starts = np.abs(matrix.data), matrix.indptr[full]
    largest, smallest = np.maximum.reduceat(sizes, starts), np.minimum.reduceat(sizes, starts)
    place = int((largest / smallest).argmax())
    return Spread(int(full[place]), float(smallest[place]), float(largest[place]))
