"""CAPS: while a rule is in force, no more is bought of a commodity from a country than its cap."""

from __future__ import annotations

from typing import Any

import pytest

from orefolio.case.case import Case
from pencil import Piece, case_of, event, future, must, optimum, spot, tables

SELLERS = (spot("near", "oxide", 7, country="AU"), spot("far", "oxide", 3, country="CN"))


def cap(t: float = 4, country: str = "CN", **columns: Any) -> Piece:
    rule = {"rule": "quota", "kind": "import_cap", "in_force_share": 1.0, **columns}
    row = {"rule": "quota", "commodity": "oxide", "country": country, "t_per_year": t}
    return tables(rules=[rule], import_caps=[row])


def capped(*more: Piece, need: float = 10, **settings: Any) -> Case:
    return case_of(*SELLERS, must("d", "oxide", need), *more, **settings)


def test_a_cap_holds_what_is_bought_from_a_country() -> None:
    """Of 10 t at most 4 from China: 4 x 3 + 6 x 7 = 54; a cap on Australia binds nothing: 30. Would fail if the cap
    were of all countries: no plan."""
    assert optimum(capped(cap())) == pytest.approx(54)
    assert optimum(capped(cap(country="AU"))) == pytest.approx(30)


def test_the_switch_of_the_cap() -> None:
    """Off, or not in force: 30."""
    assert optimum(capped(cap(enabled=False))) == pytest.approx(30)
    assert optimum(capped(cap(in_force_share=0.0))) == pytest.approx(30)


def test_a_cap_is_by_the_year() -> None:
    """In half-years 2 t each: the same 54 a year. Would fail if each period had the whole: 4 + 4 t, 38."""
    assert optimum(capped(cap(), months=6)) == pytest.approx(54)


def test_several_sellers_of_a_country_share_the_cap() -> None:
    """A second Chinese seller at 2 takes the whole cap: 4 x 2 + 6 x 7 = 50. Would fail with a cap for each: 4 x 2 +
    4 x 3 + 2 x 7 = 34."""
    assert optimum(capped(cap(), spot("third", "oxide", 2, country="CN"))) == pytest.approx(50)


def test_only_tonnes_of_the_commodity_count() -> None:
    """A tonne of a Chinese mixture at 1 brings 0.5 t of oxide and 0.5 t that nobody needs: 8 t bring the 4 t of the
    cap: 8 + 42 = 50. Would fail if tonnes of contract counted: 4 t and 8 t at 7, 60."""
    mixture = spot("mixed", "oxide", 2, country="CN", item={"t_per_t": 0.5})
    assert optimum(capped(cap(), mixture)) == pytest.approx(50)


def test_a_cap_moves_with_events_and_dates() -> None:
    """2027 without a cap, 30; in force from 2028: 54; tightened to 1 t in 2029: 3 + 63 = 66; gone from 2030: 30. Would
    fail if the cap of the first year, or none of its dates, held."""
    tight = event("tight", "import_caps", "country=CN", "t_per_year", "set", 1)
    happens = future("only", 1, {"tight": "2029-01-01"})
    dated = cap(from_date="2028-01-01", to_date="2030-01-01")
    assert optimum(capped(dated, tight, happens, years=4)) == pytest.approx(30 + 54 + 66 + 30)


def test_a_year_in_which_the_rule_begins_has_no_cap() -> None:
    """In force from July 2028: nothing binds in the yearly period of 2028, 30; 54 in 2029."""
    assert optimum(capped(cap(from_date="2028-07-01"), years=3)) == pytest.approx(30 + 30 + 54)
