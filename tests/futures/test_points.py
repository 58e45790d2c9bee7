"""Points and the values drawn from them."""

from __future__ import annotations

import numpy as np
import pytest

from orefolio.futures.points import METHODS, Method, points, triangular


@pytest.mark.parametrize("method", METHODS)
def test_the_same_seed_gives_the_same_points_and_another_seed_others(method: Method) -> None:
    one, again, other = (points(method, 50, 7, seed) for seed in (3, 3, 4))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
    assert one.shape == (50, 7)
    assert ((one > 0) & (one < 1)).all()


def test_quasi_random_points_lower_the_variance_of_a_known_mean() -> None:
    # The mean of the sum of six squares of uniform numbers is 6/3 = 2.
    def error(method: Method) -> float:
        means = [float((points(method, 128, 6, seed) ** 2).sum(axis=1).mean()) for seed in range(20)]
        return float(np.mean((np.array(means) - 2.0) ** 2))

    assert error("quasi") < error("random") / 10


def test_a_triangular_share_is_the_area_below_its_value() -> None:
    # From 2 over 4 to 10 the density rises to 0.25: a quarter lies below 4, and above 7 lies 3 x 3 / (8 x 6) = 0.1875.
    assert triangular(2, 4, 10, 0.25) == pytest.approx(4)
    assert triangular(2, 4, 10, 1 - 0.1875) == pytest.approx(7)
    assert triangular(2, 4, 10, 0.0625) == pytest.approx(3)
    assert triangular(5, 5, 5, 0.7) == 5
    assert triangular(2, 2, 4, 0.75) == pytest.approx(3)
