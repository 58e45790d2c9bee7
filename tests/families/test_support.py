"""SUP: an investor starts what pays at its own rate, under one instrument, in expectation over what may come."""

from __future__ import annotations

import math

import pytest

from families.invested import (
    CALM_OR_CRASH,
    CRASH,
    IDLE,
    built,
    case,
    chosen,
    envelope,
    instruments,
    investor,
    posted,
)
from pencil import (
    future,
    optimum,
    plan,
    process,
    project,
    status,
    tables,
)


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


def test_nothing_is_added_where_no_investor_is() -> None:
    """A row that is not private, or no row at all: the plant for 201 is a plant like any other."""
    quiet = plan(case(instruments("none"), investor(private=False), capital=201))
    assert not any(name in ("choose", "backed", "supported") for name, _, _ in quiet.columns["only"])
    assert quiet.cost == pytest.approx(optimum(case(capital=201)))
