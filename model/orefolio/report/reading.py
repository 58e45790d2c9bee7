"""A run folder as a page reads it: rows of its tables and of its case as text, names, weights, what was analysed."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from orefolio.analyses.sensitivity.plans import TABLES as DECIDED
from orefolio.case.columns import key_columns
from orefolio.case.schema import TABLES
from orefolio.tables.folder import RunFolder
from orefolio.tables.folder.cells import unguarded
from orefolio.tables.folder.sealed import sealed_text

Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Read:
    """A run that was read. Every method raises InputError where a file is not as it was written."""

    folder: RunFolder
    _tables: dict[str, Rows] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, path: Path) -> Read:
        """The run of a folder. Raises InputError where it is no complete run."""
        read = cls(RunFolder(path))
        _ = read.record
        return read

    @property
    def record(self) -> Mapping[str, Any]:
        """The content of run.json."""
        return self.folder.record

    @property
    def path(self) -> Path:
        """The run folder."""
        return self.folder.path

    def rows(self, table: str) -> Rows:
        """The rows of a table, cells as text; none where the run does not hold it."""
        if table not in self._tables:
            self._tables[table] = self.folder.rows(table) if table in self.folder.names() else []
        return self._tables[table]

    def expected(self, table: str) -> Rows:
        """The rows that are means over the futures."""
        return [row for row in self.rows(table) if row["future"] == "expected"]

    def case_rows(self, table: str) -> Rows:
        """The rows of a table of the case as it was solved, cells as text; none where it has no such table."""
        key = f"case/{table}"
        if key not in self._tables:
            text = sealed_text(self.path, f"case/{table}.csv") or ""
            found = csv.DictReader(io.StringIO(text))
            self._tables[key] = [{name: unguarded(cell or "") for name, cell in row.items()} for row in found]
        return self._tables[key]

    def case_by(self, table: str, column: str) -> dict[str, dict[str, str]]:
        """Rows of a table of the case by the cell of a column."""
        return {row[column]: row for row in self.case_rows(table)}

    @cached_property
    def weights(self) -> dict[str, float]:
        """Probability of each future."""
        return {str(entry["future"]): float(entry["weight"]) for entry in self.record["futures"]}

    @cached_property
    def future_names(self) -> dict[str, str]:
        """Name of each future, its id where it has none."""
        return {row["future"]: row["name"] or row["future"] for row in self.rows("futures")}

    def element(self, key: str) -> str:
        """The name of an element, its id where it has none."""
        row = self.case_by("elements", "element").get(key)
        return (row["name"] if row else "") or key

    @cached_property
    def decisions(self) -> dict[str, str]:
        """Name of each decision by its word, as `contract:ID` or `programme:ID/LEVEL`."""
        found: dict[str, str] = {}
        for kind, table in DECIDED.items():
            columns = key_columns(TABLES[table])
            for row in self.case_rows(table):
                first, *level = (row[column] for column in columns)
                found["/".join((f"{kind}:{first}", *level))] = " ".join((row.get("name") or first, *level))
        return found

    @cached_property
    def years(self) -> list[int]:
        """Calendar years of the plan."""
        return sorted({int(row["year"]) for table in ("supply", "cost") for row in self.rows(table)})

    def mean(self, rows: Iterable[Mapping[str, str]], column: str, *keys: str) -> dict[tuple[str, ...], float]:
        """Sums of a column by other columns, each future by its probability."""
        found: dict[tuple[str, ...], float] = {}
        for row in rows:
            key = tuple(row[name] for name in keys)
            found[key] = found.get(key, 0.0) + self.weights[row["future"]] * number(row[column])
        return found


def number(text: str | None) -> float:
    """The number of a cell, 0 where it is blank. Raises ValueError for one that is no finite number."""
    value = float(text) if text else 0.0
    if not math.isfinite(value):
        raise ValueError(f"{text!r} is no finite number")
    return value
