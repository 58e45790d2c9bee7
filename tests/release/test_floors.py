"""The lower bounds of pyproject.toml as `.ci/floors` tries them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import floors
from floors import FOR_USERS, PROJECT, apart


def project(folder: Path, dependencies: list[str], report: list[str]) -> Path:
    place = folder / "pyproject.toml"
    place.write_text(f"[project]\ndependencies = {dependencies}\n[project.optional-dependencies]\nreport = {report}\n")
    return place


def test_a_floor_is_the_bound_of_each_package_once(tmp_path: Path) -> None:
    found = floors.floors(project(tmp_path, ["b>=1.15", "a-b[x]>=2025.1"], ["b>=1.15", "c>=6.0.1"]))
    assert list(found.items()) == [("a-b", "2025.1"), ("b", "1.15"), ("c", "6.0.1")]


@pytest.mark.parametrize(("one", "other"), [("a", "b>=1"), ("a<2", "b>=1"), ("a>=1", "a>=2")])
def test_a_package_without_one_floor_is_refused(tmp_path: Path, one: str, other: str) -> None:
    with pytest.raises(ValueError, match="lower bound"):
        floors.floors(project(tmp_path, [one], [other]))


def test_every_package_of_users_has_a_floor_that_this_environment_keeps() -> None:
    """The same bound wherever a package stands, also among those of the tests."""
    told = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    extras = told["optional-dependencies"]
    assert set(FOR_USERS) == set(extras) - {"mpi", "test", "dev"}
    tested = {bound["name"]: bound["version"] for line in extras["test"] if (bound := floors.BOUND.fullmatch(line))}
    for name, version in floors.floors().items():
        assert tested.get(name, version) == version


def test_a_package_off_its_floor_is_told() -> None:
    """pytest is here in some version: not in version 0.1, and in its own with a nought added."""
    assert apart({"pytest": "0.1"}) == [f"pytest {pytest.__version__} is installed, not 0.1"]
    assert apart({"pytest": f"{pytest.__version__}.0"}) == []
