"""Why the plan of a case leaves an option: what taking it adds, at which price it enters, which limit keeps it out.

Every cost is known as an interval, from a proved bound to the cost of a plan. Where the interval of a difference
begins at nought, the difference is no finding.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import scipy.sparse as sp

from orefolio.analyses.explain import Reason, group_of, lifted, reason, slacks_of
from orefolio.analyses.explain.option import KINDS, Use, columns_named, option_of, use_of
from orefolio.analyses.explain.words import Sentence, Speaker
from orefolio.analyses.first_change import FORCED, OptionId
from orefolio.case.case import Case
from orefolio.errors import InfeasibleError, SolverError
from orefolio.families.ledger import MUSD_PER_T
from orefolio.program.build import build
from orefolio.program.merge import Merged
from orefolio.program.program import Floats, Label, Program
from orefolio.solve import Options, Session, Slack, Solution, solve

MOST_LIMITS = 6  # limits that are lifted in the linear relaxation, one at a time
MOST_SOLVED = 3  # of these, limits that are lifted in the program itself
FIRST_SHARE = 0.01  # of the least amount: the first of it, which the reduced cost is of
LEAST_OVER = 1e-6  # by which a plan goes over a lifted limit, of its unit


@dataclass(frozen=True)
class Opening:
    """A limit without which the plan takes the option. saving: million USD of the plan by it, at least and at most;
    gap: of the solve without it. steps: by how much that plan goes over the limit, and so how far it must give way.
    worth: million USD that a unit more of the limit saves at most, in the linear program with the plan's choices fixed;
    unit: t, t a year, start or million USD."""

    limit: Sentence
    saving: tuple[float, float]
    gap: float = 0.0
    steps: tuple[Sentence, ...] = ()
    worth: float = 0.0
    unit: str = "t"


@dataclass(frozen=True)
class Reduced:
    """What the first of an option adds: USD for a unit of it in every future that can have it, expected and discounted.

    relaxation: where every choice may be halved. fixed: with the plan's other choices as they are; None where no plan
    keeps them. unit: of the option. partly: the relaxation takes some of it already.
    """

    relaxation: float
    fixed: float | None
    unit: str
    partly: bool


@dataclass(frozen=True)
class Fall:
    """By which share an option's own cost must fall, so that the plan that was made to take it is proved cheaper than
    every plan without it; above 1 where no fall is enough for that plan. own: million USD of that cost. price, below:
    the mean price that it pays, and the one at which it enters, USD/kg; None where it has no price."""

    part: str
    own: float
    share: float
    price: float | None = None
    below: float | None = None


@dataclass(frozen=True)
class Why:
    """Why an option is left, or that it is taken.

    adds: million USD that the other choice adds to the cost, at least and at most: taking an option that is left, in
    every future that can and at one date at least; leaving one that is taken. None where the other choice has no plan,
    or no date is open to it. gap: of the solve that this rests on. reason: why the other choice has no plan. openings:
    limits that keep it out. tried: how many were lifted in the relaxation; solved: of these, in the program itself.
    """

    option: OptionId
    taken: bool
    cost: tuple[float, float]
    adds: tuple[float, float] | None
    reason: Reason | None = None
    openings: tuple[Opening, ...] = ()
    tried: int = 0
    note: str = ""
    gap: float = 0.0
    solved: int = 0
    reduced: Reduced | None = None
    fall: Fall | None = None


@dataclass(frozen=True)
class _Asking:
    """A program, its plan, and the time that is left for questions to it."""

    merged: Merged
    base: Solution
    use: Use
    options: Options
    until: float = field(default=0.0)

    def solved(self, program: Program, *, warm: bool = False) -> Solution | None:
        """The program solved in the time that is left; None without time or plan."""
        left = min(self.options.time_limit, self.until - time.monotonic())
        if left <= 0:
            return None
        found = _solved(program, replace(self.options, time_limit=left), self.base.values if warm else None)
        return found if found.has_plan or found.status == "infeasible" else None


def why(case: Case, name: str, grid: str | None = None, options: Options | None = None) -> Why:
    """Why the plan takes or leaves an option of `names_of`.

    Raises InputError for a name that is no option, InfeasibleError where the case has no plan, SolverError where time
    ran out before one was found, KeyboardInterrupt where a signal came.
    """
    options = options or Options()
    began = time.monotonic()
    option = option_of(case, name)
    merged, base = _planned(case, grid, options)
    return _answer(merged, base, option, options, began + 4 * options.time_limit)


def _planned(case: Case, grid: str | None, options: Options) -> tuple[Merged, Solution]:
    """The program and its plan."""
    merged = build(case, grid)
    base = _solved(merged.program, options)
    if base.status == "infeasible":
        raise InfeasibleError("The case has no plan, so none of its options can be asked about.")
    if not base.has_plan and base.status != "optimal":  # without any column the empty plan is one
        raise SolverError(f"No plan was found: the solve ended {base.status}.")
    return merged, base


def _answer(merged: Merged, base: Solution, option: OptionId, options: Options, until: float) -> Why:
    cost = base.bound, base.objective
    use = use_of(merged, option, base.values)
    if use is None:
        note = "nothing of it is open: its window and its lead time leave no date within the horizon, or nothing can "
        return Why(option, False, cost, None, note=f"{note}come to it")
    asking = _Asking(merged, base, use, options, until)
    changed = asking.solved(_left(asking) if use.taken else forced(asking), warm=not use.taken)
    if changed is None:
        return Why(option, use.taken, cost, None, note="time ran out before the other choice was solved")
    if changed.status == "infeasible":
        other = replace(merged, program=_left(asking) if use.taken else forced(asking))
        return Why(option, use.taken, cost, None, reason(other, options.time_limit))
    adds = max(0.0, changed.bound - base.objective), max(0.0, changed.objective - base.bound)
    if use.taken:
        return Why(option, True, cost, adds, gap=changed.abs_gap)
    session = Session(_with_rows(merged.program, use, -np.inf), options)
    reduced = _reduced(session, asking)
    candidates = _candidates(asking, changed)
    tried, solved, openings = _openings(session, asking, candidates)
    return Why(
        option, False, cost, adds, openings=openings, tried=tried, solved=solved, gap=changed.abs_gap,
        reduced=reduced, fall=_fall(asking, changed),
    )  # fmt: skip


def _left(asking: _Asking) -> Program:
    """The program without the option; a demand goes unserved, a stockpile keeps what it has and gets no more."""
    program, option = asking.merged.program, asking.use.option
    closed = asking.use.all_columns()
    if option[0] == "stockpile":
        closed = columns_named(program, asking.merged.tree.case, option, ["put"])
    upper = program.column_upper.copy()
    upper[closed] = 0.0
    return replace(program, column_upper=upper)


def forced(asking: _Asking) -> Program:
    """The program in which every future that can takes the option, at one date at least and at least in its least
    amount."""
    use = asking.use
    above = [0.0 if asking.merged.program.integer[group[0]] else 1.0 for group in use.choices]
    return _with_rows(asking.merged.program, use, use.level * np.array(above) + use.least, amounts=False)


def _with_rows(program: Program, use: Use, least: Floats | float, *, amounts: bool = True) -> Program:
    """The program with a row for each set of futures: so much of the option at least."""
    groups = use.amounts if amounts else use.choices
    rows = np.concatenate([np.full(group.size, row, dtype=np.int64) for row, group in enumerate(groups)])
    columns = np.concatenate(groups)
    more = sp.csr_matrix((np.ones(columns.size), (rows, columns)), shape=(len(groups), len(program.columns)))
    labels = [Label(FORCED, (*use.option, str(n)), program.columns[group[-1]].period) for n, group in enumerate(groups)]
    return replace(
        program,
        matrix=sp.csr_matrix(sp.vstack([program.matrix, more])),
        row_lower=np.append(program.row_lower, np.broadcast_to(least, len(groups))),
        row_upper=np.append(program.row_upper, np.full(len(groups), np.inf)),
        rows=(*program.rows, *labels),
    )


def _solved(program: Program, options: Options, warm: Floats | None = None) -> Solution:
    solution = solve(program, options, warm=warm)
    if solution.status == "interrupted":
        raise KeyboardInterrupt
    return solution


# what the first of it adds


def _reduced(session: Session, asking: _Asking) -> Reduced | None:
    program, use = asking.merged.program, asking.use
    found = _first(session, program, use)
    if found is None:
        return None
    free = np.ones(len(program.columns), dtype=bool)
    free[use.all_columns()] = False
    held = program.integer & free
    whole = np.round(asking.base.values)
    lower, upper = (np.where(held, whole, side) for side in (program.column_lower, program.column_upper))
    fixed = _first(session, replace(program, column_lower=lower, column_upper=upper), use)
    return Reduced(found[0], None if fixed is None else fixed[0], KINDS[use.option[0]].unit, found[1])


def _first(session: Session, program: Program, use: Use) -> tuple[float, bool] | None:
    """USD for the first of an option in a linear program, and whether it takes some already; None without a plan."""
    session.update(_with_rows(program, use, -np.inf))
    plan = session.relaxed()
    if plan.status != "optimal":
        return None
    level = np.array([plan.values[group].sum() for group in use.amounts])
    step = FIRST_SHARE * max(1.0, float(np.min(use.least)))
    if KINDS[use.option[0]].unit == "level":
        step = FIRST_SHARE
    session.update(_with_rows(program, use, level + step))
    plan = session.relaxed()
    if plan.status != "optimal":
        return None
    return max(0.0, float(plan.duals[-len(use.amounts) :].sum())) * 1e6, bool((level > LEAST_OVER).any())


# the price at which it enters


def _fall(asking: _Asking, changed: Solution) -> Fall | None:
    """The fall of its own cost that is enough; None where it has none, has some in the plan, or the tail of cost counts
    (then cost has no one price)."""
    merged, use = asking.merged, asking.use
    program, kind = merged.program, KINDS[use.option[0]]
    own = columns_named(program, merged.tree.case, use.option, kind.own)
    if any(label.name in ("eta", "worst", "regret") for label in program.columns) or not own.size:
        return None
    if asking.base.values[use.all_columns()].max(initial=0.0) > LEAST_OVER:
        return None
    amount = float(program.cost[own] @ changed.values[own])
    if amount <= 0:
        return None
    share = max(0.0, changed.objective - asking.base.bound) / amount
    if kind.part != "price":
        return Fall(kind.part, amount, share)
    bought = columns_named(program, merged.tree.case, use.option, ["buy"])
    weights = np.array([_discounted_kilotonne(merged, program.columns[n]) for n in bought])
    tonnes = float(weights @ changed.values[bought])
    if tonnes <= 0:
        return Fall(kind.part, amount, share)
    price = float(program.cost[bought] @ changed.values[bought]) / tonnes
    return Fall(kind.part, amount, share, price, (1 - share) * price)


def _discounted_kilotonne(merged: Merged, label: Label) -> float:
    """Million USD, expected and discounted, of a tonne in a column at a USD a kilogram."""
    tree = merged.tree
    number = next(n for n, own in enumerate(tree.node) if own[label.period : label.period + 1] == (label.node,))
    period = tree.paths[number].periods[label.period]
    return float(MUSD_PER_T * tree.probability[label.node] * tree.paths[number].discount(period.start, period.end))


# the limit that keeps it out


def _candidates(asking: _Asking, changed: Solution) -> list[list[Slack]]:
    """Groups of limits that may keep an option out: those that it uses up, then those that a plan feels most, with the
    option or without it."""
    program, base = asking.merged.program, asking.base
    taking = np.zeros(len(program.columns))
    taking[asking.use.all_columns()] = 1.0
    use = program.matrix @ taking
    height = len(program.rows)
    groups: dict[tuple[str, ...], list[Slack]] = {}
    uses: dict[tuple[str, ...], float] = {}
    feels: dict[tuple[str, ...], float] = {}
    for slack in slacks_of(asking.merged):
        key = (*group_of(slack.limit, asking.merged), str(slack.upward))
        place = slack.limit.place
        if key[1] == "DEM":
            continue
        groups.setdefault(key, []).append(slack)
        row = slack.limit.kind == "row"
        used = (use[place] if slack.upward else -use[place]) if row else taking[place]
        worth = [abs(plan.duals[:height][place] if row else plan.reduced_costs[place]) for plan in (base, changed)
                 if plan.duals.size]  # fmt: skip
        uses[key] = max(uses.get(key, 0.0), float(used))
        feels[key] = feels.get(key, 0.0) + float(sum(worth)) / slack.weight
    telling = [key for key in groups if uses[key] > 0 or feels[key] > 1e-9]
    telling.sort(key=lambda key: (uses[key] <= 0, -feels[key]))
    return [groups[key] for key in telling[:MOST_LIMITS]]


def _openings(session: Session, asking: _Asking, candidates: list[list[Slack]]) -> tuple[int, int, tuple[Opening, ...]]:
    """How many limits were lifted in the relaxation and in the program itself before time ran out, and those without
    which the plan takes the option."""
    lifts: list[tuple[float, int]] = []
    for number, group in enumerate(candidates):
        if time.monotonic() >= asking.until:
            break
        without = lifted(asking.merged, group).program
        session.update(_with_rows(without, asking.use, -np.inf))
        plan = session.relaxed()
        if plan.status == "optimal":
            amount = sum(float(plan.values[own].sum()) for own in asking.use.amounts)
            lifts.append((-amount, number))
    chosen = [candidates[number] for amount, number in sorted(lifts)[:MOST_SOLVED] if amount < -LEAST_OVER]
    plans = [(group, asking.solved(lifted(asking.merged, group).program, warm=True)) for group in chosen]
    known = [(group, plan) for group, plan in plans if plan is not None and plan.has_plan]
    return len(lifts), len(known), tuple(_opened(asking, known))


def _opened(asking: _Asking, known: list[tuple[list[Slack], Solution]]) -> Iterator[Opening]:
    speaker, base = Speaker.of(asking.merged), asking.base
    for group, plan in known:
        if not asking.use.enters(plan.values):
            continue
        saving = max(0.0, base.bound - plan.objective), max(0.0, base.objective - plan.bound)
        yield Opening(
            limit=speaker.asks(group[0].limit, asking.merged),
            saving=saving,
            gap=plan.abs_gap,
            steps=speaker.steps(asking.merged.program, _over(asking.merged.program, group, plan.values)),
            worth=max(_worth(asking.merged, base, slack) for slack in group),
            unit=_unit(asking.merged, group[0]),
        )


def _worth(merged: Merged, base: Solution, slack: Slack) -> float:
    if not base.duals.size or slack.limit.label(merged.program).name == "PRJ_group":  # of choices that are fixed
        return 0.0
    place = slack.limit.place
    return abs(float((base.duals if slack.limit.kind == "row" else base.reduced_costs)[place]))


def _unit(merged: Merged, slack: Slack) -> str:
    label = slack.limit.label(merged.program)
    if label.name == "PRJ_group":
        return "start" if merged.tree.case.row("groups", label.index[0]).counts == "starts" else "t a year"
    return "million USD" if label.name == "BUD" else "t"


def _over(program: Program, group: list[Slack], values: Floats) -> Iterator[tuple[Slack, float]]:
    """By how much a plan goes over limits that were lifted."""
    body = program.matrix @ values
    for slack in group:
        place = slack.limit.place
        if slack.limit.kind == "row":
            side = program.row_upper[place] if slack.upward else program.row_lower[place]
            over = float(body[place] - side) if slack.upward else float(side - body[place])
        else:
            over = float(values[place] - program.column_upper[place])
        if over > LEAST_OVER:
            yield slack, over
