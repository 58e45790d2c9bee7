"""One future, laid out, with a number or a row that its families did not state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sp

from orefolio.program.flatten import Flat
from orefolio.program.program import Label


@dataclass(frozen=True)
class Written:
    """Rows as a matrix that is there."""

    matrix: sp.csr_matrix

    @property
    def most_entries(self) -> int:
        return int(self.matrix.nnz)


def with_matrix(flat: Flat, matrix: sp.csr_matrix, **others: Any) -> Flat:
    return replace(flat, laid=Written(matrix), **others)  # type: ignore[arg-type]  # what merging reads of it


def with_row_behind(flat: Flat, row: sp.csr_matrix, upper: float, name: str) -> Flat:
    """A row of the first period more, with an upper side. row: (1, columns)."""
    return with_matrix(
        flat,
        sp.csr_matrix(sp.vstack([flat.matrix, row])),
        row_lower=np.append(flat.row_lower, -np.inf),
        row_upper=np.append(flat.row_upper, upper),
        rows=(*flat.rows, Label(name, (), 0)),
    )


def costs_more(flat: Flat, column: int, by: float) -> Flat:
    """A column that costs more in its own period."""
    own = flat.columns[column].period
    row = next(number for number, (_, period) in enumerate(flat.total_names) if period == own)
    totals = flat.totals.tolil()
    totals[row, column] += by
    return replace(flat, totals=sp.csr_matrix(totals))
