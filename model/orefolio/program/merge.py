"""Lay the futures over the scenario tree: futures in one node share its columns and its rows, kept once.

A column belongs to its label and the node its future is in at that period (for a commitment, the node one period
before). Merging refuses a row that holds a column of a later period than its own, and two futures in one node whose
columns, bounds, types, rows, or costs posted in that period differ: that would be knowing the future early. Cost that
falls later may differ, and is weighted; so may what a commitment costs in branches that part in its own period. That
is non-anticipativity, for any depth of tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from ..case.scenarios import Tree
from ..errors import OrefolioError
from .flatten import Flat
from .program import Floats, Integers, Label, Program

SAME = 1e-9
"""Relative difference up to which two numbers of futures in one node are the same."""


class ForeknowledgeError(OrefolioError):
    """Futures in one node differ in what holds there: a plan would know the future early."""


@dataclass(frozen=True)
class Merged:
    """The program over the tree. `column_of[f][j]` is the merged column of future f's own column j; rows alike.

    own_best: what each future costs by itself, (proved bound, plan) in million USD, where that was asked for.
    """

    program: Program
    tree: Tree
    flats: tuple[Flat, ...]
    column_of: tuple[Integers, ...]
    row_of: tuple[Integers, ...]
    own_best: tuple[tuple[float, float], ...] = ()

    def values_of(self, number: int, values: Floats) -> Floats:
        """The values of one future's own columns. values: (merged columns,)."""
        return values[self.column_of[number]]


def merge(tree: Tree, flats: Sequence[Flat]) -> Merged:
    """Merge the futures of a tree. Raises ForeknowledgeError where they differ in a node that they share."""
    for flat in flats:
        _refuse_later_columns(flat)
    columns, column_of = _number_columns(tree, flats)
    rows, row_of = _number_rows(tree, flats)
    bounds = _columns_once(tree, flats, columns, column_of)
    matrix, row_lower, row_upper = _rows_once(flats, rows, len(columns), column_of, row_of)
    cost = np.zeros(len(columns))
    offset = 0.0
    for flat, place in zip(flats, column_of, strict=True):
        cost += np.bincount(place, weights=flat.path.weight * flat.cost, minlength=len(columns))
        offset += flat.path.weight * flat.offset
    lower, upper, integer = bounds
    alone = _alone(tree)
    branch = np.array([alone[label.node] for label in columns], dtype=np.int64)
    labels = tuple(rows), tuple(columns)
    program = Program(matrix, row_lower, row_upper, lower, upper, integer, cost, offset, *labels, branch)
    return Merged(program, tree, tuple(flats), tuple(column_of), tuple(row_of))


def _refuse_later_columns(flat: Flat) -> None:
    entries = flat.matrix.tocoo()
    row = np.array([label.period for label in flat.rows], dtype=np.int64)
    column = np.array([label.period for label in flat.columns], dtype=np.int64)
    late = np.flatnonzero(column[entries.col] > row[entries.row])
    if late.size:
        one, other = flat.rows[entries.row[late[0]]], flat.columns[entries.col[late[0]]]
        raise ForeknowledgeError(f"row {one} of period {one.period} holds {other} of the later period {other.period}")


def _number(labels: Sequence[Label], nodes: Sequence[int], known: dict[Label, int], merged: list[Label]) -> Integers:
    place = np.empty(len(labels), dtype=np.int64)
    for position, (label, node) in enumerate(zip(labels, nodes, strict=True)):
        key = Label(label.name, label.index, label.period, node)
        number = known.get(key)
        if number is None:
            number = known[key] = len(merged)
            merged.append(key)
        place[position] = number
    return place


def _number_columns(tree: Tree, flats: Sequence[Flat]) -> tuple[list[Label], list[Integers]]:
    merged: list[Label] = []
    known: dict[Label, int] = {}
    places = []
    for flat, node, parent in zip(flats, tree.node, tree.parent, strict=True):
        nodes = [
            (parent if commitment else node)[label.period]
            for label, commitment in zip(flat.columns, flat.commitment, strict=True)
        ]
        places.append(_number(flat.columns, nodes, known, merged))
    return merged, places


def _number_rows(tree: Tree, flats: Sequence[Flat]) -> tuple[list[Label], list[Integers]]:
    merged: list[Label] = []
    known: dict[Label, int] = {}
    places = [
        _number(flat.rows, [node[label.period] for label in flat.rows], known, merged)
        for flat, node in zip(flats, tree.node, strict=True)
    ]
    return merged, places


def _columns_once(
    tree: Tree, flats: Sequence[Flat], columns: list[Label], column_of: list[Integers]
) -> tuple[Floats, Floats, np.ndarray]:
    count = len(columns)
    lower, upper, now = np.full(count, np.nan), np.full(count, np.nan), np.full(count, np.nan)
    integer = np.zeros(count, dtype=bool)
    seen = np.zeros(count, dtype=np.int64)
    paid: dict[tuple[int, int], float] = {}
    for flat, nodes, place in zip(flats, tree.node, column_of, strict=True):
        fresh = seen[place] == 0
        for kept, own, what in (
            (lower, flat.column_lower, "lower bound"),
            (upper, flat.column_upper, "upper bound"),
        ):
            kept[place[fresh]] = own[fresh]
            _refuse_difference(flat, columns, place, kept, own, what)
        now[place[fresh]] = flat.posted_now[fresh]
        for position in np.flatnonzero(flat.commitment):
            node = nodes[flat.columns[position].period]
            now[place[position]] = paid.setdefault((place[position], node), flat.posted_now[position])
        _refuse_difference(flat, columns, place, now, flat.posted_now, "cost posted in its period")
        integer[place] = flat.binary
        seen[place] += 1
    passing = _passing(tree)
    for number, label in enumerate(columns):
        if seen[number] != passing[label.node]:
            raise ForeknowledgeError(f"{label} stands in {seen[number]} of {passing[label.node]} futures of its node")
    return lower, upper, integer


def _alone(tree: Tree) -> list[int]:
    """The future that alone passes through each node, by number; −1 where several do."""
    passing = _passing(tree)
    result = [-1] * len(passing)
    for number, nodes in enumerate(tree.node):
        for node in nodes:
            if passing[node] == 1:
                result[node] = number
    return result


def _passing(tree: Tree) -> list[int]:
    """How many futures pass through each node; a node of commitments is the parent of a period of these."""
    count = [0] * len(tree.probability)
    count[0] = len(tree.paths)
    for nodes in tree.node:
        for node in nodes:
            count[node] += 1
    return count


def _refuse_difference(flat: Flat, columns: list[Label], place: Integers, kept: Floats, own: Floats, what: str) -> None:
    merged = kept[place]
    with np.errstate(invalid="ignore"):
        apart = np.abs(merged - own) > SAME * np.maximum(1.0, np.abs(own))
    differs = np.flatnonzero((merged != own) & (apart | ~np.isfinite(merged) | ~np.isfinite(own)))
    if differs.size:
        first = differs[0]
        raise ForeknowledgeError(
            f"{what} of {columns[place[first]]} is {own[first]:g} in {flat.path.future} and {merged[first]:g} in "
            "another future of the same node"
        )


def _rows_once(
    flats: Sequence[Flat], rows: list[Label], width: int, column_of: list[Integers], row_of: list[Integers]
) -> tuple[sp.csr_matrix, Floats, Floats]:
    lower, upper = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    seen = np.zeros(len(rows), dtype=bool)
    kept = sp.csr_matrix((len(rows), width))
    for flat, columns, place in zip(flats, column_of, row_of, strict=True):
        entries = flat.matrix.tocoo()
        own = sp.csr_matrix((entries.data, (place[entries.row], columns[entries.col])), shape=kept.shape)
        fresh = ~seen[place]
        _refuse_other_rows(flat, rows, place[~fresh], kept, own)
        for side, mine, what in ((lower, flat.row_lower, "lower side"), (upper, flat.row_upper, "upper side")):
            side[place[fresh]] = mine[fresh]
            _refuse_difference(flat, rows, place, side, mine, what)
        keep = sp.diags(np.isin(np.arange(len(rows)), place[fresh]).astype(float))
        kept = kept + keep @ own
        seen[place] = True
    kept = sp.csr_matrix(kept)
    kept.sort_indices()
    return kept, lower, upper


def _refuse_other_rows(
    flat: Flat, rows: list[Label], shared: Integers, kept: sp.csr_matrix, own: sp.csr_matrix
) -> None:
    if not shared.size:
        return
    difference = abs(kept[shared] - own[shared]).tocoo()
    size = np.maximum(1.0, np.asarray(abs(own[shared]).max(axis=1).todense()).ravel())
    apart = np.flatnonzero(difference.data > SAME * size[difference.row])
    if apart.size:
        row = rows[shared[difference.row[apart[0]]]]
        raise ForeknowledgeError(f"row {row} differs between {flat.path.future} and another future of the same node")
