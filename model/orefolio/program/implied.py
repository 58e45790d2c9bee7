r"""Upper bounds of columns that the rows imply, so that simplex meets columns with two bounds.

$$a_{ij}\,x_j \le b_i - \sum_{k \ne j} \min_{l_k \le x_k \le u_k} a_{ik}\,x_k$$

They take nothing from what is feasible. With them a dual simplex can pass over many columns in one step, and every
basis is dual feasible. They are for the search alone: at an implied bound a column takes over what the row is worth, so
duals are read from the program without them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .program import Floats, Integers, Program

ROUNDS = 12
"""Most passes over the rows; each lets bounds reach one row further."""
LARGEST = 1e7
"""Bounds above this tell a solver nothing, and only spread its numbers."""
SLACK = 1e-9
"""How far a bound is put above what is implied, as a share, so that rounding cuts nothing off."""
LEAST = 1e-6
"""Share by which a bound must fall to be worth another pass."""


def with_implied_bounds(program: Program) -> Program:
    """The program with upper bounds that its rows imply on what is no yes-or-no decision."""
    upper = program.column_upper.copy()
    row = np.repeat(np.arange(program.matrix.shape[0]), np.diff(program.matrix.indptr))
    for _ in range(ROUNDS):
        before, upper = upper, np.where(program.integer, upper, np.minimum(upper, _once(program, row, upper)))
        if not (upper < before * (1 - LEAST) - SLACK).any():
            break
    implied = np.maximum(upper + SLACK * np.maximum(1.0, np.abs(upper)), program.column_lower)
    told = (implied < program.column_upper) & (implied <= LARGEST)
    return replace(program, column_upper=np.where(told, implied, program.column_upper))


def _once(program: Program, row: Integers, upper: Floats) -> Floats:
    """What the rows imply, given the bounds so far: (columns,), infinite where nothing. row: (nonzeros,) of each."""
    matrix, count = program.matrix, program.matrix.shape[0]
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
