"""The least level at which a convex rising function is no longer negative, exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Worth = Callable[[float], tuple[float, float]]
"""Value and slope of a convex function that does not fall, made of straight pieces."""

NEAR = 1e-9
MOST_STEPS = 200
HIGHEST = 1e6


@dataclass(frozen=True)
class Level:
    """multiple: the least level, None where no level is enough; at and below: the value there and a millionth below.

    0 where the value is not negative without any level. `proved`: at is not negative and below is.
    """

    multiple: float | None
    at: float
    below: float

    @property
    def proved(self) -> bool:
        """Whether the two values bracket the level."""
        return self.multiple == 0.0 or (self.multiple is not None and self.at >= -NEAR and self.below < 0.0)


def least(worth: Worth) -> Level:
    """Newton's steps from above: on a convex function they fall towards the root, and on its last piece they meet it.

    A level from above is found by doubling. The value a millionth below proves that no lower one is enough.
    """
    alone, _ = worth(0.0)
    if alone >= 0:
        return Level(0.0, alone, alone)
    high = 1.0
    while worth(high)[0] < 0:
        high *= 2
        if high > HIGHEST:
            return Level(None, worth(high)[0], worth(high)[0])
    for _ in range(MOST_STEPS):
        value, slope = worth(high)
        lower = high - value / slope if slope > 0 else high
        if value <= NEAR or high - lower <= NEAR * NEAR * high:
            break
        high = lower
    return Level(high, worth(high)[0], worth(high * (1 - 1e-6))[0])
