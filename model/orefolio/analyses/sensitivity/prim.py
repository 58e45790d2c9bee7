"""PRIM, the patient rule induction method: a box of levers in which a plan fails much more often than elsewhere.

A box is peeled: again and again the slice at a face whose loss makes the rest fail most often is cut off, until too few
points are left. Then it is pasted: slices that cost no density come back (Friedman and Fisher 1999; Bryant and Lempert
2010 for its use on plans).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
LOW, HIGH = 0, 1


@dataclass(frozen=True)
class Box:
    """limits: (2, levers) in the levers' units, lowest and highest; infinite where the box is open."""

    limits: Floats

    def inside(self, values: Floats) -> Flags:
        """Which points lie in it, (points,)."""
        within: Flags = ((values >= self.limits[LOW]) & (values <= self.limits[HIGH])).all(axis=1)
        return within

    def opened(self, side: int, lever: int) -> Box:
        """The box without one limit."""
        return self.at(side, lever, -np.inf if side == LOW else np.inf)

    def at(self, side: int, lever: int, limit: float) -> Box:
        """The box with one limit elsewhere."""
        limits = self.limits.copy()
        limits[side, lever] = limit
        return Box(limits)

    def closed(self) -> list[tuple[int, int]]:
        """Side and lever of every limit there is."""
        return [(side, lever) for lever in range(self.limits.shape[1]) for side in (LOW, HIGH)
                if np.isfinite(self.limits[side, lever])]  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """How a box does. density: failing share of the points inside; coverage: share of the failing that are inside."""

    inside: int
    failing: int
    density: float
    coverage: float


def measured(box: Box, values: Floats, fails: Flags) -> Measured:
    """How a box does on points (points, levers) of which some fail (points,)."""
    inside = box.inside(values)
    failing = int(fails[inside].sum())
    return Measured(int(inside.sum()), failing, failing / max(int(inside.sum()), 1), failing / max(int(fails.sum()), 1))


def peeled(values: Floats, fails: Flags, alpha: float, support: float) -> list[Box]:
    """Every box from the whole on, each with about a share `alpha` of the points before cut off.

    support: least share of all points that a box keeps. Of two slices the better is the one whose loss raises the
    failing share most for each point that goes. It goes on where every slice lowers the share, since a better one may
    stand behind a single point, and ends early only where every point inside fails.
    """
    box = Box(np.array([[-np.inf], [np.inf]]) * np.ones(values.shape[1]))
    boxes, least = [box], max(1, int(np.ceil(support * len(values))))
    while True:
        inside = box.inside(values)
        kept, failed = values[inside], fails[inside]
        best, gain = None, -np.inf
        for side, lever, limit in _faces(kept, alpha):
            stay = kept[:, lever] >= limit if side == LOW else kept[:, lever] <= limit
            if least <= stay.sum() < len(kept):
                risen = (failed[stay].mean() - failed.mean()) / (len(kept) - stay.sum())
                if risen > gain:
                    best, gain = box.at(side, lever, limit), risen
        if best is None or failed.all():
            return boxes
        box = best
        boxes.append(box)


def _faces(kept: Floats, alpha: float) -> Iterator[tuple[int, int, float]]:
    """Side, lever and new limit of every slice that may go; the limit lies halfway between two neighbours."""
    gone = max(1, int(alpha * len(kept)))
    for lever in range(kept.shape[1]):
        ordered = np.sort(kept[:, lever])
        above = ordered[ordered > ordered[gone - 1]]
        below = ordered[ordered < ordered[-gone]]
        if len(above):
            yield LOW, lever, float(above[0] + ordered[gone - 1]) / 2
        if len(below):
            yield HIGH, lever, float(below[-1] + ordered[-gone]) / 2


def pasted(box: Box, values: Floats, fails: Flags, alpha: float) -> Box:
    """The box with every slice back that does not lower its density."""
    while True:
        inside = box.inside(values)
        density, best, gain = float(fails[inside].mean()), None, 0
        for side, lever in box.closed():
            beside = box.opened(side, lever).inside(values) & ~inside
            if not beside.any():
                return pasted(box.opened(side, lever), values, fails, alpha)
            wider = box.at(side, lever, _widened(values[:, lever], beside, side, int(alpha * inside.sum())))
            now = wider.inside(values)
            failing = int(fails[now].sum())
            if failing > gain + int(fails[inside].sum()) and float(fails[now].mean()) >= density:
                best, gain = wider, failing - int(fails[inside].sum())
        if best is None:
            return box
        box = best


def _widened(values: Floats, beside: Flags, side: int, count: int) -> float:
    """The limit that lets about `count` of the points beside the box in; infinite where that is all of them."""
    ordered = np.sort(values[beside]) if side == HIGH else -np.sort(-values[beside])
    taken = ordered[min(max(count, 1), len(ordered)) - 1]
    rest = ordered[ordered > taken] if side == HIGH else ordered[ordered < taken]
    if not len(rest):
        return np.inf if side == HIGH else -np.inf
    return float(taken + rest[0]) / 2


def quasi_p(box: Box, values: Floats, fails: Flags) -> dict[tuple[int, int], float]:
    """For each limit, how likely so many failing points inside would be were its loss to change nothing.

    One-sided binomial. It is a quasi-p-value: the same points have chosen the box.
    """
    own = measured(box, values, fails)
    found = {}
    for side, lever in box.closed():
        without = measured(box.opened(side, lever), values, fails)
        found[side, lever] = float(binom.sf(own.failing - 1, own.inside, without.density))
    return found


def pruned(box: Box, values: Floats, fails: Flags, significance: float) -> Box:
    """The box without limits that do not matter, the least of them dropped first."""
    while True:
        found = quasi_p(box, values, fails)
        worst = max(found, key=lambda limit: found[limit], default=None)
        if worst is None or found[worst] <= significance:
            return box
        box = box.opened(*worst)


def best_box(
    values: Floats, fails: Flags, *, alpha: float, support: float, density: float, significance: float
) -> tuple[Box, list[Box]]:
    """The box that covers most of the failing points at a density of at least `density`, and all that were peeled.

    Where none is so dense it is the densest, of equals the one that covers more.
    """
    path = peeled(values, fails, alpha, support)
    done = [measured(box, values, fails) for box in path]
    dense = [number for number, one in enumerate(done) if one.density >= density]
    if dense:
        chosen = max(dense, key=lambda number: (done[number].coverage, done[number].density))
    else:
        chosen = max(range(len(done)), key=lambda number: (done[number].density, done[number].coverage))
    return pruned(pasted(path[chosen], values, fails, alpha), values, fails, significance), path
