"""Which mutants are tried by which tests, and the list of those that survive and are judged to be no fault."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Sequence
from pathlib import Path

from .changes import Mutant, mutants_of
from .run import Verdict, try_mutants

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "model" / "orefolio"
FOLDERS = {
    "case": [
        *(f"tests/{path.name}" for path in sorted((ROOT / "tests").glob("test_case_*.py"))),
        "tests/allies/test_parts.py",
        "tests/program/test_scenarios.py",
    ],
    "program/merge.py": [
        "tests/program/test_merge_limits.py",
        "tests/program/test_merge.py",
        "tests/program/test_merge_extensive.py",
        "tests/program/test_merge_refused.py",
        "tests/program/test_scenarios.py",
        "tests/program/test_risk.py",
    ],
    "audit": ["tests/audit"],
}
"""The code that must not be wrong, and the tests that hold it."""

HELD = ("case", "program/merge.py", "audit")
"""Where every mutant is killed or judged."""

READY = {"audit": ["audit.runs:simple", "audit.runs:everything"]}
"""Runs that the tests of a folder read, made once."""


def mutants_under(paths: Sequence[str], sample: int | None = None, seed: int = 0) -> list[Mutant]:
    """The mutants of files and folders below the package, or so many of them drawn by a seed, in their order."""
    found: list[Mutant] = []
    for name in paths:
        path = MODEL / name
        files = [path] if path.is_file() else sorted(path.rglob("*.py"))
        for file in files:
            found += mutants_of(file, str(file.relative_to(ROOT)))
    if sample is None:
        return found
    return [found[number] for number in sorted(random.Random(seed).sample(range(len(found)), sample))]


def tried_by_folder(
    mutants: Sequence[Mutant], tell: Callable[[Verdict], None], only: Sequence[str] | None = None
) -> list[Verdict]:
    """What becomes of each, by the tests of its folder, or by those alone that are named."""
    verdicts: list[Verdict] = []
    for name, of_folder in FOLDERS.items():
        tests = only or of_folder
        mine = [mutant for mutant in mutants if (ROOT / mutant.file).is_relative_to(MODEL / name)]
        if mine:
            verdicts += try_mutants(ROOT, mine, tests, tell, READY.get(name, []))
    return verdicts


def judged() -> dict[tuple[str, str, str], str]:
    """The reasons of the mutants that may survive, by file, function and change."""
    with (Path(__file__).parent / "judged.csv").open(encoding="utf-8", newline="") as file:
        return {(row["file"], row["function"], row["change"]): row["reason"] for row in csv.DictReader(file)}
