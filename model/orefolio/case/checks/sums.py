"""Sums and steps: weights and widths that sum to 1, steps that count 1, 2, 3 and rise or fall as they should."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from orefolio.errors import Fault

from ..case import Case
from .place import fault_at, fault_of_table

TOLERANCE = 1e-9


def weights_sum_to_one(case: Case) -> Iterator[Fault]:
    """The weights of the futures are probabilities of one draw."""
    for number, row in enumerate(case.rows("futures")):
        if row.weight == 0:
            found = f"a weight of 0 for {row.future!r}"
            yield fault_at(case, "futures", number, "weight", found, "above 0", "Leave out a future that cannot happen")
    total = math.fsum(row.weight for row in case.rows("futures"))
    if case.rows("futures") and abs(total - 1.0) > TOLERANCE:
        remedy = f"Add {1 - total:.10g} to one of them, or divide each by {total:.10g}"
        yield fault_of_table(case, "futures", "weight", f"weights that sum to {total:.12g}", "1", remedy)


def one_future_is_the_trunk(case: Case) -> Iterator[Fault]:
    """One future has no onset: it is the trunk's own continuation."""
    trunks = [number for number, row in enumerate(case.rows("futures")) if row.onset is None]
    if not trunks and case.rows("futures"):
        yield fault_of_table(
            case, "futures", "onset", "no future without an onset", "one: the trunk's own continuation"
        )


def shortage_curves_are_whole(case: Case) -> Iterator[Fault]:
    """Each demand has a curve of what shortage costs; its widths sum to 1, and a further kilogram costs no less."""
    steps = _grouped(case, "loss_steps", lambda row: row.demand)
    for number, demand in enumerate(case.rows("demands")):
        if demand.demand not in steps and demand.value == "loss":
            expected = "steps in loss_steps.csv that say what a shortage costs"
            yield fault_at(case, "demands", number, "demand", f"no step for {demand.demand!r}", expected)
    for name, rows in steps.items():
        yield from _counted(case, "loss_steps", f"demand {name!r}", rows)
        total = math.fsum(row.width_share for _, row in rows)
        if abs(total - 1.0) > TOLERANCE:
            found = f"widths of {name!r} that sum to {total:.12g}"
            yield fault_at(case, "loss_steps", rows[0][0], "width_share", found, "1")
        for (_, before), (number, row) in pairwise(sorted(rows, key=lambda pair: pair[1].step)):
            if row.loss_usd_per_kg < before.loss_usd_per_kg:
                found = f"a loss of {row.loss_usd_per_kg:g}"
                expected = f"at least {before.loss_usd_per_kg:g}, the step before: the curve is convex"
                yield fault_at(case, "loss_steps", number, "loss_usd_per_kg", found, expected)


def outlet_prices_fall(case: Case) -> Iterator[Fault]:
    """The steps of an outlet count up and their prices do not rise."""
    for (place, commodity), rows in _grouped(case, "outlets", lambda row: (row.place, row.commodity)).items():
        yield from _counted(case, "outlets", f"{commodity} at {place}", rows)
        for (_, before), (number, row) in pairwise(sorted(rows, key=lambda pair: pair[1].step)):
            column = "price_share" if row.market else "price_usd_per_kg"
            now, then = getattr(row, column), getattr(before, column)
            if row.market == before.market and now > then:
                expected = f"at most {then:g}, the step before"
                yield fault_at(case, "outlets", number, column, f"{column} {now:g}", expected)


def programme_levels_count_up(case: Case) -> Iterator[Fault]:
    """Levels of a programme are 1, 2, 3: each needs the one before it."""
    for name, rows in _grouped(case, "programmes", lambda row: row.programme).items():
        yield from _counted(case, "programmes", f"programme {name!r}", rows, "level")


def shares_reach_no_more_than_one(case: Case) -> Iterator[Fault]:
    """With every level of its programme in force, a collection or adoption rate is at most 1."""
    raised: dict[str, float] = defaultdict(float)
    for row in case.rows("programmes"):
        raised[row.programme] += row.increment_share * max(row.ramp, default=1.0)
    for table, column in (("scrap", "rate_share"), ("substitutions", "initial_share")):
        for number, row in enumerate(case.rows(table)):
            most = getattr(row, column) + raised.get(row.programme, 0.0)
            if most > 1 + TOLERANCE:
                found = f"a share of {most:g} with every level of {row.programme!r}"
                yield fault_at(case, table, number, column, found, "at most 1")


def _grouped(case: Case, table: str, key: Callable[[Any], Any]) -> dict[Any, list[tuple[int, Any]]]:
    groups: dict[Any, list[tuple[int, Any]]] = defaultdict(list)
    for number, row in enumerate(case.rows(table)):
        groups[key(row)].append((number, row))
    return groups


def _counted(case: Case, table: str, what: str, rows: list[tuple[int, Any]], column: str = "step") -> Iterator[Fault]:
    numbers = sorted(getattr(row, column) for _, row in rows)
    if numbers != list(range(1, len(rows) + 1)):
        found = f"the {column}s {' '.join(map(str, numbers))} of {what}"
        yield fault_at(case, table, rows[0][0], column, found, f"1 to {len(rows)}, each once")
