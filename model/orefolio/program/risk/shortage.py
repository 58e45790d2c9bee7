"""What goes short on a path, of the demands that a row names, over the columns of a future."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp

from ...case.case import Case
from ...families.ledger import MUSD_PER_T
from ..flatten import Flat
from ..merge import Merged
from ..program import Floats


def counted(case: Case, row: Any) -> frozenset[str]:
    """The demands that a row counts: one, those of a group, or all."""
    if row.demand:
        return frozenset({row.demand})
    return frozenset(each.demand for each in case.rows("demands") if not row.group or each.group == row.group)


def wanted(merged: Merged, row: Any) -> Floats:
    """Tonnes wanted over each path, (futures,): the right sides of the rows of demand."""
    demands = counted(merged.tree.case, row)
    totals = []
    for flat in merged.flats:
        own = [n for n, label in enumerate(flat.rows) if label.name == "DEM" and label.index[0] in demands]
        totals.append(float(flat.row_lower[own].sum()))
    return np.array(totals)


def short(merged: Merged, row: Any, measure: str = "t") -> sp.csr_matrix:
    """What goes short over each path, in tonnes or million USD of loss: (futures, columns of the program)."""
    demands = counted(merged.tree.case, row)
    rows, columns, values = [], [], []
    for number, (flat, place) in enumerate(zip(merged.flats, merged.column_of, strict=True)):
        for own, label in enumerate(flat.columns):
            if label.name == "short" and label.index[0] in demands:
                rows.append(number)
                columns.append(int(place[own]))
                values.append(1.0 if measure == "t" else _loss(flat, own))
    shape = (len(merged.flats), merged.program.matrix.shape[1])
    return sp.csr_matrix((values, (rows, columns)), shape=shape, dtype=float)


def _loss(flat: Flat, column: int) -> float:
    """Million USD lost with a tonne of a step of shortage, in its own time."""
    label = flat.columns[column]
    return float(MUSD_PER_T * flat.path.series("loss_steps", "/".join(label.index), "loss_usd_per_kg")[label.period])
