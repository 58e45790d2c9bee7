r"""A program solved under questions, and its plan as one of the case's own program.

The least share of a measure is found by solving $\min\; amount - \lambda\,of$ for falling λ until it is nought
(Dinkelbach). With $B \le 0$ the bound of the last and $N$ that of the least amount, a plan whose share is at most λ has
$of \ge N / \lambda$, so no share is less than $\lambda\,(1 + B / N)$.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from orefolio.case.case import Case
from orefolio.errors import Fault, InputError
from orefolio.program.alone import of_future
from orefolio.program.merge import Merged
from orefolio.program.program import Program
from orefolio.program.risk import held, regret
from orefolio.solve import Options, Session, Solution
from orefolio.solve.solution import nothing

from ..objective import against_own_best, solve_held, solve_in_turn
from . import Question, turned_by
from .measures import Measured, limited
from .planned_for import committed
from .turned import Aim, Turned, padded

ROUNDING = 1e-7  # share of a value that is held, by which the second solve may exceed it
SAME = 1e-6  # share by which a smaller share has to be smaller


@dataclass(frozen=True)
class Answered:
    """solution: over the case's own rows and columns, its objective the cost; its bound is one of cost or −infinite.

    value, bound: of the other objective, where one was asked for. relaxed: there is a bound and no plan.
    """

    solution: Solution
    value: float | None = None
    bound: float | None = None
    relaxed: bool = False


def takes_turns(merged: Merged) -> bool:
    """Whether a plan takes more than one solve: for a menu of regimes, for regret, or a second for expected cost."""
    return bool(merged.tree.case.rows("regimes")) or regret.asked(merged) or held.binds_only_some(merged)


def refuse_menu(case: Case) -> None:
    """Raises InputError where there is a menu of regimes: each has a program of its own, and a question needs one."""
    menu = [row.regime for row in case.rows("regimes")]
    if len(menu) > 1:
        remedy = "Copy the case and keep the rows of one regime in regimes.csv and regime_weights.csv; orefolio solve "
        remedy += "tells which is best"
        expected = "one at most, where more than the least cost is asked"
        raise InputError([Fault("regimes.csv", f"the regimes {', '.join(menu)}", expected, remedy=remedy)])


def answered_in_turn(
    merged: Merged, grid: str, questions: Sequence[Question], options: Options, stop: threading.Event
) -> tuple[Merged, Answered]:
    """The same for a case that may take several solves, and the program that the plan is of: in the best regime, with
    what each future costs by itself. Without a question the plan is that of `solve_in_turn`.

    Raises InputError also for questions to a menu of regimes.
    """
    regimes = merged.tree.case.rows("regimes")
    if questions:
        refuse_menu(merged.tree.case)
    elif takes_turns(merged):
        merged, solution = solve_in_turn(Session(merged.program, options, stop), merged, grid)
        return merged, Answered(solution)
    if regret.asked(merged):
        session = Session(merged.program, options, stop)
        merged, options = against_own_best(session, merged, grid), session.options
    answer = answered(merged, questions, options, stop)
    found = answer.solution
    told = tuple((row.regime, found.status, found.objective, found.bound) for row in regimes)
    return merged, replace(answer, solution=replace(found, regimes=told))


def answered(merged: Merged, questions: Sequence[Question], options: Options, stop: threading.Event) -> Answered:
    """Solve a program under questions. Raises InputError for a question that is none, SolverError as `solve` does."""
    turned = turned_by(merged, questions)
    if turned.planned_for is not None:
        alone = of_future(merged, turned.planned_for)
        first = Session(alone.program, options, stop).solve()
        if not first.has_plan or first.status == "interrupted":
            return Answered(replace(first, values=nothing(), bound=-math.inf))
        turned = committed(turned, turned.planned_for, alone.values_of(0, first.values))
        left = max(options.time_limit - sum(first.seconds.values()), options.time_limit / 2)
        options = replace(options, time_limit=left)
    if turned.relaxed:
        return _relaxed(turned, options, stop)
    if turned.aim is None:
        return Answered(_own(merged, solve_held(Session(turned.program(), options, stop), turned.merged)))
    return _aimed(turned, turned.aim, options, stop)


def _own(merged: Merged, solution: Solution, of_cost: bool = True) -> Solution:
    """The part of a solution that is the case's own. of_cost: whether its bound and its duals are in million USD."""
    rows, columns, _ = merged.program.shape
    if not solution.has_plan:
        return solution if of_cost else replace(solution, bound=-math.inf)
    values = solution.values[:columns]
    if of_cost:
        duals, reduced = solution.duals[:rows], solution.reduced_costs[:columns]
        return replace(solution, values=values, duals=duals, reduced_costs=reduced)
    cost = merged.program.objective(values)
    return replace(solution, values=values, objective=cost, bound=-math.inf, duals=nothing(), reduced_costs=nothing())


def _relaxed(turned: Turned, options: Options, stop: threading.Event) -> Answered:
    aim = turned.aim
    program = turned.program() if aim is None else _program(turned, aim)
    solution = Session(program, options, stop).relaxed()
    bound = aim.sense * solution.bound if aim is not None and math.isfinite(solution.bound) else None
    solution = replace(solution, values=nothing(), duals=nothing(), reduced_costs=nothing())
    return Answered(solution if aim is None else replace(solution, bound=-math.inf), None, bound, relaxed=True)


def _program(turned: Turned, aim: Aim, share: float = 0.0) -> Program:
    """What is minimised for an aim: its amount, less a share of what it is one of."""
    amount = aim.sense * aim.amount
    return turned.program(amount if aim.of is None else amount - share * aim.of)


def _aimed(turned: Turned, aim: Aim, options: Options, stop: threading.Event) -> Answered:
    wide = replace(aim, amount=padded(aim.amount, turned.width))
    wide = wide if wide.of is None else replace(wide, of=padded(wide.of, turned.width))
    first = Session(_program(turned, wide), replace(options, abs_gap=0.0, gap=wide.gap), stop).solve()
    bound = wide.sense * first.bound if math.isfinite(first.bound) else None
    if first.status not in ("optimal", "feasible"):
        return Answered(_own(turned.own, first, of_cost=False), None, bound)
    if wide.of is not None:
        first, bound = _least_share(turned, wide, first, options, stop)
    value = wide.value(first.values)
    if not wide.then_cost or first.status == "interrupted":
        return Answered(_own(turned.own, first, of_cost=False), value, bound)
    tight = limited(Measured(turned, wide.amount, wide.of), value + ROUNDING * abs(value))
    left = max(options.time_limit - sum(first.seconds.values()), options.time_limit / 2)
    session = Session(tight.program(), replace(options, time_limit=left), stop)
    second = solve_held(session, tight.merged, begin=first.values)
    if second.status == "optimal" and first.status != "optimal":
        second = replace(second, status="feasible")
    return Answered(_own(turned.own, second), value, bound)


def _least_share(
    turned: Turned, aim: Aim, first: Solution, options: Options, stop: threading.Event
) -> tuple[Solution, float]:
    """The plan of least share and the proved bound of it, from the plan of least amount."""
    best, amount, bound = first, max(0.0, first.bound), 0.0
    share = aim.value(best.values)
    while share > 0:
        close = replace(options, abs_gap=aim.gap * amount, gap=None)
        step = Session(_program(turned, aim, share), close, stop).solve(warm=best.values)
        if step.status not in ("optimal", "feasible"):
            return replace(best, status=step.status if step.status == "interrupted" else "feasible"), bound
        if amount > 0:
            bound = max(bound, share * (1.0 + min(0.0, step.bound) / amount))
        better = aim.value(step.values)
        if better >= share * (1.0 - SAME):
            return replace(best, status=step.status), min(bound, share)
        best, share = step, better
    return best, 0.0
