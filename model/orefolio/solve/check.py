"""Checks on the program's own arrays, before the solver sees them and after it has answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import scipy.sparse as sp

from orefolio.errors import SolverError
from orefolio.program.program import Floats, Program

LARGEST = 1e15  # from here on the solver drops the row without a word
SMALLEST = 1e-9  # down from here the solver drops the coefficient
TOLERANCE = 1e-6  # of a row's scale
SHOWN = 20
PIECE = 1 << 16


def entries(program: Program) -> sp.csr_matrix:
    """The matrix without explicit zeros and with each place once, (rows, columns), as the solver takes it."""
    matrix = sp.csr_matrix(program.matrix)
    if matrix.has_canonical_format and np.count_nonzero(matrix.data) == matrix.nnz:
        return matrix
    matrix = matrix.copy()
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    return matrix


def refuse_bad_numbers(program: Program, matrix: sp.csr_matrix) -> None:
    """Raise SolverError that names row and column of every number on which the solver would go wrong in silence."""
    faults = [*_shapes(program)]
    if not faults:
        faults = [*_coefficients(program, matrix), *_costs(program), *_bounds(program), *_binaries(program)]
    if faults:
        rest = len(faults) - SHOWN
        more = [f"and {rest} more"] if rest > 0 else []
        raise SolverError("The program cannot be given to the solver:\n" + "\n".join(faults[:SHOWN] + more))


def _shapes(program: Program) -> Iterable[str]:
    rows, columns, _ = program.shape
    for name, length, expected in (
        ("row_lower", len(program.row_lower), rows),
        ("row_upper", len(program.row_upper), rows),
        ("rows", len(program.rows), rows),
        ("column_lower", len(program.column_lower), columns),
        ("column_upper", len(program.column_upper), columns),
        ("integer", len(program.integer), columns),
        ("cost", len(program.cost), columns),
        ("columns", len(program.columns), columns),
    ):
        if length != expected:
            yield f"{name} has {length} entries, the matrix {expected}"


def _of_bad_size(numbers: Floats) -> Iterator[int]:
    """Places of numbers that are too large or too small, looked for piece by piece: a copy of all would be large."""
    for first in range(0, len(numbers), PIECE):
        size = np.abs(numbers[first : first + PIECE])
        for place in np.flatnonzero(~((size > SMALLEST) & (size < LARGEST))).tolist():
            yield first + place


def _coefficients(program: Program, matrix: sp.csr_matrix) -> Iterable[str]:
    for place in _of_bad_size(matrix.data):
        row = int(np.searchsorted(matrix.indptr, place, side="right")) - 1
        column = int(matrix.indices[place])
        yield (
            f"row {program.rows[row]}, column {program.columns[column]}: coefficient {matrix.data[place]:g}, "
            f"expected a size between {SMALLEST:g} and {LARGEST:g}"
        )


def _costs(program: Program) -> Iterable[str]:
    for column in np.flatnonzero(~(np.abs(program.cost) < LARGEST)):
        yield f"column {program.columns[column]}: cost {program.cost[column]:g}, expected a size below {LARGEST:g}"
    if not abs(program.offset) < LARGEST:
        yield f"offset {program.offset:g}, expected a size below {LARGEST:g}"


def _bounds(program: Program) -> Iterable[str]:
    for kind, labels, lower, upper in (
        ("row", program.rows, program.row_lower, program.row_upper),
        ("column", program.columns, program.column_lower, program.column_upper),
    ):
        low = (np.abs(lower) < LARGEST) | (lower == -np.inf)
        high = (np.abs(upper) < LARGEST) | (upper == np.inf)
        for place in np.flatnonzero(~low):
            yield f"{kind} {labels[place]}: lower bound {lower[place]:g}, expected below {LARGEST:g} or minus infinite"
        for place in np.flatnonzero(~high):
            yield f"{kind} {labels[place]}: upper bound {upper[place]:g}, expected below {LARGEST:g} or infinite"


def _binaries(program: Program) -> Iterable[str]:
    bad = program.integer & ~((program.column_lower >= 0) & (program.column_upper <= 1))
    for column in np.flatnonzero(bad):
        yield (
            f"column {program.columns[column]}: integer within [{program.column_lower[column]:g}, "
            f"{program.column_upper[column]:g}], expected a binary within [0, 1]"
        )


def crossed(program: Program) -> list[str]:
    """Every row and column whose lower limit is above its upper one, in words: no plan can keep it."""
    return [
        f"{kind} {labels[place]}: at least {lower[place]:.10g} and at most {upper[place]:.10g}"
        for kind, labels, lower, upper in (
            ("row", program.rows, program.row_lower, program.row_upper),
            ("column", program.columns, program.column_lower, program.column_upper),
        )
        for place in np.flatnonzero(lower > upper)
    ]


def broken(program: Program, values: Floats) -> list[str]:
    """Every row, bound and binary that a plan, (columns,), breaks by more than 1e-6 of its scale, in words.

    Binaries are exact, so what they give or take counts with the limits: where a row holds an amount at nought, a large
    constant beside the binary excuses nothing. The scale of a row is the largest of 1, the limits that are left and the
    other terms; of a bound, the largest of 1 and the bound.
    """
    if values.shape != program.cost.shape or not np.isfinite(values).all():
        return ["the plan has missing or infinite values"]
    matrix = program.matrix
    switched = matrix @ np.where(program.integer, values, 0.0)
    amounts = np.where(program.integer, 0.0, values)
    activity = matrix @ amounts
    terms = abs(matrix) @ np.abs(amounts)
    found = [
        f"row {program.rows[place]}: {activity[place] + switched[place]:.10g} outside "
        f"[{program.row_lower[place]:.10g}, {program.row_upper[place]:.10g}]"
        for place in _outside(activity, program.row_lower - switched, program.row_upper - switched, terms)
    ]
    found += [
        f"column {program.columns[place]}: {values[place]:.10g} outside "
        f"[{program.column_lower[place]:.10g}, {program.column_upper[place]:.10g}]"
        for place in _outside(values, program.column_lower, program.column_upper, np.abs(values))
    ]
    found += [
        f"column {program.columns[place]}: {values[place]:.10g} is not 0 or 1"
        for place in np.flatnonzero(program.integer & (values != np.round(values)))
    ]
    return found


def _outside(amount: Floats, lower: Floats, upper: Floats, terms: Floats) -> list[int]:
    scale = np.maximum(1.0, terms)
    for limit in (lower, upper):
        scale = np.maximum(scale, np.where(np.isfinite(limit), np.abs(limit), 0.0))
    slack = TOLERANCE * scale
    return [int(place) for place in np.flatnonzero((amount < lower - slack) | (amount > upper + slack))]
