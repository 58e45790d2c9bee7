r"""SUB: a substitute serves no more of a group's demand than has been adopted.

$$\sum_q activity_{p,q,n} \le (share^0_p + \sum_\ell \Delta_\ell\,\text{level in force})\;h_n\;\text{group demand}_n$$

Group demand is data. Adds nothing for processes that are no substitutes.

| symbol | code | unit | meaning |
|---|---|---|---|
| share⁰ | `substitutions.initial_share` | 1 | share served without any programme |
| Δ | `programmes.increment_share` | 1 | what a level adds |
"""

from __future__ import annotations

from .algebra import linear
from .ledger import Future
from .reach import reach_of
from .volumes import demand_volume


def state(future: Future) -> None:
    """State substitution: the adopted share of each group's demand."""
    reach = reach_of(future.case)
    rows = {}
    for row in future.case.rows("substitutions"):
        process = future.case.row("processes", row.process)
        members = [demand for demand in future.case.rows("demands") if demand.group == row.demand_group]
        initial = future.path.series("substitutions", row.process, "initial_share")
        volumes = [demand_volume(future, demand) for demand in members]
        for period in future.path.periods:
            wanted = sum(volume[period.number] for volume in volumes)
            used = [
                t for c in reach.runs(process) for t in future.ledger.read("output", (row.process, c, period.number))
            ]
            raised = future.ledger.read("programme", (row.programme, period.number)) if row.programme else []
            if used:
                terms = used + [(-wanted * c, v) for c, v in raised]
                rows[row.process, period.number] = linear(terms) <= wanted * initial[period.number]
    future.rows("SUB", rows)
