"""Nine runs whose effects were written down before any of them was made with all futures: expected_signs.csv.

Each run plans all thirteen futures on the yearly grid. Cost is compared by its proved intervals: where they overlap no
change is proved, which contradicts neither "not up" nor "not down". Tonnes and shares are those of the plans; a
difference under two per cent, or one between runs whose costs are not proved to differ, is no change.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

from us.runs import Measured, measured, solved

ROWS = list(csv.DictReader((Path(__file__).parent / "expected_signs.csv").open(encoding="utf-8", newline="")))
NOISE = 0.02
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
    if not run:
        return measured(solved("", None))
    if run.startswith("overlay "):
        return measured(solved(run.removeprefix("overlay "), None))
    lever, _, value = run.partition("=")
    return measured(solved("", None, **{lever: float(value)}))


def change(run: str, measure: str) -> str:
    """up, down, or same where no change is proved."""
    base, now = effects(""), effects(run)
    costs = (now.cost[0] > base.cost[1]) - (now.cost[1] < base.cost[0])
    if measure == "cost" or not costs:
        return ("down", "same", "up")[costs + 1]
    before, after = getattr(base, measure), getattr(now, measure)
    if abs(after - before) <= NOISE * max(abs(before), abs(after)):
        return "same"
    return "up" if after > before else "down"


def fits(found: str, expected: str) -> bool:
    """Whether a change is what was expected; no proved change contradicts no "not"."""
    return found != expected.removeprefix("not ") if expected.startswith("not ") else found == expected


def test_nine_runs_and_four_measures_are_signed() -> None:
    assert len({row["run"] for row in ROWS}) == 9
    assert {(row["run"], row["measure"]) for row in ROWS} == {(r["run"], m) for r in ROWS for m in MEASURES}
    assert all(row["reason"] for row in ROWS)


@pytest.mark.long
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['run']}, {row['measure']}")
def test_the_sign_is_the_one_that_was_expected(row: dict[str, str]) -> None:
    found = change(row["run"], row["measure"])
    known = (row["run"], row["measure"]) in AGAINST
    assert fits(found, row["sign"]) != known, f"{found}, expected {row['sign']}: {row['reason']}"
