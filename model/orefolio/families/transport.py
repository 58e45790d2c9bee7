r"""LAN: a lane carries what was sent, less its loss, up to its capacity and to what a licence lets through.

$$\sum_q ship_{\ell,q,n} \le h_n\,(capacity_\ell + \text{what projects add}), \qquad
  ship_{\ell,q,n} \le \varphi_{\ell,n}\,h_n\,normal_{\ell,n} \;\text{for } q \text{ with a tag of the licence}, \qquad
  ship_{\ell,q,n} \le (1 - f_{\ell,n})\,h_n\,normal_{\ell,n}$$

Normal trade is the lane's capacity, or where it has none the capacity of the lines that make the commodity at its
origin. No row where the capacity is unlimited; no limit by licence where φ = 1, no column where it lets nothing
through. Lead times on a lane are shorter than any period and are left out.

| symbol | code | unit | meaning |
|---|---|---|---|
| *ship* | `ship` | t | sent in the period |
| φ | `licences.approval_share` | 1 | share of normal trade that is approved |
| f | `rules.in_force_share` | 1 | share of the period in which a ban of the lane is in force |
| loss | `lanes.loss_share` | 1 | lost on the way |
"""

from __future__ import annotations

import math
from typing import Any

from . import timing
from .algebra import linear
from .ledger import MUSD_PER_T, Future
from .reach import Reach, approval, in_force, reach_in, reach_of


def state(future: Future) -> None:
    """State lanes: what is sent, what arrives, freight and tariffs."""
    reach = reach_of(future.case)
    bounds: dict[Any, Any] = {}
    for lane in future.case.rows("lanes"):
        approved = approval(future.path, lane.licence)
        barred = in_force(future.path, lane.ban_rule) if lane.ban_rule else [0.0] * len(approved)
        for period in future.path.periods:
            for class_ in reach_in(future.path, period.number).at(lane.from_place, lane.commodity):
                share = approved[period.number] if reach.stopped(lane.licence, class_) else 1.0
                share = min(share, 1.0 - barred[period.number])
                if share > 0:
                    most = share * period.years * _normal(future, reach, lane, period.number) if share < 1 else math.inf
                    bounds[lane.lane, class_, period.number] = (0.0, most if most < math.inf else None)
    ship = future.columns("ship", bounds)
    for lane in future.case.rows("lanes"):
        _post(future, reach, lane, ship)
    _limit(future, reach, ship)


def _normal(future: Future, reach: Reach, lane: Any, number: int) -> float:
    """Normal trade of a lane, t/year; infinite where nothing is made at its origin and it has no capacity."""
    if math.isfinite(lane.capacity_t_per_year):
        return future.path.series("lanes", lane.lane, "capacity_t_per_year")[number]
    made = 0.0
    for process in future.case.rows("processes"):
        if process.place == lane.from_place:
            per_tonne = sum(
                row.t_per_t * row.yield_share
                for row in reach.recipes[process.process]
                if row.direction == "out" and row.commodity == lane.commodity
            )
            made += per_tonne * timing.greatest(future.path, process)[number] if per_tonne else 0.0
    return made or math.inf


def _post(future: Future, reach: Reach, lane: Any, ship: Any) -> None:
    freight = future.path.series("lanes", lane.lane, "cost_usd_per_kg")
    tariff = future.path.series("lanes", lane.lane, "tariff_share")
    value = future.prices.reference(lane.commodity)
    for class_ in reach.at(lane.from_place, lane.commodity):
        for period in future.path.periods:
            key = (lane.lane, class_, period.number)
            if key not in ship:
                continue
            factor = future.path.discount(period.start, period.end) * MUSD_PER_T
            future.ledger.cost("transport", period.number, freight[period.number] * factor, ship[key])
            future.ledger.cost("tariffs", period.number, tariff[period.number] * value * factor, ship[key])
            future.ledger.post("balance", (lane.from_place, lane.commodity, class_, period.number), -1.0, ship[key])
            arrived = 1.0 - lane.loss_share
            future.ledger.post("balance", (lane.to_place, lane.commodity, class_, period.number), arrived, ship[key])


def _limit(future: Future, reach: Reach, ship: Any) -> None:
    rows = {}
    for lane in future.case.rows("lanes"):
        if not math.isfinite(lane.capacity_t_per_year):
            continue
        capacity = future.path.series("lanes", lane.lane, "capacity_t_per_year")
        for period in future.path.periods:
            sent = [
                (1.0, ship[lane.lane, class_, period.number])
                for class_ in reach.at(lane.from_place, lane.commodity)
                if (lane.lane, class_, period.number) in ship
            ]
            if not sent:
                continue
            added = [(-period.years * c, v) for c, v in future.ledger.read("installed", (lane.lane, period.number))]
            rows[lane.lane, period.number] = linear(sent + added) <= period.years * capacity[period.number]
    future.rows("LAN", rows)
