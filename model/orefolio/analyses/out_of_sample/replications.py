r"""How far a plan may be from the best one for all futures: the multiple replications of Mak, Morton and Wood (1999).

$$G_k = \frac{1}{n}\sum_{f\in k} c(\hat x,f) - z_k, \qquad \bar G + t_{K-1}\,\frac{s_G}{\sqrt K}$$

Each replication draws futures of its own, plans for them anew and holds the given plan x in the same ones. What the
best plan for a sample is proved to cost at least, z, is expected to be no more than the best plan for all futures
costs; so the gap of a replication is expected to be no less than the plan's. The same futures on both sides keep its
spread small.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from orefolio.futures.generated import Asked, sample, with_futures
from orefolio.program.build import build
from orefolio.solve import Options, Session

from .policy import Policy
from .recourse import costs


@dataclass(frozen=True)
class Replication:
    """One sample, million USD. cost: of the plan in it; best: of its own plan; bound: proved of the best for it."""

    cost: float
    best: float
    bound: float

    @property
    def gap(self) -> float:
        """What the plan costs more than is proved of the best one for the sample."""
        return self.cost - self.bound


@dataclass(frozen=True)
class Gap:
    """How far a plan is from the best, million USD. most: it is no more, at a level of confidence."""

    replications: tuple[Replication, ...]
    mean: float
    error: float
    most: float
    level: float


def optimality_gap(
    policy: Policy,
    asked: Asked,
    count: int,
    options: Options,
    level: float = 0.95,
    progress: Callable[[int], None] | None = None,
) -> Gap:
    """The gap of a plan from so many replications, two at least, with seeds that count up from that of `asked`.

    options: of the solves. Raises as `costs`, and InfeasibleError where a sample has no plan.
    """
    found = []
    for number in range(count):
        drawn = sample(policy.case, replace(asked, seed=asked.seed + number))
        futures = drawn.futures
        merged = build(with_futures(policy.case, futures), policy.grid)
        solution = Session(merged.program, options).solve()
        (paid,) = costs([policy], [one.drawn for one in futures], replace(options, node_limit=0))
        cost = sum(one.weight * each.high for one, each in zip(futures, paid, strict=True))
        found.append(Replication(cost, solution.objective, solution.bound))
        if progress:
            progress(number + 1)
    return summary(found, level)


def summary(found: list[Replication], level: float) -> Gap:
    """The mean gap and its one-sided interval."""
    gaps = np.array([one.gap for one in found])
    error = float(gaps.std(ddof=1)) / math.sqrt(len(found))
    reach = float(stats.t.ppf(level, len(found) - 1)) * error
    mean = float(gaps.mean())
    return Gap(tuple(found), mean, error, max(0.0, mean + reach), level)
