r"""RSK: shortage over a path stays within a limit with a probability.

$$\sum short_\omega \le limit\,D_\omega + (1 - limit)\,D_\omega\,miss_\omega, \qquad
  \sum_\omega \pi_\omega\,miss_\omega \le 1 - p, \qquad miss_\omega \in \{0, 1\}$$

No more than all that is wanted goes short, so the second term is as small as it can be. D and the shortage are of a
demand, of a group or of all, over the whole path, in tonnes. None of it where the table has no row.

| symbol | code | unit | meaning |
|---|---|---|---|
| *miss* | `miss` | 1 | whether the limit is missed in a future |
| limit | `chance.limit_share` | 1 | share of demand that may go short |
| p | `chance.probability` | 1 | least probability that no more does |
| D | `demands.t_per_year` and growth | t | wanted over the path |
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp

from ..merge import Merged
from ..program import Label
from .extended import Columns, Rows, by_future, extended, weights
from .shortage import short, wanted


def with_chances(merged: Merged) -> Merged:
    """The program with the rows of every chance."""
    for row in merged.tree.case.rows("chance"):
        merged = _with_chance(merged, row)
    return merged


def _with_chance(merged: Merged, row: Any) -> Merged:
    count = len(merged.flats)
    tonnes = wanted(merged, row)
    columns = Columns(
        by_future(merged, "miss", row.chance), np.zeros(count), np.ones(count), np.zeros(count), integer=True
    )
    lost = sp.csr_matrix(sp.vstack([short(merged, row), sp.csr_matrix((1, merged.program.matrix.shape[1]))]))
    rows = Rows(
        (*by_future(merged, "RSK_chance", row.chance), Label("RSK_misses", (row.chance,), 0)),
        old=lost,
        new=np.vstack([-np.diag((1 - row.limit_share) * tonnes), weights(merged)]),
        lower=np.full(count + 1, -np.inf),
        upper=np.append(row.limit_share * tonnes, 1 - row.probability),
    )
    return extended(merged, columns, rows)
