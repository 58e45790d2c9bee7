"""DEP: a mine gives no more than its reserve holds, on every path.

The plain case: 10 t of ore a year are wanted for three years, bought at 50 or dug at 20 by a mine of 10 t a year."""

from __future__ import annotations

from typing import Any

import pytest

from pencil import Plan, case_of, event, future, must, optimum, plan, process, spot


def mined(*more: Any, years: int = 3, months: int = 12, wanted: float = 10, **columns: Any) -> Any:
    mine = process("mine", {}, {"ore": 1}, capacity=10, cost=20, **columns)
    return case_of(spot("market", "ore", 50), mine, must("d", "ore", wanted), *more, years=years, months=months)


def dug(done: Plan, name: str) -> float:
    return done.value("activity", "mine", future=name)


def test_a_mine_gives_no_more_than_its_reserve() -> None:
    """18 t of 30 are dug: 18 x 20 + 12 x 50 = 960. Would fail if the reserve were not read, or held for each year by
    itself: 30 x 20 = 600; or with a hundredth more in the ground: 954.6."""
    assert optimum(mined(reserve_t=18)) == pytest.approx(960)
    assert optimum(mined()) == pytest.approx(600)
    assert optimum(mined(reserve_t=30)) == pytest.approx(600)


def test_the_reserve_is_of_tonnes_whatever_the_period() -> None:
    """The same told in quarters: 960. Would fail if a quarter's output were counted as a year's: 18 / 4 t."""
    assert optimum(mined(reserve_t=18, months=3)) == pytest.approx(960)


def test_a_mine_without_a_reserve_digs_nothing() -> None:
    """Nothing in the ground: all is bought, 1500. Would fail if 0 meant that there is no limit: 600."""
    assert optimum(mined(reserve_t=0)) == pytest.approx(1500)


def test_what_is_dug_before_a_shock_is_missing_after_it() -> None:
    """The market closes in 2029 in one of two equal futures, where a tonne short costs nothing less than 500: 12 t in
    the ground, of which both futures keep 10 for 2029 and dig 2 before it. Calm: 20 bought and 10 dug in 2029 less the
    2 dug before: 2 + 10 = 12 dug, 18 bought: 12 x 20 + 18 x 50 = 1140; cut: the same 1140. Would fail if each node
    had the whole reserve: 10 t in 2029 and 12 before: 22 x 20 + 8 x 50 = 840."""
    cut = event("cut", "suppliers", "supplier=market", "availability_share", "set", 0)
    last = spot("dear", "ore", 500)
    case = mined(
        cut, last, future("calm", 0.5), future("cut", 0.5, {"cut": "2029-01-01"}, onset="2029-01-01"), reserve_t=12
    )
    done = plan(case)
    assert done.cost == pytest.approx(1140)
    assert dug(done, "calm") == pytest.approx(12)
    assert dug(done, "cut") == pytest.approx(12)
