r"""RSK: expected cost is minimised second, with the objective held, where the objective binds only some futures.

$$\min\; \mathbb E[cost] \quad\text{subject to}\quad objective \le v$$

With λ = 1, the worst case or regret a plan is free in every future that is not among the worst: any way of it that is
no worse than these is as good. The row stands in the first program without a limit, so that the second has the same
size and begins warm; then v, the value of the first plan, is its limit.

| symbol | code | unit | meaning |
|---|---|---|---|
| v | – | million USD | value of the objective in the plan of the first solve |
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from ..merge import Merged
from ..program import Label, Program
from .extended import Columns, Rows, expected_cost, extended

ROW = Label("RSK_held", (), 0)


def binds_only_some(merged: Merged) -> bool:
    """Whether the objective leaves a plan free in futures that are not among the worst."""
    case = merged.tree.case
    alone = case.setting("risk_weight", 0.0) >= 1 or case.setting("worst_case", 0.0) > 0
    alone = alone or case.setting("least_regret", 0.0) > 0
    return alone and len(merged.flats) > 1


def with_held(merged: Merged) -> Merged:
    """The program with its objective as a row without a limit, where it binds only some futures."""
    if not binds_only_some(merged):
        return merged
    free = np.array([np.inf])
    rows = Rows((ROW,), sp.csr_matrix(merged.program.cost.reshape(1, -1)), np.empty((1, 0)), -free, free)
    return extended(merged, Columns(), rows)


def second(merged: Merged, value: float) -> Program:
    """The program that minimises expected cost with the objective at no more than a value, million USD."""
    program = merged.program
    cost, offset = expected_cost(merged)
    upper = program.row_upper.copy()
    upper[program.rows.index(ROW)] = value - program.offset
    return replace(program, cost=cost, offset=offset, row_upper=upper)
