"""BUD: public money stays within each span of its envelope, in its own currency and year."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from audit.runs import solved, split
from pencil import (
    AfterShock,
    Piece,
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
    stockpile,
    tables,
    wanted,
)

YEN = {"currency": "JPY", "per_usd": 150.0}
MARKET = spot("market", "metal", 50)
LINE = process("line", {}, {"metal": 1})


def envelope(*spans: tuple[str, str, float], currency: str = "JPY") -> Piece:
    """Spans: first day, day after the last, millions."""
    rows = [
        {"envelope": "public", "from_date": first, "to_date": last, "amount_million": amount, "currency": currency}
        for first, last, amount in spans
    ]
    return tables(envelopes=rows, currencies=[YEN, {"currency": "USD", "per_usd": 1.0}])


def plant(*more: Piece, lead: float = 0.0, years: int = 2, **columns: Any) -> Any:
    """10 t a year at 50, or a plant for 150 thousand USD of which the state pays a half."""
    row = {"public_share": 0.5, "envelope": "public", **columns}
    return case_of(
        MARKET,
        LINE,
        project("plant", "line", 10, lead=lead, capital=150, **row),
        must("d", "metal", 10),
        *more,
        years=years,
    )


def test_an_envelope_holds_the_public_share_in_its_currency() -> None:
    """75 thousand USD are 11.25 million yen: with 11.3 the plant is built, 150; with 11.2 it is not, 1000. Would fail
    if the whole capital counted, or yen were read as USD (always built) or divided the wrong way."""
    assert optimum(plant(envelope(("2027-01-01", "2028-01-01", 11.3)))) == pytest.approx(150)
    assert optimum(plant(envelope(("2027-01-01", "2028-01-01", 11.2)), start_to=2027)) == pytest.approx(1000)


def test_spans_stand_for_themselves() -> None:
    """Nothing in 2027, enough in 2028: the plant waits a year: 500 + 150. Would fail if spans were pooled: 150."""
    case = plant(envelope(("2027-01-01", "2028-01-01", 0), ("2028-01-01", "2029-01-01", 20)))
    assert optimum(case) == pytest.approx(650)


def test_money_outside_every_span_is_not_limited() -> None:
    """An envelope of 2030 says nothing of 2027: 150."""
    assert optimum(plant(envelope(("2030-01-01", "2031-01-01", 0)))) == pytest.approx(150)


def test_instalments_fall_in_their_own_years() -> None:
    """A lead time of two years spends 37.5 thousand USD, 5.625 million yen, in each: 5.7 a year will do, and 8 and 3
    will not although they are as much. Would fail if the capital were booked when committed, or spans pooled."""
    even = envelope(("2027-01-01", "2028-01-01", 5.7), ("2028-01-01", "2029-01-01", 5.7))
    uneven = envelope(("2027-01-01", "2028-01-01", 8.4), ("2028-01-01", "2029-01-01", 3.0))
    assert optimum(plant(even, lead=2, years=3, start_to=2027)) == pytest.approx(1150)
    assert optimum(plant(uneven, lead=2, years=3, start_to=2027)) == pytest.approx(1500)


def test_an_instalment_over_the_end_of_a_span_counts_by_its_share() -> None:
    """A lead time of a year; spans end in July: half of 11.25 in each. Would fail if it were booked at its start."""
    halves = envelope(("2027-01-01", "2027-07-01", 5.7), ("2027-07-01", "2029-01-01", 5.7))
    short = envelope(("2027-01-01", "2027-07-01", 5.5), ("2027-07-01", "2029-01-01", 99))
    assert optimum(plant(halves, lead=1, start_to=2027)) == pytest.approx(650)
    assert optimum(plant(short, lead=1, start_to=2027)) == pytest.approx(1000)


def test_an_overrun_takes_more_of_the_envelope() -> None:
    """Costs stand at 1.2 times the estimate: 90 thousand USD are 13.5 million yen: 13 is not enough, 14 is."""
    for amount, expected in ((13.0, 1000), (14.0, 180)):
        case = plant(envelope(("2027-01-01", "2028-01-01", amount)), overrun_multiple=1.2, start_to=2027)
        assert optimum(case) == pytest.approx(expected)


def test_prepayments_programmes_and_stock_share_an_envelope() -> None:
    """A prepayment of 40 of which a half is public (20), a programme of 30, and 2 t into stock at 12 a kilogram of the
    market (24): together 74 thousand USD. Each saves more than it costs: with 74 in the envelope 2 x 200 + 40 + 30 + 2
    = 472. With 50 the stock gives way, which saves 2 x 100 less 2: 670; with 62 half of it: 571. Would fail if one of
    the three were not posted: 472 with less."""

    def case(amount: float) -> Any:
        level = {
            "programme": "thrift",
            "level": 1,
            "increment_share": 1.0,
            "up_front_musd": 0.03,
            "lead_time_years": 0,
            "start_from": 2027,
            "start_to": 2027,
            "envelope": "public",
        }
        cut = event("cut", "suppliers", "supplier=ore", "availability_share", "set", 0)
        return case_of(
            MARKET,
            must("m", "metal", 10),
            offtake(
                "o", "metal", 20, 10, years=(2027, 2027), prepayment_musd=0.04, public_share=0.5, envelope="public"
            ),
            process("plain", {"metal": 1}, {"service": 1}, capacity=9),
            process("thrifty", {}, {"service": 1}, capacity=9),
            must("s", "service", 5, group="all"),
            tables(programmes=[level]),
            tables(substitutions=[{"process": "thrifty", "demand_group": "all", "programme": "thrift"}]),
            spot("ore", "ore", 1),
            stockpile("k", "ore", 2, envelope="public"),
            event("later", "demands", "demand=d", "multiple", "set", 1),
            wanted("d", "ore", 2, 100, multiple=0.0),
            tables(
                markets=[{"market": "china"}], prices=[{"market": "china", "commodity": "ore", "fee_usd_per_kg": 12}]
            ),
            cut,
            future("only", 1, {"cut": "2028-01-01", "later": "2028-01-01"}),
            envelope(("2027-01-01", "2029-01-01", amount / 1000), currency="USD"),
            years=2,
        )

    assert optimum(case(74.001)) == pytest.approx(472)

    assert optimum(case(50.001)) == pytest.approx(472 + 198, abs=0.02)
    assert optimum(case(62)) == pytest.approx(472 + 99)


def test_an_envelope_binds_in_every_future() -> None:
    """A plant committed before the futures part spends 15 of 20 in each of two years on both paths; what is left, 5,
    buys half a tonne of stock at 10 in each year on each path. Would fail if a branch had an envelope of its own, or
    the trunk's commitment were charged once: 2 t in the second year."""
    shock = event("shock", "settings", "setting=none", "value", "set", 1)
    price = tables(
        markets=[{"market": "china"}], prices=[{"market": "china", "commodity": "metal", "fee_usd_per_kg": 10}]
    )
    spans = envelope(
        ("2027-01-01", "2028-01-01", 0.02),
        ("2028-01-01", "2029-01-01", 0.02),
        ("2029-01-01", "2030-01-01", 0),
        currency="USD",
    )
    case = case_of(
        MARKET,
        LINE,
        must("d", "metal", 10),
        shock,
        price,
        spans,
        project("plant", "line", 10, lead=2, capital=30, public_share=1.0, envelope="public", start_to=2027),
        stockpile("k", "metal", envelope="public", terminal_share=9),
        future("calm", 0.5),
        future("shock", 0.5, {"shock": "2028-01-01"}, onset="2028-01-01"),
        years=3,
    )
    done = plan(case)
    for name in ("calm", "shock"):
        assert done.value("start", "plant", future=name) == 1
        assert done.value("put", "k", period=0, future=name) == pytest.approx(0.5)
        assert done.value("put", "k", period=1, future=name) == pytest.approx(0.5)


def test_a_block_of_years_is_split_over_its_years() -> None:
    """After a shock three years are one block: 3 t a year of stock at 10 are 30 a year; yearly envelopes of 30, 30 and
    12 allow only 3 x 12 = 36 in the block: 3.6 t. Would fail if the block were booked in its first year (3 t)."""
    shock = event("shock", "settings", "setting=none", "value", "set", 1)
    price = tables(
        markets=[{"market": "china"}], prices=[{"market": "china", "commodity": "metal", "fee_usd_per_kg": 10}]
    )
    spans = envelope(
        *((f"{year}-01-01", f"{year + 1}-01-01", money) for year, money in ((2028, 0.03), (2029, 0.03), (2030, 0.012))),
        currency="USD",
    )
    case = case_of(
        MARKET,
        must("d", "metal", 10),
        shock,
        price,
        spans,
        stockpile("k", "metal", 99, envelope="public", terminal_share=9),
        future("shock", 1.0, {"shock": ("2027-01-01", 6)}, onset="2027-01-01"),
        years=4,
        after_shock=AfterShock(fine_months=0, single_years=0, block_years=3),
    )
    done = plan(case)
    assert [period.years for period in done.merged.flats[0].path.periods] == [1, 3]
    assert done.value("put", "k", period=1) == pytest.approx(3.6)


def test_an_envelope_has_the_amount_of_the_day_on_which_it_is_spent() -> None:
    """20 million yen for two years are cut to 5 in 2028, when the plant opens that takes 11.25: 1000. Would fail with
    the amount of 2027: 650."""
    less = event("less", "envelopes", "*", "amount_million", "set", 5)
    happens = future("only", 1, {"less": "2028-01-01"})
    case = plant(envelope(("2027-01-01", "2029-01-01", 20)), less, happens, start_from=2028)
    assert optimum(case) == pytest.approx(1000)


LESS = event("less", "envelopes", "*", "amount_million", "set", 5)


@pytest.mark.parametrize(
    ("start_from", "when", "cost", "spent", "amount"),
    [(2027, "2028-01-01", 150, 11.25, 20), (2027, "2027-01-01", 1000, 0, 5), (2028, "2028-01-01", 1000, 0, 5)],
)
def test_the_audit_knows_what_an_event_leaves_of_an_envelope(
    start_from: int, when: str, cost: float, spent: float, amount: float
) -> None:
    """20 million yen for two years are cut to 5. A plant of 2027 that takes 11.25 has been paid when that comes in
    2028, and nothing more can be spent: 150 under 20. Where the cut comes on the day or before, there is no plant: 1000
    under 5. Would fail if the audit took the amount at the end of the span, 5 in the first."""
    happens = future("only", 1, {"less": when})
    case = plant(envelope(("2027-01-01", "2029-01-01", 20)), LESS, happens, start_from=start_from, start_to=start_from)
    run = solved(case)
    assert optimum(case) == pytest.approx(cost)
    assert run.report().passed
    header, row = split(run.tables["budgets"])
    said = dict(zip(header, row, strict=True))
    assert float(said["used_musd"]) == pytest.approx(spent / 150)
    assert float(said["amount_musd"]) == pytest.approx(amount / 150)
    failed = replace(run, case=plant(envelope(("2027-01-01", "2029-01-01", 4)), start_from=start_from)).report().failed
    assert "table_budgets" in {result.name for result in failed}


def test_an_event_on_an_envelope_from_which_nothing_can_be_spent_is_in_the_table() -> None:
    """An envelope that nothing draws on has 20 for 2027-2028 and is cut to 5 in 2028; 5 are left. Would fail with the
    amount of the case: 20."""
    happens = future("only", 1, {"less": "2028-01-01"})
    idle = case_of(MARKET, must("d", "metal", 10), LESS, happens, envelope(("2027-01-01", "2029-01-01", 20)), years=2)
    run = solved(idle)
    assert run.report().passed
    header, row = split(run.tables["budgets"])
    assert float(dict(zip(header, row, strict=True))["left_musd"]) == pytest.approx(5 / 150)


def test_envelopes_stand_for_themselves() -> None:
    """Another envelope has nothing, the plant's own has enough: 150. Would fail if they shared what is spent: 1000."""
    other = {"envelope": "other", "from_date": "2027-01-01", "to_date": "2029-01-01", "amount_million": 0.0}
    own = envelope(("2027-01-01", "2028-01-01", 20))
    assert optimum(plant(own, tables(envelopes=[{**other, "currency": "USD"}]))) == pytest.approx(150)
