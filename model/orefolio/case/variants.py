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
        first = self.members[0]
        if any(path.periods != first.periods for path in self.members):
            raise parted(len(self.members))
        own = {name for name, rows in case.tables.items() if rows is not first.case.tables[name]}
        self._touched = frozenset(
            (name, field.name) for name in own for row in case.tables[name][:1] for field in dataclasses.fields(row)
        )
        if any(path.changes != first.changes for path in self.members):
            self._touched |= {(change.table, change.column) for path in self.members for change in path.changes}


def parted(count: int) -> PartedError:
    """The refusal of variants that have not the same structure."""
    first = np.zeros(count, dtype=bool)
    first[0] = True
    return PartedError(first)


def variants(trees: Sequence[Tree]) -> list[Variants]:
    """Each future of the same case at several values of its levers. Raises PartedError as `Variants` does."""
    case = _together([tree.case for tree in trees])
    if any(tree.node != trees[0].node for tree in trees):
        raise parted(len(trees))
    return [Variants(members, case) for members in zip(*(tree.paths for tree in trees), strict=True)]


def _together(cases: Sequence[Case]) -> Case:
    tables = {}
    for name, rows in cases[0].tables.items():
        each = [case.tables[name] for case in cases]
        if any(len(other) != len(rows) for other in each):
            raise parted(len(cases))
        found = tuple(_row(one) for one in zip(*each, strict=True))
        tables[name] = rows if all(a is b for a, b in zip(found, rows, strict=True)) else found
    return dataclasses.replace(cases[0], tables=tables)


def _row(each: Sequence[Any]) -> Any:
    first = each[0]
    if all(row is first or row == first for row in each):
        return first
    changed = {}
    for field in dataclasses.fields(first):
        cells = [getattr(row, field.name) for row in each]
        if any(cell != cells[0] for cell in cells):
            changed[field.name] = _cell(cells)
    return dataclasses.replace(first, **changed)


def _cell(cells: Sequence[Any]) -> Any:
    if all(isinstance(cell, float) for cell in cells):
        return several(cells)
    if all(isinstance(cell, tuple) for cell in cells) and len({len(cell) for cell in cells}) == 1:
        return tuple(_cell(column) for column in zip(*cells, strict=True))
    raise parted(len(cells))
