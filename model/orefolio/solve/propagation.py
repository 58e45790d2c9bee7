r"""What each row by itself leaves binaries: most steps of a dive that would end without a plan are told before.

A row has room for a binary at 1 if some values of its other columns, within their bounds, still meet it:

$$b^-_i \le \max_x \sum_k a_{ik} x_k, \qquad \min_x \sum_k a_{ik} x_k \le b^+_i$$

A budget is the usual case: what is fixed has used it up, and none of the projects that are left fits any more.
"""

from __future__ import annotations

import numpy as np

from orefolio.program.program import Floats, Integers, Program

NEAR = 1e-6
"""Share of a limit by which a row may be missed and still count as met: a step too many costs less than a lost plan."""


class Propagation:
    """The rows of a program that hold binaries. binaries: (binaries,) their columns."""

    def __init__(self, program: Program, binaries: Integers) -> None:
        matrix, number = program.matrix, np.full(program.shape[1], -1, dtype=np.int64)
        number[binaries] = np.arange(len(binaries))
        row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        place, value = number[matrix.indices], matrix.data
        rows, at = np.unique(row[place >= 0], return_inverse=True)
        among = np.full(matrix.shape[0], -1, dtype=np.int64)
        among[rows] = np.arange(len(rows))
        others = (place < 0) & (among[row] >= 0) & (value != 0.0)
        column, theirs = matrix.indices[others], value[others]
        ends = theirs * program.column_lower[column], theirs * program.column_upper[column]
        self._least = np.bincount(among[row[others]], np.minimum(*ends), len(rows))
        self._most = np.bincount(among[row[others]], np.maximum(*ends), len(rows))
        lower, upper = program.row_lower[rows], program.row_upper[rows]
        self._from, self._to = lower - NEAR * np.maximum(1.0, abs(lower)), upper + NEAR * np.maximum(1.0, abs(upper))
        self._at, self._place, self._value = at, place[place >= 0], value[place >= 0]
        self._by_binary = _grouped(self._place, len(binaries))
        self._by_row = _grouped(self._at, len(rows))

    def raised(self, wanted: Integers, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
        """The bounds with as many of the wanted binaries at 1 as fit together, the first first, and the others at 0.

        What these ask of other binaries, and leave them no room for, is fixed with them. lower, upper: (binaries,).
        """
        lower, upper = lower.copy(), upper.copy()
        least, most = self._reached(lower, upper)
        for place in wanted.tolist():
            if lower[place] == upper[place]:
                continue
            tried = lower.copy(), upper.copy(), least.copy(), most.copy()
            if self._follow(place, *tried):
                lower, upper, least, most = tried
            else:
                upper[place] = 0.0
                at, value = self._entries(place)
                most[at] -= np.maximum(value, 0.0)
                least[at] -= np.minimum(value, 0.0)
        return lower, upper

    def _follow(self, place: int, lower: Floats, upper: Floats, least: Floats, most: Floats) -> bool:
        """Fix a binary at 1 and what follows from it, all arrays changed; False where some row is not met then."""
        waiting = [(place, 1.0)]
        while waiting:
            place, end = waiting.pop()
            if lower[place] == upper[place]:
                if lower[place] != end:
                    return False
                continue
            lower[place] = upper[place] = end
            at, value = self._entries(place)
            least[at] += value * end - np.minimum(value, 0.0)
            most[at] += value * end - np.maximum(value, 0.0)
            if (least[at] > self._to[at]).any() or (most[at] < self._from[at]).any():
                return False
            for row in at.tolist():
                waiting += self._forced(row, lower, upper, least[row], most[row])
        return True

    def _forced(self, row: int, lower: Floats, upper: Floats, least: float, most: float) -> list[tuple[int, float]]:
        """The free binaries of a row that it leaves one value, and that value."""
        entries = self._by_row[0][self._by_row[1][row] : self._by_row[1][row + 1]]
        places, values = self._place[entries], self._value[entries]
        free = lower[places] < upper[places]
        tight = least + np.abs(values) > self._to[row]  # there the value that asks for more does not fit
        short = most - np.abs(values) < self._from[row]
        found = []
        for which, up in ((tight, values < 0), (short, values > 0)):
            found += [(int(p), 1.0 if u else 0.0) for p, u in zip(places[free & which], up[free & which], strict=True)]
        return found

    def _entries(self, place: int) -> tuple[Integers, Floats]:
        """The rows of a binary, and its coefficients there."""
        entries = self._by_binary[0][self._by_binary[1][place] : self._by_binary[1][place + 1]]
        return self._at[entries], self._value[entries]

    def _reached(self, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
        """The least and the most that each row may come to, (rows,)."""
        ends = self._value * lower[self._place], self._value * upper[self._place]
        least, most = (np.bincount(self._at, end(*ends), len(self._least)) for end in (np.minimum, np.maximum))
        return np.add(self._least, least, dtype=np.float64), np.add(self._most, most, dtype=np.float64)


def _grouped(numbers: Integers, count: int) -> tuple[Integers, Integers]:
    """The places of an array by the number that stands there: their order, and where each number's begin."""
    order = np.argsort(numbers, kind="stable")
    return order, np.concatenate([[0], np.cumsum(np.bincount(numbers, minlength=count))])
