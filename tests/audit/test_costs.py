"""What a plan costs, worked out by hand for values of a plan one after the other, in periods of unlike length."""

from __future__ import annotations

import math
from typing import Any

import pytest

from audit.findings import bill, parts, spent
from audit.written import FACTORS, TIME, at, mean, timed, written
from families.invested import CALM_OR_CRASH, instruments, investor, market
from orefolio.audit.costs import Bill, Spending, bills
from orefolio.audit.evidence import Item
from orefolio.case.case import Case
from pencil import (
    case_of,
    deal,
    event,
    future,
    lane,
    must,
    offtake,
    process,
    project,
    spot,
    stockpile,
    tables,
    wanted,
)

FIRST, SECOND, THIRD, LAST = FACTORS


def empty() -> Bill:
    life: Any = None
    return Bill(life)


def test_a_bill_adds_up_what_each_value_of_the_plan_costs() -> None:
    bill = empty()
    bill.pay("sales", 2, 5.0, "buy", Item(("o", "2027"), 1, 9.0))
    bill.pay("sales", 2, -2.0, "buy", Item(("o", "2027"), 1, 9.0))
    bill.pay("other", 0, 4.0, "sell", Item(("o", "tagged"), 1, 9.0))
    bill.pay("nothing", 0, 0.0, "sell", Item(("o", "tagged"), 1, 9.0))
    assert bill.parts == {("sales", 2): [5.0, -2.0], ("other", 0): [4.0]}
    assert bill.columns == {("buy", ("o", "2027"), 1): 3.0, ("sell", ("o", "tagged"), 1): 4.0}
    assert bill.borne == {("sales", "o"): 7.0, ("other", "o"): 4.0}
    assert (bill.total, bill.size) == (7.0, 11.0)


def test_the_commodity_bears_what_a_discard_costs() -> None:
    bill = empty()
    bill.pay("discards", 0, 2.0, "discard", Item(("home", "scrap"), 0, 1.0))
    assert bill.borne == {("discards", "scrap"): 2.0}


def test_public_money_is_of_an_envelope_and_not_nothing() -> None:
    bill = empty()
    bill.spend("", 1.0, 0.0, 1.0)
    bill.spend("state", 0.0, 0.0, 1.0)
    bill.spend("state", 2.0, 0.5, 1.0)
    assert bill.spendings == [Spending("state", 2.0, 0.5, 1.0)]


def test_bills_are_made_once() -> None:
    evidence = written(timed(), ("buy", "m", 0, 3.0))
    assert bills(evidence) is bills(evidence)
    assert len(bills(evidence)) == 1


def test_a_programme_costs_up_front_and_every_year_from_its_effect_on() -> None:
    """0.6 x 0.5, of which 0.8 by 1.5 and 0.2 by 1.75, when it takes effect: then 0.2 x 0.5 a year for a quarter of a
    year, and 0.5 x 0.5 for two years."""
    level = {
        "programme": "p", "level": 2, "increment_share": 0.1, "up_front_musd": 0.6, "annual_musd": 0.2,
        "lead_time_years": 1.25, "start_from": 2027, "start_to": 2030, "envelope": "state",
    }  # fmt: skip
    more = event("more", "programmes", "programme=p", "annual_musd", "set", 0.5)
    dear = event("dear", "programmes", "programme=p", "up_front_musd", "set", 9.0)
    calm = future("only", 1, {"more": "2029-01-01", "dear": "2028-01-01"})
    case, plan = timed(tables(programmes=[level]), more, dear, calm), ("level_on", "p/2", 1, 0.5)
    assert parts(case, plan) == pytest.approx({
        ("programmes", 1): 0.24 * mean(0.5, 1.5),
        ("programmes", 2): 0.06 * mean(1.5, 1.75) + 0.2 * 0.5 * 0.25 * mean(1.75, 2.0),
        ("programmes", 3): 0.5 * 0.5 * 2.0 * LAST,
    })  # fmt: skip
    assert spent(case, plan) == [
        ("state", pytest.approx(0.24), 0.5, 1.5),
        ("state", pytest.approx(0.06), 1.5, 1.75),
        ("state", pytest.approx(0.025), 1.75, 2.0),
        ("state", pytest.approx(0.5), 2.0, 4.0),
    ]


def test_purchases_and_what_is_paid_for_and_not_taken_are_at_the_contracts_price() -> None:
    """7 t at 40 and 3 t at 40 from half a year on: thousandths of a million USD."""
    case = timed(offtake("o", "metal", 40.0, 9.0))
    assert parts(case, ("buy", "o", 1, 7.0), ("unused", "o/2027", 1, 3.0)) == pytest.approx(
        {("purchases", 1): 0.28 * SECOND, ("take-or-pay", 1): 0.12 * SECOND}
    )


SIGNED: dict[str, Any] = {
    "prepayment_musd": 0.3, "prepayment_usd_per_t_per_year": 20000.0, "public_share": 0.25, "envelope": "state",
    "qualification_years": 0.5, "term_years": 2.0,
}  # fmt: skip


def test_a_signature_is_prepaid_and_may_pay_dividends_while_it_delivers() -> None:
    """0.3 x 0.8 and 0.02 x 5 after a year. It delivers from 1.5 to 3.5: half of the third period, three quarters of the
    last one's two years, each year 0.06 x 0.8."""
    plan = (("sign", "o", 2, 0.8), ("volume", "o", 2, 5.0))
    plain = timed(offtake("o", "metal", 40.0, 9.0, years=(2027, 2030), **SIGNED))
    assert parts(plain, *plan) == pytest.approx({("prepayments", 2): 0.34 * at(1.0)})
    paid = timed(offtake("o", "metal", 40.0, 9.0, years=(2027, 2030), **SIGNED, dividend_musd_per_year=0.06))
    assert parts(paid, *plan) == pytest.approx({
        ("prepayments", 2): 0.34 * at(1.0),
        ("dividends", 2): -0.06 * 0.5 * 0.8 * THIRD,
        ("dividends", 3): -0.06 * 1.5 * 0.8 * LAST,
    })  # fmt: skip
    assert spent(paid, *plan) == [
        ("state", pytest.approx(0.06), 1.0, 1.0),
        ("state", pytest.approx(0.025), 1.0, 1.0),
    ]


def test_a_tranche_is_paid_for_and_pays_dividends_while_it_delivers() -> None:
    """0.4 x 0.5 after a year, a quarter of it public; 0.06 x 0.5 a year, as above."""
    quota = deal("q", "metal", 10, kind="quota", sign_from=2027, sign_to=2030, **SIGNED)
    share = {"contract": "q", "tranche": 2, "right_share": 0.1, "payment_musd": 0.4, "dividend_musd_per_year": 0.06}
    case, plan = timed(quota, tables(tranches=[share])), ("tranche", "q/2", 2, 0.5)
    assert parts(case, plan) == pytest.approx({
        ("prepayments", 2): 0.2 * at(1.0),
        ("dividends", 2): -0.06 * 0.5 * 0.5 * THIRD,
        ("dividends", 3): -0.06 * 1.5 * 0.5 * LAST,
    })  # fmt: skip
    assert spent(case, plan) == [("state", pytest.approx(0.05), 1.0, 1.0)]


def test_processes_cost_by_tonne_with_their_residue_and_by_campaign() -> None:
    """8 t at 5, and 3 t of residue a tonne at 50 USD; 6 t of another at 7 that leaves nothing behind; 0.02 x 0.5 for a
    period in which it runs; 0.3 x 0.5 for changing over."""
    case = timed(
        process("line", {}, {"metal": 1}, cost=5.0, campaign_musd=0.02, changeover_musd=0.3),
        process("clean", {}, {"metal": 1}, cost=7.0),
        tables(
            residue_kinds=[{"residue": "water", "treatment_usd_per_t": 50.0}],
            residues=[{"process": "line", "residue": "water", "t_per_t": 3.0}],
        ),
    )
    found = parts(
        case, ("activity", "line/free", 3, 8.0), ("activity", "clean/free", 1, 6.0), ("run", "line", 3, 0.5),
        ("changeover", "line", 2, 0.5),
    )  # fmt: skip
    assert found == pytest.approx({
        ("processing", 3): 0.04 * LAST,
        ("processing", 1): 0.042 * SECOND,
        ("residues", 3): 8 * 150e-6 * LAST,
        ("campaigns", 3): 0.01 * LAST,
        ("changeovers", 2): 0.15 * at(1.0),
    })  # fmt: skip


def kept() -> Case:
    """A line at 0.4 a year that makes four classes; demands tell three groups apart: free, a, and ab with abc."""
    return timed(
        tables(classes=[{"class_": name, "tags": " ".join(name)} for name in ("a", "ab", "abc")]),
        tables(classes=[{"class_": "free"}]),
        *(spot(f"s{name}", "ore", 1.0, class_=name) for name in ("free", "a", "ab", "abc")),
        process("line", {"ore": 1}, {"metal": 1}, one_class_at_a_time=True, dedication_musd_per_year=0.4),
        must("one", "metal", 1, refuses_tags="a"),
        must("two", "metal", 1, refuses_tags="b"),
    )


def test_a_line_that_is_kept_for_a_class_costs_by_the_year_from_the_start_of_a_segment() -> None:
    """A segment is a year here, of two half-years in 2027, and two years at the end. The last group costs nothing."""
    assert parts(kept(), ("dedicated", "line", 0, 0.5), ("dedicated", "line", 3, 0.7)) == pytest.approx(
        {("dedication", 0): 0.4 * 0.5 * mean(0.0, 1.0), ("dedication", 3): 0.4 * 2.0 * 0.7 * LAST}
    )
    assert parts(kept(), ("dedicated", "line", 1, 0.5)) == {}
    assert parts(kept(), ("kept_for", "line/a", 2, 0.5)) == pytest.approx({("dedication", 2): 0.2 * THIRD})
    assert parts(kept(), ("kept_for", "line/free", 2, 0.5)) == pytest.approx({("dedication", 2): 0.2 * THIRD})
    assert parts(kept(), ("kept_for", "line/ab", 2, 0.5)) == {}


def test_states_of_plants_cost_by_the_year_and_changes_of_state_once() -> None:
    """0.3 and 0.1 a year for two years, by the shares 0.5 and 0.7; 2 t/year trained at 5000; 0.2 and 0.6 once."""
    line = process(
        "line", {}, {"metal": 1}, standing_musd_per_year=0.3, mothballed_musd_per_year=0.1, retrain_usd_per_t=5000.0,
        restart_musd=0.2, closing_musd=0.6,
    )  # fmt: skip
    found = parts(
        timed(line), ("stands", "line", 3, 0.5), ("mothballed", "line", 3, 0.7), ("retrained", "line", 2, 2.0),
        ("restart", "line", 1, 0.7), ("close", "line", 3, 0.5),
    )  # fmt: skip
    assert found == pytest.approx({
        ("standing", 3): 0.3 * 2.0 * 0.5 * LAST,
        ("mothballing", 3): 0.1 * 2.0 * 0.7 * LAST,
        ("retraining", 2): 0.01 * at(1.0),
        ("restarts", 1): 0.14 * at(0.5),
        ("closing", 3): 0.3 * at(2.0),
    })  # fmt: skip


PRICED = tables(
    markets=[{"market": "china"}, {"market": "other"}],
    prices=[
        {"market": "china", "commodity": "metal", "fee_usd_per_kg": 50.0},
        {"market": "other", "commodity": "metal", "fee_usd_per_kg": 90.0},
    ],
)
"""The reference value of metal is 50."""


def test_lanes_cost_freight_and_a_tariff_on_the_reference_value() -> None:
    case = timed(PRICED, lane("mine", "home", "metal", cost=2.0, tariff_share=0.06))
    assert parts(case, ("ship", "mine>home/free", 2, 7.0)) == pytest.approx(
        {("transport", 2): 0.014 * THIRD, ("tariffs", 2): 0.021 * THIRD}
    )


STORE: dict[str, Any] = {
    "handling_usd_per_kg": 0.4, "holding_share_per_year": 0.1, "envelope": "state", "rotation_discount_share": 0.2,
    "terminal_share": 0.6, "expiry_usd_per_kg": 3.0, "cover_penalty_usd_per_kg_year": 5.0,
}  # fmt: skip
TWICE = event("twice", "prices", "market=china", "fee_usd_per_kg", "set", 80.0)


def stored(**columns: Any) -> Case:
    """A stockpile of metal, whose price rises to 80 in 2028."""
    later = future("only", 1, {"twice": "2028-01-01"})
    return timed(PRICED, TWICE, later, stockpile("k", "metal", **STORE, **columns))


def test_stock_is_handled_at_a_charge_and_bought_with_public_money() -> None:
    """0.4 a kilogram, and for what is turned over 0.2 x 50 besides; 3 t are bought at 50, then 2 t at 80."""
    plan = (
        ("put", "k/free", 1, 3.0),
        ("put", "k/free", 3, 2.0),
        ("take", "k/free", 2, 5.0),
        ("rotate", "k/free", 2, 4.0),
    )
    assert parts(stored(), *plan) == pytest.approx({
        ("stock handling", 1): 0.0012 * SECOND,
        ("stock handling", 2): (0.002 + 0.0416) * THIRD,
        ("stock handling", 3): 0.0008 * LAST,
    })  # fmt: skip
    assert spent(stored(), *plan) == [
        ("state", pytest.approx(0.15), 0.5, 1.0),
        ("state", pytest.approx(0.16), 2.0, 4.0),
    ]


def test_stock_is_held_half_at_the_end_of_a_period_and_half_at_the_start_of_the_next() -> None:
    """6 t after half a year: 0.1 x 50 x 6 = 0.03 a year, for a quarter of a year before and one after; 6 t after a
    year: a quarter of a year before, half a year after."""
    assert parts(stored(), ("stock", "k/free", 0, 6.0)) == pytest.approx(
        {("stockholding", 0): 0.03 * 0.25 * FIRST, ("stockholding", 1): 0.03 * 0.25 * SECOND}
    )
    assert parts(stored(), ("stock", "k/free", 1, 6.0)) == pytest.approx(
        {("stockholding", 1): 0.03 * 0.25 * SECOND, ("stockholding", 2): 0.03 * 0.5 * THIRD}
    )
    assert parts(stored(), ("stock", "k/free", 2, 6.0)) == pytest.approx(
        {("stockholding", 2): 0.03 * 0.5 * THIRD, ("stockholding", 3): 0.03 * LAST}
    )


def test_stock_at_the_end_is_worth_a_share_of_its_price() -> None:
    """6 t for half of two years at 0.03 a year, and 0.6 x 80 x 6 back."""
    assert parts(stored(), ("stock", "k/free", 3, 6.0)) == pytest.approx(
        {("stockholding", 3): 0.03 * LAST, ("closing stock", 3): -0.288 * at(4.0)}
    )


def test_opening_stock_is_held_until_the_end_of_the_first_period() -> None:
    """4 t for half of half a year at 0.1 x 50 a kilogram."""
    found = bill(stored(initial_t=4.0))
    assert {place: math.fsum(terms) for place, terms in found.parts.items()} == pytest.approx(
        {("stockholding", 0): 0.02 * 0.25 * FIRST}
    )
    assert found.columns == pytest.approx({("opening", ("k", "free"), -1): 0.02 * 0.25 * FIRST})


def test_what_expires_and_what_cover_lacks_is_paid() -> None:
    """4 t at 3; 3 t for two years at 5 a year."""
    assert parts(stored(), ("expire", "k/free", 2, 4.0), ("gap", "k", 3, 3.0)) == pytest.approx(
        {("expiry", 2): 0.012 * THIRD, ("cover penalty", 3): 0.03 * LAST}
    )


def test_collection_costs_by_tonne() -> None:
    scrap = {"scrap": "s", "place": "home", "commodity": "old", "weibull_shape": 3.0, "weibull_scale_years": 8.0,
             "rate_share": 0.5, "collection_usd_per_kg": 7.0}  # fmt: skip
    assert parts(timed(tables(scrap=[scrap])), ("collect", "s", 2, 3.0)) == pytest.approx(
        {("collection", 2): 0.021 * THIRD}
    )


def test_what_is_over_the_largest_share_is_paid_where_the_case_says_so() -> None:
    """2 t at 9; of another element nothing is said."""
    limit = {"stage": "product", "element": "Dy", "country": "CN", "max_share": 0.5, "from_year": 2027,
             "penalty_usd_per_kg": 9.0}  # fmt: skip
    case = timed(tables(elements=[{"element": "Dy"}, {"element": "Nd"}], diversification=[limit]))
    plan = (("over", "product/Dy/CN/2028", 2, 2.0), ("over", "product/Nd/CN/2028", 2, 2.0))
    assert parts(case, *plan) == pytest.approx({("concentration penalty", 2): 0.018 * THIRD})


def test_sales_earn_their_price_or_a_share_of_a_markets_price() -> None:
    """4 t at 3; 4 t at 0.3 of 90; giving up 5 t costs 0.7."""
    outlet = {"place": "home", "commodity": "metal", "t_per_year": 9.0, "price_usd_per_kg": 3.0, "price_share": 0.3}
    rows = [{**outlet, "step": 1}, {**outlet, "step": 2, "market": "other"}]
    stuff = {"commodity": "metal", "stage": "product", "discard_usd_per_kg": 0.7}
    case = timed(PRICED, tables(outlets=rows, commodities=[stuff]))
    plan = (
        ("sell", "home/metal/1", 1, 4.0), ("sell", "home/metal/2", 2, 4.0), ("discard", "home/metal", 3, 5.0),
    )  # fmt: skip
    assert parts(case, *plan) == pytest.approx({
        ("sales", 1): -0.012 * SECOND,
        ("sales", 2): -0.108 * THIRD,
        ("discards", 3): 0.0035 * LAST,
    })  # fmt: skip


def test_shortage_and_want_of_least_service_are_paid_by_tonne() -> None:
    """2 t of the second step at 300; 3 t under the least service at 40."""
    case = timed(wanted("w", "metal", 9.0, 20.0, 300.0, least_service_usd_per_kg=40.0))
    assert parts(case, ("short", "w/2", 2, 2.0), ("unserved", "w", 3, 3.0)) == pytest.approx(
        {("shortage", 2): 0.6 * THIRD, ("least service", 3): 0.12 * LAST}
    )


def supported(**settings: Any) -> Case:
    """A grant of half and a floor of 25 beside a price of 20, and later of 10, for a plant at 0.4 and 0.05 a tonne."""
    offer = (instruments("low", grant={"kind": "grant", "grant_share": 0.5}), investor(envelope="state"))
    return case_of(
        market(), *offer, CALM_OR_CRASH[0], future("only", 1, {"crash": "2028-01-01"}), must("d", "oxide", 1),
        spot("abroad", "oxide", 100), process("line", {}, {"oxide": 1}, cost=15.0),
        project("plant", "line", 10, lead=1.0, capital=400, capital_usd_per_t_per_year=5e4), **TIME, **settings,
    )  # fmt: skip


SUPPORT = (
    ("choose", "plant/grant", 1, 0.5),
    ("backed", "plant/grant", 1, 4.0),
    ("choose", "plant/low", 0, 1.0),
    ("supported", "plant/low/2027-01", 2, 3.0),
)


def test_support_is_public_money_and_costs_as_far_as_that_is_dear() -> None:
    """A grant of 0.1 and of 0.1, from half a year for a year; 25 - 10 for each of 3 t in the third period. A fifth of
    it is a cost."""
    assert spent(supported(), *SUPPORT) == [
        ("state", pytest.approx(0.045), 1.0, 2.0),
        ("state", pytest.approx(0.1), 0.5, 1.5),
        ("state", pytest.approx(0.1), 0.5, 1.5),
    ]
    assert parts(supported(), *SUPPORT) == {}
    assert parts(supported(public_funds_cost=0.2), *SUPPORT) == pytest.approx(
        {("support", 1): 0.2 * 0.2 * mean(0.5, 1.5), ("support", 2): 0.2 * 0.045 * THIRD}
    )


def test_what_a_fixed_price_gives_back_is_no_public_money() -> None:
    """An offtake at half of 20 beside a price of 20 gives back 10 for each of 3 t: 0.03 less of cost at 0.2."""
    fixed = instruments(fixed={"kind": "offtake", "price_multiple": 0.5})
    case = case_of(
        market(), fixed, investor(envelope="state"), must("d", "oxide", 1), spot("abroad", "oxide", 100),
        process("line", {}, {"oxide": 1}), project("plant", "line", 10, lead=0.5), **TIME, public_funds_cost=0.2,
    )  # fmt: skip
    plan = (("choose", "plant/fixed", 0, 1.0), ("supported", "plant/fixed/2027-01", 2, 3.0))
    assert parts(case, *plan) == pytest.approx({("support", 2): -0.2 * 0.03 * THIRD})
    assert spent(case, *plan) == []
