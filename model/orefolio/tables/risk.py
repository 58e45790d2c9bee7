"""What is asked over the futures together, how it is kept, and what goes short in each of them for it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from orefolio.program.risk.shortage import short, wanted

from .outcome.sheet import Sheet
from .outcome.tail import tail_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .outcome import Outcome

COLUMNS = ("part", "id", "future", "value", "limit", "unit", "met")
Row = tuple[Any, ...]


def table(outcome: Outcome) -> Sheet:
    """Parts: `regret` (cost over the proved bound of what a future costs by itself; without a future, the greatest),
    `regret at least` (cost over the best plan known of it), `chance` (share of what is wanted that goes
    short on each path; without a future, the probability that no
    more than the limit does) and `shortage tail` (what goes short on each path; without a future, its tail)."""
    return Sheet.of(COLUMNS, [*_regrets(outcome), *_chances(outcome), *_shortage_tails(outcome)])


def _regrets(outcome: Outcome) -> Iterator[Row]:
    for part, side in (("regret", 0), ("regret at least", 1)):
        pairs = zip(outcome.futures, outcome.merged.own_best, strict=False)
        regrets = [(lived.name, lived.cost - best[side]) for lived, best in pairs]
        for name, regret in regrets:
            yield part, "", name, regret, None, "million USD", ""
        if regrets:
            yield part, "", "", max(regret for _, regret in regrets), None, "million USD", ""


def _chances(outcome: Outcome) -> Iterator[Row]:
    columns = outcome.merged.program.columns
    posted = {columns[place].index: place for place in outcome.column_names.places_of({"miss"}).tolist()}
    for row in outcome.case.rows("chance"):
        lost = short(outcome.merged, row) @ outcome.solution.values
        kept = 1.0
        for lived, missing, all_ in zip(outcome.futures, lost, wanted(outcome.merged, row), strict=True):
            missed = outcome.solution.values[posted[row.chance, lived.name]] > 0.5
            kept -= lived.weight * missed
            share = missing / all_ if all_ else 0.0
            yield "chance", row.chance, lived.name, share, row.limit_share, "1", "no" if missed else "yes"
        yield "chance", row.chance, "", kept, row.probability, "1", "yes"


def _shortage_tails(outcome: Outcome) -> Iterator[Row]:
    for row in outcome.case.rows("shortage_tails"):
        unit = "t" if row.measure == "t" else "million USD"
        lost = [float(each) for each in short(outcome.merged, row, row.measure) @ outcome.solution.values]
        for lived, missing in zip(outcome.futures, lost, strict=True):
            yield "shortage tail", row.tail, lived.name, missing, None, unit, ""
        tail = tail_mean(lost, [lived.weight for lived in outcome.futures], row.level)
        cap = None if math.isinf(row.cap) else row.cap
        yield "shortage tail", row.tail, "", tail, cap, unit, "" if cap is None else "yes"
