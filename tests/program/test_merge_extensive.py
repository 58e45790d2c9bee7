"""The merged program against extensive forms written out by hand."""

from __future__ import annotations

import datetime
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest
import scipy.sparse as sp
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from orefolio.case.case import AfterShock
from orefolio.program.build import build
from orefolio.program.merge import Merged
from orefolio.program.program import Program
from pencil import (
    case_of,
    future,
    spot,
    stockpile,
    wanted,
)
from program.shocks import CUT, three_futures

Key = tuple[str, tuple[str, ...], int, frozenset[str]]
Row = tuple[frozenset[tuple[Key, float]], float, float]
Column = tuple[float, float, float, bool]


def columns_by_futures(merged: Merged) -> list[Key]:
    """Each merged column as (variable, index, period, futures that share it)."""
    users: list[set[str]] = [set() for _ in merged.program.columns]
    for flat, place in zip(merged.flats, merged.column_of, strict=True):
        for column in place:
            users[column].add(flat.path.future)
    return [
        (label.name, label.index, label.period, frozenset(names))
        for label, names in zip(merged.program.columns, users, strict=True)
    ]


def rounded(number: float) -> float:
    return float(f"{number:.9g}")


def rows_of(matrix: sp.csr_matrix, lower: Sequence[float], upper: Sequence[float], keys: Sequence[Key]) -> Counter[Row]:
    """Rows as sets of (column, coefficient) with their sides, signed so that the first coefficient is positive."""
    result: Counter[Row] = Counter()
    for number in range(matrix.shape[0]):
        row = matrix.getrow(number)
        low, high = lower[number], upper[number]
        terms = {keys[column]: value for column, value in zip(row.indices, row.data, strict=True) if value}
        first = min(terms, key=lambda key: (key[:3], sorted(key[3])))
        if terms[first] < 0:
            terms, low, high = {key: -value for key, value in terms.items()}, -high, -low
        body = frozenset((key, rounded(value)) for key, value in terms.items())
        result[body, rounded(low), rounded(high)] += 1
    return result


class Written:
    """An extensive form in plain Pyomo: one variable for each set of futures that cannot be told apart."""

    def __init__(self) -> None:
        self.model = pyo.ConcreteModel()
        self.model.rows = pyo.ConstraintList()
        self.variables: dict[Key, Any] = {}
        self.cost: dict[Key, float] = {}

    def variable(self, name: str, index: str, period: int, futures: str, cost: float = 0.0, **kind: Any) -> Any:
        key = (name, tuple(index.split()), period, frozenset(futures.split()))
        if key not in self.variables:
            self.variables[key] = pyo.Var(**{"bounds": (0, None), **kind})
            self.model.add_component(f"v{len(self.variables)}", self.variables[key])
        self.cost[key] = self.cost.get(key, 0.0) + cost
        return self.variables[key]

    def row(self, relation: Any) -> None:
        self.model.rows.add(relation)

    def compiled(self) -> tuple[Counter[Row], dict[Key, Column]]:
        self.model.objective = pyo.Objective(expr=sum(self.variables.values()))
        form = LinearStandardFormCompiler().write(self.model, mixed_form=True, set_sense=None)
        names = {id(variable): key for key, variable in self.variables.items()}
        keys = [names[id(variable)] for variable in form.columns]
        kinds = [row.bound_type for row in form.rows]
        lower = [-math.inf if kind == 1 else side for kind, side in zip(kinds, form.rhs, strict=True)]
        upper = [math.inf if kind == -1 else side for kind, side in zip(kinds, form.rhs, strict=True)]
        columns = {
            key: (v.lb, math.inf if v.ub is None else v.ub, rounded(self.cost[key]), v.is_binary())
            for key, v in self.variables.items()
        }
        return rows_of(sp.csr_matrix(form.A), lower, upper, keys), columns


def assert_same(program: Program, merged: Merged, written: Written) -> None:
    """The merged program is the written one: the same columns, bounds, costs and rows."""
    rows, columns = bounds_apart(*written.compiled())
    keys = columns_by_futures(merged)
    found = {
        key: (program.column_lower[n], program.column_upper[n], rounded(program.cost[n]), bool(program.integer[n]))
        for n, key in enumerate(keys)
    }
    stated_rows = rows_of(program.matrix, program.row_lower, program.row_upper, keys)
    stated_rows, found = bounds_apart(stated_rows, found)
    assert found.keys() == columns.keys()
    assert found == columns
    assert stated_rows == rows


def bounds_apart(rows: Counter[Row], columns: dict[Key, Column]) -> tuple[Counter[Row], dict[Key, Column]]:
    """Rows of one column are bounds of it: whether a limit is written as the one or the other is no difference."""
    kept, result = Counter(rows), dict(columns)
    for body, low, high in rows:
        if len(body) == 1:
            ((key, factor),) = body
            lower, upper, cost, binary = result[key]
            result[key] = (max(lower, low / factor), min(upper, high / factor), cost, binary)
            del kept[body, low, high]
    return kept, result


NODES = {
    0: ["calm early late"],
    1: ["early", "calm late"],
    2: ["calm", "early", "late"],
}
"""Futures that cannot be told apart, by year: one cut in 2028, one in 2029."""
WEIGHT = {"calm": 0.5, "early": 0.3, "late": 0.2}
OPEN = {("early", 1): False, ("early", 2): False, ("late", 2): False}


def written_out() -> Written:
    """The same by hand. Million USD: 1 USD/kg is 0.001 a tonne; means of 1.07 ** -t over each year."""
    form = Written()
    everyone = NODES[0][0]
    mean = [(1.07**-t - 1.07 ** -(t + 1)) / math.log(1.07) for t in range(3)]
    # Both decision dates rest on what was known before them: the root, and the first year's one node.
    start = [form.variable("start", "plant", t, everyone, 0.04 * mean[t], domain=pyo.Binary) for t in (0, 1)]
    size = [form.variable("size", "plant", t, everyone, 0.0009 * mean[t], bounds=(0, 11)) for t in (0, 1)]
    for t, nodes in NODES.items():
        for node in nodes:
            weight = sum(WEIGHT[name] for name in node.split())
            paid = 0.001 * weight * mean[t]

            def column(name: str, index: str, usd_per_kg: float = 0.0, **kind: Any) -> Any:
                return form.variable(name, index, t, node, usd_per_kg * paid, **kind)  # noqa: B023

            if t < 2:
                form.row(size[t] <= 11 * start[t])
            if t == 1:
                form.row(start[0] + start[1] <= 1)
            stock, put, take = column("stock", "k free"), column("put", "k free", 0.25), column("take", "k free", 0.25)
            if t == 0:
                form.row(stock == 0.9 * 2 + put - take)
            else:
                before = next(group for group in NODES[t - 1] if set(node.split()) <= set(group.split()))
                form.row(stock == 0.9 * form.variable("stock", "k free", t - 1, before) + put - take)
            form.row(stock <= 13)
            supply = take - put
            if OPEN.get((node, t), True):
                supply += column("buy", "market", 7, bounds=(0, 30))
            if t > 0:
                made = column("activity", "line free", 3)
                form.row(made <= sum(size[:t]))
                supply += made
            served = column("deliver", "d free")
            missing = [column("short", f"d {n}", loss, bounds=(0, 5)) for n, loss in ((1, 17), (2, 59))]
            form.row(served + sum(missing) == 10)
            form.row(supply == served)
    return form


def test_three_futures_with_two_dates_are_the_extensive_form() -> None:
    """Would fail if a decision of 2028 were made apart in the branch that begins there, if a branch had a column of
    its own before it parts, or if a weight were forgotten."""
    merged = build(three_futures())
    assert_same(merged.program, merged, written_out())


def test_the_extensive_form_sees_a_difference() -> None:
    """The comparison itself: one coefficient, one side, one cost, one bound changed is seen."""
    merged = build(three_futures())
    program = merged.program
    matrix = program.matrix.copy()
    matrix.data[len(matrix.data) // 2] *= 1.001
    changes: list[dict[str, Any]] = [
        {"matrix": matrix},
        {"row_upper": program.row_upper + (np.arange(len(program.row_upper)) == 3)},
        {"cost": program.cost * (1 + 1e-6)},
        {"column_upper": program.column_upper + (np.arange(len(program.column_upper)) == 0)},
    ]
    for change in changes:
        with pytest.raises(AssertionError):
            assert_same(replace(program, **change), merged, written_out())


def test_half_years_until_the_shock_and_blocks_after_it() -> None:
    """Two futures share two half-years of 2027; the one with the cut tells the rest in one year and one block of two.
    Would fail if stock passed by period number instead of by time, or a block's length were not its own."""
    case = case_of(
        spot("market", "metal", 7),
        stockpile("k", "metal", 13, decay_share_per_year=0.19),
        wanted("d", "metal", 10, 59),
        CUT,
        future("calm", 0.75),
        future("cut", 0.25, {"cut": ("2027-07-01", 6)}, onset="2027-07-01"),
        grids={"only": ((datetime.date(2028, 1, 1), 6), (datetime.date(2031, 1, 1), 12))},
        after_shock=AfterShock(fine_months=0, single_years=1, block_years=2),
        years=4,
    )
    form = Written()
    both, calm, cut = "calm cut", "calm", "cut"
    halves = [(0, 0.5, both), (1, 0.5, calm), (1, 0.5, cut)]
    years = [(2, 1, calm), (3, 1, calm), (4, 1, calm), (2, 1, cut), (3, 2, cut)]
    for t, length, node in halves + years:
        weight = 0.001 * {both: 1.0, calm: 0.75, cut: 0.25}[node]
        stock, put = form.variable("stock", "k free", t, node), form.variable("put", "k free", t, node)
        take = form.variable("take", "k free", t, node)
        before = form.variable("stock", "k free", t - 1, both if t == 1 else node) if t else 0
        form.row(stock == 0.81**length * before + put - take)
        form.row(stock <= 13)
        bought = 0 if (t, node) == (1, cut) else form.variable("buy", "market", t, node, 7 * weight)
        served = form.variable("deliver", "d free", t, node)
        missing = form.variable("short", "d 1", t, node, 59 * weight, bounds=(0, 10 * length))
        form.row(served + missing == 10 * length)
        form.row(bought + take == put + served)
    merged = build(case)
    assert_same(merged.program, merged, form)
