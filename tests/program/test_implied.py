"""Bounds that rows imply: those that follow by hand, and nothing that is feasible cut off."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import HealthCheck, given, settings

from orefolio.program.build import build
from orefolio.program.implied import LARGEST, SLACK, with_implied_bounds
from orefolio.program.program import Label, Program
from orefolio.solve import Options, relaxed, solve
from program.generated import Drawn, case_from, drawn

INF = np.inf


def program(rows: list[list[float]], lower: list[float], upper: list[float], most: list[float]) -> Program:
    """Columns from nought to `most`, and rows between two sides."""
    matrix = sp.csr_matrix(np.array(rows))
    width = matrix.shape[1]
    labels = tuple(Label("x", (str(n),), 0) for n in range(width))
    sides = np.array(lower), np.array(upper)
    bounds = np.zeros(width), np.array(most)
    whole = np.zeros(width, dtype=bool)
    return Program(matrix, *sides, *bounds, whole, np.ones(width), 0.0, labels[: matrix.shape[0]], labels)


def bounds(*given: object) -> list[float]:
    """What the rows imply: the bounds without what is added to them."""
    before = program(*given)  # type: ignore[arg-type]
    upper = with_implied_bounds(before).column_upper
    least = np.where(upper - SLACK >= 1.0, upper / (1 + SLACK), upper - SLACK)
    return np.where(upper < before.column_upper, least, upper).tolist()


def test_a_sum_bounds_each_of_its_terms() -> None:
    """2 x + y ≤ 10, x and y at least 0: x ≤ 5, y ≤ 10."""
    assert bounds([[2.0, 1.0]], [-INF], [10.0], [INF, INF]) == pytest.approx([5.0, 10.0])


def test_what_goes_out_is_bounded_by_what_comes_in() -> None:
    """x ≤ 7, y = 3 x: y ≤ 21; and backwards z = 2 x ≤ 8 gives x ≤ 4."""
    assert bounds([[3.0, -1.0]], [0.0], [0.0], [7.0, INF]) == pytest.approx([7.0, 21.0])
    assert bounds([[2.0, -1.0]], [0.0], [0.0], [INF, 8.0]) == pytest.approx([4.0, 8.0])


def test_a_lower_side_bounds_what_stands_against_it() -> None:
    """x − y ≥ −3 with x ≤ 2: y ≤ 5."""
    assert bounds([[1.0, -1.0]], [-3.0], [INF], [2.0, INF]) == pytest.approx([2.0, 5.0])


def test_a_chain_is_followed_from_row_to_row() -> None:
    """x ≤ 1, y ≤ 2 x, z ≤ 2 y: z ≤ 4."""
    assert bounds([[-2.0, 1.0, 0.0], [0.0, -2.0, 1.0]], [-INF] * 2, [0.0] * 2, [1.0, INF, INF]) == pytest.approx(
        [1.0, 2.0, 4.0]
    )


def test_what_nothing_bounds_stays_unbounded() -> None:
    """x − y ≤ 1 bounds x only where y has a bound."""
    assert bounds([[1.0, -1.0]], [-INF], [1.0], [INF, INF]) == [INF, INF]


def test_a_bound_that_is_too_large_to_tell_anything_is_left_out() -> None:
    assert bounds([[1.0]], [-INF], [2 * LARGEST], [INF]) == [INF]


def test_decisions_keep_their_bounds() -> None:
    """2 x ≤ 1 would make a share of x at most a half; whether it is 0 or 1 is for the search."""
    whole = replace(program([[2.0]], [-INF], [1.0], [1.0]), integer=np.array([True]))
    assert with_implied_bounds(whole).column_upper.tolist() == [1.0]


@given(drawn)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_optimum_is_cut_off(of: Drawn) -> None:
    """The relaxation and the program keep their optima."""
    loose = build(case_from(of)).program
    tight = with_implied_bounds(loose)
    assert (tight.column_upper <= loose.column_upper).all()
    assert relaxed(tight).objective == pytest.approx(relaxed(loose).objective, rel=1e-9, abs=1e-9)
    assert (relaxed(tight).reduced_costs[tight.column_upper < loose.column_upper] >= -1e-9).all()  # none is reached
    exact = Options(abs_gap=0.0)
    assert solve(tight, exact).objective == pytest.approx(solve(loose, exact).objective, rel=1e-9, abs=1e-9)
