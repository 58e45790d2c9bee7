"""A copy of this tree that is changed and run as a contributor would: with the commands of CONTRIBUTING.md."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
NOT_COPIED = (
    ".venv",
    ".venv-floors",
    ".git",
    ".*_cache",
    ".hypothesis",
    "__pycache__",
    "*.pyc",
    "dist",
    "build",
    "results",
)
MADE = {".venv", ".pytest_cache", ".ruff_cache", "__pycache__"}
SECONDS = 600
COMMANDS = {
    "python": f"exec {shlex.quote(sys.executable)} ",
    "pytest": f"exec {shlex.quote(sys.executable)} -m pytest ",
    "orefolio": f"exec {shlex.quote(sys.executable)} -c 'from orefolio.cli import main; main()' ",
}


@dataclass(frozen=True)
class Tree:
    """A copy of the tree in a folder."""

    root: Path

    @classmethod
    def copied(cls, root: Path) -> Tree:
        """Everything but environments, caches and runs. Its environment is the one that runs the tests."""
        shutil.copytree(REPOSITORY, root, ignore=shutil.ignore_patterns(*NOT_COPIED))
        tree = cls(root)
        tree._borrow_environment()
        return tree

    def write(self, path: str, text: str) -> None:
        """A new file; one that stands there already is no new file."""
        place = self.root / path
        assert not place.exists(), path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")

    def add_line(self, path: str, after: str, line: str) -> None:
        """One line into a file, after the only line that reads so."""
        lines = (self.root / path).read_text(encoding="utf-8").split("\n")
        assert lines.count(after) == 1, (path, after)
        assert "\n" not in line
        lines.insert(lines.index(after) + 1, line)
        (self.root / path).write_text("\n".join(lines), encoding="utf-8")

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """A command of the shell in the root of the tree, on the tree's own package."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV_CORE"))}
        return subprocess.run(
            ["bash", "-c", f"set -e -o pipefail\n{command}"], cwd=self.root, env=environment, capture_output=True,
            text=True, encoding="utf-8", timeout=SECONDS, check=False,
        )  # fmt: skip

    def changed(self) -> dict[str, list[str]]:
        """What differs from the tree that was copied: path to the lines that were added."""
        found = {}
        for path in sorted(self.root.rglob("*")):
            name = path.relative_to(self.root)
            if not path.is_file() or set(name.parts) & MADE:
                continue
            before = REPOSITORY / name
            old = before.read_bytes().decode("utf-8", "replace").split("\n") if before.exists() else []
            new = path.read_bytes().decode("utf-8", "replace").split("\n")
            if old != new:
                found[name.as_posix()] = [line for line in new if line not in old]
        return found

    def _borrow_environment(self) -> None:
        """A `.venv` that `.ci/set-up` takes for set up, so that nothing is downloaded."""
        folder = self.root / ".venv"
        (folder / "bin").mkdir(parents=True)
        package = shlex.quote(str(self.root / "model"))
        for name, call in COMMANDS.items():
            place = folder / "bin" / name
            place.write_text(f'#!/bin/sh\nexport PYTHONPATH={package}\n{call}"$@"\n', encoding="utf-8")
            place.chmod(0o755)
        for name in ("de_DE", "tr_TR"):
            locale = folder / "locales" / f"{name}.UTF-8"
            locale.mkdir(parents=True)
            (locale / "LC_NUMERIC").touch()
        stamp = subprocess.run(["cksum"], input=(self.root / "pyproject.toml").read_bytes(), capture_output=True,
                               check=True).stdout.decode().strip()  # fmt: skip
        (folder / "installed-test").write_text(f"{stamp} {self.root.resolve()}", encoding="utf-8")
