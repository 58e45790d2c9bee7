r"""RSK: the tail of cost over the futures.

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

from ..merge import Merged
from ..program import Label
from .extended import Columns, Rows, by_future, extended, future_costs, weights


def with_tail(merged: Merged) -> Merged:
    """The program with its objective turned towards the tail by the case's risk weight."""
    case, program = merged.tree.case, merged.program
    weight, level = case.setting("risk_weight", 0.0), case.setting("risk_level", 0.9)
    if weight <= 0:
        return merged
    count = len(merged.flats)
    columns = Columns(
        (Label("eta", (), 0), *by_future(merged, "tail")),
        lower=np.array([-np.inf, *np.zeros(count)]),
        upper=np.full(count + 1, np.inf),
        cost=np.array([weight, *(weight / (1 - level) * weights(merged))]),
    )
    rows = Rows(
        by_future(merged, "RSK"),
        old=-future_costs(merged),
        new=np.hstack([np.ones((count, 1)), np.eye(count)]),
        lower=np.array([flat.offset for flat in merged.flats]),
        upper=np.full(count, np.inf),
    )
    turned = replace(program, cost=(1 - weight) * program.cost, offset=(1 - weight) * program.offset)
    return extended(replace(merged, program=turned), columns, rows)
