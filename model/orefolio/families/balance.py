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

from .ledger import Future, linear
from .reach import Reach


def state(future: Future) -> None:
    """State the balance of every place, commodity and class."""
    reach = Reach(future.case)
    pairs = sorted(
        (place, commodity, class_, weaker)
        for place, commodity, class_ in reach.spots
        for weaker in reach.weaker(class_)
        if (place, commodity, weaker) in reach.spots
    )
    keys = {(*pair, period.number): (0.0, None) for pair in pairs for period in future.path.periods}
    downgrade = future.columns("downgrade", keys)
    for key in keys:
        place, commodity, class_, weaker, number = key
        future.ledger.post("balance", (place, commodity, class_, number), -1.0, downgrade[key])
        future.ledger.post("balance", (place, commodity, weaker, number), 1.0, downgrade[key])
    rows = {}
    for spot in sorted(reach.spots):
        for period in future.path.periods:
            terms = future.ledger.read("balance", (*spot, period.number))
            if terms:
                rows[(*spot, period.number)] = linear(terms) == 0.0
    future.rows("BAL", rows)
