"""Sobol indices: which share of a figure's variance a lever makes alone, and which with the others.

First order by Saltelli (2010), total by Jansen (1999), on Saltelli's sample without second order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orefolio.errors import MissingExtraError

from .morris import INSTALL

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Index:
    """An index of each lever, (levers,) each.

    low, high: of the bootstrap; gap_low, gap_high: what it may be on this very sample with each figure anywhere between
    its ends, infinite where the gaps may hide all variance.
    """

    value: Floats
    low: Floats
    high: Floats
    gap_low: Floats
    gap_high: Floats

    @property
    def least(self) -> Floats:
        """The low end with both doubts."""
        return self.low - (self.value - self.gap_low)

    @property
    def most(self) -> Floats:
        """The high end with both doubts."""
        return self.high + (self.gap_high - self.value)


@dataclass(frozen=True)
class Indices:
    """groups: rows of the sample that count; variance: of the figure, in its unit squared."""

    first: Index
    total: Index
    groups: int
    variance: float


def sample(levers: int, groups: int, seed: int) -> Floats:
    """Saltelli's sample in the unit cube, (groups * (levers + 2), levers). Raises MissingExtraError."""
    try:
        from SALib.sample import sobol
    except ImportError as error:
        raise MissingExtraError(f"Saltelli's sample needs SALib. Install with: {INSTALL}") from error
    problem = {"num_vars": levers, "names": [str(number) for number in range(levers)], "bounds": [[0.0, 1.0]] * levers}
    drawn = sobol.sample(problem, groups, calc_second_order=False, seed=seed)
    places: Floats = np.asarray(drawn, dtype=np.float64)
    return places


def indices(low: Floats, high: Floats, levers: int, resamples: int, seed: int, confidence: float) -> Indices | None:
    """Indices from the ends of a figure on Saltelli's sample, (groups * (levers + 2),) each.

    Groups with a NaN are left out. `high` is the plan's. None where fewer than two groups are left, or nothing varies.
    """
    below, above = low.reshape(-1, levers + 2), high.reshape(-1, levers + 2)
    known = ~np.isnan(above).any(axis=1) & ~np.isnan(below).any(axis=1)
    below, above = below[known], above[known]
    if len(above) < 2 or np.ptp(above[:, [0, -1]]) == 0:
        return None
    first, total = _estimated(above)
    draws = np.random.default_rng(seed).integers(0, len(above), (resamples, len(above)))
    tried = np.array([_estimated(above[draw]) for draw in draws]).reshape(resamples, 2, levers)
    ends = np.nanquantile(tried, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
    of_first, of_total = _within_gaps(below, above)
    return Indices(
        Index(first, ends[0, 0], ends[1, 0], *of_first),
        Index(total, ends[0, 1], ends[1, 1], *of_total),
        len(above),
        float(above[:, [0, -1]].var()),
    )


def _estimated(figure: Floats) -> tuple[Floats, Floats]:
    """First and total indices, (levers,) each, of groups A, AB of each lever, B: (groups, levers + 2)."""
    ends = figure[:, [0, -1]]
    variance = ends.var()
    if variance == 0:
        return (np.full(figure.shape[1] - 2, np.nan),) * 2
    changes = figure[:, 1:-1] - figure[:, :1]
    first = ((figure[:, -1:] - ends.mean()) * changes).mean(axis=0) / variance
    return first, (changes**2).mean(axis=0) / 2 / variance


def _within_gaps(below: Floats, above: Floats) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """The least and the most that first and total indices can be with every figure anywhere between its ends.

    With m in the middle of the ends and h half their distance: a standard deviation is a seminorm, so it moves by at
    most the root mean square of h; a change moves by the sum of its two h, and a product of two by the product rule.
    """
    middle, half = (below + above) / 2, (above - below) / 2
    ends, slack = middle[:, [0, -1]], half[:, [0, -1]]
    root = float(np.sqrt((slack**2).mean()))
    variances = max(0.0, float(ends.std()) - root) ** 2, (float(ends.std()) + root) ** 2
    change, blur = middle[:, 1:-1] - middle[:, :1], half[:, 1:-1] + half[:, :1]
    centred, shift = middle[:, -1:] - ends.mean(), half[:, -1:] + slack.mean()
    product = (centred * change).mean(axis=0)
    doubt = (np.abs(centred) * blur + shift * np.abs(change) + shift * blur).mean(axis=0)
    least = (np.maximum(0.0, np.abs(change) - blur) ** 2).mean(axis=0) / 2
    most = ((np.abs(change) + blur) ** 2).mean(axis=0) / 2
    return _ratio(product - doubt, product + doubt, variances), _ratio(least, most, variances)


def _ratio(least: Floats, most: Floats, variances: tuple[float, float]) -> tuple[Floats, Floats]:
    """The ends of a quotient whose numerator and denominator lie between their ends."""
    small, large = variances
    if small == 0:
        return np.full_like(least, -np.inf), np.full_like(most, np.inf)
    return np.minimum(least / small, least / large), np.maximum(most / small, most / large)
