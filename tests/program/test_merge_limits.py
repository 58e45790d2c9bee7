"""How much two futures of a node may differ, what a refusal names, and the form of the merged program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

from orefolio.case.read import load_case
from orefolio.case.scenarios import Tree, plant
from orefolio.program.build import build
from orefolio.program.flatten import Flat, flatten, stated
from orefolio.program.merge import SAME, ForeknowledgeError, Merged, merge
from pencil import case_of, event, future, must, spot
from program.tampered import with_row_behind

CUT = event("cut", "suppliers", "supplier=market", "availability_share", "set", 0)

Buy = tuple[str, int]
"""A contract and a period."""


def two_flats() -> tuple[Tree, list[Flat]]:
    """Two futures with three sellers, that share 2027 and part in 2028."""
    case = case_of(
        spot("market", "metal", 7, most=30),
        spot("other", "metal", 9, most=30),
        spot("third", "metal", 11, most=30),
        must("d", "metal", 10),
        CUT,
        future("calm", 0.75),
        future("cut", 0.25, {"cut": "2028-01-01"}, onset="2028-01-01"),
        years=2,
    )
    tree = plant(case)
    return tree, [flatten(stated(path)) for path in tree.paths]


def place_of(flat: Flat, buy: Buy) -> int:
    """The column of what is bought."""
    (place,) = (n for n, c in enumerate(flat.columns) if c.name == "buy" and (c.index[0], c.period) == buy)
    return place


def with_bound(flat: Flat, value: float, *buys: Buy) -> Flat:
    """Another upper bound on what is bought."""
    upper = flat.column_upper.copy()
    upper[[place_of(flat, buy) for buy in buys]] = value
    return replace(flat, column_upper=upper)


def with_row(flat: Flat, entries: dict[Buy, float], name: str = "limit") -> Flat:
    """One row of 2027 more, from coefficients of what is bought."""
    columns = [place_of(flat, buy) for buy in entries]
    row = sp.csr_matrix((list(entries.values()), ([0] * len(columns), columns)), shape=(1, len(flat.columns)))
    return with_row_behind(flat, row, 1000.0, name)


MARKET, OTHER, THIRD = ("market", 0), ("other", 0), ("third", 0)


def bounded(one: float, other: float) -> Callable[[], Merged]:
    """Merge two futures where what is bought in 2027 has these upper bounds."""
    tree, (first, second) = two_flats()
    return lambda: merge(tree, [with_bound(first, one, MARKET), with_bound(second, other, MARKET)])


def written(one: float, other: float, beside: float = 0.5) -> Callable[[], Merged]:
    """Merge two futures with a row of 2027 whose first coefficient is these; beside: its second coefficient. Another
    row of 2027 has coefficients of 1e6."""
    tree, flats = two_flats()
    rows = [
        with_row(with_row(flat, {MARKET: value, OTHER: beside}), {MARKET: 1e6, OTHER: 1e6, THIRD: 1e6}, "great")
        for flat, value in zip(flats, (one, other), strict=True)
    ]
    return lambda: merge(tree, rows)


@pytest.mark.parametrize("states", [bounded, written])
@pytest.mark.parametrize(
    ("one", "other"),
    [(SAME, 0.0), (1e6, 1e6 * (1 + 0.5 * SAME)), (0.5, 0.5 + 0.5 * SAME), (-3.0, -3.0 * (1 + 0.5 * SAME))],
)
def test_numbers_of_a_node_that_differ_by_rounding_are_the_same(
    states: Callable[..., Callable[[], Merged]], one: float, other: float
) -> None:
    """Up to one part in 1e9 of the greater of the number and 1, that part itself included."""
    assert states(one, other)().program.shape[0] > 0


@pytest.mark.parametrize("states", [bounded, written])
@pytest.mark.parametrize(("one", "other"), [(1.5 * SAME, 0.0), (1e6, 1e6 * (1 + 1.5 * SAME)), (0.5, 0.5 + 1.5 * SAME)])
def test_numbers_of_a_node_that_differ_by_more_than_rounding_are_refused(
    states: Callable[..., Callable[[], Merged]], one: float, other: float
) -> None:
    with pytest.raises(ForeknowledgeError, match="another future of the same node"):
        states(one, other)()


def test_the_coefficients_of_a_row_are_weighed_by_the_greatest_of_that_row() -> None:
    """Beside a coefficient of 1e6 a difference of 1e-4 is rounding; that another row has one excuses nothing."""
    assert written(2.0, 2.0 + 1e-4, beside=1e6)().program.shape[0] > 0
    with pytest.raises(ForeknowledgeError, match="row limit"):
        written(2.0, 2.0 + 1e-4, beside=3.0)()


def test_the_first_of_several_differences_is_named() -> None:
    tree, (one, other) = two_flats()
    with pytest.raises(ForeknowledgeError) as bound:
        merge(tree, [with_bound(one, 5.0, MARKET, OTHER, THIRD), with_bound(other, 6.0, MARKET, OTHER, THIRD)])
    contract, _ = min((MARKET, OTHER, THIRD), key=lambda buy: place_of(other, buy))
    told = f"upper bound of buy[{contract}]@1 is 6 in cut and 5 in another future of the same node"
    assert str(bound.value) == told
    two = [
        with_row(with_row(flat, {MARKET: value}), {OTHER: value}, "second")
        for flat, value in ((one, 1.0), (other, 2.0))
    ]
    with pytest.raises(ForeknowledgeError) as row:
        merge(tree, two)
    assert str(row.value) == "row limit[]@1 differs between cut and another future of the same node"


def test_the_first_row_that_holds_a_later_column_is_named_with_that_column() -> None:
    """Two rows of 2027 hold different columns of 2028."""
    tree, flats = two_flats()
    flats = [
        with_row(with_row(flat, {MARKET: 1.0, OTHER: 1.0, ("other", 1): 1.0}), {("third", 1): 1.0}, "second")
        for flat in flats
    ]
    with pytest.raises(ForeknowledgeError) as raised:
        merge(tree, flats)
    column = flats[0].columns[place_of(flats[0], ("other", 1))]
    assert str(raised.value) == f"row limit[]@0 of period 0 holds {column} of the later period 1"


def test_each_column_says_which_future_alone_it_belongs_to() -> None:
    """What 2027 decides belongs to both; what each branch does in 2028 belongs to it. The third future shows that a
    number is no flag."""
    case = case_of(
        spot("market", "metal", 7, most=30),
        must("d", "metal", 10),
        event("dear", "contract_items", "contract=market", "price_usd_per_kg", "multiply", 3),
        CUT,
        future("calm", 0.5),
        future("dear", 0.25, {"dear": "2028-01-01"}, onset="2028-01-01"),
        future("cut", 0.25, {"cut": "2029-01-01"}, onset="2029-01-01"),
        years=3,
    )
    merged = build(case)
    assert merged.program.branch is not None
    users: list[set[int]] = [set() for _ in merged.program.columns]
    for number, places in enumerate(merged.column_of):
        for place in places:
            users[place].add(number)
    assert {frozenset(names) for names in users} == {frozenset(s) for s in ({0, 1, 2}, {0, 2}, {0}, {1}, {2})}
    expected = [next(iter(names)) if len(names) == 1 else -1 for names in users]
    assert merged.program.branch.tolist() == expected


def test_the_columns_of_each_row_stand_in_their_order() -> None:
    """Also where a branch adds columns between those that it shares, as in a real case."""
    case = load_case(Path(__file__).parents[2] / "inputs" / "minerals-us")
    matrix = build(case, futures=[row.future for row in case.rows("futures")[:3]]).program.matrix
    starts = set(matrix.indptr.tolist())
    rises = np.diff(matrix.indices)
    assert all(rise > 0 for place, rise in enumerate(rises.tolist(), 1) if place not in starts)


def test_the_matrix_holds_no_zeros_and_its_rows_are_in_order() -> None:
    """Rows that futures share, and coefficients that cancel, leave nothing behind."""
    tree, flats = two_flats()
    matrix = merge(tree, [with_row(flat, {OTHER: 1.0, MARKET: 0.0}) for flat in flats]).program.matrix
    assert np.all(matrix.data != 0)
    assert all(np.all(np.diff(matrix.getrow(number).indices) > 0) for number in range(matrix.shape[0]))
