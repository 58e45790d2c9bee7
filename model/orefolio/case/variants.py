"""A case at several values of its levers, as one case whose numbers are one for each value."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from .case import Case
from .scenarios import Path, Tree
from .several import PartedError, several
from .together import Together


class Variants(Together):
    """One future of a case at several values of its levers. case: with a number for each where they differ.

    Raises PartedError where they differ in more than numbers.
    """

    def __init__(self, members: Sequence[Path], case: Case) -> None:
        super().__init__(members)
        self.case = case
        if any(path.periods != self.periods for path in self.members):
            raise parted(len(self.members))
        differing = [(name, rows) for name, rows in case.tables.items() if rows is not self._one.case.tables[name]]
        cells = {(name, field.name) for name, rows in differing for row in rows for field in dataclasses.fields(row)}
        by_events = {(change.table, change.column) for path in self.members for change in path.changes}
        self._touched = frozenset(cells | by_events)


def parted(count: int) -> PartedError:
    """The refusal of variants that have not the same structure."""
    first = np.zeros(count, dtype=bool)
    first[0] = True
    return PartedError(first)


def variants(trees: Sequence[Tree]) -> list[Variants]:
    """Each future of the same case at several values of its levers. Raises PartedError as `Variants` does."""
    case = _together([tree.case for tree in trees])
    first, *others = trees
    if any(tree.node != first.node for tree in others):
        raise parted(len(trees))
    return [Variants(members, case) for members in zip(*(tree.paths for tree in trees), strict=True)]


def _together(cases: Sequence[Case]) -> Case:
    tables = {}
    first, *_ = cases
    for name, rows in first.tables.items():
        each = [case.tables[name] for case in cases]
        if any(len(other) != len(rows) for other in each):
            raise parted(len(cases))
        found = tuple(_row(one) for one in zip(*each, strict=True))
        tables[name] = rows if all(a is b for a, b in zip(found, rows, strict=True)) else found
    return dataclasses.replace(first, tables=tables)


def _row(each: Sequence[Any]) -> Any:
    first, *others = each
    if all(row == first for row in others):
        return first
    changed = {}
    for field in dataclasses.fields(first):
        cells = [getattr(row, field.name) for row in each]
        if any(cell != getattr(first, field.name) for cell in cells):
            changed[field.name] = _cell(cells)
    return dataclasses.replace(first, **changed)


def _cell(cells: Sequence[Any]) -> Any:
    kinds = set(map(type, cells))
    if kinds == {float}:
        return several(cells)
    if kinds == {tuple} and len(set(map(len, cells))) == 1:
        return tuple(_cell(column) for column in zip(*cells, strict=True))
    raise parted(len(cells))
