"""What table prices says of nodes, places and rules, and whether its duals fit what the plan sends."""

from __future__ import annotations

import math
from typing import Any

from .compare import Key, texts
from .evidence import Evidence
from .life import Life, goods_of, lives
from .tally import LEAST_REPORTED, Tally
from .words import branch

KEYS = ("kind", "item", "place", "commodity", "class", "rule", "node", "period")
TABLES = {
    "licensed demand": "demands", "refusing demand": "demands", "licensed contract": "contracts", "lane": "lanes",
}  # fmt: skip
COLUMNS = {*KEYS, "year", "branch", "probability", "usd_per_t"}
Node = tuple[float, float, str, Life | None]


def prices(evidence: Evidence) -> Tally:
    """Nodes with their probability, year and branch; a price for each commodity and class at a place, once.

    A limit names the rule that it comes from, which is in force there, and is worth nothing or something.
    """
    tally = Tally()
    places = _nodes(evidence)
    table = evidence.tables["prices"]
    tally.holds(set(table.columns) == COLUMNS, "table prices has the columns", ", ".join(table.columns))
    keys: list[Key] = list(zip(*(table.texts(name) for name in KEYS), strict=True))
    tally.holds(len(set(keys)) == len(keys), "table prices has a row twice")
    reachable = goods_of(evidence).reachable
    chances, years, duals = (table.numbers(name) for name in ("probability", "year", "usd_per_t"))
    branches = []
    for what, chance, year, price in zip(keys, chances, years, duals, strict=True):
        kind, item, place, commodity, class_, rule, node, period = what
        expected, in_year, words, life = places.get((node, period), (math.nan, math.nan, "no node", None))
        tally.agrees(chance, expected, 0.0, "table prices", what, "probability")
        tally.holds(year == in_year, "table prices", what, "is in another year")
        tally.holds(price is not None and math.isfinite(price), "table prices", what, "is no number")
        if kind == "balance":
            there = class_ in reachable.get((place, commodity), ()) and not item and not rule
            tally.holds(there, "table prices", what, "is nothing that can be there")
        else:
            caused = life is not None and _caused(life, what, period)
            tally.holds(caused, "table prices", what, "is no limit of that rule")
            fine = price is not None and price >= -LEAST_REPORTED
            tally.holds(fine, "table prices", what, "is worth less than nothing")
        branches.append(words)
    texts(tally, ("prices", "branch"), keys, table.texts("branch"), branches)
    return tally


def _caused(life: Life, what: Key, period: str) -> bool:
    """Whether what is named is there, and the rule that is named limits it in the period."""
    kind, item, place, commodity, class_, rule, *_ = what
    case = life.case
    number = next(p.number for p in life.path.periods if p.label == period)
    if kind == "import cap":
        cap = case.has("import_caps", f"{rule}/{commodity}/{item}")
        return cap and not place and not class_ and life.market.in_force(rule)[number] > 0.0
    table = TABLES.get(kind, "")
    if not rule or not table or not case.has(table, item):
        return False
    row = case.row(table, item)
    expected: tuple[str, ...]
    if kind == "lane":
        if class_ not in life.goods.reachable.get((row.to_place, row.commodity), ()):
            return False
        expected = (row.to_place, row.commodity, class_, _lane(life, row, class_, number))
    elif kind == "licensed contract":
        expected = (row.place, "", row.class_, _licensed(life, row.licence, number))
    elif kind == "licensed demand":
        expected = (row.place, row.commodity, "", _licensed(life, row.licence, number))
    else:
        held = life.market.refuses(row)[number] > 0.0
        expected = (row.place, row.commodity, "", row.refusal_rule if held else "")
    return (place, commodity, class_, rule) == expected


def _licensed(life: Life, licence: str, number: int) -> str:
    limited = life.market.approval(licence)[number] < 1.0
    asking = life.goods.asked_by[licence] if limited else []
    return " ".join(rule for rule in asking if life.market.in_force(rule)[number] > 0.0)


def _lane(life: Life, lane: Any, class_: str, number: int) -> str:
    """What leaves less on a lane: the rule that bans it, or those of its licence for what bears their tags."""
    open_ = 1.0 - (life.market.in_force(lane.ban_rule)[number] if lane.ban_rule else 0.0)
    licence = lane.licence if life.goods.tags[class_] & life.goods.licensed[lane.licence] else ""
    approved = life.market.approval(licence)[number]
    found = [lane.ban_rule] if open_ < 1.0 and open_ <= approved else []
    if approved <= open_:
        found.append(_licensed(life, licence, number))
    return " ".join(filter(None, found))


def _nodes(evidence: Evidence) -> dict[tuple[str, str], Node]:
    """(node, period) to probability, year and branch, and a future that passes there."""
    found: dict[tuple[str, str], Node] = {}
    for life, nodes in zip(lives(evidence), evidence.tree.node, strict=True):
        for period, node in zip(life.path.periods, nodes, strict=True):
            who = evidence.passing[False, period.number, node]
            chance = evidence.tree.probability[node]
            found[str(node), period.label] = (chance, float(period.year), branch(evidence, who), life)
    return found
