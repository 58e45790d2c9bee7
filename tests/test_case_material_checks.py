"""Checks of recipes and of the rule on Chinese content, each at its edge."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bare_case import Rows, bare_case, lines, told
from orefolio.case.checks import material, rule


def recipe(process: str, commodity: str, direction: str, **columns: Any) -> dict[str, Any]:
    return {"process": process, "commodity": commodity, "direction": direction, **columns}


def goods(*names: str, **columns: Any) -> Rows:
    return [{"commodity": name, **columns} for name in names]


def test_activity_is_tonnes_of_one_main_product() -> None:
    case = bare_case(
        processes=[{"process": name, "stage": "metal"} for name in ("one", "two", "none", "other")],
        commodities=[*goods("a", "b", stage="metal"), *goods("c", stage="oxide")],
        recipes=[
            recipe("one", "a", "out"),
            recipe("one", "b", "out", t_per_t=0.5),
            recipe("one", "c", "in"),
            recipe("two", "a", "out"),
            recipe("two", "b", "out"),
            recipe("none", "a", "out", t_per_t=0.5),
            recipe("other", "c", "out"),
        ],
    )
    assert told(material.recipes_have_one_main_product, case) == [
        (3, "'two' with the main products a, b"),
        (4, "'none' with no main product"),
        (5, "the stage metal"),
    ]


def test_a_yield_is_above_zero_and_at_most_one() -> None:
    rows = [{"yield_share": share} for share in (0.0, 1e-9, 1.0, 1.0000001)]
    assert lines(material.yields_are_shares, recipes=rows) == [2, 5]
    assert lines(material.recipes_take_something, recipes=[{"t_per_t": 0.0}, {"t_per_t": 1e-9}]) == [2]


def balance(**given: float) -> list[tuple[int, str]]:
    """A process that takes 2 t of `a`, half Dy, of which a share is lost, and gives 1 t of `b` and some `c`."""
    case = bare_case(
        commodities=goods("a", "b", "c"),
        content=[
            {"commodity": "a", "element": "Dy", "share": 0.5},
            {"commodity": "b", "element": "Dy", "share": given.get("share", 0.5)},
            {"commodity": "c", "element": "Dy", "share": 0.25},
        ],
        processes=[{"process": "p"}],
        recipes=[
            recipe("p", "b", "out", yield_share=given.get("out", 1.0)),
            recipe("p", "c", "out", t_per_t=given.get("beside", 1e-6)),
            recipe("p", "a", "in", t_per_t=2.0, yield_share=given.get("into", 1.0)),
        ],
    )
    return told(material.elements_are_conserved, case)


def test_no_more_of_an_element_comes_out_than_goes_in() -> None:
    """1 t of Dy goes in; more goes in where some is lost on the way in. One part in a million is rounding."""
    assert balance() == []
    assert balance(share=1.0 - 2.5e-7) == []
    assert balance(share=1.0 + 0.5e-6) == []
    assert balance(share=1.0 + 2e-6) == [(2, "1 t of Dy out of 'p' per tonne of activity")]
    assert balance(share=1.2) == [(2, "1.2 t of Dy out of 'p' per tonne of activity")]
    assert balance(share=1.2, into=0.5) == []
    assert balance(share=1.2, out=0.5) == []
    assert balance(share=0.5, beside=1.9) == []
    assert balance(share=0.5, beside=2.1) == [(2, "1.025 t of Dy out of 'p' per tonne of activity")]
    assert balance(share=0.1 * (1 + 2e-6), into=10.0) == [(2, "0.1 t of Dy out of 'p' per tonne of activity")]
    assert balance(share=0.1 * (1 + 1e-8), beside=1e-12, into=10.0) == []
    assert balance(share=1.2, into=0.0)[0][1] == "1.2 t of Dy out of 'p' per tonne of activity"


def test_what_is_rounding_is_up_to_the_slack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(material, "SLACK", 0.5)
    assert balance(share=2.0, beside=0.0) == []
    assert balance(share=2.5, beside=0.0)[0][1] == "2.5 t of Dy out of 'p' per tonne of activity"


def test_an_element_that_does_not_go_in_cannot_come_out_but_a_mine_makes_everything() -> None:
    def found(*recipes: dict[str, Any]) -> list[int]:
        content = [{"commodity": "a", "element": "Dy", "share": 0.5}, {"commodity": "b", "element": "Tb", "share": 0.5}]
        case = bare_case(
            commodities=goods("a", "b"), content=content, processes=[{"process": "p"}], recipes=list(recipes)
        )
        return lines(material.elements_are_conserved, case)

    assert found(recipe("p", "b", "out")) == []
    assert found(recipe("p", "a", "in"), recipe("p", "b", "out")) == [3]
    mine = bare_case(
        commodities=goods("a", "b"),
        content=[{"commodity": "b", "element": "Tb", "share": 0.5}],
        processes=[{"process": "mine"}, {"process": "p"}],
        recipes=[recipe("mine", "b", "out"), recipe("p", "a", "in"), recipe("p", "b", "out")],
    )
    assert lines(material.elements_are_conserved, mine) == [4]


def test_a_tonne_holds_at_most_a_tonne_and_three_tenths_as_oxide() -> None:
    content = [
        {"commodity": "a", "element": "Dy", "share": 0.6},
        {"commodity": "b", "element": "Dy", "share": 1.3},
        {"commodity": "c", "element": "Dy", "share": 0.9},
        {"commodity": "a", "element": "Tb", "share": 0.6},
        {"commodity": "c", "element": "Tb", "share": 0.5},
    ]
    case = bare_case(commodities=goods("a", "b", "c"), content=content)
    assert told(material.contents_fit_into_a_tonne, case) == [(4, "1.4 t of oxide in a tonne of 'c'")]


@pytest.mark.parametrize(
    ("stage", "feed", "sound"),
    [
        ("metal", "oxide", True),
        ("metal", "metal", True),
        ("oxide", "metal", False),
        ("oxide", "scrap", True),
        ("ore", "scrap", True),
        ("ore", "ore", True),
        ("concentrate", "ore", True),
        ("oxide", "other", True),
        ("other", "metal", True),
        ("ore", "concentrate", False),
        ("magnet", "product", False),
    ],
)
def test_a_chain_runs_forward_unless_it_takes_scrap(stage: str, feed: str, sound: bool) -> None:
    case = bare_case(
        processes=[{"process": "x"}, {"process": "p", "stage": stage}],
        commodities=goods("a", stage=feed),
        recipes=[recipe("p", "a", "in"), recipe("p", "a", "out")],
    )
    assert lines(material.chains_run_forward, case) == ([] if sound else [3])


# The rule on Chinese content

TAGGED = {"class_": "tagged", "tags": "china-content"}
FREE = {"class_": "free"}


def test_one_class_is_free_and_no_two_alike() -> None:
    assert lines(rule.one_class_is_free, classes=[FREE, TAGGED]) == []
    assert told(rule.one_class_is_free, classes=[TAGGED]) == [(2, "no class without tags")]
    assert lines(rule.one_class_is_free) == []
    twice = [FREE, {"class_": "b", "tags": "x y"}, {"class_": "c", "tags": "y x"}, {"class_": "d", "tags": "x y"}]
    assert told(rule.one_class_is_free, classes=twice) == [
        (4, "the class 'c' with the tags of 'b'"),
        (5, "the class 'd' with the tags of 'b'"),
    ]


def test_tags_are_known() -> None:
    rows = [FREE, {"tags": "china-content china-technology"}, {"tags": "china-stage chinese"}]
    assert told(rule.tags_are_known, classes=rows) == [(4, "the tag 'chinese'")]


def test_what_china_sells_is_tagged_where_a_rule_is_enabled() -> None:
    def found(**given: bool) -> list[int]:
        case = bare_case(
            classes=[FREE, TAGGED, {"class_": "technology", "tags": "china-technology"}],
            suppliers=[{"supplier": "far", "country": "CN"}, {"supplier": "near", "country": "JP"}],
            contracts=[
                {"supplier": "far", "class_": "tagged"},
                {"supplier": "near", "class_": "free"},
                {"supplier": "far", "class_": "free"},
                {"supplier": "far", "class_": "technology"},
            ],
            rules=[{"enabled": False}, given],
        )
        return lines(rule.chinese_goods_are_tagged, case)

    assert found() == [4, 5]
    assert found(enabled=False) == []


def test_separation_of_several_feeds_has_no_de_minimis_feed() -> None:
    def found(share: float, separates: bool, *feeds: str) -> list[int]:
        recipes = [recipe("p", feed, "in") for feed in feeds] + [recipe("p", "z", "out")]
        processes = [{"process": "o"}, {"process": "p", "de_minimis_share": share, "separates": separates}]
        return lines(rule.separation_has_no_de_minimis, processes=processes, recipes=recipes)

    assert found(0.1, True, "a", "b") == [3]
    assert found(0.1, True, "a") == found(0.1, False, "a", "b") == found(0.0, True, "a", "b") == []


def chain(*links: tuple[str, str, str, float], **more: Any) -> Any:
    """Processes (name, feed, product, de-minimis share), one tonne of feed for a tonne of product; all worth 1."""
    commodities = sorted({name for _, feed, product, _ in links for name in (feed, product)})
    rows = [[recipe(name, feed, "in"), recipe(name, product, "out")] for name, feed, product, _ in links]
    tables: dict[str, Rows] = {
        "processes": [{"process": name, "de_minimis_share": share} for name, _, _, share in links],
        "recipes": [row for pair in rows for row in pair] + more.pop("recipes", []),
        "commodities": goods(*commodities, *more.pop("goods", ())),
        "content": [{"commodity": name, "element": "Dy", "share": 1.0} for name in commodities],
        "markets": [{"market": "china"}, {"market": "abroad"}],
        "element_prices": [{"market": "china", "element": "Dy", "chinese_usd_per_kg": 1.0}],
        "prices": [{"market": "china", "commodity": name} for name in commodities],
        "rules": [{"threshold_share": 0.5, "enabled": False}, {"threshold_share": 0.1}],
    }
    return bare_case(**{**tables, **more})


def test_bounds_add_up_along_a_chain() -> None:
    case = chain(("two", "b", "c", 0.02), ("one", "a", "b", 0.01), ("side", "x", "c", 0.05), ("end", "c", "d", 0.0))
    assert rule.untagged_bounds(case) == pytest.approx({"one": 0.01, "two": 0.03, "side": 0.05, "end": 0.05})
    mine = [{"process": "p", "de_minimis_share": 0.01}, {"process": "mine"}]
    assert rule.untagged_bounds(chain(("p", "a", "b", 0.01), processes=mine)) == {"p": 0.01, "mine": 0.0}
    assert rule.untagged_bounds(chain(("one", "a", "b", 0.0))) == {"one": 0.0}


def test_a_bound_is_below_the_threshold_of_every_rule_that_is_enabled() -> None:
    def found(share: float, **more: Any) -> list[int]:
        return lines(rule.untagged_content_stays_below_the_threshold, chain(("p", "a", "b", share), **more))

    assert found(0.099) == []
    assert found(0.1) == [2]
    assert found(0.0, rules=[{"threshold_share": 0.0}]) == []
    assert found(0.9, rules=[{"threshold_share": 0.5, "enabled": False}]) == []
    assert found(0.2, rules=[{"threshold_share": 0.3}, {"threshold_share": 0.2}]) == [2]
    assert found(0.2, rules=[{"threshold_share": 0.3}, {"threshold_share": 0.0}]) == []


def test_values_are_those_of_the_first_market() -> None:
    case = chain(
        ("p", "a", "b", 0.01),
        content=[
            {"commodity": "a", "element": "Dy", "share": 0.5},
            {"commodity": "a", "element": "Tb", "share": 0.25},
            {"commodity": "a", "element": "Nd", "share": 0.125},
        ],
        element_prices=[
            {"market": "china", "element": "Dy", "chinese_usd_per_kg": 10.0},
            {"market": "abroad", "element": "Dy", "chinese_usd_per_kg": 99.0},
            {"market": "china", "element": "Tb", "chinese_usd_per_kg": 100.0},
        ],
        prices=[
            {"market": "china", "commodity": "a", "realisation_share": 0.8, "fee_usd_per_kg": 3.0},
            {"market": "abroad", "commodity": "b"},
        ],
    )
    assert rule.reference_values(case) == {"a": pytest.approx(3 + 0.8 * 30)}
    assert rule.reference_values(bare_case()) == {}


def test_a_chain_gains_value_where_its_output_may_hold_some() -> None:
    def found(worth: float, gain: float = 0.01, **more: Any) -> list[int]:
        case = chain(
            ("p", "a", "b", gain),
            content=[
                {"commodity": "a", "element": "Dy", "share": 1.0},
                {"commodity": "b", "element": "Dy", "share": worth},
            ],
            **more,
        )
        return lines(rule.chains_gain_value, case)

    assert found(1.0) == found(1.2) == found(1.0 - 0.5e-9) == []
    assert found(1.0 - 2e-9) == found(0.5) == [2]
    assert found(0.5, gain=0.0) == []
    assert found(0.5, rules=[{"basis": "mass"}]) == []
    assert found(0.5, rules=[{"enabled": False}]) == []
    assert found(0.0) == [2]


def test_value_is_of_all_that_goes_in_and_all_that_comes_out() -> None:
    """Two tonnes at 3, of which a fifth is lost, are 7.5; what comes out is `b` and 0.45 t at 4, which is 1.8."""

    def found(worth: float) -> list[int]:
        case = chain(
            ("free", "x", "y", 0.0),
            ("p", "a", "b", 0.01),
            recipes=[recipe("p", "none", "in"), recipe("p", "none", "out", t_per_t=0.25)],
            goods=("c", "none"),
            content=[
                {"commodity": name, "element": "Dy", "share": share}
                for name, share in (("a", 3.0), ("b", worth), ("c", 4.0), ("x", 1.0))
            ],
            prices=[{"market": "china", "commodity": name} for name in "abcx"],
        )
        feeds = [row for row in case.rows("recipes") if (row.process, row.commodity) != ("p", "a")]
        more = bare_case(
            recipes=[
                recipe("p", "a", "in", t_per_t=2.0, yield_share=0.8),
                recipe("p", "c", "out", t_per_t=0.5, yield_share=0.9),
            ]
        )
        rows = (*feeds, *more.rows("recipes"))
        return lines(rule.chains_gain_value, replace(case, tables={**case.tables, "recipes": rows}))

    assert found(5.7 + 1e-6) == []
    assert found(5.7 - 1e-6) == [3]


def test_what_is_worth_nothing_loses_nothing_and_what_is_worth_little_does() -> None:
    assert lines(rule.chains_gain_value, chain(("p", "a", "b", 0.01), prices=[])) == []
    content = [
        {"commodity": name, "element": "Dy", "share": share} for name, share in (("a", 0.5), ("b", 0.5), ("c", 0.4))
    ]
    case = chain(("one", "a", "b", 0.01), ("two", "b", "c", 0.0), content=content)
    assert lines(rule.chains_gain_value, case) == [3]


def test_a_product_without_a_price_is_judged_where_its_feed_was_made() -> None:
    """The first step adds the bound; the second adds none and its product has no price."""
    case = chain(
        ("one", "a", "b", 0.01), ("two", "b", "c", 0.0), prices=[{"market": "china", "commodity": c} for c in "ab"]
    )
    assert lines(rule.chains_gain_value, case) == []
