"""A point with whole decisions that keeps every row of the master, as near as can be to one that all but does.

A decision that the solver leaves a billionth from 1 lets a tonne through beside a constant of a billion.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from orefolio.program.program import Floats, Program
from orefolio.solve.check import broken
from orefolio.solve.engine import Engine

from .split import placed

STRICT = 1e-9
"""How far from a row the solver may leave it."""


def exact(master: Program, point: Floats, whole: Floats, seconds: float) -> Floats | None:
    """The point, (shared,), with these decisions, (binaries,); None where no point keeps the rows beside them.

    master: the program without cuts; its columns begin with those of the point, then come what parts cost.
    """
    count = len(point)
    binaries, amounts = np.flatnonzero(master.integer), np.flatnonzero(~master.integer[:count])
    moved = np.clip(point, master.column_lower[:count], master.column_upper[:count])
    moved[binaries] = whole
    costs = np.zeros(master.cost.size - count)
    if not broken(master, np.append(moved, costs)):
        return moved
    matrix = sp.csc_matrix(master.matrix)[:, amounts]
    held = master.matrix[:, :count] @ moved
    down, up = moved[amounts] - master.column_lower[amounts], master.column_upper[amounts] - moved[amounts]
    rows, columns = matrix.shape[0], 2 * len(amounts)
    steps = Program(
        sp.csr_matrix(sp.hstack([matrix, -matrix])),
        master.row_lower - held,
        master.row_upper - held,
        np.zeros(columns),
        np.concatenate([up, down]),
        np.zeros(columns, dtype=bool),
        np.tile(1.0 / np.maximum(1.0, np.abs(moved[amounts])), 2),
        0.0,
        placed("row", np.arange(rows)),
        placed("step", np.arange(columns)),
    )
    engine = Engine(steps)
    engine.set("primal_feasibility_tolerance", STRICT)
    if engine.run(seconds) != "optimal":
        return None
    taken = engine.values()
    moved[amounts] += taken[: len(amounts)] - taken[len(amounts) :]
    moved = np.clip(moved, master.column_lower[:count], master.column_upper[:count])
    return None if broken(master, np.append(moved, costs)) else moved
