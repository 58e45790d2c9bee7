"""What a row by itself leaves binaries: checked by hand, and against every choice there is."""

import itertools

import numpy as np
import pytest
import scipy.sparse as sp

from orefolio.program.program import Floats, Label, Program
from orefolio.solve.propagation import Propagation

INF = np.inf


def rows_of(matrix: list[list[float]], lower: list[float], upper: list[float], most: list[float]) -> Program:
    """All columns from 0; those that may be at most 1 are binaries."""
    count = len(most)
    return Program(
        matrix=sp.csr_matrix(np.array(matrix, dtype=float)),
        row_lower=np.array(lower),
        row_upper=np.array(upper),
        column_lower=np.zeros(count),
        column_upper=np.array(most),
        integer=np.array(most) == 1,
        cost=np.zeros(count),
        offset=0.0,
        rows=tuple(Label("row", (), number) for number in range(len(matrix))),
        columns=tuple(Label("column", (), number) for number in range(count)),
    )


def raised(program: Program, wanted: list[int], free: int) -> tuple[list[float], list[float]]:
    rows = Propagation(program, np.arange(free))
    lower, upper = rows.raised(np.array(wanted, dtype=np.int64), np.zeros(free), np.ones(free))
    return lower.tolist(), upper.tolist()


def test_a_budget_takes_what_fits_the_first_first() -> None:
    """5 of 10 are spent on the first; 6 more do not fit, 4 do; the last, not asked for, has no room left either way."""
    program = rows_of([[5, 6, 4, 3]], [-INF], [10.0], [1, 1, 1, 1])
    assert raised(program, [0, 1, 2], 4) == ([1, 0, 1, 0], [1, 0, 1, 0])


def test_what_is_not_asked_for_stays_free_while_it_fits() -> None:
    assert raised(rows_of([[5, 6, 4, 1]], [-INF], [10.0], [1, 1, 1, 1]), [0, 2], 4) == ([1, 0, 1, 0], [1, 0, 1, 1])


def test_money_of_another_source_counts_as_far_as_it_reaches() -> None:
    """8 a + 8 b − c ≤ 10: with c up to 5 both do not fit, with c up to 6 they do, without a limit anything does."""
    for most, together in ((5.0, [1.0, 0.0]), (6.0, [1.0, 1.0]), (INF, [1.0, 1.0])):
        assert raised(rows_of([[8, 8, -1]], [-INF], [10.0], [1, 1, most]), [0, 1], 2)[0] == together


def test_what_a_choice_asks_of_others_comes_with_it_or_keeps_it_out() -> None:
    """The second level needs the first (b ≤ a), and 4 a + 7 b ≤ 10 pays for one of them: so b never comes in."""
    order = [[-1.0, 1.0], [4.0, 7.0]]
    assert raised(rows_of(order, [-INF] * 2, [0.0, 11.0], [1, 1]), [1], 2) == ([1, 1], [1, 1])
    assert raised(rows_of(order, [-INF] * 2, [0.0, 10.0], [1, 1]), [1], 2) == ([0, 0], [1, 0])


def test_a_lower_side_asks_for_others() -> None:
    """At least two of three, and a bars b: with a come c, and not b."""
    program = rows_of([[1, 1, 1], [1, 1, 0]], [2.0, -INF], [INF, 1.0], [1, 1, 1])
    assert raised(program, [0], 3) == ([1, 0, 1], [1, 0, 1])


@pytest.mark.parametrize("seed", range(20))
def test_no_choice_that_exists_is_lost_to_the_first_that_is_raised(seed: int) -> None:
    """Raised alone, a binary is kept where any whole plan has it, and all that comes with it is in every such plan."""
    draw = np.random.default_rng(seed)
    matrix, limit = draw.integers(-3, 6, (4, 6)).astype(float), draw.integers(0, 9, 4).astype(float)
    floor = np.where(draw.random(4) < 0.3, -2.0, -INF)
    program = rows_of(matrix.tolist(), floor.tolist(), limit.tolist(), [1] * 6)
    plans: Floats = np.array(list(itertools.product((0.0, 1.0), repeat=6)))
    plans = plans[((plans @ matrix.T <= limit) & (plans @ matrix.T >= floor)).all(axis=1)]
    rows = Propagation(program, np.arange(6))
    for place in range(6):
        having = plans[plans[:, place] == 1.0]
        lower, upper = rows.raised(np.array([place]), np.zeros(6), np.ones(6))
        if len(having):
            assert lower[place] == 1.0
            assert (having >= lower).all()
            assert (having <= upper).all()
