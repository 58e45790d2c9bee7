"""Conflicts and cheapest relaxations of small programs; that each limit is needed is judged by another solver."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.optimize import Bounds, LinearConstraint, milp

from orefolio.program.program import Label, Program
from orefolio.solve import Conflict, Limit, Slack, cheapest_relaxation, find_conflict
from orefolio.solve.conflict import Kind

INFINITE = float("inf")


def program_of(
    matrix: Sequence[Sequence[float]],
    rows: Sequence[tuple[float, float]],
    columns: Sequence[tuple[float, float]],
    integer: Iterable[int] = (),
) -> Program:
    whole = np.zeros(len(columns), dtype=bool)
    whole[list(integer)] = True
    return Program(
        matrix=sp.csr_matrix(np.array(matrix, dtype=float)),
        row_lower=np.array([lower for lower, _ in rows], dtype=float),
        row_upper=np.array([upper for _, upper in rows], dtype=float),
        column_lower=np.array([lower for lower, _ in columns], dtype=float),
        column_upper=np.array([upper for _, upper in columns], dtype=float),
        integer=whole,
        cost=np.arange(1.0, len(columns) + 1),
        offset=3.0,
        rows=tuple(Label(f"R{n}", (str(n),), 0) for n in range(len(rows))),
        columns=tuple(Label(f"C{n}", (str(n),), 0) for n in range(len(columns))),
    )


def has_plan(program: Program, limits: Iterable[Limit], *, whole: bool) -> bool:
    """By scipy. whole: binaries stay yes or no and no amount is below nought, whatever the limits."""
    kept: dict[Kind, list[int]] = {"row": [], "lower": [], "upper": []}
    for limit in limits:
        kept[limit.kind].append(limit.place)
    lower, upper = (np.full(len(program.columns), side) for side in (-np.inf, np.inf))
    if whole:
        lower[program.column_lower == 0] = 0
        lower[program.integer], upper[program.integer] = 0, 1
    lower[kept["lower"]] = program.column_lower[kept["lower"]]
    upper[kept["upper"]] = program.column_upper[kept["upper"]]
    rows = kept["row"]
    matrix = program.matrix[rows] if rows else sp.csr_matrix((1, len(program.columns)))
    sides = (program.row_lower[rows], program.row_upper[rows]) if rows else (-np.inf, np.inf)
    found = milp(
        np.zeros(len(program.columns)),
        constraints=[LinearConstraint(matrix, *sides)],
        bounds=Bounds(lower, upper),
        integrality=program.integer.astype(int) if whole else None,
    )
    assert found.status in (0, 2)
    return bool(found.status == 0)


def needs_each(program: Program, conflict: Conflict | None) -> set[Limit]:
    """The limits of a conflict, that is one and needs each of them."""
    assert conflict is not None
    assert conflict.irreducible
    limits, whole = set(conflict.limits), conflict.by_integrality
    assert len(limits) == len(conflict.limits)
    assert not has_plan(program, limits, whole=whole)
    for limit in limits:
        assert has_plan(program, limits - {limit}, whole=whole), limit
    return limits


def test_two_bounds_and_a_row() -> None:
    # x + y = 7 with x at most 3, y at most 3; z and its row have nothing to do with it
    program = program_of(
        [[1, 1, 0], [0, 1, 1], [0, 0, 1]],
        [(7, 7), (-INFINITE, 50), (2, INFINITE)],
        [(0, 3), (0, 3), (0, 9)],
    )
    conflict = find_conflict(program)
    assert needs_each(program, conflict) == {Limit("row", 0), Limit("upper", 0), Limit("upper", 1)}
    assert conflict is not None
    assert not conflict.by_integrality


def test_a_lower_bound_takes_part() -> None:
    # x − y ≥ 1 with x ≤ 2, y ≥ 4
    program = program_of([[1, -1]], [(1, INFINITE)], [(0, 2), (4, 8)])
    assert needs_each(program, find_conflict(program)) == {Limit("row", 0), Limit("upper", 0), Limit("lower", 1)}


def test_redundant_copies_are_spared() -> None:
    program = program_of(
        [[1, 1], [1, 1], [1, 1], [2, 2]],
        [(6, INFINITE), (5, INFINITE), (-INFINITE, 4), (-INFINITE, 8)],
        [(0, 9), (0, 9)],
    )
    limits = needs_each(program, find_conflict(program))
    assert len(limits) == 2
    assert {limit.kind for limit in limits} == {"row"}


def test_limits_that_cross_are_the_conflict() -> None:
    crossed_row = program_of([[1]], [(3, 2)], [(0, 9)])
    crossed_column = program_of([[1]], [(0, 9)], [(5, 4)])
    assert needs_each(crossed_row, find_conflict(crossed_row)) == {Limit("row", 0)}
    found = find_conflict(crossed_column)
    assert found is not None
    assert set(found.limits) == {Limit("lower", 0), Limit("upper", 0)}


def test_a_program_with_a_plan_has_no_conflict() -> None:
    assert find_conflict(program_of([[1, 1]], [(1, 2)], [(0, 3), (0, 3)])) is None
    assert find_conflict(program_of([[1, 1]], [(1, 1)], [(0, 1), (0, 1)], integer=[0, 1])) is None


def test_only_integrality_is_to_blame() -> None:
    # exactly one of two sizes 4 and 9, at least 6 and at most 8: half of each would do. Row 3 never matters.
    program = program_of(
        [[1, 1, 0], [4, 9, 0], [4, 9, 0], [1, 0, 1]],
        [(1, 1), (6, INFINITE), (-INFINITE, 8), (-INFINITE, 5)],
        [(0, 1), (0, 1), (0, 3)],
        integer=[0, 1],
    )
    conflict = find_conflict(program)
    assert conflict is not None
    assert conflict.by_integrality
    # without the first row none or both are no way either: 0, 4, 9, 13 all lie outside 6 to 8
    assert needs_each(program, conflict) == {Limit("row", 1), Limit("row", 2)}


def test_a_bound_takes_part_in_a_conflict_by_integrality() -> None:
    # 3 a + 5 b + z = 4 with z at most 0.5; a half of each would do
    program = program_of([[3, 5, 1]], [(4, 4)], [(0, 1), (0, 1), (0, 0.5)], integer=[0, 1])
    conflict = find_conflict(program)
    assert conflict is not None
    assert conflict.by_integrality
    assert needs_each(program, conflict) == {Limit("row", 0), Limit("upper", 2)}


@pytest.mark.parametrize("seed", range(12))
def test_random_programs_have_minimal_conflicts(seed: int) -> None:
    random = np.random.default_rng(seed)
    width, height = 6, 9
    matrix = random.integers(-3, 4, (height, width)).astype(float)
    middle = random.integers(-4, 5, height).astype(float)
    rows = [(m, m + 1) if random.random() < 0.5 else (-INFINITE, m) for m in middle]
    columns = [(0.0, float(random.integers(1, 4))) for _ in range(width)]
    integer = range(3)
    program = program_of(matrix.tolist(), rows, [(0, 1)] * 3 + columns[3:], integer)
    everything = [
        *(Limit("row", n) for n in range(height)),
        *(Limit(kind, n) for n in range(width) for kind in ("lower", "upper")),
    ]
    conflict = find_conflict(program)
    if has_plan(program, everything, whole=True):
        assert conflict is None
        return
    needs_each(program, conflict)
    assert conflict is not None
    assert conflict.by_integrality == has_plan(program, everything, whole=False)


def test_without_time_nothing_is_said() -> None:
    program = program_of([[1, 1]], [(7, 7)], [(0, 3), (0, 3)])
    assert find_conflict(program, seconds=0.0) is None


def test_the_cheapest_relaxation_takes_the_light_limit() -> None:
    program = program_of([[1, 1]], [(7, 7)], [(0, 3), (0, 3)])
    row = Slack(Limit("row", 0), upward=False, weight=2.0, most=7.0)
    bounds = [Slack(Limit("upper", n), upward=True, weight=1.0 + n) for n in range(2)]
    found = cheapest_relaxation(program, [row, *bounds])
    assert found is not None
    assert found.least
    ((slack, amount),) = found.amounts
    assert slack.limit == Limit("upper", 0)
    assert amount == pytest.approx(1.0)
    assert found.weight == pytest.approx(1.0)


def test_a_relaxation_has_whole_binaries() -> None:
    # a costs 10 of a budget of 7: with 0.7 of it nothing would have to give
    program = program_of([[1], [10]], [(1, 1), (-INFINITE, 7)], [(0, 1)], integer=[0])
    found = cheapest_relaxation(program, [Slack(Limit("row", 1), upward=True, weight=1.0)])
    assert found is not None
    assert found.weight == pytest.approx(3.0)


def test_a_relaxation_goes_no_further_than_its_most() -> None:
    program = program_of([[1]], [(7, 7)], [(0, 3)])
    short = Slack(Limit("row", 0), upward=False, weight=1.0, most=3.0)
    assert cheapest_relaxation(program, [short]) is None
    assert cheapest_relaxation(program, []) is None
    enough = Slack(Limit("row", 0), upward=False, weight=1.0, most=4.0)
    found = cheapest_relaxation(program, [enough])
    assert found is not None
    assert found.weight == pytest.approx(4.0)


def test_a_program_with_a_plan_needs_no_amount() -> None:
    program = program_of([[1]], [(2, 2)], [(0, 3)])
    found = cheapest_relaxation(program, [Slack(Limit("row", 0), upward=False, weight=1.0)])
    assert found is not None
    assert found.amounts == ()
