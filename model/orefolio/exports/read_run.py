"""The tables of a run folder as they are exported: each cell as text or as the number that it stands for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module

from orefolio.errors import Fault, InputError
from orefolio.tables import TABLES
from orefolio.tables.folder import RunFolder

from .fields import Field, field_of

AUDITED = {"traced": "orefolio.audit.tracing", "content": "orefolio.audit.accountings"}
"""Tables that the audit makes, and the file that says what they hold."""

Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """A table of a run. rows: column to the text of its cell, blank where there is nothing."""

    name: str
    fields: dict[str, Field]
    rows: list[dict[str, str]]

    @cached_property
    def meaning(self) -> str:
        """One sentence on what the table holds."""
        place = AUDITED.get(self.name) or (f"orefolio.tables.{self.name}" if self.name in TABLES else "")
        text = (import_module(place).__doc__ or "") if place else ""
        return " ".join(text.partition("\n\n")[0].split())

    def cells(self, column: str) -> list[Cell]:
        """The cells of a column: text, or numbers with None for a blank. Raises InputError for what is no number."""
        kind = self.fields[column].kind
        if kind == "text":
            return [row[column] for row in self.rows]
        try:
            return [_number(row[column], kind) for row in self.rows]
        except ValueError as error:
            expected = "whole numbers" if kind == "whole" else "numbers"
            raise InputError([Fault(f"tables/{self.name}.csv", f"{error} in {column}", expected)]) from error

    def records(self) -> Iterator[tuple[Cell, ...]]:
        """The rows, each in the order of `fields`."""
        return zip(*(self.cells(column) for column in self.fields), strict=True)


def _number(text: str, kind: str) -> Cell:
    if not text:
        return None
    return int(text) if kind == "whole" else float(text)


def tables_of(run: RunFolder) -> Iterator[Table]:
    """The tables of a run in their order. Raises InputError where the run has none or one was changed."""
    if not run.names():
        raise InputError([Fault(str(run.path), "a run without a plan", "a run with tables")])
    for name in run.names():
        if not name.isidentifier():
            raise InputError([Fault(str(run.path), f"a table {name!r}", "the plain name of a table")])
        columns = run.record["tables"][name]["columns"]
        yield Table(name, {column: field_of(column, str(kind)) for column, kind in columns.items()}, run.rows(name))
