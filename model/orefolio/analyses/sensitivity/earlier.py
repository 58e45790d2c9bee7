"""A sweep or a screen of before, taken from its folder: its points, its rows, its tables."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orefolio.analyses.sweep.analysis import Asked
from orefolio.analyses.sweep.folder import DONE, FAILED, HEAD, MANIFEST, TABLE, SweepFolder
from orefolio.analyses.sweep.point import Point
from orefolio.analyses.sweep.run import LEVER, Standing, Swept
from orefolio.analyses.sweep.sealed import opened
from orefolio.errors import Fault, InputError
from orefolio.tables.folder.case_files import case_hash


def finished(asked: Asked, place: Path, flag: str) -> Swept:
    """A finished sweep of the same case under the same overlays. Raises InputError where the folder holds none."""
    head = same_case(asked, place, flag)
    laid = case_hash(asked.case_at(Point()))
    if head["laid"] != laid:
        raise _refused(flag, place, "a sweep under other overlays", "the overlays of this command")
    table = place / TABLE
    try:
        listed = json.loads((place / MANIFEST).read_bytes())["sha256"][TABLE]
        content = table.read_bytes()
    except (OSError, ValueError, KeyError, TypeError):
        raise _refused(flag, place, "no finished sweep", "one that has ended; --resume ends it") from None
    if hashlib.sha256(content).hexdigest() != listed:
        raise _refused(flag, table, "other bytes than were written", "the table as it was written")
    rows = list(csv.DictReader(content.decode().splitlines()))
    names = [column.removeprefix(LEVER) for column in (rows[0] if rows else ()) if column.startswith(LEVER)]
    points = [Point(levers={name: float(row[LEVER + name]) for name in names}) for row in rows]
    folder = SweepFolder(place, {name: value for name, value in head.items() if name != "key"}, points)
    folder.states[:] = bytes(FAILED if row["state"] == "failed" else DONE for row in rows)
    failed = folder.states.count(FAILED)
    standing = Standing(len(rows), len(rows) - failed, failed, len(rows), 0.0)
    return Swept(folder, {name: head["levers"][name] for name in names}, tuple(head["columns"]), standing)


def same_case(asked: Asked, place: Path, flag: str) -> dict[str, Any]:
    """The head of the sweep in a folder. Raises InputError where there is none or it is of another case."""
    if not (place / HEAD).is_file():
        raise _refused(flag, place, f"no {HEAD}", "the folder of a sweep of this case")
    head = opened(place / HEAD)
    if head.get("case") != case_hash(asked.case):
        raise _refused(flag, place, "a sweep of another case", "one of this case as it stands")
    return head


def table(place: Path, name: str, columns: tuple[str, ...], flag: str) -> list[Mapping[str, str]]:
    """The rows of a table that an analysis left in its folder. Raises InputError where it is not there or not whole."""
    path = place / f"{name}.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows: list[Mapping[str, str]] = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _refused(flag, path, f"a file that cannot be read ({error})", f"the table {name} of a screen") from None
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise _refused(flag, path, f"no column {missing[0]}", f"the table {name} of a screen")
    return rows


def _refused(flag: str, place: Path, found: str, expected: str) -> InputError:
    return InputError([Fault(f"{flag} {place}", found, expected)])
