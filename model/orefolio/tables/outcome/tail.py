"""The tail of a few weighted numbers, by sorting them."""

from __future__ import annotations

from collections.abc import Sequence


def tail_mean(values: Sequence[float], weights: Sequence[float], level: float) -> float:
    """Mean of the worst share 1 − level of values: the greatest first, the last one by the part that still fits.

    values, weights: same length; weights sum to 1. Level 0 gives the mean.
    """
    room = left = 1.0 - level
    total = 0.0
    for value, weight in sorted(zip(values, weights, strict=True), reverse=True):
        part = min(weight, left)
        total += part * value
        left -= part
        if left <= 0:
            break
    return total / (room - max(left, 0.0))
