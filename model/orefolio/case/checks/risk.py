"""What must hold over the futures together: what is counted, and what is asked of it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from orefolio.errors import Fault

from ..case import Case
from .place import fault_at


def one_thing_is_counted(case: Case) -> Iterator[Fault]:
    """A chance or a tail of shortage counts a demand, or a group, or all."""
    for table in ("chance", "shortage_tails"):
        for number, row in enumerate(case.rows(table)):
            if row.demand and row.group:
                found = f"the group {row.group!r} beside the demand {row.demand!r}"
                yield fault_at(case, table, number, "group", found, "one of the two")


def tails_ask_for_something(case: Case) -> Iterator[Fault]:
    """A tail of shortage has a level below 1, and a weight or a cap."""
    for number, row in enumerate(case.rows("shortage_tails")):
        if row.level >= 1:
            yield fault_at(case, "shortage_tails", number, "level", f"{row.level:g}", "below 1")
        if row.weight_musd <= 0 and math.isinf(row.cap):
            found = f"the tail {row.tail!r} without a weight or a cap"
            yield fault_at(case, "shortage_tails", number, "weight_musd", found, "one of the two")


def weights_of_regimes_sum_to_one(case: Case) -> Iterator[Fault]:
    """Each regime gives its futures weights that sum to 1."""
    for number, row in enumerate(case.rows("regimes")):
        total = math.fsum(each.weight for each in case.rows("regime_weights") if each.regime == row.regime)
        if abs(total - 1.0) > 1e-6:
            found = f"weights of the regime {row.regime!r} that sum to {total:g}"
            yield fault_at(case, "regimes", number, "regime", found, "1, in regime_weights.csv")


def limits_of_regimes_are_whole(case: Case) -> Iterator[Fault]:
    """A regime that allows less than all names the stage, the element and the country."""
    for number, row in enumerate(case.rows("regimes")):
        for column in ("stage", "element", "country"):
            if row.max_share < 1 and not getattr(row, column):
                found = f"the regime {row.regime!r} with a largest share and no {column}"
                yield fault_at(case, "regimes", number, column, found, f"a {column}")
