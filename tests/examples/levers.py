"""Whether a lever of an example case is live: turned alone, it moves the cost of the plan by more than the gaps left.

From its base a lever is turned toward its low and its high end in four steps, as docs/japan.md tells of Japan's. The
ends are tried first; the steps between them only where nothing is proved there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from examples.flips import how
from examples.runs import Example
from orefolio.analyses.first_change import Planned, planned
from orefolio.errors import InfeasibleError

STEPS = 4


@dataclass(frozen=True, eq=False)
class Setting:
    """Where a lever is tried: futures as if there were no other, and other levers that stand turned."""

    futures: tuple[str, ...] = ("S00",)
    levers: Mapping[str, float] = field(default_factory=dict)


@cache
def unturned(example: Example, setting: Setting) -> Planned:
    return planned(example.case, how(*setting.futures), setting.levers)


def steps(low: float, base: float, high: float) -> Iterator[float]:
    """The values tried: both ends, then the steps from the ends inwards."""
    for step in range(STEPS, 0, -1):
        for end in (low, high):
            if end != base:
                yield base + (end - base) * step / STEPS


def apart(one: Planned, other: Planned) -> bool:
    """Whether two intervals of cost do not overlap."""
    return one.most < other.least or other.most < one.least


def proved_at(example: Example, lever: str, setting: Setting) -> float | None:
    """The first value at which another cost than at base is proved, or no plan is left; None where there is none."""
    row = example.case.row("levers", lever)
    base = unturned(example, setting)
    for value in steps(row.low, row.base, row.high):
        try:
            found = planned(example.case, how(*setting.futures), {**setting.levers, lever: value})
        except InfeasibleError:
            return value
        if apart(base, found):
            return value
    return None
