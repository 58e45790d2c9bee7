"""What an investor's start earns and what the state pays for it, worked out by hand.

The plant makes 0.9 t of metal and 0.5 t of slag from 2.5 t of ore. In the world a kilogram of metal is worth 60 USD, of
slag 3 and of ore 16, and from 2029 on 120, 6 and 31. So a tonne of activity earns 54 + 1.5 - 40 = 15.5 USD/kg, then
108 + 3 - 77.5 = 33.5, less 3 for operation and 0.2 for residues. In China metal is worth 40 and slag 4.
"""

from __future__ import annotations

import datetime
import math
from typing import Any

import pytest

from audit.written import life_of, written
from orefolio.audit.investors import Payment, Stake, stakes, worth
from orefolio.case.case import Case
from pencil import case_of, event, future, must, process, project, spot, tables

PERIODS = {
    "only": (
        (datetime.date(2028, 1, 1), 6),
        (datetime.date(2029, 1, 1), 12),
        (datetime.date(2031, 1, 1), 24),
    )
}
"""Half-years to 2028, a year, and two years together: 0, 0.5, 1, 2 and 4 years."""
MARGIN = [12.3e-3, 12.3e-3, 12.3e-3, 30.3e-3]
"""Million USD a tonne of each period."""
PLANT = ("plant", "help")


def case(instrument: dict[str, Any] | None = None, rate: float = 0.25, operating: float = 3.0, **plant: Any) -> Case:
    """A plant of up to 8 t a year, ready a year and a half after its start, then by half for a year."""
    residual = {"residual_share": plant.pop("residual")} if "residual" in plant else {}
    dirty = "line" if plant.pop("water", True) else "other"
    columns = {
        "lead": 1.5, "capital": 900.0, "capital_usd_per_t_per_year": 20_000.0, "fixed_usd_per_t_per_year": 100.0,
        "ramp": (0.5, 1.0), "life_years": 4.5, "public_share": 0.125, "overrun_multiple": 1.5, **plant,
    }  # fmt: skip
    return case_of(
        spot("m", "ore", 1),
        must("d", "metal", 1),
        process("line", {"ore": 2.0}, {"metal": 1.0, "slag": 0.5}, cost=operating, yields={"ore": 0.8, "metal": 0.9}),
        process("other", {}, {"slag": 1.0}, cost=9.0),
        project("plant", "line", 8.0, **columns),
        tables(
            markets=[{"market": "china"}, {"market": "world"}],
            elements=[{"element": "Nd"}],
            content=[{"commodity": c, "element": "Nd", "share": s} for c, s in CONTENT.items()],
            element_prices=[
                {"market": "china", "element": "Nd", "chinese_usd_per_kg": 40.0},
                {"market": "world", "element": "Nd", "chinese_usd_per_kg": 60.0},
            ],
            prices=[
                *({"market": "china", "commodity": c} for c in CONTENT),
                {"market": "world", "commodity": "metal"},
                {"market": "world", "commodity": "ore", "fee_usd_per_kg": 1.0},
                {"market": "world", "commodity": "slag", "realisation_share": 0.5},
            ],
            residue_kinds=[{"residue": "water", "treatment_usd_per_t": 50.0}],
            residues=[{"process": dirty, "residue": "water", "t_per_t": 4.0}],
            instruments=[{"instrument": "help", **(instrument or {"kind": "none"})}],
            financed=[{"project": "plant", "private": True, "rate_share_per_year": rate, "market": "world"}],
        ),
        event("boom", "element_prices", "market=world", "multiple", "set", 2.0),
        event("dear", "projects", "project=plant", "overrun_multiple", "set", 2.0),
        future("only", 1.0, {"boom": "2029-01-01", "dear": "2027-07-01"}),
        years=4,
        grids=PERIODS,
        discount=0.25,
        **residual,
    )


CONTENT = {"metal": 1.0, "ore": 0.25, "slag": 0.1}
FLOOR = {"kind": "floor", "price_multiple": 2.0}
FIXED = {"kind": "offtake", "price_multiple": 2.0}
GRANT = {"kind": "grant", "grant_share": 0.25}


def stake(instrument: dict[str, Any] | None = None, number: int = 0, **columns: Any) -> Stake:
    """0.8 of a start and 5 t a year of capacity, and 4 and 6 t made in 2028 and from 2029 on."""
    label = {0: "2027-01", 2: "2028-01", 3: "2029-01"}[number]
    values = (
        ("choose", "plant/help", number, 0.8),
        ("backed", "plant/help", number, 5.0),
        ("supported", f"plant/help/{label}", 2, 4.0),
        ("supported", f"plant/help/{label}", 3, 6.0),
        ("supported", "plant/help/2035-01", 3, 7.0),
        ("choose", "plant/help", 1, 0.0),
    )
    (found,) = stakes(life_of(written(case(instrument, **columns), *values)))
    return found


def idle() -> Stake:
    """A start that makes nothing."""
    (found,) = stakes(life_of(written(case(residual=0.5), ("choose", "plant/help", 0, 1.0))))
    return found


def assert_payments(found: Any, expected: list[Payment]) -> None:
    payments = list(found)
    assert [payment._replace(musd=0.0) for payment in payments] == [each._replace(musd=0.0) for each in expected]
    assert [payment.musd for payment in payments] == pytest.approx([each.musd for each in expected])


def test_a_start_is_what_the_plan_says_of_it() -> None:
    one = stake()
    assert (one.words, one.number, one.began, one.ready, one.chosen, one.backed) == (PLANT, 0, 0.0, 1.5, 0.8, 5.0)
    assert one.made == {2: 4.0, 3: 6.0}
    assert (stake(number=2).began, stake(number=2).ready) == (1.0, 2.5)


def test_capital_falls_due_over_the_lead_time_with_the_overrun_known_at_the_start() -> None:
    """0.9 million x 1.5 x 0.8 = 1.08, and 0.02 million x 1.5 x 5 = 0.15: two thirds in the first year. From 2028 on an
    overrun of 2: 1.44 and 0.2."""
    third = [(0.0, 1.0, 0.72, 0.1), (1.0, 1.5, 0.36, 0.05)]
    assert list(stake().capital()) == [pytest.approx(each) for each in third]
    later = [(1.0, 2.0, 0.96, 0.4 / 3), (2.0, 2.5, 0.48, 0.2 / 3)]
    assert list(stake(number=2).capital()) == [pytest.approx(each) for each in later]


def test_a_tonne_earns_its_products_less_its_feed_operation_and_residues() -> None:
    assert [stake().market_margin(number) for number in range(4)] == pytest.approx(MARGIN)
    clean = stake(water=False)
    assert clean.market_margin(0) == pytest.approx(12.5e-3)


@pytest.mark.parametrize(
    ("instrument", "expected"),
    [
        ({"kind": "none", "price_multiple": 2.0}, [0.0, 0.0, 0.0, 0.0]),
        (GRANT, [0.0, 0.0, 0.0, 0.0]),
        (FLOOR, [0.0, 0.0, 20.5, 1.0]),
        (FIXED, [0.0, 0.0, 20.5, -35.0]),
        ({**FLOOR, "years": 2.0}, [0.0, 0.0, 20.5, 5 / 7]),
        ({**FIXED, "years": 2.0}, [0.0, 0.0, 20.5, -25.0]),
        ({**FLOOR, "years": 0.25}, [0.0, 0.0, 10.25, 0.0]),
    ],
)
def test_the_state_adds_what_the_price_lacks_while_its_support_lasts(
    instrument: dict[str, Any], expected: list[float]
) -> None:
    """Twice the Chinese 40 and 4: in 2028 20 on 0.9 and 5 on 0.5, 18 + 2.5; from 2029 on metal is over its level, so
    that a floor adds 2 on 0.5 and a fixed price takes 40 on 0.9 as well. Two years from the middle of 2028 are 1.25 of
    the 1.75 years of full capacity of 2029 and 2030; a quarter of a year is half of 2028."""
    one = stake(instrument)
    assert [1000 * one.support(number) for number in range(4)] == pytest.approx(expected)


def test_a_grant_pays_its_share_of_the_capital() -> None:
    """A quarter of 0.72, 0.1, 0.36 and 0.05."""
    expected = [
        Payment(0.0, 1.0, 0.18, "choose", PLANT, 0),
        Payment(0.0, 1.0, 0.025, "backed", PLANT, 0),
        Payment(1.0, 1.5, 0.09, "choose", PLANT, 0),
        Payment(1.0, 1.5, 0.0125, "backed", PLANT, 0),
    ]
    nothing = [
        Payment(start, start + years, 0.0, "supported", (*PLANT, "2027-01"), number) for start, years, number in MADE
    ]
    assert_payments(stake(GRANT).paid(), [*expected, *nothing])
    assert_payments(stake({"kind": "none", "grant_share": 0.25}).paid(), nothing)


MADE = ((1.0, 1.0, 2), (2.0, 2.0, 3))
"""Start, length and number of the periods with output."""


def test_a_floor_pays_what_is_made() -> None:
    """4 t at 20.5, and 6 t at 1. A year later it is ready in the middle of 2029, and half a year of help is a quarter
    of a year of full capacity."""
    words = (*PLANT, "2027-01")
    expected = [Payment(1.0, 2.0, 0.082, "supported", words, 2), Payment(2.0, 4.0, 0.006, "supported", words, 3)]
    assert_payments(stake(FLOOR).paid(), expected)
    late = (*PLANT, "2028-01")
    later = stake({**FLOOR, "years": 0.5}, number=2)
    assert_payments(
        later.paid(), [Payment(1.0, 2.0, 0.0, "supported", late, 2), Payment(2.0, 4.0, 0.0015, "supported", late, 3)]
    )


def test_an_investor_pays_its_own_capital_and_fixed_costs_and_earns_the_margin() -> None:
    """1 - 0.125 - 0.25 of the capital; 100 USD on 5 t of 0.25 and 1.75 years of full capacity; 4 t and 6 t at the
    margin; and at the end 3 t a year at what is left of a tonne: half of its capital, (0.02 + 0.9 / 8) x 1.5, for 2 of
    4.5 years."""
    left = 0.5 * (0.02 + 0.1125) * 1.5 * 2 / 4.5
    expected = [
        Payment(0.0, 1.0, -0.625 * 0.82),
        Payment(1.0, 1.5, -0.625 * 0.41),
        Payment(0.0, 0.5, 0.0),
        Payment(0.5, 1.0, 0.0),
        Payment(1.0, 2.0, -0.000125),
        Payment(2.0, 4.0, -0.000875),
        Payment(1.0, 2.0, 4 * 12.3e-3),
        Payment(2.0, 4.0, 6 * 30.3e-3),
        Payment(4.0, 4.0, 3 * left),
    ]
    assert_payments(stake(GRANT, residual=0.5).cash(), expected)
    assert list(idle().cash())[-1] == Payment(4.0, 4.0, 0.0)
    (*_, first, second, _) = stake(FLOOR).cash()
    assert (first.musd, second.musd) == pytest.approx((4 * 32.8e-3, 6 * 31.3e-3))


TWO_YEARS = 2 * (1 - 0.64) / (2 * math.log(1.25))
"""Worth of a dollar a year over two years at a quarter."""


@pytest.mark.parametrize(
    ("columns", "number", "left"),
    [
        ({}, 0, 0.0),
        ({"residual": 0.5}, 0, 0.5 * 0.1325 * 1.5 * 2 / 4.5),
        ({"residual": 1.0}, 0, 0.0303 * TWO_YEARS),
        ({"residual": 0.25}, 2, 0.25 * 0.1325 * 2.0 * 3 / 4.5),
        ({"residual": 0.5, "life_years": 2.5}, 0, 0.0),
        ({"residual": 0.5, "life_years": 1.0}, 0, 0.0),
        ({"residual": 0.25, "lead": 3.0}, 3, 0.25 * 0.1325 * 2.0),
        ({"residual": 0.5, "operating": 33.3}, 0, 0.0),
        ({"residual": 0.5, "operating": 40.0}, 0, 0.0),
        ({"residual": 0.5, "operating": 32.3}, 0, 0.001 * TWO_YEARS),
        ({"residual": 1.0, "rate": 0.0}, 0, 0.0606),
    ],
)
def test_what_is_left_of_a_tonne_is_its_capital_or_what_it_earns_if_that_is_less(
    columns: dict[str, Any], number: int, left: float
) -> None:
    assert stake(number=number, **columns)._left() == pytest.approx(left)


def test_worth_at_the_rate_of_the_investor_and_outlay_at_that_of_the_case() -> None:
    """From the start in 2028 on, at a quarter and at nothing; the outlay from the first day on."""
    early = [Payment(1.0, 2.0, -1.0), Payment(3.0, 3.0, 2.0)]
    one = stake(number=2)
    object.__setattr__(one, "cash", lambda: iter(early))
    object.__setattr__(one, "paid", lambda: iter(early))
    mean = 0.2 / math.log(1.25)
    assert one.npv() == pytest.approx([-mean, 2 * 0.64])
    assert one.outlay() == pytest.approx([-mean * 0.8, 2 * 0.512])
    free = stake(number=2, rate=0.0)
    object.__setattr__(free, "cash", lambda: iter(early))
    assert free.npv() == [-1.0, 2.0]


@pytest.mark.parametrize(
    ("rate", "start", "end", "expected"),
    [
        (0.25, 0.0, 0.0, 1.0),
        (0.25, 2.0, 2.0, 0.64),
        (0.25, 1.0, 3.0, (0.8 - 0.512) / (2 * math.log(1.25))),
        (0.0, 1.0, 3.0, 1.0),
        (0.0, 2.0, 2.0, 1.0),
        (1e-14, 1.0, 3.0, 1.0),
        (-0.2, 2.0, 2.0, 1.5625),
    ],
)
def test_a_dollar_at_a_moment_and_over_a_span(rate: float, start: float, end: float, expected: float) -> None:
    assert worth(rate, start, end) == pytest.approx(expected)
