"""An overlay: a named set of levers and adjustments laid over a case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from os.path import isfile
from pathlib import Path

from orefolio.errors import Fault, InputError, nearest

from .adjust import Adjustment
from .case import Case
from .cells import CellError, plain_number
from .checks import faults_of
from .checks.targets import target_problem, value_problem
from .files import YAML_BYTES, read_text
from .parts import OVERLAYS as FOLDER
from .parts import overlays_of_parts
from .schema.futures import OPERATIONS
from .yaml_shape import Shape
from .yaml_text import Node, parse_yaml

SCHEMA = "orefolio-overlay/1"
KNOWN = ("schema", "title", "levers", "adjustments")
PARTS = ("table", "where", "column", "operation", "value", "because")
BIGGEST = 1e12


@dataclass(frozen=True)
class Overlay:
    """Levers by name, and adjustments made before the levers are turned. `places`: line and column of each part."""

    title: str
    levers: Mapping[str, float]
    adjustments: tuple[Adjustment, ...]
    path: Path
    places: Mapping[str, tuple[int, int]]


def find_overlay(name: str | Path, case_folder: Path | None = None) -> Path:
    """The file of an overlay: in the case's own overlays first, then in its parts', then from the working directory."""
    given = Path(name)
    whole = given.suffix in (".yaml", ".yml") or not given.name
    names = [given] if whole else [given, given.with_name(f"{given.name}.yaml")]
    folders = [] if case_folder is None or ".." in given.parts else [case_folder / FOLDER, case_folder]
    parts = _held_by_parts(names, folders)
    for path in [folder / entry for folder in folders for entry in names] + parts + names:
        try:
            if path.exists() and not path.is_dir():
                return path
        except (OSError, ValueError, RuntimeError):
            continue
    known: list[str] = []
    if case_folder is not None and (case_folder / FOLDER).is_dir():
        known = sorted(path.stem for path in (case_folder / FOLDER).glob("*.yaml"))
    remedy = nearest(given.stem, known) or (f"The case has: {', '.join(known)}" if known else "")
    raise InputError([Fault(str(name), "no such file", "an overlay of the case or a path", remedy=remedy)])


def _held_by_parts(names: list[Path], folders: list[Path]) -> list[Path]:
    """Where a part of the case holds an overlay that the case has not. Raises InputError where several parts do."""
    is_file = isfile  # Path.is_file raises where a name is too long to ask for
    if not folders or any(is_file(folder / entry) for folder in folders for entry in names):
        return []
    *_, case_folder = folders
    held = {word: path for entry in names for word, path in overlays_of_parts(entry, case_folder) if is_file(path)}
    if len(held) > 1:
        remedy = f"Say {' or '.join(held)}"
        raise InputError([Fault(str(names[0]), "an overlay of several parts", "one of them", remedy=remedy)])
    return list(held.values())


def load_overlay(name: str | Path, case_folder: Path | None = None) -> Overlay:
    """Read an overlay. Raises InputError with every fault as file:line:column."""
    path = find_overlay(name, case_folder)
    of_case = case_folder is not None and path.is_relative_to(case_folder)
    file = read_text(path, case_folder if of_case and case_folder else path.parent, YAML_BYTES)
    shape = Shape(file.name)
    entries = shape.entries(parse_yaml(file.text, file.name), KNOWN, ("title",))
    version = entries.get("schema")
    if version is not None and version.text != SCHEMA:
        shape.fault(version, str(version), SCHEMA)
    title = shape.text(entries.get("title"))
    levers = {
        lever: shape.number(node, -BIGGEST, BIGGEST, "see the lever")
        for lever, node in shape.named(entries.get("levers")).items()
    }
    items = shape.items(entries.get("adjustments"), "adjustments")
    adjustments = tuple(_adjustment(shape, item) for item in items)
    if shape.faults:
        raise InputError(shape.faults)
    places = dict(entries["levers"].keys) if "levers" in entries else {}
    places |= {f"adjustment {number}": (item.line, item.column) for number, item in enumerate(items)}
    return Overlay(title, levers, adjustments, path, places)


def _adjustment(shape: Shape, node: Node) -> Adjustment:
    entries = shape.entries(node, PARTS, ("table", "column", "operation", "value"))
    operation = shape.text(entries.get("operation"))
    if operation and operation not in OPERATIONS:
        remedy = nearest(operation, OPERATIONS)
        shape.fault(entries["operation"], repr(operation), " or ".join(OPERATIONS), remedy)
    return Adjustment(
        table=shape.text(entries.get("table")),
        where=shape.text(entries.get("where")) if "where" in entries else "*",
        column=shape.text(entries.get("column")),
        operation="multiply" if operation == "multiply" else "add" if operation == "add" else "set",
        value=shape.number(entries.get("value"), -BIGGEST, BIGGEST, "unit of the column"),
        because=shape.text(entries.get("because")) if "because" in entries else "",
    )


def parse_lever(text: str) -> tuple[str, float]:
    """The lever and value of `LEVER=VALUE`. Raises InputError."""
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise InputError([Fault("--set", repr(text), "LEVER=VALUE")])
    try:
        return name.strip(), plain_number(value.strip())
    except CellError as error:
        raise InputError([Fault(f"--set {name.strip()}", error.found, error.expected, remedy=error.remedy)]) from None


def parse_levers(texts: Iterable[str]) -> dict[str, float]:
    """Levers by name, of texts `LEVER=VALUE`. Raises InputError, also where a lever is given twice."""
    levers: dict[str, float] = {}
    for name, value in map(parse_lever, texts):
        if name in levers:
            raise InputError([Fault(f"--set {name}", "it twice", "each lever once")])
        levers[name] = value
    return levers


def adjusted_case(case: Case, overlays: Iterable[Overlay], levers: Mapping[str, float]) -> Case:
    """The case under overlays, in their order, and then levers. Raises InputError where a part misses the case.

    All levers are turned together and last, those given here over those of the overlays.
    """
    turned: dict[str, float] = {}
    faults: list[Fault] = []
    laid: set[Path] = set()
    for overlay in overlays:
        if overlay.path.resolve() in laid:
            faults.append(Fault(str(overlay.path), "the overlay twice", "each overlay once"))
        laid.add(overlay.path.resolve())
        sound, wrong = _sound_adjustments(case, overlay)
        faults.extend(wrong)
        faults.extend(_unknown_levers(case, overlay.levers, str(overlay.path), overlay.places))
        case = case.adjusted(sound)
        turned.update(overlay.levers)
    faults.extend(_unknown_levers(case, levers, "--set", {}))
    turned.update(levers)
    if faults:
        raise InputError(faults)
    changed = case.with_levers(turned) if turned else case
    faults.extend(faults_of(changed, adjusted=True))
    if faults:
        raise InputError(faults)
    return changed


def further_adjusted(case: Case, adjustments: Iterable[Adjustment]) -> Case:
    """The case under adjustments on top of all others. Raises InputError where one misses it, or makes it unsound."""
    last = Overlay("", {}, tuple(adjustments), Path("adjustments"), {})
    return adjusted_case(case, [last], {}) if last.adjustments else case


def levers_out_of_range(case: Case) -> list[str]:
    """Sentences on levers that were turned beyond their low or high end."""
    return [
        f"{row.lever} is set to {case.turned[row.lever]:g}, outside its range {row.low:g} to {row.high:g}"
        for row in case.rows("levers")
        if row.lever in case.turned and not row.low <= case.turned[row.lever] <= row.high
    ]


def _sound_adjustments(case: Case, overlay: Overlay) -> tuple[list[Adjustment], list[Fault]]:
    sound, faults = [], []
    for number, adjustment in enumerate(overlay.adjustments):
        target = adjustment.table, adjustment.where, adjustment.column
        problem = target_problem(case, *target) or value_problem(case, adjustment)
        if problem is None:
            sound.append(adjustment)
            continue
        _, found, expected, remedy = problem
        line, column = overlay.places.get(f"adjustment {number}", (0, 0))
        faults.append(Fault(str(overlay.path), found, expected, line, column, remedy))
    return sound, faults


def _unknown_levers(case: Case, levers: Iterable[str], file: str, places: Mapping[str, tuple[int, int]]) -> list[Fault]:
    known = [row.lever for row in case.rows("levers")]
    return [
        Fault(file, f"the lever {name!r}", "a lever of the case", *places.get(name, (0, 0)), nearest(name, known))
        for name in levers
        if name not in known
    ]
