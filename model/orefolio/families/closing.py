r"""CLO: a plant stands by, is mothballed for a time, or is closed for good; each state has its price.

$$stands_{p,n} + mothballed_{p,n} + \sum_{n' \le n} close_{p,n'} = 1$$
$$\sum_q activity_{p,q,n} \le \bar K_{p,n}\,h_n\,stands_{p,n}, \qquad
  restart_{p,n} \ge stands_{p,n} - stands_{p,n-1}$$

A plant that stands costs its standing cost whether it runs or not; mothballed it costs less and does not run, and
costs a restart when it stands again. Closed from the start of a period on it costs its closing once, nothing after
it, and never opens again; what projects have added to it is closed with it. Closing is a commitment and rests on what
the parent node knew, mothballing is operation. On the first day every plant stands. Adds nothing where nothing of it
is asked.

| symbol | code | unit | meaning |
|---|---|---|---|
| *stands* | `stands` | 1 | the plant stands ready |
| *mothballed* | `mothballed` | 1 | it is out of use for the period (binary) |
| *close* | `close` | 1 | it is closed at the start of the period (binary) |
| *restart* | `restart` | 1 | it stands again after it was mothballed |
| K̄ | – | t/year | greatest capacity that can stand |
| – | `processes.standing_musd_per_year`, `mothballed_musd_per_year` | million USD/year | cost of the state |
| – | `processes.closing_musd`, `restart_musd` | million USD | cost of the change |
"""

from __future__ import annotations

from typing import Any

from . import timing
from .algebra import Key, Term, linear
from .ledger import Future


def state(future: Future) -> None:
    """State closing and mothballing: the states of plants, what runs in them, what they cost."""
    path = future.path
    plants = [p for p in future.case.rows("processes") if p.can_close or p.can_mothball or p.standing_musd_per_year > 0]
    if not plants:
        return
    ends = [number for number in path.decisions if path.may_commit(number)]
    close = {(p.process, number): (0.0, 1.0) for p in plants if p.can_close for number in ends}
    idle = {(p.process, n.number): (0.0, 1.0) for p in plants if p.can_mothball for n in path.periods}
    every = {(p.process, n.number): (0.0, 1.0) for p in plants for n in path.periods}
    columns = {
        "close": future.columns("close", close, binary=True, commitment=True),
        "mothballed": future.columns("mothballed", idle, binary=True),
        "stands": future.columns("stands", every),
        "restart": future.columns("restart", idle),
    }
    _states(future, plants, columns)
    _within(future, plants, columns["stands"])
    for plant in plants:
        _costs(future, plant, columns)


def _states(future: Future, plants: list[Any], columns: dict[str, Any]) -> None:
    """One state at a time; a restart where a plant stands that did not stand before."""
    one: dict[Key, Any] = {}
    again: dict[Key, Any] = {}
    stands, restart = columns["stands"], columns["restart"]
    for plant in plants:
        name = plant.process
        closed: list[Term] = []
        for period in future.path.periods:
            key = (name, period.number)
            closed += [(1.0, columns["close"][key])] if key in columns["close"] else []
            idle = [(1.0, columns["mothballed"][key])] if key in columns["mothballed"] else []
            one[key] = linear([(1.0, stands[key]), *idle, *closed]) == 1.0
            if key in restart and period.number:
                again[key] = (
                    linear([(1.0, stands[key]), (-1.0, stands[name, period.number - 1]), (-1.0, restart[key])]) <= 0.0
                )
    future.rows("CLO_one", one)
    future.rows("CLO_restart", again)


def _within(future: Future, plants: list[Any], stands: Any) -> None:
    """Nothing runs but what stands."""
    running: dict[Key, list[Term]] = {(p.process, n.number): [] for p in plants for n in future.path.periods}
    for name, class_, number in list(future.ledger.keys("output")):
        if (name, number) in running:
            running[name, number] += future.ledger.read("output", (name, class_, number))
    rows: dict[Key, Any] = {}
    for plant in plants:
        if plant.can_close or plant.can_mothball:
            most = timing.greatest(future.path, plant)
            for period in future.path.periods:
                key = (plant.process, period.number)
                if running[key]:
                    rows[key] = linear([*running[key], (-most[period.number] * period.years, stands[key])]) <= 0.0
    future.rows("CLO", rows)


def _costs(future: Future, plant: Any, columns: dict[str, Any]) -> None:
    path, name = future.path, plant.process
    standing = path.series("processes", name, "standing_musd_per_year")
    idle = path.series("processes", name, "mothballed_musd_per_year")
    for period in path.periods:
        key, number = (name, period.number), period.number
        lasts = period.years * path.discount(period.start, period.end)
        future.ledger.cost("standing", number, standing[number] * lasts, columns["stands"][key])
        if key in columns["mothballed"]:
            future.ledger.cost("mothballing", number, idle[number] * lasts, columns["mothballed"][key])
            again = plant.restart_musd * path.discount(period.start)
            future.ledger.cost("restarts", number, again, columns["restart"][key])
        if key in columns["close"]:
            once = plant.closing_musd * path.discount(period.start)
            future.ledger.cost("closing", number, once, columns["close"][key])
