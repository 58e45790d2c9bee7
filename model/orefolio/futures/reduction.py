r"""From many futures to few: fast forward selection (Heitsch and Römisch), and trees whose histories agree by stages.

$$\min_{J,\ |J|=n}\ \sum_f p_f \min_{j\in J} d(f,j)$$

is the Kantorovich distance between all futures and the kept ones J, where each dropped future gives its probability to
the nearest that is kept. Fast forward selection keeps, step by step, the future that lowers that sum most.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from orefolio.case.case import Case
from orefolio.case.lives import MONTHS_A_YEAR, as_date, years_between
from orefolio.errors import Fault, InputError
from orefolio.program.program import Floats, Integers

from .distance import Courses, courses
from .generated import TABLES, name_of, with_rows

APART = 1e12
"""Distance between futures of which none may stand for the other."""
MOVED = "moved "


@dataclass(frozen=True)
class Selection:
    """kept: numbers of futures, in the order in which they were chosen. nearest: (futures,) the kept one of each.

    distances: after each choice the Kantorovich distance to all.
    """

    kept: tuple[int, ...]
    nearest: Integers
    distances: tuple[float, ...]


@dataclass(frozen=True)
class Stage:
    """Up to a day, futures have at most so many histories."""

    until: datetime.date
    most: int


@dataclass(frozen=True)
class Reduced:
    """The tables of the futures that are left. distance: from all of them; spread: from all to the best single one.

    by_stage: for each stage its day, its histories, and how far those are from all until then.
    """

    rows: dict[str, tuple[Any, ...]]
    distance: float
    spread: float
    by_stage: tuple[tuple[Stage, int, float], ...] = ()


def parse_stages(text: str) -> tuple[Stage, ...]:
    """Stages of `DATE=N,DATE=N`. Raises InputError."""
    found = []
    for word in (word.strip() for word in text.split(",") if word.strip()):
        day, _, most = word.partition("=")
        try:
            found.append(Stage(datetime.date.fromisoformat(day.strip()), int(most)))
        except ValueError:
            raise InputError([Fault("--stages", repr(word), "DATE=N, as in 2028-07-01=5")]) from None
    return tuple(found)


def forward_selection(distances: Floats, weights: Floats, count: int) -> Selection:
    """Keep so many futures. distances: (futures, futures). weights: (futures,). Of equals the first is kept."""
    least = np.full(len(weights), np.inf)
    open_ = np.ones(len(weights), dtype=bool)
    kept: list[int] = []
    after: list[float] = []
    for _ in range(min(count, len(weights))):
        left = np.minimum(least[:, None], distances)
        sums = np.where(open_, weights @ left, np.inf)
        chosen = int(np.argmin(sums))
        kept.append(chosen)
        open_[chosen] = False
        least = left[:, chosen]
        after.append(float(weights @ least))
    nearest = np.array(kept)[np.argmin(distances[:, kept], axis=1)]
    nearest[kept] = kept
    return Selection(tuple(kept), nearest, tuple(after))


def reduce(case: Case, count: int, stages: Sequence[Stage] = ()) -> Reduced:
    """The futures of a case reduced to so many.

    The trunk's own continuations stand for each other alone, so that the probability of no event is kept and one of
    them is among the kept. Raises InputError where so few cannot be told apart by the stages.
    """
    found = courses(case)
    groups = np.array([row.onset is None for row in case.rows("futures")], dtype=np.int64)
    rows: dict[str, Sequence[Any]] = {name: case.rows(name) for name in TABLES}
    said: list[tuple[Stage, int, float]] = []
    for stage in sorted(stages, key=lambda one: one.until):
        until = years_between(case.horizon_from, stage.until)
        selection = _chosen(found, groups, stage.most, until, f"the stage {stage.until}")
        rows = _agreeing(case, rows, found.futures, selection.nearest, stage.until)
        groups = selection.nearest
        said.append((stage, len(selection.kept), selection.distances[-1]))
    selection = _chosen(found, groups, count, np.inf, "--to")
    kept = _kept(rows, found, selection)
    distance = _moved(case, kept, found, selection) if stages else selection.distances[-1]
    return Reduced(kept, distance, float((found.weights @ found.distances()).min()), tuple(said))


def _moved(case: Case, kept: Mapping[str, Sequence[Any]], found: Courses, selection: Selection) -> float:
    """How far all futures are from those that stand for them, whose histories are no longer their own."""
    beside = {
        name: (*case.rows(name), *(replace(row, future=f"{MOVED}{row.future}") for row in kept[name]))
        for name in TABLES
    }
    both = courses(with_rows(case, beside))
    number = {name: place for place, name in enumerate(both.futures)}
    stands = [number[MOVED + found.futures[place]] for place in selection.nearest.tolist()]
    apart = np.abs(both.values[: len(found.futures)] - both.values[stands]).sum(axis=(1, 2))
    return float(found.weights @ apart)


def _chosen(found: Courses, groups: Integers, count: int, until: float, what: str) -> Selection:
    """A selection in which nobody stands for a future of another group."""
    if count < len(np.unique(groups)):
        expected = f"at least {len(np.unique(groups))}: one for each history before, and the trunk"
        raise InputError([Fault(what, f"{count} futures", expected)])
    distances = found.distances(until)
    distances[groups[:, None] != groups[None, :]] = APART
    return forward_selection(distances, found.weights, count)


def _kept(rows: Mapping[str, Sequence[Any]], found: Courses, selection: Selection) -> dict[str, tuple[Any, ...]]:
    """The rows of the kept futures, in the order of the table, with the weights of those they stand for."""
    weights = np.bincount(selection.nearest, found.weights, minlength=len(found.futures))
    kept = {found.futures[number]: float(weights[number]) for number in selection.kept}
    futures = tuple(replace(row, weight=kept[row.future]) for row in rows["futures"] if row.future in kept)
    others = {name: tuple(row for row in rows[name] if row.future in kept) for name in TABLES[1:]}
    return {"futures": futures, **others}


def _agreeing(
    case: Case, rows: Mapping[str, Sequence[Any]], futures: Sequence[str], nearest: Integers, until: datetime.date
) -> dict[str, Sequence[Any]]:
    """The rows where each future has, until a day, what happens in the one that stands for it; afterwards its own."""
    day = until.isoformat()
    whole = {row.future: _Story(row, [], []) for row in rows["futures"]}
    for row in rows["future_events"]:
        whole[row.future].events.append(row)
    for row in rows["draws"]:
        whole[row.future].draws.append(row)
    told: dict[str, list[Any]] = {name: [] for name in TABLES}
    for name, number in zip(futures, nearest.tolist(), strict=True):
        story = _agreed(case, whole[name], whole[futures[number]], day)
        told["futures"].append(story.row)
        told["future_events"] += story.events
        told["draws"] += story.draws
    return dict(told)


@dataclass(frozen=True)
class _Story:
    """The rows of one future."""

    row: Any
    events: list[Any]
    draws: list[Any]


def _agreed(case: Case, own: _Story, model: _Story, day: str) -> _Story:
    """What happens in a future after a day, behind what happens in another one before."""
    parting = {row.event for row in case.rows("hazards") if row.comes == "parting"}
    past = [one for one in model.events if one.start < day]
    later = [one for one in own.events if one.start >= day]
    if model.row.onset is not None and str(model.row.onset) < day:
        begins, draws = model.row.onset, model.draws
        later = [one for one in later if one.event not in parting]
    elif own.row.onset is None or str(own.row.onset) >= day:
        begins, draws = own.row.onset, own.draws
    else:
        begins = min((one.start for one in later), default=day)
        draws = [replace(one, strikes=begins) for one in own.draws]
        later += [replace(one, start=begins) for one in own.events if one.event in parting]
    name = own.row.future
    events = [replace(one, future=name) for one in _in_turn(case, [*past, *later])]
    words = name_of(case, ((one.event, one.start) for one in events))
    return _Story(replace(own.row, onset=begins, name=words), events, [replace(one, future=name) for one in draws])


def _in_turn(case: Case, happens: Sequence[Any]) -> list[Any]:
    """Events of one future, each once, without those that would begin while another of their group lasts."""
    group = {row.event: row.group for row in case.rows("hazards")}
    free: dict[str, float] = {}
    kept: dict[str, Any] = {}
    for one in sorted(happens, key=lambda row: row.start):
        name = group.get(one.event, "")
        start = years_between(case.horizon_from, as_date(one.start))
        if one.event in kept or (name and start < free.get(name, -1.0) - 1e-9):
            continue
        kept[one.event] = one
        if name:
            free[name] = start + one.length_months / MONTHS_A_YEAR
    return list(kept.values())
