"""Whose cost a column is: that of the importer in whose case its subject stands, halves where it stands in both.

What stands in both cases at a place of one importer (goods sold there, a lane that leads there) is that importer's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from orefolio.case.case import Case
from orefolio.case.columns import key_columns
from orefolio.case.schema import TABLES
from orefolio.program.merge import Merged
from orefolio.program.program import Floats, Label

SUBJECTS = {
    "processes": ("activity", "run", "dedicated", "kept_for", "changeover", "feed"),
    "contracts": ("sign", "volume", "buy", "unused", "makeup"),
    "projects": ("start", "size", "kept", "choose", "backed", "supported"),
    "programmes": ("level_on",),
    "stockpiles": ("stock", "put", "take", "rotate", "gap"),
    "demands": ("deliver", "short", "unserved"),
    "lanes": ("ship",),
    "scrap": ("collect",),
    "places": ("sell", "discard", "downgrade"),
}
TABLE_OF = {name: table for table, names in SUBJECTS.items() for name in names}
"""The table that holds the first word of a column's index."""

PLACE = {"lanes": "to_place", "places": "place"}
"""The column that says where a subject is; `place` in the others that have one."""


@dataclass(frozen=True)
class Owners:
    """The importers of a case made of parts. alone: the case of each by the name of its part."""

    joint: Case
    alone: Mapping[str, Case]

    @cached_property
    def importers(self) -> tuple[str, ...]:
        """Names of the parts, in their order."""
        return tuple(self.alone)

    @cached_property
    def _ids(self) -> dict[str, dict[str, frozenset[str]]]:
        """Ids by part and table, as the joint case calls them."""
        every = {table: _ids_of(self.joint, table) for table in SUBJECTS}
        return {
            name: {
                table: frozenset(
                    f"{known}_{name}" if f"{known}_{name}" in every[table] else known for known in _ids_of(case, table)
                )
                for table in SUBJECTS
            }
            for name, case in self.alone.items()
        }

    def called(self, importer: str, label: Label) -> str:
        """What the joint case calls the subject of a column of an importer's own case."""
        table, own = TABLE_OF.get(label.name, ""), label.index[0] if label.index else ""
        return f"{own}_{importer}" if table and f"{own}_{importer}" in self._ids[importer][table] else own

    def holders(self, label: Label) -> tuple[str, ...]:
        """The importers in whose case the subject of a column stands; all of them where it has none."""
        table = TABLE_OF.get(label.name, "")
        if not table or not label.index:
            return self.importers
        held = tuple(name for name in self.importers if label.index[0] in self._ids[name][table])
        return held or self.importers

    def shares(self, label: Label) -> tuple[float, ...]:
        """The share of each importer in the cost of a column."""
        holders: Sequence[str] = self.holders(label)
        if len(holders) > 1:
            country = self._country(label)
            holders = [name for name in holders if country in self.alone[name].importer] or holders
        return tuple(1.0 / len(holders) if name in holders else 0.0 for name in self.importers)

    def _country(self, label: Label) -> str:
        table = TABLE_OF.get(label.name, "")
        if not table or not self.joint.has(table, label.index[0]):
            return ""
        place = getattr(self.joint.row(table, label.index[0]), PLACE.get(table, "place"), "")
        return str(self.joint.row("places", place).country) if place else ""

    def costs(self, merged: Merged) -> dict[str, Floats]:
        """Expected cost of each column of the joint program by importer, million USD per unit."""
        expected = expected_cost(merged)
        known: dict[tuple[str, tuple[str, ...]], tuple[float, ...]] = {}
        shares = np.zeros((len(merged.program.columns), len(self.importers)))
        for number in np.flatnonzero(expected):
            label = merged.program.columns[number]
            key = label.name, label.index[:1]
            if key not in known:
                known[key] = self.shares(label)
            shares[number] = known[key]
        return {name: expected * shares[:, place] for place, name in enumerate(self.importers)}


def _ids_of(case: Case, table: str) -> set[str]:
    first = key_columns(TABLES[table])[0]
    return {str(getattr(row, first)) for row in case.rows(table)}


def expected_cost(merged: Merged) -> Floats:
    """Mean cost of each merged column over the futures, million USD per unit, whatever the weight of the tail."""
    total = np.zeros(len(merged.program.columns))
    for flat, place in zip(merged.flats, merged.column_of, strict=True):
        total += np.bincount(place, weights=flat.path.weight * flat.cost, minlength=len(total))
    return total
