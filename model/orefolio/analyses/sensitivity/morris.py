"""Morris's elementary effects: what a lever does to a figure over its whole range, from many places of the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orefolio.errors import MissingExtraError

Floats = NDArray[np.float64]

INSTALL = "pip install 'orefolio[sensitivity]'"


@dataclass(frozen=True)
class Effects:
    """Elementary effects, (trajectories, levers) each, in the figure's unit over a lever's range; NaN where unknown.

    value: of the plans; least, most: the ends of what it may be within the gaps of the two plans.
    """

    value: Floats
    least: Floats
    most: Floats


@dataclass(frozen=True)
class Screened:
    """Measures of each lever, (levers,) each; NaN without an effect.

    low, high: of the bootstrap's mu_star; gap_low, gap_high: ends of mu_star within the gaps; proved: share of the
    effects whose two plans have intervals of cost that do not overlap; count: effects.
    """

    mu: Floats
    mu_star: Floats
    low: Floats
    high: Floats
    gap_low: Floats
    gap_high: Floats
    sigma: Floats
    proved: Floats
    count: NDArray[np.intp]


def sample(levers: int, trajectories: int, levels: int, seed: int) -> Floats:
    """Trajectories in the unit cube, one after the other, (trajectories * (levers + 1), levers).

    Raises MissingExtraError.
    """
    try:
        from SALib.sample import morris
    except ImportError as error:
        raise MissingExtraError(f"Trajectories of Morris need SALib. Install with: {INSTALL}") from error
    problem = {"num_vars": levers, "names": [str(number) for number in range(levers)], "bounds": [[0.0, 1.0]] * levers}
    places: Floats = np.asarray(morris.sample(problem, trajectories, num_levels=levels, seed=seed), dtype=np.float64)
    return places


def effects(positions: Floats, low: Floats, high: Floats) -> Effects:
    """Elementary effects of trajectories that turn each lever once.

    positions: (trajectories * (levers + 1), levers), shares of each range; low, high: (trajectories * (levers + 1),)
    ends of the figure, NaN where unknown. `high` is the plan's.
    """
    levers = positions.shape[1]
    steps = np.diff(positions.reshape(-1, levers + 1, levers), axis=1)
    turned = np.abs(steps).argmax(axis=2)
    step = np.take_along_axis(steps, turned[:, :, None], axis=2)[:, :, 0]
    below, above = low.reshape(-1, levers + 1), high.reshape(-1, levers + 1)
    value = np.diff(above, axis=1) / step
    ends = np.stack([(below[:, 1:] - above[:, :-1]) / step, (above[:, 1:] - below[:, :-1]) / step])
    return Effects(*(_by_lever(part, turned) for part in (value, ends.min(axis=0), ends.max(axis=0))))


def _by_lever(of_step: Floats, turned: NDArray[np.intp]) -> Floats:
    """What stands in the order of the steps, in the order of the levers."""
    result = np.full_like(of_step, np.nan)
    np.put_along_axis(result, turned, of_step, axis=1)
    return result


def screened(found: Effects, resamples: int, seed: int, confidence: float) -> Screened:
    """The measures of each lever; effects that are not known are left out."""
    rng = np.random.default_rng(seed)
    rows = []
    for lever in range(found.value.shape[1]):
        known = ~np.isnan(found.value[:, lever])
        parts = (found.value[known, lever], found.least[known, lever], found.most[known, lever])
        rows.append(_measured(*parts, rng, resamples, confidence))
    mu, mu_star, low, high, gap_low, gap_high, sigma, proved = np.array(rows, dtype=np.float64).T
    count = np.count_nonzero(~np.isnan(found.value), axis=0)
    return Screened(mu, mu_star, low, high, gap_low, gap_high, sigma, proved, count)


def _measured(
    value: Floats, least: Floats, most: Floats, rng: np.random.Generator, resamples: int, confidence: float
) -> tuple[float, ...]:
    """mu, mu_star, its two ends by bootstrap and its two by the gaps, sigma, and the share proved, of one lever."""
    draws = rng.integers(0, max(len(value), 1), (resamples, len(value)))
    if not len(value):
        return (np.nan,) * 8
    size = np.abs(value)
    low, high = np.quantile(size[draws].mean(axis=1), [(1 - confidence) / 2, (1 + confidence) / 2])
    nearest_zero = np.maximum(0.0, np.maximum(least, -most))
    farthest = np.maximum(np.abs(least), np.abs(most))
    sigma = float(value.std(ddof=1)) if len(value) > 1 else np.nan
    ends = float(low), float(high), float(nearest_zero.mean()), float(farthest.mean())
    return float(value.mean()), float(size.mean()), *ends, sigma, float((nearest_zero > 0).mean())
