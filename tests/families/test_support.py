"""SUP: an investor starts what pays at its own rate, under one instrument, in expectation over what may come.

The plant of these cases makes oxide at 15 a kilogram, and a market sells it at 20, the Chinese price of the base year,
to whoever buys from abroad at 100. Amounts are thousand USD. Without interest the plant earns 5 a kilogram for four
years after a year of building.
"""

from __future__ import annotations

import math
from typing import Any

import pytest

from pencil import (
    Piece,
    Plan,
    case_of,
    event,
    future,
    must,
    offtake,
    optimum,
    plan,
    process,
    project,
    spot,
    status,
    tables,
)

FLOORS = {"none": 0.0, "low": 1.25, "mid": 1.5, "high": 2.0}
CRASH = event("crash", "element_prices", "market=world", "multiple", "set", 0.5)
CALM_OR_CRASH = (CRASH, future("calm", 0.5), future("crash", 0.5, {"crash": "2028-01-01"}, onset="2028-01-01"))


def instruments(*offered: str, **more: dict[str, Any]) -> Piece:
    """Floors by name, and further instruments given by their columns."""
    rows = [
        {"instrument": name, "kind": "none" if name == "none" else "floor", "price_multiple": FLOORS[name]}
        for name in offered
    ]
    return tables(instruments=[*rows, *({"instrument": name, **columns} for name, columns in more.items())])


def investor(rate: float = 0.0, **columns: Any) -> Piece:
    """Whoever finances the plant."""
    row = {"project": "plant", "private": True, "rate_share_per_year": rate, "market": "world"}
    return tables(financed=[{**row, **columns}])


def market(price: float = 20.0) -> Piece:
    """Oxide at one price in China and in the world."""
    places = ("china", "world")
    return tables(
        markets=[{"market": place} for place in places],
        elements=[{"element": "Nd"}],
        content=[{"commodity": "oxide", "element": "Nd", "share": 1.0}],
        element_prices=[{"market": place, "element": "Nd", "chinese_usd_per_kg": price} for place in places],
        prices=[{"market": place, "commodity": "oxide"} for place in places],
    )


def envelope(amount: float, *later: float) -> Piece:
    """Thousand USD in 2027, and in each year after it where given; the last one lasts."""
    amounts = (amount, *later)
    rows = [
        {
            "envelope": "state",
            "from_date": f"{2027 + number}-01-01",
            "to_date": f"{2028 + number if number + 1 < len(amounts) else 2099}-01-01",
            "amount_million": thousand / 1000,
            "currency": "USD",
        }
        for number, thousand in enumerate(amounts)
    ]
    return tables(envelopes=rows, currencies=[{"currency": "USD", "per_usd": 1.0}])


def case(
    *more: Piece, capital: float = 0.0, lead: float = 1.0, years: int = 5, line: Any = None, **columns: Any
) -> Any:
    """10 t a year wanted; a plant of up to 10 t a year that starts in 2027 or not at all."""
    names = ("discount", "public_funds_cost", "residual_share")
    settings = {name: columns.pop(name) for name in names if name in columns}
    return case_of(
        market(),
        spot("abroad", "oxide", 100, 50),
        process("line", {}, {"oxide": 1}, cost=15.0, **(line or {})),
        project("plant", "line", 10, lead=lead, capital=capital, **{"start_to": 2027, **columns}),
        must("d", "oxide", 10),
        *more,
        years=years,
        **settings,
    )


def chosen(done: Plan) -> list[str]:
    """The instruments that the plan chooses, in its first future."""
    first = next(iter(done.columns.values()))
    return sorted({words[1] for (name, words, _), value in first.items() if name == "choose" and value > 0.5})


def posted(done: Plan, name: str, future: str = "only") -> dict[Any, float]:
    """What an account (npv, outlay) comes to in a future by start and instrument, thousand USD."""
    number = [flat.path.future for flat in done.merged.flats].index(future)
    account = done.merged.flats[number].accounts[name]
    paid = 1000 * (account.matrix @ done.merged.values_of(number, done.solution.values))
    return dict(zip(account.keys, map(float, paid), strict=True))


def beside(tonnes: float, capital: float, *more: Piece) -> Any:
    """A plant of 10 t a year beside an old line of 4 t a year that it enlarges."""
    offer = more or (instruments("none"), investor())
    return case_of(
        market(),
        spot("abroad", "oxide", 100, 50),
        process("line", {}, {"oxide": 1}, capacity=4, cost=15.0),
        project("plant", "line", 10, lead=1, capital=capital, start_to=2027),
        must("d", "oxide", tonnes),
        *offer,
        years=5,
    )


IDLE = 5 * 10 * 100
"""Every tonne from abroad."""


def built(capital: float, tonnes: float = 40.0) -> float:
    """A year from abroad, capital, and output at 15."""
    return IDLE - tonnes * 85 + capital


def test_an_investor_starts_what_pays() -> None:
    """Four years of 10 t at 5 are 200: a plant for 200 is started without support, one for 201 is not, though it would
    save the importer 3,400. The state would build it. Would fail if what the importer saves counted for the
    investor."""
    alone = (instruments("none"), investor())
    assert optimum(case(*alone, capital=200)) == pytest.approx(built(200))
    assert optimum(case(*alone, capital=201)) == pytest.approx(IDLE)
    assert optimum(case(instruments("none"), investor(private=False), capital=201)) == pytest.approx(built(201))


def test_a_floor_brings_on_line_what_the_market_does_not() -> None:
    """The plant for 480 needs 12 a kilogram. The market leaves 5; a floor of 1.25 x 20 leaves 10 and 400, not enough;
    of 1.5 x 20 leaves 15 and 600. So only 1.5 starts it, and the state pays 10 a kilogram, 400 in all, which is no cost
    of resources. Would fail if a floor were read over the market price of another year, as a premium (20 + 30), or if
    the state's 400 were a cost."""
    menu = instruments("none", "low", "mid")
    done = plan(case(menu, investor(), capital=480))
    assert done.cost == pytest.approx(built(480))
    assert chosen(done) == ["mid"]
    assert optimum(case(instruments("none", "low"), investor(), capital=480)) == pytest.approx(IDLE)
    assert optimum(case(instruments("none", "low"), investor(), capital=400)) == pytest.approx(built(400))
    assert optimum(case(menu, investor(instruments=("none", "low")), capital=480)) == pytest.approx(IDLE)


def test_the_state_pays_from_its_envelope() -> None:
    """The floor of 1.5 x 20 on 10 t takes 100 a year from 2028 on. With 99 in 2028 only 9.9 t are made in that year,
    which is 595 for the investor and enough for 480; the importer buys a tenth of a tonne more. With nothing there is
    no plant. Would fail if support were no public money, or fell due all at once."""
    offer = (instruments("none", "mid"), investor(envelope="state"))
    assert optimum(case(*offer, envelope(0, 100, 100, 100, 100), capital=480)) == pytest.approx(built(480))
    assert optimum(case(*offer, envelope(0, 99, 100, 100, 100), capital=480)) == pytest.approx(built(480, 39.9))
    assert optimum(case(*offer, envelope(0), capital=480)) == pytest.approx(IDLE)


def test_dear_public_money_counts_its_price() -> None:
    """A dollar of public money at 0.25: the 400 of the floor cost 100. A grant of 60 % of 480 is 288, leaves the
    investor 192 of capital, which the market's 200 pay, and costs 72: it is taken. Where public money has no price both
    cost nothing. A grant of a third leaves 320 and starts nothing. Would fail if support had no price, or another
    one."""
    dear = {"public_funds_cost": 0.25}
    grant = {"kind": "grant", "grant_share": 0.6}
    offer = instruments("mid", grant=grant)
    done = plan(case(offer, investor(), capital=480, **dear))
    assert done.cost == pytest.approx(built(480) + 72)
    assert chosen(done) == ["grant"]
    assert optimum(case(instruments("mid"), investor(), capital=480, **dear)) == pytest.approx(built(480) + 100)
    assert optimum(case(offer, investor(), capital=480)) == pytest.approx(built(480))
    third = instruments(grant={**grant, "grant_share": 1 / 3})
    assert optimum(case(third, investor(), capital=480)) == pytest.approx(IDLE)


def test_what_support_costs_is_discounted_as_other_costs() -> None:
    """At 4 % a year and a price of 0.25: 10 t x 10 x 0.25 a year over the four years from 2028, at their mean factors;
    the grant of 60 % of 480 falls due over 2027. Would fail if the investor's rate were used, or no rate."""

    def mean(start: float, end: float) -> float:
        return float((1.04**-start - 1.04**-end) / (math.log(1.04) * (end - start)))

    terms = {"discount": 0.04, "public_funds_cost": 0.25, "capital": 480.0}
    assert plan(case(instruments("mid"), investor(), **terms)).costs()["support"] == pytest.approx(100 * mean(1, 5))
    grant = instruments(grant={"kind": "grant", "grant_share": 0.6})
    assert plan(case(grant, investor(), **terms)).costs()["support"] == pytest.approx(72 * mean(0, 1))


def test_grants_take_from_the_envelope_as_capital_falls_due() -> None:
    """Two years of building: 60 % of 240 is 72 in 2027 and 72 in 2028, and the 96 that are left are under the 150 of
    three years. 71 in either year are too little. Would fail if a grant were paid at once."""
    offer = (instruments(grant={"kind": "grant", "grant_share": 0.6}), investor(envelope="state"))
    two = {"capital": 240.0, "lead": 2.0}
    assert optimum(case(*offer, envelope(72, 72), **two)) == pytest.approx(built(240, 30))
    assert optimum(case(*offer, envelope(73, 71), **two)) == pytest.approx(IDLE)
    assert optimum(case(*offer, envelope(71, 73), **two)) == pytest.approx(IDLE)


def test_capital_by_size_is_the_investors_too() -> None:
    """20 thousand USD for a tonne a year earn 4 x 5: that pays, 21 do not. A grant of 5 % is 1.05 of 21: with 6.3 of
    public money there are 6 t. A least size of 7 t closes it, and who is asked for 10 t gets no plan. Would fail if a
    grant counted for a start and not for its size, or if capacity could be built that no instrument backs."""
    grant = {"kind": "grant", "grant_share": 0.05}
    offer = (instruments("none", grant=grant), investor(envelope="state"), envelope(6.3))
    each = {"capital_usd_per_t_per_year": 20_000.0}
    dear = {"capital_usd_per_t_per_year": 21_000.0}
    assert optimum(case(instruments("none"), investor(), **each)) == pytest.approx(built(200))
    assert optimum(case(instruments("none"), investor(), **dear)) == pytest.approx(IDLE)
    assert optimum(case(*offer, **dear)) == pytest.approx(built(6 * 21, 24))
    assert optimum(case(*offer, **dear, size_min_t_per_year=7)) == pytest.approx(IDLE)
    asked = tables(
        groups=[{"group": "all", "sense": "at_least", "counts": "size", "limit": 10.0}],
        group_members=[{"group": "all", "project": "plant"}],
    )
    assert status(case(*offer, asked, **dear)) == "infeasible"


def test_the_public_share_of_a_project_is_not_the_investors() -> None:
    """Half of 400 is public whatever is chosen, and the other half is what the market pays; of 401 a little is left. A
    grant of a fifth comes on top: of 666 three tenths are 199.8. Would fail if the investor paid the public share
    too."""
    half = {"public_share": 0.5}
    assert optimum(case(instruments("none"), investor(), capital=400, **half)) == pytest.approx(built(400))
    assert optimum(case(instruments("none"), investor(), capital=401, **half)) == pytest.approx(IDLE)
    grant = instruments(grant={"kind": "grant", "grant_share": 0.2})
    assert optimum(case(grant, investor(), capital=666, **half)) == pytest.approx(built(666))
    assert optimum(case(grant, investor(), capital=667, **half)) == pytest.approx(IDLE)


def test_a_start_is_made_under_one_instrument() -> None:
    """A tonne a year costs 48. The floor of 1.5 takes 10 of it a year; with 60 a year there are 6 t under it. The grant
    of 60 % takes 28.8 in 2027; with 150 there are 5.2 t. Together they would make 10 t; one alone makes 6. Would fail
    if a start could be shared between instruments."""
    offer = (instruments("mid", grant={"kind": "grant", "grant_share": 0.6}), investor(envelope="state"))
    each = {"capital_usd_per_t_per_year": 48_000.0}
    assert optimum(case(*offer, envelope(150, 60, 60, 60, 60), **each)) == pytest.approx(built(6 * 48, 24))
    assert optimum(case(*offer, envelope(288, 0), **each)) == pytest.approx(built(480))
    assert optimum(case(*offer, envelope(0, 100, 100, 100, 100), **each)) == pytest.approx(built(480))


def test_a_start_of_nought_is_a_start() -> None:
    """A mill that makes oxide at 10 needs the plant for 201, which the market does not bring on line at any size. Under
    a floor of 2 x 20 it earns 25 a kilogram, so it makes 201 / 25 t at 15 and the mill the rest. Would fail if a start
    needed no instrument where its size is nought."""
    mill = (
        process("mill", {}, {"oxide": 1}, cost=10.0),
        project("mill", "mill", 10, capital=1.0, start_to=2027, requires=("plant",)),
    )
    assert optimum(case(*mill, instruments("none"), investor(), capital=201)) == pytest.approx(IDLE)
    high = case(*mill, instruments("high"), investor(), capital=201)
    assert optimum(high) == pytest.approx(201 + 1 + 50 * 10 + 201 / 25 * 5)


def test_the_investor_counts_all_futures_of_its_start() -> None:
    """From 2028 the price is 20 or 10, half and half. Ten tonnes earn 50 a year in the calm and lose 50 in the crash,
    so a plant for 100 pays only if it stands idle in the crash, though the importer then buys at 100 what it would make
    at 15: 0.5 x 200; or for 150, where the calm is three times as likely. A floor of 25 brings 10 a kilogram in both:
    400, and the plant runs in both. Would fail if each future had to pay by itself, or what is made at a loss could be
    left out of the account."""
    offer = (instruments("none"), investor())
    done = plan(case(*offer, *CALM_OR_CRASH, capital=100))
    assert done.cost == pytest.approx(100 + 0.5 * built(0) + 0.5 * IDLE)
    assert done.value("activity", "line", future="crash") == pytest.approx(0)
    assert optimum(case(*offer, *CALM_OR_CRASH, capital=101)) == pytest.approx(IDLE)
    seldom = (CRASH, future("calm", 0.75), future("crash", 0.25, {"crash": "2028-01-01"}, onset="2028-01-01"))
    assert optimum(case(*offer, *seldom, capital=150)) == pytest.approx(150 + 0.75 * built(0) + 0.25 * IDLE)
    assert optimum(case(*offer, *seldom, capital=151)) == pytest.approx(IDLE)
    low = plan(case(instruments("low"), investor(), *CALM_OR_CRASH, capital=400))
    assert low.cost == pytest.approx(built(400))
    assert optimum(case(instruments("low"), investor(), *CALM_OR_CRASH, capital=401)) == pytest.approx(IDLE)


def test_the_crash_costs_the_state_more() -> None:
    """Under a floor of 25 the state pays 5 a kilogram in the calm, 200 in all, and 15 in the crash, 600: 400 in
    expectation, and 100 where a dollar of it costs 0.25. Would fail if the state paid the same in every future."""
    done = plan(case(instruments("low"), investor(), *CALM_OR_CRASH, capital=400, public_funds_cost=0.25))
    assert done.costs("calm")["support"] == pytest.approx(50)
    assert done.costs("crash")["support"] == pytest.approx(150)
    assert done.cost == pytest.approx(built(400) + 100)
    assert posted(done, "outlay", "calm") == pytest.approx({("plant", "low", 0): 200})
    assert posted(done, "outlay", "crash") == pytest.approx({("plant", "low", 0): 600})


def test_each_start_counts_from_its_own_node() -> None:
    """The price of 20 or 10 shows in 2028. Whoever starts then does not know it: three years of 50 in the calm, nothing
    in the crash: 75. Whoever starts in 2029 knows: in the calm two years of 50, a plant for 100 pays, and in the crash
    none. Would fail if a start counted futures that its node has left behind, or knew what it cannot."""
    offer = (instruments("none"), investor(), *CALM_OR_CRASH)
    blind = {"start_from": 2028, "start_to": 2028}
    assert optimum(case(*offer, **blind, capital=75)) == pytest.approx(75 + 0.5 * (IDLE - 30 * 85) + 0.5 * IDLE)
    assert optimum(case(*offer, **blind, capital=76)) == pytest.approx(IDLE)
    seeing = {"start_from": 2029, "start_to": 2029}
    assert optimum(case(*offer, **seeing, capital=100)) == pytest.approx(0.5 * built(100, 20) + 0.5 * IDLE)
    assert optimum(case(*offer, **seeing, capital=101)) == pytest.approx(IDLE)
    assert optimum(case(*offer, **seeing, capital=40)) == pytest.approx(0.5 * built(40, 20) + 0.5 * IDLE)


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


def test_nothing_is_added_where_no_investor_is() -> None:
    """A row that is not private, or no row at all: the plant for 201 is a plant like any other."""
    quiet = plan(case(instruments("none"), investor(private=False), capital=201))
    assert not any(name in ("choose", "backed", "supported") for name, _, _ in quiet.columns["only"])
    assert quiet.cost == pytest.approx(optimum(case(capital=201)))
