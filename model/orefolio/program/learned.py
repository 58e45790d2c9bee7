"""How a program moves with a lever: learnt from three of its values, for every number of it at once.

Futures are stated once, with one number for each of the three values, so that whatever a lever reaches is reached here
too. The map holds where each number moves in a straight line; where one does not, or where the structure of the program
hangs on the lever, there is none, and the program is built anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sp

from ..case.scenarios import Tree
from ..case.several import PartedError
from ..case.variants import variants
from .flatten import Flat, flatten_each, stated
from .merge import Merged, merge
from .program import Floats, Integers, Program
from .risk import with_risk
from .support import with_support

STRAIGHT = 1e-9
"""How far, as a share, a number may lie off the line through two others and count as on it."""
ARRAYS = ("row_lower", "row_upper", "column_lower", "column_upper", "cost", "offset")


@dataclass(frozen=True)
class Line:
    """Numbers that move in a straight line. places: of them; at, slope: (places,), at one value and by unit."""

    places: Integers
    at: Floats
    slope: Floats

    def moved(self, numbers: Floats, by: float) -> Floats:
        """All numbers with those that move where they then are."""
        found = numbers.copy()
        found[self.places] = self.at + self.slope * by
        return found


@dataclass(frozen=True)
class Slope:
    """How what one future costs moves with a lever, by unit of it. totals, constants: as those of `Flat`."""

    totals: sp.csr_matrix
    constants: Floats


@dataclass(frozen=True)
class Learned:
    """A program at one value of a lever, and how its numbers move with it.

    lines: by name of the array, or `matrix`. slopes: of the futures, in their order.
    """

    merged: Merged
    base: float
    lines: dict[str, Line]
    slopes: tuple[Slope, ...]

    @property
    def moves(self) -> frozenset[str]:
        """The arrays of which some number moves."""
        return frozenset(name for name, line in self.lines.items() if line.places.size)

    def program(self, value: float) -> Program:
        """The program at another value of the lever."""
        program, by = self.merged.program, value - self.base
        found: dict[str, Any] = {name: line.moved(_numbers(program, name), by) for name, line in self.lines.items()}
        matrix = program.matrix.copy()
        matrix.data = found.pop("matrix")
        offset = float(found.pop("offset")[0])
        return replace(program, matrix=matrix, offset=offset, **found)

    def merged_at(self, value: float, tree: Tree) -> Merged:
        """The same with its futures, whose paths are those of `tree`, the case's at that value.

        What they cost has moved; the rows of a single future are still those at `base`.
        """
        by = value - self.base
        flats = tuple(
            replace(flat, path=path, totals=sp.csr_matrix(flat.totals + by * slope.totals),
                    constants=flat.constants + by * slope.constants)
            for flat, slope, path in zip(self.merged.flats, self.slopes, tree.paths, strict=True)
        )  # fmt: skip
        return replace(self.merged, program=self.program(value), tree=tree, flats=flats)


def learned(
    trees: Sequence[Tree], values: Sequence[float], progress: Callable[[str], None] | None = None
) -> Learned | None:
    """How the program of trees of the same case moves with a lever; None where it does not move in straight lines.

    trees, values: at one value, then at two others. progress: told of each future before it is stated.
    """
    flats = []
    try:
        for path in variants(trees):
            if progress:
                progress(f"stating {path.members[0].future}")
            flats.append(flatten_each(stated(path)))
    except PartedError:
        return None
    each = [with_risk(with_support(merge(t, [f[k] for f in flats]))) for k, t in enumerate(trees)]
    base, *others = [merged.program for merged in each]
    for other in others:
        alike = base.rows == other.rows and base.columns == other.columns
        pattern = alike and base.matrix.nnz == other.matrix.nnz
        if not pattern or not np.array_equal(base.matrix.indices, other.matrix.indices):
            return None
    lines = {}
    for name in ("matrix", *ARRAYS):
        found = line([_numbers(program, name) for program in (base, *others)], values)
        if found is None:
            return None
        lines[name] = found
    if any(len({flat.total_names for flat in one}) > 1 for one in flats):
        return None
    slopes = tuple(_slope(low, high, values[2] - values[1]) for _, low, high in flats)
    return Learned(each[0], values[0], lines, slopes)


def _slope(low: Flat, high: Flat, apart: float) -> Slope:
    totals = sp.csr_matrix((high.totals - low.totals) / apart)
    return Slope(totals, (high.constants - low.constants) / apart)


def _numbers(program: Program, name: str) -> Floats:
    if name == "matrix":
        return np.asarray(program.matrix.data, dtype=np.float64)
    return np.atleast_1d(np.asarray(getattr(program, name), dtype=np.float64))


def line(numbers: Sequence[Floats], values: Sequence[float]) -> Line | None:
    """How numbers move with a value, from what they are at three of it; None where some do not move in a line."""
    first, second, third = numbers
    places = np.flatnonzero((first != second) | (first != third))
    at, near, far = first[places], second[places], third[places]
    if not np.isfinite(at + near + far).all():
        return None
    slope = (far - at) / (values[2] - values[0])
    off = np.abs(at + slope * (values[1] - values[0]) - near)
    if (off > STRAIGHT * np.maximum(1.0, np.abs(near))).any():
        return None
    return Line(places, at, slope)
