"""Programs without a case, for what solves them: small enough for arithmetic, drawn by a seed, or hard to prove."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, milp

from orefolio.program.program import Label, Program
from orefolio.solve import Options

EXACT = Options(abs_gap=0.0)
INF = math.inf


def program(
    matrix: Sequence[Sequence[float]],
    row_lower: Sequence[float],
    row_upper: Sequence[float],
    cost: Sequence[float],
    column_upper: Sequence[float],
    integer: Sequence[bool] | None = None,
    offset: float = 0.0,
    column_lower: Sequence[float] | None = None,
) -> Program:
    """A program from plain lists, with rows labelled limit[i]@0 and columns amount[j]@0."""
    count = len(cost)
    return Program(
        matrix=sp.csr_matrix(np.array(matrix, dtype=float).reshape(len(row_lower), count)),
        row_lower=np.array(row_lower, dtype=float),
        row_upper=np.array(row_upper, dtype=float),
        column_lower=np.zeros(count) if column_lower is None else np.array(column_lower, dtype=float),
        column_upper=np.array(column_upper, dtype=float),
        integer=np.zeros(count, dtype=bool) if integer is None else np.array(integer, dtype=bool),
        cost=np.array(cost, dtype=float),
        offset=offset,
        rows=tuple(Label("limit", (str(place),), 0) for place in range(len(row_lower))),
        columns=tuple(Label("amount", (str(place),), 0) for place in range(count)),
    )


def knapsack(offset: float = 0.0) -> Program:
    """Worth 10, 13, 7 at weights 3, 4, 2 with 6 to carry: b + c = 20 at weight 6 beats a + c = 17; a + b weighs 7.
    The relaxation takes c, a and a quarter of b: 7 + 10 + 3.25 = 20.25."""
    return program([[3, 4, 2]], [-INF], [6], [-10, -13, -7], [1, 1, 1], [True] * 3, offset)


def facilities() -> Program:
    """Plant A costs 30 to open, B 20; A serves customers (10 t, 8 t) at 1 and 3, B at 4 and 2; each can do 18 t.
    A alone 30 + 10 + 24 = 64, B alone 20 + 40 + 16 = 76, both 50 + 10 + 16 = 76.
    Columns: open A, open B, A1, A2, B1, B2.
    """
    return program(
        [[0, 0, 1, 0, 1, 0], [0, 0, 0, 1, 0, 1], [-18, 0, 1, 1, 0, 0], [0, -18, 0, 0, 1, 1]],
        [10, 8, -INF, -INF],
        [INF, INF, 0, 0],
        [30, 20, 1, 3, 4, 2],
        [1, 1, INF, INF, INF, INF],
        [True, True, False, False, False, False],
    )


def hard(count: int = 70, rows: int = 12, seed: int = 4) -> Program:
    """A knapsack with many limits: a plan at once, a proof only after minutes."""
    random = np.random.default_rng(seed)
    weight = random.integers(10, 1000, (rows, count)).astype(float)
    worth = weight.mean(axis=0) + random.uniform(0, 300, count)
    return program(
        weight.tolist(),
        [-INF] * rows,
        (weight.sum(axis=1) / 2).tolist(),
        (-worth).tolist(),
        [1] * count,
        [True] * count,
    )


def random_program(seed: int) -> Program:
    """Fixed-charge supply: 6 plants on or off with a size, 4 demands with dear shortage, one budget."""
    random = np.random.default_rng(seed)
    plants, places = 6, 4
    count = plants + plants * places + places
    matrix, lower, upper = [], [], []
    size = random.uniform(5, 15, plants)
    for plant in range(plants):
        row = np.zeros(count)
        row[plants + plant * places : plants + (plant + 1) * places] = 1
        row[plant] = -size[plant]
        matrix.append(row)
        lower.append(-INF)
        upper.append(0.0)
    for place in range(places):
        row = np.zeros(count)
        row[plants + place : plants + plants * places : places] = 1
        row[plants + plants * places + place] = 1
        matrix.append(row)
        lower.append(float(random.uniform(3, 9)))
        upper.append(INF)
    money = random.uniform(10, 40, plants)
    matrix.append(np.concatenate([money, np.zeros(count - plants)]))
    lower.append(-INF)
    upper.append(float(money.sum() * 0.6))
    cost = np.concatenate([money, random.uniform(1, 6, plants * places), random.uniform(15, 40, places)])
    return program(
        [row.tolist() for row in matrix],
        lower,
        upper,
        cost.tolist(),
        [1] * plants + [INF] * (count - plants),
        [True] * plants + [False] * (count - plants),
        float(random.uniform(-50, 50)),
    )


def independent(case: Program) -> float:
    """The optimum by another road: scipy's milp."""
    found = milp(
        case.cost,
        constraints=LinearConstraint(case.matrix, case.row_lower, case.row_upper),
        bounds=Bounds(case.column_lower, case.column_upper),
        integrality=case.integer.astype(int),
        options={"mip_rel_gap": 0.0},
    )
    return float(found.fun + case.offset)
