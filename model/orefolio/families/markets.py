r"""MKT: co-products and surplus are sold at prices that fall in steps, or given up.

$$sell_{r,c,s,n} \le h_n\,volume_{r,c,s}$$

All classes share a step: what is sold is taken from the class with the most tags, into which any other may go down.
Only what is made or bought jointly with something else can be in surplus and is given up.

| symbol | code | unit | meaning |
|---|---|---|---|
| *sell* | `sell` | t | sold in the period, by step |
| *discard* | `discard` | t | given up |
| volume | `outlets.t_per_year` | t/year | most that the step takes |
"""

from __future__ import annotations

from typing import Any

from .ledger import MUSD_PER_T, Future
from .reach import reach_in, reach_of


def state(future: Future) -> None:
    """State outlets and what is given up."""
    _sales(future)
    _discards(future)


def _sales(future: Future) -> None:
    bounds: dict[Any, Any] = {}
    reaches = [reach_in(future.path, period.number) for period in future.path.periods]
    for row in future.case.rows("outlets"):
        volume = future.path.series("outlets", f"{row.place}/{row.commodity}/{row.step}", "t_per_year")
        for period in future.path.periods:
            most = volume[period.number] * period.years
            if reaches[period.number].at(row.place, row.commodity):
                bounds[row.place, row.commodity, str(row.step), period.number] = (0.0, most)
    sell = future.columns("sell", bounds)
    by_mass_balance = reach_of(future.case).by_mass_balance
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
        class_ = reaches[number].at(place, commodity)[-1]
        future.ledger.post("balance", (place, commodity, class_, number), -1.0, column)
        if by_mass_balance:
            future.ledger.post("left", (commodity, "", number), 1.0, column)
        future.ledger.cost("sales", number, -price * factor, column)


def _discards(future: Future) -> None:
    joint = _joint(future)
    keys = {
        (place, commodity, period.number): (0.0, None)
        for period in future.path.periods
        for place, commodity in sorted({spot[:2] for spot in reach_in(future.path, period.number).spots})
        if commodity in joint and future.case.row("commodities", commodity).discardable
    }
    discard = future.columns("discard", keys)
    for place, commodity, number in discard:
        cost = future.path.series("commodities", commodity, "discard_usd_per_kg")[number]
        period = future.path.periods[number]
        factor = future.path.discount(period.start, period.end) * MUSD_PER_T
        column = discard[place, commodity, number]
        class_ = reach_in(future.path, number).at(place, commodity)[-1]
        future.ledger.post("balance", (place, commodity, class_, number), -1.0, column)
        future.ledger.cost("discards", number, cost * factor, column)


def _joint(future: Future) -> set[str]:
    """Commodities that come together with others, or with another class of their own."""
    made: dict[str, list[str]] = {}
    for row in future.case.rows("recipes"):
        if row.direction == "out":
            made.setdefault(f"process {row.process}", []).append(row.commodity)
    for row in future.case.rows("contract_items"):
        made.setdefault(f"contract {row.contract}", []).append(row.commodity)
    for row in future.case.rows("scrap"):
        made.setdefault(f"scrap {row.scrap}", []).extend([row.commodity] * len(reach_of(future.case).collected(row)))
    return {commodity for several in made.values() if len(several) > 1 for commodity in several}
