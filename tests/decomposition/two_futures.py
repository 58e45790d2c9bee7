"""A program of two futures small enough for arithmetic: capacity bought now, a want that shows later.

A tonne of capacity costs 1. Future a (probability 0.4) wants 10 t, future b (0.6) wants 30 t; what is not covered costs
3 a tonne in a and 2 in b. Beyond 20 t, b has nothing: it can buy at most 20 t that way, so capacity is at least 10.

Expected: x + 0.4·3·max(0, 10 − x) + 0.6·2·max(0, 30 − x). Below 10 a tonne saves 1.2 + 1.2 and costs 1; between 10 and
30 it saves 1.2 and costs 1; beyond 30 nothing. So x = 30 costs 30, where x = 10 costs 10 + 24 = 34.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from orefolio.program.program import Label, Program
from orefolio.scale.decomposition.split import Part, Split

INF = np.inf
CAPACITY, BOUGHT_A, BOUGHT_B = range(3)
BEST = 30.0


def parts(integer: bool = False) -> tuple[Part, Part]:
    """Futures a and b: rows bought + capacity ≥ want. integer: whether each buys all at once or nothing."""
    return _part(0, "a", 0.4, 10.0, 3.0, INF, integer), _part(1, "b", 0.6, 30.0, 2.0, 20.0, integer)


def _part(number: int, future: str, weight: float, want: float, price: float, most: float, integer: bool) -> Part:
    upper = 1.0 if integer else most
    size = 20.0 if integer else 1.0
    program = Program(
        sp.csr_matrix(np.array([[size, 1.0]])), np.array([want]), np.array([INF]), np.zeros(2),
        np.array([upper, 100.0]), np.array([integer, False]), np.array([size * price, 0.0]), 0.0,
        (Label("want", (future,), 0),), (Label("bought", (future,), 0), Label("capacity", (), 0)),
    )  # fmt: skip
    return Part(number, future, weight, np.array([1 + number]), np.array([CAPACITY]), program)


def split(integer: bool = False) -> Split:
    """The two futures and what they share."""
    both = parts(integer)
    matrix = sp.csr_matrix(
        np.array([[1.0, both[0].program.matrix[0, 0], 0.0], [1.0, 0.0, both[1].program.matrix[0, 0]]])
    )
    upper = np.array([100.0, *(part.program.column_upper[0] for part in both)])
    whole = Program(
        matrix, np.array([10.0, 30.0]), np.array([INF, INF]), np.zeros(3), upper,
        np.array([False, integer, integer]), np.array([1.0, *(part.weight * part.program.cost[0] for part in both)]),
        0.0, tuple(Label("want", (name,), 0) for name in "ab"),
        (Label("capacity", (), 0), Label("bought", ("a",), 0), Label("bought", ("b",), 0)),
    )  # fmt: skip
    master = Program(
        sp.csr_matrix((0, 3)), np.empty(0), np.empty(0), np.array([0.0, -1e6, -1e6]), np.array([100.0, INF, INF]),
        np.zeros(3, dtype=bool), np.array([1.0, 0.4, 0.6]), 0.0, (),
        (Label("capacity", (), 0), Label("cost", ("0",), 0), Label("cost", ("1",), 0)),
    )  # fmt: skip
    return Split(whole, np.array([CAPACITY]), master, both, np.array([0, -1, -1]))
