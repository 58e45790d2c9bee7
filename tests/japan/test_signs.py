"""Seven runs whose effects were written down before any of them was made: expected_signs.csv.

Each run plans all thirteen futures on the yearly grid; `examples/signs.py` says how a change is read.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from examples.signs import assert_every_run_is_signed, change, expected, fits, named, run_of
from japan.runs import JAPAN, Measured, measured

ROWS = expected(Path(__file__).parent)
MEASURES = ("cost", "us_volume", "peak_stock", "china_share")

AGAINST = {
    ("overlay public", "peak_stock"): "firm volumes from the United States fill the stores instead of replacing them",
}
"""Signs that did not come as expected, and why; docs/japan.md tells them at length."""


@cache
def effects(run: str) -> Measured:
    """The measures of a run by the name it has in expected_signs.csv; blank for the base."""
    return measured(run_of(JAPAN, run))


def test_signs_are_read_as_they_are_written() -> None:
    assert fits("same", "not up")
    assert fits("down", "not up")
    assert not fits("up", "not up")
    assert fits("down", "down")
    assert not fits("same", "down")


def test_seven_runs_and_four_measures_are_signed() -> None:
    assert_every_run_is_signed(ROWS, 7, MEASURES)


@pytest.mark.long
@pytest.mark.parametrize("row", ROWS, ids=named)
def test_the_sign_is_the_one_that_was_expected(row: dict[str, str]) -> None:
    found = change(effects(""), effects(row["run"]), row["measure"])
    known = (row["run"], row["measure"]) in AGAINST
    assert fits(found, row["sign"]) != known, f"{found}, expected {row['sign']}: {row['reason']}"
