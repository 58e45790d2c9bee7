"""What the numbers of the case rest on: facts of the register, or assumptions that say how they follow."""

from __future__ import annotations

import pytest

from examples.basis import assert_cited_facts_stand, assert_levers_rest_on_something, assert_reasons_are_given
from orefolio.case.basis import support
from orefolio.case.case import Case
from orefolio.facts import Facts, load_facts, seeds_folder
from us.runs import US


@pytest.fixture(scope="module")
def case() -> Case:
    return US.case


@pytest.fixture(scope="module")
def facts() -> Facts:
    return load_facts(seeds_folder())


def test_every_number_has_a_basis(case: Case) -> None:
    found = support(case)
    assert found.uncovered == ()
    assert found.on_facts > found.on_assumptions


def test_every_cited_fact_stands_in_the_register(case: Case, facts: Facts) -> None:
    """Would fail if a figure leaned on an id that nobody can look up."""
    assert_cited_facts_stand(case, facts, least=101)


def test_every_assumption_says_how_it_follows_and_how_far_it_may_be_off(case: Case) -> None:
    assert_reasons_are_given(case)


def test_every_lever_says_what_it_rests_on(case: Case, facts: Facts) -> None:
    assert_levers_rest_on_something(case, facts)


def test_futures_and_weights_are_those_of_the_register(case: Case, facts: Facts) -> None:
    for row in case.rows("futures"):
        assert row.weight == pytest.approx(facts[f"{row.follows}-weight"].value), row.future
    assert sum(row.weight for row in case.rows("futures")) == pytest.approx(1)


def test_magnets_of_2026_are_the_direct_purchases(case: Case, facts: Facts) -> None:
    """Sectors by the split of P108 add up to P106, and hold what D036 to D038 say within their ranges."""
    rows = {row.demand: row.t_per_year for row in case.rows("demands")}
    split = {
        "traction": "P108a",
        "industry": "P108b",
        "electronics": "P108c",
        "wind": "P108d",
        "defence_magnets": "P108e",
    }
    whole = facts["P106"].value
    for name, fact in split.items():
        assert rows[name] == pytest.approx(whole * facts[fact].value / 100), name
    grade = {
        "traction": "magnet_high",
        "industry": "magnet_mid",
        "wind": "magnet_mid",
        "electronics": "magnet_low",
        "defence_magnets": "magnet_defence",
    }
    shares = {(row.commodity, row.element): row.share for row in case.rows("content")}
    for element, fact in (("NdPr", "D036"), ("Dy", "D037"), ("Tb", "D038")):
        held = sum(rows[name] * shares.get((grade[name], element), 0.0) for name in split)
        assert facts[fact].low <= held <= facts[fact].high, (element, held)
