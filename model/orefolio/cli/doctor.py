"""Show versions and extras; with a case, how large its program is and how far its numbers lie apart."""

from __future__ import annotations

import platform
import re
import sys
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import orefolio
from orefolio.cli.changed import changes
from orefolio.cli.output import Output, aligned, pass_output
from orefolio.errors import MissingExtraError

if TYPE_CHECKING:
    from orefolio.case.case import Case
    from orefolio.program.merge import Merged
    from orefolio.program.program import Program
    from orefolio.program.ranges import Extent

SCHEMA = "orefolio/doctor/1"
CASE_SCHEMA = "orefolio/doctor-case/1"
NEAR = 0.1  # of what is refused
EASY = 1e6  # ratio of coefficients up to which a solver keeps all its digits that count
MEGABYTE = 2**20
BUNDLES = {"", "dev"}
PYPROJECT = Path(orefolio.__file__).parents[2] / "pyproject.toml"


@dataclass(frozen=True)
class Need:
    """A package that orefolio or one of its extras needs. `found` is empty where it is missing."""

    package: str
    at_least: str
    extra: str
    found: str

    @property
    def state(self) -> str:
        """`present`, `missing` or `too old`."""
        if not self.found:
            return "missing"
        return "present" if _release(self.found) >= _release(self.at_least) else "too old"


@click.command()
@click.argument("folder", metavar="[CASE]", type=click.Path(path_type=Path), required=False)
@changes
@click.option("--grid", metavar="NAME", help="Tell time by this grid of the case.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_output
def doctor(
    output: Output,
    folder: Path | None,
    levers: Sequence[str],
    overlays: Sequence[str],
    grid: str | None,
    as_json: bool,
) -> None:
    """Show versions and extras; exit code 8 where something that every command needs is missing or too old.

    With the folder of a case: how large its program is, how far its numbers lie apart, and what is near a refusal. The
    program is built and not solved.
    """
    if folder is not None:
        _examine(output, folder, levers, overlays, grid, as_json)
        return
    if levers or overlays or grid:
        raise click.UsageError("--set, --overlay and --grid need a case.")
    needs = installed(requirements())
    core = [need for need in needs if not need.extra]
    names = sorted({need.extra for need in needs} - BUNDLES)
    extras = {name: [need for need in needs if need.extra == name] for name in names}
    bad = [need.package for need in core if need.state != "present"]
    if as_json:
        output.answer_json(SCHEMA, {"ok": not bad, **_machine(), "core": _records(core), "extras": _extras(extras)})
    else:
        output.answer(_page(core, extras))
    if bad:
        raise MissingExtraError(f"missing or too old: {', '.join(bad)}. Install with: pip install --upgrade orefolio")


def requirements() -> list[str]:
    """What orefolio needs, as the installed package says, or as pyproject.toml says where it runs from its source."""
    try:
        return metadata.requires("orefolio") or []
    except metadata.PackageNotFoundError:
        project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
        extras = project["optional-dependencies"].items()
        return [*project["dependencies"], *(f'{line}; extra == "{name}"' for name, lines in extras for line in lines)]


def installed(lines: Iterable[str]) -> list[Need]:
    """Look each requirement up; orefolio itself, which a bundle of extras names, is none."""
    needs = []
    for line in lines:
        package = re.match(r"[\w.-]+", line)
        extra = re.search(r"extra\s*==\s*[\"']([\w-]+)", line)
        bound = re.search(r">=\s*([\w.]+)", line)
        if package and package[0] != "orefolio":
            found = _version(package[0])
            needs.append(Need(package[0], bound[1] if bound else "0", extra[1] if extra else "", found))
    return sorted(needs, key=lambda need: (need.extra, need.package.lower()))


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _release(version: str) -> tuple[int, ...]:
    numbers = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in numbers[0].split(".")) if numbers else ()


def _machine() -> dict[str, object]:
    return {"orefolio": orefolio.__version__, "python": platform.python_version(), "platform": platform.platform()}


def _install(extra: str) -> str:
    return f"pip install 'orefolio[{extra}]'"


def _records(needs: Iterable[Need]) -> list[dict[str, object]]:
    return [{**asdict(need), "state": need.state} for need in needs]


def _extras(extras: dict[str, list[Need]]) -> list[dict[str, object]]:
    return [
        {
            "name": name,
            "present": all(need.state == "present" for need in needs),
            "install": _install(name),
            "packages": _records(needs),
        }
        for name, needs in extras.items()
    ]


def _page(core: list[Need], extras: dict[str, list[Need]]) -> str:
    machine = [(name, value) for name, value in _machine().items()] + [("interpreter", sys.executable)]
    packages = [(need.package, need.found or "-", need.at_least, need.state) for need in core]
    rows = []
    for name, needs in extras.items():
        wanting = [f"{need.package} {need.state}" for need in needs if need.state != "present"]
        rows.append((name, ", ".join(wanting) or "present", _install(name) if wanting else ""))
    return "\n\n".join(
        (
            aligned(("what", "version"), machine),
            aligned(("needed", "found", "at least", "state"), packages),
            aligned(("extra", "state", "install with"), rows),
        )
    )


def _examine(
    output: Output, folder: Path, levers: Sequence[str], overlays: Sequence[str], grid: str | None, as_json: bool
) -> None:
    """Build the program of a case and tell its size and ranges."""
    from orefolio import api
    from orefolio.case.overlay import parse_lever

    study = api.load(folder)
    if overlays or levers:
        study = study.what_if(*overlays, **dict(parse_lever(text) for text in levers))
    grid = grid or study.case.grid
    record = examined(study.case, api.built(study, grid), grid)
    if as_json:
        output.answer_json(CASE_SCHEMA, record)
    else:
        output.answer(_case_page(record))


def examined(case: Case, merged: Merged, grid: str) -> dict[str, Any]:
    """Size, ranges, and what is near a refusal, of a case and its program on a grid."""
    from orefolio.program.ranges import extents
    from orefolio.program.size import available_bytes, size_of

    size, left = size_of(case, grid), available_bytes()
    rows, columns, nonzeros = merged.program.shape
    return {
        "size": {**asdict(size), "product": size.product, "limit": _size_limit(case)},
        "memory": {"needed_bytes": size.bytes, "free_bytes": left},
        "program": {
            "rows": rows,
            "columns": columns,
            "yes_or_no": int(merged.program.integer.sum()),
            "nonzeros": nonzeros,
        },
        "ranges": [_range(extent, merged.program) for extent in extents(merged.program)],
        "worst": _worst(case, merged),
        "hints": _hints(case, merged, grid),
    }


def _range(extent: Extent, program: Program) -> dict[str, Any]:
    """An extent as a record, with the labels of the rows or columns at its two ends."""
    labels = program.rows if extent.kind in ("coefficient", "right side") else program.columns
    ends = {"least": str(labels[extent.least]), "most": str(labels[extent.most])}
    return {**asdict(extent), **ends, "ratio": extent.ratio}


def _size_limit(case: Case) -> float:
    from orefolio.program.size import LIMIT

    return case.setting("size_limit", LIMIT)


def _worst(case: Case, merged: Merged) -> list[dict[str, Any]]:
    """The row with the widest range and the switch with the largest constant, in words and with their places."""
    from orefolio.analyses.explain.words import Speaker
    from orefolio.case.checks.place import fault_at
    from orefolio.program.ranges import widest_row
    from orefolio.program.switches import LARGEST, source_of, switches

    found = []
    program, widest = merged.program, widest_row(merged.program)
    if widest is not None:
        label = program.rows[widest.row]
        upper, lower = program.row_upper[widest.row], program.row_lower[widest.row]
        said = Speaker.of(merged).rule(label, float(upper if upper < float("inf") else lower))
        numbers = f"from {widest.smallest:.3g} to {widest.largest:.3g}"
        places = list(said.places)
        found.append(
            {"what": "widest row", "row": str(label), "ratio": widest.ratio, "limit": None, "words": said.text}
            | {"numbers": numbers, "places": places}
        )
    for switch in switches(program)[:1]:
        source, places = source_of(case, switch.decision), []
        if source is not None:
            fault = fault_at(case, source.table, source.number, source.column, "", "")
            places = [f"{source.table}.csv:{fault.line}:{fault.column}"]
        words = f"{switch.decision.name} of {', '.join(switch.decision.index)} switches up to {switch.ratio:,.6g} t"
        found.append(
            {"what": "largest switch", "row": str(switch.row), "ratio": switch.ratio, "limit": LARGEST, "words": words}
            | {"numbers": f"{switch.ratio:.3g}", "places": places}
        )
    return found


def _hints(case: Case, merged: Merged, grid: str) -> list[str]:
    """Sentences on what makes the program hard to reckon with, or is near what is refused."""
    from orefolio.program.ranges import extents
    from orefolio.program.size import available_bytes, size_of
    from orefolio.program.switches import LARGEST, switches
    from orefolio.solve.check import LARGEST as TOO_LARGE
    from orefolio.solve.check import SMALLEST as TOO_SMALL

    found, size, left = [], size_of(case, grid), available_bytes()
    for extent in extents(merged.program):
        if extent.kind == "coefficient" and extent.smallest < TOO_SMALL / NEAR:
            found.append(f"{extent.family}: the smallest coefficient, {extent.smallest:.3g}, is near {TOO_SMALL:g}")
        if extent.largest > TOO_LARGE * NEAR:
            found.append(f"{extent.family}: the largest {extent.kind}, {extent.largest:.3g}, is near {TOO_LARGE:g}")
        if extent.kind == "coefficient" and extent.ratio > EASY:
            found.append(f"{extent.family}: coefficients lie {extent.ratio:.1g} times apart, above {EASY:g}")
    found += [
        f"{switch.row}: a decision switches {switch.ratio:,.6g} t, near the most, {LARGEST:,.0f}"
        for switch in switches(merged.program)[:1]
        if switch.ratio > LARGEST * NEAR
    ]
    if size.product > NEAR * _size_limit(case):
        found.append(f"the size, {size}, is near the limit, {_size_limit(case):,.0f}")
    if left is not None and size.bytes > left / 2:
        found.append(f"the memory needed, {size.bytes // MEGABYTE:,} MB, is over half of what is free")
    return found


def _case_page(record: dict[str, Any]) -> str:
    size, memory, program = record["size"], record["memory"], record["program"]
    free = "unknown" if memory["free_bytes"] is None else f"{memory['free_bytes'] // MEGABYTE:,} MB"
    product = f"{size['rows']:,} × {size['periods']:,} × {size['futures']:,} = {size['product']:,}"
    figures = [
        ("rows × periods × futures", f"{product}, limit {size['limit']:,.0f}"),
        ("memory needed, about", f"{memory['needed_bytes'] // MEGABYTE:,} MB, free {free}"),
        ("program", f"{program['rows']:,} rows, {program['columns']:,} columns, {program['yes_or_no']:,} yes or no"),
    ]
    ranges = [
        (
            *(entry["kind"], entry["family"], f"{entry['count']:,}"),
            *(f"{entry[name]:.3g}" for name in ("smallest", "largest", "ratio")),
        )
        for entry in record["ranges"]
    ]
    worst = [
        f"{entry['what']}: {entry['row']}, {entry['numbers']}. {entry['words']} ({', '.join(entry['places']) or '-'})"
        for entry in record["worst"]
    ]
    hints = record["hints"] or ["nothing is near a refusal"]
    head = ("number", "family", "count", "smallest", "largest", "ratio")
    return "\n\n".join((aligned(("what", "size"), figures), aligned(head, ranges), "\n".join(worst), "\n".join(hints)))
