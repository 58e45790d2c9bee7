"""The solve of a case under its own objective: one program, or two in turn where the first leaves futures free."""

from __future__ import annotations

import math
from dataclasses import replace

from orefolio.case.case import Case
from orefolio.errors import InfeasibleError, SolverError
from orefolio.program.build import build
from orefolio.program.merge import Merged
from orefolio.program.program import Floats
from orefolio.program.risk import held, regret
from orefolio.program.risk.regimes import in_regime
from orefolio.solve import Session, Solution, solve
from orefolio.solve.solution import Listener

GRACE_SHARE = 0.1  # of the time limit that the second solve may take once the limit is reached
ALONE_SHARE = 0.5  # of the time limit, for what each future would cost by itself
APART = ("risk_weight", "worst_case", "least_regret")
TOGETHER = ("chance", "shortage_tails", "regimes", "regime_weights")


def solve_in_turn(
    session: Session, merged: Merged, grid: str, progress: Listener | None = None, begin: Floats | None = None
) -> tuple[Merged, Solution]:
    """The best plan by the objective; of those, where it binds only some futures, the one expected to cost least.

    session: holds the merged program, and does so again in the end. The second plan keeps the value of the first. Its
    objective, bound and status are those of the first solve; the bound of the second is in `second_bound`, None where
    there was no second or it found no plan. Where regret is asked for, what each future costs by itself is found
    before and stands in the program that is given back. Where the case has a menu of regimes, the plan is the best of
    theirs and the bound the least of theirs, and the case of the program is the one in that regime.
    """
    if merged.tree.case.rows("regimes"):
        return _best_regime(session, merged, grid, progress, begin)
    return _in_turn(session, merged, grid, progress, begin)


def _best_regime(
    session: Session, merged: Merged, grid: str, progress: Listener | None, begin: Floats | None
) -> tuple[Merged, Solution]:
    """The best plan over the regimes of a case, each solved with its own weights and its own limit."""
    menu = [row.regime for row in merged.tree.case.rows("regimes")]
    options, futures = session.options, [flat.path.future for flat in merged.flats]
    ends: list[tuple[str, Merged, Solution]] = []
    for regime in menu:
        program = build(in_regime(merged.tree.case, regime), grid, futures)
        fits = begin is not None and begin.size == program.program.cost.size
        session.update(program.program)
        session.options = replace(options, time_limit=options.time_limit / len(menu))
        ends.append((regime, *_in_turn(session, program, grid, progress, begin if fits else None)))
        session.options = options
    ends.sort(key=lambda end: end[2].objective)
    _, best, solution = ends[0]
    session.update(best.program)
    told = tuple((name, end.status, end.objective, end.bound) for name, _, end in ends)
    bound = min(end.bound for _, _, end in ends)
    status = solution.status
    if status in ("optimal", "feasible"):
        status = "optimal" if options.reached(solution.objective, bound) else "feasible"
    return best, replace(solution, bound=bound, status=status, regimes=told)


def _in_turn(
    session: Session, merged: Merged, grid: str, progress: Listener | None, begin: Floats | None
) -> tuple[Merged, Solution]:
    merged = against_own_best(session, merged, grid)
    return merged, solve_held(session, merged, progress, begin)


def against_own_best(session: Session, merged: Merged, grid: str) -> Merged:
    """The program with what each future costs by itself, where regret is asked for. The session then holds it, and has
    the time that is left."""
    if not regret.asked(merged):
        return merged
    merged = regret.with_own_best(merged, own_best(session, merged, grid))
    session.update(merged.program)
    session.options = replace(session.options, time_limit=(1 - ALONE_SHARE) * session.options.time_limit)
    return merged


def own_best(session: Session, merged: Merged, grid: str) -> list[tuple[float, float]]:
    """What each future costs by itself, known from the first day: (proved bound, plan), million USD.

    Nothing that is asked over the futures together counts. An investor's start then has to pay in that future alone.
    """
    case = apart(merged.tree.case)
    limit = ALONE_SHARE * session.options.time_limit / len(merged.flats)
    found = []
    for flat in merged.flats:
        alone = build(case, grid, [flat.path.future])
        solution = solve(alone.program, replace(session.options, time_limit=limit), stop=session.stop)
        if solution.status == "infeasible":
            raise InfeasibleError(f"The future {flat.path.future} has no plan by itself, so there is no regret.")
        if not math.isfinite(solution.bound) or not solution.has_plan:
            raise SolverError(f"No plan of the future {flat.path.future} by itself was found in {limit:.0f} seconds.")
        found.append((solution.bound, solution.objective))
    return found


def apart(case: Case) -> Case:
    """The case with every future alike and nothing asked over them together, to be solved one by one."""
    futures = tuple(replace(row, weight=1.0) for row in case.rows("futures"))
    settings = tuple(row for row in case.rows("settings") if row.setting not in APART)
    tables = {name: rows for name, rows in case.tables.items() if name not in TOGETHER}
    return replace(case, tables={**tables, "futures": futures, "settings": settings})


def solve_held(
    session: Session, merged: Merged, progress: Listener | None = None, begin: Floats | None = None
) -> Solution:
    """The best plan of the session's program; of those, where it binds only some futures, the one expected to cost
    least."""
    first = session.solve(progress, begin)
    if not held.binds_only_some(merged) or not first.has_plan or first.status not in ("optimal", "feasible"):
        return first
    options = session.options
    left = max(options.time_limit - sum(first.seconds.values()), GRACE_SHARE * options.time_limit)
    session.update(held.second(merged, first.objective))
    session.options = replace(options, time_limit=left)
    try:
        second = session.solve(None, first.values)
    finally:
        session.options = options
        session.update(merged.program)
    if second.status not in ("optimal", "feasible"):
        return replace(first, log=first.log + "The second solve, for expected cost, found no plan.\n")
    priced = session.fixed(second.values)
    seconds = {**first.seconds, "expected cost": sum(second.seconds.values())}
    return replace(
        first,
        values=second.values,
        objective=merged.program.objective(second.values),
        duals=priced.duals,
        reduced_costs=priced.reduced_costs,
        second_bound=second.bound,
        method=f"{first.method}, then expected cost",
        seconds=seconds,
        log=first.log + second.log,
        nodes=first.nodes + second.nodes,
    )
