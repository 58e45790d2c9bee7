"""OFF: what contracts deliver, when, at which price, and what is paid for in any case."""

from __future__ import annotations

from typing import Any

import pytest

from families.test_makeup import taken
from pencil import case_of, deal, event, future, must, offtake, optimum, plan, process, project, spot, stockpile, tables

MARKET = spot("market", "metal", 50)
PRICES = tables(
    markets=[{"market": "china"}, {"market": "abroad"}],
    elements=[{"element": "Dy"}, {"element": "Nd"}],
    element_prices=[
        {"market": "china", "element": "Dy", "chinese_usd_per_kg": 100},
        {"market": "abroad", "element": "Dy", "chinese_usd_per_kg": 100, "multiple": 1.5},
        {"market": "china", "element": "Nd", "chinese_usd_per_kg": 40},
        {"market": "abroad", "element": "Nd", "chinese_usd_per_kg": 40},
    ],
    content=[
        {"commodity": "metal", "element": "Dy", "share": 0.2},
        {"commodity": "metal", "element": "Nd", "share": 0.3},
    ],
    prices=[
        {"market": "china", "commodity": "metal", "realisation_share": 0.5, "fee_usd_per_kg": 2},
        {"market": "abroad", "commodity": "metal", "realisation_share": 0.5, "fee_usd_per_kg": 2},
    ],
)
"""Metal is worth 0.5 x (0.2 x 100 + 0.3 x 40) + 2 = 18 in China and 23 abroad."""


def signed(years: int = 4, months: int = 12, more: tuple[Any, ...] = (), discount: float = 0.0, **contract: Any) -> Any:
    """10 t a year wanted at 50 on the market; an offtake of at most 10 t at 20 that may be signed in 2027."""
    deal_ = offtake("offtake", "metal", 20, 10, years=(2027, 2027), **contract)
    return case_of(MARKET, deal_, must("d", "metal", 10), *more, years=years, months=months, discount=discount)


def test_a_contract_delivers_from_its_qualification_for_its_term() -> None:
    """Signed in 2027, qualified after 1.25 years, for 1.5 years: 7.5 t in 2028 and 7.5 in 2029 at 20 in place of 50:
    2000 - 15 x 30 = 1550. Would fail if the term ran from signing (2.5 t: 1925), or in whole periods (20 t: 1400).
    Without a term 27.5 t; without either all 40 t."""
    assert optimum(signed(qualification_years=1.25, term_years=1.5)) == pytest.approx(1550)
    assert optimum(signed(qualification_years=1.25)) == pytest.approx(2000 - 27.5 * 30)
    assert optimum(signed()) == pytest.approx(800)


def test_first_and_last_delivery_bound_a_contract_by_date() -> None:
    """From 1 July 2028 to 1 April 2030: 5 + 10 + 2.5 t: 2000 - 17.5 x 30 = 1475. Would fail if a date were read by its
    year."""
    case = signed(first_delivery="2028-07-01", last_delivery="2030-04-01")
    assert optimum(case) == pytest.approx(1475)


def test_a_contract_is_signed_in_its_window_and_its_tranches_share_one_volume() -> None:
    """6 t at most, to be signed in 2028 or 2029: three years of 6 t: 2000 - 18 x 30 = 1460. Would fail if it could be
    signed in full each year (6 + 10 + 10 t: 1220) or before its window (24 t: 1280)."""
    deal_ = offtake("offtake", "metal", 20, 6, years=(2028, 2029))
    case = case_of(MARKET, deal_, must("d", "metal", 10), years=4)
    assert optimum(case) == pytest.approx(1460)


def test_the_volume_lies_in_its_range_if_signed() -> None:
    """Take-or-pay on at least 16 t of which 10 are wanted: 320 a year is less than 500; at 40, 640 is not. Would fail
    without the least volume: 200 and 400."""
    least = {"volume_min_t_per_year": 16.0, "take_or_pay_share": 1.0, "years": (2027, 2027)}
    cheap = case_of(MARKET, offtake("o", "metal", 20, 20, **least), must("d", "metal", 10))
    dear = case_of(MARKET, offtake("o", "metal", 40, 20, **least), must("d", "metal", 10))
    assert optimum(cheap) == pytest.approx(320)
    assert optimum(dear) == pytest.approx(500)


def take_or_pay(share: float, *more: Any) -> Any:
    """6 t are wanted in the first year and 12 in the second; 10 t a year are contracted at 40, the market asks 60."""
    contract = offtake("o", "metal", 40, 10, take_or_pay_share=share)
    return case_of(
        spot("market", "metal", 60), contract, must("d", "metal", 6, growth_share_per_year=1.0), *more, years=2
    )


def test_take_or_pay_charges_what_is_not_taken() -> None:
    """8 t a year are paid for: 6 x 40 + 2 x 40 unused + 10 x 40 + 2 x 60 = 840. Would fail without the rule, 760; with
    stock at 2.5 for each put and take the 2 t are carried over: 8 x 40 + 10 x 40 + 2 x 5 = 730."""
    assert optimum(take_or_pay(0.8)) == pytest.approx(840)
    assert optimum(take_or_pay(0.0)) == pytest.approx(760)
    assert optimum(take_or_pay(0.8, stockpile("k", "metal", handling_usd_per_kg=2.5))) == pytest.approx(730)


def test_take_or_pay_is_reckoned_by_the_year() -> None:
    """2.5 and 7.5 t wanted in two half-years, 7.5 t paid for in the year: 2.5 + 5 t at 40, 2.5 at 60: 450. Would fail
    if each half had to take 3.75: 500."""
    rise = event("low", "demands", "*", "multiple", "set", 0.5)
    high = event("high", "demands", "*", "multiple", "set", 1.5)
    happens = future("only", 1, {"low": ("2027-01-01", 6), "high": "2027-07-01"})
    contract = offtake("o", "metal", 40, 10, take_or_pay_share=0.75)
    case = case_of(spot("market", "metal", 60), contract, must("d", "metal", 10), rise, high, happens, months=6)
    assert optimum(case) == pytest.approx(450)


@pytest.mark.parametrize(("clause", "expected"), [(True, 500), (False, 700)])
def test_force_majeure_frees_from_paying_for_what_cannot_come(clause: bool, expected: float) -> None:
    """The supplier delivers half of 10 t at 40, the market the rest at 60: 500 with the clause; without it 5 t are paid
    for and not delivered, 700. Would fail if the clause were not read."""
    contract = offtake("o", "metal", 40, 10, take_or_pay_share=1.0, force_majeure=clause)
    fire = event("fire", "suppliers", "supplier=o", "availability_share", "multiply", 0.5)
    happens = future("only", 1, {"fire": "2027-01-01"})
    case = case_of(spot("market", "metal", 60), contract, must("d", "metal", 10), fire, happens)
    assert optimum(case) == pytest.approx(expected)


def priced(*more: Any, **item: Any) -> float:
    terms = {"price_rule": "index", "market": "china", **item}
    return optimum(case_of(PRICES, deal("o", "metal", 0, kind="spot", item=terms), must("d", "metal", 10), *more))


def crash(factor: float) -> tuple[Any, ...]:
    """The Chinese price of both elements, times a factor."""
    change = event("crash", "element_prices", "market=china", "chinese_usd_per_kg", "multiply", factor)
    return change, future("only", 1, {"crash": "2027-01-01"})


def test_an_index_follows_the_market() -> None:
    """1.1 times the Chinese price of 18: 198 for 10 t; abroad 23: 253; at half the element prices 10: 110. Would fail
    if the fee were halved too (99) or the index were fixed at the base year."""
    assert priced(index_multiple=1.1) == pytest.approx(198)
    assert priced(index_multiple=1.1, market="abroad") == pytest.approx(253)
    assert priced(*crash(0.5), index_multiple=1.1) == pytest.approx(110)


def test_a_floor_is_a_level_in_money() -> None:
    """At a level of 15 a price of 18 stands, and one of 10 is 15. Would fail if a floor were a cap or an addition."""
    floor = {"price_rule": "floor", "floor_usd_per_kg": 15}
    assert priced(**floor) == pytest.approx(180)
    assert priced(*crash(0.5), **floor) == pytest.approx(150)


def test_a_floor_multiple_is_of_the_base_year() -> None:
    """Twice the Chinese price of the base year is 36 whether the price of the day is 18 or 10; at 4 times the element
    prices it is 66 and stands. Would fail if the multiple moved with the price: 20 and 132."""
    floor = {"price_rule": "floor", "floor_multiple": 2.0}
    assert priced(**floor) == pytest.approx(360)
    assert priced(*crash(0.5), **floor) == pytest.approx(360)
    assert priced(*crash(4.0), **floor) == pytest.approx(660)


def test_the_greater_of_two_floors_holds() -> None:
    """Of a level of 40 and 2 x 18 the level holds."""
    assert priced(price_rule="floor", floor_multiple=2.0, floor_usd_per_kg=40) == pytest.approx(400)


def test_cost_plus_is_a_multiple_of_the_chinese_full_cost() -> None:
    """10 times a Chinese full cost of 3: 300 for 10 t. Would fail if it were a multiple of the price (1800)."""
    assert priced(price_rule="cost_plus", cost_multiple=10, chinese_full_cost_usd_per_kg=3) == pytest.approx(300)


def test_several_items_share_one_volume() -> None:
    """A tonne of contract is 0.7 t at 20 and 0.3 t at 60: 10 t of the first take 14.29 t of contract at 32: 457.1.
    Would fail if items could be bought apart (200) or prices were not weighted (1143)."""
    case = case_of(
        deal("o", "metal", 20, kind="spot", item={"t_per_t": 0.7}),
        tables(
            contract_items=[
                {
                    "contract": "o",
                    "commodity": "alloy",
                    "t_per_t": 0.3,
                    "price_rule": "fixed",
                    "price_usd_per_kg": 60,
                }
            ]
        ),
        must("d", "metal", 10),
        tables(commodities=[{"commodity": "alloy", "stage": "product"}]),
    )
    assert optimum(case) == pytest.approx(10 / 0.7 * 32)


def test_a_licence_scales_what_a_contract_can_deliver() -> None:
    """Licences let 30 % of 10 t through: 3 x 20 + 7 x 50 = 410. Would fail if the licence were not read: 200."""
    case = case_of(
        MARKET,
        spot("o", "metal", 20, most=10, licence="export"),
        must("d", "metal", 10),
        tables(licences=[{"licence": "export", "approval_share": 0.3}]),
    )
    assert optimum(case) == pytest.approx(410)


def test_a_prepayment_is_paid_at_signing() -> None:
    """100 and 3 thousand USD per t a year of 10 t: 130 beside 2 x 200 in place of 2 x 500: 530. Would fail if it came
    off the price or were paid each year."""
    case = signed(years=2, prepayment_musd=0.1, prepayment_usd_per_t_per_year=3000)
    assert optimum(case) == pytest.approx(530)


def test_dividends_are_received_while_the_contract_is_in_force() -> None:
    """40 a year from mid-2028 to 2031: 2.5 years: 2000 - 25 x 30 - 100 = 1150. Would fail if they flowed from signing
    (1090) or once (1210)."""
    assert optimum(signed(qualification_years=1.5, dividend_musd_per_year=0.04)) == pytest.approx(1150)


def with_plant(*more: Any, years: int = 5, lead: float = 2, ramp: tuple[float, ...] = (1.0,), **contract: Any) -> Any:
    """An offtake at 20 on a plant that is decided here for 150, in 2027 or never."""
    return case_of(
        MARKET,
        process("line", {"nothing": 1}, {"metal": 1}),
        project("plant", "line", 10, lead=lead, capital=150, ramp=ramp, start_to=2027),
        offtake("o", "metal", 20, 10, years=(2027, 2027), project="plant", **contract),
        must("d", "metal", 10),
        *more,
        years=years,
    )


def test_an_offtake_on_a_project_follows_its_ramp() -> None:
    """The plant is there in 2029 with 0.5 and from 2030 in full: 5 + 10 + 10 t at 20: 2500 - 25 x 30 + 150 = 1900.
    Would fail if the offtake delivered from its signing (1150) or without the ramp (1750)."""
    assert optimum(with_plant(ramp=(0.5, 1.0))) == pytest.approx(1900)
    floor = {"price_rule": "floor", "floor_usd_per_kg": 20}
    assert optimum(with_plant(ramp=(0.5, 1.0), item=floor)) == pytest.approx(1900)


def test_an_offtake_on_a_project_may_be_at_a_floor() -> None:
    """A floor of 20 with nothing above it is worth what the fixed price of 20 is: 1900. Would fail if a floor were not
    paid on a project."""
    floor = {"price_rule": "floor", "index_multiple": 0.0, "floor_usd_per_kg": 20.0, "market": "world"}
    assert optimum(with_plant(ramp=(0.5, 1.0), item=floor)) == pytest.approx(1900)


def test_an_offtake_on_a_project_needs_the_start() -> None:
    """Where the plant costs more than it saves, nothing is signed: 2500. Would fail if the start were not needed:
    1600."""
    done = plan(with_plant(tables(settings=[]), years=5, lead=4.9))
    assert done.cost == pytest.approx(2500)
    assert done.value("sign", "o") == 0


def test_the_term_of_an_offtake_on_a_project_runs_from_its_first_delivery() -> None:
    """Two years from 2029: 2500 - 20 x 30 + 150 = 2050. Would fail if the term ran from signing: it would be over
    before the plant runs, 2500."""
    assert optimum(with_plant(term_years=2)) == pytest.approx(2050)


def test_an_offtake_on_a_project_ends_inside_a_period_by_its_share() -> None:
    """A term of 1.25 years from 2029: 12.5 t: 2500 - 375 + 150 = 2275. Qualified half a year after the plant's first
    output: from mid-2029: 2500 - 25 x 30 + 150 = 1900. Would fail if it were counted by whole periods: 2050."""
    assert optimum(with_plant(term_years=1.25)) == pytest.approx(2275)
    assert optimum(with_plant(qualification_years=2.5)) == pytest.approx(1900)


def test_a_prepayment_is_lost_when_the_plant_never_comes() -> None:
    """Two equal futures; in one the plant never comes within the horizon, and both pay 150 for it and 60 ahead: 210 +
    2500 - 0.5 x 900 = 2260. Would fail if what never comes cost nothing, 2155; or the offtake delivered without its
    plant, 1810."""
    draw = {"future": "b", "project": "plant", "slip_years": 9, "strikes": "2028-01-01"}
    more = (future("a", 0.5), future("b", 0.5, onset="2028-01-01"), tables(draws=[draw]))
    assert optimum(with_plant(*more, prepayment_musd=0.06)) == pytest.approx(2260)


def test_purchases_are_discounted_by_the_mean_over_the_period() -> None:
    """10 t at 50 in two years at 25 %: 500 x 0.36 / ln 1.25. Would fail with factors at the start or end of a year."""
    case = case_of(MARKET, must("d", "metal", 10), years=2, discount=0.25)
    assert optimum(case) == pytest.approx(500 * 0.36 / 0.22314355131)


def test_a_prepayment_is_discounted_from_the_day_of_signing() -> None:
    """Signed in 2028 for 100 at 25 %: 500 and 200 a year by the means of their years, and 80. Would fail if it were
    discounted by the year's mean (71.7) or not at all (100)."""
    deal_ = offtake("o", "metal", 20, 10, years=(2028, 2028), prepayment_musd=0.1)
    case = case_of(MARKET, deal_, must("d", "metal", 10), years=2, discount=0.25)
    assert optimum(case) == pytest.approx((500 * 0.2 + 200 * 0.16) / 0.22314355131 + 80)


def test_a_prepayment_is_lost_when_the_supplier_never_delivers() -> None:
    """Two equal futures; in one the supplier of an offtake from 2028 delivers nothing. 60 ahead and three years'
    market, less 30 on each of 20 t in one of them: 60 + 1500 - 0.5 x 600 = 1260. Would fail if what never comes were
    not paid for: 1230."""
    never = event("never", "suppliers", "supplier=o", "availability_share", "set", 0)
    futures = (future("a", 0.5), future("b", 0.5, {"never": "2028-01-01"}, onset="2028-01-01"))
    ahead = offtake("o", "metal", 20, 10, years=(2027, 2027), qualification_years=1.0, prepayment_musd=0.06)
    case = case_of(MARKET, ahead, must("d", "metal", 10), never, *futures, years=3)
    assert optimum(case) == pytest.approx(1260)


def test_dividends_are_discounted_by_the_mean_over_the_period() -> None:
    """200 paid and 40 received in each of two years at 25 %: 160 x 0.36 / ln 1.25."""
    case = signed(years=2, dividend_musd_per_year=0.04, discount=0.25)
    assert optimum(case) == pytest.approx(160 * 0.36 / 0.22314355131)


def test_what_is_not_taken_is_discounted_with_its_year() -> None:
    """6 t taken and 2 t paid for at 40 in each of two years at 25 %: 320 x 0.36 / ln 1.25."""
    contract = offtake("o", "metal", 40, 10, take_or_pay_share=0.8)
    case = case_of(spot("market", "metal", 60), contract, must("d", "metal", 6), years=2, discount=0.25)
    assert optimum(case) == pytest.approx(320 * 0.36 / 0.22314355131)


def test_a_volume_is_never_negative() -> None:
    """A supplier that is cut off asks 3 thousand USD ahead for a t a year: nothing is signed, 500. Would fail if a
    negative volume could be signed for money."""
    cut = event("cut", "suppliers", "supplier=o", "availability_share", "set", 0)
    ahead = offtake("o", "metal", 20, 10, years=(2027, 2027), prepayment_usd_per_t_per_year=3000)
    case = case_of(MARKET, ahead, must("d", "metal", 10), cut, future("only", 1, {"cut": "2027-01-01"}))
    assert optimum(case) == pytest.approx(500)


@pytest.mark.parametrize(("share", "expected"), [(1.0, 320), (0.5, 240)])
def test_what_is_owed_adds_up_over_the_year(share: float, expected: float) -> None:
    """2 t wanted, 80 % of 10 t paid for at 40 in half-years: 320. Where half can come from July on, 4 and 2 t are owed:
    240. Would fail if one half stood for the year (160), or the clause of the first half for both (320)."""
    fire = event("fire", "suppliers", "supplier=o", "availability_share", "set", share)
    contract = offtake("o", "metal", 40, 10, take_or_pay_share=0.8)
    happens = future("only", 1, {"fire": "2027-07-01"})
    assert optimum(case_of(contract, must("d", "metal", 2), fire, happens, months=6)) == pytest.approx(expected)


@pytest.mark.parametrize("share", [0.8, 1.0])
def test_what_was_taken_cannot_be_paid_for_ahead(share: float) -> None:
    """10 t wanted and taken, then 20: 400 + 400 + 10 x 60 = 1400. Would fail if paying for tonnes that were not due
    earned make-up: 1200."""
    assert optimum(taken(10, 20, share=share)) == pytest.approx(1400)


def test_no_more_is_paid_for_than_is_missing() -> None:
    """6 t wanted, then 20: only 2 t are missing of what is due: 240 + 80 + 400 + 8 x 60 = 1200. Would fail if all that
    can be due could be paid for beside the 6 t: 240 + 320 + 400 + 2 x 60 = 1080."""
    assert optimum(taken(6, 20)) == pytest.approx(1200)


def test_whoever_takes_less_than_is_due_may_use_the_market_first() -> None:
    """The market asks 50, then 70: 8 t are left to it in the first year and made up in the second: 320 + 500 + 400 +
    2 x 70 = 1360, where taking 10 t each year costs 1500. Would fail if 10 t could be paid for and left (1300), since
    only 8 are due."""
    assert optimum(taken(10, 20, market=(50, 70))) == pytest.approx(1360)


def test_a_year_is_behind_or_not() -> None:
    """11 t wanted in the second year, when the market asks 80. To make up 1 t, no more than 7 of the 8 t due may be
    taken: 280 + 40 + 3 x 50 + 400 = 870, less than 880. Would fail if a year could be an eighth behind: 852.5."""
    assert optimum(taken(10, 11, market=(50, 80))) == pytest.approx(870)


def test_the_clause_frees_from_what_a_supplier_that_has_closed_does_not_deliver() -> None:
    """Two fifths of a mine are left while nobody sustains it; 10 t at 40 are due, and the market asks 30: 4 x 40 + 6 x
    30 = 340. Would fail if all were due (400), or nothing was (300)."""
    closed = tables(suppliers=[{"supplier": "mine", "alone_share": 0.4}])
    due = offtake("o", "metal", 40, 10, supplier="mine", take_or_pay_share=1.0)
    case = case_of(spot("market", "metal", 30), closed, due, must("d", "metal", 10))
    assert optimum(case) == pytest.approx(340)


def given_up(*more: Any, capital: float = 300, charge: float = 0.2, **contract: Any) -> Any:
    """The market asks 55 for five years; an offtake at 20 on a plant that takes three and can be given up."""
    plant = project("plant", "line", 10, lead=3, capital=capital, start_to=2027, can_abandon=True, exit_share=charge)
    deal_ = offtake("o", "metal", 20, 10, years=(2027, 2027), project="plant", **contract)
    line = process("line", {"nothing": 1}, {"metal": 1})
    return case_of(spot("market", "metal", 55), line, plant, deal_, must("d", "metal", 10), *more, years=5)


def glut() -> tuple[Any, ...]:
    """In one of two equal futures the market asks 5 from 2028 on."""
    falls = event("glut", "contract_items", "contract=market", "price_usd_per_kg", "set", 5)
    return falls, future("calm", 0.5), future("glut", 0.5, {"glut": "2028-01-01"}, onset="2028-01-01")


@pytest.mark.parametrize(("charge", "expected"), [(0.2, 1660), (1.2, 1710)])
def test_a_contract_ends_with_a_project_that_is_given_up(charge: float, expected: float) -> None:
    """All of the offtake is due. Calm: 3 x 550 + 400 + 300 = 2350. In the glut the plant is given up in 2029, for 20 of
    the last 100: 550 + 4 x 50 + 220 = 970, and nothing is due; at a charge of 120 it is 1070. Would fail if the
    offtake were due without its plant (1750: no plant is begun), or could be left while the plant is built (1700)."""
    assert optimum(given_up(*glut(), charge=charge, take_or_pay_share=1.0)) == pytest.approx(expected)


def test_nothing_comes_of_a_contract_whose_project_is_given_up() -> None:
    """A plant of 3000 that has to be begun is given up for nothing a year later: 5 x 550 + 1000. Would fail if the
    offtake delivered without it: 3050."""
    group = {"group": "g", "sense": "at_least", "counts": "starts", "limit": 1}
    begun = tables(groups=[group], group_members=[{"group": "g", "project": "plant"}])
    assert optimum(given_up(begun, capital=3000, charge=0.0)) == pytest.approx(3750)


def test_a_contract_on_a_project_that_stays_is_as_it_was_signed() -> None:
    """Of the plant that is built 10 t a year, each 5 ahead: 3 x 550 + 400 + 300 + 50 = 2400. Would fail if what is not
    given up could grow without a payment: 2350."""
    assert optimum(given_up(prepayment_usd_per_t_per_year=5000)) == pytest.approx(2400)
