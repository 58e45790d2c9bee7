"""MKT: what is sold and what is given up."""

from __future__ import annotations

from typing import Any

import pytest

from pencil import RULE, case_of, event, future, must, optimum, plan, process, spot, status, tables


def outlet(step: int, t: float, price: float, commodity: str = "la", **columns: Any) -> dict[str, Any]:
    row = {"place": "home", "commodity": commodity, "step": step, "t_per_year": t, "price_usd_per_kg": price}
    return {**row, **columns}


def discard(cost: float) -> Any:
    return {"commodity": "la", "stage": "oxide", "discardable": True, "discard_usd_per_kg": cost}


FEED = (
    spot("mine", "feed", 20),
    process("separate", {"feed": 1}, {"nd": 0.2, "la": 0.8}, capacity=1e3),
    must("d", "nd", 20),
)
"""100 t of feed at 20 give 20 t wanted and 80 t of lanthanum."""


def test_a_surplus_sells_in_falling_steps_and_the_rest_is_given_up() -> None:
    """80 t: 30 at 5, 30 at 2, and 20 discarded at 1: 2000 - 150 - 60 + 20 = 1810. Would fail if the first price held
    for all (1600), or discarding were free (1790)."""
    case = case_of(*FEED, tables(outlets=[outlet(1, 30, 5), outlet(2, 30, 2)], commodities=[discard(1)]))
    assert optimum(case) == pytest.approx(1810)


def test_a_step_is_a_rate() -> None:
    """The same in half-years: 15 t at each step a half. Would fail if each half had the year's volume: 2000 - 300 - 40
    = 1660."""
    case = case_of(*FEED, tables(outlets=[outlet(1, 30, 5), outlet(2, 30, 2)], commodities=[discard(1)]), months=6)
    assert optimum(case) == pytest.approx(1810)


def test_classes_share_a_step_and_what_is_given_up() -> None:
    """20 t of lanthanum free and 60 tagged on one step of 30 t at 5, the rest given up at 1: 50 - 150 = -100 beside
    2000. Would fail if each class had the step to itself, 1780; or free material alone could be sold, 1960."""
    case = case_of(
        RULE,
        spot("clean", "feed", 20, most=25),
        spot("cheap", "feed", 20, most=75, class_="tagged"),
        process("separate", {"feed": 1}, {"nd": 0.2, "la": 0.8}, capacity=1e3),
        must("d", "nd", 20),
        tables(outlets=[outlet(1, 30, 5)], commodities=[discard(1)]),
    )
    assert optimum(case) == pytest.approx(1900)


def test_an_outlet_may_sell_at_a_share_of_a_market_price() -> None:
    """Lanthanum is worth 0.5 x 8 + 1 = 5 in the market and sells at 0.6 of it: 80 x 3 = 240 off; when the element's
    price doubles in the second half: 40 x 3 + 40 x 5.4 = 336 off. Would fail if the reference value held: 240 in
    both."""
    prices = tables(
        markets=[{"market": "china"}],
        elements=[{"element": "La"}],
        element_prices=[{"market": "china", "element": "La", "chinese_usd_per_kg": 8}],
        content=[{"commodity": "la", "element": "La", "share": 0.5}],
        prices=[{"market": "china", "commodity": "la", "fee_usd_per_kg": 1}],
        outlets=[outlet(1, 99, 77, market="china", price_share=0.6)],
    )
    assert optimum(case_of(*FEED, prices)) == pytest.approx(2000 - 240)
    rise = event("rise", "element_prices", "element=La", "multiple", "multiply", 2)
    happens = future("only", 1, {"rise": "2027-07-01"})
    assert optimum(case_of(*FEED, prices, rise, happens, months=6)) == pytest.approx(2000 - 336)


def test_what_may_not_be_discarded_has_to_be_sold() -> None:
    """Where nothing may be discarded an outlet that pays nothing takes the 80 t: 2000; where a discard costs 3 and
    there is no outlet: 2240. Would fail if discarding were free, or were open where it is not allowed."""
    waste = tables(
        outlets=[outlet(1, 999, 0)], commodities=[{"commodity": "la", "stage": "oxide", "discardable": False}]
    )
    dear = tables(commodities=[discard(3)])
    assert optimum(case_of(*FEED, waste)) == pytest.approx(2000)
    assert optimum(case_of(*FEED, dear)) == pytest.approx(2240)


def test_an_outlet_does_not_sell_to_us() -> None:
    """3 t of lanthanum at 9 although an outlet pays 5 for it: 27. Would fail if one could buy from the outlet: 15."""
    case = case_of(spot("shop", "la", 9), must("d", "la", 3), tables(outlets=[outlet(1, 30, 5)]))
    assert optimum(case) == pytest.approx(27)


def test_nothing_comes_back_from_what_was_given_up() -> None:
    """80 t of lanthanum come with the neodymium, 100 are wanted, 20 bought at 9: 2180. Would fail if a negative
    discard made them: 1980."""
    case = case_of(*FEED, spot("shop", "la", 9), must("e", "la", 100), tables(commodities=[discard(1)]))
    assert optimum(case) == pytest.approx(2180)


def test_sales_and_discards_are_discounted_by_the_mean_over_the_period() -> None:
    """1810 in each of two years at 25 %: 1810 x 0.36 / ln 1.25. Would fail if what is sold (210) or given up (20) were
    not discounted."""
    outlets = tables(outlets=[outlet(1, 30, 5), outlet(2, 30, 2)], commodities=[discard(1)])
    assert optimum(case_of(*FEED, outlets, years=2, discount=0.25)) == pytest.approx(1810 * 0.36 / 0.22314355131)


def test_only_what_is_made_jointly_is_given_up_and_only_where_that_is_allowed() -> None:
    """Lanthanum may be given up; the feed, bought alone, may not, though it too could be thrown away; and where
    lanthanum may not either there is no plan. Would fail if discards stood everywhere: 2000."""
    ore = {"commodity": "feed", "stage": "ore", "discardable": True}
    columns = plan(case_of(*FEED, tables(commodities=[discard(1), ore]))).columns["only"]
    assert {words[1] for name, words, _ in columns if name == "discard"} == {"la"}
    assert status(case_of(*FEED)) == "infeasible"
