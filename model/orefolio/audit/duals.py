"""What table prices says of nodes and places, and whether its duals fit what the plan sends from place to place."""

from __future__ import annotations

import math

from .compare import Key, texts
from .evidence import Evidence
from .life import goods_of
from .tally import Tally
from .words import branch

KEYS = ("place", "commodity", "class", "node", "period")
COLUMNS = {*KEYS, "year", "branch", "probability", "usd_per_t"}


def prices(evidence: Evidence) -> Tally:
    """Nodes with their probability, year and branch; a price for each commodity and class at a place, once."""
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
        place, commodity, class_, node, period = what
        expected, in_year, words = places.get((node, period), (math.nan, math.nan, "no node"))
        tally.agrees(chance, expected, 0.0, "table prices", what, "probability")
        tally.holds(year == in_year, "table prices", what, "is in another year")
        fine = class_ in reachable.get((place, commodity), ())
        tally.holds(fine, "table prices", what, "is nothing that can be there")
        tally.holds(price is not None and math.isfinite(price), "table prices", what, "is no number")
        branches.append(words)
    texts(tally, ("prices", "branch"), keys, table.texts("branch"), branches)
    return tally


def _nodes(evidence: Evidence) -> dict[tuple[str, str], tuple[float, float, str]]:
    """(node, period) to probability, year and branch."""
    found = {}
    for walk, nodes in zip(evidence.walks, evidence.tree.node, strict=True):
        for period, node in zip(walk.path.periods, nodes, strict=True):
            who = evidence.passing[False, period.number, node]
            chance = evidence.tree.probability[node]
            found[str(node), period.label] = (chance, float(period.year), branch(evidence, who))
    return found
