"""What is changed in a piece of code, what is left alone, and that a trial tells a killed mutant from a survivor."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from .changes import codes_of, mutants_of
from .judged import ROOT

CODE = '''
"""Words."""

LIMIT = 3


def measure(size: int, most: int = 5, *, whole: bool = True) -> str:
    """Words."""
    assert size > 0
    total = 0
    for part in range(size):
        if part == most or not whole:
            continue
        total += part
    if total >= LIMIT:
        raise ValueError(f"{total + 1} is too much")
    return "a" + str(total)


class Box:
    def first(self) -> int | None:
        return min(self.items[0], 7)
'''

CHANGES = [
    ("measure", "5 -> 6"),
    ("measure", "5 -> 4"),
    ("measure", "True -> False"),
    ("measure", "0 -> 1 in total = 0"),
    ("measure", "0 -> -1 in total = 0"),
    ("measure", "or -> and in part == most or not whole"),
    ("measure", "== -> != in part == most"),
    ("measure", "not whole -> whole"),
    ("measure", "continue -> break"),
    ("measure", "total += part -> pass"),
    ("measure", "+ -> -"),
    ("measure", ">= -> > in total >= LIMIT"),
    ("measure", "raise ValueError(f'{total + 1} is too much') -> pass"),
    ("measure", "return 'a' + str(total) -> return None"),
    ("Box.first", "return min(self.items[0], 7) -> return None"),
    ("Box.first", "min -> max in min(self.items[0], 7)"),
    ("Box.first", "0 -> 1 in self.items[0]"),
    ("Box.first", "0 -> -1 in self.items[0]"),
    ("Box.first", "7 -> 8 in min(self.items[0], 7)"),
    ("Box.first", "7 -> 6 in min(self.items[0], 7)"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "code.py"
    path.write_text(CODE, encoding="utf-8")
    return path


def test_the_changes_of_a_piece_of_code_are_these(file: Path) -> None:
    """No word of a message, no annotation, no assertion and no constant outside a function is among them."""
    found = [(mutant.function, mutant.change) for mutant in mutants_of(file, "code.py")]
    assert sorted(found) == sorted(CHANGES)


def test_each_mutant_is_another_program(file: Path) -> None:
    plain = ast.dump(ast.parse(CODE))
    programs = set()
    for number in range(len(CHANGES)):
        mutant = mutants_of(file, "code.py")[number]
        mutant.apply()
        assert codes_of(mutant.tree, file)
        programs.add(ast.dump(mutant.tree))
    assert len(programs) == len(CHANGES)
    assert plain not in programs


def test_lines_of_a_mutant_are_those_of_its_statement(file: Path) -> None:
    lines = CODE.splitlines()
    for mutant in mutants_of(file, "code.py"):
        assert mutant.first_line <= mutant.last_line
        text = "\n".join(lines[mutant.first_line - 1 : mutant.last_line])
        assert mutant.change.split(" ")[0] in text or mutant.change.startswith("raise")


TRIAL = """
import sys
from pathlib import Path
from tests.mutants.changes import mutants_of
from tests.mutants.run import try_mutants
root = Path(sys.argv[1])
sys.path.insert(0, str(root))
for verdict in try_mutants(root, mutants_of(root / "thing.py", "thing.py"), ["test_thing.py"]):
    print(verdict.mutant.function, verdict.mutant.change, verdict.outcome, sep="|")
"""

THING = """
from functools import lru_cache


@lru_cache
def held(size):
    return size > 3


def default(most=5):
    return most


def turn():
    count = 3
    while count != 0:
        count -= 1
    return True


def unseen():
    return 1
"""

TESTS = """
import thing


def test_held():
    assert thing.held(4) and not thing.held(2)


def test_default():
    assert thing.default() == 5


def test_turn():
    assert thing.turn()
"""


@pytest.mark.long
def test_a_trial_tells_what_is_killed_what_survives_and_what_no_test_meets(tmp_path: Path) -> None:
    """A remembered result, a default, a loop without end: all noticed. The edge of a comparison is not."""
    (tmp_path / "thing.py").write_text(THING, encoding="utf-8")
    (tmp_path / "test_thing.py").write_text(TESTS, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-c", TRIAL, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    outcomes = {tuple(line.split("|")[:2]): line.split("|")[2] for line in ended.stdout.splitlines()}
    assert outcomes["held", "return size > 3 -> return None"] == "killed"
    assert outcomes["held", "> -> >= in size > 3"] == "survived"
    assert outcomes["default", "5 -> 6"] == outcomes["default", "5 -> 4"] == "killed"
    assert outcomes["unseen", "return 1 -> return None"] == "untested"
    assert outcomes["turn", "- -> +"] == "killed"
