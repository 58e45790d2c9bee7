"""Why the plan of a case leaves an option: what taking it would add, and which limit, lifted, lets the plan take it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from orefolio.analyses.explain import Reason, group_of, lifted, reason, slacks_of
from orefolio.analyses.explain.words import Sentence, Speaker
from orefolio.analyses.first_change import CHOICES, FORCED, LEAST_SIZE, OptionId
from orefolio.case.case import Case
from orefolio.errors import Fault, InfeasibleError, InputError, SolverError, nearest
from orefolio.program.build import build
from orefolio.program.merge import Merged
from orefolio.program.program import Booleans, Label, Program
from orefolio.solve import Options, Slack, Solution, solve

MOST_LIMITS = 6  # limits that are lifted, one at a time, each for one more solve
WHOLE = 0.5  # of a binary: from here on it is taken
LEAST_SHARE = 0.1  # of the greatest size, that an option without a yes or no is taken in


@dataclass(frozen=True)
class Opening:
    """A limit that, lifted wholly, lets the plan take the option. saving: million USD of the plan by it, as far as is
    proved: at least, at most."""

    limit: Sentence
    saving: tuple[float, float]


@dataclass(frozen=True)
class Why:
    """Why an option is left, or that it is taken.

    adds: million USD that the other choice adds to the cost, at least and at most: taking an option that is left, in
    every future that can and at one date at least; leaving one that is taken. None where the other choice has no plan,
    or no date is open to it. reason: why it has none. openings: limits that keep it out. tried: how many were lifted.
    """

    option: OptionId
    taken: bool
    cost: tuple[float, float]
    adds: tuple[float, float] | None
    reason: Reason | None = None
    openings: tuple[Opening, ...] = ()
    tried: int = 0
    note: str = ""


def why(case: Case, name: str, grid: str | None = None, options: Options | None = None) -> Why:
    """Why the plan takes or leaves an option: a project, a contract to be signed, or a level of a programme.

    Raises InputError for a name that is no option, InfeasibleError where the case has no plan, SolverError where time
    ran out before one was found.
    """
    options = options or Options()
    began = time.monotonic()
    option = option_of(case, name)
    merged = build(case, grid)
    base = _solved(merged.program, options)
    if base.status == "infeasible":
        raise InfeasibleError("The case has no plan, so none of its options can be asked about.")
    if not base.has_plan:
        raise SolverError(f"No plan was found: the solve ended {base.status}.")
    columns = columns_of(merged.program, option)
    cost = base.bound, base.objective
    if not columns.any():
        note = "no date is open to it: its window and its lead time leave none within the horizon"
        return Why(option, False, cost, None, note=note)
    taken = takes(merged.program, base, columns)
    other = replace(merged, program=(_left if taken else forced)(merged, option, columns))
    changed = _solved(other.program, options)
    if changed.status == "infeasible":
        return Why(option, taken, cost, None, reason(other, options.time_limit))
    adds = max(0.0, changed.bound - base.objective), max(0.0, changed.objective - base.bound)
    if taken:
        return Why(option, True, cost, adds)
    left = 4 * options.time_limit - (time.monotonic() - began)
    tried = _candidates(merged, base, columns)
    found = tuple(_openings(merged, base, columns, tried, options, left))
    return Why(option, False, cost, adds, openings=found, tried=len(tried))


def option_of(case: Case, name: str) -> OptionId:
    """Kind and id of an option by its name; the first level where a programme is named. Raises InputError."""
    signed = {row.contract for row in case.rows("contracts") if row.kind != "spot" and not row.in_force}
    levels = {f"{row.programme}/{row.level}" for row in case.rows("programmes")}
    projects = {row.project for row in case.rows("projects")}
    for kind, known, wanted in (
        ("project", projects, name),
        ("contract", signed, name),
        ("programme", levels, name),
        ("programme", levels, f"{name}/1"),
    ):
        if wanted in known:
            return kind, wanted
    expected = "a project, a contract to be signed, or a level of a programme"
    raise InputError([Fault("--why", repr(name), expected, remedy=nearest(name, [*projects, *signed, *levels]))])


def columns_of(program: Program, option: OptionId) -> Booleans:
    """Which columns take an option, (columns,): its yes or no at each date, or its size where it has no such."""
    names = [name for name, kind in CHOICES.items() if kind == option[0]]
    for name in names:
        own = [label.name == name and "/".join(label.index) == option[1] for label in program.columns]
        found = np.array(own, dtype=bool) & (program.column_upper > 0)
        if found.any():
            return found
    return np.zeros(len(program.columns), dtype=bool)


def takes(program: Program, plan: Solution, columns: Booleans) -> bool:
    """Whether a plan takes an option in some future."""
    yes = np.where(program.integer, WHOLE, LEAST_SIZE)
    return bool((columns & (plan.values >= yes)).any())


def _left(merged: Merged, _: OptionId, columns: Booleans) -> Program:
    return replace(merged.program, column_upper=np.where(columns, 0.0, merged.program.column_upper))


def forced(merged: Merged, option: OptionId, columns: Booleans) -> Program:
    """The program in which every future that can takes an option at one date at least.

    One without a yes or no is taken in a tenth of its greatest size.
    """
    program = merged.program
    own = set(np.flatnonzero(columns).tolist())
    groups = dict.fromkeys(tuple(sorted(own.intersection(column_of.tolist()))) for column_of in merged.column_of)
    groups.pop((), None)
    place = [(row, column) for row, group in enumerate(groups) for column in group]
    rows, places = zip(*place, strict=True)
    more = sp.csr_matrix((np.ones(len(place)), (rows, places)), shape=(len(groups), len(program.columns)))
    first = [group[0] for group in groups]
    least = [1.0 if program.integer[n] else LEAST_SHARE * program.column_upper[n] for n in first]
    labels = (Label(FORCED, (*option, str(n)), program.columns[place].period) for n, place in enumerate(first))
    return replace(
        program,
        matrix=sp.csr_matrix(sp.vstack([program.matrix, more])),
        row_lower=np.append(program.row_lower, least),
        row_upper=np.append(program.row_upper, np.full(len(groups), np.inf)),
        rows=(*program.rows, *labels),
    )


def _solved(program: Program, options: Options) -> Solution:
    solution = solve(program, options)
    if solution.status == "interrupted":
        raise KeyboardInterrupt
    return solution


def _candidates(merged: Merged, base: Solution, columns: Booleans) -> list[list[Slack]]:
    """Groups of limits that may keep an option out: those that it uses up, then those that the plan feels most."""
    program = merged.program
    use = program.matrix @ _with_amounts(program, columns).astype(float)
    groups: dict[tuple[str, ...], list[Slack]] = {}
    uses: dict[tuple[str, ...], float] = {}
    feels: dict[tuple[str, ...], float] = {}
    for slack in slacks_of(merged):
        key = (*group_of(slack.limit, merged), str(slack.upward))
        place = slack.limit.place
        if key[1] == "DEM":
            continue
        groups.setdefault(key, []).append(slack)
        row = slack.limit.kind == "row"
        used = (use[place] if slack.upward else -use[place]) if row else 0.0
        worth = base.duals[place] if row else base.reduced_costs[place]
        uses[key] = max(uses.get(key, 0.0), float(used))
        feels[key] = feels.get(key, 0.0) + abs(float(worth)) / slack.weight
    telling = [key for key in groups if uses[key] > 0 or feels[key] > 1e-9]
    telling.sort(key=lambda key: (uses[key] <= 0, -feels[key]))
    return [groups[key] for key in telling[:MOST_LIMITS]]


def _with_amounts(program: Program, columns: Booleans) -> Booleans:
    """The columns of an option with those of its size or volume."""
    chosen = {program.columns[n].index for n in np.flatnonzero(columns)}
    sizes = [label.name in ("size", "volume") and label.index in chosen for label in program.columns]
    both: Booleans = columns | np.array(sizes, dtype=bool)
    return both


def _openings(
    merged: Merged, base: Solution, columns: Booleans, tried: list[list[Slack]], options: Options, seconds: float
) -> Iterator[Opening]:
    speaker = Speaker.of(merged)
    until = time.monotonic() + seconds
    for group in tried:
        left = min(options.time_limit, until - time.monotonic())
        if left <= 0:
            return
        plan = _solved(lifted(merged, group).program, replace(options, time_limit=left))
        if plan.has_plan and takes(merged.program, plan, columns):
            saving = max(0.0, base.bound - plan.objective), max(0.0, base.objective - plan.bound)
            yield Opening(speaker.asks(group[0].limit, merged), saving)
