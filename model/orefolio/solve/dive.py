"""From the relaxation to a first plan: fix what is nearly decided, round the largest doubt up, solve again, warm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from orefolio.program.program import Booleans, Floats, Integers
from orefolio.solve.engine import Engine
from orefolio.solve.propagation import Propagation

CHEAP = 1e-5
"""Share of the cost up to which a step counts as cheap; after it twice as many are rounded at once."""
WHOLE = 1e-9
"""How far from 0 or 1 a binary may be and count as whole. At 1e-6 a constant of 1e6 would let a tonne through."""


class Style(NamedTuple):
    """How bold a dive is. on: binaries from here up are fixed to 1 together; off: fractions below, to 0 together.

    batch: where none is that sure, this share of the doubtful ones is rounded up, the largest first, at least one.
    """

    on: float
    off: float
    batch: float


STYLES = (Style(0.8, 0.0, 0.25), Style(0.9, 0.0, 0.0), Style(0.8, 0.15, 0.0))  # none is best everywhere


@dataclass(frozen=True)
class Dive:
    """Where a dive ended. values: (columns,) a plan with whole binaries, None where none was found. objective: of it,
    million USD. steps: linear programs solved. lower, upper: (binaries,) the bounds it ended with. interrupted: it was
    stopped or ran out of time."""

    values: Floats | None
    objective: float
    steps: int
    lower: Floats
    upper: Floats
    interrupted: bool = False


def dive(
    engine: Engine,
    binaries: Integers,
    values: Floats,
    lower: Floats,
    upper: Floats,
    remaining: Callable[[], float],
    cutoff: float = np.inf,
    style: Style = STYLES[0],
    within: Booleans | None = None,
) -> Dive:
    """Dive from a solved linear program to a plan.

    engine: holds the solved program, warm; its bounds of binaries are changed and left so. binaries: (binaries,)
    places of the binary columns. values: (columns,) of the solved program. lower, upper: (binaries,) bounds to begin
    from. remaining: seconds left. cutoff: million USD from which a plan is of no use; the dive then stops early.
    within: (binaries,) those to settle; the others stay as free as they are. None for all.

    A solver needs some time for each step, whatever it changes. So as long as rounding costs nothing, each step rounds
    twice as many as the one before.

    A step that ends without a plan is repaired: all that it fixed is freed but the surest; where that does not help,
    the surest is turned to 0. When that fails too, the dive gives up.
    """
    lower, upper = lower.copy(), upper.copy()
    rows = Propagation(engine.program, binaries)
    least, before = 1, engine.objective
    wanted = np.ones(len(binaries), dtype=bool) if within is None else within
    steps, limit = 0, 2 * len(binaries) + 1
    while steps < limit:
        doubt = fractional(values[binaries]) & wanted
        if not doubt.any():
            return Dive(values, engine.objective, steps, lower, upper)
        raised, dropped = choose(values[binaries], doubt, lower, upper, style, wanted, least)
        earlier = lower, upper
        lower, upper = rows.raised(raised, lower, upper)
        upper[dropped] = np.maximum(lower[dropped], 0.0)
        engine.change_bounds(binaries, lower, upper)
        outcome = engine.run(remaining())
        steps += 1
        if outcome == "infeasible" and len(raised) + len(dropped) > 1:
            lower, upper = earlier[0].copy(), earlier[1].copy()
            lower[raised[0]] = 1.0
            engine.change_bounds(binaries, lower, upper)
            outcome = engine.run(remaining())
            steps += 1
        if outcome == "infeasible":
            lower[raised[0]], upper[raised[0]] = 0.0, 0.0
            engine.change_bounds(binaries, lower, upper)
            outcome = engine.run(remaining())
            steps += 1
        if outcome != "optimal":
            return Dive(None, np.inf, steps, lower, upper, outcome in ("limit", "interrupted"))
        if engine.objective >= cutoff:
            return Dive(None, np.inf, steps, lower, upper)
        cheap = engine.objective - before <= CHEAP * abs(engine.objective)
        least, before = 2 * least if cheap else 1, engine.objective
        values = engine.values()
    return Dive(None, np.inf, steps, lower, upper)


def choose(
    shares: Floats, doubt: Booleans, lower: Floats, upper: Floats, style: Style, wanted: Booleans, least: int = 1
) -> tuple[Integers, Integers]:
    """Which binaries to fix at 1, the surest first, and which at 0, of those wanted. All arrays (binaries,).

    least: how many are rounded up at least where none is sure.
    """
    free = (lower < upper) & wanted
    raised = np.flatnonzero(free & (shares >= style.on))
    if not doubt[raised].any():
        doubtful = np.flatnonzero(doubt)
        largest = doubtful[np.argsort(-shares[doubtful], kind="stable")]
        raised = np.append(raised, largest[: max(least, int(style.batch * len(largest)))])
    raised = raised[np.argsort(np.where(doubt, -shares, 0.0)[raised], kind="stable")]
    dropped = np.flatnonzero(free & doubt & (shares < style.off))
    return raised, np.setdiff1d(dropped, raised)


def fractional(shares: Floats) -> Booleans:
    """Which binaries, (binaries,), are not whole."""
    return np.abs(shares - np.round(shares)) > WHOLE
