"""What the numbers of Japan's case rest on: facts of the register, or assumptions that say how they follow."""

from __future__ import annotations

import pytest

from examples.basis import assert_cited_facts_stand, assert_levers_rest_on_something, assert_reasons_are_given
from japan.runs import JAPAN
from orefolio.facts import Facts, load_facts, seeds_folder


@pytest.fixture(scope="module")
def facts() -> Facts:
    return load_facts(seeds_folder())


def test_every_cited_fact_stands_in_the_register(facts: Facts) -> None:
    """Would fail if a figure leaned on an id that nobody can look up."""
    assert_cited_facts_stand(JAPAN.case, facts, least=101)


def test_every_assumption_says_how_it_follows_and_how_far_it_may_be_off() -> None:
    """Would fail if a number of ours stood without a reason, or with a range that does not hold it."""
    assert sum(not row.facts for row in JAPAN.case.rows("basis")) > 50
    assert_reasons_are_given(JAPAN.case)


def test_every_lever_says_what_it_rests_on(facts: Facts) -> None:
    """Would fail if a lever's range came from nowhere."""
    assert_levers_rest_on_something(JAPAN.case, facts)
