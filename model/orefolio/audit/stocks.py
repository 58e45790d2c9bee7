"""Stockpiles: what is there follows from what was there; limits of room, pace, rotation and release; cover."""

from __future__ import annotations

import math
from typing import Any

from .evidence import Evidence
from .life import Life, lives
from .tally import TOLERANCE, Tally

DAYS_A_YEAR = 365.0


def recursion(evidence: Evidence) -> Tally:
    """Stock at the end of each period, by class: what was there less decay, what is added, taken and rotated."""
    tally = Tally()
    for life in lives(evidence):
        values = life.walk.value
        for row in life.case.rows("stockpiles"):
            for class_ in life.goods.ordered:
                for period in life.path.periods:
                    left = (1.0 - row.decay_share_per_year) ** period.years
                    if period.number == 0:
                        before = row.initial_t if class_ == row.initial_class else 0.0
                    else:
                        before = values("stock", row.stockpile, class_, period.number - 1) if row.carries else 0.0
                    key = (row.stockpile, class_, period.number)
                    terms = [values("put", *key), -values("take", *key), -values("rotate", *key), left * before]
                    tally.same([*terms, -values("stock", *key)], life.name, "stock", key)
    return tally


def limits(evidence: Evidence) -> Tally:
    """Room, pace of buying, rotation, and release of public stock in a declared emergency only."""
    tally = Tally()
    for life in lives(evidence):
        stock, put, rotate = (life.walk.summed(name, 1) for name in ("stock", "put", "rotate"))
        for row in life.case.rows("stockpiles"):
            room = life.path.series("stockpiles", row.stockpile, "warehouse_t")
            pace = life.path.series("stockpiles", row.stockpile, "pace_t_per_year")
            for period in life.path.periods:
                key = (row.stockpile, period.number)
                added = [-size for size in life.added(row.stockpile, period.number)]
                most = room[period.number]
                tally.most([*stock.get(key, []), *added], most, life.name, "room of", key)
                tally.most(put.get(key, []), pace[period.number] * period.years, life.name, "pace of", key)
                sold = row.rotation_share_per_year * most * period.years
                tally.most(rotate.get(key, []), sold, life.name, "rotation of", key)
        for item in life.walk.of("take"):
            public = life.case.row("stockpiles", item.words[0]).owner == "public"
            fine = not public or life.market.emergency[item.number] > 0 or item.value <= TOLERANCE
            tally.holds(fine, life.name, (*item.words, item.number), "public stock is taken in no emergency")
    return tally


def cover(evidence: Evidence) -> Tally:
    """Stock and the gap that is paid for reach the wanted cover; waived until the pace could have refilled it."""
    tally = Tally()
    for life in lives(evidence):
        stock = life.walk.summed("stock", 1)
        for row in life.case.rows("stockpiles"):
            paid = row.cover_days > 0 and row.cover_penalty_usd_per_kg_year > 0
            floors = _floors(life, row) if paid else [0.0] * len(life.path.periods)
            for number, floor in enumerate(floors):
                gap = life.walk.value("gap", row.stockpile, number)
                tally.most([gap], floor, life.name, "gap of", (row.stockpile, number))
                if floor > 0:
                    held = stock.get((row.stockpile, number), [])
                    tally.least([*held, gap], floor, life.name, "cover of", (row.stockpile, number))
    return tally


def _floors(life: Life, row: Any) -> list[float]:
    days = life.path.series("stockpiles", row.stockpile, "cover_days")
    found, waived_until = [], -math.inf
    for period in life.path.periods:
        grown = (1.0 + row.cover_growth_share_per_year) ** (period.year - life.case.base_year)
        wanted = row.cover_demand_t_per_year * grown * days[period.number] / DAYS_A_YEAR
        if life.market.emergency[period.number] > 0:
            refill = wanted / row.pace_t_per_year if row.pace_t_per_year > 0 else math.inf
            waived_until = period.end + refill
        found.append(min(wanted, row.warehouse_t) if period.end > waived_until + 1e-9 else 0.0)
    return found
