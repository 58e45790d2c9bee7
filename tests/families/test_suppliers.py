"""OFF: what suppliers can sell, and which of them live on only while somebody signs."""

from __future__ import annotations

from typing import Any

import pytest

from pencil import case_of, deal, event, future, must, offtake, optimum, plan, spot, tables

MARKET = spot("market", "metal", 50)
YEAR = 12


def test_a_supplier_sells_what_rivals_leave_it() -> None:
    """Two contracts with one supplier of 12 t, 5 claimed by rivals, 80 % available: 5.6 t at 20, the rest at 50: 332.
    In the second year it has 20 t: 200. Would fail if rivals were forgotten (212), each contract had the capacity to
    itself (200), or the availability were left out (290)."""
    case = case_of(
        MARKET,
        spot("a", "metal", 20, most=10, supplier="mine"),
        spot("b", "metal", 20, most=10, supplier="mine"),
        must("d", "metal", 10),
        tables(
            suppliers=[{"supplier": "mine", "availability_share": 0.8}],
            supplier_capacity=[
                {"supplier": "mine", "commodity": "metal", "from_year": 2020, "t_per_year": 12, "rivals_t_per_year": 5},
                {"supplier": "mine", "commodity": "metal", "from_year": 2028, "t_per_year": 20},
            ],
        ),
        years=2,
    )
    assert optimum(case) == pytest.approx(332 + 200)


def test_rivals_cannot_make_a_capacity_negative() -> None:
    """Rivals claim more than there is: nothing is left, 500. Would fail by infeasibility."""
    line = {"supplier": "o", "commodity": "metal", "from_year": 2020, "t_per_year": 5, "rivals_t_per_year": 8}
    case = case_of(MARKET, spot("o", "metal", 20), must("d", "metal", 10), tables(supplier_capacity=[line]))
    assert optimum(case) == pytest.approx(500)


def mine(alone: float = 0.4, **columns: Any) -> Any:
    return tables(suppliers=[{"supplier": "mine", "alone_share": alone, **columns}])


def sold(price: float = 20, most: float | None = 10, name: str = "spare", **contract: Any) -> Any:
    """What the mine sells to anyone."""
    return spot(name, "metal", price, most, supplier="mine", **contract)


def keep(price: float = 35, most: float = 4, years: tuple[int, int] | None = (2027, 2027), **contract: Any) -> Any:
    """An offtake that keeps the mine alive: 4 t, taken or paid for."""
    terms = {"take_or_pay_share": 1.0, "volume_min_t_per_year": most, "sustains": True, **contract}
    return offtake("keep", "metal", price, most, years=years, supplier="mine", **terms)


def lives(*pieces: Any, wanted: float = 10, alone: float = 0.4, market: float = 50, **options: Any) -> Any:
    """10 t wanted; the market asks 50, and a mine that a crash has closed to two fifths sells at 20."""
    return case_of(spot("market", "metal", market), mine(alone), must("d", "metal", wanted), *pieces, **options)


def test_a_supplier_that_closes_lives_on_for_whoever_signs() -> None:
    """Alone it sells 4 t: 80 + 300 = 380. An offtake of 4 t at 35 keeps it whole: 140 + 6 x 20 = 260. Would fail if the
    crash closed nothing (200), or the signature kept only the contract's own tonnes: 140 + 80 + 100 = 320."""
    assert optimum(lives(sold())) == pytest.approx(380)
    assert optimum(lives(sold(), keep())) == pytest.approx(260)


def test_nobody_signs_where_it_costs_more_than_it_saves() -> None:
    """At 90 the offtake costs 360, and saves 6 x 30 and 4 t at 50: 380 without it, 480 with it. Would fail if the mine
    were kept by the option to sign (200)."""
    done = plan(lives(sold(), keep(90)))
    assert done.cost == pytest.approx(380)
    assert done.value("sustained", "mine") == 0


def test_a_signature_is_all_or_nothing() -> None:
    """An offtake of 1 t at least 1, that costs 250 ahead: 500 with it, 380 without. Would fail if two fifths of a
    signature kept two fifths of the mine."""
    assert optimum(lives(sold(), keep(20, 1, prepayment_musd=0.25))) == pytest.approx(380)


def test_an_offtake_that_does_not_sustain_keeps_nothing() -> None:
    """An offtake of 4 t at 35 without that effect delivers 1.6 t beside the 4 t: 80 + 56 + 220 = 356. Would fail if any
    signature kept the mine (260), or the offtake itself came whole (320)."""
    assert optimum(lives(sold(), keep(sustains=False, take_or_pay_share=0.0))) == pytest.approx(356)


def test_what_the_supplier_can_sell_in_all_closes_too() -> None:
    """Two spot markets of one mine with 8 t a year: alone 3.2 t, 64 + 340 = 404; kept by the offtake 8 t with its own
    4: 140 + 80 + 100 = 320. Would fail if the capacity of the mine did not close (380) or were not shared (260)."""
    line = tables(supplier_capacity=[{"supplier": "mine", "commodity": "metal", "from_year": 2020, "t_per_year": 8}])
    pieces = (sold(most=None), sold(name="other", most=None), line)
    assert optimum(lives(*pieces)) == pytest.approx(404)
    assert optimum(lives(*pieces, keep())) == pytest.approx(320)
    assert optimum(lives(sold(most=None), line)) == pytest.approx(404)
    assert optimum(lives(*pieces, keep(), months=6)) == pytest.approx(320)
    assert optimum(lives(sold(most=None), line, months=6)) == pytest.approx(404)


def test_who_is_served_first_is_served_out_of_the_whole() -> None:
    """Three fifths of 20 t come, rivals claim 10; 10 t are served first at 20 and 14 wanted: the spot market at 25 has
    2 t left: 200 + 50 + 100 = 350. Would fail if it sold the 6 t that rivals leave beside them (300)."""
    line = {"supplier": "mine", "commodity": "metal", "from_year": 2020, "t_per_year": 20, "rivals_t_per_year": 10}
    held = {"contract": "quota", "tranche": 1, "right_share": 0.5, "priority": True, "held": True}
    quota = deal("quota", "metal", 20, kind="quota", supplier="mine")
    case = case_of(
        MARKET, mine(1.0, availability_share=0.6), sold(25, None), quota, must("d", "metal", 14),
        tables(supplier_capacity=[line], tranches=[held]),
    )  # fmt: skip
    assert optimum(case) == pytest.approx(350)


def test_two_contracts_keep_a_supplier_no_better_than_one() -> None:
    """Two offtakes of 2 t at 5 each keep a mine of 9 t: 20 + 5 x 20 + 50 = 170. Would fail if their effects
    added up."""
    line = tables(supplier_capacity=[{"supplier": "mine", "commodity": "metal", "from_year": 2020, "t_per_year": 9}])
    terms = {"take_or_pay_share": 1.0, "volume_min_t_per_year": 2, "sustains": True, "supplier": "mine"}
    second = offtake("second", "metal", 5, 2, years=(2027, 2027), **terms)
    assert optimum(lives(sold(most=None), keep(5, 2), second, line)) == pytest.approx(170)


def test_a_capacity_is_in_tonnes_of_the_commodity() -> None:
    """Half a tonne of metal at 20 per tonne of contract: 4 t of metal, 80 + 300. Would fail if the capacity were tonnes
    of contract: 40 + 400."""
    line = {"supplier": "a", "commodity": "metal", "from_year": 2020, "t_per_year": 4}
    half = spot("a", "metal", 20, item={"t_per_t": 0.5})
    case = case_of(MARKET, half, must("d", "metal", 10), tables(supplier_capacity=[line]))
    assert optimum(case) == pytest.approx(380)


def test_a_supplier_is_kept_from_the_signing_to_the_end_of_the_term() -> None:
    """Signed in 2027, delivering in 2028 only, over three years: 10 t of the mine, 4 t at 35 with 6 t of it, and closed
    again: 200 + 260 + 380 = 840. Would fail if it were kept from the first delivery on (1020), or after the term
    (660)."""
    offered = keep(qualification_years=1.0, term_years=1.0)
    assert optimum(lives(sold(), offered, years=3)) == pytest.approx(840)


def test_a_contract_in_force_keeps_its_supplier() -> None:
    """In force to the end of 2027: 260, and 380 in 2028. Would fail if only a signature kept it (640 and 380)."""
    held = keep(years=None, last_delivery="2028-01-01")
    assert optimum(lives(sold(), held, years=2)) == pytest.approx(260 + 380)


def test_a_crash_that_is_an_event_closes_from_its_day() -> None:
    """The mine lives alone until July 2027: 7 t of 10 in the year: 140 + 150 = 290. Would fail if the share were read
    once for all time (200 or 380)."""
    crash = event("crash", "suppliers", "supplier=mine", "alone_share", "set", 0.4)
    case = lives(sold(), crash, future("only", 1, {"crash": "2027-07-01"}), alone=1.0)
    assert optimum(case) == pytest.approx(290)


def test_a_signature_insures_against_a_crash_in_some_futures() -> None:
    """A crash from 2028 on in one of two equal futures. Whoever signs for 2028 does not know which: at 34 a tonne 200 +
    2 x 256 = 712; unsigned 200 + 0.5 x 400 + 0.5 x 760 = 780, and at 50 the offtake would cost 840. Would fail if one
    could wait for the crash: 656 and 720."""
    crash = event("crash", "suppliers", "supplier=mine", "alone_share", "set", 0.4)
    futures = (future("calm", 0.5), future("crash", 0.5, {"crash": "2028-01-01"}, onset="2028-01-01"))
    for price, expected in ((34, 712), (50, 780)):
        case = lives(sold(), keep(price, years=(2027, 2028)), crash, *futures, alone=1.0, years=3)
        assert optimum(case) == pytest.approx(expected)


def test_what_closes_is_not_due() -> None:
    """An offtake in force of 10 t at 40, all of it paid for with a clause; the market asks 30: of 4 t that come all are
    due: 160 + 180 = 340. Without a clause 10 t are due: 4 x 40 + 6 x 40 + 6 x 30 = 580. Would fail if what the supplier
    has closed were due with the clause (580), or nothing were (300)."""
    due = {"take_or_pay_share": 1.0, "supplier": "mine"}
    assert optimum(lives(offtake("o", "metal", 40, 10, **due), market=30)) == pytest.approx(340)
    without = offtake("o", "metal", 40, 10, force_majeure=False, **due)
    assert optimum(lives(without, market=30)) == pytest.approx(580)


def crash_in_2028() -> tuple[Any, ...]:
    """From 2028 on the mine closes to two fifths, and the market asks 10."""
    crash = event("crash", "suppliers", "supplier=mine", "alone_share", "set", 0.4)
    cheap = event("cheap", "contract_items", "contract=market", "price_usd_per_kg", "set", 10)
    return crash, cheap, future("only", 1, {"crash": "2028-01-01", "cheap": "2028-01-01"})


def other(price: float = 20, most: float = 10, **contract: Any) -> Any:
    """An offtake of the mine that does not keep it."""
    return offtake("other", "metal", price, most, years=(2027, 2027), supplier="mine", **contract)


def test_what_closes_is_not_due_under_what_was_signed() -> None:
    """10 t at 20, all due, against 50 in 2027 and 10 in 2028, when 4 t are due: 200 + 80 + 60 = 340. Would fail if all
    were due in 2028: 400."""
    signed = other(most=20, take_or_pay_share=1.0, volume_min_t_per_year=10)
    assert optimum(lives(signed, *crash_in_2028(), alone=1.0, years=2)) == pytest.approx(340)
    assert optimum(lives(signed, keep(1000), *crash_in_2028(), alone=1.0, years=2)) == pytest.approx(340)


def test_whoever_keeps_a_supplier_owes_it_what_it_delivers() -> None:
    """The same with an offtake that keeps the mine and pays a dividend of 100 a year: 200 + 200 - 200 = 200. Would fail
    if the 6 t that come since the mine is kept could be left: 140."""
    signed = other(take_or_pay_share=1.0, volume_min_t_per_year=10)
    kept = keep(5, 1, take_or_pay_share=0.0, dividend_musd_per_year=0.1)
    assert optimum(lives(signed, kept, *crash_in_2028(), alone=1.0, years=2)) == pytest.approx(200)


def test_a_volume_comes_whole_where_the_supplier_is_kept() -> None:
    """9 t of an offtake, each 10 ahead and 10 on delivery, beside 1 t at 20 that keeps the mine: 90 + 90 + 20 = 200. At
    70 for that tonne 250; two fifths of 20 t would cost 200 + 80 + 100 = 380. Would fail if more came than was signed
    (110), or all came without the mine being kept (200 at 70)."""
    signed = other(10, 20, prepayment_usd_per_t_per_year=10_000)
    assert optimum(lives(signed, keep(20, 1))) == pytest.approx(200)
    assert optimum(lives(signed, keep(70, 1))) == pytest.approx(250)
    assert optimum(lives(signed)) == pytest.approx(380)
    assert optimum(lives(signed, keep(1000, 1))) == pytest.approx(380)


def test_what_is_made_up_closes_too() -> None:
    """6 of 10 t taken at 40 and 4 paid for; then a tenth of the mine is left: 1 t bought, 1 made up, 8 from the market
    at 60: 400 + 40 + 480 = 920. Would fail if all 4 t were made up: 740."""
    low = event("low", "demands", "demand=d", "multiple", "set", 0.6)
    crash = event("crash", "suppliers", "supplier=mine", "alone_share", "set", 0.1)
    deal = offtake("o", "metal", 40, 10, take_or_pay_share=1.0, makeup_years=1.0, supplier="mine")
    happens = future("only", 1, {"low": ("2027-01-01", YEAR), "crash": "2028-01-01"})
    assert optimum(lives(deal, low, crash, happens, alone=1.0, market=60, years=2)) == pytest.approx(920)


def test_what_has_closed_cannot_be_paid_for_ahead() -> None:
    """Two fifths of 10 t at 40 are due while the market asks 30; then it asks 90 and 16 t are wanted. 4 t are left and
    made up: 160 + 300 + 400 + 2 x 90 = 1040. Would fail if 6 t could be paid for: 940."""
    dear = event("dear", "contract_items", "contract=market", "price_usd_per_kg", "set", 90)
    more = event("more", "demands", "demand=d", "multiple", "set", 1.6)
    crash = event("crash", "suppliers", "supplier=mine", "alone_share", "set", 0.4)
    when: dict[str, Any] = {"crash": ("2027-01-01", YEAR), "dear": "2028-01-01", "more": "2028-01-01"}
    deal = offtake("o", "metal", 40, 10, take_or_pay_share=1.0, makeup_years=1.0, supplier="mine")
    case = lives(deal, dear, more, crash, future("only", 1, when), alone=1.0, market=30, years=2)
    assert optimum(case) == pytest.approx(1040)


def test_equity_keeps_a_supplier() -> None:
    """A tranche for 20 with a right to nothing keeps the mine: 200 + 20; for 200 it does not pay: 380. Would fail if
    only offtakes kept it."""
    for payment, expected in ((20, 220), (200, 380)):
        row = {"contract": "quota", "tranche": 1, "right_share": 0.0, "payment_musd": payment / 1000}
        quota = offtake("quota", "metal", 20, 10, years=(2027, 2027), supplier="mine", sustains=True)
        quota["contracts"][0].pop("volume_max_t_per_year")
        line = {"supplier": "mine", "commodity": "metal", "from_year": 2020, "t_per_year": 10}
        case = lives(sold(), quota, tables(tranches=[row], supplier_capacity=[line]))
        assert optimum(case) == pytest.approx(expected)
