r"""MKT: co-products and surplus are sold at prices that fall in steps, or given up.

$$sell_{r,c,s,n} \le h_n\,volume_{r,c,s}$$

All classes share a step: what is sold is taken from the class with the most tags, into which any other may go down.

| symbol | code | unit | meaning |
|---|---|---|---|
| *sell* | `sell` | t | sold in the period, by step |
| *discard* | `discard` | t | given up |
| volume | `outlets.t_per_year` | t/year | most that the step takes |
"""

from __future__ import annotations

from typing import Any

from .ledger import MUSD_PER_T, Future
from .reach import Reach


def state(future: Future) -> None:
    """State outlets and what is given up."""
    reach = Reach(future.case)
    _sales(future, reach)
    _discards(future, reach)


def _sales(future: Future, reach: Reach) -> None:
    bounds: dict[Any, Any] = {}
    for row in future.case.rows("outlets"):
        if not reach.at(row.place, row.commodity):
            continue
        volume = future.path.series("outlets", f"{row.place}/{row.commodity}/{row.step}", "t_per_year")
        for period in future.path.periods:
            most = volume[period.number] * period.years
            bounds[row.place, row.commodity, str(row.step), period.number] = (0.0, most)
    sell = future.columns("sell", bounds)
    for place, commodity, step, number in sell:
        key = f"{place}/{commodity}/{step}"
        row = future.case.row("outlets", key)
        price = future.path.series("outlets", key, "price_usd_per_kg")[number]
        if row.market:
            share = future.path.series("outlets", key, "price_share")[number]
            price = share * future.prices.series(row.market, commodity)[number]
        period = future.path.periods[number]
        factor = future.path.discount(period.start, period.end) * MUSD_PER_T
        column = sell[place, commodity, step, number]
        class_ = reach.at(place, commodity)[-1]
        future.ledger.post("balance", (place, commodity, class_, number), -1.0, column)
        future.ledger.cost("sales", number, -price * factor, column)


def _discards(future: Future, reach: Reach) -> None:
    places = sorted({(place, commodity) for place, commodity, _ in reach.spots})
    given_up = [spot for spot in places if future.case.row("commodities", spot[1]).discardable]
    keys = {(*spot, period.number): (0.0, None) for spot in given_up for period in future.path.periods}
    discard = future.columns("discard", keys)
    for place, commodity, number in discard:
        cost = future.path.series("commodities", commodity, "discard_usd_per_kg")[number]
        period = future.path.periods[number]
        factor = future.path.discount(period.start, period.end) * MUSD_PER_T
        column = discard[place, commodity, number]
        class_ = reach.at(place, commodity)[-1]
        future.ledger.post("balance", (place, commodity, class_, number), -1.0, column)
        future.ledger.cost("discards", number, cost * factor, column)
