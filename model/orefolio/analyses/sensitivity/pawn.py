"""PAWN indices: how far a figure's distribution moves when a lever is held in a slice of its range.

The distance is Kolmogorov and Smirnov's, the largest between two cumulative shares. It needs no special sample, and
looks at the whole distribution where Sobol's look at its variance (Pianosi and Wagener 2015).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Slices = list[NDArray[np.intp]]


@dataclass(frozen=True)
class Pawn:
    """Of each lever, (levers,) each: median and largest distance over its slices.

    gap_low, gap_high: ends of the median with each figure anywhere between its ends. noise: what the median stays under
    with the given confidence for a dummy that moves nothing, sliced alike.
    """

    median: Floats
    largest: Floats
    gap_low: Floats
    gap_high: Floats
    noise: Floats


def indices(
    values: Floats, low: Floats, high: Floats, slices: int, dummies: int, seed: int, confidence: float
) -> Pawn | None:
    """Indices of levers (points, levers) from the ends of a figure, (points,) each, NaN where unknown.

    `high` is the plan's. None where fewer points than slices are left.
    """
    known = ~np.isnan(low) & ~np.isnan(high)
    values, low, high = values[known], low[known], high[known]
    if len(values) < slices:
        return None
    rng = np.random.default_rng(seed)
    orders = [rng.permutation(len(values)) for _ in range(dummies)]
    noises: dict[tuple[int, ...], float] = {}
    rows = []
    for lever in range(values.shape[1]):
        parts = sliced(values[:, lever], slices)
        sizes = tuple(map(len, parts))
        if sizes not in noises:
            cuts = np.cumsum(sizes)[:-1]
            drawn = [np.median(_distances(high, high, np.split(order, cuts))[0]) for order in orders]
            noises[sizes] = float(np.quantile(drawn, confidence))
        distance = _distances(high, high, parts)[0]
        least, most = _distances(low, high, parts)
        rows.append((np.median(distance), distance.max(), np.median(least), np.median(most), noises[sizes]))
    return Pawn(*np.array(rows, dtype=np.float64).reshape(-1, 5).T)


def sliced(values: Floats, slices: int) -> Slices:
    """Points of each slice, alike in number; one for each value where there are no more values than slices."""
    distinct, of = np.unique(values, return_inverse=True)
    if len(distinct) <= slices:
        return [np.flatnonzero(of == number) for number in range(len(distinct))]
    return list(np.array_split(np.argsort(values, kind="stable"), slices))


def _distances(low: Floats, high: Floats, parts: Slices) -> tuple[Floats, Floats]:
    """The least and the most that the distance of each part from the whole can be, (parts,) each."""
    at = np.unique(np.concatenate([low, high]))
    fewest, most = _cumulative(high, at), _cumulative(low, at)
    near, far = [], []
    for part in parts:
        least_of, most_of = _cumulative(high[part], at), _cumulative(low[part], at)
        near.append(max(0.0, float((least_of - most).max()), float((fewest - most_of).max())))
        far.append(max(float((most_of - fewest).max()), float((most - least_of).max())))
    return np.array(near), np.array(far)


def _cumulative(figure: Floats, at: Floats) -> Floats:
    """Share of the points whose figure is at most each of `at`."""
    share: Floats = np.searchsorted(np.sort(figure), at, side="right") / len(figure)
    return share
