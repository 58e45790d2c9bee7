"""A folder of futures: the tables futures, future_events and draws, to be read, edited and planned for again.

futures.json says how they were made; manifest.json has the hash of each file, so that an edit shows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from orefolio import __version__
from orefolio.case.case import Case
from orefolio.case.checks import faults_of
from orefolio.case.files import TABLE_BYTES, read_text
from orefolio.case.rows import rows_of, sheet_of
from orefolio.case.schema import TABLES as DECLARED
from orefolio.errors import Fault, InputError
from orefolio.tables.folder.case_files import case_hash, table_text
from orefolio.tables.folder.durable import MANIFEST, whole_folder, write_json, write_text

from .generated import TABLES, with_rows

SCHEMA = "orefolio-futures/1"
RECORD = "futures.json"


@dataclass(frozen=True)
class Laid:
    """A case with the futures of a folder. record: how they were made. warnings: sentences."""

    case: Case
    record: Mapping[str, Any]
    warnings: tuple[str, ...]


def write_futures(folder: Path, case: Case, rows: Mapping[str, Sequence[Any]], made: Mapping[str, Any]) -> Path:
    """Write a new folder of futures and return its path. made: how, for the record.

    Raises InputError where something stands there already, SpaceError where the disk refuses.
    """
    if folder.exists():
        raise InputError([Fault(str(folder), "something there already", "a new folder for the futures")])
    record = {"schema": SCHEMA, "case": case.name, "case_hash": base_hash(case), "version": __version__, **made}
    with whole_folder(folder.parent, folder.name) as filling:
        for name in TABLES:
            if rows[name]:
                write_text(filling.folder / f"{name}.csv", table_text(DECLARED[name], rows[name]))
        write_json(filling.folder / RECORD, record)
    return filling.path


def base_hash(case: Case) -> str:
    """SHA-256 of what a case says but for its futures, and for levers and the basis, which may speak of them."""
    without = {*TABLES, "levers", "lever_adjustments", "basis"}
    return case_hash(replace(case, tables={name: rows for name, rows in case.tables.items() if name not in without}))


def lay_futures(case: Case, folder: Path) -> Laid:
    """The case with the futures of a folder in place of its own.

    Raises InputError with every fault by file, line and column: of the tables, and of the case with them.
    """
    rows: dict[str, tuple[Any, ...]] = dict.fromkeys(TABLES, ())
    lines: dict[str, tuple[int, ...]] = {}
    folders: dict[str, tuple[Path, ...]] = {}
    record = _record(folder)
    faults: list[Fault] = []
    for name in TABLES:
        if not (folder / f"{name}.csv").exists() and name != "futures":
            continue
        file = read_text(folder / f"{name}.csv", folder, TABLE_BYTES)
        sheet = sheet_of(file.text, file.name, DECLARED[name])
        if sheet.header:
            rows[name], lines[name] = rows_of(sheet, DECLARED[name])
            folders[name] = (folder,) * len(rows[name])
        faults.extend(sheet.faults)
    if faults:
        raise InputError(faults)
    laid = with_rows(case, rows)
    laid = replace(laid, lines={**laid.lines, **lines}, folders={**laid.folders, **folders})
    faults.extend(faults_of(laid, adjusted=True))
    if faults:
        raise InputError(faults)
    return Laid(laid, record, tuple(_warnings(case, folder, record)))


def _record(folder: Path) -> Mapping[str, Any]:
    """What futures.json says. Raises InputError where the folder is no folder of futures."""
    place = folder / RECORD
    if not place.is_file():
        raise InputError([Fault(str(folder), f"no {RECORD}", "a folder that `orefolio futures` wrote")])
    try:
        record = json.loads(place.read_text(encoding="utf-8"))
    except (ValueError, RecursionError, OSError) as error:
        raise InputError([Fault(str(place), f"a file that cannot be read ({error})", "JSON")]) from error
    if not isinstance(record, dict) or record.get("schema") != SCHEMA:
        raise InputError([Fault(str(place), "another schema", SCHEMA)])
    return record


def _warnings(case: Case, folder: Path, record: Mapping[str, Any]) -> list[str]:
    said = []
    if record.get("case_hash") != base_hash(case):
        said.append(f"{folder}: the futures were made for another state of the case")
    edited = [name for name in TABLES if _edited(folder, f"{name}.csv")]
    if edited:
        said.append(f"{folder}: {', '.join(f'{name}.csv' for name in edited)} changed since it was made")
    return said


def _edited(folder: Path, name: str) -> bool:
    """Whether a file is not as its hash says."""
    try:
        hashes = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["sha256"]
        content = (folder / name).read_bytes() if (folder / name).exists() else None
        return bool(hashes.get(name) != (None if content is None else hashlib.sha256(content).hexdigest()))
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return True
