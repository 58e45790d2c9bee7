r"""The expected cost of a plan from fresh futures, with a confidence interval.

$$\hat\mu = \sum_q p_q c_q + \Big(1-\sum_q p_q\Big)\,\bar c, \qquad
  \hat\mu \pm t_{n-1}\,\Big(1-\sum_q p_q\Big)\,\frac{s}{\sqrt n}$$

The futures q without an event have exact probabilities and are not sampled; the others are n independent draws with
mean cost $\bar c$ and standard deviation s. Each cost lies between a bound and a plan, so there are two means, and the
interval from the lower end of the one to the upper end of the other holds what is left of both kinds of doubt.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from orefolio.errors import Fault, InputError
from orefolio.futures.generated import Sample
from orefolio.program.program import Floats
from orefolio.solve import Options

from .policy import Policy
from .recourse import costs


@dataclass(frozen=True)
class Mean:
    """An expected cost, million USD. error: its standard error. low, high: ends of the confidence interval."""

    mean: float
    error: float
    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether the interval covers a value."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Estimate:
    """What a plan costs in fresh futures. cost: of the plans found; bound: of what is proved of each.

    draws: how many futures with an event were drawn; futures: how many differ. level: of confidence.
    """

    cost: Mean
    bound: Mean
    draws: int
    futures: int
    level: float

    @property
    def low(self) -> float:
        """The lower end, of sampling and solving together."""
        return self.bound.low

    @property
    def high(self) -> float:
        """The upper end, of sampling and solving together."""
        return self.cost.high


def estimates(
    policies: Sequence[Policy],
    sample: Sample,
    options: Options,
    level: float = 0.95,
    progress: Callable[[int], None] | None = None,
) -> list[Estimate]:
    """The expected cost of each policy from the same fresh futures. Raises as `costs`, and InputError for one draw."""
    if sample.draws == 1:
        raise InputError([Fault("--fresh", "one future with an event", "two or more, of which a spread can be told")])
    futures = [one.drawn for one in sample.futures]
    found = []
    for each in costs(policies, futures, options, progress):
        cost, bound = (
            stratified(sample, np.array([getattr(one, end) for one in each]), level) for end in ("high", "low")
        )
        found.append(Estimate(cost, bound, sample.draws, len(futures), level))
    return found


def stratified(sample: Sample, values: Floats, level: float) -> Mean:
    """The mean of values of the futures of a sample, (futures,), in its order, with its interval."""
    quiet = len(sample.quiet)
    sure = float(sum(one.weight * value for one, value in zip(sample.quiet, values, strict=False)))
    times, drawn = np.array(list(sample.struck.values()), dtype=np.float64), values[quiet:]
    count = sample.draws
    if not count:
        return Mean(sure, 0.0, sure, sure)
    mean = float(times @ drawn) / count
    spread = math.sqrt(float(times @ (drawn - mean) ** 2) / (count - 1))
    error = sample.rest * spread / math.sqrt(count)
    reach = float(stats.t.ppf(0.5 + level / 2, count - 1)) * error
    middle = sure + sample.rest * mean
    return Mean(middle, error, middle - reach, middle + reach)
