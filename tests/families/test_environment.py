"""ENV: what processes leave behind costs for its whole custody, and may be capped by country."""

from __future__ import annotations

import math
from typing import Any

import pytest

from pencil import case_of, event, future, optimum, process, spot, tables, wanted


def case(*more: Any, cap: float | None = None, treatment: float = 0.0, custody: float = 0.0, **columns: Any) -> Any:
    """10 t of metal at half a tonne of residue each; loss 50 where it is short."""
    kind = {"residue": "sand", "treatment_usd_per_t": treatment, "custody_usd_per_t_per_year": custody}
    caps = [] if cap is None else [{"country": "MY", "residue": "sand", "t_per_year": cap}]
    return case_of(
        spot("m", "ore", 0, place="plant"),
        process("smelt", {"ore": 1}, {"metal": 1}, capacity=99, place="plant"),
        wanted("d", "metal", 10, 50, place="plant"),
        tables(
            places=[{"place": "plant", "country": "MY"}],
            residue_kinds=[{**kind, "custody_years": 300}],
            residues=[{"process": "smelt", "residue": "sand", "t_per_t": 0.5}],
            residue_caps=caps,
        ),
        *more,
        **columns,
    )


def test_treatment_is_paid_per_tonne() -> None:
    """5 t at 2000 USD: 10 thousand. Would fail without the share of residue (20) or in kilograms (10 million)."""
    assert optimum(case(treatment=2000)) == pytest.approx(10)


def test_custody_lasts_three_centuries() -> None:
    """5 t at 20 USD a year for 300 years: 30 thousand undiscounted. At 4 % the 300 years are worth (1 - 1.04 ** -300)
    / ln 1.04 = 25.50 years, seen from the day on which the residue arises, a mean of 0.9806 over the year. Would fail
    if one year were paid (0.1), or the horizon's (0.1), or 300 years undiscounted (30)."""
    assert optimum(case(custody=20)) == pytest.approx(30)
    rate = math.log(1.04)
    years = (1 - 1.04**-300) / rate
    assert optimum(case(custody=20, discount=0.04)) == pytest.approx(0.1 * years * (1 - 1 / 1.04) / rate)


def test_residue_of_a_later_year_is_charged_from_that_year() -> None:
    """Two years at 25 %: 10 a year by mean factors 0.2 and 0.16 over ln 1.25."""
    assert optimum(case(treatment=2000, years=2, discount=0.25)) == pytest.approx(10 * 0.36 / math.log(1.25))


def test_a_country_caps_what_arises_in_a_year() -> None:
    """4 t a year allow 8 t of metal: 2 t short at 50: 100, by half-years as by years. Would fail if the cap were on the
    product (6 t short: 300) or held in each half (0)."""
    assert optimum(case(cap=4)) == pytest.approx(100)
    assert optimum(case(cap=4, months=6)) == pytest.approx(100)


def test_a_cap_is_shared_by_the_plants_of_a_country_and_not_beyond() -> None:
    """A second plant in the same country does not help, one in another country does: 100 and 0."""
    row = {"process": "second", "residue": "sand", "t_per_t": 0.5}
    second = process("second", {"ore": 1}, {"metal": 1}, capacity=99, place="plant")
    assert optimum(case(second, tables(residues=[row]), cap=4)) == pytest.approx(100)
    abroad = (
        process("second", {"ore2": 1}, {"metal": 1}, capacity=99, place="other"),
        spot("m2", "ore2", 0, place="other"),
        tables(
            places=[{"place": "other", "country": "AU"}],
            residues=[row],
            lanes=[
                {"lane": "l", "from_place": "other", "to_place": "plant", "commodity": "metal", "cost_usd_per_kg": 0}
            ],
        ),
    )
    assert optimum(case(*abroad, cap=4)) == pytest.approx(0)


def test_a_cap_follows_events_by_their_share_of_the_year() -> None:
    """From July the cap falls from 4 to 2 t a year: 3 t over the year: 4 t of metal short: 200. Would fail if the
    event held for the year (300) or were overlooked (100)."""
    fall = event("fall", "residue_caps", "country=MY", "t_per_year", "set", 2)
    happens = future("only", 1, {"fall": "2027-07-01"})
    assert optimum(case(fall, happens, cap=4, months=6)) == pytest.approx(200)
