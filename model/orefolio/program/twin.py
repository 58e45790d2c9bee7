"""One future by itself, and what of the whole program is like it: where its linear program stands, the whole may start.

Futures are alike but for what their events change. A basis of one of them, laid over all, leaves a dual simplex less
than half of the steps that it takes from nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..case.scenarios import Tree
from .flatten import Flat
from .program import Integers, Label, Labels, Program


@dataclass(frozen=True)
class Twin:
    """program: of one future. column, row: (columns,) and (rows,) of the whole program, the place of each one's like in
    it, −1 where there is none."""

    program: Program
    column: Integers
    row: Integers


def twin_of(tree: Tree, flats: Sequence[Flat], columns: Labels, rows: Labels) -> Twin:
    """The future that no event parts from the trunk, or else the first, beside the whole."""
    one = next((number for number, path in enumerate(tree.paths) if path.onset is None), 0)
    flat = flats[one]
    program = Program(
        flat.matrix, flat.row_lower, flat.row_upper, flat.column_lower, flat.column_upper, flat.binary, flat.cost,
        flat.offset, flat.rows, flat.columns,
    )  # fmt: skip
    grid, at = _grids(tree, one)
    return Twin(program, _like(columns, flat.columns, grid, at), _like(rows, flat.rows, grid, at))


def _grids(tree: Tree, one: int) -> tuple[Integers, list[Integers]]:
    """Which way of telling time each node has, (nodes,), and for each way the period of the one future that holds the
    start of each of its own."""
    ends = np.array([period.end for period in tree.paths[one].periods]) - 1e-9
    known: dict[tuple[float, ...], int] = {}
    grid = np.zeros(len(tree.probability), dtype=np.int64)
    at: list[Integers] = []
    for path, nodes in zip(tree.paths, tree.node, strict=True):
        starts = tuple(period.start for period in path.periods)
        if starts not in known:
            known[starts] = len(at)
            at.append(np.minimum(np.searchsorted(ends, starts, side="right"), len(ends) - 1))
        grid[list(nodes)] = known[starts]
    return grid, at


def _like(labels: Labels, small: Sequence[Label], grid: Integers, at: list[Integers]) -> Integers:
    place = {(label.name, label.index, label.period): number for number, label in enumerate(small)}
    pairs, which = np.unique(labels.kind * len(at) + grid[labels.node], return_inverse=True)
    found = np.full(len(pairs), -1)
    for number, (kind, way) in enumerate(zip(*divmod(pairs, len(at)), strict=True)):
        name, index, period, _ = labels.kinds[kind]
        found[number] = place.get((name, index, int(at[way][period])), -1)
    like: Integers = found[which]
    return like
