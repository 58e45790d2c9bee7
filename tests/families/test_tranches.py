"""OFF: tranches of a quota are bought in their order and give rights, some of them before rivals."""

from __future__ import annotations

from typing import Any

import pytest

from pencil import case_of, deal, event, future, must, optimum, plan, spot, tables

MARKET = spot("market", "metal", 50)


def tranche(number: int, right: float, payment: float = 0.0, **columns: Any) -> Any:
    """A tranche of the quota, with its payment in thousand USD."""
    row = {"contract": "quota", "tranche": number, "right_share": right, "payment_musd": payment / 1000, **columns}
    return tables(tranches=[row])


def capacity(tonnes: float = 20, rivals: float = 0, commodity: str = "metal") -> Any:
    line = {"supplier": "quota", "commodity": commodity, "from_year": 2020, "t_per_year": tonnes}
    return tables(supplier_capacity=[{**line, "rivals_t_per_year": rivals}])


def backed(
    *pieces: Any, price: float = 20, window: tuple[int, int] = (2027, 2027), wanted: float = 10, years: int = 1,
    discount: float = 0.0, months: int = 12, rivals: float = 0, tonnes: float = 20, **contract: Any,
) -> Any:  # fmt: skip
    """10 t a year wanted at 50 on the market; a quota at 20 from a supplier of 20 t a year."""
    signed = {"sign_from": window[0], "sign_to": window[1], **contract}
    quota = deal("quota", "metal", price, kind="quota", **signed)
    line = capacity(tonnes, rivals)
    return case_of(
        MARKET, quota, line, must("d", "metal", wanted), *pieces, years=years, months=months, discount=discount
    )


def squeeze(share: float, start: str = "2027-01-01") -> tuple[Any, ...]:
    cut = event("cut", "suppliers", "supplier=quota", "availability_share", "set", share)
    return cut, future("only", 1, {"cut": start})


def test_a_right_is_a_share_of_the_suppliers_capacity() -> None:
    """A quarter of 20 t for 60: 5 x 20 + 5 x 50 + 60 = 410; a second quarter for 100: 200 + 160 = 360. Would fail if
    the payment were left out (350), or the right were all of the supplier (260)."""
    assert optimum(backed(tranche(1, 0.25, 60))) == pytest.approx(410)
    assert optimum(backed(tranche(1, 0.25, 60), months=6)) == pytest.approx(410)
    assert optimum(backed(tranche(1, 0.25, 60), tranche(2, 0.25, 100))) == pytest.approx(360)


def test_a_tranche_needs_the_one_before() -> None:
    """The first gives 1 t for 200, the second 9 t for 20: both for 220 + 200 = 420, less than 500. Would fail if the
    second could be bought alone: 20 + 180 + 50 = 250."""
    assert optimum(backed(tranche(1, 0.05, 200), tranche(2, 0.45, 20))) == pytest.approx(420)


def test_a_tranche_comes_no_earlier_than_the_one_before() -> None:
    """The first gives nothing and costs 100, the second gives 5 t for nothing. At 25 % a year both are bought in 2027:
    100 + 350 a year by the means of the years. Would fail if the second could come in 2027 and the first, at 80, a year
    later."""
    case = backed(tranche(1, 0.0, 100), tranche(2, 0.25), window=(2027, 2028), years=2, discount=0.25)
    assert optimum(case) == pytest.approx(350 * 0.36 / 0.22314355131 + 100)


def test_a_tranche_is_bought_once() -> None:
    """5 t of right for 10, in 2027 or 2028: 10 + 2 x 350 = 710. Would fail if it were bought in both years: 570."""
    assert optimum(backed(tranche(1, 0.25, 10), window=(2027, 2028), years=2)) == pytest.approx(710)


def test_a_tranche_is_bought_whole() -> None:
    """Half of 20 t for 200, of which 5 t are wanted: 250 without it, 300 with it. Would fail if half of it could be
    bought: 200."""
    assert optimum(backed(tranche(1, 0.5, 200), wanted=5)) == pytest.approx(250)


@pytest.mark.parametrize(("priority", "expected"), [(True, 310), (False, 430)])
def test_priority_counts_when_the_supplier_fails(priority: bool, expected: float) -> None:
    """Two fifths of 20 t come, rivals claim 10: with priority 8 of the 10 t of right, 50 + 160 + 100 = 310; without
    it 4 t, 50 + 80 + 300 = 430. Would fail if priority gave more than there is (250), or none had any effect."""
    case = backed(tranche(1, 0.5, 50, priority=priority), *squeeze(0.4), rivals=10)
    assert optimum(case) == pytest.approx(expected)


@pytest.mark.parametrize(("priority", "expected"), [(True, 250), (False, 400)])
def test_priority_counts_when_rivals_claim_too_much(priority: bool, expected: float) -> None:
    """Rivals claim 15 of 20 t: with priority all 10 t, 50 + 200; without it the 5 that they leave, 50 + 100 + 250.
    Would fail if rivals came first in both."""
    assert optimum(backed(tranche(1, 0.5, 50, priority=priority), rivals=15)) == pytest.approx(expected)


@pytest.mark.parametrize("priority", [True, False])
def test_without_a_squeeze_priority_changes_nothing(priority: bool) -> None:
    """Rivals leave 10 of 20 t: 50 + 200. Would fail if a right without priority were worth less."""
    assert optimum(backed(tranche(1, 0.5, 50, priority=priority), rivals=10)) == pytest.approx(250)


def spare(price: float = 25, **contract: Any) -> Any:
    """The same supplier's spot market."""
    return spot("spare", "metal", price, supplier="quota", **contract)


def test_what_is_served_first_is_not_sold_again() -> None:
    """Three fifths of 20 t come; rivals claim 10, 10 t are served first, 14 wanted: 2 t are left for the spot market:
    50 + 200 + 50 + 100 = 400. Would fail if it sold the 6 t that rivals leave beside them: 350."""
    case = backed(tranche(1, 0.5, 50, priority=True), spare(), *squeeze(0.6), rivals=10, wanted=14)
    assert optimum(case) == pytest.approx(400)


def test_priority_helps_only_what_is_taken_under_it() -> None:
    """The quota asks 60 and is not used; the spot market sells the 6 t that rivals leave: 150 + 400 = 550. Would fail
    if a right that is not used moved rivals aside for others: 400."""
    held = tranche(1, 0.5, priority=True, held=True)
    assert optimum(backed(held, spare(), *squeeze(0.6), rivals=10, wanted=14, price=60)) == pytest.approx(550)


def test_priority_holds_for_the_tranche_that_has_it() -> None:
    """Rivals claim all. The first tranche has no priority, the second has it for 4 t: 80 + 300. Would fail if the
    contract had it for both: 9 t, 230."""
    case = backed(tranche(1, 0.25, held=True), tranche(2, 0.2, priority=True, held=True), rivals=20)
    assert optimum(case) == pytest.approx(380)


def test_a_right_without_priority_shrinks_with_the_supplier() -> None:
    """Half of 20 t come and nobody else claims any: 5 of 10 t of right, 100 + 250; with priority all 10 t, 200. Would
    fail if both shrank alike, or neither."""
    assert optimum(backed(tranche(1, 0.5, held=True), *squeeze(0.5))) == pytest.approx(350)
    assert optimum(backed(tranche(1, 0.5, held=True, priority=True), *squeeze(0.5))) == pytest.approx(200)


def test_what_is_held_has_its_right_and_costs_nothing() -> None:
    """5 t held and 5 t for 60: 200 + 60. Would fail if what is held were paid for again, or did not count as the
    tranche before."""
    done = plan(backed(tranche(1, 0.25, 500, held=True, dividend_musd_per_year=1.0), tranche(2, 0.25, 60)))
    assert done.cost == pytest.approx(260)
    assert done.costs() == pytest.approx({"purchases": 200, "prepayments": 60})


def test_dividends_flow_while_the_right_is_in_force_and_change_with_time() -> None:
    """From July 2027 to the end of 2028, 40 a year and from 2028 on 80: 60 + 425 + 350 + 500 - 20 - 80 = 1235. Would
    fail if they flowed from the payment (1215), at the first rate (1275), or after the right's end (1155)."""
    rise = event("rise", "tranches", "contract=quota", "dividend_musd_per_year", "set", 0.08)
    case = backed(
        tranche(1, 0.25, 60, dividend_musd_per_year=0.04), rise, future("only", 1, {"rise": "2028-01-01"}),
        years=3, qualification_years=0.5, term_years=1.5,
    )  # fmt: skip
    assert optimum(case) == pytest.approx(1235)


def test_payments_and_dividends_are_discounted() -> None:
    """At 25 %: 100 paid on 1 January 2028 is 80; 5 t at 20 and 5 at 50 less 40 in 2028, and 500 in 2027, by the means
    of their years. Would fail if the payment were discounted by its year's mean."""
    case = backed(tranche(1, 0.25, 100, dividend_musd_per_year=0.04), window=(2028, 2028), years=2, discount=0.25)
    assert optimum(case) == pytest.approx((500 * 0.2 + 310 * 0.16) / 0.22314355131 + 80)


def test_a_licence_scales_a_right() -> None:
    """Three tenths of 5 t of right come: 1.5 x 20 + 8.5 x 50 + 10 = 465. Would fail if the licence were not read."""
    licences = tables(licences=[{"licence": "export", "approval_share": 0.3}])
    assert optimum(backed(tranche(1, 0.25, 10), licences, licence="export")) == pytest.approx(465)
    first = tranche(1, 0.25, 10, priority=True)
    assert optimum(backed(first, licences, licence="export", rivals=20)) == pytest.approx(465)


def test_a_right_is_counted_in_each_commodity() -> None:
    """A tonne of contract is half a tonne of metal at 20: the right to 5 t of metal is 10 t of contract: 100 + 250 +
    10. Would fail if the right were tonnes of contract: 50 + 375 + 10."""
    case = case_of(
        MARKET, deal("quota", "metal", 20, kind="quota", sign_from=2027, sign_to=2027, item={"t_per_t": 0.5}),
        capacity(), must("d", "metal", 10), tranche(1, 0.25, 10),
    )  # fmt: skip
    assert optimum(case) == pytest.approx(360)


def test_what_is_served_first_is_counted_in_each_commodity() -> None:
    """The same, half a tonne per tonne of contract, while rivals claim all: only the 4 t of metal with priority come,
    80 + 300. Would fail if tonnes of contract moved rivals aside: 230."""
    quota = deal("quota", "metal", 20, kind="quota", sign_from=2027, sign_to=2027, item={"t_per_t": 0.5})
    held = (tranche(1, 0.25, held=True), tranche(2, 0.2, priority=True, held=True))
    assert optimum(case_of(MARKET, quota, capacity(20, 20), must("d", "metal", 10), *held)) == pytest.approx(380)


@pytest.mark.parametrize(("amount", "expected"), [(30, 500), (40, 430)])
def test_public_money_pays_its_share(amount: float, expected: float) -> None:
    """Half of 80 is public: an envelope of 40 pays it, 80 + 350, one of 30 does not, 500. Would fail if all of it, or
    none, were public."""
    envelope = {"envelope": "state", "from_date": "2027-01-01", "to_date": "2029-01-01", "currency": "USD"}
    money = tables(
        envelopes=[{**envelope, "amount_million": amount / 1000}], currencies=[{"currency": "USD", "per_usd": 1.0}]
    )
    case = backed(tranche(1, 0.25, 80), money, public_share=0.5, envelope="state")
    assert optimum(case) == pytest.approx(expected)


def test_a_payment_is_lost_where_the_supplier_never_delivers() -> None:
    """Two equal futures; in one the supplier delivers nothing from 2028 on. 5 t from 2028 for two years, for 60: 60 +
    1500 - 0.5 x 300 = 1410. Would fail if what never comes were not paid for (1380)."""
    never = event("never", "suppliers", "supplier=quota", "availability_share", "set", 0)
    futures = (future("a", 0.5), future("b", 0.5, {"never": "2028-01-01"}, onset="2028-01-01"))
    case = backed(tranche(1, 0.25, 60), never, *futures, years=3, qualification_years=1.0)
    assert optimum(case) == pytest.approx(1410)
