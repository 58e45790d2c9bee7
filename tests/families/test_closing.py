"""CLO: what a plant costs that stands, and what it saves to mothball or to close it.

The plain case: 10 t of metal a year, from the market at 50 or from a line of 10 t at 20 that costs 100 a year while it
stands: 300 a year against 500. From 2028 another market asks 5: then 50 a year."""

from __future__ import annotations

import math
from typing import Any

import pytest

from pencil import case_of, event, future, must, optimum, plan, process, project, spot

STANDS = {"standing_musd_per_year": 0.1}
SHUT = {**STANDS, "can_close": True, "closing_musd": 0.12}
REST = {**STANDS, "can_mothball": True, "mothballed_musd_per_year": 0.03, "restart_musd": 0.07}
GLUT = event("glut", "suppliers", "supplier=cheap", "availability_share", "set", 1)


def line(
    *more: Any,
    years: int = 3,
    months: int = 12,
    discount: float = 0.0,
    happens: Any = None,
    wanted: float = 10,
    **columns: Any,
) -> Any:
    cheap = spot("cheap", "metal", 5)
    cheap["suppliers"][0]["availability_share"] = 0.0  # type: ignore[index]
    return case_of(
        spot("market", "metal", 50),
        cheap,
        process("line", {}, {"metal": 1}, **{"capacity": 10, "cost": 20, **columns}),
        must("d", "metal", wanted),
        GLUT,
        *(happens or (future("only", 1, {"glut": "2028-01-01"}),)),
        *more,
        years=years,
        months=months,
        discount=discount,
    )


def test_a_plant_that_stands_costs_whether_it_runs_or_not() -> None:
    """300 in 2027, and 50 + 100 in each of two years: 600. Would fail if it cost nothing, 300, or while it runs alone:
    400."""
    assert optimum(line(**STANDS)) == pytest.approx(600)
    assert optimum(line(**STANDS, months=6)) == pytest.approx(600)


def test_closing_saves_the_standing_cost_and_costs_once() -> None:
    """Closed in 2028: 300 + 120 + 2 x 50 = 520. Would fail if closing cost nothing, 400, or each year, 640; if the
    closed line went on to cost, 720; or could not be: 600. Over two years it stays: 450, as closing is dearer than
    a year."""
    done = plan(line(**SHUT))
    assert done.cost == pytest.approx(520)
    assert done.value("close", "line", period=1) == pytest.approx(1)
    assert optimum(line(**SHUT, years=2)) == pytest.approx(450)
    assert optimum(line(**SHUT, months=6)) == pytest.approx(520)


def test_what_is_closed_never_opens_again() -> None:
    """The glut ends after three years, 2028 to 2030, in five: the line stands in 2027 and 2031: 300 + 3 x 150 + 300 =
    1050. Closed in 2028: 300 + 120 + 150 + 500 = 1070. Would fail if it opened again: 870."""
    glut = (future("only", 1, {"glut": ("2028-01-01", 36)}),)
    assert optimum(line(**SHUT, years=5, happens=glut)) == pytest.approx(1050)


def test_nothing_runs_in_a_plant_that_does_not_stand() -> None:
    """Without the glut the line runs at 20 for three years, 900; the market alone would be 1500 + 120. At a standing
    cost of 350 it is closed on the first day: 1620 against 1650. Would fail if a closed line ran: 600 + 120."""
    never = (future("only", 1),)
    assert optimum(line(**SHUT, happens=never)) == pytest.approx(900)
    assert optimum(line(**{**SHUT, "standing_musd_per_year": 0.35}, happens=never)) == pytest.approx(1620)


def test_mothballing_costs_less_and_a_restart() -> None:
    """The glut lasts through 2028 and 2029: 300, twice 50 + 30, then 70 + 300: 830. Would fail if mothballing or the
    restart cost nothing (770, 760), if it were paid in each year of standing, or if it could not be: 900. For a
    glut of one year it is no use: 300 + 150 + 300 = 750, and not 300 + 80 + 370; over the end no restart is paid:
    300 + 2 x 80."""
    assert optimum(line(**REST, years=4, happens=(future("only", 1, {"glut": ("2028-01-01", 24)}),))) == pytest.approx(
        830
    )
    assert optimum(line(**REST, years=3, happens=(future("only", 1, {"glut": ("2028-01-01", 12)}),))) == pytest.approx(
        750
    )
    assert optimum(line(**REST)) == pytest.approx(460)


def test_a_mothballed_plant_may_be_closed_without_a_restart() -> None:
    """Mothballed in 2027, where nothing is wanted, closed in none: what closes pays no restart. Both may be: five
    years of glut from 2028, closing at 120 saves 30 a year over mothballing: 300 + 120 + 4 x 50 = 620 and 300 + 4 x
    80 = 620 are alike; over six years 670, mothballed 700. Would fail if a closed plant paid to be mothballed."""
    both = {**SHUT, **REST}
    assert optimum(line(**both, years=5)) == pytest.approx(620)
    assert optimum(line(**both, years=6)) == pytest.approx(670)


def test_closing_rests_on_what_was_known_before() -> None:
    """Two equal futures part in 2028, one with the glut for good: there the line is closed in 2029, one year late: 300
    + 150 + 120 + 2 x 50 = 670; calm 4 x 300 = 1200. Would fail if closing knew at once: 620; mothballing does know:
    300 + 3 x 80 = 540."""
    two = (future("calm", 0.5), future("glut", 0.5, {"glut": "2028-01-01"}, onset="2028-01-01"))
    dear = {"standing_musd_per_year": 0.1, "closing_musd": 0.12}
    assert optimum(line(**{**SHUT, **dear}, years=4, happens=two)) == pytest.approx(0.5 * 1200 + 0.5 * 670)
    assert optimum(line(**REST, years=4, happens=two)) == pytest.approx(0.5 * 1200 + 0.5 * 540)


def test_states_are_discounted_over_the_period_and_changes_at_its_start() -> None:
    """25 %, mean factors f = 0.2 x 0.8^k / ln 1.25. Closed in 2028: 300 f0 + 120 x 0.8 + 50 (f1 + f2 + f3). Mothballed
    for 2028 and 2029: 300 f0 + 80 (f1 + f2) + 70 x 0.512 + 300 f3. Would fail undiscounted or by the mean for what
    is paid once."""
    f = [0.2 * 0.8**year / math.log(1.25) for year in range(4)]
    closed = 300 * f[0] + 120 * 0.8 + 50 * (f[1] + f[2] + f[3])
    assert optimum(line(**SHUT, years=4, discount=0.25)) == pytest.approx(closed)
    glut = (future("only", 1, {"glut": ("2028-01-01", 24)}),)
    rested = 300 * f[0] + 80 * (f[1] + f[2]) + 70 * 0.512 + 300 * f[3]
    assert optimum(line(**REST, years=4, discount=0.25, happens=glut)) == pytest.approx(rested)
    stood = 300 * f[0] + 150 * f[1]
    assert optimum(line(**STANDS, years=2, discount=0.25)) == pytest.approx(stood)


def test_what_projects_add_stands_and_closes_with_the_line() -> None:
    """A line of nothing to which a project adds 10 t for 90: 900 of processing, 90, and 100 a year that it stands,
    1290, against 1500. Would fail if a line that may be closed could not run what projects add."""
    plant = project("plant", "line", 10, capital=90)
    case = line(plant, happens=(future("only", 1),), **{**SHUT, "capacity": 0})
    assert optimum(case) == pytest.approx(3 * 200 + 300 + 90)


def test_closing_is_decided_once_a_year() -> None:
    """The line is wanted until mid-2027; told in half-years it can be closed in January 2028: 150 + 25 + 50 + 120 + 2
    x 50. Would fail if it could be closed in July: 50 less."""
    july = (future("only", 1, {"glut": "2027-07-01"}),)
    assert optimum(line(**SHUT, months=6, happens=july)) == pytest.approx(150 + 75 + 120 + 100)


def test_a_plant_stands_or_does_not_as_a_whole() -> None:
    """5 t a year wanted and no glut: three years at 100 and 100: 600. Would fail if half of the line could be closed,
    510, or mothballed, 495. A line of nothing is closed once for 120 and costs nothing after: 1620. Would fail if
    it could be closed again and again: 1560."""
    never = (future("only", 1),)
    assert optimum(line(**SHUT, wanted=5, happens=never)) == pytest.approx(600)
    assert optimum(line(**REST, wanted=5, happens=never)) == pytest.approx(600)
    assert optimum(line(**SHUT, capacity=0, happens=never)) == pytest.approx(1620)
