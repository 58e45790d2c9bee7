"""Plants with a life of their own, period by period: the state they are in, what wear and digging have left."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from orefolio.families import timing

from .outcome.calendar import month_of
from .outcome.sheet import Sheet

if TYPE_CHECKING:
    from .outcome import Lived, Outcome

COLUMNS = ("future", "process", "name", "node", "period", "until", "state", "wear_left_share",
    "able_t_per_year", "reserve_left_t",
)  # fmt: skip


def table(outcome: Outcome) -> Sheet:
    """A row for each future, period and process of which the case says more than a capacity.

    state: stands, mothballed or closed, where the case asks for it. wear_left_share: of the capacity of the first day,
    the mean over the period. able_t_per_year: what people can run of it. until: the month at whose start the reserve
    that is left is counted.
    """
    rows: list[tuple[object, ...]] = []
    for lived in outcome.futures:
        for plant in outcome.case.rows("processes"):
            asked = _has_states(plant) or plant.idle_loss_share_per_year > 0 or math.isfinite(plant.reserve_t)
            if asked or _wears(lived, plant):
                rows += _rows(outcome, lived, plant)
    return Sheet.of(COLUMNS, rows)


def _has_states(plant: Any) -> bool:
    return bool(plant.can_close or plant.can_mothball or plant.standing_musd_per_year > 0)


def _wears(lived: Lived, plant: Any) -> bool:
    return any(lived.path.series("processes", plant.process, "wear_share_per_year"))


def _states(lived: Lived, plant: Any) -> list[str]:
    if not _has_states(plant):
        return [""] * len(lived.path.periods)
    states = ["stands"] * len(lived.path.periods)
    for name, state in (("mothballed", "mothballed"), ("close", "closed")):
        for entry in lived.entries(name):
            if entry.index[0] == plant.process:
                until = entry.period.number + 1 if name == "mothballed" else len(states)
                states[entry.period.number : until] = [state] * (until - entry.period.number)
    return states


def _rows(outcome: Outcome, lived: Lived, plant: Any) -> Iterator[tuple[object, ...]]:
    dug = [0.0] * len(lived.path.periods)
    for entry in lived.entries("activity"):
        if entry.index[0] == plant.process:
            dug[entry.period.number] += entry.value
    states = _states(lived, plant)
    able: dict[int, float] = {}
    if plant.idle_loss_share_per_year > 0:
        able = dict.fromkeys(range(len(dug)), 0.0)
        able |= {entry.period.number: entry.value for entry in lived.entries("able") if entry.index[0] == plant.process}
    for period in lived.path.periods:
        who = (lived.name, plant.process, plant.name or plant.process)
        when = (lived.nodes[period.number], period.label, month_of(outcome.case, period.end))
        left = plant.reserve_t - sum(dug[: period.number + 1])
        worn = timing.worn(lived.path, plant.process, 0.0, period) if _wears(lived, plant) else None
        yield (*who, *when, states[period.number], worn, able.get(period.number), left if math.isfinite(left) else None)
