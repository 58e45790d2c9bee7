"""The lower bounds of pyproject.toml as constraints of pip: `python tests/floors.py`.

`--install` prints what is to be installed with them; `--check` ends with 1 where this environment is not at the floors.
"""

from __future__ import annotations

import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"
FOR_USERS = ("app", "benchmarks", "cluster", "docs", "excel", "notebook", "report", "sensitivity", "store")
"""Extras whose floors are tried. mpi needs MPI; test and dev are tools, which only run here."""
BOUND = re.compile(r"(?P<name>[\w.-]+)(?:\[[\w,-]+\])?>=(?P<version>[\d.]+)")


def floors(project: Path = PROJECT) -> dict[str, str]:
    """Name to lowest version of every package of the dependencies and of the extras for users.

    Raises ValueError for one without a lower bound, or with two.
    """
    told = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
    extras = told.get("optional-dependencies", {})
    found: dict[str, str] = {}
    for line in [*told["dependencies"], *(line for name in FOR_USERS for line in extras.get(name, []))]:
        bound = BOUND.fullmatch(line)
        if bound is None:
            raise ValueError(f"{line!r} has no lower bound that can be tried")
        if found.setdefault(bound["name"], bound["version"]) != bound["version"]:
            raise ValueError(f"{bound['name']} has two lower bounds")
    return dict(sorted(found.items()))


def apart(wanted: dict[str, str]) -> list[str]:
    """Packages that are installed in another version than wanted, in words."""
    return [
        f"{name} {metadata.version(name)} is installed, not {version}"
        for name, version in wanted.items()
        if _parts(metadata.version(name)) != _parts(version)
    ]


def _parts(version: str) -> list[str]:
    """1.15 and 1.15.0 are the same."""
    parts = version.split(".")
    while parts and parts[-1] == "0":
        parts.pop()
    return parts


def main(words: list[str]) -> int:
    """What the words ask for; the exit code."""
    if words == ["--install"]:
        sys.stdout.write(f"{PROJECT.parent}[{','.join(FOR_USERS)}]\n")
        return 0
    if words == ["--check"]:
        found = apart(floors())
        sys.stdout.write("".join(f"{line}\n" for line in found))
        return int(bool(found))
    sys.stdout.write("".join(f"{name}=={version}\n" for name, version in floors().items()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
