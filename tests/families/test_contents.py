"""Every family has its pencil cases, and says its equation and its symbols where a reader looks for them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from orefolio.families import FAMILIES
from orefolio.program import risk

HERE = Path(__file__).parent


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_has_a_file_of_pencil_cases(family: str) -> None:
    text = (HERE / f"test_{family}.py").read_text(encoding="utf-8")
    assert text.count("\ndef test_") >= 3
    assert "ould fail if" in text


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_stated_in_its_own_file(family: str) -> None:
    assert FAMILIES[family].__module__ == f"orefolio.families.{family}"


@pytest.mark.parametrize("module", [*(f"orefolio.families.{family}" for family in FAMILIES), risk.__name__])
def test_a_family_says_its_equation_and_its_symbols(module: str) -> None:
    """First a sentence after the family's letters; an equation or inequality in mathematics; a table of symbols."""
    text = sys.modules[module].__doc__ or ""
    letters, _, sentence = text.partition(": ")
    assert letters.isupper()
    assert sentence.splitlines()[0].strip()
    mathematics = text.split("$$")[1::2]
    assert mathematics
    assert any(relation in part for part in mathematics for relation in ("=", r"\le", r"\ge"))
    assert "| symbol | code | unit | meaning |" in text
    rows = [line for line in text.splitlines() if line.startswith("| ") and "symbol" not in line]
    assert rows
    assert all(line.count("|") == 5 for line in rows)


def test_no_file_of_pencil_cases_is_left_over() -> None:
    """A second file of a family begins with its name."""
    named = {path.stem.removeprefix("test_") for path in HERE.glob("test_*.py")}
    further = {name for name in named for family in FAMILIES if name.startswith(f"{family}_")}
    assert named - set(FAMILIES) - further == {"contents"}
