r"""RSK: the greatest cost over futures as the objective.

$$\min\; worst, \qquad worst \ge cost_\omega$$

It counts every future alike, whatever its weight. None of it where no setting asks for it.

| symbol | code | unit | meaning |
|---|---|---|---|
| *worst* | `worst` | million USD | the greatest cost over futures |
| – | `settings.worst_case` | 1 | 1: this is minimised |
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..merge import Merged
from ..program import Label
from .extended import Columns, Rows, by_future, extended, future_costs


def with_worst(merged: Merged) -> Merged:
    """The program with the greatest cost over futures as its objective, where the case asks for it."""
    if merged.tree.case.setting("worst_case", 0.0) <= 0:
        return merged
    count, program = len(merged.flats), merged.program
    nothing = replace(program, cost=np.zeros_like(program.cost), offset=0.0)
    columns = Columns((Label("worst", (), 0),), np.array([-np.inf]), np.array([np.inf]), np.array([1.0]))
    rows = Rows(
        by_future(merged, "RSK_worst"),
        old=-future_costs(merged),
        new=np.ones((count, 1)),
        lower=np.array([flat.offset for flat in merged.flats]),
        upper=np.full(count, np.inf),
    )
    return extended(replace(merged, program=nothing), columns, rows)
