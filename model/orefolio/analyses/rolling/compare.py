"""Roll along sampled futures of a case, from one plan made before anything is known."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np

from orefolio.case.case import Case
from orefolio.futures.drawing import Drawn, Hazards
from orefolio.futures.generated import Asked, generate, hazards_of, with_futures
from orefolio.futures.points import points
from orefolio.program.size import refuse_case_too_large
from orefolio.program.support import with_support
from orefolio.program.switches import refuse_loose_switches
from orefolio.solve import Options

from ..out_of_sample.policy import Policy
from ..sensitivity.futures import refuse_other_objectives
from .kept import Kept
from .outcome import Plan, Rolled, Rolling
from .step import planned
from .told import Stated, evenly
from .walk import drawn_ahead, walked

PLAN, PATHS, AHEAD = 0, 1, 2
"""Streams of random numbers: the futures of the fixed plan, the sampled ones, and what may follow on them."""


def rolled(
    case: Case,
    grid: str,
    asked: Rolling,
    options: Options,
    kept: Kept | None = None,
    say: Callable[[str], None] | None = None,
) -> Rolled:
    """Roll along sampled futures of a case. kept: where each path stands once it is done.

    Raises InputError for a case without hazards or with another objective than expected cost, InfeasibleError,
    SolverError, SpaceError.
    """
    refuse_other_objectives(case, "Ask for the plan without it")
    case = evenly(case)
    tell = say or (lambda _: None)
    plan = kept.plan(case, grid) if kept else None
    if plan is None:
        tell(f"planning for {asked.fan} futures")
        plan = fixed_plan(case, grid, asked, options)
        if kept:
            kept.keep_plan(plan)
    hazards = hazards_of(case, asked.every, None)
    drawn = sampled(hazards, asked)
    walks = []
    for number, future in enumerate(drawn):
        walk = kept.walk(number) if kept else None
        if walk is None:
            seeds = (seed_of(asked.seed, AHEAD, number, step) for step in itertools.count())
            walk = walked(plan.policy, future, drawn_ahead(hazards, asked.fan, seeds), options)
            if kept:
                kept.keep_walk(number, walk)
        tell(f"path {number + 1} of {asked.paths}: {walk.happens}")
        walks.append(walk)
    return Rolled(asked, plan, tuple(walks))


def fixed_plan(case: Case, grid: str, asked: Rolling, options: Options) -> Plan:
    """The plan for so many futures of a case that tells time evenly, made before anything is known."""
    futures = generate(case, Asked(asked.fan, seed_of(asked.seed, PLAN), "quasi", asked.every))
    refuse_case_too_large(with_futures(case, futures), grid, None, options.size_limit)
    stated = Stated.of(case, grid, [one.drawn for one in futures])
    total = sum(one.weight for one in futures)
    merged = with_support(stated.merged({one.drawn: one.weight / total for one in futures}))
    refuse_loose_switches(case, merged.program)
    solution = planned(merged.program, options, f"the plan for {len(futures)} futures")
    policy = Policy.of_solution(merged, grid, solution.values)
    return Plan(policy, len(futures), solution.bound, solution.objective)


def sampled(hazards: Hazards, asked: Rolling) -> list[Drawn]:
    """The futures that are rolled along: independent draws, the first of which are the same however many."""
    cube = points("random", asked.paths, hazards.dimensions, seed_of(asked.seed, PATHS))
    return hazards.drawn(cube)


def seed_of(seed: int, *stream: int) -> int:
    """A seed of its own for each stream of random numbers."""
    return int(np.random.SeedSequence((seed, *stream)).generate_state(1)[0])
