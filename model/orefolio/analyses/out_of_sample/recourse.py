"""What a policy costs in each of many futures: its commitments held until they part, the rest chosen for each anew.

Each future by itself is a small program. Its relaxation bounds the cost from below and a dive from above, so that each
cost is an interval. What is chosen after a future has parted knows all of that future, as in the plan's own tree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from orefolio.case.scenarios import Path, Tree, plant
from orefolio.errors import InfeasibleError, SolverError
from orefolio.futures.drawing import Drawn
from orefolio.futures.generated import Weighted, rows_of, with_rows
from orefolio.program.flatten import Flat, each_flat
from orefolio.program.merge import merge
from orefolio.program.program import Floats, Integers, Program
from orefolio.program.support import with_support
from orefolio.solve import Options, Session

from .policy import Policy

AT_ONCE = 250
"""Futures that are stated together."""
LOOSE = 1e-6
"""How far a size may be from the plan's, absolutely and as a share of it."""


@dataclass(frozen=True)
class Cost:
    """Million USD: the proved bound of what a future costs under a policy, and a plan for it."""

    low: float
    high: float


def costs(
    policies: Sequence[Policy],
    futures: Sequence[Drawn],
    options: Options,
    progress: Callable[[int], None] | None = None,
) -> list[list[Cost]]:
    """What each policy costs in each future; all policies are for the same case and grid, whatever its futures.

    options: of each solve. progress: hears how many futures are done. Raises InfeasibleError where a policy leaves no
    plan in a future, SolverError.
    """
    found: list[list[Cost]] = [[] for _ in policies]
    for first in range(0, len(futures), AT_ONCE):
        for flat in _stated(policies[0], futures[first : first + AT_ONCE]):
            for each, cost in zip(found, _costs(flat, policies, options), strict=True):
                each.append(cost)
            if progress:
                progress(len(found[0]))
    return found


def _stated(policy: Policy, futures: Sequence[Drawn]) -> list[Flat]:
    """Futures stated beside each other, each with the weight 1."""
    rows = rows_of(policy.case, [Weighted(one, 1.0) for one in futures])
    tree = plant(with_rows(policy.case, rows), policy.grid)
    return [replace(flat, path=replace(flat.path, weight=1.0)) for flat in each_flat(tree.paths)]


def _costs(flat: Flat, policies: Sequence[Policy], options: Options) -> list[Cost]:
    """What policies cost in one future, each from where the solver ended with the one before."""
    program = with_support(merge(_alone(flat.path), [flat])).program
    known: dict[bytes, Cost] = {}
    session = None
    found = []
    for policy in policies:
        held = holding(program, *policy.held(flat))
        name = held.column_lower.tobytes()
        if name not in known:
            if session is None:
                session = Session(held, options)
            else:
                session.update(held)
            known[name] = _cost(session, flat.path.future)
        found.append(known[name])
    return found


def holding(program: Program, places: Integers, values: Floats, loose: float = LOOSE) -> Program:
    """The program with columns held at values, as far as their bounds allow. places, values: (held,).

    What is no yes-or-no decision may stray by `loose`: a plan that was written and read again is rounded.
    """
    lower, upper = program.column_lower.copy(), program.column_upper.copy()
    whole = program.integer[places]
    reach = np.where(whole, 0.0, loose * np.maximum(1.0, np.abs(values)))
    kept = np.where(whole, np.round(values), values)
    least, most = lower[places], upper[places]
    lower[places], upper[places] = np.clip(kept - reach, least, most), np.clip(kept + reach, least, most)
    return replace(program, column_lower=lower, column_upper=upper)


def _alone(path: Path) -> Tree:
    """The tree of one future, which is certain."""
    nodes = tuple(range(1, len(path.periods) + 1))
    sure = (1.0,) * (len(nodes) + 1)
    return Tree(path.case, (path,), (nodes,), ((0, *nodes[:-1]),), sure)


def _cost(session: Session, future: str) -> Cost:
    solution = session.solve()
    if solution.status == "infeasible":
        raise InfeasibleError(f"What the plan commits to leaves no plan in the future {future!r}.")
    if not solution.has_plan:
        raise SolverError(f"No plan was found in the future {future!r}: {solution.status}.")
    return Cost(solution.bound, solution.objective)
