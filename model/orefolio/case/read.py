"""Read a case: case.yaml and the tables beside it. Every fault is gathered; one error carries them all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orefolio.errors import Fault, InfeasibleError, InputError, nearest

from .case import Case
from .checks import faults_of, faults_of_names, infeasible_parts_of, warnings_of
from .files import CASE_BYTES, TABLE_BYTES, read_text
from .parts import OVERLAYS, Part, laid_together, part_folders
from .rows import rows_of, sheet_of
from .schema import REQUIRED, TABLES
from .schema_steps import in_todays_words
from .structure import FILE, SCHEMA, Structure, read_structure


@dataclass(frozen=True)
class Loaded:
    """A case that was read and checked: what deserves attention, and why it can have no plan (as a rule nothing)."""

    case: Case
    warnings: tuple[Fault, ...] = ()
    infeasible: tuple[Fault, ...] = ()


def load_case(folder: str | Path) -> Case:
    """Read and check a case.

    Raises InputError with every fault as file:line:column, and InfeasibleError where a demand that must be met has no
    source.
    """
    case, _ = _read_sound(Path(folder))
    parts = infeasible_parts_of(case)
    if parts:
        raise InfeasibleError("\n".join(map(str, parts)))
    return case


def load_case_with_warnings(folder: str | Path) -> Loaded:
    """Read and check a case, and keep what deserves attention. Raises InputError with every fault."""
    case, warnings = _read_sound(Path(folder))
    return Loaded(case, (*warnings, *warnings_of(case)), infeasible_parts_of(case))


def _read_sound(folder: Path) -> tuple[Case, tuple[Fault, ...]]:
    case, warnings = read_case(folder)
    faults = faults_of(case)
    if faults:
        raise InputError(faults)
    return case, warnings


def read_case(folder: Path) -> tuple[Case, tuple[Fault, ...]]:
    """Read a case without checking what its numbers mean; the case, and warnings on its files."""
    folder = _folder(folder)
    reading = _Reading(folder)
    reading.structure()
    reading.tables()
    reading.parts()
    if reading.form is not None and not reading.faults:
        return reading.case(reading.form), tuple(reading.warnings)
    if reading.form is not None and (reading.folders or not reading.form.parts):
        reading.faults.extend(faults_of_names(reading.case(reading.form), reading.broken))
    raise InputError(reading.faults)


def _folder(folder: Path) -> Path:
    try:
        if folder.is_dir():
            return folder
        there = folder.exists()
    except (OSError, ValueError, RuntimeError):
        there = False
    raise InputError([Fault(str(folder), "a file" if there else "nothing there", "the folder of a case")])


class _Reading:
    """What was read so far, and what was wrong with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []
        self.broken: set[str] = set()
        self.read_bytes = 0
        self.form: Structure | None = None
        self.rows: dict[str, tuple[Any, ...]] = dict.fromkeys(TABLES, ())
        self.lines: dict[str, tuple[int, ...]] = dict.fromkeys(TABLES, ())
        self.folders: dict[str, tuple[Path, ...]] = {}

    def structure(self) -> None:
        try:
            self.form = read_structure(self.folder)
        except InputError as error:
            self.faults.extend(error.faults)
        if self.form is not None and self.form.schema != SCHEMA:
            line, column = self.form.places["schema"]
            remedy = f"It is read in the words of {SCHEMA}; the case/ of a run of it is written in them"
            place = str(self.folder / FILE)
            self.warnings.append(Fault(place, f"the older schema {self.form.schema}", SCHEMA, line, column, remedy))

    def tables(self) -> None:
        try:
            present = {entry.name for entry in self.folder.iterdir()}
        except OSError as error:
            self.faults.append(Fault(str(self.folder), f"a folder that cannot be listed ({error})", "a case"))
            return
        for name in TABLES:
            if f"{name}.csv" in present:
                self._table(name)
            elif name in REQUIRED and not (self.form and self.form.parts):
                place = str(self.folder / f"{name}.csv")
                self.faults.append(Fault(place, "no such file", "a table that no case lacks"))
                self.broken.add(name)
        for entry in sorted(present):
            self._extra(entry)

    def parts(self) -> None:
        """Lay the tables of the parts together, and this folder's own over them."""
        if self.form is None or not self.form.parts:
            return
        try:
            folders = part_folders(self.folder, self.form)
        except InputError as error:
            self.faults.extend(error.faults)
            return
        readings = [_Reading(folder) for folder in folders]
        for reading in readings:
            reading.structure()
            reading.tables()
            self.faults.extend(reading.faults)
            self.warnings.extend(reading.warnings)
        if self.faults:
            return
        whole = [reading.part(reading.form) for reading in readings if reading.form is not None]
        laid = laid_together(self.part(self.form), whole)
        self.faults.extend(laid.faults)
        self.rows, self.lines, self.folders = laid.rows, laid.lines, laid.folders

    def part(self, form: Structure) -> Part:
        """What was read, to be laid together with others."""
        return Part(self.folder, form, self.rows, self.lines)

    def _table(self, name: str) -> None:
        try:
            file = read_text(self.folder / f"{name}.csv", self.folder, TABLE_BYTES)
            self.read_bytes += len(file.text.encode())
            if self.read_bytes > CASE_BYTES:
                found = f"{self.read_bytes:,} bytes, so much with the tables before it"
                raise InputError([Fault(file.name, found, f"at most {CASE_BYTES:,} bytes")])
        except InputError as error:
            self.faults.extend(error.faults)
            self.broken.add(name)
            return
        text = in_todays_words(file.text, name, self.form.schema if self.form else SCHEMA)
        sheet = sheet_of(text, file.name, TABLES[name])
        if sheet.header:
            self.rows[name], self.lines[name] = rows_of(sheet, TABLES[name])
        if not sheet.records and not sheet.faults:
            remedy = "" if name in REQUIRED else "Where the case has none, leave the file out"
            sheet.faults.append(Fault(file.name, "a header only", "at least one row", 2, 1, remedy))
        if sheet.faults:
            self.broken.add(name)
        self.faults.extend(sheet.faults)
        self.warnings.extend(sheet.warnings)

    def _extra(self, entry: str) -> None:
        known = [FILE, *(f"{name}.csv" for name in TABLES)]
        if entry in known or entry == OVERLAYS or entry.startswith(("README", ".")):
            return
        offer = entry.lower() if entry.lower() in known else ""
        remedy = f"Name it {offer}: it is not read" if offer else nearest(entry, known) or "It is not read"
        place = str(self.folder / entry)
        self.warnings.append(Fault(place, "a file that is no table", "the files of a case", remedy=remedy))

    def case(self, form: Structure) -> Case:
        return Case(
            name=form.name,
            title=form.title,
            folder=self.folder,
            importer=form.importer,
            base_year=form.base_year,
            horizon_from=form.horizon_from,
            horizon_to=form.horizon_to,
            grid=form.grid,
            grids=form.grids,
            after_shock=form.after_shock,
            reaction_years=form.reaction_years,
            tables=self.rows,
            lines=self.lines,
            turned=form.turned or {},
            folders=self.folders,
            as_written=form.turned is None,
        )
