"""How large and small the program's numbers are, by family of rows and by variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .outcome.frame import frame

if TYPE_CHECKING:
    import pandas as pd

    from orefolio.program.program import Floats

    from .outcome import Outcome

COLUMNS = ("what", "family", "count", "nonzeros", "smallest", "largest")


def table(outcome: Outcome) -> pd.DataFrame:
    """Absolute sizes, zero and infinity left out: matrix and side by family of rows, cost and bound by variable."""
    program = outcome.merged.program
    rows: list[tuple[object, ...]] = []
    row_names = [label.name for label in program.rows]
    for family in dict.fromkeys(row_names):
        places = np.flatnonzero([name == family for name in row_names])
        sides = np.concatenate([program.row_lower[places], program.row_upper[places]])
        rows.append(("matrix", family, places.size, *_range(program.matrix[places].data)))
        rows.append(("side", family, places.size, *_range(sides)))
    column_names = [label.name for label in program.columns]
    for variable in dict.fromkeys(column_names):
        places = np.flatnonzero([name == variable for name in column_names])
        bounds = np.concatenate([program.column_lower[places], program.column_upper[places]])
        rows.append(("cost", variable, places.size, *_range(program.cost[places])))
        rows.append(("bound", variable, places.size, *_range(bounds)))
    return frame(COLUMNS, rows)


def _range(values: Floats) -> tuple[int, float | None, float | None]:
    sizes = np.abs(values[np.isfinite(values) & (values != 0.0)])
    return (int(sizes.size), float(sizes.min()), float(sizes.max())) if sizes.size else (0, None, None)
