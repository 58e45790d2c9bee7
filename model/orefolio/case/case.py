"""A case: the structure and the tables of one importer's problem, read, checked and frozen."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import Any

from ..errors import Fault, InputError, nearest
from .adjust import Adjustment, adjusted_tables, selects
from .columns import key_columns
from .schema import TABLES

Spans = tuple[tuple[datetime.date, int], ...]


@dataclass(frozen=True)
class AfterShock:
    """How time is told in a branch once its shock is over: so many months more in the grid, years, then blocks."""

    fine_months: int = 6
    single_years: int = 3
    block_years: int = 3


@dataclass(frozen=True, eq=False)
class Case:
    """One importer's problem. `grids` maps a name to spans (until, months); `lines` gives the file line of each row,
    `folders` the folder of its file where the case is made of parts. `turned` says where levers stand that were moved;
    `as_written` is false where the tables hold numbers as a run solved them, which levers at their base do not give.
    """

    name: str
    title: str
    folder: Path
    importer: tuple[str, ...]
    base_year: int
    horizon_from: datetime.date
    horizon_to: datetime.date
    grid: str
    grids: Mapping[str, Spans]
    after_shock: AfterShock
    reaction_years: float
    tables: Mapping[str, tuple[Any, ...]]
    lines: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    turned: Mapping[str, float] = field(default_factory=dict)
    folders: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    as_written: bool = True

    def rows(self, table: str) -> tuple[Any, ...]:
        """The rows of a table; none where the case has no such table."""
        return self.tables.get(table, ())

    @cached_property
    def _by_key(self) -> dict[str, dict[str, Any]]:
        """Rows by key, of the tables that were asked for."""
        return {}

    def _keyed(self, table: str) -> dict[str, Any]:
        if table not in self._by_key:
            rows = self.rows(table)
            self._by_key[table] = dict(zip(row_keys(table, rows), rows, strict=True)) if rows else {}
        return self._by_key[table]

    def row(self, table: str, key: str) -> Any:
        """The row with this key; several key columns are joined by `/`."""
        found = self._by_key.get(table)
        return self._keyed(table)[key] if found is None else found[key]

    def has(self, table: str, key: str) -> bool:
        """Whether a table has a row with this key."""
        return key in self._keyed(table)

    @cached_property
    def _selected(self) -> dict[tuple[str, str], frozenset[str]]:
        return {}

    def selected(self, table: str, where: str) -> frozenset[str]:
        """The keys of the rows that a selector matches; each selector is looked up once."""
        if (table, where) not in self._selected:
            found = frozenset(row_key(table, row) for row in self.rows(table) if selects(where, row))
            self._selected[table, where] = found
        return self._selected[table, where]

    @cached_property
    def _grouped(self) -> dict[tuple[str, str], dict[Any, list[Any]]]:
        return {}

    def grouped(self, table: str, column: str) -> Mapping[Any, Sequence[Any]]:
        """The rows of a table by what a column of them says, in their order; each grouping is made once."""
        if (table, column) not in self._grouped:
            found: dict[Any, list[Any]] = {}
            for row in self.rows(table):
                found.setdefault(getattr(row, column), []).append(row)
            self._grouped[table, column] = found
        return self._grouped[table, column]

    def setting(self, name: str, default: float | None = None) -> float:
        """The value of a setting."""
        if default is not None and not self.has("settings", name):
            return default
        value: float = self.row("settings", name).value
        return value

    def where(self, table: str, key: str) -> str:
        """`file:line` of a row, for messages; in a case made of parts with the name of the part's folder."""
        folders = self.folders.get(table, ())
        for number, (row, line) in enumerate(zip(self.rows(table), self.lines.get(table, ()), strict=False)):
            if row_key(table, row) == key:
                return f"{folders[number].name}/{table}.csv:{line}" if folders else f"{table}.csv:{line}"
        return f"{table}.csv"

    def adjusted(self, adjustments: Iterable[Adjustment]) -> Case:
        """The case after adjustments, in their order."""
        return replace(self, tables=adjusted_tables(self.tables, adjustments))

    def stands_at(self, lever: str) -> float:
        """The value of a lever at which the tables are as they are, in its unit."""
        return float(self.turned.get(lever, self.row("levers", lever).base))

    def with_levers(self, values: Mapping[str, float]) -> Case:
        """The case with levers turned to these values, also those that were turned before."""
        known = [row.lever for row in self.rows("levers")]
        faults = [
            Fault("levers.csv", f"the lever {name!r}", "a lever of the case", remedy=nearest(name, known))
            for name in values
            if name not in known
        ]
        rows = [row for row in self.rows("lever_adjustments") if row.lever in values]
        faults += [
            Fault(
                "levers.csv",
                f"the lever {row.lever!r} at 0",
                "a lever that can be turned back",
                remedy="What it multiplies is gone: begin with the case as written, not with that of the run",
            )
            for row in rows
            if row.operation == "multiply" and self.turned.get(row.lever) == 0.0
        ]
        if faults:
            raise InputError(faults)
        turned = self.adjusted(
            Adjustment(row.table, row.where, row.column, row.operation, self._turn(row, values[row.lever]))
            for row in rows
        )
        return replace(turned, turned={**self.turned, **values})

    def _turn(self, row: Any, value: float) -> float:
        """What a lever's row applies: its value, less the turn it has had, since its base is the case as written."""
        if row.operation == "set" or row.lever not in self.turned:
            return value
        before = self.turned[row.lever]
        return value / before if row.operation == "multiply" else value - before


def row_key(table: str, row: Any) -> str:
    """The key of a row as text; several key columns are joined by `/`."""
    return "/".join(str(getattr(row, column)) for column in key_columns(TABLES[table]))


def row_keys(table: str, rows: Sequence[Any]) -> list[str]:
    """The keys of rows of one table, as `row_key`."""
    columns = [map(attrgetter(column), rows) for column in key_columns(TABLES[table])]
    return ["/".join(map(str, key)) for key in zip(*columns, strict=True)]
