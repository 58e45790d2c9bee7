"""A plan that rolls along one future, and what it costs beside a plan that was fixed and one that knew the future.

All three are reckoned in the same program of that one future, so that knowing it never costs more than not knowing it.
Rows of investors, who ask what a start is worth in expectation, stand in every plan that is made for several futures,
and not in that program: there is nothing left to expect.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from orefolio.case.lives import MONTHS_A_YEAR
from orefolio.futures.continued import continued
from orefolio.futures.drawing import Drawn, Hazards
from orefolio.futures.generated import day_of, name_of
from orefolio.program.merge import Merged
from orefolio.solve import Options, Solution

from ..out_of_sample.policy import Policy
from ..out_of_sample.recourse import holding
from .outcome import Decision, Outcome, Step, Walk
from .step import Decided, planned
from .told import Stated, told

LEAST = 1e-6
"""Amount below which a commitment is none."""
Ahead = Callable[[Drawn, int], Sequence[Drawn]]
"""What may follow on a future from a month on: futures, each as probable as the others."""


def drawn_ahead(hazards: Hazards, fan: int, seeds: Iterator[int]) -> Ahead:
    """What may follow by the hazards of a case. seeds: one for each step."""
    return lambda future, month: continued(hazards, future, month, fan, next(seeds))


def walked(policy: Policy, future: Drawn, ahead: Ahead, options: Options) -> Walk:
    """Roll along a future, beginning with what a plan commits to before anything is known.

    Raises InfeasibleError where what was decided leaves no plan, SolverError.
    """
    case, grid = policy.case, policy.grid
    periods = told(case, grid, [future]).paths[0].periods
    ends = [round(period.end * MONTHS_A_YEAR) for period in periods[:-1]]
    fans = [Counter(ahead(future, month)) for month in ends]
    stated = Stated.of(case, grid, [future, *(one for fan in fans for one in fan)])
    nodes = stated.nodes(future)
    decided, steps = Decided(), []
    for fan, period, node in zip(fans, periods, nodes, strict=False):
        merged = stated.merged({one: times / fan.total() for one, times in fan.items()})
        if not decided.at:
            decided.begin(merged, policy)
        solution = planned(decided.ahead(merged), options, f"{period.label}")
        decided.carry_out(merged, solution.values, node)
        steps.append(Step(period.year, len(fan), solution.bound, solution.objective))
    alone = stated.merged({future: 1.0})
    if not decided.at:
        decided.begin(alone, policy)
    happens = name_of(case, ((one.event, str(day_of(case, one.start))) for one in future.strikes))
    return Walk(happens, tuple(steps), _outcomes(alone, decided, policy, options, happens))


def _outcomes(alone: Merged, decided: Decided, policy: Policy, options: Options, happens: str) -> dict[str, Outcome]:
    """Each policy in the program of one future. A plan of any is a plan of foresight, a bound of foresight of any."""
    program = alone.program
    (flat,) = alone.flats
    held = {
        "rolling": holding(program, *decided.places(program)),
        "fixed": holding(program, *policy.held(flat)),
        "foresight": program,
    }
    found = {name: planned(each, options, f"{name}, {happens}") for name, each in held.items()}
    best = min(found.values(), key=lambda one: one.objective)
    low = found["foresight"].bound
    found["foresight"] = replace(best, bound=low)
    return {
        name: Outcome(max(one.bound, low), one.objective, _short(alone, one), _decisions(alone, one))
        for name, one in found.items()
    }


def _short(alone: Merged, solution: Solution) -> float:
    (flat,) = alone.flats
    values = alone.values_of(0, solution.values).tolist()
    return float(sum(value for label, value in zip(flat.columns, values, strict=True) if label.name == "short"))


def _decisions(alone: Merged, solution: Solution) -> tuple[Decision, ...]:
    (flat,) = alone.flats
    values = alone.values_of(0, solution.values).tolist()
    chosen = [
        Decision(flat.path.periods[label.period].year, label.name, "/".join(label.index), value)
        for label, value, commits in zip(flat.columns, values, flat.commitment.tolist(), strict=True)
        if commits and abs(value) > LEAST
    ]
    return tuple(sorted(chosen, key=lambda one: (one.year, one.variable, one.index)))
