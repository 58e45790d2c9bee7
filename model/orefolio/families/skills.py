r"""SKL: people who do not work forget: a part of the capacity that is idle cannot be run a year later.

$$able_{p,n} = able_{p,n-1} - \big(1 - (1 - loss_p)^{h_{n-1}}\big)\,\big(able_{p,n-1} - activity_{p,n-1}/h_{n-1}\big) +
  retrained_{p,n} + added_{p,n} - added_{p,n-1}$$
$$\sum_q activity_{p,q,n} \le available_{p,n}\,h_n\,able_{p,n}$$

On the first day all that stands can be run. What cannot run for want of availability is idle too. What projects add
brings its people with it, and so does capacity that an event adds; where capacity wears or is taken away nobody is
missed. Training makes able again, at a cost for each tonne a year. Adds nothing where no process forgets.

| symbol | code | unit | meaning |
|---|---|---|---|
| *able* | `able` | t/year | capacity that people can run |
| *retrained* | `retrained` | t/year | made able again at the start of the period |
| loss | `processes.idle_loss_share_per_year` | 1 | idle capacity that is lost in a year |
| – | `processes.retrain_usd_per_t` | USD per t/year | cost of training; blank where it cannot be had |
"""

from __future__ import annotations

import math
from typing import Any

from .algebra import Key, Term, linear
from .ledger import Future

MUSD = 1e-6


def state(future: Future) -> None:
    """State skills: what people can run, what runs within it, what training costs."""
    path = future.path
    forgetting = [row for row in future.case.rows("processes") if row.idle_loss_share_per_year > 0]
    if not forgetting:
        return
    keys = [(row.process, period.number) for row in forgetting for period in path.periods]
    taught = [key for key in keys if key[1] and math.isfinite(future.case.row("processes", key[0]).retrain_usd_per_t)]
    able = future.columns("able", dict.fromkeys(keys, (0.0, None)))
    retrained = future.columns("retrained", dict.fromkeys(taught, (0.0, None)))
    runs: dict[Key, list[Term]] = {key: [] for key in keys}
    for name, class_, number in list(future.ledger.keys("output")):
        if (name, number) in runs:
            runs[name, number] += future.ledger.read("output", (name, class_, number))
    within: dict[Key, Any] = {}
    follows: dict[Key, Any] = {}
    for row in forgetting:
        available = path.series("processes", row.process, "availability_share")
        for period in path.periods:
            key = (row.process, period.number)
            follows[key] = _follows(future, row, period, able, retrained, runs)
            if runs[key]:
                within[key] = linear([*runs[key], (-available[period.number] * period.years, able[key])]) <= 0.0
            if key in retrained:
                cost = row.retrain_usd_per_t * MUSD * path.discount(period.start)
                future.ledger.cost("retraining", period.number, cost, retrained[key])
    future.rows("SKL", within)
    future.rows("SKL_able", follows)


def _follows(future: Future, row: Any, period: Any, able: Any, retrained: Any, runs: dict[Key, list[Term]]) -> Any:
    """What people can run follows from what they could and did run before."""
    name, number = row.process, period.number
    stands = future.path.series("processes", name, "capacity_t_per_year")
    if not number:
        added = [(-c, v) for c, v in future.ledger.read("installed", (name, 0))]
        return linear([(1.0, able[name, 0]), *added]) == stands[0]
    before = future.path.periods[number - 1]
    kept = (1.0 - row.idle_loss_share_per_year) ** before.years
    terms: list[Term] = [(1.0, able[name, number]), (-kept, able[name, number - 1])]
    terms += [(-(1.0 - kept) / before.years * c, v) for c, v in runs[name, number - 1]]
    terms += [(-1.0, retrained[name, number])] if (name, number) in retrained else []
    terms += [(-c, v) for c, v in _risen(future, name, number)]
    return linear([term for term in terms if term[0]]) == max(0.0, stands[number] - stands[number - 1])


def _risen(future: Future, name: str, number: int) -> list[Term]:
    """By how much what projects add, or what is given up of them, has grown since the period before."""
    then: dict[int, float] = {}
    for c, v in future.ledger.read("installed", (name, number - 1)):
        then[id(v)] = then.get(id(v), 0.0) + c
    risen: list[Term] = []
    for c, v in future.ledger.read("installed", (name, number)):
        change = c - then.get(id(v), 0.0)
        if change * c > 0:
            risen.append((change, v))
    return risen
