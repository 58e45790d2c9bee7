"""The case of five minerals stands on facts and stated assumptions, and its tables say what the sources say."""

from __future__ import annotations

import math

import pytest

from examples.basis import assert_cited_facts_stand, assert_levers_rest_on_something, assert_reasons_are_given
from minerals.runs import MINERALS, case, study
from orefolio.case.checks import faults_of, warnings_of
from orefolio.facts import Facts, load_facts, seeds_folder

FIVE = {"Ga", "Ge", "Sb", "W", "C"}


@pytest.fixture(scope="module")
def facts() -> Facts:
    return load_facts(seeds_folder())


def test_the_case_is_sound_and_nothing_is_warned_of() -> None:
    assert faults_of(case()) == ()
    assert warnings_of(case()) == ()


@pytest.mark.parametrize("overlay", ["articles", "public", "gallium_germanium"])
def test_every_overlay_leaves_a_sound_case(overlay: str) -> None:
    assert faults_of(study(overlay).case, adjusted=True) == ()


def test_every_cited_fact_stands_in_the_register(facts: Facts) -> None:
    assert_cited_facts_stand(case(), facts, least=50)


def test_every_assumption_says_how_it_follows_and_how_far_it_may_be_off() -> None:
    assert_reasons_are_given(case())
    for row in case().rows("basis"):
        assert row.facts or row.low_multiple < 1.0 or "definition" in row.derivation or row.table in (
            "content", "settings",
        ), (row.table, row.row)  # fmt: skip


def test_every_lever_says_what_it_rests_on(facts: Facts) -> None:
    assert_levers_rest_on_something(case(), facts, also=facts.conflicts)


def test_what_is_recalled_is_marked(facts: Facts) -> None:
    """Would fail if a figure from memory looked like one that was read."""
    own = [fact for fact in facts.values() if fact.subject == "minerals_us"]
    recalled = [fact for fact in own if fact.confidence == "recalled"]
    assert len(own) >= 40
    assert len(recalled) >= 5
    for fact in own:
        assert (fact.source == ("recalled",)) == (fact.confidence == "recalled"), fact.id
        assert fact.confidence != "recalled" or "Recalled, unverified" in fact.statement, fact.id


def test_five_elements_are_bought_wanted_and_priced_in_both_markets() -> None:
    element = {row.commodity: row.element for row in case().rows("content")}
    assert set(element.values()) == FIVE == {row.element for row in case().rows("elements")}
    assert {element[row.commodity] for row in case().rows("contract_items")} == FIVE
    assert {(row.market, row.element) for row in case().rows("element_prices")} == {
        (market, name) for market in ("china", "outside") for name in FIVE
    }


def test_the_volumes_are_those_of_the_sources(facts: Facts) -> None:
    """By hand: gallium of wafers at 1.5, antimony and tungsten summed."""
    rows = {row.demand: row.t_per_year for row in case().rows("demands")}
    total = {part: sum(t for name, t in rows.items() if name.startswith(part)) for part in ("ga_", "sb_", "w_")}
    assert total["ga_"] * 1.5 == pytest.approx(facts["P162b"].value, rel=0.01)
    assert total["sb_"] == pytest.approx(facts["P164a"].value, rel=0.01)
    # three tenths of tungsten is scrap: what is left is net imports, with some growth since 2019
    assert facts["P197c"].value < total["w_"] < facts["P197c"].value / 0.7


def test_a_by_product_drags_its_host_along() -> None:
    """50 t of gallium beside 1 Mt of alumina; 30 t of germanium and 40 t of gallium beside 100,000 t of zinc."""
    recipe = {(row.process, row.commodity): row.t_per_t for row in case().rows("recipes") if row.direction == "out"}
    room = {row.commodity: row.t_per_year for row in case().rows("outlets")}
    for host in ("alumina", "zinc"):
        assert not case().row("commodities", host).discardable
    assert room["alumina"] / recipe["ga_gramercy", "alumina"] == pytest.approx(50)
    assert room["zinc"] / recipe["gege_clarksville", "zinc"] == pytest.approx(30, rel=0.001)
    assert 30 * recipe["gege_clarksville", "ga_metal"] == pytest.approx(40, rel=0.001)


def test_what_china_holds_back_needs_a_licence_and_what_it_resells_too() -> None:
    for row in case().rows("contracts"):
        chinese = case().row("suppliers", row.supplier).country == "CN"
        assert chinese == (row.class_ == "chinese") == bool(row.licence), row.contract
        assert (row.licence == "reexport") == (row.supplier == "reexport"), row.contract


def test_weights_sum_to_one_and_each_future_stands_for_one_of_the_register(facts: Facts) -> None:
    rows = case().rows("futures")
    assert math.fsum(row.weight for row in rows) == pytest.approx(1, abs=1e-9)
    assert {f"{row.follows}-weight" for row in rows} <= set(facts)
    banned = [row for row in case().rows("events") if row.event == "ban_returns" and row.value == 0]
    assert {row.where for row in banned} == {f"licence=cn_{name}" for name in ("ga", "ge", "sb")}


def test_the_guide_of_the_case_names_tables_that_exist() -> None:
    text = (MINERALS.folder / "README.md").read_text(encoding="utf-8")
    assert all(f"`{path.stem}`" in text for path in MINERALS.folder.glob("overlays/*.yaml"))
    for table in ("calibration", "outlets", "licences", "levers", "basis"):
        assert f"`{table}`" in text
