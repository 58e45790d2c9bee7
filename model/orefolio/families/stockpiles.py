r"""STK: stock is what was there, less decay, plus what is put, less what is taken, rotated or lost for age, by class.

$$stock_{k,q,n} = (1-decay_k)^{h_n}\,stock_{k,q,n-1} + put_{k,q,n} - take_{k,q,n} - rotate_{k,q,n} -
  expire_{k,q,n}$$
$$\sum_q stock_{k,q,n} \le warehouse_k, \quad \sum_q put_{k,q,n} \le h_n\,pace_k, \quad
  \sum_q rotate_{k,q,n} \le h_n\,r_k\,warehouse_k, \quad
  \sum_q stock_{k,q,n} + gap_{k,n} \ge cover_{k,n}$$

What is lost for its age (`expire`) can be so only where the stockpile has an age limit; the family of ageing says when.
Public stock is taken only where an emergency is declared, private stock always. Rotation sells old stock to the market
at a discount, at any time. The cover is soft, and waived from an emergency until the pace limit could have refilled it.
Holding is on mean stock; a handling charge on put, take and rotation stops buying and selling in a loop; closing stock
is worth a share of the Chinese price.

| symbol | code | unit | meaning |
|---|---|---|---|
| *stock* | `stock` | t | at the end of the period |
| *put*, *take*, *rotate* | `put`, `take`, `rotate` | t | added, released, sold |
| *expire* | `expire` | t | lost for its age |
| *gap* | `gap` | t | under the wanted cover |
| pace | `stockpiles.pace_t_per_year` | t/year | most that is added |
| cover | `stockpiles.cover_days` | days | of demand known from data |
"""

from __future__ import annotations

import math
from typing import Any

from .algebra import linear
from .ledger import MUSD_PER_T, Future
from .reach import reach_of

DAYS_A_YEAR = 365.0


def state(future: Future) -> None:
    """State stockpiles: recursion by class, limits, cover, costs."""
    reach = reach_of(future.case)
    emergency = _emergency(future)
    classes = {row.stockpile: reach.at(row.place, row.commodity) for row in future.case.rows("stockpiles")}
    keys = [(k, q, p.number) for k, names in classes.items() for q in names for p in future.path.periods]
    stock = future.columns("stock", dict.fromkeys(keys, (0.0, None)))
    put = future.columns("put", dict.fromkeys(keys, (0.0, None)))
    taken = [key for key in keys if _owner(future, key) == "private" or emergency[key[2]] > 0]
    take = future.columns("take", dict.fromkeys(taken, (0.0, None)))
    rotated = [key for key in keys if future.case.row("stockpiles", key[0]).rotation_share_per_year > 0]
    rotate = future.columns("rotate", dict.fromkeys(rotated, (0.0, None)))
    aged = [key for key in keys if math.isfinite(future.case.row("stockpiles", key[0]).age_limit_years)]
    expire = future.columns("expire", dict.fromkeys(aged, (0.0, None))) if aged else {}
    flows = {"put": put, "take": take, "rotate": rotate}
    _recursion(future, classes, stock, {**flows, "expire": expire})
    for key in aged:
        for account, columns in (("stocked", stock), ("put in", put), ("expired", expire)):
            future.ledger.post(account, key, 1.0, columns[key])
    _drawn(future, {key[0] for key in aged}, classes, flows)
    limits: dict[str, dict[Any, Any]] = {"STK_warehouse": {}, "STK_pace": {}, "STK_rotation": {}}
    for row in future.case.rows("stockpiles"):
        _limits(future, row, classes[row.stockpile], stock, flows, limits)
        _post(future, row, classes[row.stockpile], flows)
        _hold(future, row, classes[row.stockpile], stock)
    for family, rows in limits.items():
        future.rows(family, rows)
    _cover(future, classes, stock, emergency)
    if reach.by_mass_balance:
        for name, class_, number in keys:
            commodity = future.case.row("stockpiles", name).commodity
            future.ledger.post("held", (commodity, class_, number), 1.0, stock[name, class_, number])


def _drawn(future: Future, aged: set[str], classes: dict[str, list[str]], flows: dict[str, Any]) -> None:
    """What leaves any stockpile where stock grows old: it is not new there."""
    rows = future.case.rows("stockpiles")
    spots = {(row.place, row.commodity) for row in rows if row.stockpile in aged}
    for row in rows:
        for class_ in classes[row.stockpile] if (row.place, row.commodity) in spots else ():
            for period in future.path.periods:
                key = (row.stockpile, class_, period.number)
                for flow in ("take", "rotate"):
                    if key in flows[flow]:
                        spot = (row.place, row.commodity, class_, period.number)
                        future.ledger.post("drawn", spot, 1.0, flows[flow][key])


def _owner(future: Future, key: Any) -> str:
    return str(future.case.row("stockpiles", key[0]).owner)


def _emergency(future: Future) -> list[float]:
    if not future.case.has("settings", "emergency_declared"):
        return [0.0] * len(future.path.periods)
    return future.path.series("settings", "emergency_declared", "value")


def _recursion(future: Future, classes: dict[str, list[str]], stock: Any, flows: dict[str, Any]) -> None:
    rows = {}
    for name, kept in classes.items():
        row = future.case.row("stockpiles", name)
        for class_ in kept:
            for period in future.path.periods:
                key = (name, class_, period.number)
                terms = [(1.0, stock[key]), (-1.0, flows["put"][key])]
                terms += [(1.0, flows[flow][key]) for flow in ("take", "rotate", "expire") if key in flows[flow]]
                left = (1.0 - row.decay_share_per_year) ** period.years if row.carries else 0.0
                opening = 0.0
                if period.number:
                    terms.append((-left, stock[name, class_, period.number - 1]))
                elif class_ == row.initial_class:
                    opening = (1.0 - row.decay_share_per_year) ** period.years * row.initial_t
                rows[key] = linear([term for term in terms if term[0]]) == opening
    future.rows("STK", rows)


def _limits(
    future: Future, row: Any, classes: list[str], stock: Any, flows: dict[str, Any], limits: dict[str, dict[Any, Any]]
) -> None:
    name = row.stockpile
    room = future.path.series("stockpiles", name, "warehouse_t")
    most = future.path.series("stockpiles", name, "pace_t_per_year")
    for period in future.path.periods:
        number, years = period.number, period.years
        added = [(-c, v) for c, v in future.ledger.read("installed", (name, number))]
        sold = row.rotation_share_per_year * room[number] * years
        for family, columns, limit, extra in (
            ("STK_warehouse", stock, room[number], added),
            ("STK_pace", flows["put"], most[number] * years, []),
            ("STK_rotation", flows["rotate"], sold, []),
        ):
            held = [columns[name, class_, number] for class_ in classes if (name, class_, number) in columns]
            if len(held) == 1 and not extra and limit < math.inf:
                held[0].upper = limit
            elif held and limit < math.inf:
                limits[family][name, number] = linear([*((1.0, v) for v in held), *extra]) <= limit


def _post(future: Future, row: Any, classes: list[str], flows: dict[str, Any]) -> None:
    price = future.prices.series(future.prices.reference_market, row.commodity)
    handling = future.path.series("stockpiles", row.stockpile, "handling_usd_per_kg")
    loss = row.rotation_discount_share * future.prices.reference(row.commodity)
    charge = {"put": 0.0, "take": 0.0, "rotate": loss}
    sign = {"put": -1.0, "take": 1.0, "rotate": 1.0}
    for class_ in classes:
        for period in future.path.periods:
            key = (row.stockpile, class_, period.number)
            factor = future.path.discount(period.start, period.end) * MUSD_PER_T
            for flow, columns in flows.items():
                if key in columns:
                    spot = (row.place, row.commodity, class_, period.number)
                    future.ledger.post("balance", spot, sign[flow], columns[key])
                    cost = (handling[period.number] + charge[flow]) * factor
                    future.ledger.cost("stock handling", period.number, cost, columns[key])
            spent = price[period.number] * MUSD_PER_T
            future.spend(row.envelope, spent, period.start, period.end, flows["put"][key])


def _hold(future: Future, row: Any, classes: list[str], stock: Any) -> None:
    path = future.path
    value = future.prices.reference(row.commodity)
    holding = path.series("stockpiles", row.stockpile, "holding_share_per_year")
    last = path.periods[-1]
    closing = future.prices.series(future.prices.reference_market, row.commodity)[last.number]
    for class_ in classes:
        for period in path.periods:
            half = holding[period.number] * value * MUSD_PER_T * period.years / 2
            half *= path.discount(period.start, period.end)
            future.ledger.cost("stockholding", period.number, half, stock[row.stockpile, class_, period.number])
            if period.number:
                before = stock[row.stockpile, class_, period.number - 1]
                future.ledger.cost("stockholding", period.number, half, before)
            elif class_ == row.initial_class:
                future.ledger.cost_always("stockholding", 0, half * row.initial_t)
        worth = row.terminal_share * closing * MUSD_PER_T * path.discount(last.end)
        future.ledger.cost("closing stock", last.number, -worth, stock[row.stockpile, class_, last.number])


def _cover(future: Future, classes: dict[str, list[str]], stock: Any, emergency: list[float]) -> None:
    wanted = {}
    for row in future.case.rows("stockpiles"):
        if row.cover_days > 0 and row.cover_penalty_usd_per_kg_year > 0:
            for number, floor in enumerate(cover_floor(future, row, emergency)):
                if floor > 0:
                    wanted[row.stockpile, number] = floor
    gap = future.columns("gap", {key: (0.0, floor) for key, floor in wanted.items()})
    rows = {}
    for key, floor in wanted.items():
        held = [(1.0, stock[key[0], class_, key[1]]) for class_ in classes[key[0]]]
        rows[key] = linear([*held, (1.0, gap[key])]) >= floor
        period = future.path.periods[key[1]]
        penalty = future.case.row("stockpiles", key[0]).cover_penalty_usd_per_kg_year * MUSD_PER_T
        factor = future.path.discount(period.start, period.end) * period.years
        future.ledger.cost("cover penalty", period.number, penalty * factor, gap[key])
    future.rows("STK_cover", rows)


def cover_floor(future: Future, row: Any, emergency: list[float]) -> list[float]:
    """Wanted stock at the end of each period, t; none from an emergency until the pace could have refilled it."""
    days = future.path.series("stockpiles", row.stockpile, "cover_days")
    floors, free_until = [], -math.inf
    for period in future.path.periods:
        grown = (1 + row.cover_growth_share_per_year) ** (period.year - future.case.base_year)
        floor = days[period.number] / DAYS_A_YEAR * row.cover_demand_t_per_year * grown
        if emergency[period.number] > 0:
            free_until = period.end + floor / max(row.pace_t_per_year, 1e-9)
        floors.append(0.0 if period.end <= free_until + 1e-9 else min(floor, row.warehouse_t))
    return floors
