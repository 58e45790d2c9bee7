"""Classes, tags and reference values as the audit reckons them, each worked out by hand on a case of a few rows."""

from __future__ import annotations

from typing import Any

import pytest

from orefolio.audit.market import Goods
from orefolio.case.case import Case
from pencil import (
    Piece,
    case_of,
    lane,
    must,
    process,
    spot,
    stockpile,
    tables,
)

TAGS = "china-content china-technology china-stage"


def classes(**tags: str) -> Piece:
    """Classes by name, with their tags."""
    return tables(classes=[{"class_": name, "tags": text} for name, text in tags.items()])


def rules(*rows: dict[str, Any]) -> Piece:
    """Rules, named r1, r2, …"""
    return tables(rules=[{"rule": f"r{number}", **row} for number, row in enumerate(rows, 1)])


def goods(*pieces: Piece) -> Goods:
    return Goods(case_of(must("d", "metal", 1), spot("m", "metal", 1), *pieces))


def row(case: Case, table: str, number: int = 0) -> Any:
    return case.rows(table)[number]


def test_rows_are_grouped_by_what_they_belong_to() -> None:
    found = goods(
        tables(
            content=[
                {"commodity": "metal", "element": "Dy", "share": 0.2},
                {"commodity": "ore", "element": "Nd", "share": 0.1},
                {"commodity": "metal", "element": "Nd", "share": 0.7},
            ],
            supplier_capacity=[
                {"supplier": "m", "commodity": "metal", "from_year": year, "t_per_year": 1.0} for year in (2020, 2030)
            ],
        ),
        process("one", {"ore": 2}, {"metal": 1}),
        process("two", {}, {"ore": 3}),
    )
    assert found.content == {"metal": {"Dy": 0.2, "Nd": 0.7}, "ore": {"Nd": 0.1}}
    assert {name: [each.t_per_t for each in rows] for name, rows in found.recipes.items()} == {
        "one": [2, 1],
        "two": [3],
    }
    assert {name: [each.commodity for each in rows] for name, rows in found.items.items()} == {"m": ["metal"]}
    assert [each.from_year for each in found.capacity_of["m", "metal"]] == [2020, 2030]


def test_classes_stand_by_the_number_of_their_tags_and_then_by_name() -> None:
    found = goods(classes(zero="", c="x", b="y", a="x y", first="x y z"))
    assert found.ordered == ["zero", "b", "c", "a", "first"]
    assert found.tags["a"] == {"x", "y"}
    assert found.every_tag == {"x", "y", "z"}
    assert [found.over(frozenset(union)) for union in ("", "y", "xy", "z")] == ["zero", "b", "a", "first"]


PRICES = tables(
    markets=[{"market": "china"}, {"market": "world"}],
    elements=[{"element": "Dy"}, {"element": "Nd"}],
    content=[
        {"commodity": "metal", "element": "Dy", "share": 0.2},
        {"commodity": "metal", "element": "Nd", "share": 0.7},
    ],
    element_prices=[
        {"market": place, "element": element, "chinese_usd_per_kg": price, "multiple": times}
        for place, times in (("china", 1.5), ("world", 3.0))
        for element, price in (("Dy", 200.0), ("Nd", 60.0))
    ],
    prices=[
        {"market": "china", "commodity": "metal", "realisation_share": 0.9, "fee_usd_per_kg": 7.0},
        {"market": "china", "commodity": "bare", "fee_usd_per_kg": 4.0},
        {"market": "world", "commodity": "metal", "realisation_share": 0.8, "fee_usd_per_kg": 5.0},
    ],
)


def test_reference_values_are_prices_of_the_base_year_in_the_first_market() -> None:
    """0.9 x (0.2 x 200 + 0.7 x 60) + 7 = 80.8, whatever the multiple of the market; what has no price is worth 0."""
    found = goods(PRICES, must("e", "bare", 1), must("f", "other", 1))
    assert found.reference_market == "china"
    assert found.reference == pytest.approx({"metal": 80.8, "bare": 4.0, "other": 0.0})
    assert (goods().reference_market, goods().reference) == ("", {"metal": 0.0})


def test_shares_of_content_go_by_mass_where_a_rule_in_use_does() -> None:
    by_value, by_mass = {"basis": "value"}, {"basis": "mass"}
    for several, worth in (((by_value, by_mass), 1.0), ((by_value, {**by_mass, "enabled": False}), 80.8), ((), 80.8)):
        assert goods(PRICES, rules(*several)).weight["metal"] == pytest.approx(worth)


def test_a_rule_reaches_the_tags_that_it_names_or_those_of_its_kind() -> None:
    found = goods(rules({}, {"kind": "sourcing"}, {"kind": "refusal"}, {"kind": "content", "tags": "x y"}))
    assert found.of_rule == {
        "r1": {"china-content", "china-technology"},
        "r2": {"china-stage"},
        "r3": frozenset(),
        "r4": {"x", "y"},
    }


def test_a_tag_may_be_lost_by_a_threshold_unless_a_rule_in_use_has_none() -> None:
    soft, hard = {"threshold_share": 0.001}, {"threshold_share": 0.0}
    assert goods(rules({**soft, "tags": "x y"}, {**hard, "tags": "y z"})).may_lose == {"x"}
    assert goods(rules({**soft, "tags": "x y"}, {**hard, "tags": "y", "enabled": False})).may_lose == {"x", "y"}
    assert goods(rules({**soft, "tags": "x", "enabled": False})).may_lose == {"x"}
    assert goods(rules({**hard, "tags": "x", "enabled": False})).may_lose == frozenset()


def scrap(share: float = 0.4) -> Piece:
    row = {"scrap": "s", "place": "home", "commodity": "old", "weibull_shape": 3.0, "weibull_scale_years": 8.0,
           "rate_share": 0.5, "collection_usd_per_kg": 7.0, "tagged_share": share}  # fmt: skip
    return tables(scrap=[row])


def test_scrap_loses_the_tags_that_the_law_frees_and_no_rule_in_use_holds() -> None:
    """Of x and y: x is freed; y is freed by one rule and held by another."""
    three = classes(free="", y="y", xy="x y")
    frees, holds = {"recycled_is_free": True}, {"recycled_is_free": False}
    for several, left in (
        (({**frees, "tags": "x y"}, {**holds, "tags": "y"}), "y"),
        (({**frees, "tags": "x y"}, {**holds, "tags": "y", "enabled": False}), "free"),
        (({**frees, "tags": "x", "enabled": False},), "y"),
        (({**holds, "tags": "x"},), "xy"),
    ):
        assert goods(three, rules(*several)).scrapped == left


def test_scrap_splits_by_the_sales_that_it_comes_from() -> None:
    two = classes(free="", tagged="x")
    found = goods(two, scrap(0.4))
    assert found.scrap_classes(row(found.case, "scrap")) == pytest.approx({"free": 0.6, "tagged": 0.4})
    freed = goods(two, scrap(0.4), rules({"recycled_is_free": True, "tags": "x"}))
    assert freed.scrap_classes(row(freed.case, "scrap")) == {"free": 1.0}


def own(columns: dict[str, Any], *several: dict[str, Any], country: str = "JP") -> frozenset[str]:
    """The tags of a process with these columns under some rules."""
    plant_there = process("line", {}, {"metal": 1}, place="there", **columns)
    there = tables(places=[{"place": "there", "country": country}])
    found = goods(classes(free="", tagged=TAGS), plant_there, there, rules(*several))
    return found.own_tags(row(found.case, "processes"))


TECHNOLOGY, EQUIPMENT = {"technology_origin": "CN"}, {"equipment_origin": "CN"}
NEITHER = {"counts_technology": False, "counts_equipment": False}


def test_a_process_gives_its_output_the_tag_of_technology_or_equipment_that_is_counted() -> None:
    tag = {"china-technology"}
    assert own(TECHNOLOGY, {"counts_equipment": False}, NEITHER) == tag
    assert own(TECHNOLOGY, {"counts_technology": False}) == frozenset()
    assert own(EQUIPMENT, {"counts_technology": False}, NEITHER) == tag
    assert own(EQUIPMENT, {"counts_equipment": False}) == frozenset()
    assert own({"technology_origin": "DE", "equipment_origin": "DE"}, {}) == frozenset()
    assert (
        own(TECHNOLOGY, {"enabled": False}) == own(TECHNOLOGY, {"kind": "sourcing"}) == own(TECHNOLOGY) == frozenset()
    )


def test_a_plant_in_china_gives_its_output_the_tag_of_its_stage() -> None:
    assert own({}, country="CN") == {"china-stage"}
    assert own(TECHNOLOGY, {}, country="CN") == {"china-stage", "china-technology"}
    here = goods(process("line", {}, {"metal": 1}, place="there"), tables(places=[{"place": "there", "country": "CN"}]))
    assert here.own_tags(row(here.case, "processes")) == frozenset()


def test_demands_refuse_every_tag_or_those_that_they_name() -> None:
    found = goods(classes(free="", tagged="x y"), must("all", "metal", 1, refuses_tagged=True),
                  must("one", "metal", 1, refuses_tags="y z"))  # fmt: skip
    assert found.refused == {"d": frozenset(), "all": {"x", "y"}, "one": {"y", "z"}}


def test_licences_are_asked_for_by_rules_and_for_tags() -> None:
    """Blank: every rule on content; a named one; always. What needs one: the tags named, of its rules, or every tag."""
    licences = [
        {"licence": "any", "approval_share": 0.5, "needs_rule": True},
        {"licence": "named", "approval_share": 0.5, "needs_rule": True, "rule": "r2"},
        {"licence": "always", "approval_share": 0.5},
        {"licence": "told", "approval_share": 0.5, "needs_rule": True, "tags": "z"},
        {"licence": "idle", "approval_share": 0.5, "rule": "r2"},
    ]
    found = goods(
        classes(free="", tagged=TAGS), rules({}, {"kind": "sourcing"}, {"tags": "x"}), tables(licences=licences)
    )
    assert found.asked_by == {"any": ["r1", "r3"], "named": ["r2"], "always": [], "told": ["r1", "r3"], "idle": []}
    assert found.licensed == {
        "": frozenset(),
        "any": {"china-content", "china-technology", "x"},
        "named": {"china-stage"},
        "always": set(TAGS.split()),
        "told": {"z"},
        "idle": set(TAGS.split()),
    }


FOUR = classes(free="", a="a", b="b", ab="a b")


def test_classes_are_brought_by_contracts_opening_stock_and_scrap() -> None:
    found = Goods(
        case_of(
            FOUR,
            spot("one", "ore", 1, class_="a"),
            spot("two", "ore", 1, class_="b", place="mine"),
            stockpile("full", "metal", initial_t=0.5, initial_class="a"),
            stockpile("empty", "ore", initial_t=0.0, initial_class="ab"),
            scrap(0.4),
            must("d", "magnet", 1),
        )
    )
    brought = {
        ("home", "ore"): {"a"},
        ("mine", "ore"): {"b"},
        ("home", "metal"): {"a"},
        ("home", "old"): {"free", "ab"},
    }
    assert found.reachable == brought


def test_scrap_of_which_nothing_or_all_was_tagged_is_of_one_class() -> None:
    for share, only in ((0.0, "free"), (1.0, "ab")):
        found = Goods(case_of(FOUR, scrap(share), must("d", "magnet", 1)))
        assert found.reachable == {("home", "old"): {only}}


def test_classes_move_along_lanes_and_meet_in_a_class_with_the_tags_of_all() -> None:
    """From the mine over the port home, with the lanes listed from behind; where a and b meet, so can ab."""
    found = Goods(
        case_of(
            FOUR,
            spot("one", "ore", 1, class_="a", place="mine"),
            spot("two", "ore", 1, class_="b", place="home"),
            lane("port", "home", "ore"),
            lane("mine", "port", "ore"),
            lane("nowhere", "home", "metal"),
            must("d", "ore", 1),
        )
    )
    assert found.reachable == {
        ("mine", "ore"): {"a"},
        ("port", "ore"): {"a"},
        ("home", "ore"): {"a", "b", "ab"},
        ("home", "metal"): set(),
    }


def test_processes_make_their_own_tags_with_those_of_some_choice_of_feeds() -> None:
    """Ore of a or b and acid of b or free: a, b, ab. From nothing the class of its own tags. Both without a source."""
    found = Goods(
        case_of(
            FOUR,
            spot("one", "ore", 1, class_="a"),
            spot("two", "acid", 1, class_="b"),
            spot("three", "acid", 1, class_="free"),
            process("mix", {"ore": 1, "acid": 1}, {"metal": 1}),
            process("mine", {}, {"rock": 1}),
            process("idle", {"dust": 1}, {"gold": 1}),
            must("d", "metal", 1),
        )
    )
    mix, mine, idle = found.case.rows("processes")
    assert found.made(mix, found.reachable) == {"a", "ab"}
    assert found.made(mine, found.reachable) == {"free"}
    assert found.made(idle, found.reachable) == set()
    assert found.reachable["home", "metal"] == {"a", "ab"}
    assert found.reachable["home", "rock"] == {"free"}
    assert ("home", "gold") not in found.reachable


def test_a_case_without_sources_still_makes_what_needs_no_feed() -> None:
    found = Goods(
        case_of(process("mine", {}, {"ore": 1}), process("mill", {"ore": 2}, {"metal": 1}), must("d", "metal", 1))
    )
    assert found.reachable == {("home", "ore"): {"free"}, ("home", "metal"): {"free"}}


def test_the_demands_that_a_commodity_can_end_in_are_found_through_recipes() -> None:
    """Ore ends in metal, metal in magnets: rows stand from the end on. Slag ends nowhere."""
    found = Goods(
        case_of(
            process("mill", {"ore": 2}, {"metal": 1, "slag": 1}),
            process("forge", {"metal": 1}, {"magnet": 1}),
            must("motors", "magnet", 1),
            must("wire", "metal", 1),
        )
    )
    assert found.ends_in == {"magnet": {"motors"}, "metal": {"motors", "wire"}, "ore": {"motors", "wire"}}


def test_a_line_splits_into_the_groups_of_classes_that_its_demands_tell_apart() -> None:
    """Demands for metal refuse a; those for gold and ore, which the line does not make, refuse b. A licence on b counts
    where some of it is exported."""
    several = [spot(f"s{name}", "ore", 1, class_=name) for name in ("free", "a", "b", "ab")]
    base = (
        FOUR, *several, process("line", {"ore": 1}, {"metal": 1}), must("gilt", "gold", 1, refuses_tags="b"),
        must("raw", "ore", 1, refuses_tags="b"),
        tables(licences=[{"licence": "on b", "approval_share": 0.5, "tags": "b"}]),
    )  # fmt: skip
    plain = Goods(case_of(*base, must("d", "metal", 1, refuses_tags="a")))
    assert plain.split == {"line": [["free", "b"], ["a", "ab"]]}
    home = Goods(case_of(*base, must("d", "metal", 1, refuses_tags="a", licence="on b")))
    assert home.split == {"line": [["free", "b"], ["a", "ab"]]}
    sold = Goods(case_of(*base, must("d", "metal", 1, refuses_tags="a", licence="on b", export_share=0.3)))
    assert sold.split == {"line": [["free"], ["a"], ["b"], ["ab"]]}


FREE_OF_A = tables(rules=[{"rule": "on a", "tags": "a", "threshold_share": 0.001}])
FREE_OF_BOTH = tables(rules=[{"rule": "on both", "tags": "a b", "threshold_share": 0.001}])
SCRAPPY = (
    process("line", {"ore": 1}, {"metal": 1, "swarf": 0.2, "slag": 0.1}, one_class_at_a_time=True),
    process("other", {"ore": 1}, {"metal": 1, "swarf": 0.2}),
    *(spot(f"s{name}", "ore", 1, class_=name) for name in ("free", "a", "b", "ab")),
    must("swarf", "swarf", 1, refuses_tags="b"),
)


def test_the_scrap_of_a_line_is_thrown_together_by_what_its_main_product_is_kept_for() -> None:
    """Metal refuses a, swarf refuses b: the line is kept for free and b, or for a and ab; its scrap bears b, or both. A
    plant that is no line keeps its scrap apart."""
    found = Goods(case_of(FOUR, *SCRAPPY, must("d", "metal", 1, refuses_tags="a")))
    assert found.split == {name: [["free", "b"], ["a", "ab"]] for name in ("line", "other")}
    line, other = found.case.row("processes", "line"), found.case.row("processes", "other")
    for class_, scrap in {"free": "b", "b": "b", "a": "ab", "ab": "ab"}.items():
        given = [(row.commodity, of) for row, of in found.outputs(line, class_)]
        assert given == [("metal", class_), ("swarf", scrap), ("slag", scrap)]
        assert [of for _, of in found.outputs(other, class_)] == [class_, class_]


def test_where_nobody_minds_the_main_product_its_scrap_splits_a_line() -> None:
    """Swarf refuses b: free and a, or b and ab. Would be one group if metal alone were asked."""
    found = Goods(case_of(FOUR, *SCRAPPY, must("d", "metal", 1)))
    assert found.split["line"] == [["free", "a"], ["b", "ab"]]


def test_a_tag_that_can_be_lost_on_the_way_and_one_that_cannot_are_told_apart() -> None:
    """Metal bars a and b alike, by one refusal. Where the rule on a has a tolerance and that on b has none, a alone may
    go into clean metal, and stands apart from b and ab."""
    stuff = (FOUR, *SCRAPPY, must("d", "metal", 1, refuses_tags="a b"))
    assert Goods(case_of(*stuff, FREE_OF_A)).split["line"] == [["free"], ["a"], ["b", "ab"]]
    assert Goods(case_of(*stuff, FREE_OF_BOTH)).split["line"] == [["free"], ["a", "b", "ab"]]


def test_only_classes_that_a_line_can_make_are_in_its_split() -> None:
    found = Goods(
        case_of(FOUR, spot("s", "ore", 1, class_="a"), process("line", {"ore": 1}, {"metal": 1}), must("d", "metal", 1))
    )
    assert found.split == {"line": [["a"]]}
