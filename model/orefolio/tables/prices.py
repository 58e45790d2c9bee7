"""What one more tonne is worth at each place, commodity and class, in each node of the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .outcome.frame import frame

if TYPE_CHECKING:
    import pandas as pd

    from .outcome import Outcome

COLUMNS = ("place", "commodity", "class", "node", "period", "year", "branch", "probability", "usd_per_t")


def table(outcome: Outcome) -> pd.DataFrame:
    """USD per tonne at the node, in money of its own time: the dual over the node's probability and discount factor.

    With the plan's yes-or-no decisions fixed. Empty where the solve ended without duals. With a weight on the tail the
    probabilities are the case's own, not those that the weight implies.
    """
    duals = outcome.solution.duals
    merged = outcome.merged
    found: dict[int, tuple[object, ...]] = {}
    sharing: dict[int, list[int]] = {}
    if duals.size:
        for number, places in enumerate(merged.row_of):
            for row in places.tolist():
                sharing.setdefault(row, []).append(number)
    for row, futures in sharing.items():
        label = merged.program.rows[row]
        if label.name != "BAL":
            continue
        path = outcome.futures[futures[0]].path
        period = path.periods[label.period]
        chance = merged.tree.probability[label.node]
        price = 1e6 * float(duals[row]) / chance / path.discount(period.start, period.end)
        found[row] = (*label.index, label.node, period.label, period.year, outcome.branch(futures), chance, price)
    return frame(COLUMNS, found.values())
