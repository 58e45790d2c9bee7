"""Sobol indices: on functions whose indices are known, with gaps, and with plans that are missing."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from SALib.analyze import sobol as reference

from orefolio.analyses.sensitivity import sobol
from orefolio.errors import MissingExtraError

Floats = sobol.Floats


def ishigami(unit: Floats) -> Floats:
    """Its indices with a = 7 and b = 0.1 are in every textbook."""
    first, second, third = (np.pi * (2 * unit - 1)).T
    figure: Floats = np.sin(first) * (1 + 0.1 * third**4) + 7 * np.sin(second) ** 2
    return figure


def indices(low: Floats, high: Floats, levers: int) -> sobol.Indices:
    found = sobol.indices(low, high, levers, 100, 1, 0.95)
    assert found is not None
    return found


def test_the_indices_of_ishigami_are_found() -> None:
    figure = ishigami(sobol.sample(3, 4096, 1))
    found = indices(figure, figure, 3)
    assert found.first.value == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert found.total.value == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)
    # By hand: a^2/8 + b pi^4/5 + b^2 pi^8/18 + 1/2.
    assert found.variance == pytest.approx(49 / 8 + np.pi**4 / 50 + np.pi**8 / 1800 + 0.5, rel=0.03)
    for index, known in ((found.first, [0.3139, 0.4424, 0.0]), (found.total, [0.5576, 0.4424, 0.2437])):
        assert (index.low < known).all()
        assert (known < index.high).all()


def test_the_indices_of_the_g_function_are_found() -> None:
    a = np.array([0.0, 1.0, 4.5, 9.0])
    unit = sobol.sample(4, 4096, 1)
    figure = ((np.abs(4 * unit - 2) + a) / (1 + a)).prod(axis=1)
    # By hand: each factor has mean 1 and variance 1 / (3 (1 + a)^2), and the factors are independent.
    alone = 1 / (3 * (1 + a) ** 2)
    variance = (1 + alone).prod() - 1
    total = alone * np.array([np.delete(1 + alone, number).prod() for number in range(4)]) / variance
    found = indices(figure, figure, 4)
    assert found.first.value == pytest.approx(alone / variance, abs=0.02)
    assert found.total.value == pytest.approx(total, abs=0.02)


def test_the_indices_are_those_of_salib() -> None:
    figure = ishigami(sobol.sample(3, 256, 1))
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    known = reference.analyze(problem, figure, calc_second_order=False, seed=1)
    found = indices(figure, figure, 3)
    assert found.total.value == pytest.approx(known["ST"])
    assert found.first.value == pytest.approx(known["S1"], abs=0.02)  # it takes another mean


def test_no_figure_within_the_gaps_leads_out_of_the_ends() -> None:
    rng = np.random.default_rng(1)
    low = ishigami(sobol.sample(3, 64, 1))
    high = low + rng.uniform(0, 0.6, low.size)
    found = indices(low, high, 3)
    for _ in range(200):
        share = rng.integers(0, 2, low.size) if rng.random() < 0.5 else rng.random(low.size)
        true = low + share * (high - low)
        other = indices(true, true, 3)
        for index, known in ((found.first, other.first.value), (found.total, other.total.value)):
            assert (index.gap_low <= known).all()
            assert (known <= index.gap_high).all()
    # With sampling as well the ends are further away.
    assert (found.total.least <= found.total.gap_low).all()
    assert (found.total.most >= found.total.gap_high).all()


def test_without_gaps_the_ends_are_the_index_itself() -> None:
    figure = ishigami(sobol.sample(3, 64, 1))
    found = indices(figure, figure, 3)
    for index in (found.first, found.total):
        assert index.gap_low == pytest.approx(index.value)
        assert index.gap_high == pytest.approx(index.value)


def test_gaps_wider_than_the_spread_leave_all_open() -> None:
    figure = ishigami(sobol.sample(3, 64, 1))
    found = indices(figure - 100, figure, 3)
    assert np.isinf(found.total.gap_high).all()
    assert np.isinf(found.first.gap_low).all()


def test_a_missing_plan_takes_its_group_and_no_other() -> None:
    figure = ishigami(sobol.sample(3, 64, 1))
    holed = figure.copy()
    holed[7] = np.nan  # of the second group of five
    found, without = indices(holed, holed, 3), np.delete(figure, np.arange(5, 10))
    assert found.groups == 63
    assert found.total.value == pytest.approx(indices(without, without, 3).total.value)


def test_a_figure_that_does_not_vary_has_no_indices() -> None:
    still = np.ones(40)
    assert sobol.indices(still, still, 3, 100, 1, 0.95) is None
    assert sobol.indices(still * np.nan, still * np.nan, 3, 100, 1, 0.95) is None


def test_the_first_half_of_a_sample_is_the_smaller_sample() -> None:
    assert (sobol.sample(3, 16, 5)[:40] == sobol.sample(3, 8, 5)).all()


def test_without_salib_the_way_to_install_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "SALib.sample", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'orefolio\[sensitivity\]'"):
        sobol.sample(2, 8, 1)
