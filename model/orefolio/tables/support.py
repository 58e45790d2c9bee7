"""What the objective rests on: every part of cost by the input that prices it, a fact or an assumption of ours.

A part of cost is shared over the terms of its price (elements, items, kinds of residue) by their size. A term is a
product of cells and rests on the weakest of them: one with no basis before an assumption, an assumption before a fact,
and the widest range first. Cells at the default of their column are no inputs, and an assumption without a range (1 by
definition) counts only where nothing else is left. A price that an event moves rests on the event's cells as well.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from orefolio.case.basis import BasisIndex
from orefolio.case.case import Case
from orefolio.case.columns import declared
from orefolio.case.schema import TABLES as CASE_TABLES
from orefolio.program.program import Label

from .outcome.priced_by import PRICED, Input, Pricing, Terms, opening
from .outcome.sheet import Sheet

if TYPE_CHECKING:
    from .outcome import Lived, Outcome

COLUMNS = (
    "basis", "name", "table", "row", "column", "cost_musd", "share", "low_multiple", "high_multiple", "facts",
    "derivation",
)  # fmt: skip
FACTS, ASSUMPTION, NOTHING = "facts", "assumption", "nothing"
Priced = tuple[object, ...]
BY_FIRST_WORD = frozenset(
    {
        "purchases", "take-or-pay", "processing", "transport", "tariffs", "collection", "residues", "stock handling",
        "stockholding", "closing stock", "cover penalty",
    }
)  # fmt: skip
"""Names of cost whose price is that of the thing which the first word of a label names, whatever its class."""


def table(outcome: Outcome) -> Sheet:
    """Expected discounted million USD, each part of cost without its sign, the largest first; the shares sum to 1.

    A row for each name of cost and input that prices some of it; low_multiple and high_multiple are the range of that
    input over its value.
    """
    weakest = _Weakest(outcome.case)
    places: dict[tuple[str, Input], int] = {}
    sums: list[float] = []
    for lived in outcome.futures:
        weight = lived.weight
        resting: dict[Priced, list[tuple[int, float]]] = {}
        for name, key, terms, musd in _parts(lived):
            if key not in resting:
                cells = [((name, cell), share) for cell, share in weakest.shares(terms())]
                resting[key] = [(places.setdefault(cell, len(places)), weight * share) for cell, share in cells]
                sums += [0.0] * (len(places) - len(sums))
            for place, share in resting[key]:
                sums[place] += share * musd
    paid = dict(zip(places, sums, strict=True))
    total = sum(paid.values())
    rows = []
    for (name, cell), musd in sorted(paid.items(), key=lambda item: (-item[1], item[0])):
        basis = weakest.index.find(*cell)
        said = (
            (basis.low_multiple, basis.high_multiple, basis.facts, basis.derivation) if basis else (None, None, "", "")
        )
        rows.append((weakest.kind(cell), name, *cell, musd, musd / total, *said))
    return Sheet.of(COLUMNS, rows)


def _parts(lived: Lived) -> Iterator[tuple[str, Priced, Callable[[], Terms], float]]:
    """For each column that costs some: name, what decides the price, its terms, and million USD without their sign."""
    pricing, names, labels = Pricing(lived.path), lived.flat.total_names, lived.flat.columns
    entries = sp.csr_matrix(lived.flat.totals @ sp.diags(lived.values)).tocoo()
    for row, column, musd in zip(entries.row.tolist(), entries.col.tolist(), entries.data.tolist(), strict=True):
        if musd:
            (name, number), label = names[row], labels[column]
            by = (label.index[0],) if name in BY_FIRST_WORD else (*label.index, label.period)
            yield name, (name, label.name, number, *by), partial(_terms, pricing, name, label, number), abs(musd)
    for place in np.flatnonzero(lived.flat.constants):
        name, number = names[place]
        yield name, (name, number), partial(opening, pricing, number), abs(float(lived.flat.constants[place]))


def _terms(pricing: Pricing, name: str, label: Label, number: int) -> Terms:
    return PRICED[name](pricing, label, number) if name in PRICED else []


class _Weakest:
    """The weakest of some cells, by what each rests on."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.index = BasisIndex(case)
        self._ranks: dict[Input, tuple[int, float]] = {}
        self._chosen: dict[tuple[Input, ...], Input] = {}

    def shares(self, terms: Terms) -> list[tuple[Input, float]]:
        """The cell that each term rests on, and the term's share of the price; an unknown price rests on nothing."""
        if not terms:
            return [(Input("", "", ""), 1.0)]
        if len(terms) == 1:
            return [(self._of(terms[0].inputs), 1.0)]
        sizes = [abs(term.size) for term in terms]
        total, even = sum(sizes), 1.0 / len(terms)
        shares = [size / total if total > 0 else even for size in sizes]
        return [(self._of(term.inputs), share) for term, share in zip(terms, shares, strict=True)]

    def kind(self, cell: Input) -> str:
        """What a cell rests on: facts, assumption or nothing."""
        basis = self.index.find(*cell)
        if basis is None:
            return NOTHING
        return FACTS if basis.facts else ASSUMPTION

    def _of(self, cells: tuple[Input, ...]) -> Input:
        if cells not in self._chosen:
            self._chosen[cells] = max(cells, key=self._rank)
        return self._chosen[cells]

    def _rank(self, cell: Input) -> tuple[int, float]:
        """How weak a cell is, and how wide its range: the high end over the low end."""
        if cell not in self._ranks:
            self._ranks[cell] = self._ranked(cell)
        return self._ranks[cell]

    def _ranked(self, cell: Input) -> tuple[int, float]:
        column = declared(CASE_TABLES[cell.table])[cell.column]
        if column.optional and getattr(self.case.row(cell.table, cell.row), cell.column) == column.default:
            return -1, 0.0
        basis = self.index.find(*cell)
        if basis is None:
            return 3, math.inf
        wide = basis.high_multiple / basis.low_multiple if basis.low_multiple > 0 else math.inf
        if basis.facts:
            return 1, wide
        return (2 if wide > 1.0 else 0), wide
