"""Show versions of Python, orefolio and what it needs, and which extras are there."""

from __future__ import annotations

import platform
import re
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

import click

import orefolio
from orefolio.cli.output import Output, aligned, pass_output
from orefolio.errors import MissingExtraError

SCHEMA = "orefolio/doctor/1"
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
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_output
def doctor(output: Output, as_json: bool) -> None:
    """Show versions and extras; exit code 8 where something that every command needs is missing or too old."""
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
