"""Where a decision flips along a lever: what two costs prove at each value, and between which values that turns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, pairwise
from typing import Any

from .intervals import Interval, cost_of

IN, OUT, OPEN, NOTHING = "in", "out", "not proved", "no answer"
PROVED = (IN, OUT)


@dataclass(frozen=True)
class Pair:
    """The rows of two points at one value of a lever: with what is asked about, and without it."""

    with_: Mapping[str, Any]
    without: Mapping[str, Any]

    @property
    def costs(self) -> tuple[Interval | None, Interval | None]:
        """What is known of both costs, million USD; None without a plan."""
        return cost_of([self.with_]), cost_of([self.without])

    @cached_property
    def difference(self) -> Interval | None:
        """Cost with it less cost without it, million USD; None where one of them has no plan."""
        inside, outside = self.costs
        return None if inside is None or outside is None else inside.less(outside)

    @property
    def state(self) -> str:
        """Which of the two is proved to be cheaper. A plan is cheaper than none where it is proved that none exists."""
        if self.difference is not None:
            return (IN if self.difference.high < 0 else OUT) if self.difference.proved else OPEN
        inside, outside = self.costs
        if outside is not None and self.with_["status"] == "infeasible":
            return OUT
        if inside is not None and self.without["status"] == "infeasible":
            return IN
        return NOTHING


@dataclass(frozen=True)
class Flip:
    """A turn between two values of the lever, the states on both sides, and where costs are likely to be equal."""

    before: str
    after: str
    low: float
    high: float
    estimate: float | None


@dataclass(frozen=True)
class Stretch:
    """Values of a lever from first to last that were solved, at all of which one and the same state holds."""

    state: str
    first: float
    last: float


@dataclass
class Course:
    """Pairs by value of the lever. every: a turn from proved to not proved counts too, and not only one of the sign."""

    every: bool = False
    pairs: dict[float, Pair] = field(default_factory=dict)

    @property
    def values(self) -> list[float]:
        """Values of the lever, upwards."""
        return sorted(self.pairs)

    def brackets(self) -> Iterator[tuple[float, ...]]:
        """Values from the last before a turn to the first after it, with the unproved ones between them."""
        values = self.values if self.every else [v for v in self.values if self.pairs[v].state in PROVED]
        for one, other in pairwise(values):
            if self.pairs[one].state != self.pairs[other].state:
                yield tuple(value for value in self.values if one <= value <= other)

    def between(self, width: float) -> list[float]:
        """The middles by which brackets become narrower: where what is proved ends, and the step is over the width."""
        edges = [
            (one, other)
            for bracket in self.brackets()
            for one, other in pairwise(bracket)
            if other - one > width and (self.pairs[one].state in PROVED or self.pairs[other].state in PROVED)
        ]
        middles = (float(f"{(one + other) / 2:.12g}") for one, other in edges)
        return [middle for middle in middles if middle not in self.pairs]

    def flips(self) -> list[Flip]:
        """The turns, upwards."""
        return [
            Flip(self.pairs[values[0]].state, self.pairs[values[-1]].state, values[0], values[-1],
                 None if self.every else self._estimate(values))
            for values in self.brackets()
        ]  # fmt: skip

    def _estimate(self, values: tuple[float, ...]) -> float | None:
        """Where the straight line between two values has no difference of the best plans; the first such place."""
        gaps = [(value, self.pairs[value].difference) for value in values]
        known = [(value, gap.best) for value, gap in gaps if gap is not None]
        for (one, here), (other, there) in pairwise(known):
            if (here < 0) != (there < 0):
                return one + (other - one) * here / (here - there)
        return None

    def stretches(self) -> list[Stretch]:
        """Runs of values with one state; where only the sign counts, those at which it is proved."""
        runs = [(state, list(run)) for state, run in groupby(self.values, key=lambda value: self.pairs[value].state)]
        return [Stretch(state, run[0], run[-1]) for state, run in runs if self.every or state in PROVED]

    def unproved(self) -> list[float]:
        """Values at which neither is proved to be cheaper."""
        return [value for value in self.values if self.pairs[value].state not in PROVED]
