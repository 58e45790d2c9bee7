"""The run folder: written whole or not at all, and read back without a model."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orefolio.errors import Fault, InputError

from .cells import csv_of, kinds_of, table_of, unguarded
from .durable import MANIFEST, PARTIAL, cleared, ready, whole_folder, write_json, write_large_text, write_text
from .lock import held
from .sealed import sealed_text

if TYPE_CHECKING:
    import pandas as pd

    from orefolio.case.case import Case
    from orefolio.program.merge import Merged
    from orefolio.program.program import Floats, Program
    from orefolio.solve import Solution

    from ..outcome.sheet import Sheet

__all__ = [
    "RunFolder",
    "claimed",
    "folder_name",
    "newest_run",
    "plan_text",
    "plan_values",
    "ready",
    "slug",
    "write_run",
]

RECORD = "run.json"
PLAN = "plan.csv"
MOST_BYTES = 150  # of the case's name in a folder's; a file's name has 255 at most
PLAN_COLUMNS = ("variable", "index", "period", "node", "value")


def slug(name: str) -> str:
    """A name as part of a file's or a folder's."""
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name)[:60] or "case"


def folder_name(started: str, case: str, digest: str) -> str:
    """`<UTC>-<case>-<hash8>`. started: ISO 8601 in UTC; digest: hexadecimal."""
    plain = case.encode(sys.getfilesystemencoding(), "replace").decode(sys.getfilesystemencoding(), "replace")
    time = started.replace("-", "").replace(":", "").partition(".")[0].partition("+")[0]
    short = slug(plain).encode()[:MOST_BYTES].decode(errors="ignore")
    return f"{time}Z-{short}-{digest[:8]}"


@contextmanager
def claimed(parent: Path, started: str, say: Callable[[str], None]) -> Iterator[None]:
    """A folder to write runs into: made, with space, locked for this solve, and rid of what dead runs left half done.

    started: UTC, ISO 8601. say: hears what was removed. Raises SpaceError and FolderInUseError.
    """
    ready(parent)
    with held(parent, started):
        for sentence in cleared(parent):
            say(sentence)
        yield


def write_run(
    parent: Path,
    name: str,
    content: dict[str, Any],
    tables: dict[str, Sheet],
    case: Case,
    parts: dict[str, str],
    texts: Mapping[str, str] | None = None,
) -> Path:
    """Write a run folder and return its path.

    content: of run.json, to which the columns of the tables are added. parts: further files, path to text. texts:
    the tables as CSV, where they were made before. Raises SpaceError.
    """
    from .case_files import case_files

    with whole_folder(parent, name) as filling:
        folder = filling.folder
        listed = {}
        for title, table in tables.items():
            write_large_text(folder / "tables" / f"{title}.csv", texts[title] if texts else csv_of(table))
            listed[title] = {"rows": len(table), "columns": kinds_of(table)}
        for file, text in case_files(case).items():
            write_text(folder / "case" / file, text)
        for file, text in parts.items():
            write_large_text(folder / file, text)
        (folder / "analyses").mkdir(exist_ok=True)
        write_json(folder / RECORD, {**content, "tables": listed})
    return filling.path


def plan_text(merged: Merged, solution: Solution) -> str:
    """Every column of the plan that is not zero, in the program's words, so that another solve can start from it."""
    from .cells import DIGITS

    lines = [",".join(PLAN_COLUMNS)]
    places = solution.values.nonzero()[0].tolist()
    for place, value in zip(places, solution.values[places].tolist(), strict=True):
        label = merged.program.columns[place]
        index = "/".join(label.index).replace('"', '""')
        lines.append(f'{label.name},"{index}",{label.period},{label.node},{DIGITS % value}')
    return "\n".join(lines) + "\n"


def plan_values(program: Program, plan: Mapping[tuple[str, str, int, int], float]) -> Floats:
    """A plan as `RunFolder.plan` gives it in the order of a program's columns, (columns,), 0 where it says nothing."""
    import numpy as np

    values = (plan.get((x.name, "/".join(x.index), x.period, x.node), 0.0) for x in program.columns)
    return np.fromiter(values, dtype=float, count=len(program.columns))


@dataclass(frozen=True)
class RunFolder:
    """A run folder that was written before. Raises InputError where the path is none."""

    path: Path

    @cached_property
    def record(self) -> dict[str, Any]:
        """The content of run.json."""
        place = self.path / RECORD
        text = sealed_text(self.path, RECORD) if place.is_file() else None
        if text is None or self.path.name.startswith(PARTIAL):
            raise InputError([Fault(str(self.path), "no complete run", f"a run folder with {RECORD} and {MANIFEST}")])
        try:
            content = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise InputError([Fault(str(place), f"a file that cannot be read ({error})", "JSON of a run")]) from error
        if not isinstance(content, dict) or not str(content.get("schema", "")).startswith("orefolio/run/"):
            raise InputError([Fault(str(place), "another schema", "orefolio/run/1")])
        tables = content.get("tables", {})
        if not isinstance(tables, dict) or not all(isinstance(entry, dict) for entry in tables.values()):
            raise InputError([Fault(str(place), "tables that are no map of maps", "the record of a run")])
        return content

    def names(self) -> list[str]:
        """The tables that the folder holds."""
        return list(self.record.get("tables", {}))

    def table(self, name: str) -> pd.DataFrame:
        """A table as a data frame. Raises InputError for a name that the run does not hold."""
        text = self._text(name)
        try:
            return table_of(text, self.record["tables"][name]["columns"])
        except (ValueError, KeyError, AttributeError) as error:
            place = str(self.path / "tables" / f"{name}.csv")
            raise InputError(
                [Fault(place, f"a file that cannot be read ({error})", "a CSV table of the run")]
            ) from error

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of a table as text, column to cell, read without pandas. Raises InputError as `table` does."""
        import csv
        import io

        found = csv.DictReader(io.StringIO(self._text(name)))
        return [{column: unguarded(cell or "") for column, cell in row.items()} for row in found]

    def _text(self, name: str) -> str:
        from orefolio.errors import nearest

        if name not in self.names():
            remedy = nearest(name, self.names()) or f"It has {', '.join(self.names()) or 'none: there is no plan'}"
            raise InputError([Fault(str(self.path), f"no table {name!r}", "a table of the run", remedy=remedy)])
        text = sealed_text(self.path, f"tables/{name}.csv")
        if text is None:
            place = str(self.path / "tables" / f"{name}.csv")
            raise InputError([Fault(place, f"a file that {MANIFEST} does not list", "a CSV table of the run")])
        return text

    def plan(self) -> dict[tuple[str, str, int, int], float]:
        """The plan's columns that are not zero: (variable, index words joined by /, period, node) to value."""
        import csv
        import io

        rows = csv.DictReader(io.StringIO(sealed_text(self.path, PLAN) or ""))
        try:
            plan = {(r["variable"], r["index"], int(r["period"]), int(r["node"])): float(r["value"]) for r in rows}
            if not all(map(math.isfinite, plan.values())):
                raise ValueError("a value that is no finite number")
        except (ValueError, KeyError, TypeError) as error:
            found = f"a plan that cannot be read ({type(error).__name__}: {error})"
            raise InputError([Fault(str(self.path / PLAN), found, f"the columns {', '.join(PLAN_COLUMNS)}")]) from error
        return plan


def newest_run(parent: Path, case: Case, table: str) -> RunFolder | None:
    """The run of exactly this case, by its hash, that began last among those in a folder which hold a table."""
    from .case_files import case_hash

    digest = case_hash(case)
    found: list[tuple[str, RunFolder]] = []
    for place in sorted(parent.glob(f"*/{RECORD}")):
        run = RunFolder(place.parent)
        try:
            record = run.record
        except InputError:
            continue
        if record.get("case", {}).get("hash") == digest and table in run.names():
            found.append((str(record.get("timing", {}).get("started_utc", "")), run))
    return max(found, key=lambda item: item[0])[1] if found else None
