"""A merged program in pieces: what futures share, and a piece for each future with the rows that only it stands in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from orefolio.errors import Fault, InputError
from orefolio.program.merge import Merged
from orefolio.program.program import Floats, Integers, Label, Labels, Program

SHARED = -1
"""In place of a part: what several parts stand in."""
LEAST = -1e6
"""Million USD that a part is taken to cost at least before anything is known of it."""


@dataclass(frozen=True)
class Part:
    """One future by itself, its cost not weighted. own, links: (own,), (links,) columns of the merged program.

    program: its columns are its own, then those that it shares and stands in (`links`), which cost nothing here.
    """

    number: int
    future: str
    weight: float
    own: Integers
    links: Integers
    program: Program


@dataclass(frozen=True)
class Split:
    """shared: (shared,) columns of the merged program. master: these and what each part costs, in the parts' order,
    with the rows that no part stands in. place: (columns,) of each shared column among them."""

    program: Program
    shared: Integers
    master: Program
    parts: tuple[Part, ...]
    place: Integers

    def links_of(self, part: int, point: Floats) -> Floats:
        """What a point, (shared,), says of the columns that a part shares: (links,)."""
        return point[self.place[self.parts[part].links]]

    def objective(self, point: Floats, costs: Floats) -> float:
        """Million USD of a point, (shared,), with what each part costs there, (parts,)."""
        weights = np.array([part.weight for part in self.parts])
        own = float(self.program.cost[self.shared] @ point) + self.program.offset
        return own + float(np.sum(weights * costs))

    def assembled(self, point: Floats, values: list[Floats]) -> Floats:
        """A plan, (columns,) of the merged program, of a point and each part's own values."""
        plan = np.empty(self.program.cost.size)
        plan[self.shared] = point
        for part, own in zip(self.parts, values, strict=True):
            plan[part.own] = own
        return plan


def split(merged: Merged) -> Split:
    """Take a merged program apart. Raises InputError where a row ties what several futures decide by themselves."""
    program, count = merged.program, len(merged.flats)
    part_of = np.full(program.cost.size, SHARED) if program.branch is None else program.branch.astype(np.int64)
    row_part = _rows(program, part_of, merged)
    part_of = _drawn_in(program, part_of, row_part)
    shared = np.flatnonzero(part_of == SHARED)
    place = np.full(program.cost.size, -1, dtype=np.int64)
    place[shared] = np.arange(len(shared))
    weights = np.array([flat.path.weight for flat in merged.flats])
    order = np.argsort(row_part, kind="stable")
    first = np.searchsorted(row_part[order], np.arange(count + 1))
    own_order = np.argsort(part_of, kind="stable")
    own_first = np.searchsorted(part_of[own_order], np.arange(count + 1))
    parts = tuple(
        _part(program, merged.flats[number].path.future, number, weights[number],
              np.sort(order[first[number] : first[number + 1]]),
              np.sort(own_order[own_first[number] : own_first[number + 1]]), part_of)
        for number in range(count)
    )  # fmt: skip
    master = _master(program, shared, place, np.sort(order[: first[0]]), weights)
    return Split(program, shared, master, parts, place)


def _rows(program: Program, part_of: Integers, merged: Merged) -> Integers:
    """The part of each row, (rows,), by the columns that it holds."""
    matrix = program.matrix
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    held = part_of[matrix.indices]
    highest = np.full(matrix.shape[0], SHARED)
    lowest = np.full(matrix.shape[0], len(merged.flats))
    np.maximum.at(highest, row, held)
    np.minimum.at(lowest, row[held != SHARED], held[held != SHARED])
    tied = np.flatnonzero((highest != SHARED) & (lowest != highest))
    if tied.size:
        raise InputError([
            Fault(
                "--decompose", f"{program.rows[int(tied[0])]}, which ties what several futures decide",
                "rows of one future each, beside those of what futures share",
                remedy="Solve without --decompose, or with another objective",
            )
        ])  # fmt: skip
    return highest


def _drawn_in(program: Program, part_of: Integers, row_part: Integers) -> Integers:
    """Shared columns that stand in rows of one part alone are that part's own, as the tail of its cost is."""
    matrix = program.matrix
    of_entry = np.repeat(row_part, np.diff(matrix.indptr))
    count = len(part_of)
    highest, lowest = np.full(count, SHARED - 1), np.full(count, row_part.max(initial=0) + 1)
    np.maximum.at(highest, matrix.indices, of_entry)
    np.minimum.at(lowest, matrix.indices, of_entry)
    alone = (part_of == SHARED) & (highest == lowest) & (highest >= 0)
    return np.where(alone, highest, part_of)


def _part(
    program: Program, future: str, number: int, weight: float, rows: Integers, own: Integers, part_of: Integers
) -> Part:
    below = program.matrix[rows]
    used = np.unique(below.indices)
    links = used[part_of[used] == SHARED].astype(np.int64)
    columns = np.concatenate([own, links])
    number_of = np.full(program.cost.size, -1, dtype=np.int32)
    number_of[columns] = np.arange(len(columns))
    matrix = sp.csr_matrix((below.data, number_of[below.indices], below.indptr), shape=(len(rows), len(columns)))
    matrix.sort_indices()
    scale = weight if weight > 0 else 1.0
    own_program = Program(
        matrix,
        program.row_lower[rows],
        program.row_upper[rows],
        program.column_lower[columns],
        program.column_upper[columns],
        program.integer[columns],
        np.concatenate([program.cost[own] / scale, np.zeros(len(links))]),
        0.0,
        placed("row", rows),
        placed("column", columns),
    )
    return Part(number, future, scale, own, links, own_program)


def _master(program: Program, shared: Integers, place: Integers, rows: Integers, weights: Floats) -> Program:
    above, count, parts = program.matrix[rows], len(shared), len(weights)
    matrix = sp.csr_matrix(
        (above.data, place[above.indices].astype(np.int32), above.indptr), shape=(len(rows), count + parts)
    )
    matrix.sort_indices()
    return Program(
        matrix,
        program.row_lower[rows],
        program.row_upper[rows],
        np.append(program.column_lower[shared], np.full(parts, LEAST)),
        np.append(program.column_upper[shared], np.full(parts, np.inf)),
        np.append(program.integer[shared], np.zeros(parts, dtype=bool)),
        np.append(program.cost[shared], np.where(weights > 0, weights, 1.0)),
        program.offset,
        placed("row", rows),
        tuple(placed("column", shared)) + tuple(Label("cost", (str(number),), 0) for number in range(parts)),
    )


def placed(name: str, places: Integers) -> Labels:
    """Labels that name the places of a merged program."""
    return Labels((Label(name, (), 0),), np.zeros(len(places), dtype=np.int32), places.astype(np.int32))
