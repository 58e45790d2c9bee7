r"""How a rolling plan does along sampled futures, beside a plan that was fixed and one that knew each future.

$$\bar d = \frac1n \sum_i (c^{a}_i - c^{b}_i), \qquad \bar d \pm t_{n-1}\,\frac{s_d}{\sqrt n}$$

The same futures are given to all policies, so that what they differ in is not drowned in what futures differ in.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import stats

from orefolio.futures.generated import EVERY_MONTHS
from orefolio.solve import Options

from ..out_of_sample.policy import Policy

POLICIES = ("rolling", "fixed", "foresight")


@dataclass(frozen=True)
class Rolling:
    """What is asked for. paths: sampled futures. fan: futures that may follow, in each plan that is made.

    every: months between two days on which events may begin. level: of confidence.
    """

    paths: int = 5
    fan: int = 8
    seed: int = 0
    every: int = EVERY_MONTHS
    level: float = 0.95


@dataclass(frozen=True)
class Plan:
    """The plan made before anything is known. bound, cost: million USD, over its own futures. futures: how many."""

    policy: Policy
    futures: int
    bound: float
    cost: float


@dataclass(frozen=True)
class Step:
    """A plan made on the way. year: that it decides. futures: how many differ in it. bound, cost: million USD."""

    year: int
    futures: int
    bound: float
    cost: float


@dataclass(frozen=True)
class Decision:
    """What is committed to at the start of a period: variable, index words joined by /, value."""

    year: int
    variable: str
    index: str
    value: float


@dataclass(frozen=True)
class Outcome:
    """What a policy does in a future. low, high: proved bound and plan, million USD. short_t: tonnes not served."""

    low: float
    high: float
    short_t: float
    decisions: tuple[Decision, ...]


@dataclass(frozen=True)
class Walk:
    """One sampled future. happens: its events in words. outcomes: by policy."""

    happens: str
    steps: tuple[Step, ...]
    outcomes: Mapping[str, Outcome]


@dataclass(frozen=True)
class Spread:
    """A mean over sampled futures, million USD, its standard error and its interval; None where there is but one."""

    mean: float
    error: float | None
    low: float | None
    high: float | None

    @classmethod
    def of(cls, values: list[float], level: float) -> Spread:
        """Of values that are as probable as each other."""
        mean = float(np.mean(values))
        if len(values) < 2:
            return cls(mean, None, None, None)
        error = float(np.std(values, ddof=1)) / math.sqrt(len(values))
        reach = float(stats.t.ppf(0.5 + level / 2, len(values) - 1)) * error
        return cls(mean, error, mean - reach, mean + reach)


@dataclass(frozen=True)
class Rolled:
    """Walks along sampled futures, and the plan that they begin with. folder: where they are kept, None for nowhere."""

    asked: Rolling
    plan: Plan
    walks: tuple[Walk, ...]
    folder: Path | None = None

    def cost(self, policy: str) -> Spread:
        """What a policy costs, by the plans found."""
        return Spread.of([walk.outcomes[policy].high for walk in self.walks], self.asked.level)

    def bound(self, policy: str) -> float:
        """What is proved of it: million USD, mean over futures."""
        return float(np.mean([walk.outcomes[policy].low for walk in self.walks]))

    def short_t(self, policy: str) -> float:
        """Tonnes not served, mean over futures."""
        return float(np.mean([walk.outcomes[policy].short_t for walk in self.walks]))

    def difference(self, policy: str, other: str) -> Spread:
        """What a policy costs more than another in the same futures, by the plans found."""
        pairs = [(walk.outcomes[policy].high, walk.outcomes[other].high) for walk in self.walks]
        return Spread.of([one - two for one, two in pairs], self.asked.level)

    def reached(self, options: Options) -> bool:
        """Whether every plan on the way was proved as close as was asked."""
        solved = [(self.plan.cost, self.plan.bound)]
        solved += [(step.cost, step.bound) for walk in self.walks for step in walk.steps]
        solved += [(walk.outcomes[name].high, walk.outcomes[name].low) for walk in self.walks for name in POLICIES]
        return all(options.reached(cost, bound) for cost, bound in solved)
