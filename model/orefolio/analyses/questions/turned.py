"""A program under questions: what stands behind the case's own, and what is minimised instead of its cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from orefolio.program.merge import Merged
from orefolio.program.program import Floats, Label, Places, Program
from orefolio.program.risk.extended import Columns, Rows, extended


@dataclass(frozen=True)
class Aim:
    """Another objective. amount: by column, (columns,); of: what it is a share of, by column, or None.

    sense: 1 to minimise, −1 to maximise. gap: share of its value that may stay unproved. then_cost: whether cost is
    minimised second, with the value held.
    """

    amount: Floats
    of: Floats | None = None
    sense: float = 1.0
    gap: float = 0.0
    then_cost: bool = False

    def value(self, values: Floats) -> float:
        """Of a plan, (columns,); a share of nothing is 0."""
        amount = float(self.amount @ values)
        if self.of is None:
            return amount
        whole = float(self.of @ values)
        return amount / whole if whole > 0 else 0.0


@dataclass(frozen=True)
class Turned:
    """own: the case's program; merged: the same with further rows and columns last; relaxed: without whole decisions.

    aim: None where cost is minimised. planned_for: the number of a future; what its own plan commits to at nodes that
    it shares is held. None where nothing is.
    """

    own: Merged
    merged: Merged
    aim: Aim | None = None
    relaxed: bool = False
    planned_for: int | None = None

    @property
    def width(self) -> int:
        """Columns so far."""
        return self.merged.program.shape[1]

    def with_rows(
        self, name: str, old: sp.csr_matrix, lower: Floats, upper: Floats, columns: Columns | None = None,
        new: Floats | None = None,
    ) -> Turned:  # fmt: skip
        """With rows of a name, and columns that they hold. old: (rows, columns so far); new: (rows, columns to add)."""
        count = old.shape[0]
        first = self.merged.program.shape[0]
        labels = [Label(name, (str(number),), 0) for number in range(first, first + count)]
        rows = Rows(labels, sp.csr_matrix(old), np.empty((count, 0)) if new is None else new, lower, upper)
        return replace(self, merged=extended(self.merged, columns or Columns(), rows))

    def with_row(self, name: str, coefficients: Floats, lower: float, upper: float) -> Turned:
        """With one row. coefficients: (columns so far,)."""
        row = sp.csr_matrix(coefficients.reshape(1, -1))
        return self.with_rows(name, row, np.array([lower]), np.array([upper]))

    def with_fixed(self, places: Places, values: Floats) -> Turned:
        """With columns of the case's own at values, as far as their bounds allow. places, values: (columns to fix,)."""
        program = self.merged.program
        lower, upper = program.column_lower.copy(), program.column_upper.copy()
        kept = np.where(program.integer[places], np.round(values), values)
        lower[places] = upper[places] = np.clip(kept, lower[places], upper[places])
        fixed = replace(program, column_lower=lower, column_upper=upper)
        return replace(self, merged=replace(self.merged, program=fixed))

    def program(self, cost: Floats | None = None, offset: float = 0.0) -> Program:
        """To be minimised: the case's cost, or another, (columns at most,), as long as the program is wide."""
        program = self.merged.program
        return program if cost is None else replace(program, cost=padded(cost, self.width), offset=offset)


def padded(numbers: Floats, width: int) -> Floats:
    """Numbers by column, 0 for columns that came later."""
    return np.append(numbers, np.zeros(width - len(numbers)))


def on_columns(width: int, places: Sequence[int], values: Sequence[float] | Floats | float) -> Floats:
    """Numbers at some places, (width,)."""
    result = np.zeros(width)
    np.add.at(result, np.asarray(places, dtype=np.int64), values)
    return result
