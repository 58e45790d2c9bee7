"""Explain: why a case has no plan and what would give it one; or why its plan leaves an option.

A case without a plan has limits that contradict each other. They are named in the case's own words, with file and row,
and so are the ways out: each limit of the contradiction that alone would give way enough, and the least that gives way
when every limit of the case may, each amount counted as a share of its limit.
"""

from __future__ import annotations

import math
import re
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from orefolio.analyses.explain.words import BALANCES, REMEDIES, Sentence, Speaker
from orefolio.case.case import Case
from orefolio.case.checks import infeasible_parts_of
from orefolio.case.scenarios import plant
from orefolio.errors import InfeasibleError
from orefolio.program.build import build
from orefolio.program.merge import Merged
from orefolio.program.program import Label
from orefolio.solve import Limit, Options, Relaxation, Slack, cheapest_relaxation, find_conflict, solve

MOST_WAYS = 12  # limits of a conflict that are tried one at a time
EMPTY_ROW = re.compile(r"(?P<name>\w+)\[(?P<index>.*?),?(?P<period>\d+)\] in (?P<future>.*) asks for what ")

State = Literal["plan", "no plan", "undecided"]


@dataclass(frozen=True)
class Way:
    """Steps that together give the case a plan. least: proved that less of them would not do."""

    steps: tuple[Sentence, ...]
    least: bool


@dataclass(frozen=True)
class Reason:
    """Why there is no plan: limits that contradict each other, and ways out.

    trivial: how many more take part that only say that amounts are not below nought and that a choice is yes or no.
    by_integrality: halves of a choice would do. irreducible: without any one of the limits the others leave a plan.
    complete: there was time to try every way out.
    """

    causes: tuple[Sentence, ...]
    ways: tuple[Way, ...] = ()
    trivial: int = 0
    by_integrality: bool = False
    irreducible: bool = True
    complete: bool = True


@dataclass(frozen=True)
class Explanation:
    """state: whether the case has a plan, or time ran out before that was known. reason: why it has none."""

    state: State
    reason: Reason | None = None
    notes: tuple[str, ...] = field(default=())


def explain(
    case: Case, grid: str | None = None, seconds: float = 300.0, stop: threading.Event | None = None
) -> Explanation:
    """Whether a case has a plan, and if not why.

    Raises InfeasibleError where it has plans and no best one, InputError and SolverError as `solve`, and
    KeyboardInterrupt where a signal or `stop` came first.
    """
    began, stop = time.monotonic(), stop or threading.Event()
    try:
        merged = build(case, grid)
    except InfeasibleError as error:
        return Explanation("no plan", _without_source(case, grid, str(error)))
    solution = solve(merged.program, Options(abs_gap=math.inf, time_limit=seconds), stop=stop)
    if solution.status == "unbounded":
        raise InfeasibleError("The case has no best plan: some flow earns money without limit.")
    if solution.has_plan or solution.status == "optimal":  # without any column the empty plan is one
        return Explanation("plan")
    if solution.status == "infeasible":
        found = reason(merged, seconds - (time.monotonic() - began), stop)
    if stop.is_set():
        raise KeyboardInterrupt
    if solution.status != "infeasible":
        return Explanation("undecided")
    notes = tuple(map(str, infeasible_parts_of(case)))
    return Explanation("no plan", found, notes)


def reason(merged: Merged, seconds: float, stop: threading.Event | None = None) -> Reason | None:
    """Why an infeasible program has no plan; None where time ran out."""
    until = time.monotonic() + max(seconds, 0.0)
    conflict = find_conflict(merged.program, max(seconds, 0.0) / 2, stop)
    if conflict is None:
        return None
    speaker = Speaker.of(merged)
    telling = [limit for limit in conflict.limits if not trivial(limit, merged)]
    telling.sort(key=lambda limit: limit.label(merged.program).name in BALANCES)
    ways, complete = _ways(merged, conflict.limits, speaker, until, stop)
    return Reason(
        causes=tuple(dict.fromkeys(speaker.asks(limit, merged) for limit in telling)),
        ways=ways,
        trivial=len(conflict.limits) - len(telling),
        by_integrality=conflict.by_integrality,
        irreducible=conflict.irreducible,
        complete=complete,
    )


def trivial(limit: Limit, merged: Merged) -> bool:
    """Whether a limit only says that an amount is not below nought, or that a choice is yes or no."""
    if limit.kind == "row":
        return False
    program = merged.program
    if program.integer[limit.place]:
        return True
    return limit.kind == "lower" and program.column_lower[limit.place] == 0.0


def _ways(
    merged: Merged, conflict: Iterable[Limit], speaker: Speaker, until: float, stop: threading.Event | None
) -> tuple[tuple[Way, ...], bool]:
    """Ways out, the least first: all limits together, and each limit of the conflict alone, at all its times.

    And whether there was time to try them all.
    """
    slacks, program = slacks_of(merged), merged.program
    touched = {group_of(limit, merged) for limit in conflict}
    groups: dict[tuple[str, ...], list[Slack]] = {}
    for slack in slacks:
        if group_of(slack.limit, merged) in touched:
            groups.setdefault((*group_of(slack.limit, merged), str(slack.upward)), []).append(slack)
    trials = [slacks, *list(groups.values())[:MOST_WAYS]]
    found: list[Relaxation] = []
    complete = True
    for number, chosen in enumerate(trials):
        ends = time.monotonic() + max(0.0, until - time.monotonic()) / (1 + (len(trials) - number) / 2)
        relaxation = cheapest_relaxation(program, chosen, max(0.0, ends - time.monotonic()), stop)
        complete &= relaxation is not None or time.monotonic() < ends
        if relaxation is not None and relaxation.amounts:
            found.append(relaxation)
    ways: dict[frozenset[tuple[str, ...]], Way] = {}
    for relaxation in sorted(found, key=lambda each: each.weight):
        moved = frozenset(group_of(slack.limit, merged) for slack, _ in relaxation.amounts)
        if any(less <= moved for less in ways):
            continue
        steps = speaker.steps(program, relaxation.amounts)
        ways[moved] = Way(steps, relaxation.least)
    return tuple(ways.values()), complete


def group_of(limit: Limit, merged: Merged) -> tuple[str, ...]:
    """The limit without its time: kind, family and index."""
    label = limit.label(merged.program)
    return limit.kind, label.name, *label.index


def slacks_of(merged: Merged) -> list[Slack]:
    """Every limit of the case that may be relaxed, each amount weighed as a share of the limit.

    Balances never are. A demand is only where any shortage makes the case infeasible, and by no more than it wants.
    """
    program, case = merged.program, merged.tree.case
    must = {row.demand for row in case.rows("demands") if row.value == "must"}
    found = []
    for place, label in enumerate(program.rows):
        if label.name == "DEM" and label.index[0] not in must:
            continue
        for upward, side in ((True, program.row_upper[place]), (False, program.row_lower[place])):
            if (label.name, upward) in REMEDIES and math.isfinite(side):
                most = float(side) if label.name == "DEM" else math.inf
                found.append(_slack(Limit("row", place), upward, float(side), most))
    for place, label in enumerate(program.columns):
        if (label.name, True) in REMEDIES and math.isfinite(program.column_upper[place]):
            found.append(_slack(Limit("upper", place), True, float(program.column_upper[place]), math.inf))
    return found


def _slack(limit: Limit, upward: bool, side: float, most: float) -> Slack:
    return Slack(limit, upward, 1.0 / max(1.0, abs(side)), most)


def lifted(merged: Merged, slacks: Iterable[Slack]) -> Merged:
    """The program without some sides of its limits."""
    program = merged.program
    lower, upper, bound = (side.copy() for side in (program.row_lower, program.row_upper, program.column_upper))
    for slack in slacks:
        place = slack.limit.place
        if slack.limit.kind == "upper":
            bound[place] = np.inf
        else:
            (upper if slack.upward else lower)[place] = np.inf if slack.upward else -np.inf
    return replace(merged, program=replace(program, row_lower=lower, row_upper=upper, column_upper=bound))


def _without_source(case: Case, grid: str | None, message: str) -> Reason:
    """The reason where a row has no column at all: what it asks for, nothing in the case can give."""
    parts = tuple(Sentence(str(fault)) for fault in infeasible_parts_of(case))
    found = EMPTY_ROW.match(message)
    if found is None:
        return Reason(parts or (Sentence(message),))
    tree = plant(case, grid)
    number = next((n for n, path in enumerate(tree.paths) if path.future == found["future"]), 0)
    period, index = int(found["period"]), tuple(found["index"].split(","))
    label = Label(found["name"], index, period, tree.node[number][period])
    speaker = Speaker(tree)
    if label.name == "DEM":
        amount = _wanted(case, index[0], number, grid, period)
        why = Sentence(f"nothing in the case brings what demand {index[0]} wants to its place")
    elif label.name == "PRJ_group":
        amount = float(case.row("groups", index[0]).limit)
        why = Sentence(f"no date within the horizon is open to a project of group {index[0]}")
    else:
        return Reason((Sentence(message), *parts))
    step = speaker.remedy(Slack(Limit("row", 0), False, 1.0, amount), label, amount)
    return Reason((speaker.rule(label, amount), why, *parts), (Way((step,), least=True),))


def _wanted(case: Case, demand: str, number: int, grid: str | None, period: int) -> float:
    from orefolio.families.ledger import Future
    from orefolio.families.volumes import demand_volume

    future = Future(plant(case, grid).paths[number])
    return demand_volume(future, case.row("demands", demand))[period]
