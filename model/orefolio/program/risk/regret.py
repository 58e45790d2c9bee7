r"""RSK: the greatest regret over futures as the objective.

$$\min\; regret, \qquad regret \ge cost_\omega - best_\omega$$

What a future would cost by itself, known from the first day, is the end of a solve of its own. Its proved bound stands
here, so that the regret is never less than the true one. Until it is known it is nought. None of it where no setting
asks for it.

| symbol | code | unit | meaning |
|---|---|---|---|
| *regret* | `regret` | million USD | the greatest regret over futures |
| best | – | million USD | proved bound of what a future costs by itself |
| – | `settings.least_regret` | 1 | 1: this is minimised |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..merge import Merged
from ..program import Label
from .extended import Columns, Rows, by_future, extended, future_costs

ROW = "RSK_regret"


def asked(merged: Merged) -> bool:
    """Whether the case asks for the smallest greatest regret."""
    return merged.tree.case.setting("least_regret", 0.0) > 0


def with_regret(merged: Merged) -> Merged:
    """The program with the greatest regret over futures as its objective, where the case asks for it."""
    if not asked(merged):
        return merged
    count, program = len(merged.flats), merged.program
    nothing = replace(program, cost=np.zeros_like(program.cost), offset=0.0)
    columns = Columns((Label("regret", (), 0),), np.array([-np.inf]), np.array([np.inf]), np.array([1.0]))
    rows = Rows(
        by_future(merged, ROW),
        old=-future_costs(merged),
        new=np.ones((count, 1)),
        lower=np.array([flat.offset for flat in merged.flats]),
        upper=np.full(count, np.inf),
    )
    return extended(replace(merged, program=nothing), columns, rows)


def with_own_best(merged: Merged, own_best: Sequence[tuple[float, float]]) -> Merged:
    """The same with what each future costs by itself: (proved bound, plan), million USD, in their order."""
    program = merged.program
    place = {label: number for number, label in enumerate(program.rows)}
    lower = program.row_lower.copy()
    for label, flat, (bound, _) in zip(by_future(merged, ROW), merged.flats, own_best, strict=True):
        lower[place[label]] = flat.offset - bound
    return replace(merged, program=replace(program, row_lower=lower), own_best=tuple(own_best))
