"""PRG: levels of a programme, their order, their money, and when they take effect.

A substitute saves 10 t a year of ore at 20, as far as a programme has brought it in.
"""

from __future__ import annotations

from typing import Any

import pytest

from pencil import case_of, must, optimum, plan, process, spot, tables


def level(number: int, share: float, up_front: float = 0.0, annual: float = 0.0, **columns: Any) -> dict[str, Any]:
    row = {"programme": "thrift", "level": number, "increment_share": share, "lead_time_years": 1.0}
    money = {"up_front_musd": up_front / 1000, "annual_musd": annual / 1000}
    return {**row, **money, "start_from": 2027, "start_to": 2040, **columns}


def case(*levels: dict[str, Any], years: int = 3, **more: Any) -> Any:
    return case_of(
        spot("m", "ore", 20),
        process("plain", {"ore": 1}, {"service": 1}, capacity=99),
        process("thrifty", {}, {"service": 1}, capacity=99),
        must("d", "service", 10, group="all"),
        tables(substitutions=[{"process": "thrifty", "demand_group": "all", "programme": "thrift"}]),
        tables(programmes=list(levels)),
        years=years,
        **more,
    )


def test_a_level_takes_effect_after_its_lead_time_with_its_ramp() -> None:
    """A share of 0.5 after a year, half of it at first: nothing, 2.5 t, 5 t saved of 30: 600 - 150 + 60 = 510. Would
    fail without the lead time (425 to 460) or the ramp (460)."""
    assert optimum(case(level(1, 0.5, 60, ramp=(0.5, 1.0)))) == pytest.approx(510)


def test_yearly_money_flows_while_the_level_is_in_force() -> None:
    """Lead time 1.5 years: 0.5 x 10 x 1.5 = 7.5 t saved; 60 up front and 8 a year for 1.5 years: 600 - 150 + 72 = 522.
    Would fail if it were paid from the decision (534) or for whole years (526)."""
    assert optimum(case(level(1, 0.5, 60, 8, lead_time_years=1.5))) == pytest.approx(522)


def test_a_level_needs_the_one_before_it() -> None:
    """The first level adds nothing worth its 30; the second adds 0.5: both at 30 + 60: 600 - 200 + 90 = 490. Would fail
    if the second could stand alone: 460."""
    assert optimum(case(level(1, 0.0, 30), level(2, 0.5, 60))) == pytest.approx(490)


def test_a_level_may_follow_in_the_same_year_or_later_and_not_before() -> None:
    """The first level opens in 2028, so the second too: in force in 2029 alone: 600 - 100 + 90 = 590. Would fail if the
    order were not of time: 490."""
    done = plan(case(level(1, 0.0, 30, start_from=2028), level(2, 0.5, 60)))
    assert done.cost == pytest.approx(590)


def test_a_level_is_decided_once() -> None:
    """A level that brings in 10 would be decided every year: it is decided once: 600 - 2 x 100 - 10 = 390. Would fail
    without the row: a share of 1 in the third year, 600 - 100 - 200 - 20 = 280."""
    assert optimum(case(level(1, 0.5, -10))) == pytest.approx(390)


def test_levels_add_up() -> None:
    """0.3 and 0.2 at 10 each: in force from 2028: 600 - 200 + 20 = 420. Would fail if a level replaced the one below
    (540 with 0.2)."""
    assert optimum(case(level(1, 0.3, 10), level(2, 0.2, 10))) == pytest.approx(420)


def test_money_up_front_is_spread_over_the_lead_time() -> None:
    """60 over two years at 25 %, 30 in each by mean factors 0.2 and 0.16 over ln 1.25; the ore's 200 in the first two
    years and 100 in the third (0.128 / ln 1.25). Would fail if the money were paid at once."""
    mean = [x / 0.22314355131 for x in (0.2, 0.16, 0.128)]
    assert optimum(case(level(1, 0.5, 60, lead_time_years=2.0), discount=0.25)) == pytest.approx(
        230 * mean[0] + 230 * mean[1] + 100 * mean[2]
    )


def test_a_level_that_comes_too_late_is_no_decision() -> None:
    """A lead time as long as the horizon: no column, 600. Would fail if a level could be decided for nothing."""
    done = plan(case(level(1, 0.5, 0, lead_time_years=3.0)))
    assert done.cost == pytest.approx(600)
    assert not any(name == "level_on" for name, _, _ in done.columns["only"])


def test_a_level_is_decided_whole() -> None:
    """A level that brings all in, where the substitute's line makes 4 t: two years of 4 t saved, 600 - 160 + 60 = 500.
    Would fail if two fifths of the level could be had for two fifths of its money: 464."""
    narrow = case_of(
        spot("m", "ore", 20),
        process("plain", {"ore": 1}, {"service": 1}, capacity=99),
        process("thrifty", {}, {"service": 1}, capacity=4),
        must("d", "service", 10, group="all"),
        tables(substitutions=[{"process": "thrifty", "demand_group": "all", "programme": "thrift"}]),
        tables(programmes=[level(1, 1.0, 60)]),
        years=3,
    )
    assert optimum(narrow) == pytest.approx(500)
