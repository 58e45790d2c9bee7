"""PRIM: a box that is known is found again; peeling, pasting and what limits are worth, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from orefolio.analyses.sensitivity import prim
from orefolio.analyses.sensitivity.prim import HIGH, LOW, Box

INF = np.inf


def box(*limits: tuple[float, float]) -> Box:
    return Box(np.array(limits).T)


def best(values: prim.Floats, fails: prim.Flags) -> Box:
    return prim.best_box(values, fails, alpha=0.05, support=0.05, density=0.8, significance=0.05)[0]


def test_a_known_box_is_found_and_an_idle_lever_is_not_in_it() -> None:
    values = np.random.default_rng(1).random((1000, 3))
    fails = (values[:, 0] > 0.7) & (values[:, 1] < 0.4)
    found = best(values, fails)
    assert found.closed() == [(LOW, 0), (HIGH, 1)]
    assert found.limits[LOW, 0] == pytest.approx(0.7, abs=0.05)
    assert found.limits[HIGH, 1] == pytest.approx(0.4, abs=0.05)
    done = prim.measured(found, values, fails)
    assert done.density > 0.8
    assert done.coverage > 0.9


def test_a_known_box_is_found_through_noise() -> None:
    rng = np.random.default_rng(2)
    values = rng.random((2000, 4))
    inside = (values[:, 2] > 0.5) & (values[:, 3] > 0.6)
    found = best(values, np.where(inside, rng.random(2000) < 0.9, rng.random(2000) < 0.05))
    assert {(LOW, 2), (LOW, 3)} <= set(found.closed())
    assert [found.limits[LOW, lever] for lever in (2, 3)] == pytest.approx([0.5, 0.6], abs=0.08)


def test_a_switch_is_a_limit_between_its_positions() -> None:
    values = np.column_stack([np.arange(40) % 2, np.arange(40) // 2]).astype(float)
    found = best(values, values[:, 0] == 1)
    assert found.closed() == [(LOW, 0)]
    assert found.limits[LOW, 0] == 0.5


def test_peeling_ends_before_the_support_is_lost() -> None:
    values = np.arange(100.0)[:, None]
    fails = values[:, 0] >= 95
    path = prim.peeled(values, fails, 0.1, 0.2)
    inside = [prim.measured(one, values, fails).inside for one in path]
    # 100, less a tenth, rounded down, of what is left, as long as 20 stay.
    assert inside == [100, 90, 81, 73, 66, 60, 54, 49, 45, 41, 37, 34, 31, 28, 26, 24, 22, 20]
    assert all(len(one.closed()) == 1 for one in path[1:])


def test_peeling_goes_on_behind_a_single_failing_point() -> None:
    values = np.arange(20.0)[:, None]
    fails = (values[:, 0] >= 10) | np.isin(values[:, 0], [0, 1])
    path = prim.peeled(values, fails, 0.05, 0.1)
    assert path[-1].limits.tolist() == [[9.5], [INF]]


def test_pasting_gives_back_what_costs_no_density() -> None:
    values = np.arange(20.0)[:, None]
    fails = values[:, 0] >= 10
    assert prim.pasted(box((14.5, INF)), values, fails, 0.2).limits[LOW, 0] == 9.5
    assert prim.pasted(box((2.5, 17.5)), values, values[:, 0] < 99, 0.2).closed() == []
    # A box too wide already loses density with every slice of its low face, but not with one of its high face.
    assert prim.pasted(box((9.5, 14.5)), values, fails, 0.2).limits.tolist() == [[9.5], [INF]]


def test_a_limit_without_points_beyond_it_goes() -> None:
    values = np.array([[1.0, 5.0], [2.0, 6.0], [3.0, 5.0]])
    assert prim.pasted(box((1.5, INF), (0.0, INF)), values, values[:, 0] > 1, 0.1).closed() == [(LOW, 0)]


def test_a_limit_is_worth_what_a_binomial_says() -> None:
    values = np.arange(10.0)[:, None]
    # Inside 5 points that all fail; without the limit half of them fail: 1/2 five times over.
    found = prim.quasi_p(box((4.5, INF)), values, values[:, 0] > 4)
    assert found == {(LOW, 0): pytest.approx(1 / 32)}


def test_limits_that_do_not_matter_are_dropped() -> None:
    values = np.column_stack([np.arange(20.0), np.arange(20.0) % 4])
    fails = values[:, 0] >= 10
    pruned = prim.pruned(box((9.5, INF), (0.5, INF)), values, fails, 0.05)
    # The second lever says nothing of failing, and 10 of 10 where half fail is 1 in 1,024.
    assert pruned.closed() == [(LOW, 0)]


def test_where_no_box_is_dense_enough_the_densest_is_taken() -> None:
    values = np.arange(100.0)[:, None]
    fails = (values[:, 0] >= 50) & (values[:, 0] % 2 == 0)
    found, path = prim.best_box(values, fails, alpha=0.1, support=0.1, density=0.9, significance=0.05)
    assert max(prim.measured(one, values, fails).density for one in path) < 0.9
    # Every second point fails from 50 on: what more a box has by where its faces fall does not matter.
    assert found.closed() == [(LOW, 0)]
    assert prim.measured(found, values, fails).density == pytest.approx(0.5, abs=0.05)
