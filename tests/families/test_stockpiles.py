"""STK: what is held, when it may be used, what it costs, what it is worth at the end."""

from __future__ import annotations

from typing import Any

import pytest

from pencil import (
    RULE,
    case_of,
    event,
    future,
    must,
    optimum,
    plan,
    process,
    project,
    spot,
    stockpile,
    tables,
    wanted,
)

PRICE = tables(
    markets=[{"market": "china"}],
    elements=[{"element": "Dy"}],
    element_prices=[{"market": "china", "element": "Dy", "chinese_usd_per_kg": 24}],
    content=[{"commodity": "ore", "element": "Dy", "share": 0.5}],
    prices=[{"market": "china", "commodity": "ore"}],
)
"""Ore is worth 12."""
CUT = event("cut", "suppliers", "*", "availability_share", "set", 0)


def cut(start: str, months: float = 600, declared: bool = True) -> tuple[Any, ...]:
    """The market closes, and an emergency is declared with it."""
    rows = [CUT]
    if declared:
        change = {"table": "settings", "where": "setting=emergency_declared", "column": "value", "operation": "set"}
        rows.append({"events": [{"event": "cut", "part": 2, **change, "value": 1}]})
    return (*rows, future("only", 1, {"cut": (start, months)}))


def test_stock_is_what_was_there_less_decay_plus_what_is_put() -> None:
    """10 t lose a fifth a year: 8 t. 4 t are wanted in each of two years, the market asks 50: 4 t are left after the
    first, 3.2 in the second: 0.8 x 50 = 40. Would fail without the decay, or with the decay of the first year alone:
    0."""
    pile = stockpile("k", "ore", initial_t=10, decay_share_per_year=0.2)
    assert optimum(case_of(spot("m", "ore", 50), pile, wanted("d", "ore", 4, 999), years=2)) == pytest.approx(40)


def test_decay_goes_by_the_length_of_the_period() -> None:
    """10 t at 36 % a year lose a fifth in each half: 8 t, of which 7 are used; 1 t left is 0.8 in the second half,
    where 7 t are wanted: 6.2 t at 50: 310. Would fail if a half-year lost a whole year's share (6.4 - 6.4: 380) or
    half of it, 18 % (8.2, 1.2, 0.984: 300.8)."""
    pile = stockpile("k", "ore", initial_t=10, decay_share_per_year=0.36)
    assert optimum(case_of(spot("m", "ore", 50), pile, must("d", "ore", 14), months=6)) == pytest.approx(310)


def test_stock_that_does_not_carry_is_lost_at_the_end_of_the_period() -> None:
    """10 t, 4 t a year wanted: the first year is served, the second buys 4 t at 50: 200. Would fail if it carried:
    0."""
    pile = stockpile("k", "ore", initial_t=10, carries=False)
    assert optimum(case_of(spot("m", "ore", 50), pile, must("d", "ore", 4), years=2)) == pytest.approx(200)


def test_stock_keeps_its_class() -> None:
    """6 t free and tagged material at 2: a customer who refuses it has 5 t from stock and 3 t at 9: 27; tagged stock of
    6 t serves none of it: 8 x 9 = 72. Would fail if class were lost in the warehouse: 16 or 27 in both."""

    def case(initial: str) -> Any:
        return case_of(
            RULE,
            spot("clean", "ore", 9),
            spot("cheap", "ore", 2, class_="tagged"),
            stockpile("k", "ore", initial_t=5, initial_class=initial),
            must("strict", "ore", 8, refuses_tagged=True),
        )

    assert optimum(case("free")) == pytest.approx(27)
    assert optimum(case("tagged")) == pytest.approx(72)


def test_the_warehouse_and_the_pace_hold_all_classes_together() -> None:
    """The market closes after a year; 12 t are wanted, loss 50. A warehouse of 6 t: 6 t short, 300; a pace of 5 t a
    year: 7 t short, 350. Would fail if each class had a warehouse of its own: 12 in stock, 0."""

    def case(**limits: float) -> Any:
        return case_of(
            RULE,
            spot("a", "ore", 0, most=12),
            spot("b", "ore", 0, most=12, class_="tagged"),
            stockpile("k", "ore", **limits),
            wanted("d", "ore", 12, 50),
            *cut("2028-01-01"),
            years=2,
        )

    assert optimum(case(room=6)) == pytest.approx(300)
    assert optimum(case(pace_t_per_year=5)) == pytest.approx(350)


def test_the_pace_is_a_rate() -> None:
    """The market closes after half a year: at a pace of 5 t a year 2.5 t are in: 6 - 2.5 = 3.5 t short at 50: 175.
    Would fail if a half-year took a year's pace: 50."""
    case = case_of(
        spot("a", "ore", 0),
        stockpile("k", "ore", pace_t_per_year=5),
        wanted("d", "ore", 12, 50),
        *cut("2027-07-01"),
        months=6,
    )
    assert optimum(case) == pytest.approx(175)


@pytest.mark.parametrize(
    ("owner", "declared", "expected"), [("public", True, 100), ("public", False, 500), ("private", False, 100)]
)
def test_public_stock_is_released_in_an_emergency_only(owner: str, declared: bool, expected: float) -> None:
    """8 t in stock, a market at 10 that closes in the second year, 10 t wanted in it, loss 50: with release 2 t short,
    100; public stock without a declared emergency stays where it is, 500. Would fail if ownership were not read."""
    case = case_of(
        spot("m", "ore", 10),
        stockpile("k", "ore", initial_t=8, owner=owner, room=8),
        wanted("d", "ore", 10, 50),
        *cut("2028-01-01", declared=declared),
        years=2,
        emergency_declared=0,
    )
    done = plan(case)
    assert done.costs()["shortage"] == pytest.approx(expected)


def test_public_stock_stays_locked_before_and_after_the_emergency() -> None:
    """8 t in public stock and an emergency in the second of three years: its take stands in that year alone."""
    case = case_of(
        spot("m", "ore", 10),
        stockpile("k", "ore", initial_t=8, owner="public"),
        wanted("d", "ore", 10, 50),
        *cut("2028-01-01", 12),
        years=3,
        emergency_declared=0,
    )
    assert {number for name, _, number in plan(case).columns["only"] if name == "take"} == {1}


def test_rotation_sells_a_share_of_the_warehouse_at_a_discount() -> None:
    """A fifth of a warehouse of 20 t a year goes to the market at a loss of 25 % of 12: 4 x 3 + 1 x 15 = 27 for 5 t.
    Would fail if rotation were by stock (10 t: 2 x 3 + 3 x 15 = 51), free of loss (15), or closed outside emergencies
    (75)."""
    pile = stockpile(
        "k", "ore", 20, owner="public", initial_t=10, rotation_share_per_year=0.2, rotation_discount_share=0.25
    )
    assert optimum(case_of(PRICE, spot("m", "ore", 15), pile, must("d", "ore", 5))) == pytest.approx(27)


def test_holding_is_on_the_mean_stock_of_the_period() -> None:
    """10 t at 10 % of 12, of which 4 leave in each of two years: means 8 and 4: 12 x 1.2 = 14.4. Would fail on opening
    stock (19.2) or closing stock (9.6)."""
    pile = stockpile("k", "ore", initial_t=10, holding_share_per_year=0.1)
    assert optimum(case_of(PRICE, spot("m", "ore", 50), pile, must("d", "ore", 4), years=2)) == pytest.approx(14.4)


def test_handling_stops_buying_and_selling_in_a_loop() -> None:
    """3 t taken at 2.5: 7.5, and nothing put in the same year, where without a charge any loop would do. What is put
    and taken pays twice: 3 t at 10, and 3 t at 10 + 5 for the year in which the market is closed. Would fail with a
    charge on one side: 67.5."""
    held = stockpile("k", "ore", initial_t=3, handling_usd_per_kg=2.5)
    done = plan(case_of(spot("m", "ore", 50), held, must("d", "ore", 3)))
    assert done.cost == pytest.approx(7.5)
    assert done.value("put", "k") == pytest.approx(0)
    empty = stockpile("k", "ore", handling_usd_per_kg=2.5)
    through = case_of(spot("m", "ore", 10), empty, wanted("d", "ore", 3, 99), *cut("2028-01-01"), years=2)
    assert optimum(through) == pytest.approx(3 * 10 + 3 * (10 + 5))


def test_closing_stock_is_worth_a_share_of_the_price() -> None:
    """Ore at 7 is bought to fill a warehouse of 5 t since its end is worth 0.75 x 12 = 9: 5 x (7 - 9) = -10; at a
    share of 0.5 it is not. At 25 % discount the 9 are worth 7.2 and the 7 cost 7 x 0.2 / ln 1.25 = 6.27. Would fail if
    what is left were worth nothing (0) or its whole price (-25)."""

    def pieces(share: float) -> tuple[Any, ...]:
        return PRICE, spot("m", "ore", 7), stockpile("k", "ore", 5, terminal_share=share)

    assert optimum(case_of(*pieces(0.75))) == pytest.approx(-10)
    assert optimum(case_of(*pieces(0.5))) == pytest.approx(0)
    assert optimum(case_of(*pieces(0.75), discount=0.25)) == pytest.approx(5 * (7 * 0.2 / 0.22314355131 - 7.2))


def test_cover_is_soft() -> None:
    """146 days of 10 t a year is 4 t; a penalty of 3 per kilogram-year against ore at 7 for two years: 4 x 7 = 28 is
    more than 2 x 4 x 3 = 24; at a penalty of 4 it is bought, 28 and not 32. Would fail if cover were hard (28) or free
    (0)."""

    def case(penalty: float) -> Any:
        pile = stockpile("k", "ore", cover_days=146, cover_demand_t_per_year=10, cover_penalty_usd_per_kg_year=penalty)
        return case_of(spot("m", "ore", 7), pile, years=2)

    assert optimum(case(3)) == pytest.approx(24)
    assert optimum(case(4)) == pytest.approx(28)


def test_cover_grows_with_demand_and_ends_at_the_warehouse() -> None:
    """4 t, and 6 t after a growth of a half in a year, of which 5 fit: nothing for sale: 4 x 3 + 5 x 3 = 27. Would fail
    without the growth (24) or the warehouse (30)."""
    pile = stockpile(
        "k",
        "ore",
        5,
        cover_days=146,
        cover_demand_t_per_year=10,
        cover_growth_share_per_year=0.5,
        cover_penalty_usd_per_kg_year=3,
    )
    assert optimum(case_of(spot("m", "ore", 7, most=0), pile, years=2)) == pytest.approx(27)


def test_cover_is_waived_until_the_pace_could_have_refilled_it() -> None:
    """Cover of 4 t at a pace of 2 t a year: after an emergency in the second of six years it is waived for two more
    years: 4 t are used in it and 2 t a year put back at 7 in the third and fourth: 28, no penalty at all. Would fail
    if the penalty of 100 held in the emergency (+400) or the year after (+200)."""
    pile = stockpile(
        "k",
        "ore",
        owner="private",
        initial_t=4,
        pace_t_per_year=2,
        cover_days=146,
        cover_demand_t_per_year=10,
        cover_penalty_usd_per_kg_year=100,
    )
    case = case_of(
        spot("m", "ore", 7), pile, wanted("d", "ore", 4, 999), *cut("2028-01-01", 12), years=6, emergency_declared=0
    )
    done = plan(case)
    assert done.costs().get("cover penalty", 0) == pytest.approx(0)
    assert done.cost == pytest.approx(5 * 4 * 7 + 4 * 7)
    assert {number for name, _, number in done.columns["only"] if name == "gap"} == {0, 4, 5}


def test_a_project_adds_room() -> None:
    """2 t fit and a project adds 3 from the second year for 40; the market closes in the third: 6 - 5 short at 50 is
    50 + 40 = 90. Would fail without what projects add: 200."""
    case = case_of(
        spot("m", "ore", 0),
        stockpile("k", "ore", 2),
        project("hall", "k", 3, lead=1, capital=40),
        wanted("d", "ore", 6, 50),
        *cut("2029-01-01"),
        years=3,
    )
    assert optimum(case) == pytest.approx(90)


def test_stock_of_a_product_feeds_its_demand_alone() -> None:
    """4 t of metal in stock at a yield of 0.8 save 5 t of ore at 3: of 10 t, 6 / 0.8 = 7.5 t: 22.5. Would fail if stock
    were counted as ore."""
    case = case_of(
        spot("m", "ore", 3),
        process("smelt", {"ore": 1}, {"metal": 1}, capacity=99, yields={"ore": 0.8}),
        stockpile("k", "metal", initial_t=4),
        must("d", "metal", 10),
    )
    assert optimum(case) == pytest.approx(22.5)


def test_rotation_is_of_the_warehouse_of_its_period_and_all_classes_share_it() -> None:
    """A fifth of 20 t, then of 10 t when half of the warehouse is given up: 4 x 3 + 1 x 15, then 2 x 3 + 3 x 15: 78.
    Would fail without the limit (30), or with the room of the year before (54)."""
    pile = stockpile(
        "k", "ore", 20, owner="public", initial_t=10, rotation_share_per_year=0.2, rotation_discount_share=0.25
    )
    case = case_of(
        RULE,
        PRICE,
        spot("m", "ore", 15),
        spot("n", "ore", 15, class_="tagged"),
        pile,
        must("d", "ore", 5),
        event("less", "stockpiles", "*", "warehouse_t", "set", 10),
        future("only", 1, {"less": "2028-01-01"}),
        years=2,
    )
    assert optimum(case) == pytest.approx(78)


def test_rotation_never_goes_back_into_stock() -> None:
    """Private stock of 10 t serves 5 t for nothing. Would fail if ore could be rotated into stock, where the discount
    would be earned without end."""
    pile = stockpile("k", "ore", 20, initial_t=10, rotation_share_per_year=0.2, rotation_discount_share=0.25)
    assert optimum(case_of(PRICE, spot("m", "ore", 15), pile, must("d", "ore", 5))) == pytest.approx(0)


@pytest.mark.parametrize(
    ("column", "before", "later", "closes", "wants", "expected"),
    [("warehouse_t", 6, 2, "2028-01-01", 3, 50), ("pace_t_per_year", 5, 1, "2029-01-01", 12, 300)],
)
def test_each_period_has_the_limits_of_its_own(
    column: str, before: float, later: float, closes: str, wants: float, expected: float
) -> None:
    """A warehouse of 6 t that shrinks to 2 in 2028, when the market closes: of 3 t wanted in 2029 one is short: 50. A
    pace of 5 t a year that falls to 1: 6 t are there when the market closes in 2029, of 12: 300. Would fail with the
    limits of the year before: 0 and 100."""
    case = case_of(
        RULE,
        spot("a", "ore", 0),
        spot("b", "ore", 0, class_="tagged"),
        stockpile("k", "ore", **{"warehouse_t": 99, column: before}),
        wanted("d", "ore", wants, 50),
        event("less", "stockpiles", "*", column, "set", later),
        CUT,
        future("only", 1, {"less": "2028-01-01", "cut": closes}),
        years=3,
    )
    assert optimum(case) == pytest.approx(expected)


def test_what_stock_costs_is_discounted_by_the_mean_over_the_period() -> None:
    """Of 10 t at 10 % of 12 two leave in each of two years at 2.5: means of 9 and 7 t: 10.8 + 5 and 8.4 + 5, at 25 % by
    0.2 and 0.16 over ln 1.25. A cover of 4 t that is not held at 3 a year: 12 x 0.36 / ln 1.25. Would fail
    undiscounted: 29.2 and 24."""
    pile = stockpile("k", "ore", initial_t=10, holding_share_per_year=0.1, handling_usd_per_kg=2.5)
    case = case_of(PRICE, spot("m", "ore", 50), pile, wanted("d", "ore", 2, 999), years=2, discount=0.25)
    assert optimum(case) == pytest.approx((15.8 * 0.2 + 13.4 * 0.16) / 0.22314355131)
    bare = stockpile("k", "ore", cover_days=146, cover_demand_t_per_year=10, cover_penalty_usd_per_kg_year=3)
    case = case_of(spot("m", "ore", 7), bare, years=2, discount=0.25)
    assert optimum(case) == pytest.approx(12 * 0.36 / 0.22314355131)


def test_a_gap_in_the_cover_costs_by_its_time() -> None:
    """4 t that are not held for two half-years, at 3 a kilogram-year: 12. Would fail if each half cost a year's: 24."""
    bare = stockpile("k", "ore", cover_days=146, cover_demand_t_per_year=10, cover_penalty_usd_per_kg_year=3)
    assert optimum(case_of(spot("m", "ore", 7), bare, months=6)) == pytest.approx(12)
