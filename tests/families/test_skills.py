"""SKL: what is idle is forgotten.

The plain case: 10 t of metal a year, bought at 50 or made at 20 by a line of 10 t; in 2028 alone another market asks
5."""

from __future__ import annotations

import math
from typing import Any

import pytest

from pencil import case_of, event, future, must, optimum, plan, process, project, spot

GLUT = event("glut", "suppliers", "supplier=cheap", "availability_share", "set", 1)


def line(*more: Any, years: int = 3, months: int = 12, discount: float = 0.0, dear: float = 50, **columns: Any) -> Any:
    cheap = spot("cheap", "metal", 5)
    cheap["suppliers"][0]["availability_share"] = 0.0  # type: ignore[index]
    return case_of(
        spot("market", "metal", dear),
        cheap,
        process("line", {}, {"metal": 1}, **{"capacity": 10, "cost": 20, "idle_loss_share_per_year": 0.4, **columns}),
        must("d", "metal", 10),
        GLUT,
        future("only", 1, {"glut": ("2028-01-01", 12)}),
        *more,
        years=years,
        months=months,
        discount=discount,
    )


def test_what_is_idle_cannot_run_a_year_later() -> None:
    """200 in 2027, 50 in 2028, when the line is idle; 6 t can be run in 2029: 120 + 200: 570. Would fail if nothing
    were forgotten, 450, or all of it, 750. At a market of 100 it is worth 15 a tonne to run on in 2028, which saves
    32: 600."""
    assert optimum(line()) == pytest.approx(570)
    assert optimum(line(dear=100)) == pytest.approx(600)
    assert optimum(line(idle_loss_share_per_year=0)) == pytest.approx(450)


def test_what_is_lost_compounds_whatever_the_period() -> None:
    """36 % a year is a fifth in each half-year: 6.4 t are left in either: 250 + 6.4 x 20 + 3.6 x 50 = 558. Would fail
    if half a year lost a whole one's share, 4.1 t, or half of it, 6.7."""
    assert optimum(line(idle_loss_share_per_year=0.36)) == pytest.approx(558)
    assert optimum(line(idle_loss_share_per_year=0.36, months=6)) == pytest.approx(558)


def test_training_makes_able_again() -> None:
    """At 10 thousand USD for a tonne a year 4 t are trained for in 2029: 250 + 40 + 200 = 490. At 40 it does not pay
    for one year: 570. Would fail if it were free, 450, or paid for each tonne that can be run, 550."""
    done = plan(line(retrain_usd_per_t=10000))
    assert done.cost == pytest.approx(490)
    assert done.value("able", "line", period=2) == pytest.approx(10)
    assert optimum(line(retrain_usd_per_t=40000)) == pytest.approx(570)


def test_training_is_discounted_to_its_day() -> None:
    """25 %, mean factors f = 0.2 x 0.8^k / ln 1.25; 40 at 0.64: 200 f0 + 50 f1 + 200 f2 + 25.6. Would fail
    undiscounted, or by the mean of the year."""
    f = [0.2 * 0.8**year / math.log(1.25) for year in range(3)]
    expected = 200 * f[0] + 50 * f[1] + 200 * f[2] + 40 * 0.64
    assert optimum(line(retrain_usd_per_t=10000, discount=0.25)) == pytest.approx(expected)


def test_what_is_not_available_is_idle_too() -> None:
    """80 % available, half of what is idle forgotten in a year: 8 t in 2027; able 9 t, 7.2 of them, in 2028: 160 + 100
    + 144 + 140 without the glut. Would fail if an outage kept its people busy, 520, or all of what is able could
    run: 484."""
    quiet = {"availability_share": 0.8, "idle_loss_share_per_year": 0.5, "years": 2}
    case = line(**quiet)
    never = case_of(
        spot("market", "metal", 50),
        process("line", {}, {"metal": 1}, capacity=10, cost=20, availability_share=0.8, idle_loss_share_per_year=0.5),
        must("d", "metal", 10),
        years=2,
    )
    assert optimum(never) == pytest.approx(544)
    assert optimum(case) == pytest.approx(260 + 50)


def test_what_projects_add_brings_its_people() -> None:
    """A line of nothing; a plant of 10 t for 90 is ready in 2029: 500 + 50 + 200 + 90 with its half of a ramp: 5 t at
    20 and 5 at 50: 350. In a fourth year all of it runs. Ready a year earlier it is idle in the glut: 6 t at 20 and 4 t
    at 50 in 2029. Would fail if the new plant had to be taught, or its people came anew each year: 840."""
    plant = project("plant", "line", 10, lead=2, capital=90, start_to=2027, ramp=(0.5, 1.0))
    assert optimum(line(plant, capacity=0)) == pytest.approx(500 + 50 + 350 + 90)
    early = project("plant", "line", 10, lead=1, capital=90, start_to=2027)
    assert optimum(line(early, capacity=0)) == pytest.approx(500 + 50 + 320 + 90)
    assert optimum(line(plant, capacity=0, years=4)) == pytest.approx(500 + 50 + 350 + 200 + 90)


def test_what_an_event_adds_can_be_run() -> None:
    """The line has 4 t and 10 from 2028 on, when the glut leaves them idle: 4 t less 1.6, and 6 less nothing, come to
    able 10 in 2028 and 6 in 2029: 80 + 300, 50, 120 + 200 = 750. Would fail if what is added had to be taught: 2.4
    t, 858."""
    grows = event("grows", "processes", "process=line", "capacity_t_per_year", "set", 10)
    more = {"future_events": [{"future": "only", "event": "grows", "start": "2028-01-01"}]}
    assert optimum(line(grows, more, capacity=4)) == pytest.approx(750)
