"""Columns, sums and relations: what families write is what stands in the row."""

from __future__ import annotations

import math

import pytest

from orefolio.case.scenarios import plant
from orefolio.families.algebra import Column, Linear, Relation, linear
from orefolio.families.ledger import Future
from pencil import case_of, must, spot

X, Y = Column("x", ("a", 0), 0, 0.0, 4.0, False), Column("y", ("a", 1), 1, 0.0, math.inf, False)


def read(relation: Relation) -> tuple[list[tuple[float, str]], str, float]:
    return [(c, v.name) for c, v in relation.terms], relation.sense, relation.right


@pytest.mark.parametrize(
    ("relation", "row"),
    [
        (linear([(2.0, X), (1.0, Y)]) <= 5.0, ([(2.0, "x"), (1.0, "y")], "<=", 5.0)),
        (linear([(2.0, X)]) >= 5.0, ([(2.0, "x")], ">=", 5.0)),
        (linear([(2.0, X)]) == 5.0, ([(2.0, "x")], "==", 5.0)),
        (X <= 3.0 * Y, ([(1.0, "x"), (-3.0, "y")], "<=", 0.0)),
        (X >= 3.0 * Y, ([(1.0, "x"), (-3.0, "y")], ">=", 0.0)),
        (linear([(1.0, X)]) == linear([(2.0, Y)]), ([(1.0, "x"), (-2.0, "y")], "==", 0.0)),
    ],
)
def test_a_relation_is_a_row(relation: Relation, row: tuple[list[tuple[float, str]], str, float]) -> None:
    assert read(relation) == row


def test_a_relation_is_not_asked_whether_it_holds() -> None:
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(X <= 2.0 * Y)


def test_a_column_says_what_it_is() -> None:
    assert repr(X) == "x[a,0]"
    assert Y.period == 1
    assert isinstance(2.0 * Y, Linear)


def test_nothing_is_stated_twice() -> None:
    (path,) = plant(case_of(spot("m", "metal", 1.0), must("d", "metal", 1.0))).paths
    future = Future(path)
    future.columns("x", {("a", 0): (0.0, None)})
    future.rows("R", {})
    with pytest.raises(RuntimeError, match="x is stated twice"):
        future.columns("x", {})
    with pytest.raises(RuntimeError, match="R is stated twice"):
        future.rows("R", {})
