"""What one more tonne is worth in each node of the tree: of goods at a place, and of what a rule lets through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from orefolio.program.causes import Causes
from orefolio.program.program import Floats, Label, Labelled, Places

from .outcome.sheet import Sheet

if TYPE_CHECKING:
    from orefolio.case.case import Case

    from .outcome import Outcome
    from .outcome.names import Names

COLUMNS = (
    "kind", "item", "place", "commodity", "class", "rule", "node", "period", "year", "branch", "probability",
    "usd_per_t",
)  # fmt: skip
BALANCE = "balance"
KINDS = {
    "BAL": BALANCE,
    "DEM_tagged": "licensed demand",
    "DEM_refused": "refusing demand",
    "CAPS": "import cap",
    "OFF_delivery": "licensed contract",
    "buy": "licensed contract",
    "ship": "lane",
}
"""Rows, and upper bounds of columns, that have a price of a tonne."""


def table(outcome: Outcome) -> Sheet:
    """USD per tonne at the node, in money of its own time: the dual over the node's probability and discount factor.

    Kind `balance`: what one more tonne is worth at a place. Other kinds: limits that rules cause, and what would be
    saved if one more tonne were let through; `rule` says which. With the plan's yes-or-no decisions fixed. Empty where
    the solve ended without duals. With a weight on the tail the probabilities are the case's own, not those that the
    weight implies.
    """
    solution, merged = outcome.solution, outcome.merged
    found: list[tuple[object, ...]] = []
    if solution.duals.size:
        found += _priced(outcome, merged.program.rows, outcome.row_names, merged.row_of, solution.duals)
        bounded = np.where(np.isfinite(merged.program.column_upper), solution.reduced_costs, np.nan)
        found += _priced(outcome, merged.program.columns, outcome.column_names, merged.column_of, bounded)
    return Sheet.of(COLUMNS, found)


def _priced(
    outcome: Outcome, labels: Labelled, names: Names, places: tuple[Places, ...], duals: Floats
) -> Iterator[tuple[object, ...]]:
    tree = outcome.merged.tree
    causes = [Causes(path) for path in tree.paths]
    priced = np.isin(np.arange(len(labels)), names.places_of(KINDS)) & np.isfinite(duals)
    sharing: dict[int, list[int]] = {}
    for number, own in enumerate(places):
        for place in own[priced[own]].tolist():
            sharing.setdefault(place, []).append(number)
    for place, futures in sharing.items():
        label, path = labels[place], tree.paths[futures[0]]
        kind = KINDS[label.name]
        rules = () if kind == BALANCE else causes[futures[0]].of(label)
        if kind != BALANCE and not rules:
            continue
        period = path.periods[label.period]
        chance = tree.probability[label.node]
        worth = float(duals[place]) if kind == BALANCE else -min(0.0, float(duals[place]))
        price = 1e6 * worth / chance / path.discount(period.start, period.end)
        who = (label.node, period.label, period.year, outcome.branch(futures), chance)
        yield (*_words(path.case, kind, label), " ".join(rules), *who, price)


def _words(case: Case, kind: str, label: Label) -> tuple[str, ...]:
    """kind, item, place, commodity, class; what a limit is not about is blank."""
    name = label.index[0]
    if kind == BALANCE:
        return (kind, "", *label.index)
    if kind == "import cap":
        return (kind, label.index[2], "", label.index[1], "")
    if kind == "licensed contract":
        return (kind, name, case.row("contracts", name).place, "", case.row("contracts", name).class_)
    if kind == "lane":
        return (kind, name, case.row("lanes", name).to_place, case.row("lanes", name).commodity, label.index[1])
    return (kind, name, case.row("demands", name).place, case.row("demands", name).commodity, "")
