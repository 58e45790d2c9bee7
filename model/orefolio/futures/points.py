"""Points of the unit cube: random, or quasi-random ones that fill it more evenly. Same seed, same points."""

from __future__ import annotations

import math
from typing import Literal, get_args

import numpy as np
from scipy.stats import qmc

from orefolio.program.program import Floats

Method = Literal["random", "quasi"]
METHODS: tuple[Method, ...] = get_args(Method)
INSIDE = 2.0**-32
"""Distance that points keep from the sides of the cube, where normal scores are infinite."""


def points(method: Method, count: int, dimensions: int, seed: int) -> Floats:
    """(count, dimensions) points of the open unit cube: independent, or of a scrambled Sobol sequence.

    The sequence is balanced where `count` is a power of two; other counts are its beginning.
    """
    if method == "random":
        found: Floats = np.random.default_rng(seed).random((count, dimensions))
    else:
        sequence = qmc.Sobol(max(1, dimensions), scramble=True, rng=np.random.default_rng(seed))
        found = sequence.random_base2(max(0, math.ceil(math.log2(count))))[:count, :dimensions]
    return np.clip(found, INSIDE, 1.0 - INSIDE)


def triangular(low: float, mode: float, high: float, share: float) -> float:
    """The value that a share of a triangular distribution lies below."""
    if high <= low:
        return low
    rising = (mode - low) / (high - low)
    if share <= rising:
        return low + math.sqrt(share * (high - low) * (mode - low))
    return high - math.sqrt((1.0 - share) * (high - low) * (high - mode))


def triangular_share(low: float, mode: float, high: float, value: float) -> float:
    """The share of a triangular distribution that lies below a value."""
    if value <= low or high <= low:
        return 0.0
    if value >= high:
        return 1.0
    if value <= mode:
        return (value - low) ** 2 / ((high - low) * (mode - low))
    return 1.0 - (high - value) ** 2 / ((high - low) * (high - mode))
