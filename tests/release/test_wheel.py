"""The wheel in clean environments: installed by pip alone, it copies, checks and solves an example elsewhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

import orefolio
from command_line import REPOSITORY

VERSIONS = ("3.11", "3.12", "3.13", "3.14")
SECONDS = 1200


@cache
def interpreter(version: str) -> str | None:
    """A Python of a version: this one, one on the path, or one of pyenv."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [sys.executable, shutil.which(f"python{version}"), *map(str, sorted(pyenv.glob(f"{version}.*/bin/python")))]
    for place in filter(None, found):
        told = subprocess.run([place, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], capture_output=True,
                              text=True, check=False)  # fmt: skip
        if told.stdout.strip() == version:
            return place
    return None


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    subprocess.run(build, cwd=REPOSITORY, capture_output=True, check=True, timeout=SECONDS)
    (found,) = place.glob("*.whl")
    return found


def alone() -> Mapping[str, str]:
    """This environment's variables but those that lead to this tree or to this Python's packages."""
    led = ("PYTHON", "VIRTUAL_ENV", "OREFOLIO", "COV", "PYTEST")
    return {name: value for name, value in os.environ.items() if not name.startswith(led)}


def test_the_wheel_bears_the_version_of_the_package(wheel: Path) -> None:
    assert wheel.name == f"orefolio-{orefolio.__version__}-py3-none-any.whl"
    assert len(orefolio.__version__.split(".")) == 3
    assert all(part.isdecimal() for part in orefolio.__version__.split("."))


@pytest.mark.long
@pytest.mark.parametrize("version", VERSIONS)
def test_the_wheel_runs_outside_the_repository(wheel: Path, tmp_path: Path, version: str) -> None:
    """Without extras: register, example case, check, a solve that is proved and audited, and its plan shown."""
    python = interpreter(version)
    if python is None:
        pytest.skip(f"there is no Python {version} here")
    place = tmp_path / "environment"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    def run(*words: str) -> str:
        done = subprocess.run(words, cwd=elsewhere, env=alone(), capture_output=True, text=True, timeout=SECONDS,
                              check=False)  # fmt: skip
        assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    run(python, "-m", "venv", str(place))
    run(str(place / "bin" / "pip"), "install", "-q", str(wheel))
    command = str(place / "bin" / "orefolio")
    where = run(str(place / "bin" / "python"), "-c", "import orefolio; print(orefolio.__file__)").strip()
    assert Path(where).resolve().is_relative_to(place.resolve())
    assert json.loads(run(command, "facts", "--json"))["count"] > 100
    run(command, "new", "mine", "--from", "minerals-us")
    run(command, "check", "mine")
    answer = json.loads(run(command, "solve", "mine", "--grid", "yearly", "--abs-gap", "50", "--json"))
    assert (answer["status"], answer["audit"]["passed"]) == ("optimal", True)
    assert "Expected cost" in run(command, "show", answer["run_dir"])
