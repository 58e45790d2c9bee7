r"""Upper bounds of columns that the rows imply, so that simplex meets columns with two bounds.

$$a_{ij}\,x_j \le b_i - \sum_{k \ne j} \min_{l_k \le x_k \le u_k} a_{ik}\,x_k$$

With them a dual simplex can pass over many columns in one step, and every basis is dual feasible. They stand a little
above what is implied, so that no plan ever reaches one: what a limit is worth stays with the row that implies it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from .program import Floats, Program

ROUNDS = 12
"""Most passes over the rows; each lets bounds reach one row further."""
LARGEST = 1e7
"""Bounds above this tell a solver nothing, and only spread its numbers."""
SLACK = 1e-2
"""How far a bound is put above what is implied: a share of it, or so many units where it is below 1."""
LEAST = 1e-6
"""Share by which a bound must fall to be worth another pass."""


def with_implied_bounds(program: Program) -> Program:
    """The program with upper bounds that its rows imply on what is no yes-or-no decision."""
    upper, matrix = program.column_upper.copy(), program.matrix
    if (matrix.data == 0.0).any():
        matrix = matrix.copy()
        matrix.eliminate_zeros()
    with np.errstate(invalid="ignore", divide="ignore"):  # numbers that are none are refused where they are solved
        for _ in range(ROUNDS):
            before, upper = upper, np.where(program.integer, upper, np.minimum(upper, _once(program, matrix, upper)))
            if not (upper < before * (1 - LEAST)).any():
                break
    implied = np.maximum(upper + SLACK * np.maximum(1.0, np.abs(upper)), program.column_lower)
    told = (implied < program.column_upper) & (implied <= LARGEST)
    return replace(program, column_upper=np.where(told, implied, program.column_upper))


def _once(program: Program, matrix: sp.csr_matrix, upper: Floats) -> Floats:
    """What the rows imply, given the bounds so far: (columns,), infinite where nothing. matrix: without zeros."""
    count = matrix.shape[0]
    row = np.repeat(np.arange(count), np.diff(matrix.indptr))
    column, value, lower = matrix.indices, matrix.data, program.column_lower
    found = np.full(len(upper), np.inf)
    up, down = upper[column], lower[column]
    for limit, rising in ((program.row_upper, True), (program.row_lower, False)):
        # the end of each term that leaves the others most room: the least for an upper side, the greatest for a lower
        end = value * np.where((value > 0) == rising, down, up)
        open_ = np.isinf(end)
        end[open_] = 0.0
        others = np.bincount(row, end, count)[row] - end
        closed = np.bincount(row, open_, count)[row] - open_ == 0
        bounds = closed & ((value > 0) == rising) & np.isfinite(limit[row])
        np.minimum.at(found, column[bounds], ((limit[row] - others) / value)[bounds])
    return found


def same_limits(one: Program, other: Program) -> bool:
    """Whether two programs differ in costs alone."""
    if one.matrix.shape != other.matrix.shape or one.matrix.nnz != other.matrix.nnz:
        return False
    names = ("row_lower", "row_upper", "column_lower", "column_upper", "integer")
    pairs = [(getattr(one, name), getattr(other, name)) for name in names]
    pairs += [(getattr(one.matrix, name), getattr(other.matrix, name)) for name in ("indptr", "indices", "data")]
    return all(np.array_equal(mine, theirs) for mine, theirs in pairs)
