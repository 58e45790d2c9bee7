"""What merging refuses as foreknowledge, and what it lets through."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

from orefolio.case.scenarios import plant
from orefolio.program.flatten import Flat, flatten, stated
from orefolio.program.merge import ForeknowledgeError, merge
from orefolio.solve import Options, solve
from program.shocks import three_futures
from program.tampered import costs_more, with_matrix, with_row_behind


def two_flats() -> tuple[Any, list[Flat]]:
    tree = plant(three_futures(), futures=["calm", "late"])
    return tree, [flatten(stated(path)) for path in tree.paths]


def shared_column(flat: Flat, name: str, period: int) -> int:
    return next(n for n, label in enumerate(flat.columns) if label.name == name and label.period == period)


def changed(values: Any, where: int, by: float) -> Any:
    result = values.copy()
    result[where] = by if not np.isfinite(result[where]) else result[where] + by
    return result


@pytest.mark.parametrize("field", ["column_lower", "column_upper"])
def test_merging_refuses_a_column_that_differs_in_a_shared_node(field: str) -> None:
    """Would fail if the later future's bound were quietly dropped: it would be known early."""
    tree, (one, other) = two_flats()
    column = shared_column(other, "buy", 1)
    other = replace(other, **{field: changed(getattr(other, field), column, 0.5)})
    with pytest.raises(ForeknowledgeError, match=r"buy\[market\]"):
        merge(tree, [one, other])


def test_merging_refuses_a_cost_of_the_day_that_differs_in_a_shared_node() -> None:
    tree, (one, other) = two_flats()
    other = costs_more(other, shared_column(other, "buy", 1), 0.5)
    with pytest.raises(ForeknowledgeError, match=r"cost posted in its period of buy\[market\]"):
        merge(tree, [one, other])


@pytest.mark.parametrize("field", ["row_lower", "row_upper"])
def test_merging_refuses_a_row_whose_sides_differ_in_a_shared_node(field: str) -> None:
    tree, (one, other) = two_flats()
    row = next(n for n, label in enumerate(other.rows) if label.name == "DEM" and label.period == 0)
    other = replace(other, **{field: changed(getattr(other, field), row, 0.5)})
    with pytest.raises(ForeknowledgeError, match=r"DEM\[d\]"):
        merge(tree, [one, other])


def test_merging_refuses_a_row_whose_coefficients_differ_in_a_shared_node() -> None:
    tree, (one, other) = two_flats()
    row = next(n for n, label in enumerate(other.rows) if label.name == "STK" and label.period == 1)
    matrix = other.matrix.copy()
    matrix.data[matrix.indptr[row]] += 0.01
    with pytest.raises(ForeknowledgeError, match=r"STK\[k,free\]"):
        merge(tree, [one, with_matrix(other, matrix)])


def test_merging_refuses_a_column_that_some_futures_of_a_node_lack() -> None:
    tree, (one, other) = two_flats()
    column = shared_column(other, "buy", 1)
    columns = list(other.columns)
    columns[column] = columns[column]._replace(index=("elsewhere",))
    with pytest.raises(ForeknowledgeError, match="stands in 1 of 2 futures"):
        merge(tree, [one, replace(other, columns=tuple(columns))])


def test_merging_refuses_a_row_that_holds_a_later_column() -> None:
    """A row of 2027 with a column of 2028 would let 2027 know what comes. Would fail if rows were only matched by
    label."""
    tree, (one, other) = two_flats()
    row = next(n for n, label in enumerate(one.rows) if label.name == "STK" and label.period == 1)
    flats = []
    for flat in (one, other):
        rows = list(flat.rows)
        rows[row] = rows[row]._replace(period=0)
        flats.append(replace(flat, rows=tuple(rows)))
    with pytest.raises(ForeknowledgeError, match="later period 1"):
        merge(tree, flats)


def test_cost_that_falls_later_may_differ_and_is_weighted() -> None:
    """A tonne bought in 2028, which both futures share, costs 3 more later in one of them, whose weight is 2/7. Would
    fail if it were refused, or charged in full."""
    tree, (one, other) = two_flats()
    column = shared_column(other, "buy", 1)
    later = next(n for n, (_, period) in enumerate(other.total_names) if period == 2)
    totals = other.totals.tolil()
    totals[later, column] += 3.0
    before, after = merge(tree, [one, other]), merge(tree, [one, replace(other, totals=totals.tocsr())])
    difference = after.program.cost - before.program.cost
    assert difference[after.column_of[1][column]] == pytest.approx(3.0 * 0.2 / 0.7)
    assert np.count_nonzero(np.abs(difference) > 1e-12) == 1


def test_a_row_of_one_future_alone_binds_the_columns_it_shares() -> None:
    """A limit that one future states on columns of a shared node holds for both: it is on the same decision. Would
    fail if a row that a sister lacks were dropped."""
    tree, (one, other) = two_flats()
    column = shared_column(other, "buy", 0)
    before = merge(tree, [one, other])
    assert solve(before.program, Options(abs_gap=0.0)).values[before.column_of[0][column]] > 4
    extra = sp.csr_matrix(([1.0], ([0], [column])), shape=(1, len(other.columns)))
    other = with_row_behind(other, extra, 4.0, "limit")
    merged = merge(tree, [one, other])
    values = solve(merged.program, Options(abs_gap=0.0)).values
    assert values[merged.column_of[0][column]] <= 4 + 1e-9
    assert sum(label.name == "limit" for label in merged.program.rows) == 1


def test_a_commitment_costs_the_same_in_futures_that_share_its_node() -> None:
    """The capital of a start in 2028 differs between two futures that are one node in 2028: refused."""
    tree, (one, other) = two_flats()
    column = next(n for n, label in enumerate(other.columns) if label.name == "start" and label.period == 1)
    other = costs_more(other, column, 0.5)
    with pytest.raises(ForeknowledgeError, match=r"start\[plant\]"):
        merge(tree, [one, other])
