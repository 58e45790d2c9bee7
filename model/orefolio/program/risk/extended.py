"""A program with further rows and columns behind its own; and what each future costs, over the columns of a program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import scipy.sparse as sp

from ..merge import Merged
from ..program import Floats, Label, lengthened
from ..room import Room


@dataclass(frozen=True)
class Columns:
    """Columns to add. lower, upper, cost: (columns,)."""

    labels: Sequence[Label] = ()
    lower: Floats = field(default_factory=lambda: np.empty(0))
    upper: Floats = field(default_factory=lambda: np.empty(0))
    cost: Floats = field(default_factory=lambda: np.empty(0))
    integer: bool = False


@dataclass(frozen=True)
class Rows:
    """Rows to add. old: (rows, columns of the program); new: (rows, columns to add); lower, upper: (rows,)."""

    labels: Sequence[Label]
    old: sp.csr_matrix
    new: Floats
    lower: Floats
    upper: Floats


def extended(merged: Merged, columns: Columns, rows: Rows) -> Merged:
    """The merged program with these columns and rows last."""
    program = merged.program
    count = len(columns.labels)
    below = sp.csr_matrix(sp.hstack([rows.old, sp.csr_matrix(rows.new.reshape(len(rows.labels), count))]))
    room = program.room or Room()
    more: dict[str, Any] = {
        "row_lower": rows.lower,
        "row_upper": rows.upper,
        "column_lower": columns.lower,
        "column_upper": columns.upper,
        "integer": np.full(count, columns.integer, dtype=bool),
        "cost": columns.cost,
    }
    longer: dict[str, Any] = {name: room.longer(name, getattr(program, name), behind) for name, behind in more.items()}
    grown = replace(
        program,
        matrix=stacked(room, program.matrix, below),
        branch=None if program.branch is None else np.append(program.branch, np.full(count, -1, dtype=np.int32)),
        rows=lengthened(program.rows, rows.labels),
        columns=lengthened(program.columns, columns.labels),
        **longer,
    )
    return replace(merged, program=grown)


def stacked(room: Room, above: sp.csr_matrix, below: sp.csr_matrix) -> sp.csr_matrix:
    """One matrix over another, as wide as the wider."""
    data = room.longer("data", above.data, below.data)
    indices = room.longer("indices", above.indices, below.indices)
    starts = room.longer("starts", above.indptr, below.indptr[1:] + above.indptr[-1])
    shape = (above.shape[0] + below.shape[0], max(above.shape[1], below.shape[1]))
    return sp.csr_matrix((data, indices, starts), shape=shape)


def future_costs(merged: Merged) -> sp.csr_matrix:
    """What each future costs without its constant, million USD: (futures, columns of the program)."""
    used = [np.flatnonzero(flat.cost) for flat in merged.flats]
    starts = np.cumsum([0, *map(len, used)])
    indices, data = np.empty(starts[-1], dtype=np.int32), np.empty(starts[-1])
    for number, (flat, place) in enumerate(zip(merged.flats, merged.column_of, strict=True)):
        inside = slice(starts[number], starts[number + 1])
        indices[inside], data[inside] = place[used[number]], flat.cost[used[number]]
    shape = (len(merged.flats), merged.program.matrix.shape[1])
    costs = sp.csr_matrix((data, indices, starts.astype(np.int32)), shape=shape)
    costs.sort_indices()
    return costs


def weights(merged: Merged) -> Floats:
    """The probability of each future, (futures,)."""
    return np.array([flat.path.weight for flat in merged.flats])


def expected_cost(merged: Merged) -> tuple[Floats, float]:
    """The mean over futures of their cost: by column, (columns,), and what no decision changes; million USD."""
    share = weights(merged)
    offset = sum(flat.path.weight * flat.offset for flat in merged.flats)
    return np.asarray(share @ future_costs(merged)).ravel(), float(offset)


def by_future(merged: Merged, name: str, *words: str) -> tuple[Label, ...]:
    """A label for each future: its index are the words and the future."""
    return tuple(Label(name, (*words, flat.path.future), 0) for flat in merged.flats)
