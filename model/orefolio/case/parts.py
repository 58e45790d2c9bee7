"""A case made of parts: the tables of the cases beside it laid together, and its own tables over them.

A row that several parts have must be the same in each, or stand in the case's own table, which replaces it by key.
Three tables are united instead: levers of the same range are one, others stand apart under the name of their part; an
event makes the adjustments of every part, and those of the same aim once, whatever their numbers; a basis of the same
cells in other words says both.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orefolio.errors import Fault, InputError, nearest

from .adjust import selector
from .apart import ENTITIES, Names, basis_keys, names_apart, renamed
from .columns import declared, key_columns
from .reach_of_parts import Key, Reach, key_of, spread
from .schema import TABLES
from .structure import FILE, Structure, read_structure

Rows = Mapping[str, tuple[Any, ...]]
Lines = Mapping[str, tuple[int, ...]]

ALIKE = ("base", "low", "high", "unit")
"""Columns that make two levers of one name the same lever."""

OVERLAYS = "overlays"
AGREED = ("base_year", "horizon", "grids", "after_shock", "reaction_years")
"""Entries of case.yaml that a case and its parts have alike."""


@dataclass(frozen=True)
class Part:
    """A case as its files have it: what case.yaml says, and each row with its line."""

    folder: Path
    form: Structure
    rows: Rows
    lines: Lines


@dataclass(frozen=True)
class Entry:
    """A row, its line and the folder of its file."""

    row: Any
    line: int
    folder: Path

    def place(self, table: str) -> str:
        """`file:line`, for messages."""
        return f"{self.folder / table}.csv:{self.line}"


@dataclass(frozen=True)
class Laid:
    """Tables laid together, with the line and the folder of each row."""

    rows: dict[str, tuple[Any, ...]]
    lines: dict[str, tuple[int, ...]]
    folders: dict[str, tuple[Path, ...]]
    faults: list[Fault]


def part_folders(folder: Path, form: Structure) -> list[Path]:
    """The folders of a case's parts, beside its own. Raises InputError for a name that leads nowhere or elsewhere."""
    own = folder.resolve()
    beside = folder.parent if folder.parent.resolve() == own.parent else own.parent
    found: dict[Path, Path] = {}
    faults = []
    for name in form.parts:
        problem, real = _problem(beside / name, own)
        if not problem and real in found:
            problem = "a part that is there already"
        if problem:
            remedy = nearest(name, [entry.parent.name for entry in sorted(beside.glob(f"*/{FILE}"))])
            expected = f"the name of a case beside {own.name}"
            faults.append(_fault_of_entry(folder, form, "parts", f"the part {name!r}, {problem}", expected, remedy))
        else:
            found[real] = beside / name
    if faults:
        raise InputError(faults)
    return list(found.values())


def overlays_of_parts(name: Path, folder: Path) -> list[tuple[str, Path]]:
    """Where the parts of the case in a folder may hold an overlay: NAME in any of them, PART/NAME in one.

    Each with what to call it. None where the folder holds no sound case.yaml.
    """
    try:
        form = read_structure(folder)
        parts = part_folders(folder, form) if form.parts else []
    except InputError:
        return []
    if len(name.parts) > 1:
        parts = [part for part in parts if part.name == name.parts[0]]
    return [(f"{part.name}/{name.stem}", part / OVERLAYS / name.name) for part in parts if len(name.parts) <= 2]


def _problem(path: Path, own: Path) -> tuple[str, Path]:
    """Why a folder cannot be a part of the case in the folder `own`, blank if it can; and where it really is."""
    try:
        real = path.resolve()
        there = real.is_dir()
    except (OSError, RuntimeError):
        return "a link that leads back to itself", path
    if not real.is_relative_to(own.parent) or real == own.parent:
        return "a link that leads elsewhere", real
    if real == own:
        return "the case itself", real
    return ("" if there else "no such folder"), real


def laid_together(own: Part, parts: Sequence[Part]) -> Laid:
    """The tables of the parts, and those of the case over them. Faults name both places of what does not agree."""
    faults = [fault for part in parts for fault in _disagreements(own, part)]
    faults.extend(_importers(own, parts))
    faults.extend(_unknown_apart(own))
    if faults:
        return Laid(dict(own.rows), dict(own.lines), {}, faults)
    told = _told_apart(own, parts)
    events = _numbered([part.rows["events"] for part in told], [[row] for row in own.rows["events"]])
    own = _with_rows(own, "events", events)
    laid = Laid({}, {}, {}, faults)
    for table in TABLES:
        entries = _united(table, own, told, faults)
        laid.rows[table] = tuple(entry.row for entry in entries)
        laid.lines[table] = tuple(entry.line for entry in entries)
        laid.folders[table] = tuple(entry.folder for entry in entries)
    return laid


def _fault_of_entry(folder: Path, form: Structure, key: str, found: str, expected: str, remedy: str = "") -> Fault:
    """A fault at an entry of case.yaml, or at the file as a whole where the entry is left out."""
    line, column = form.places.get(key, (0, 0))
    return Fault(str(folder / FILE), found, expected, line, column, remedy)


def _disagreements(own: Part, part: Part) -> Iterator[Fault]:
    """What case.yaml of a part has otherwise; a part with parts."""
    if part.form.parts:
        yield _fault_of_entry(part.folder, part.form, "parts", "parts of a part", "a case with tables of its own")
    for key in AGREED:
        here, there = (_said(form, key) for form in (own.form, part.form))
        if here != there:
            line = f":{own.form.places[key][0]}" if key in own.form.places else ""
            expected = f"the same {key} as in {own.folder / FILE}{line}, {here}"
            yield _fault_of_entry(part.folder, part.form, key, f"the {key} {there}", expected)


def _said(form: Structure, key: str) -> str:
    if key == "horizon":
        return f"{form.horizon_from} to {form.horizon_to}"
    if key == "grids":
        grids = (
            f"{name} ({', '.join(f'{months} months until {until}' for until, months in spans)})"
            for name, spans in sorted(form.grids.items())
        )
        return "; ".join(grids)
    if key == "after_shock":
        return " ".join(f"{name} {value}" for name, value in dataclasses.asdict(form.after_shock).items())
    return f"{getattr(form, key):g}"


def _importers(own: Part, parts: Sequence[Part]) -> Iterator[Fault]:
    wanted = list(dict.fromkeys(country for part in parts for country in part.form.importer))
    if sorted(wanted) != sorted(own.form.importer):
        found = f"the importer {', '.join(own.form.importer)}"
        yield _fault_of_entry(own.folder, own.form, "importer", found, f"those of its parts, {', '.join(wanted)}")


def _unknown_apart(own: Part) -> Iterator[Fault]:
    """Names under `apart` that are no part or no table with ids."""
    for part, tables in own.form.apart.items():
        for known, names, what in ((own.form.parts, [part], "a part"), (ENTITIES, list(tables), "a table with ids")):
            for name in names:
                if name not in known:
                    found, remedy = f"{name!r} under apart", nearest(name, known)
                    yield _fault_of_entry(own.folder, own.form, "apart", found, what, remedy)


def _told_apart(own: Part, parts: Sequence[Part]) -> list[Part]:
    """The parts, named so that what is not the same differs, and with selectors that reach what they reached."""
    names: list[Names] = []
    named: list[Part] = []
    for part in parts:
        wanted = own.form.apart.get(part.folder.name, {})
        names.append(names_apart(part.folder.name, part.rows, [other.rows for other in named], wanted))
        named.append(dataclasses.replace(part, rows=renamed(part.rows, names[-1])))
    keys = [{table: [[key_of(table, row)] for row in rows] for table, rows in part.rows.items()} for part in named]
    beside = _beside(named)
    reaches = [
        Reach(part.rows, after, beside, own_names) for part, after, own_names in zip(parts, keys, names, strict=True)
    ]
    eventful: list[Part] = []
    for part, reach, after in zip(named, reaches, keys, strict=True):
        several = spread(part.rows["events"], reach)
        numbered = _numbered([other.rows["events"] for other in eventful], several)
        after["events"] = [[key_of("events", row) for row in rows] for rows in numbered]
        eventful.append(_with_rows(part, "events", numbered))
    beside["events"] = _beside(eventful)["events"]
    told: list[Part] = []
    for part, reach, own_names in zip(eventful, reaches, names, strict=True):
        levers = _lever_names(told, part)
        turned = _with_rows(part, "lever_adjustments", spread(part.rows["lever_adjustments"], reach))
        based = _with_rows(turned, "basis", [_basis(row, own_names, reach) for row in part.rows["basis"]])
        told.append(_with_levers(based, levers))
    return told


def _beside(parts: Sequence[Part]) -> dict[str, dict[Key, Any]]:
    """The rows of all parts by table and key; of equal keys the first."""
    found: dict[str, dict[Key, Any]] = {table: {} for table in TABLES}
    for part in parts:
        for table, rows in part.rows.items():
            for row in rows:
                found[table].setdefault(key_of(table, row), row)
    return found


def _with_rows(part: Part, table: str, several: Sequence[Sequence[Any]]) -> Part:
    """A part whose rows of a table are replaced, each by one or several on the same line; equal keys stand once."""
    kept: dict[Key, tuple[Any, int]] = {}
    for line, rows in zip(part.lines[table], several, strict=True):
        for row in rows:
            kept.setdefault(key_of(table, row), (row, line))
    own_rows = {**part.rows, table: tuple(row for row, _ in kept.values())}
    own_lines = {**part.lines, table: tuple(line for _, line in kept.values())}
    return dataclasses.replace(part, rows=own_rows, lines=own_lines)


def _numbered(before: Sequence[Sequence[Any]], several: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Adjustments of events with the number of the same one of an earlier part, or else the next free number."""
    known: dict[Any, int] = {}
    taken: dict[str, set[int]] = {}
    for row in (row for rows in before for row in rows):
        known.setdefault(_aim(row), row.part)
        taken.setdefault(row.event, set()).add(row.part)
    result = []
    for rows in several:
        numbered = []
        for row in rows:
            used = taken.setdefault(row.event, set())
            number = known.get(_aim(row), row.part if row.part not in used else max(used) + 1)
            used.add(number)
            numbered.append(_with(row, part=number))
        result.append(numbered)
    return result


def _aim(row: Any) -> tuple[Any, ...]:
    """What an adjustment of an event changes and when, whatever its number and value."""
    return tuple(getattr(row, name) for name in declared(TABLES["events"]) if name not in ("part", "value"))


def _basis(row: Any, names: Names, reach: Reach) -> list[Any]:
    """A row of the basis in the new names, and in the new numbers of an event's adjustments."""
    event, _, number = row.row.rpartition("/")
    if row.table == "events" and event and number.isdecimal():
        pairs = (selector(where) for where in reach.selectors("events", f"event={event}; part={number}"))
        return [_with(row, row="/".join(pattern for _, pattern in pair)) for pair in pairs]
    return [_with(row, row=key) for key in basis_keys(row, names)]


def _lever_names(before: Sequence[Part], part: Part) -> dict[str, str]:
    """Levers of a part whose name an earlier part has for something else, each with the name that it gets."""
    known = {row.lever: row for other in before for row in other.rows["levers"]}
    return {
        row.lever: f"{row.lever}_{part.folder.name}"
        for row in part.rows["levers"]
        if row.lever in known and not _alike(row, known[row.lever])
    }


def _alike(one: Any, other: Any) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in ALIKE)


def _with_levers(part: Part, levers: Mapping[str, str]) -> Part:
    changed = {
        table: tuple(_with(row, lever=levers.get(row.lever, row.lever)) for row in part.rows[table])
        for table in ("levers", "lever_adjustments", "sweeps")
    }
    changed["sweeps"] = tuple(
        _with(row, off_lever=levers.get(row.off_lever, row.off_lever)) for row in changed["sweeps"]
    )
    return dataclasses.replace(part, rows={**part.rows, **changed})


def _with(row: Any, /, **values: Any) -> Any:
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    return dataclasses.replace(row, **changed) if changed else row


def _united(table: str, own: Part, parts: Sequence[Part], faults: list[Fault]) -> list[Entry]:
    """The rows of a table by key: of the parts in their order, replaced by the case's own, which may add some."""
    mine = dict(_entries(table, own))
    found: dict[Key, Entry] = {}
    for part in parts:
        for key, entry in _entries(table, part):
            first = found.setdefault(key, entry)
            if first.row == entry.row or key in mine or (table == "levers" and _alike(first.row, entry.row)):
                continue
            if table == "basis":
                found[key] = dataclasses.replace(first, row=_both(first, entry))
            else:
                faults.append(_fault(table, entry, first, f"the same row, or one in {own.folder / table}.csv"))
    return list({**found, **mine}.values())


def _entries(table: str, part: Part) -> Iterator[tuple[Key, Entry]]:
    for row, line in zip(part.rows[table], part.lines[table], strict=True):
        yield key_of(table, row), Entry(row, line, part.folder)


def _both(first: Entry, second: Entry) -> Any:
    """A basis that two parts give for the same cells: the facts of both, both derivations, the wider range."""
    one, other = first.row, second.row
    texts = dict.fromkeys(filter(None, (one.derivation, other.derivation)))
    return dataclasses.replace(
        one,
        facts=" ".join(dict.fromkeys((one.facts + " " + other.facts).split())),
        derivation=" | ".join(texts),
        low_multiple=min(one.low_multiple, other.low_multiple),
        high_multiple=max(one.high_multiple, other.high_multiple),
    )


def _fault(table: str, entry: Entry, first: Entry, expected: str) -> Fault:
    """A row that is not the same as that of an earlier part."""
    columns = declared(TABLES[table])
    key = "/".join(str(getattr(entry.row, name)) for name in key_columns(TABLES[table]))
    name = next(name for name in columns if getattr(entry.row, name) != getattr(first.row, name))
    here, there = getattr(entry.row, name), getattr(first.row, name)
    found = f"{key!r} with {name.removesuffix('_')} {here!r}, which is {there!r} in {first.place(table)}"
    return Fault(f"{entry.folder / table}.csv", found, expected, entry.line, 1)
