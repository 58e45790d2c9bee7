r"""RSK: the tail of shortage over the futures, priced beside cost or capped.

$$tail_\omega \ge short_\omega - \eta, \quad tail_\omega \ge 0, \qquad
  cvar = \eta + \tfrac{1}{1-\beta}\sum_\omega \pi_\omega\,tail_\omega \le cap, \qquad
  \text{objective} + \mu\,cvar$$

Shortage is of a demand, of a group or of all, over the whole path: in tonnes, or in million USD of loss in its own
time. It comes on top of the loss that the objective counts already. None of it where the table has no row.

| symbol | code | unit | meaning |
|---|---|---|---|
| η | `eta_short` | t or million USD | shortage at risk |
| *tail* | `tail_short` | t or million USD | shortage over it, by future |
| β | `shortage_tails.level` | 1 | level, 0 ≤ β < 1 |
| μ | `shortage_tails.weight_musd` | million USD per unit | price of the tail |
| cap | `shortage_tails.cap` | t or million USD | the most that the tail may be |
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import scipy.sparse as sp

from ..merge import Merged
from ..program import Floats, Label
from .extended import Columns, Rows, by_future, extended, weights
from .shortage import short


def with_shortage_tails(merged: Merged) -> Merged:
    """The program with every tail of shortage."""
    for row in merged.tree.case.rows("shortage_tails"):
        merged = _with_tail(merged, row)
    return merged


def _with_tail(merged: Merged, row: Any) -> Merged:
    count = len(merged.flats)
    mean: Floats = np.append(1.0, weights(merged) / (1 - row.level))
    columns = Columns(
        (Label("eta_short", (row.tail,), 0), *by_future(merged, "tail_short", row.tail)),
        lower=np.zeros(count + 1),
        upper=np.full(count + 1, np.inf),
        cost=row.weight_musd * mean,
    )
    old, new = -short(merged, row, row.measure), np.hstack([np.ones((count, 1)), np.eye(count)])
    labels, upper = by_future(merged, "RSK_short", row.tail), np.full(count, np.inf)
    lower = np.zeros(count)
    if math.isfinite(row.cap):
        labels = (*labels, Label("RSK_short_cap", (row.tail,), 0))
        old = sp.csr_matrix(sp.vstack([old, sp.csr_matrix((1, old.shape[1]))]))
        new, lower, upper = np.vstack([new, mean]), np.append(lower, -np.inf), np.append(upper, row.cap)
    return extended(merged, columns, Rows(labels, old, new, lower, upper))
