"""The audit passes on every plan and run that the other tests make: they run once more under a plugin that audits."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from orefolio import audit

TESTS = Path(__file__).parents[1]
MAKING = {
    "plan": ("families", "program", "outside"),
    "run": ("test_api.py", "test_cli_solve.py", "test_tables_folder.py"),
}
"""What tests make, and where: plans of pencil cases and of problems from outside; runs of the package."""
LEAST = {"plan": 250, "run": 10}


@pytest.mark.long
@pytest.mark.verifies("audit")
@pytest.mark.parametrize("made", MAKING)
def test_everything_that_other_tests_make_holds(made: str, tmp_path: Path, tried: Callable[..., None]) -> None:
    lines = audited(MAKING[made], tmp_path / "findings.txt")
    assert [line for line in lines if " hold " not in line] == []
    count = sum(line.startswith(f"{made} ") for line in lines)
    assert count > LEAST[made]
    tried("audit", len(lines))


def audited(names: tuple[str, ...], findings: Path) -> list[str]:
    """Run tests with the plugin; a line for each audit that they led to."""
    paths = [str(Path(audit.__file__).parents[2]), str(TESTS)]
    environment = {**os.environ, "AUDIT_FINDINGS": str(findings), "PYTHONPATH": os.pathsep.join(paths)}
    words = ["-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-p", "audit.watching"]
    done = subprocess.run(
        [sys.executable, *words, *(str(TESTS / name) for name in names)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
    return findings.read_text(encoding="utf-8").splitlines()
