"""Elementary effects: on functions whose effects are known, with gaps, and with plans that are missing."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from orefolio.analyses.sensitivity import morris
from orefolio.errors import MissingExtraError

NAN = float("nan")
LINE = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]])  # one trajectory of two levers


def screened(effects: morris.Effects) -> morris.Screened:
    return morris.screened(effects, 200, 1, 0.95)


def test_a_linear_function_has_its_coefficients_over_the_range_and_no_sigma() -> None:
    places = morris.sample(3, 6, 4, 1)
    figure = 7 + places @ [3.0, -2.0, 0.0]
    found = screened(morris.effects(places, figure, figure))
    assert found.mu_star == pytest.approx([3, 2, 0])
    assert found.mu == pytest.approx([3, -2, 0])
    assert found.sigma == pytest.approx([0, 0, 0], abs=1e-12)
    assert list(found.proved) == [1, 1, 0]
    assert [list(end) for end in (found.low, found.high)] == [pytest.approx([3, 2, 0])] * 2


def test_a_product_shows_as_sigma() -> None:
    places = morris.sample(2, 40, 4, 1)
    figure = places[:, 0] * places[:, 1]
    found = screened(morris.effects(places, figure, figure))
    # The effect of either is what the other stands at: 0, 1/3, 2/3 or 1, each alike often, of mean 1/2 and sd 0.373.
    assert found.mu_star == pytest.approx([0.5, 0.5], abs=0.15)
    assert found.sigma == pytest.approx([np.sqrt(5 / 36)] * 2, abs=0.06)


def test_the_sample_turns_each_lever_once_in_a_trajectory_and_is_the_same_again() -> None:
    places = morris.sample(4, 5, 4, 3)
    steps = np.diff(places.reshape(5, 5, 4), axis=1)
    assert np.count_nonzero(steps, axis=2).tolist() == [[1] * 4] * 5
    assert np.count_nonzero(steps, axis=1).tolist() == [[1] * 4] * 5
    assert np.abs(steps[steps != 0]) == pytest.approx(2 / 3)
    assert (places == morris.sample(4, 5, 4, 3)).all()
    assert (places != morris.sample(4, 5, 4, 4)).any()


def test_an_effect_is_proved_where_the_two_intervals_do_not_overlap() -> None:
    effects = morris.effects(LINE, np.array([8.0, 12.0, 12.5]), np.array([10.0, 13.0, 15.0]))
    # The first: 13 - 10, at least 12 - 10 and at most 13 - 8. The second: 15 - 13, from 12.5 - 13 to 15 - 12.
    assert effects.value.tolist() == [[3, 2]]
    assert effects.least.tolist() == [[2, -0.5]]
    assert effects.most.tolist() == [[5, 3]]
    found = screened(effects)
    assert found.proved.tolist() == [1, 0]
    assert (found.gap_low.tolist(), found.gap_high.tolist()) == ([2, 0], [5, 3])
    assert np.isnan(found.sigma).all()


def test_an_effect_of_a_step_down_has_the_sign_of_a_step_up() -> None:
    effects = morris.effects(LINE[::-1], np.array([12.5, 12.0, 8.0]), np.array([15.0, 13.0, 10.0]))
    assert effects.value.tolist() == [[3, 2]]
    assert effects.least.tolist() == [[2, -0.5]]
    assert effects.most.tolist() == [[5, 3]]


def test_a_missing_plan_takes_its_two_effects_and_no_other() -> None:
    places = np.vstack([LINE, LINE[[0, 0, 0]] + [[0, 0], [0, 1], [1, 1]]])
    figure = np.array([1.0, 4.0, NAN, 1.0, 3.0, 7.0])
    found = screened(morris.effects(places, figure, figure))
    assert found.count.tolist() == [2, 1]
    assert found.mu_star == pytest.approx([3.5, 2])
    figure[3:] = NAN
    found = screened(morris.effects(places, figure, figure))
    assert found.count.tolist() == [1, 0]
    assert np.isnan([found.mu[1], found.mu_star[1], found.proved[1]]).all()


def test_without_salib_the_way_to_install_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "SALib.sample", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'orefolio\[sensitivity\]'"):
        morris.sample(2, 2, 4, 1)
