"""Lay the futures over the scenario tree: futures in one node share its columns and its rows, kept once.

A column belongs to its label and the node its future is in at that period (for a commitment, the node one period
before). Merging refuses a row that holds a column of a later period than its own, and two futures in one node whose
columns, bounds, types, rows, or costs posted in that period differ: that would be knowing the future early. Cost that
falls later may differ, and is weighted; so may what a commitment costs in branches that part in its own period. That
is non-anticipativity, for any depth of tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from ..case.scenarios import Tree
from ..errors import OrefolioError
from .flatten import Flat
from .program import Booleans, Floats, Integers, Label, Labels, Places, Program
from .room import Room

ABSENT = -1
"""In place of a number that is not given yet."""
SPARE = 4
"""Rows and columns for each future, and as many more, for which there is room behind what the futures bring."""
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
    column_of: tuple[Places, ...]
    row_of: tuple[Places, ...]
    own_best: tuple[tuple[float, float], ...] = ()

    def values_of(self, number: int, values: Floats) -> Floats:
        """The values of one future's own columns. values: (merged columns,)."""
        return values[self.column_of[number]]


def merge(tree: Tree, flats: Sequence[Flat]) -> Merged:
    """Merge the futures of a tree. Raises ForeknowledgeError where they differ in a node that they share."""
    periods = _Periods()
    node, parent = _places(tree.node), _places(tree.parent)
    column_at = (_rests(flat, periods, node[f], parent[f]) for f, flat in enumerate(flats))
    row_at = (node[f][periods.of(flat.rows)] for f, flat in enumerate(flats))
    columns, column_of = _numbered([flat.columns for flat in flats], column_at)
    rows, row_of = _numbered([flat.rows for flat in flats], row_at)
    room = Room()
    lower, upper, integer = _columns_once(tree, flats, columns, column_of, room)
    matrix, row_lower, row_upper = _rows_once(flats, rows, len(columns), column_of, row_of, periods, room)
    cost = np.zeros(len(columns))
    offset = 0.0
    for flat, place in zip(flats, column_of, strict=True):
        np.add.at(cost, place, flat.path.weight * flat.cost)
        offset += flat.path.weight * flat.offset
    branch = np.array(_alone(tree), dtype=np.int32)[columns.node]
    program = Program(matrix, row_lower, row_upper, lower, upper, integer, cost, offset, rows, columns, branch, room)
    return Merged(program, tree, tuple(flats), tuple(column_of), tuple(row_of))


class _Periods:
    """The period of each label, counted once for labels that several futures have."""

    def __init__(self) -> None:
        self.known: dict[int, tuple[Sequence[Label], Places]] = {}

    def of(self, labels: Sequence[Label]) -> Places:
        """(labels,) numbers of periods."""
        if id(labels) not in self.known:
            found = np.fromiter((label.period for label in labels), dtype=np.int32, count=len(labels))
            self.known[id(labels)] = labels, found
        return self.known[id(labels)][1]


def _refuse_later_columns(flat: Flat, matrix: sp.csr_matrix, periods: _Periods) -> None:
    row, column = periods.of(flat.rows), periods.of(flat.columns)
    latest = column[matrix.indices]
    late = np.flatnonzero(latest > np.repeat(row, np.diff(matrix.indptr)))
    if late.size:
        one = flat.rows[int(np.searchsorted(matrix.indptr, late[0], side="right")) - 1]
        other = flat.columns[matrix.indices[late[0]]]
        raise ForeknowledgeError(f"row {one} of period {one.period} holds {other} of the later period {other.period}")


def _rests(flat: Flat, periods: _Periods, node: Places, parent: Places) -> Places:
    """(columns, 2): the node that each column belongs to, and its number; node, parent: those of the periods."""
    at = node[periods.of(flat.columns)]
    at[flat.commitment] = parent[periods.of(flat.columns)[flat.commitment]]
    return at


def _places(nodes: Sequence[Sequence[int]]) -> list[Places]:
    """For each future (periods, 2): the node of each period, and its number among the nodes of periods so numbered."""
    known: dict[int, dict[int, int]] = {}
    places = []
    for row in nodes:
        place = np.empty((len(row), 2), dtype=np.int32)
        for period, node in enumerate(row):
            here = known.setdefault(period, {})
            place[period] = node, here.setdefault(node, len(here))
        places.append(place)
    return places


def _numbered(labels: Sequence[Sequence[Label]], at: Iterable[Places]) -> tuple[Labels, list[Places]]:
    """Number what futures have, in their order, the same in one node once.

    at: for each future (labels, 2) the node, and its number among those of the period. Returns the labels, and for each
    future (labels,) their numbers.
    """
    kinds, kinds_of = _kinds(labels)
    known = np.full((len(kinds), len(labels)), ABSENT, dtype=np.int32)
    count, places, kind, node = 0, [], [], []
    for several, place in zip(labels, at, strict=True):
        own, (at_node, among) = kinds_of[id(several)], place.T
        number = known[own, among]
        fresh = np.flatnonzero(number == ABSENT)
        number[fresh] = np.arange(count, count + fresh.size)
        count += fresh.size
        known[own[fresh], among[fresh]] = number[fresh]
        places.append(number)
        kind.append(own[fresh])
        node.append(at_node[fresh])
    return Labels(tuple(kinds), np.concatenate(kind), np.concatenate(node)), places


def _kinds(labels: Sequence[Sequence[Label]]) -> tuple[Sequence[Label], dict[int, Places]]:
    """The labels that occur, each once, and by the identity of what futures have the numbers of its labels."""
    kinds: dict[Label, int] = {}
    kinds_of: dict[int, Places] = {}
    for several in labels:
        if id(several) not in kinds_of:
            found = (kinds.setdefault(label, len(kinds)) for label in several)
            kinds_of[id(several)] = np.fromiter(found, dtype=np.int32, count=len(several))
    return tuple(kinds), kinds_of


def _columns_once(
    tree: Tree, flats: Sequence[Flat], columns: Labels, column_of: Sequence[Places], room: Room
) -> tuple[Floats, Floats, Booleans]:
    count, most = len(columns), len(columns) + _spare(flats)
    lower, upper = (room.array(name, most)[:count] for name in ("column_lower", "column_upper"))
    integer = room.array("integer", most, np.bool_)[:count]
    now, seen = np.empty(count), np.zeros(count, dtype=np.int32)
    paid: dict[tuple[int, int], float] = {}
    for flat, nodes, place in zip(flats, tree.node, column_of, strict=True):
        fresh = seen[place] == 0
        shared = np.flatnonzero(~fresh)
        for kept, own, what in (
            (lower, flat.column_lower, "lower bound"),
            (upper, flat.column_upper, "upper bound"),
        ):
            kept[place[fresh]] = own[fresh]
            _refuse_difference(flat, columns, place[shared], kept, own[shared], what)
        posted = flat.posted_now
        now[place[fresh]] = posted[fresh]
        for position in np.flatnonzero(flat.commitment).tolist():
            node = nodes[flat.columns[position].period]
            now[place[position]] = paid.setdefault((int(place[position]), node), posted[position])
        _refuse_difference(flat, columns, place[shared], now, posted[shared], "cost posted in its period")
        integer[place] = flat.binary
        seen[place] += 1
    passing = np.array(_passing(tree), dtype=np.int64)[columns.node]
    lacking = np.flatnonzero(seen != passing)
    if lacking.size:
        number = lacking.min()
        raise ForeknowledgeError(f"{columns[number]} stands in {seen[number]} of {passing[number]} futures of its node")
    lower, upper = room.filled("column_lower", count), room.filled("column_upper", count)
    return lower, upper, room.filled("integer", count)


def _spare(flats: Sequence[Flat]) -> int:
    """Rows or columns that may come behind the futures' own, as those of risk do."""
    return SPARE * (1 + len(flats))


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


def _apart(one: Floats, other: Floats) -> Integers:
    """The places of numbers that differ by more than rounding."""
    unlike = np.flatnonzero(one != other)
    one, other = one[unlike], other[unlike]
    with np.errstate(invalid="ignore"):
        far = np.abs(one - other) > SAME * np.maximum(1.0, np.abs(other))
    return unlike[far | ~np.isfinite(one) | ~np.isfinite(other)]


def _refuse_difference(flat: Flat, labels: Labels, place: Places, kept: Floats, own: Floats, what: str) -> None:
    merged = kept[place]
    differs = _apart(merged, own)
    if differs.size:
        first = differs[0]
        raise ForeknowledgeError(
            f"{what} of {labels[place[first]]} is {own[first]:g} in {flat.path.future} and {merged[first]:g} in "
            "another future of the same node"
        )


def _rows_once(
    flats: Sequence[Flat],
    rows: Labels,
    width: int,
    column_of: Sequence[Places],
    row_of: Sequence[Places],
    periods: _Periods,
    room: Room,
) -> tuple[sp.csr_matrix, Floats, Floats]:
    """The rows that each future brings, one future after the other: the matrix, the lower and the upper sides."""
    count, most = len(rows), len(rows) + _spare(flats)
    lower, upper = (room.array(name, most)[:count] for name in ("row_lower", "row_upper"))
    entries = sum(flat.laid.most_entries + flat.totals.nnz + _spare(flats) for flat in flats)
    data, indices = room.array("data", entries), room.array("indices", entries, np.int32)
    starts = room.array("starts", most + 1, np.int32)  # what the solver counts in
    starts[0] = done = 0
    for flat, columns, place in zip(flats, column_of, row_of, strict=True):
        matrix = flat.matrix
        _refuse_later_columns(flat, matrix, periods)
        new = place >= done
        shared, fresh = np.flatnonzero(~new), np.flatnonzero(new)
        theirs = _part(data, indices, starts, place[shared], width)
        own = matrix[shared]
        own = sp.csr_matrix((own.data, columns[own.indices], own.indptr), shape=theirs.shape)
        _refuse_other_rows(flat, rows, place[shared], theirs, own)
        brought = matrix if len(fresh) == len(place) else matrix[fresh]
        first, last = int(starts[done]), int(starts[done]) + brought.nnz
        data[first:last] = brought.data
        indices[first:last] = columns[brought.indices]
        starts[done + 1 : done + len(fresh) + 1] = first + brought.indptr[1:]
        for side, sides, what in ((lower, flat.row_lower, "lower side"), (upper, flat.row_upper, "upper side")):
            side[place[fresh]] = sides[fresh]
            _refuse_difference(flat, rows, place[shared], side, sides[shared], what)
        done += len(fresh)
    size = int(starts[done])
    kept = room.filled("data", size), room.filled("indices", size), room.filled("starts", count + 1)
    stacked = sp.csr_matrix(kept, shape=(count, width))
    if np.count_nonzero(stacked.data) < size:
        stacked.eliminate_zeros()
    stacked.sort_indices()
    return stacked, room.filled("row_lower", count), room.filled("row_upper", count)


def _part(data: Floats, indices: Places, starts: Places, rows: Places, width: int) -> sp.csr_matrix:
    """Some rows of those that are laid already, without a look at the others."""
    lengths = starts[rows + 1] - starts[rows]
    ends = np.concatenate([[0], np.cumsum(lengths)])
    at = np.repeat(starts[rows] - ends[:-1], lengths) + np.arange(ends[-1])
    return sp.csr_matrix((data[at], indices[at], ends), shape=(len(rows), width))


def _refuse_other_rows(flat: Flat, rows: Labels, shared: Places, kept: sp.csr_matrix, own: sp.csr_matrix) -> None:
    """shared: places of the rows that a future has in common with an earlier one, whose are kept."""
    parts = ((kept.indptr, own.indptr), (kept.indices, own.indices), (kept.data, own.data))
    if all(np.array_equal(one, other) for one, other in parts):
        return
    difference = abs(kept - own).tocoo()
    size = np.maximum(1.0, np.asarray(abs(own).max(axis=1).todense()).ravel())
    apart = np.flatnonzero(difference.data > SAME * size[difference.row])
    if apart.size:
        row = rows[shared[difference.row[apart[0]]]]
        raise ForeknowledgeError(f"row {row} differs between {flat.path.future} and another future of the same node")
