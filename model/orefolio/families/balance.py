r"""BAL: at each place, for each commodity and class, what comes in goes out, in every period.

$$\text{made} + \text{arrived} + \text{bought} + \text{released} + \text{collected} + \text{downgraded into} =
  \text{taken in} + \text{sent} + \text{put in stock} + \text{delivered} + \text{sold} + \text{discarded} +
  \text{downgraded out of}$$

Material may be used under any class whose tags include its own, never the reverse.

| symbol | code | unit | meaning |
|---|---|---|---|
| *downgrade* | `downgrade` | t | class given up in the period |
"""

from __future__ import annotations

from .algebra import linear
from .ledger import Future
from .reach import reach_in


def state(future: Future) -> None:
    """State the balance of every place, commodity and class."""
    keys = {
        (place, commodity, class_, weaker, period.number): (0.0, None)
        for period in future.path.periods
        for reach in [reach_in(future.path, period.number)]
        for place, commodity, class_ in sorted(reach.spots)
        for weaker in reach.weaker(class_)
        if (place, commodity, weaker) in reach.spots
    }
    downgrade = future.columns("downgrade", keys)
    for key in keys:
        place, commodity, class_, weaker, number = key
        future.ledger.post("balance", (place, commodity, class_, number), -1.0, downgrade[key])
        future.ledger.post("balance", (place, commodity, weaker, number), 1.0, downgrade[key])
    rows = {}
    for place, commodity, class_, number in sorted(future.ledger.keys("balance")):
        terms = future.ledger.read("balance", (place, commodity, class_, number))
        rows[place, commodity, class_, number] = linear(terms) == 0.0
    future.rows("BAL", rows)
