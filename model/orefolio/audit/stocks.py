"""Stockpiles: what is there follows from what was there; limits of room, pace, rotation and release; cover."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from .balances import flows
from .evidence import Evidence
from .life import Life, lives
from .tally import TOLERANCE, Tally

DAYS_A_YEAR = 365.0
SLACK = 1e-9


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
                    terms.append(-values("expire", *key))
                    tally.same([*terms, -values("stock", *key)], life.name, "stock", key)
    return tally


def ages(evidence: Evidence) -> Tally:
    """Under first in, first out nothing lies past its age limit; no more is lost than ever was too old."""
    tally = Tally()
    for life in lives(evidence):
        for row in life.case.rows("stockpiles"):
            if math.isinf(row.age_limit_years):
                fine = row.stockpile not in life.by_thing("expire")
                tally.holds(fine, life.name, row.stockpile, "loses stock for its age and has no age limit")
                continue
            for class_ in life.goods.ordered:
                _aged(tally, life, row, class_)
        _fresh(tally, life)
    return tally


def _fresh(tally: Tally, life: Life) -> None:
    """What goes in came from elsewhere: taking out and putting back does not make stock young."""
    aged = [row for row in life.case.rows("stockpiles") if math.isfinite(row.age_limit_years)]
    puts: dict[tuple[str, str, int], list[float]] = {}
    for row in aged:
        for item in life.by_thing("put").get(row.stockpile, ()):
            puts.setdefault((row.place, row.commodity, item.number), []).append(item.value)
    if not puts:
        return
    coming: dict[tuple[str, str, int], list[float]] = {}
    for (place, commodity, _, number), terms in flows(life).items():
        coming.setdefault((place, commodity, number), []).extend(max(t, 0.0) for t in terms)
    places = {row.process: row.place for row in life.case.rows("processes")}
    stores = {row.stockpile: (row.place, row.commodity) for row in life.case.rows("stockpiles")}
    within: dict[str, Callable[[tuple[str, ...]], tuple[str, ...]]] = {
        "take": lambda words: stores[words[0]],
        "rotate": lambda words: stores[words[0]],
        "downgrade": lambda words: words[:2],
        "blend": lambda words: words[:2],
        "feed": lambda words: (places[words[0]], words[1]),
    }
    for name, where in within.items():
        for item in life.walk.of(name):
            place, commodity = where(item.words)
            coming.setdefault((place, commodity, item.number), []).append(-item.value)
    for spot, tonnes in puts.items():
        tally.most([*tonnes, *(-t for t in coming.get(spot, []))], 0.0, life.name, "put in again", spot)


def _aged(tally: Tally, life: Life, row: Any, class_: str) -> None:
    """Piles by the moments between which they came, emptied from the oldest."""
    values, keeps = life.walk.value, 1.0 - row.decay_share_per_year
    initial, born = row.initial_t if class_ == row.initial_class else 0.0, -row.initial_age_years
    piles: list[list[float]] = [[born, born, initial]]
    came, lost = [list(pile) for pile in piles], 0.0
    for period in life.path.periods:
        key = (row.stockpile, class_, period.number)
        for pile in (*piles, *came):
            pile[2] *= keeps**period.years
        piles.append([period.start, period.end, values("put", *key)])
        came.append(list(piles[-1]))
        edge = period.end - row.age_limit_years
        old, ever = (math.fsum(_before(pile, edge) for pile in several) for several in (piles, came))
        gone = values("expire", *key)
        lost = lost * keeps**period.years + gone
        size = math.fsum(pile[2] for pile in came)
        tally.weigh(lost - ever, size, life.name, "lost before its age", key)
        leaves = math.fsum([gone, values("take", *key), values("rotate", *key)])
        tally.weigh(old - leaves, size, life.name, "past its age limit", key)
        _empty(piles, leaves)


def _before(pile: list[float], edge: float) -> float:
    """What of a pile came before a moment: it came evenly, or at one moment."""
    first, last, tonnes = pile
    if last - first <= SLACK:
        return tonnes if last < edge - SLACK else 0.0
    return tonnes * min(1.0, max(0.0, (edge - first) / (last - first)))


def _empty(piles: list[list[float]], leaves: float) -> None:
    """Take from the oldest pile first; what is left of a pile is its younger part."""
    for pile in piles:
        taken = min(pile[2], leaves)
        if taken > 0.0:
            pile[0] += (pile[1] - pile[0]) * taken / pile[2]
            pile[2] -= taken
            leaves -= taken


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
        found.append(min(wanted, row.warehouse_t) if period.end > waived_until + SLACK else 0.0)
    return found
