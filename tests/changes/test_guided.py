"""The guided change of CONTRIBUTING.md, done as it is written, in a copy of the tree."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from orefolio.families import FAMILIES

from .guided import follow, steps
from .tree import REPOSITORY, Tree

PAGE = REPOSITORY / "CONTRIBUTING.md"
FAMILY = "model/orefolio/families/import_match.py"
CONTENTS = "model/orefolio/families/__init__.py"
CASES = "tests/families/test_import_match.py"


def test_the_guided_change_does_what_the_page_promises(tmp_path: Path) -> None:
    """One new file and one line in the model, and the pencil cases. With the line the cases pass, and so do those that
    every family has to pass; without it each fails: they hold the family, and not only its file. The formulation as
    printed has the new equation, and what was written keeps to the style."""
    tree = Tree.copied(tmp_path / "copy")
    family, line, cases, run = steps(PAGE)
    assert [family["file"], line["table"], cases["file"]] == [FAMILY, CONTENTS, CASES]
    follow(tree, family)
    follow(tree, cases)
    assert "3 failed" in tree.run(f"./setup-and-test -n 0 -q {CASES}").stdout
    follow(tree, line)
    assert set(tree.changed()) == {FAMILY, CONTENTS, CASES}
    assert tree.changed()[CONTENTS] == ['    "import_match",']
    passed, printed = follow(tree, run)
    count = re.search(r"(\d+) passed", passed)
    assert "failed" not in passed
    assert count is not None
    assert int(count[1]) == 3 + 3 * (len(FAMILIES) + 1) + 2, "its own, three of each family, risk, what is left over"
    assert printed.startswith("MATCH: while an import cap that names no tonnes is in force")
    for words in ("check", "format --check"):
        assert tree.run(f"{sys.executable} -m ruff {words} {FAMILY} {CASES}").returncode == 0


def test_the_commands_of_the_page_are_those_of_the_server() -> None:
    """Every step of `.ci/run` is a row of the page's table, and every script that it names is there."""
    page = PAGE.read_text(encoding="utf-8")
    run = (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")
    assert re.findall(r'^step "[^"]+" (.*)$', run, re.MULTILINE) == [
        ".ci/set-up test",
        ".ci/set-up test ruff check .",
        ".ci/set-up test ruff format --check .",
        ".ci/set-up test mypy",
        "./setup-and-test",
    ]
    table = [line for line in page.splitlines() if line.startswith("| ") and "`" in line]
    for command in ("ruff check", "ruff format", "mypy", "./setup-and-test", ".ci/run"):
        assert any(command in line for line in table), command
    for name in re.findall(r"`(\.ci/[\w-]+|\./[\w-]+)", page):
        assert (REPOSITORY / name).is_file(), name
