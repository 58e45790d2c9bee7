"""Plants with a life of their own: the state they are in, what wear and digging have left."""

from __future__ import annotations

import math
from typing import Any

from . import timing
from .compare import Reckoned, compare
from .evidence import Evidence
from .life import Life, lives
from .tally import TOLERANCE, Tally
from .words import of_row


def reserves(evidence: Evidence) -> Tally:
    """What a mine gives over each path, within what the ground holds."""
    tally = Tally()
    for life in lives(evidence):
        for process in life.case.rows("processes"):
            if math.isfinite(process.reserve_t):
                tally.most(_dug(life, process), process.reserve_t, life.name, "reserve of", process.process)
    return tally


def _dug(life: Life, process: Any, until: int | None = None) -> list[float]:
    """Output up to the end of a period, or of the horizon."""
    periods = life.path.periods if until is None else life.path.periods[: until + 1]
    return [t for period in periods for t in life.activity.get((process.process, period.number), [])]


def states(evidence: Evidence) -> Tally:
    """A plant stands, is mothballed or is closed; it runs where it stands, and never opens again."""
    tally = Tally()
    for life in lives(evidence):
        for process in life.case.rows("processes"):
            if asks(process):
                _states(tally, life, process)
            else:
                for name in ("stands", "mothballed", "close", "restart"):
                    fine = process.process not in life.by_thing(name)
                    tally.holds(fine, life.name, process.process, name, "and no state is asked for")
    return tally


def _states(tally: Tally, life: Life, process: Any) -> None:
    closed, before = 0.0, True
    name = process.process
    for period in life.path.periods:
        at, what = (name, period.number), (name, period.label)
        close, idle = life.walk.value("close", *at), life.walk.value("mothballed", *at)
        may_close = process.can_close and life.may_decide(period.number)
        tally.holds(not close or may_close, life.name, what, "cannot be closed then")
        tally.holds(not idle or process.can_mothball, life.name, what, "cannot be mothballed")
        closed += close
        tally.most([closed, idle], 1.0, life.name, what, "is mothballed or closed, and once")
        stands = 1.0 - closed - idle
        tally.same([life.walk.value("stands", *at), -stands], life.name, what, "stands")
        run = math.fsum(life.activity.get(at, []))
        tally.holds(stands > 0.5 or run <= TOLERANCE, life.name, what, "runs and does not stand")
        again = 1.0 if stands > 0.5 and not before else 0.0
        tally.least([life.walk.value("restart", *at), -again], 0.0, life.name, what, "stands again")
        before = stands > 0.5


def skills(evidence: Evidence) -> Tally:
    """What people can run follows from what they could and did run before; nothing runs beyond it."""
    tally = Tally()
    for life in lives(evidence):
        for process in life.case.rows("processes"):
            if process.idle_loss_share_per_year > 0:
                _skills(tally, life, process)
            else:
                fine = process.process not in life.by_thing("able") and process.process not in life.by_thing(
                    "retrained"
                )
                tally.holds(fine, life.name, process.process, "has skills that it cannot lose")
    return tally


def _skills(tally: Tally, life: Life, process: Any) -> None:
    name = process.process
    stand = life.path.series("processes", name, "capacity_t_per_year")
    available = life.path.series("processes", name, "availability_share")
    able = math.fsum([stand[0], *life.added(name, 0)])
    for period in life.path.periods:
        number = period.number
        at, what = (name, number), (name, period.label)
        taught = life.walk.value("retrained", *at)
        tally.holds(
            not taught or (number > 0 and math.isfinite(process.retrain_usd_per_t)), life.name, what, "is taught"
        )
        if number:
            before = life.path.periods[number - 1]
            idle = able - math.fsum(life.activity.get((name, number - 1), [])) / before.years
            able -= idle * (1.0 - (1.0 - process.idle_loss_share_per_year) ** before.years)
            able += taught + max(0.0, stand[number] - stand[number - 1]) + _grown(life, name, number)
        tally.same([life.walk.value("able", *at), -able], life.name, what, "able")
        run = life.activity.get(at, [])
        tally.most([*run, -available[number] * period.years * able], 0.0, life.name, what, "runs beyond its skills")


def _grown(life: Life, name: str, number: int) -> float:
    """What projects have added to a process since the period before; what wears away takes nobody along."""
    total = []
    for project in life.case.rows("projects"):
        if project.adds_to != name:
            continue
        sizes = [(item.number, item.value) for item in life.by_thing("size").get(project.project, ())]
        for item in life.by_thing("given_up").get(project.project, ()):
            begin = next(p.number for p in life.path.periods if p.label == item.words[1])
            sizes.append((begin, -item.value))
        for begin, size in sizes:
            ready = timing.done(life.path, project, begin)
            now, then = (
                timing.stands(project.ramp, ready, p) * timing.unworn(life.path, name, ready, p)
                for p in (life.path.periods[number], life.path.periods[number - 1])
            )
            total.append(size * max(0.0, now - then))
    return math.fsum(total)


def asks(process: Any) -> bool:
    """Whether the case says of a plant that it has states."""
    return bool(process.can_close or process.can_mothball or process.standing_musd_per_year > 0)


def _state(life: Life, process: Any, number: int) -> str:
    """The state of a plant in a period; blank where none is asked for."""
    if not asks(process):
        return ""
    if math.fsum(item.value for item in life.by_thing("close").get(process.process, ()) if item.number <= number) > 0.5:
        return "closed"
    return "mothballed" if life.walk.value("mothballed", process.process, number) > 0.5 else "stands"


NUMBERS = ("node", "wear_left_share", "able_t_per_year", "reserve_left_t")


def table(evidence: Evidence) -> Tally:
    """Table plants: a row for each future, plant and period."""
    tally, found = Tally(), Reckoned(len(NUMBERS))
    for life in lives(evidence):
        for process in life.case.rows("processes"):
            wears = any(life.path.series("processes", process.process, "wear_share_per_year"))
            forgets = process.idle_loss_share_per_year > 0
            if not (asks(process) or wears or forgets or math.isfinite(process.reserve_t)):
                continue
            for period, node in zip(life.path.periods, _nodes(evidence, life), strict=True):
                key = (life.name, process.process, period.label, timing.month(life.path, period.end))
                left = process.reserve_t - math.fsum(_dug(life, process, period.number))
                state = _state(life, process, period.number)
                worn = timing.unworn(life.path, process.process, 0.0, period) if wears else None
                able = life.walk.value("able", process.process, period.number) if forgets else None
                found.put(key, float(node), worn, able, left if math.isfinite(left) else None, state=state)
    words = {"name": of_row(evidence, "processes", "name", 1), **found.says("state")}
    keys = ("future", "process", "period", "until")
    compare(tally, evidence, "plants", keys, NUMBERS, found, words)
    return tally


def _nodes(evidence: Evidence, life: Life) -> tuple[int, ...]:
    """The nodes of the tree that a future passes through, one for each period."""
    paths = [walk.path.future for walk in evidence.walks]
    return evidence.tree.node[paths.index(life.name)]
