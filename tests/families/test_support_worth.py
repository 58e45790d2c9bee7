"""SUP: what a start is worth to its investor: fixed prices, terms, rates, costs, products, what others lose."""

from __future__ import annotations

import math

import pytest

from families.invested import (
    IDLE,
    beside,
    built,
    case,
    envelope,
    instruments,
    investor,
    posted,
)
from pencil import (
    event,
    future,
    must,
    offtake,
    optimum,
    plan,
    spot,
    tables,
)


def test_an_offtake_is_a_fixed_price_for_a_term() -> None:
    """A fixed price of 1.5 x 20 for three years from completion brings 3 x 15 x 10 and then a year at the market, 50:
    500. A plant for 500 starts, for 501 not; a floor of the same term is worth as much. Would fail if the term ran from
    the start, or did not end."""
    fixed = {"kind": "offtake", "price_multiple": 1.5, "years": 3.0}
    for kind in ("offtake", "floor"):
        offer = (instruments(fixed={**fixed, "kind": kind}), investor())
        assert optimum(case(*offer, capital=500)) == pytest.approx(built(500))
        assert optimum(case(*offer, capital=501)) == pytest.approx(IDLE)


def test_a_fixed_price_gives_up_what_is_above_it() -> None:
    """The world pays 40 from 2028. A floor of 30 leaves the investor 25 a kilogram, 1,000; a fixed price of 30 leaves
    15, 600, and the state gains 10 a kilogram: 400, worth 100 where a dollar of public money costs 0.25. The gain takes
    nothing from an empty envelope. Would fail if an offtake were a floor."""
    events = {"boom": "2028-01-01"}
    boom = (event("boom", "element_prices", "market=world", "multiple", "set", 2.0), future("only", 1.0, events))
    fixed = instruments(fixed={"kind": "offtake", "price_multiple": 1.5})
    assert optimum(case(instruments("mid"), investor(), *boom, capital=1000)) == pytest.approx(built(1000))
    assert optimum(case(fixed, investor(), *boom, capital=601)) == pytest.approx(IDLE)
    dear = case(fixed, investor(), *boom, capital=600, public_funds_cost=0.25)
    assert optimum(dear) == pytest.approx(built(600) - 100)
    poor = (investor(envelope="state"), envelope(0))
    assert optimum(case(fixed, *poor, *boom, capital=600)) == pytest.approx(built(600))


def test_what_a_fixed_price_gains_fills_no_envelope() -> None:
    """The world pays 40 in 2028 and 20 after it. A fixed price of 30 gains 100 in 2028 and takes 100 a year in the
    three years after. An envelope of 200 for all years holds two of them. Would fail if the gain of 2028 paid for the
    third."""
    boom = event("boom", "element_prices", "market=world", "multiple", "set", 2.0)
    offer = (
        boom,
        future("only", 1.0, {"boom": ("2028-01-01", 12)}),
        instruments(fixed={"kind": "offtake", "price_multiple": 1.5}),
        investor(envelope="state"),
    )
    assert optimum(case(*offer, envelope(300), capital=400)) == pytest.approx(built(400))
    assert optimum(case(*offer, envelope(200), capital=400)) == pytest.approx(built(400, 30))


def test_the_term_ends_within_a_period() -> None:
    """A fixed price for a year and three quarters of a plant done in mid-2028 that makes half in its first year: in
    periods of a year it makes 2.5 t in 2028, 7.5 t in 2029 and 20 t after. The term ends on 2030-04-01, so a quarter of
    the 10 t of 2030 is under it: 12.5 t at 15 and 17.5 t at 5 are 275. Would fail if the term counted periods, or time
    without its ramp."""
    fixed = instruments(fixed={"kind": "offtake", "price_multiple": 1.5, "years": 1.75})
    late = {"ramp": (0.5, 1.0), "lead": 1.5}
    assert optimum(case(fixed, investor(), capital=275, **late)) == pytest.approx(built(275, 30))
    assert optimum(case(fixed, investor(), capital=276, **late)) == pytest.approx(IDLE)
    half = instruments(fixed={"kind": "offtake", "price_multiple": 1.5, "years": 1.0})
    assert optimum(case(half, investor(), capital=200, **late)) == pytest.approx(built(200, 30))
    assert optimum(case(half, investor(), capital=201, **late)) == pytest.approx(IDLE)


def test_money_is_discounted_at_the_investors_rate_from_the_start() -> None:
    """At 10 % the mean factor of the capital's year is (1 - 1.1^-1) / ln 1.1, and of the four years of output (1.1^-1 -
    1.1^-5) / ln 1.1: a plant for 50 x 3.487 = 174.3 pays. A start a year later is worth the same at its own date. Would
    fail at the case's rate, which is nought, or with factors of the ends of periods."""
    worth = 50 * (1.1**-1 - 1.1**-5) / (1 - 1.1**-1)
    offer = (instruments("none"), investor(0.1))
    assert optimum(case(*offer, capital=worth - 0.01)) == pytest.approx(built(worth - 0.01))
    assert optimum(case(*offer, capital=worth + 0.01)) == pytest.approx(IDLE)
    later = {"start_from": 2028, "start_to": 2028, "years": 6}
    assert optimum(case(*offer, capital=worth - 0.01, **later)) == pytest.approx(1000 + built(worth - 0.01))
    assert optimum(case(*offer, capital=worth + 0.01, **later)) == pytest.approx(1000 + IDLE)
    left = 10 * (1 - 1.1**-1) / math.log(1.1)
    assert posted(plan(case(*offer, capital=worth - 10)), "npv") == pytest.approx({("plant", "none", 0): left})
    assert posted(plan(case(*offer, capital=worth - 10, **later)), "npv") == pytest.approx({("plant", "none", 1): left})


def test_the_owner_pays_feed_operation_and_residues() -> None:
    """Half a tonne of ore at 4 a kilogram, 1 a kilogram of residue and 0.5 a year of fixed operation a tonne a year
    leave 1.5 of the 5: 60 over four years on 10 t. Would fail if any of them were left out of the investor's
    account."""
    ore = tables(
        content=[{"commodity": "ore", "element": "Nd", "share": 0.2}],
        prices=[{"market": place, "commodity": "ore"} for place in ("china", "world")],
        recipes=[{"process": "line", "commodity": "ore", "direction": "in", "t_per_t": 0.5}],
        residue_kinds=[{"residue": "sand", "treatment_usd_per_t": 500.0}],
        residues=[{"process": "line", "residue": "sand", "t_per_t": 2.0}],
    )
    offer = (ore, spot("ore", "ore", 0, 99), instruments("none"), investor())
    fixed = {"fixed_usd_per_t_per_year": 500.0}
    assert optimum(case(*offer, capital=60, **fixed)) == pytest.approx(built(60) + 40 + 20)
    assert optimum(case(*offer, capital=61, **fixed)) == pytest.approx(IDLE)


def test_what_remains_at_the_horizon_is_worth_something() -> None:
    """Ten years of life, four of them gone: six tenths of the capital remain and half of it counts, for investor and
    importer alike. A plant for C earns 200 and 0.3 C: C is at most 285.7. If the price falls to 15.1 in the last year
    the plant earns 151 until then, and 6 x 1 in the years that remain, which is less than 0.3 C: 157. Would fail if
    remaining capital counted whatever it earns, or not at all."""
    offer = (instruments("none"), investor())
    life = {"life_years": 10.0, "residual_share": 0.5}
    assert optimum(case(*offer, capital=285, **life)) == pytest.approx(built(285 * 0.7))
    assert optimum(case(*offer, capital=286, **life)) == pytest.approx(IDLE)
    fall = (
        event("fall", "element_prices", "market=world", "multiple", "set", 0.755),
        future("only", 1.0, {"fall": "2031-01-01"}),
    )
    assert optimum(case(*offer, *fall, capital=157, **life)) == pytest.approx(built(157 * 0.7))
    assert optimum(case(*offer, *fall, capital=158, **life)) == pytest.approx(IDLE)
    old = {**life, "life_years": 3.0}
    assert optimum(case(*offer, capital=200, **old)) == pytest.approx(built(200))
    assert optimum(case(*offer, capital=201, **old)) == pytest.approx(IDLE)


def test_output_of_others_is_not_the_investors() -> None:
    """The line makes 4 t already. With 14 t wanted the plant makes 10: 200, and nobody counts the 4 t for it: for 201
    there is none. With 6 t wanted the old line may stand still for it: 6 t are 120, and for 121 there is no plant.
    Would fail if the output of the old line counted for the investor, or capacity did that makes nothing."""
    assert optimum(beside(14, 200)) == pytest.approx(5 * 4 * 15 + 10 * 100 + 40 * 15 + 200)
    assert optimum(beside(14, 201)) == pytest.approx(5 * (4 * 15 + 10 * 100))
    assert optimum(beside(6, 120)) == pytest.approx(4 * 15 + 2 * 100 + 24 * 15 + 120)
    assert optimum(beside(6, 121)) == pytest.approx(5 * (4 * 15 + 2 * 100))


def test_what_others_cannot_make_is_the_investors() -> None:
    """The old line of 4 t closes in 2029. Of 10 t the plant makes 6 in 2028 and all after: under the floor of 1.5 the
    state pays 60 and then 300. With 60 a year the importer buys 4 t abroad from 2029 on. Would fail if output could be
    laid to a line that has closed, to be spared the support."""
    close = (
        event("close", "processes", "process=line", "capacity_t_per_year", "set", 0.0),
        future("only", 1.0, {"close": "2029-01-01"}),
        investor(envelope="state"),
        instruments("mid"),
    )
    cheap, first = 40 * 15, 4 * 15 + 6 * 100
    assert optimum(beside(10, 0, *close, envelope(0, 60, 300))) == pytest.approx(first + cheap)
    assert optimum(beside(10, 0, *close, envelope(0, 60, 60, 60, 60))) == pytest.approx(first + cheap + 3 * 4 * 85)


def test_what_others_lose_is_not_the_investors_gain() -> None:
    """At a price of 10 each tonne loses 5, whoever makes it, and 15 in 2028 when it is worth nothing; no plant starts.
    Would fail if an investor's output could be less than nothing: 4 t that the old line does not make would be 60 in
    2028."""
    fall = (
        event("fall", "element_prices", "market=world", "multiple", "set", 0.5),
        event("slump", "element_prices", "market=world", "multiple", "set", 0.0),
        future("only", 1.0, {"fall": "2027-01-01", "slump": ("2028-01-01", 12)}),
        investor(),
        instruments("none"),
    )
    assert optimum(beside(14, 10, *fall)) == pytest.approx(5 * (4 * 15 + 10 * 100))


def test_a_support_floor_excludes_an_offtake_at_a_floor() -> None:
    """Gold can be bought at 500, or by an offtake at a floor of 10 that is signed with the plant. The plant for 480
    starts under the floor of 1.5 alone, so the offtake is not signed: 5 t x 500 a year. Where the offtake is at a fixed
    price, or the support is a grant, both stand. Would fail if the two floors could stand together, or if an offtake of
    any kind were excluded."""
    gold = (spot("bullion", "gold", 500, 50), must("g", "gold", 5))
    floored = {"price_rule": "floor", "floor_usd_per_kg": 10.0, "market": "world", "index_multiple": 0.0}
    window = {"years": (2027, 2027), "project": "plant"}
    at_floor = offtake("quota", "gold", 10, 5, item=floored, **window)
    fixed = offtake("quota", "gold", 10, 5, **window)
    offer = (instruments("mid"), investor(), *gold)
    metal = tables(prices=[{"market": "world", "commodity": "gold", "fee_usd_per_kg": 1.0}])
    base, quota = built(480), 5 * 500 + 20 * 10
    assert optimum(case(*offer, metal, at_floor, capital=480)) == pytest.approx(base + 25 * 500)
    assert optimum(case(*offer, metal, fixed, capital=480)) == pytest.approx(base + quota)
    grant = instruments(grant={"kind": "grant", "grant_share": 0.6})
    assert optimum(case(grant, investor(), *gold, metal, at_floor, capital=480)) == pytest.approx(base + quota)
    alone = case(instruments("none", "mid"), investor(), *gold, metal, at_floor, capital=200)
    assert optimum(alone) == pytest.approx(built(200) + quota)


def test_an_investor_may_sell_several_products() -> None:
    """A tonne gives 1 t of oxide, and 0.5 t of powder of which a tenth is lost, at 8 in the world and 6 in China. At
    the market it earns 20 + 0.45 x 8 - 15; under a floor of 2 it earns 40 + 0.45 x 12 - 15. Would fail if a product,
    its loss or the floor under it were forgotten, or if the floor were twice the price in the world."""
    powder = tables(
        prices=[
            {"market": "china", "commodity": "powder", "fee_usd_per_kg": 6.0},
            {"market": "world", "commodity": "powder", "fee_usd_per_kg": 8.0},
        ],
        recipes=[{"process": "line", "commodity": "powder", "direction": "out", "t_per_t": 0.5, "yield_share": 0.9}],
        commodities=[{"commodity": "powder", "stage": "product"}],
    )
    alone, high = (powder, investor(), instruments("none")), (powder, investor(), instruments("high"))
    market_worth, floor_worth = 40 * (20 + 0.45 * 8 - 15), 40 * (40 + 0.45 * 12 - 15)
    assert optimum(case(*alone, capital=market_worth)) == pytest.approx(built(market_worth))
    assert optimum(case(*alone, capital=market_worth + 1)) == pytest.approx(IDLE)
    assert optimum(case(*high, capital=floor_worth)) == pytest.approx(built(floor_worth))
    assert optimum(case(*high, capital=floor_worth + 1)) == pytest.approx(IDLE)
