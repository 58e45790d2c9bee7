"""The other accounting of content: by mass balance over a path, not lot by lot."""

from __future__ import annotations

import math
from typing import Any

from .evidence import Evidence
from .life import Life, lives
from .market import Goods
from .tally import Tally

THOUSANDS = 1e-3


def by_mass_balance(goods: Goods) -> bool:
    """Whether the case accounts for content over the whole path."""
    return goods.case.setting("mass_balance", 0.0) > 0.5 and bool(goods.may_lose)


def mass_balance(evidence: Evidence) -> Tally:
    """What was blended by the end of each period, within the threshold of what has left and what lies in stock."""
    tally = Tally()
    for life in lives(evidence):
        goods = life.goods
        if not by_mass_balance(goods):
            tally.holds(
                not [*life.walk.of("blend"), *life.walk.of("headroom")], life.name, "blends and keeps lots apart"
            )
            continue
        worth, passes = worths(goods), passed(goods)
        given = [rule for rule in life.case.rows("rules") if rule.threshold_share > 0]
        threshold = min(rule.threshold_share for rule in [r for r in given if r.enabled] or given)
        for item in life.walk.of("blend"):
            lost = goods.tags[item.words[2]] - goods.tags[item.words[3]]
            fine = lost <= goods.may_lose and item.words[:2] not in _by_technology(goods)
            tally.holds(fine, life.name, item.words, "loses a tag that it keeps")
        blended, left, held = _amounts(life, worth, passes)
        for period in life.path.periods:
            n = period.number
            until = range(n + 1)
            room = [threshold * x for m in until for x in left.get(m, ())]
            room += [threshold * x for x in held.get(n, ())]
            used = [x for m in until for x in blended.get(m, ())]
            kept = life.walk.value("headroom", "content", n)
            tally.same([*room, *(-x for x in used), -kept], life.name, "headroom of content", period.label)
    return tally


Amounts = dict[int, list[float]]


def _amounts(life: Life, worth: dict[str, float], passes: dict[str, float]) -> tuple[Amounts, Amounts, Amounts]:
    """By period: blended in (as far as it comes out again), left without the tag, in stock without it."""
    goods = life.goods
    clean = {name for name, tags in goods.tags.items() if not tags & goods.may_lose}
    blended: Amounts = {}
    left: Amounts = {}
    held: Amounts = {}
    for variable in ("blend", "feed"):
        for item in life.walk.of(variable):
            value = item.value * worth[item.words[1]] * passes[item.words[1]] * THOUSANDS
            blended.setdefault(item.number, []).append(value)
    for item in life.walk.of("deliver"):
        if item.words[1] in clean:
            commodity = life.case.row("demands", item.words[0]).commodity
            left.setdefault(item.number, []).append(item.value * worth[commodity] * THOUSANDS)
    for item in life.walk.of("sell"):
        left.setdefault(item.number, []).append(item.value * worth[item.words[1]] * THOUSANDS)
    for item in life.walk.of("stock"):
        if item.words[1] in clean:
            commodity = life.case.row("stockpiles", item.words[0]).commodity
            held.setdefault(item.number, []).append(item.value * worth[commodity] * THOUSANDS)
    return blended, left, held


def worths(goods: Goods) -> dict[str, float]:
    """What a tonne counts; where it has no price, the most that what goes into it counts."""
    found = dict(goods.weight)
    unknown = {name for name, value in found.items() if value <= 0}
    for _ in found:
        for recipe in goods.recipes.values():
            outs = [row for row in recipe if row.direction == "out"]
            fed = math.fsum(found[r.commodity] * r.t_per_t / r.yield_share for r in recipe if r.direction == "in")
            for row in outs:
                if row.commodity in unknown:
                    made = outs[0].t_per_t * outs[0].yield_share
                    found[row.commodity] = max(found[row.commodity], fed / made if made else 0.0)
    return found


def passed(goods: Goods) -> dict[str, float]:
    """The least share of a commodity that comes out of the chain, by the tonnes of elements that are lost."""
    elements = {row.commodity: math.fsum(goods.content.get(row.commodity, {}).values()) for row in
                goods.case.rows("commodities")}  # fmt: skip
    found = dict.fromkeys(elements, 1.0)
    change, turns = math.inf, 2 * len(goods.case.rows("processes")) + 1
    while change > 1e-12 and turns > 0:
        before, change, turns = dict(found), 0.0, turns - 1
        for recipe in goods.recipes.values():
            for row in recipe:
                if row.direction == "in":
                    through = min(before[row.commodity], _through(recipe, row, elements, before))
                    change = max(change, found[row.commodity] - through)
                    found[row.commodity] = min(found[row.commodity], through)
    return found


def _through(recipe: list[Any], feed: Any, elements: dict[str, float], found: dict[str, float]) -> float:
    outs = [row for row in recipe if row.direction == "out"]
    if elements[feed.commodity] > 0 and any(elements[row.commodity] > 0 for row in outs):
        into = math.fsum(r.t_per_t * elements[r.commodity] / r.yield_share for r in recipe if r.direction == "in")
        out = math.fsum(r.t_per_t * r.yield_share * elements[r.commodity] * found[r.commodity] for r in outs)
        return out / into
    return float(feed.yield_share * outs[0].yield_share * found[outs[0].commodity]) if outs else 0.0


def _by_technology(goods: Goods) -> set[tuple[str, ...]]:
    """Places and commodities that get what Chinese technology or counted equipment has made, straight or by lanes."""
    found: set[tuple[str, ...]] = set()
    for process in goods.case.rows("processes"):
        if goods.own_tags(process) & goods.may_lose:
            rows = goods.recipes.get(process.process, [])
            found |= {(process.place, row.commodity) for row in rows if row.direction == "out"}
    lanes = goods.case.rows("lanes")
    while more := {(r.to_place, r.commodity) for r in lanes if (r.from_place, r.commodity) in found} - found:
        found |= more
    return found
