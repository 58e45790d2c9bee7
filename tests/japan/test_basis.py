"""What the numbers of Japan's case rest on: facts of the register, or assumptions that say how they follow."""

from pathlib import Path

import pytest

from orefolio.case.read import load_case
from orefolio.facts import load_facts, seeds_folder

JAPAN = Path(__file__).parents[2] / "inputs" / "japan"


@pytest.fixture(scope="module")
def case():
    return load_case(JAPAN)


@pytest.fixture(scope="module")
def facts():
    return load_facts(seeds_folder())


def test_every_cited_fact_stands_in_the_register(case, facts):
    """Would fail if a figure leaned on an id that nobody can look up."""
    cited = {name for row in case.rows("basis") for name in row.facts.split()}
    assert len(cited) > 100
    assert [name for name in sorted(cited) if not facts.cited(name)] == []


def test_every_assumption_says_how_it_follows_and_how_far_it_may_be_off(case):
    """Would fail if a number of ours stood without a reason, or with a range that does not hold it."""
    assumed = [row for row in case.rows("basis") if not row.facts]
    assert len(assumed) > 50
    for row in case.rows("basis"):
        assert row.derivation, (row.table, row.row, row.column)
        assert row.low_multiple <= 1.0 <= row.high_multiple, (row.table, row.row, row.column)


def test_every_lever_says_what_it_rests_on(case, facts):
    """Would fail if a lever's range came from nowhere."""
    assert len(case.rows("levers")) >= 40
    for row in case.rows("levers"):
        assert row.low < row.high, row.lever
        assert row.low <= row.base <= row.high, row.lever
        assert row.unit, row.lever
        if not row.source.startswith("assumption:"):
            named = [word.rstrip(":,") for word in row.source.split(":")[0].split()]
            assert named, (row.lever, row.source)
            assert all(facts.cited(word) for word in named), (row.lever, row.source)
