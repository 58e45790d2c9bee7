"""OFF: what was paid for and not taken is taken later, for a time, and is not paid for again."""

from __future__ import annotations

from typing import Any

import pytest

from pencil import case_of, event, future, must, offtake, optimum, plan, spot, stockpile, tables

YEAR = 12


def wanted_by_year(*tonnes: float) -> tuple[Any, ...]:
    """A demand of so many tonnes in each year from 2027, in one future."""
    parts = [event(f"y{n}", "demands", "demand=d", "multiple", "set", t) for n, t in enumerate(tonnes)]
    when = {f"y{n}": (f"{2027 + n}-01-01", YEAR) for n in range(len(tonnes))}
    return must("d", "metal", 1), *parts, future("only", 1, when)


def taken(
    *tonnes: float,
    share: float = 0.8,
    makeup: float = 1,
    market: tuple[float, ...] = (60,),
    more: Any = (),
    months: int = YEAR,
    **deal: Any,
) -> Any:
    """10 t a year at 40, so much of them paid for in any case; the market asks 60, or so much by year."""
    demand = wanted_by_year(*tonnes)
    prices: list[Any] = []
    if len(market) > 1:
        for n, price in enumerate(market):
            prices.append(event(f"m{n}", "contract_items", "contract=market", "price_usd_per_kg", "set", price))
            demand[-1]["future_events"].append(
                {"future": "only", "event": f"m{n}", "start": f"{2027 + n}-01-01", "length_months": YEAR}
            )
    contract = offtake("o", "metal", 40, 10, take_or_pay_share=share, makeup_years=makeup, **deal)
    pieces = (spot("market", "metal", market[0]), contract, *demand, *prices, *more)
    return case_of(*pieces, years=len(tonnes), months=months)


def test_what_is_paid_for_is_made_up_and_not_paid_for_again() -> None:
    """6 t wanted, then 12: 6 x 40 + 2 unused x 40 + 10 x 40, and the 2 t come on top: 720. Without make-up the market
    sells them: 840; without take-or-pay 760; a stockpile at 2.5 for each put and take: 730. Would fail if make-up were
    paid for again (800), or came within the year's volume (760)."""
    assert optimum(taken(6, 12)) == pytest.approx(720)
    assert optimum(taken(6, 12, makeup=0)) == pytest.approx(840)
    assert optimum(taken(6, 12, share=0.0)) == pytest.approx(760)
    kept = stockpile("k", "metal", handling_usd_per_kg=2.5)
    assert optimum(taken(6, 12, makeup=0, more=(kept,))) == pytest.approx(730)


@pytest.mark.parametrize(("years", "expected"), [(0, 1240), (1, 1160), (2, 1120), (5, 1120)])
def test_it_expires(years: float, expected: float) -> None:
    """6, 10 and 12 t wanted. After two years the 2 t replace the market, 320 + 400 + 400 = 1120; after one they have to
    be taken in place of 2 t of the contract, 320 + 320 + 520 = 1160; never, 320 + 400 + 520 = 1240. Would fail if what
    was paid for were kept for ever, or lost a year early."""
    assert optimum(taken(6, 10, 12, makeup=years)) == pytest.approx(expected)


def test_it_expires_inside_a_year() -> None:
    """Half-years: 3 and 3 t wanted, then 5 and 7, of which the contract gives 5 each. In the first half of 2028 the 2 t
    replace 2 t of the contract: 320 + 320 + 2 x 60; in the second the market: 320 + 400; never: 320 + 400 + 2 x 60.
    Would fail if half a year were read as none or as a year."""
    low = event("low", "demands", "demand=d", "multiple", "set", 0.6)
    high = event("high", "demands", "demand=d", "multiple", "set", 1.4)
    happens = future("only", 1, {"low": ("2027-01-01", YEAR), "high": "2028-07-01"})
    pieces = (spot("market", "metal", 60), must("d", "metal", 10), low, high, happens)
    found = {}
    for years in (0.0, 0.5, 1.0):
        contract = offtake("o", "metal", 40, 10, take_or_pay_share=0.8, makeup_years=years)
        found[years] = optimum(case_of(contract, *pieces, years=2, months=6))
    assert found == pytest.approx({0.0: 840, 0.5: 760, 1.0: 720})


def test_it_never_counts_toward_what_is_due_in_its_own_year() -> None:
    """6 t wanted, then 8, of which 8 are due: 640 with and without make-up. Would fail if the 2 t counted toward what
    is due (560)."""
    assert optimum(taken(6, 8)) == pytest.approx(640)
    assert optimum(taken(6, 8, makeup=0)) == pytest.approx(640)


def test_it_comes_within_what_the_supplier_can_sell() -> None:
    """The supplier has 10 t a year: 8 bought and 2 made up, and 2 from the market: 320 + 320 + 120 = 760. Would fail if
    it came from nowhere (720) or could not come at all (840)."""
    line = {"supplier": "o", "commodity": "metal", "from_year": 2020, "t_per_year": 10}
    assert optimum(taken(6, 12, more=(tables(supplier_capacity=[line]),))) == pytest.approx(760)


def test_it_comes_as_far_as_the_supplier_delivers() -> None:
    """A tenth can come in the second year: 1 t bought, 1 t made up, 10 from the market: 320 + 40 + 600 = 960. Would
    fail if 2 t were made up (900), or none could (1020)."""
    fire = event("fire", "suppliers", "supplier=o", "availability_share", "set", 0.1)
    more = (fire, tables(future_events=[{"future": "only", "event": "fire", "start": "2028-01-01"}]))
    assert optimum(taken(6, 12, more=more)) == pytest.approx(960)
    assert optimum(taken(6, 12, more=more, months=6)) == pytest.approx(960)


def test_what_two_years_left_comes_no_faster_than_the_contract() -> None:
    """6 t wanted twice, then 20; in the third year three tenths can come: 3 t bought, 3 of 4 t made up, 14 from the
    market: 320 + 320 + 120 + 840 = 1600. Would fail if each year's 2 t had the pace to themselves (1540)."""
    fire = event("fire", "suppliers", "supplier=o", "availability_share", "set", 0.3)
    when = tables(future_events=[{"future": "only", "event": "fire", "start": "2029-01-01"}])
    assert optimum(taken(6, 6, 20, makeup=2, more=(fire, when))) == pytest.approx(1600)


def test_it_may_come_after_the_last_delivery() -> None:
    """The contract ends with its first year: 320, then 2 t made up and 10 from the market: 920. Would fail if the end
    took what was paid for (1040)."""
    assert optimum(taken(6, 12, last_delivery="2028-01-01")) == pytest.approx(920)


def test_each_year_has_its_own() -> None:
    """6, 10 and 14 t wanted, and the market asks 60, 45 and 58. 2 t are left in 2027, and in 2028 the market sells 4 t
    while 2 t that are due are left: 320 + 240 + 80 + 180 + 400 = 1220. Would fail if one year could lend to another
    (1210)."""
    assert optimum(taken(6, 10, 14, makeup=2, market=(60, 45, 58))) == pytest.approx(1220)


def test_a_tonne_made_up_is_what_a_tonne_of_contract_is() -> None:
    """Half a tonne of metal at 40 per tonne of contract, 3 t of metal wanted, then 6: 2 t of contract are left and give
    1 t: 120 + 40 + 200 = 360. Where the supplier has 5 t of metal a year 1 t comes from the market: 160 + 160 + 60 =
    380. Would fail if tonnes of contract were taken for metal."""
    case = taken(3, 6, item={"t_per_t": 0.5})
    assert optimum(case) == pytest.approx(360)
    line = {"supplier": "o", "commodity": "metal", "from_year": 2020, "t_per_year": 5}
    more = (tables(supplier_capacity=[line]),)
    assert optimum(taken(3, 6, item={"t_per_t": 0.5}, more=more)) == pytest.approx(380)


def test_it_counts_as_supply_of_its_country() -> None:
    """Half a tonne of metal per tonne of contract, 20 t a year; 6 t of metal wanted, then 12, of which no more than
    three quarters may come from Australia: 8 bought and 1 made up, 3 from the market: 320 + 320 + 180 = 820. Would
    fail if make-up counted for no country: 790."""
    content = tables(
        elements=[{"element": "Dy"}],
        commodities=[{"commodity": "metal", "stage": "metal", "discardable": False}],
        content=[{"commodity": "metal", "element": "Dy", "share": 1.0}],
    )
    row = {"stage": "metal", "element": "Dy", "country": "AU", "max_share": 0.75, "from_year": 2028}
    limit = tables(diversification=[{**row, "penalty_usd_per_kg": 1000}])
    terms = {"take_or_pay_share": 0.8, "makeup_years": 1.0, "country": "AU", "item": {"t_per_t": 0.5}}
    contract = offtake("o", "metal", 40, 20, **terms)
    market = spot("market", "metal", 60, country="BR")
    case = case_of(content, limit, market, contract, *wanted_by_year(6, 12), years=2)
    assert optimum(case) == pytest.approx(820)


def test_every_path_makes_up_what_its_own_past_has_left() -> None:
    """6 t in 2027; in 2028 12 in one future and 6 in the other, as likely: 320 + 0.5 x 400 + 0.5 x 320 = 680. Would
    fail if the futures shared the 2 t (710), or could not make them up (740)."""
    first = event("first", "demands", "demand=d", "multiple", "set", 0.6)
    rise = event("rise", "demands", "demand=d", "multiple", "set", 1.2)
    fall = event("fall", "demands", "demand=d", "multiple", "set", 0.6)
    futures = (
        future("up", 0.5, {"first": ("2027-01-01", YEAR), "rise": "2028-01-01"}),
        future("down", 0.5, {"first": ("2027-01-01", YEAR), "fall": "2028-01-01"}),
    )
    contract = offtake("o", "metal", 40, 10, take_or_pay_share=0.8, makeup_years=1.0)
    pieces = (spot("market", "metal", 60), contract, must("d", "metal", 10), first, rise, fall)
    done = plan(case_of(*pieces, *futures, years=2))
    assert done.cost == pytest.approx(680)
    assert done.value("makeup", "o", "2027", future="up") == pytest.approx(2)


def test_what_is_not_delivered_and_paid_for_can_be_made_up() -> None:
    """Without a clause 10 t are due though half can come: 5 bought, 5 paid for; in the second year 10 bought and 5 made
    up: 200 + 200 + 300 + 400 = 1100. With the clause only 5 are due: 200 + 300 + 400 + 300 = 1200. Would fail if what
    the supplier could not deliver were lost."""
    fire = event("fire", "suppliers", "supplier=o", "availability_share", "set", 0.5)
    happening = {"future": "only", "event": "fire", "start": "2027-01-01", "length_months": YEAR}
    more = (fire, tables(future_events=[happening]))
    assert optimum(taken(10, 15, share=1.0, force_majeure=False, more=more)) == pytest.approx(1100)
    assert optimum(taken(10, 15, share=1.0, force_majeure=True, more=more)) == pytest.approx(1200)
