"""What stands of a project once it is begun, and what is no more where it is given up: capacity, and its operation."""

from __future__ import annotations

from typing import Any

from . import timing
from .ledger import Future

MUSD = 1e-6


def stand(future: Future, row: Any, begin: Any, size: Any, times: float = 1.0) -> None:
    """Post capacity and cost of fixed operation of a project begun in a period, from its completion on.

    size: column of the tonnes a year. times: 1 for what is added, −1 for what is taken away again.
    """
    path = future.path
    done = timing.complete(path, row, begin.start, timing.lead_time(path, row, begin.number))
    for period in path.periods[begin.number :]:
        share = timing.standing(row, done, period)
        if share > 0:
            left = timing.worn(path, row.adds_to, done, period)
            future.ledger.post("installed", (row.adds_to, period.number), times * share * left, size)
            yearly = row.fixed_usd_per_t_per_year * MUSD * share * period.years
            factor = path.discount(period.start, period.end)
            future.ledger.cost("fixed operation", period.number, times * yearly * factor, size)
