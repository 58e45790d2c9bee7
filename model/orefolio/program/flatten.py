"""One stated future as arrays, with the labels of its rows and columns."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from ..case.scenarios import Path
from ..case.several import PartedError
from ..case.together import LEAST, Together, alike
from ..errors import InfeasibleError
from ..families import FAMILIES
from ..families.algebra import Key
from ..families.ledger import Future
from .arrays import Numbers, Terms
from .program import Booleans, Floats, Integers, Label, Places

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
class Laid:
    """The rows of one future that limit something. number: of the future in what was stated; kept: of those rows."""

    terms: Terms
    number: int
    kept: Integers

    @property
    def matrix(self) -> sp.csr_matrix:
        """(rows, columns), made anew each time."""
        whole = self.terms.in_future(self.number)
        return whole if len(self.kept) == whole.shape[0] else whole[self.kept]

    @property
    def most_entries(self) -> int:
        """What the matrix has at most."""
        return self.terms.most_entries


@dataclass(frozen=True)
class Flat:
    """One future's own program, before the futures are merged.

    laid: the rows that `matrix` is made of when it is asked for. `commitment` marks columns that rest on what the
    parent node knew; `own_period` is the period of each column. `totals` has a row for each cost name and period in
    which it is paid, in discounted million USD per unit of the columns; `constants` what no decision changes.
    `accounts` holds those of ACCOUNTS.
    """

    path: Path
    laid: Laid
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
    own_period: Places
    accounts: Mapping[str, Account]

    @property
    def matrix(self) -> sp.csr_matrix:
        """(rows, columns); not kept, since all futures' together take as much memory as the merged one."""
        return self.laid.matrix

    @property
    def posted_now(self) -> Floats:
        """What each column costs in its own period, million USD per unit."""
        totals = self.totals
        paid = np.repeat(np.array([period for _, period in self.total_names], dtype=np.int32), np.diff(totals.indptr))
        now = paid == self.own_period[totals.indices]
        weights = np.where(now, totals.data, 0.0)
        return np.bincount(totals.indices, weights=weights, minlength=totals.shape[1]).astype(np.float64)

    @property
    def cost(self) -> Floats:
        """Discounted cost of each column on this path, million USD per unit."""
        totals = self.totals
        return np.bincount(totals.indices, weights=totals.data, minlength=totals.shape[1]).astype(np.float64)

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


def each_flat(paths: Iterable[Path], progress: Callable[[str], None] | None = None) -> list[Flat]:
    """Every future stated and laid out, in their order; many that differ in numbers alone are stated once."""
    wanted = tuple(paths)
    found: dict[str, Flat] = {}
    labels = _Labels()
    groups = alike(wanted)
    while groups:
        group = groups.pop()
        if progress:
            progress(f"stating {', '.join(path.future for path in group)}")
        if len(group) >= LEAST:
            try:
                flats = flatten_each(stated(Together(group)), labels)
            except PartedError as parted:
                groups += [tuple(itertools.compress(group, mask)) for mask in (parted.first, ~parted.first)]
                continue
        else:
            flats = [flat for path in group for flat in flatten_each(stated(path), labels)]
        found |= {flat.path.future: flat for flat in flats}
    return [found[path.future] for path in wanted]


def flatten(future: Future) -> Flat:
    """Lay a stated future out as arrays. Raises InfeasibleError where a row without any column cannot hold."""
    (flat,) = flatten_each(future)
    return flat


def flatten_each(future: Future, labels: _Labels | None = None) -> list[Flat]:
    """Lay futures that were stated together out as arrays, each by itself. Errors as those of `flatten`.

    labels: those that were made for other futures; what is named alike has the same label.
    """
    every, width = future.every_column, len(future.every_column)
    labels = _Labels() if labels is None else labels
    columns = tuple([labels[column.name, column.key] for column in every])
    binary = np.array([column.binary for column in every], dtype=bool)
    commitment = np.array([column.name in future.commitments for column in every], dtype=bool)
    lower, upper = Numbers.of(column.lower for column in every), Numbers.of(column.upper for column in every)
    rows = _Rows(future, labels)
    posted = future.ledger.accounts.get("cost", {})
    names = tuple(sorted({*posted, *future.ledger.constants}))
    totals = Terms([posted.get(name, []) for name in names], width)
    constants = Numbers.of(future.ledger.constants.get(name, 0.0) for name in names)
    accounts = {name: future.ledger.accounts.get(name, {}) for name in _carried(future)}
    terms = {name: (tuple(each), Terms(list(each.values()), width)) for name, each in accounts.items()}
    own_period = np.array([label.period for label in columns], dtype=np.int32)
    flats = []
    for number, path in enumerate(future.path.members):
        cost = totals.in_future(number)
        laid, row_lower, row_upper, row_labels = rows.in_future(number, path)
        flat = Flat(
            path=path,
            laid=laid,
            row_lower=row_lower,
            row_upper=row_upper,
            column_lower=lower.in_future(number),
            column_upper=upper.in_future(number),
            binary=binary,
            commitment=commitment,
            rows=row_labels,
            columns=columns,
            total_names=names,
            totals=cost,
            constants=constants.in_future(number),
            own_period=own_period,
            accounts={name: Account(keys, each.in_future(number)) for name, (keys, each) in terms.items()},
        )
        flats.append(flat)
    return flats


def _carried(future: Future) -> tuple[str, ...]:
    return ACCOUNTS + SUPPLY if future.case.rows("regimes") else ACCOUNTS


class _Labels(dict[tuple[str, Key], Label]):
    """The labels of columns and rows by name and key, each made once."""

    def __missing__(self, named: tuple[str, Key]) -> Label:
        name, (*index, period) = named
        label = self[named] = Label(name, tuple(map(str, index)), int(period))
        return label


class _Rows:
    """Every row that limits something."""

    def __init__(self, future: Future, label_of: _Labels) -> None:
        self.label_of = label_of
        self.names = [(name, key) for name, entries in future.rows_of.items() for key in entries]
        stated = [row for entries in future.rows_of.values() for row in entries.values()]
        self.terms = Terms([row.terms for row in stated], len(future.every_column))
        self.right = Numbers.of(row.right for row in stated)
        self.senses = np.array([row.sense for row in stated], dtype="U2")
        self.known: dict[bytes, tuple[Integers, tuple[Label, ...]]] = {}

    def in_future(self, number: int, path: Path) -> tuple[Laid, Floats, Floats, tuple[Label, ...]]:
        """The rows that limit something in one future, their lower and upper sides and their labels."""
        right = self.right.in_future(number)
        lower = np.where(self.senses == "<=", -np.inf, right)
        upper = np.where(self.senses == ">=", np.inf, right)
        empty = self.terms.entries_in_future(number) == 0
        for place in np.flatnonzero(empty & ((lower > 0) | (upper < 0))):
            name, key = self.names[place]
            row = f"{name}[{','.join(map(str, key))}]"
            raise InfeasibleError(f"{row} in {path.future} asks for what nothing in the case can give")
        limits = ~empty & (np.isfinite(lower) | np.isfinite(upper))
        if limits.tobytes() not in self.known:
            kept = np.flatnonzero(limits)
            self.known[limits.tobytes()] = kept, tuple([self.label_of[self.names[place]] for place in kept.tolist()])
        kept, labels = self.known[limits.tobytes()]
        return Laid(self.terms, number, kept), lower[kept], upper[kept], labels
