"""How large and small the program's numbers are, by family of rows and by variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .outcome.sheet import Sheet

if TYPE_CHECKING:
    import scipy.sparse as sp

    from orefolio.program.program import Floats, Integers

    from .outcome import Outcome

COLUMNS = ("what", "family", "count", "nonzeros", "smallest", "largest")


def table(outcome: Outcome) -> Sheet:
    """Absolute sizes, zero and infinity left out: matrix and side by family of rows, cost and bound by variable."""
    program = outcome.merged.program
    rows: list[tuple[object, ...]] = []
    for family, places in outcome.row_names.places.items():
        sides = np.concatenate([program.row_lower[places], program.row_upper[places]])
        rows.append(("matrix", family, places.size, *_range(_numbers(program.matrix, places))))
        rows.append(("side", family, places.size, *_range(sides)))
    for variable, places in outcome.column_names.places.items():
        bounds = np.concatenate([program.column_lower[places], program.column_upper[places]])
        rows.append(("cost", variable, places.size, *_range(program.cost[places])))
        rows.append(("bound", variable, places.size, *_range(bounds)))
    return Sheet.of(COLUMNS, rows)


def _numbers(matrix: sp.csr_matrix, rows: Integers) -> Floats:
    """The coefficients of some rows. rows: their places, ascending."""
    if rows[-1] - rows[0] == len(rows) - 1:
        return matrix.data[matrix.indptr[rows[0]] : matrix.indptr[rows[-1] + 1]]
    data: Floats = matrix[rows].data
    return data


def _range(values: Floats) -> tuple[int, float | None, float | None]:
    sizes = np.abs(values[np.isfinite(values) & (values != 0.0)])
    return (int(sizes.size), float(sizes.min()), float(sizes.max())) if sizes.size else (0, None, None)
