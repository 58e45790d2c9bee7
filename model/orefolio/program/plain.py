"""The same program written out in Pyomo, every future and every node: to read, to hand on, and to be held against.

Nothing of the fast road is used but the families' own words: no array, no merging, no sharing of what futures have in
common. A column stands once for each node, since its name says so; of rows that several futures of a node state alike,
the first is kept. Rows of risk and of support are not in it.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pyomo.environ as pyo
from pyomo.core.expr.numeric_expr import LinearExpression

from ..case.scenarios import Tree
from ..families.algebra import Column, Key, Relation, Term
from ..families.ledger import Future
from .flatten import stated
from .program import Label


def plain_alone(tree: Tree, number: int) -> pyo.ConcreteModel:
    """One future of a tree as a Pyomo model with the weight 1. Its columns are named as in the model of the tree.

    Every column has a value within its bounds, since one that no row and no cost holds is given none by a solver.
    """
    path = replace(tree.paths[number], weight=1.0)
    certain = (1.0,) * len(tree.probability)
    model = plain(Tree(tree.case, (path,), (tree.node[number],), (tree.parent[number],), certain))
    for column in model.component_data_objects(pyo.Var):
        lower, upper = (-math.inf if column.lb is None else column.lb), (math.inf if column.ub is None else column.ub)
        column.set_value(min(max(0.0, lower), upper))
    return model


def filled_up(model: pyo.ConcreteModel, count: int) -> list[Any]:
    """So many columns more, fixed at 0, as `filling`."""
    model.filling = pyo.Var(range(count), bounds=(0, 0), initialize=0)
    model.filling.fix(0)
    return list(model.filling.values())


def column_of(model: pyo.ConcreteModel, label: Label) -> Any:
    """The column of a model that bears a label."""
    return getattr(model, label.name)[(*label.index, label.period, label.node)]


def values_of(model: pyo.ConcreteModel) -> dict[Label, float]:
    """What the columns of a model stand at."""
    every = model.component_objects(pyo.Var, descend_into=False)
    named = (column for component in every if component.local_name != "filling" for column in component.values())
    return {label_of(column): float(column.value) for column in named if column.value is not None}


def label_of(column: Any) -> Label:
    """The label of a Pyomo column, as the merged program has it."""
    *index, period, node = column.index()
    return Label(column.parent_component().local_name, tuple(map(str, index)), int(period), int(node))


def plain(tree: Tree) -> pyo.ConcreteModel:
    """The program of a tree as a Pyomo model. Indices end with period and node; `cost` is that of each future."""
    model = pyo.ConcreteModel()
    stand: dict[str, dict[Key, Column]] = {}
    futures = [stated(path) for path in tree.paths]
    for number, future in enumerate(futures):
        for name, columns in future.columns_of.items():
            here = stand.setdefault(name, {})
            for column in columns.values():
                here.setdefault(_key(tree, number, future, column), column)
    for name, columns in stand.items():
        _add_columns(model, name, columns)
    stated_rows: dict[str, set[Key]] = {}
    model.cost = pyo.Expression(range(len(futures)))
    for number, future in enumerate(futures):

        def variable(column: Column, number: int = number, future: Future = future) -> Any:
            return getattr(model, column.name)[_key(tree, number, future, column)]

        for name, rows in future.rows_of.items():
            known = stated_rows.setdefault(name, set())
            placed = {(*key, tree.node[number][key[-1]]): row for key, row in rows.items()}
            fresh = {key: row for key, row in placed.items() if key not in known}
            known.update(fresh)
            _add_rows(model, name, number, {key: _relation(row, variable) for key, row in fresh.items()})
        terms = [term for posted in future.ledger.accounts.get("cost", {}).values() for term in posted]
        model.cost[number] = _sum(terms, variable) + sum(future.ledger.constants.values())
    weighted = (future.path.weight * model.cost[number] for number, future in enumerate(futures))
    model.expected_cost = pyo.Objective(expr=pyo.quicksum(weighted))
    return model


def _key(tree: Tree, number: int, future: Future, column: Column) -> Key:
    """A column's index with its node: a commitment rests on what the parent node knew."""
    nodes = tree.parent if column.name in future.commitments else tree.node
    return (*map(str, column.key[:-1]), column.period, nodes[number][column.period])


def _add_columns(model: pyo.ConcreteModel, name: str, columns: dict[Key, Column]) -> None:
    binary = any(column.binary for column in columns.values())
    component = pyo.Var(list(columns), domain=pyo.Binary if binary else pyo.Reals)
    model.add_component(name, component)
    for key, column in columns.items():
        component[key].setlb(column.lower)
        component[key].setub(column.upper)


def _add_rows(model: pyo.ConcreteModel, name: str, number: int, rows: dict[Key, Any]) -> None:
    """Rows that a future brings. They stand under their family's name, with the number of the future."""
    model.add_component(f"{name} of future {number}", pyo.Constraint(list(rows), rule=lambda _, *key: rows[key]))


def _sum(terms: list[Term], variable: Any) -> Any:
    return LinearExpression(linear_coefs=[c for c, _ in terms], linear_vars=[variable(v) for _, v in terms])


def _relation(row: Relation, variable: Any) -> Any:
    if not row.terms:
        holds = {"<=": row.right >= 0, ">=": row.right <= 0, "==": row.right == 0}[row.sense]
        return pyo.Constraint.Feasible if holds else pyo.Constraint.Infeasible
    body = _sum(row.terms, variable)
    if row.sense == "==":
        return body == row.right
    return body <= row.right if row.sense == "<=" else body >= row.right
