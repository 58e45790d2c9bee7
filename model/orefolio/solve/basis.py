"""A basis of one program as the start of another that has most of its rows and columns."""

from __future__ import annotations

import highspy
import numpy as np

from orefolio.program.program import Places, Program
from orefolio.solve.engine import Basis

STATUS = highspy.HighsBasisStatus


def basis_from(basis: Basis, program: Program, columns: Places, rows: Places) -> Basis:
    """A basis for a program, to begin near where another ended.

    columns, rows: for each of the program its number in the other, below 0 where it has none. What has none stands at
    a bound, or is basic if it is a row; the solver mends a basis that is then too large or too small.
    """
    other_columns, other_rows = list(basis.col_status), list(basis.row_status)
    bounded = np.isfinite(program.column_lower).tolist()
    made = highspy.HighsBasis()
    made.col_status = [
        other_columns[number] if number >= 0 else STATUS.kLower if at_bound else STATUS.kZero
        for number, at_bound in zip(columns.tolist(), bounded, strict=True)
    ]
    made.row_status = [other_rows[number] if number >= 0 else STATUS.kBasic for number in rows.tolist()]
    made.valid = made.alien = True
    return made
