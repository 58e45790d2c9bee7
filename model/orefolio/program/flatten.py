"""One stated future as arrays, with the labels of its rows and columns; nothing asks Pyomo for a value after this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo
import scipy.sparse as sp
from pyomo.common.errors import InfeasibleConstraintException
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from ..case.scenarios import Path
from ..errors import InfeasibleError
from ..families import FAMILIES
from ..families.ledger import Future
from .program import Booleans, Floats, Integers, Label

ACCOUNTS = ("npv", "outlay")
"""Accounts of the ledger that are carried beyond one future, beside the costs."""
SUPPLY = ("bought", "output")
"""Those that a limit of a regime needs too."""


@dataclass(frozen=True)
class Account:
    """An account of the ledger as a matrix. keys: of its rows; its columns are those of the future."""

    keys: tuple[tuple[Any, ...], ...]
    matrix: sp.csr_matrix


@dataclass(frozen=True)
class Flat:
    """One future's own program, before the futures are merged.

    matrix: (rows, columns). `commitment` marks columns that rest on what the parent node knew. `totals` has a row for
    each cost name and period in which it is paid, in discounted million USD per unit of the columns; `constants` what
    no decision changes. `posted_now` is what a column costs in its own period. `accounts` holds those of ACCOUNTS.
    """

    path: Path
    matrix: sp.csr_matrix
    row_lower: Floats
    row_upper: Floats
    column_lower: Floats
    column_upper: Floats
    binary: Booleans
    commitment: Booleans
    rows: tuple[Label, ...]
    columns: tuple[Label, ...]
    total_names: tuple[tuple[str, int], ...]
    totals: sp.csr_matrix
    constants: Floats
    posted_now: Floats
    accounts: Mapping[str, Account]

    @property
    def cost(self) -> Floats:
        """Discounted cost of each column on this path, million USD per unit."""
        return np.asarray(self.totals.sum(axis=0), dtype=np.float64).ravel()

    @property
    def offset(self) -> float:
        """Discounted cost that no decision changes, million USD."""
        return float(self.constants.sum())


def stated(path: Path) -> Future:
    """One future with every family stated on it."""
    future = Future(path)
    for state in FAMILIES.values():
        state(future)
    return future


def flatten(future: Future) -> Flat:
    """Compile a stated future to arrays. Raises InfeasibleError where a row without any column cannot hold."""
    try:
        compiled = LinearStandardFormCompiler().write(_with_objective(future), mixed_form=True, set_sense=None)
    except InfeasibleConstraintException as error:
        row = str(error).rpartition("constraint, ")[2].strip("'")
        raise InfeasibleError(f"{row} in {future.path.future} asks for what nothing in the case can give") from error
    variables = list(compiled.columns)
    columns = tuple(_label(variable) for variable in variables)
    position = {id(variable): number for number, variable in enumerate(variables)}
    lower, upper = _row_bounds(compiled.rows, np.asarray(compiled.rhs, dtype=float))
    names, totals, constants = _totals(future, position)
    matrix = sp.csr_matrix(compiled.A)
    return Flat(
        path=future.path,
        matrix=matrix,
        row_lower=lower,
        row_upper=upper,
        column_lower=np.array([-np.inf if v.lb is None else v.lb for v in variables], dtype=float),
        column_upper=np.array([np.inf if v.ub is None else v.ub for v in variables], dtype=float),
        binary=np.array([v.is_binary() for v in variables], dtype=bool),
        commitment=np.array([label.name in future.commitments for label in columns], dtype=bool),
        rows=tuple(_label(row.constraint) for row in compiled.rows),
        columns=columns,
        total_names=names,
        totals=totals,
        constants=constants,
        posted_now=_posted_now(names, totals, columns),
        accounts={name: _account(future, name, position) for name in _carried(future)},
    )


def _carried(future: Future) -> tuple[str, ...]:
    return ACCOUNTS + SUPPLY if future.case.rows("regimes") else ACCOUNTS


def _with_objective(future: Future) -> pyo.ConcreteModel:
    """The model with an objective that names every column, so that none is left out when it is compiled."""
    model = future.model
    every = [variable for block in model.component_objects(pyo.Var) for variable in block.values()]
    model.every_column = pyo.Objective(expr=pyo.quicksum(every))
    return model


def _label(data: Any) -> Label:
    *index, period = data.index()
    return Label(data.parent_component().local_name, tuple(str(word) for word in index), int(period))


def _row_bounds(rows: Any, right: Floats) -> tuple[Floats, Floats]:
    """Lower and upper sides from the compiler's kinds of row: 1 at most, −1 at least, 0 equal."""
    kind: Integers = np.array([row.bound_type for row in rows], dtype=np.int64)
    lower = np.where(kind == 1, -np.inf, right)
    upper = np.where(kind == -1, np.inf, right)
    return lower, upper


def _totals(future: Future, position: dict[int, int]) -> tuple[tuple[tuple[str, int], ...], sp.csr_matrix, Floats]:
    posted = future.ledger.accounts.get("cost", {})
    names = tuple(sorted({*posted, *future.ledger.constants}))
    place = {name: number for number, name in enumerate(names)}
    entries = [(c, place[name], position[id(v)]) for name, terms in posted.items() for c, v in terms]
    values, rows, columns = zip(*entries, strict=True) if entries else ((), (), ())
    shape = (len(names), len(position))
    constants = np.array([future.ledger.constants.get(name, 0.0) for name in names])
    return names, sp.csr_matrix((values, (rows, columns)), shape=shape, dtype=float), constants


def _account(future: Future, name: str, position: dict[int, int]) -> Account:
    """An account with a row for each of its keys, in the order in which they were first posted."""
    posted = future.ledger.accounts.get(name, {})
    entries = [(c, row, position[id(v)]) for row, terms in enumerate(posted.values()) for c, v in terms]
    values, rows, columns = zip(*entries, strict=True) if entries else ((), (), ())
    shape = (len(posted), len(position))
    return Account(tuple(posted), sp.csr_matrix((values, (rows, columns)), shape=shape, dtype=float))


def _posted_now(names: tuple[tuple[str, int], ...], totals: sp.csr_matrix, columns: tuple[Label, ...]) -> Floats:
    """What each column costs in its own period."""
    paid = np.array([period for _, period in names], dtype=np.int64)
    own = np.array([label.period for label in columns], dtype=np.int64)
    entries = totals.tocoo()
    now = paid[entries.row] == own[entries.col]
    return np.bincount(entries.col[now], weights=entries.data[now], minlength=len(columns)).astype(float)
