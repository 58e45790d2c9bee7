r"""DEP: a mine gives no more over the whole horizon than its reserve holds.

$$\sum_{n \in \text{path}} \sum_q activity_{p,q,n} \le reserve_p$$

On every path of the tree the whole output counts, so what is dug before a shock is missing after it. What lies in the
ground at the end has no value of its own. Adds nothing where no process has a reserve.

| symbol | code | unit | meaning |
|---|---|---|---|
| *activity* | `activity` | t | output of the main product in the period, by class |
| reserve | `processes.reserve_t` | t | most output over the horizon |
"""

from __future__ import annotations

import math

from .algebra import Term, linear
from .ledger import Future


def state(future: Future) -> None:
    """State depletion: the output of each path within the reserve."""
    limits = {row.process: row.reserve_t for row in future.case.rows("processes") if math.isfinite(row.reserve_t)}
    if not limits:
        return
    output: dict[str, list[Term]] = {}
    for name, class_, number in list(future.ledger.keys("output")):
        if name in limits:
            output.setdefault(name, []).extend(future.ledger.read("output", (name, class_, number)))
    last = future.path.periods[-1].number
    future.rows("DEP", {(name, last): linear(terms) <= limits[name] for name, terms in output.items()})
