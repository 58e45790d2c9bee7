"""What is known of a cost: an interval from the proved bound to the best plan, and differences of such intervals."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

FORGIVEN = 1e-7  # share of a cost that rounding may make, and that no difference is told from


@dataclass(frozen=True)
class Interval:
    """Million USD: the truth lies from `low` to `high`; `best` is what the best plan has. low may be -inf."""

    low: float
    best: float
    high: float

    def less(self, other: Interval) -> Interval:
        """The difference to another; rounding widens it."""
        rounding = FORGIVEN * max(1.0, abs(self.high), abs(other.high))
        return Interval(self.low - other.high - rounding, self.best - other.best, self.high - other.low + rounding)

    @property
    def proved(self) -> bool:
        """Whether it lies on one side of 0, so that there is a difference."""
        return self.low > 0 or self.high < 0

    @property
    def sure(self) -> float:
        """What is proved of a difference, with its sign; 0 where nothing is."""
        return max(self.low, 0.0) + min(self.high, 0.0)

    def over(self, divisor: float) -> Interval:
        """Each number by a divisor above 0."""
        return Interval(self.low / divisor, self.best / divisor, self.high / divisor)


SAME = Interval(0.0, 0.0, 0.0)
"""The difference of a point to itself."""


def cost_of(rows: Iterable[Mapping[str, Any]]) -> Interval | None:
    """What rows of one and the same point prove together of its cost; None where none has a plan."""
    found = list(rows)
    plans = [row["cost_musd"] for row in found if row["cost_musd"] is not None]
    if not plans:
        return None
    bounds = [row["bound_musd"] for row in found if row["bound_musd"] is not None]
    best = min(plans)
    return Interval(min(max(bounds, default=-math.inf), best), best, best)


def state_of(row: Mapping[str, Any]) -> str:
    """How a point ended, in words: blank where it has a plan."""
    if row["state"] == "failed":
        return f"failed: {row['failure']}"
    return "" if row["cost_musd"] is not None else {"infeasible": "no plan exists"}.get(row["status"], "no plan found")


def finite(value: float) -> float | None:
    """A number as tables and JSON have it: nothing where it has no end."""
    return value if math.isfinite(value) else None


def words(difference: Interval) -> str:
    """A difference of costs in words, with its interval and whether it is proved."""
    if difference == SAME:
        return "as base"
    span = f"{_signed(difference.low)} to {_signed(difference.high)} million USD"
    return span if difference.proved else f"{span}, not proved"


def _signed(value: float) -> str:
    text = f"{value:+,.3g}" if abs(value) < 100 else f"{value:+,.0f}"
    return "0" if float(text.replace(",", "")) == 0 else text
