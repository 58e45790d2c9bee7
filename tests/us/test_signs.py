"""Nine runs whose effects were written down before any of them was made with all futures: expected_signs.csv.

Each run plans all thirteen futures on the yearly grid; `examples/signs.py` says how a change is read.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from examples.signs import assert_every_run_is_signed, change, expected, fits, named, run_of
from us.runs import US, Measured, measured

ROWS = expected(Path(__file__).parent)
MEASURES = ("cost", "home_volume", "peak_stock", "china_share")

AGAINST = {
    ("us_cost_multiple=2", "home_volume"): "monazite from abroad, separated at home, replaces Mountain Pass",
    ("chinese_magnet_trade=0.5", "peak_stock"): "magnets are needed as soon as they are made",
    ("overlay articles", "peak_stock"): "dearer neodymium is not put away",
}
"""Signs that did not come as expected, and why; docs/us.md tells them at length."""


@cache
def effects(run: str) -> Measured:
    """The measures of a run by the name it has in expected_signs.csv; blank for the base."""
    return measured(run_of(US, run))


def test_nine_runs_and_four_measures_are_signed() -> None:
    assert_every_run_is_signed(ROWS, 9, MEASURES)


@pytest.mark.long
@pytest.mark.parametrize("row", ROWS, ids=named)
def test_the_sign_is_the_one_that_was_expected(row: dict[str, str]) -> None:
    found = change(effects(""), effects(row["run"]), row["measure"])
    known = (row["run"], row["measure"]) in AGAINST
    assert fits(found, row["sign"]) != known, f"{found}, expected {row['sign']}: {row['reason']}"
