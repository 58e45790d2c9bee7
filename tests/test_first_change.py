"""Where on a lever the plan changes, and what it adds to take an option or to do without it: by pencil."""

from __future__ import annotations

import math
from typing import Any

import pytest

from orefolio.analyses.first_change import How, entry_cost, first_change, loss_without
from orefolio.case.case import Case
from orefolio.errors import InputError
from orefolio.solve import Options
from pencil import Piece, case_of, must, process, project, spot, stockpile, tables

EXACT = How(options=Options(abs_gap=0.0))
PLANT = ("project", "a")


def case(*more: Piece, market: bool = True, **plant: Any) -> Case:
    """10 t at 30 thousand USD each on the spot, or of a plant for 500 that runs for nothing; a lever turns the price up
    to 130."""
    pieces = [process("p", {}, {"x": 1}), must("d", "x", 10), project("a", "p", 10, **{"capital": 500, **plant}), *more]
    lever: Piece = tables(
        levers=[{"lever": "price", "base": 30.0, "low": 30.0, "high": 130.0, "unit": "USD/kg"}],
        lever_adjustments=[{"lever": "price", "table": "contract_items", "where": "contract=s",
                            "column": "price_usd_per_kg", "operation": "set"}],
    )  # fmt: skip
    return case_of(*pieces, *([spot("s", "x", 30), lever] if market else []))


def test_the_interval_of_a_change_is_halved_from_both_sides() -> None:
    """The plant enters at 50. Scanned are 55, 80 ..., then 42.5 and 48.75, at which the plan still buys; by a scan that
    begins with 80, 55 (it has entered) and 42.5."""
    found = first_change(case(), "price", EXACT)
    assert found is not None
    assert (found.value_before, found.value_after) == (48.75, 55.0)
    assert (found.entered, found.left) == ([PLANT], [])
    coarse = first_change(case(), "price", EXACT, steps=2)
    assert coarse is not None
    assert (coarse.value_before, coarse.value_after) == (42.5, 55.0)
    assert first_change(case(), "price", EXACT, toward="low") is None


def test_what_doing_without_a_plant_adds() -> None:
    """At 80 it buys for 800 what the plant makes for 500: 300. Without a market there is no other way."""
    found = loss_without(case(), PLANT, EXACT, levers={"price": 80.0})
    assert (found.least, found.most) == pytest.approx((0.3, 0.3))
    alone = loss_without(case(market=False), PLANT, EXACT)
    assert (alone.least, alone.most) == (math.inf, math.inf)


def test_an_option_of_any_size_is_taken_in_a_tenth_of_its_greatest() -> None:
    """1 of 10 t a year at 50 thousand USD saves 30: 20. 10 t pass through a warehouse for 100 and
    are handled at 1 when they are put in and when they are taken out: 20."""
    sized = case(capital=0, capital_usd_per_t_per_year=50_000.0, binary=False)
    found = entry_cost(sized, PLANT, EXACT)
    assert (found.least, found.most) == pytest.approx((0.02, 0.02))
    store = case(stockpile("k", "x", 100, handling_usd_per_kg=1.0))
    kept = entry_cost(store, ("stock", "k"), EXACT)
    assert (kept.least, kept.most) == pytest.approx((0.02, 0.02))


def test_an_option_that_no_future_has_is_refused() -> None:
    with pytest.raises(InputError, match="nowhere"):
        entry_cost(case(), ("project", "nowhere"), EXACT)
