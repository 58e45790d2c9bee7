"""Many futures: what they share by itself, each of the rest by itself, in turns that end with a proof.

`master` and `subproblem` have the equations. The pieces are cut out of the one merged program, so nothing is stated
twice. The bound is that of the relaxation at any time; the plan is one of the whole program.
"""

from __future__ import annotations

import threading
from dataclasses import replace

from orefolio.program.merge import Merged
from orefolio.solve import Options, Solution, Status
from orefolio.solve.outcomes import Outcome
from orefolio.solve.solution import Listener
from orefolio.solve.standing import Standing

from .crew import Crew
from .kept import Kept
from .method import Method
from .split import split

__all__ = ["Kept", "decomposed"]


def decomposed(
    merged: Merged,
    options: Options,
    crew: Crew,
    stop: threading.Event | None = None,
    progress: Listener | None = None,
    kept: Kept | None = None,
) -> Solution:
    """Solve a merged program by its futures. options, progress, stop: as of `solve`; crew: who answers for the futures,
    closed in the end; kept: where rounds are written, and gone on from.

    The solution has no worth of rows. Raises InputError where a row ties what several futures decide, SolverError,
    UnfinishedError where workers are lost.
    """
    standing = Standing(options, progress)
    parts = split(merged)
    method = Method(parts, options, crew, standing, stop or threading.Event(), kept)
    try:
        crew.take(parts.parts)
        outcome = method.run()
    finally:
        crew.close()
    return _solution(standing, outcome)


def _solution(standing: Standing, outcome: Outcome) -> Solution:
    ends: dict[Outcome, Status] = {
        "limit": "no_plan",
        "interrupted": "interrupted",
        "infeasible": "infeasible",
        "unbounded": "unbounded",
        "optimal": "no_plan",
    }
    status: Status = ends.get(outcome, "unknown")
    if standing.values is not None:
        status = "optimal" if standing.proved else "interrupted" if outcome == "interrupted" else "feasible"
    found = Solution(
        status=status,
        bound=min(standing.bound, standing.objective),
        seconds=dict(standing.seconds),
        first_plan_seconds=standing.first_plan_seconds,
        method=", ".join(standing.methods),
        log=standing.log,
        nodes=standing.nodes,
    )
    if standing.values is None:
        return found
    return replace(found, objective=standing.objective, values=standing.values)
