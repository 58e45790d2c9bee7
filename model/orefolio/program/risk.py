r"""RSK: the tail of cost over the futures, as rows over their named totals.

$$tail_\omega \ge cost_\omega - \eta, \quad tail_\omega \ge 0, \qquad
  (1-\lambda)\,\mathbb E[cost] + \lambda\Big(\eta + \tfrac{1}{1-\beta}\sum_\omega \pi_\omega\,tail_\omega\Big)$$

None of it where λ = 0.

| symbol | code | unit | meaning |
|---|---|---|---|
| η | `eta` | million USD | value at risk |
| *tail* | `tail` | million USD | cost over it, by future |
| λ | `settings.risk_weight` | 1 | weight of the tail |
| β | `settings.risk_level` | 1 | level, 0 ≤ β < 1 |
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from .merge import Merged
from .program import Label


def with_risk(merged: Merged) -> Merged:
    """The program with its objective turned towards the tail by the case's risk weight."""
    case = merged.tree.case
    weight, level = case.setting("risk_weight", 0.0), case.setting("risk_level", 0.9)
    if weight <= 0:
        return merged
    program = merged.program
    count, width = len(merged.flats), program.matrix.shape[1]
    each = [
        sp.csr_matrix((flat.cost, (np.zeros(len(place), dtype=np.int64), place)), shape=(1, width))
        for flat, place in zip(merged.flats, merged.column_of, strict=True)
    ]
    costs = sp.csr_matrix(sp.vstack(each))
    parts: list[sp.csr_matrix] = [-costs, sp.csr_matrix(np.ones((count, 1))), sp.csr_matrix(np.eye(count))]
    tails = sp.csr_matrix(sp.hstack(parts))
    wider = sp.csr_matrix(sp.hstack([program.matrix, sp.csr_matrix((program.matrix.shape[0], count + 1))]))
    matrix = sp.csr_matrix(sp.vstack([wider, tails]))
    probability = np.array([flat.path.weight for flat in merged.flats])
    names = [flat.path.future for flat in merged.flats]
    grown = replace(
        program,
        matrix=matrix,
        row_lower=np.append(program.row_lower, [flat.offset for flat in merged.flats]),
        row_upper=np.append(program.row_upper, np.full(count, np.inf)),
        column_lower=np.append(program.column_lower, [-np.inf, *np.zeros(count)]),
        column_upper=np.append(program.column_upper, np.full(count + 1, np.inf)),
        integer=np.append(program.integer, np.zeros(count + 1, dtype=bool)),
        cost=np.concatenate([(1 - weight) * program.cost, [weight], weight / (1 - level) * probability]),
        offset=(1 - weight) * program.offset,
        branch=None if program.branch is None else np.append(program.branch, np.full(count + 1, -1)),
        rows=(*program.rows, *(Label("RSK", (name,), 0) for name in names)),
        columns=(*program.columns, Label("eta", (), 0), *(Label("tail", (name,), 0) for name in names)),
    )
    return replace(merged, program=grown)
