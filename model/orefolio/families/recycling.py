r"""REC: no more scrap is collected than arises, times the share that the programmes reach.

$$collect_{c,r,n} \le arising_{c,r,n}\,(rate^0 + \sum_{\ell} \Delta rate_\ell\,\text{level in force}), \qquad
  arising(t) = \sum_v sales_v\,(F(t+1-v) - F(t-v))$$

F is the Weibull distribution of life times. Swarf is a yield of the magnet lines and not here. Scrap inherits the class
mix of the sales it comes from, unless the law frees recycled material.

| symbol | code | unit | meaning |
|---|---|---|---|
| *collect* | `collect` | t | collected in the period |
| rate⁰ | `scrap.rate_share` | 1 | share collected without any programme |
| sales | `past_sales.t` | t | sold in a past year |
"""

from __future__ import annotations

import math
from typing import Any

from ..case.scenarios import Period
from .algebra import linear
from .ledger import MUSD_PER_T, Future
from .reach import reach_of


def state(future: Future) -> None:
    """State scrap: arisings, collection, where it goes."""
    reach = reach_of(future.case)
    keys = {(row.scrap, p.number): (0.0, None) for row in future.case.rows("scrap") for p in future.path.periods}
    collect = future.columns("collect", keys)
    rows = {}
    for row in future.case.rows("scrap"):
        rate = future.path.series("scrap", row.scrap, "rate_share")
        cost = future.path.series("scrap", row.scrap, "collection_usd_per_kg")
        for period in future.path.periods:
            key = (row.scrap, period.number)
            arising = arisings(future, row, period)
            raised = future.ledger.read("programme", (row.programme, period.number))
            rows[key] = (
                linear([(1.0, collect[key]), *((-arising * c, v) for c, v in raised)]) <= arising * rate[period.number]
            )
            factor = future.path.discount(period.start, period.end) * MUSD_PER_T
            future.ledger.cost("collection", period.number, cost[period.number] * factor, collect[key])
            for class_, share in reach.collected(row).items():
                future.ledger.post("balance", (row.place, row.commodity, class_, period.number), share, collect[key])
    future.rows("REC", rows)


def arisings(future: Future, row: Any, period: Period) -> float:
    """Tonnes that come to the end of their life in a period."""
    total = 0.0
    for sale in future.case.rows("past_sales"):
        if sale.scrap == row.scrap:
            age = period.year + (period.start % 1.0) - sale.year
            total += sale.t * (_gone(row, age + period.years) - _gone(row, age))
    return total


def _gone(row: Any, age: float) -> float:
    """Share that has come to the end of its life by an age, in years."""
    return 1.0 - math.exp(-((age / row.weibull_scale_years) ** row.weibull_shape)) if age > 0 else 0.0
