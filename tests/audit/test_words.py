"""What tables say in words: names of the case, branches of the tree, price rules."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audit.written import written
from orefolio.audit import words
from pencil import case_of, deal, event, future, must, spot, tables

CUT = event("cut", "suppliers", "supplier=m", "availability_share", "set", 0.0)


def test_a_name_that_is_blank_is_the_first_word_and_other_words_stay_blank() -> None:
    demands = tables(
        demands=[{"demand": "e", "name": "Engines", "commodity": "ore", "t_per_year": 1.0, "place": "home"}]
    )
    run = written(case_of(spot("m", "ore", 1), must("d", "ore", 1), demands))
    name = words.of_row(run, "demands", "name", 1)
    assert [name(("d", "e")), name(("e", "d")), name(("x", "e"))] == ["Engines", "d", "Engines"]
    assert words.of_row(run, "demands", "licence", 0)(("d",)) == ""
    assert words.of_row(run, "demands", "commodity", 0)(("d",)) == "ore"


def test_a_row_is_named_by_several_words_and_read_once() -> None:
    levels = [
        {"programme": "p", "level": level, "increment_share": 0.1, "up_front_musd": 0.0, "annual_musd": 0.0,
         "lead_time_years": 1.0, "start_from": 2027, "start_to": 2028}
        for level in (1, 2)
    ]  # fmt: skip
    run = written(case_of(spot("m", "ore", 1), must("d", "ore", 1), tables(programmes=levels)))
    said = words.of_row(run, "programmes", "level", 2, 0)
    assert [said(("1", "x", "p")), said(("2", "y", "p"))] == ["1", "2"]
    named = words.of_row(run, "programmes", "name", 2, 0)
    assert named(("1", "x", "p")) == "p"
    run = replace(run, case=case_of(spot("m", "ore", 1), must("d", "ore", 1)))
    assert said(("1", "z", "p")) == "1"


def test_futures_together_are_every_future_or_the_trunk_or_their_ids() -> None:
    one = {"cut": "2028-01-01"}
    crises = (future("a", 0.2, one, onset="2028-01-01"), future("calm", 0.5), future("b", 0.3, one, onset="2028-01-01"))
    run = written(case_of(spot("m", "ore", 1), must("d", "ore", 1), CUT, *crises, years=2))
    told = [words.branch(run, iter(who)) for who in ((0, 1, 2), (0, 1), (1,), (0, 2), (2,), ())]
    assert told == ["every future", "trunk", "trunk", "a b", "b", ""]
    says = words.branch_of(run, 1)
    assert [says(("x", text)) for text in ("a calm b", "calm", "b a", "a", "")] == [
        "every future",
        "trunk",
        "b a",
        "a",
        "",
    ]


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"price_rule": "fixed", "price_usd_per_kg": 12.5}, "fixed 12.5 USD/kg"),
        ({"price_rule": "cost_plus", "cost_multiple": 1.5}, "cost 1.5 × China's"),
        ({"price_rule": "index", "market": "china"}, "china price"),
        ({"price_rule": "index"}, "no price"),
        ({"price_rule": "index", "market": "china", "index_multiple": 0.9, "floor_multiple": 2.0}, "china price × 0.9"),
        ({"price_rule": "floor", "market": "china", "index_multiple": 2.0}, "china price × 2, floor 0"),
        ({"price_rule": "floor", "market": "china", "floor_usd_per_kg": 110.0}, "china price, floor 110 USD/kg"),
        ({"price_rule": "floor", "market": "china", "floor_multiple": 1.5}, "china price, floor 1.5 × China"),
        (
            {"price_rule": "floor", "market": "china", "floor_usd_per_kg": 110.0, "floor_multiple": 1.5},
            "china price, floor 110 USD/kg or 1.5 × China",
        ),
    ],
)
def test_a_price_rule_in_words(terms: dict[str, object], expected: str) -> None:
    case = case_of(deal("c", "ore", 0.0, kind="spot", item=terms), must("d", "ore", 1))
    items = case.rows("contract_items")
    assert words.price_rule(items) == expected
    assert words.price_rule([*items, *items]) == expected


def test_several_wordings_are_told_in_their_order() -> None:
    case = case_of(spot("a", "ore", 2.0), spot("b", "ore", 1.0), must("d", "ore", 1))
    assert words.price_rule(case.rows("contract_items")) == "fixed 2 USD/kg; fixed 1 USD/kg"
    assert words.price_rule([]) == ""
