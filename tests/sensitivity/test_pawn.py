"""PAWN: distances worked out by hand, the order of known functions, and a dummy that moves nothing."""

from __future__ import annotations

import numpy as np
import pytest
from SALib.analyze import pawn as reference

from orefolio.analyses.sensitivity import pawn

Floats = pawn.Floats


def indices(values: Floats, low: Floats, high: Floats, slices: int = 10) -> pawn.Pawn:
    found = pawn.indices(values, low, high, slices, 50, 1, 0.95)
    assert found is not None
    return found


def test_a_figure_that_is_its_lever_moves_by_what_its_slices_leave_out() -> None:
    lever = np.arange(10.0)
    # The lower half has all its points up to 4, the whole only half of them; the upper half likewise.
    assert indices(lever[:, None], lever, lever, 2).median.tolist() == [0.5]
    # Slices of 2: the first two have all theirs where the whole has 0.2; the middle ones lack 0.4 on either side.
    found = indices(lever[:, None], lever, lever, 5)
    assert found.largest == pytest.approx([0.8])
    assert found.median == pytest.approx([0.6])  # of 0.8, 0.6, 0.4, 0.6, 0.8


def test_the_levers_of_a_sum_come_in_order_and_a_dummy_stays_under_its_noise() -> None:
    values = np.random.default_rng(3).random((1000, 3))
    figure = 5 * values[:, 0] + values[:, 1]
    found = indices(values, figure, figure)
    assert found.median[0] > found.median[1] > found.noise[1]
    assert found.median[2] < found.noise[2]


def test_the_distances_are_those_of_salib() -> None:
    values = np.random.default_rng(2).random((400, 3))
    figure = np.sin(6 * values[:, 0]) + values[:, 1] ** 2
    known = reference.analyze({"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}, values, figure, S=10)
    found = indices(values, figure, figure)
    assert found.median == pytest.approx(known["median"], abs=0.03)  # its slices end between other points
    assert found.largest == pytest.approx(known["maximum"], abs=0.03)


def test_a_switch_has_a_slice_for_each_position() -> None:
    values = np.array([0.0, 1.0, 0.0, 1.0, 1.0, 1.0])
    assert [part.tolist() for part in pawn.sliced(values, 5)] == [[0, 2], [1, 3, 4, 5]]
    assert [len(part) for part in pawn.sliced(np.arange(7.0), 3)] == [3, 2, 2]


def test_no_figure_within_the_gaps_leads_out_of_the_ends() -> None:
    rng = np.random.default_rng(1)
    values = rng.random((120, 2))
    low = values @ [3.0, 1.0]
    high = low + rng.uniform(0, 0.3, low.size)
    found = indices(values, low, high, 5)
    for _ in range(100):
        true = low + rng.random(low.size) * (high - low)
        other = indices(values, true, true, 5).median
        assert (found.gap_low <= other).all()
        assert (other <= found.gap_high).all()
    alike = indices(values, high, high, 5)
    assert alike.gap_low == pytest.approx(alike.median)
    assert alike.gap_high == pytest.approx(alike.median)


def test_missing_plans_are_left_out_and_too_few_are_no_sample() -> None:
    lever = np.arange(11.0)
    figure = np.where(lever == 10, np.nan, lever)
    assert indices(lever[:, None], figure, figure, 2).median.tolist() == [0.5]
    assert pawn.indices(lever[:, None], figure, figure, 11, 50, 1, 0.95) is None
