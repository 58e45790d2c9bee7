"""When things stand and what they cost in today's money, by the audit's own reckoning: worked out by hand."""

from __future__ import annotations

import datetime
import math
from dataclasses import replace
from typing import Any

import pytest

from orefolio.audit import timing
from orefolio.case.scenarios import Path, Period, plant
from pencil import case_of, event, future, must, process, project, spot, tables

LATER = event("later", "projects", "project=plant", "lead_time_years", "set", 3.0)
SHUT = event("shut", "projects", "project=plant", "open_share", "set", 0.0)


def path(
    *pieces: Any, number: int = 0, lead: float = 1.0, plant_columns: dict[str, Any] | None = None, **columns: Any
) -> Path:
    case = case_of(
        spot("m", "ore", 1),
        must("d", "ore", 10),
        process("line", {}, {"metal": 1}, capacity=7.0),
        project("plant", "line", 40.0, lead=lead, **(plant_columns or {})),
        LATER,
        SHUT,
        *pieces,
        **{"years": 4, **columns},
    )
    return plant(case).paths[number]


def the_project(one: Path) -> Any:
    return one.case.row("projects", "plant")


def period(start: float, end: float) -> Period:
    return Period(0, start, end, 2027, "2027-01")


def test_a_moment_and_a_span_in_todays_money() -> None:
    """At 25 % a year: 0.8 ** t, and over a span its integral by ln 1.25 = 0.22314."""
    one = path(discount=0.25)
    assert timing.discount(one, 2.0) == timing.discount(one, 2.0, 2.0) == pytest.approx(0.64)
    assert timing.discount(one, 1.0, 3.0) == pytest.approx((0.8 - 0.512) / (2 * 0.22314355131))
    assert timing.over(one, period(1.0, 3.0)) == timing.discount(one, 1.0, 3.0)
    assert timing.discount(path(discount=0.0), 1.0, 3.0) == timing.discount(path(discount=0.0), 2.0) == 1.0
    assert timing.discount(path(discount=-0.2), 1.0) == pytest.approx(1.25)


def test_dates_are_years_since_the_first_day() -> None:
    one = path()
    assert timing.moment(one, "2028-07-01", 9.0) == 1.5
    assert timing.moment(one, None, 9.0) == 9.0
    assert [timing.month(one, time) for time in (0.0, 0.5, 11 / 12, 1.0, 3.25)] == [
        "2027-01", "2027-07", "2027-12", "2028-01", "2030-04",
    ]  # fmt: skip
    moved = replace(one, case=replace(one.case, horizon_from=datetime.date(2027, 11, 1)))
    assert [timing.month(moved, time) for time in (0.0, 1 / 12, 2 / 12)] == ["2027-11", "2027-12", "2028-01"]


def test_a_ramp_adds_up_year_by_year_and_keeps_its_last_share() -> None:
    """Ready at 1: 0.25 of the first year, 0.5 of the second, then 0.75 for ever."""
    ramp = (0.25, 0.5, 0.75)
    assert [timing.ramped(ramp, 1.0, 0.0, end) for end in (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 5.0)] == pytest.approx(
        [0.0, 0.0, 0.125, 0.25, 0.5, 0.75, 2.25]
    )
    assert timing.ramped(ramp, 1.0, 1.5, 2.5) == pytest.approx(0.375)
    assert timing.ramped((1.0,), 1.0, 0.0, 3.0) == 2.0
    assert timing.ramped((1.0, 0.5), 0.0, 0.0, 3.0) == 2.0
    assert timing.ramped((1.0,), 0.0, 2.0, 1.0) == 0.0
    assert timing.stands(ramp, 1.0, period(1.0, 3.0)) == pytest.approx(0.375)


def test_a_lead_time_is_as_known_at_the_commitment() -> None:
    one = path(future("only", 1, {"later": "2028-01-01"}))
    assert [timing.lead_of(one, the_project(one), number) for number in range(4)] == [1.0, 1.0, 3.0, 3.0]
    assert [timing.done(one, the_project(one), number) for number in range(4)] == [1.0, 2.0, 5.0, 6.0]


def slipping(strikes: str, years: float, lead: float) -> Path:
    draw = {"future": "late", "project": "plant", "slip_years": years, "strikes": strikes}
    return path(future("calm", 0.5), future("late", 0.5), tables(draws=[draw]), number=1, lead=lead, months=6)


def test_a_delay_moves_only_what_is_not_complete_when_it_strikes() -> None:
    """Half a year more from July 2028 on, 1.5 years in; a plant takes one year, from each half-year on: what was begun
    at 0.5 is complete on that day and stays so; what was begun before, too."""
    one = slipping("2028-07-01", 0.5, 1.0)
    assert [timing.done(one, the_project(one), number) for number in range(5)] == [1.0, 1.5, 2.5, 3.0, 3.5]
    early = slipping("2027-01-01", 0.5, 1.0)
    assert timing.done(early, the_project(early), 0) == 1.5


def test_a_delay_of_another_project_or_column_moves_nothing() -> None:
    other = event("other", "projects", "project=plant", "overrun_multiple", "set", 9.0)
    one = path(other, future("only", 1, {"other": "2027-07-01"}), months=6)
    assert timing.done(one, the_project(one), 0) == 1.0


def test_a_project_may_start_in_its_window_while_open_and_in_time() -> None:
    """Four years; a lead of one year is too long from the last; a window of years; an event that shuts it."""
    one = path()
    assert [timing.startable(one, the_project(one), number) for number in range(4)] == [True, True, True, False]
    assert [timing.startable(one, the_project(one), 3) for one in (path(lead=0.99),)] == [True]
    narrow = path(plant_columns={"start_from": 2028, "start_to": 2029})
    assert [timing.startable(narrow, the_project(narrow), number) for number in range(4)] == [False, True, True, False]
    shut = path(future("only", 1, {"shut": "2028-01-01"}))
    assert [timing.startable(shut, the_project(shut), number) for number in range(4)] == [True, True, False, False]
    half = path(plant_columns={"open_share": 0.5})
    assert not timing.startable(half, the_project(half), 0)


def test_what_may_be_committed_is_committed_at_the_start_of_a_year_in_the_window() -> None:
    one = path(months=6)
    assert [timing.open_for(one, number, 2028, 2029) for number in range(8)] == [
        False, False, True, False, True, False, False, False,
    ]  # fmt: skip


def test_the_most_that_can_stand_is_what_stands_and_the_best_start_of_each_project() -> None:
    """7 t stand; 40 t more a year after the first start; half of it in a year in whose middle the plant is ready."""
    assert timing.greatest(path(), path().case.row("processes", "line")) == [7.0, 47.0, 47.0, 47.0]
    one = path(lead=1.5, plant_columns={"start_from": 2028})
    assert timing.greatest(one, one.case.row("processes", "line")) == pytest.approx([7.0, 7.0, 27.0, 47.0])
    none = path(plant_columns={"start_from": 2099})
    assert timing.greatest(none, none.case.row("processes", "line")) == [7.0] * 4


def test_money_falls_due_evenly_over_the_lead_time() -> None:
    assert list(timing.instalments(3.0, 0.0)) == [(1.0, 3.0, 3.0)]
    assert list(timing.instalments(3.0, 0.5)) == [(1.0, 3.0, 3.5)]
    assert list(timing.instalments(3.0, 2.5)) == [(0.4, 3.0, 4.0), (0.4, 4.0, 5.0), (pytest.approx(0.2), 5.0, 5.5)]
    assert list(timing.instalments(0.0, 2.0)) == [(0.5, 0.0, 1.0), (0.5, 1.0, 2.0)]
    assert len(list(timing.instalments(0.0, 2.0 + 1e-12))) == 2


def test_the_part_of_a_period_between_two_moments() -> None:
    one = period(1.0, 3.0)
    cases = {(0.0, 9.0): 1.0, (2.0, 9.0): 0.5, (0.0, 1.5): 0.25, (1.5, 2.0): 0.25, (3.0, 4.0): 0.0, (0.0, 0.5): 0.0}
    for (start, end), share in cases.items():
        assert timing.part_inside(start, end, one) == share


def test_the_calendar_years_of_a_period_share_its_time() -> None:
    one = path()
    assert timing.years_of(one, period(1.0, 3.0)) == [(2028, 0.5), (2029, 0.5)]
    assert timing.years_of(one, period(0.5, 1.0)) == [(2027, 1.0)]
    assert timing.years_of(one, period(0.5, 2.5)) == [(2027, 0.25), (2028, 0.5), (2029, 0.25)]
    moved = replace(one, case=replace(one.case, horizon_from=datetime.date(2027, 7, 1)))
    assert timing.years_of(moved, period(0.0, 1.0)) == [(2027, pytest.approx(0.5)), (2028, pytest.approx(0.5))]
    assert math.fsum(share for _, share in timing.years_of(moved, period(1 / 3, 7 / 3))) == pytest.approx(1.0)


def test_a_span_in_todays_money_may_be_short_or_have_a_rate_near_nothing() -> None:
    """From 2 to 2.5 at 25 %: 0.8 ** 2 - 0.8 ** 2.5, by 0.5 × 0.22314. At 1e-13 a year it is a dollar."""
    one = path(discount=0.25)
    assert timing.discount(one, 2.0, 2.5) == pytest.approx((0.64 - 0.8**2.5) / (0.5 * 0.22314355131))
    assert timing.discount(one, 2.0, 2.0 + 1e-13) == pytest.approx(0.64)
    assert timing.discount(path(discount=1e-13), 1.0, 3.0) == pytest.approx(1.0)


def test_a_delay_that_comes_to_light_between_two_strikes_is_not_seen() -> None:
    """Half a year of delay in the case, which an event lifts for the first year. A plant begun in mid-2027 with a lead
    of a year is ready in mid-2028: no delay strikes it meanwhile, whatever else does."""
    lifted = event("lifted", "projects", "project=plant", "delay_years", "set", 0.0)
    other = event("other", "projects", "project=plant", "overrun_multiple", "set", 9.0)
    namesake = event("namesake", "processes", "process=line", "delay_years", "set", 9.0)
    events: dict[str, Any] = {"lifted": ("2027-01-01", 12.0), "other": "2028-03-01", "namesake": "2028-03-01"}
    terms: dict[str, Any] = {"plant_columns": {"delay_years": 0.5}, "months": 6}
    one = path(lifted, other, namesake, future("only", 1, events), **terms)
    assert timing.done(one, the_project(one), 1) == 1.5
    assert timing.done(one, the_project(one), 2) == 2.5


def test_a_delay_that_was_over_before_a_start_does_not_move_it() -> None:
    """Two years of delay in the first half-year of 2027 alone; a start of mid-2027 is ready a year later, one of the
    first day after three."""
    late = event("late", "projects", "project=plant", "delay_years", "set", 2.0)
    one = path(late, future("only", 1, {"late": ("2027-01-01", 6.0)}), months=6)
    assert [timing.done(one, the_project(one), number) for number in (0, 1)] == [3.0, 1.5]


def test_a_delay_that_strikes_as_a_plant_is_ready_does_not_move_it() -> None:
    """Ready a billionth of a year after the strike: that is on its day."""
    one = slipping("2028-01-01", 0.5, 1.0 + timing.SLACK)
    assert timing.done(one, the_project(one), 0) == 1.0 + timing.SLACK


def worn(**shares: float) -> Path:
    """A year, two half-years and two years; the line wears by a share each year, from events on of another one."""
    spans = {"only": ((datetime.date(2028, 1, 1), 12), (datetime.date(2029, 1, 1), 6), (datetime.date(2031, 1, 1), 24))}
    events = [event(at, "processes", "process=line", "wear_share_per_year", "set", rate) for at, rate in shares.items()]
    days = {"first": "2027-01-01", "second": "2028-01-01", "third": "2028-07-01", "last": "2029-01-01"}
    return path(*events, future("only", 1, {at: days[at] for at in shares}), grids=spans)


def left(one: Path, since: float) -> list[float]:
    return [timing.unworn(one, "line", since, period) for period in one.periods]


def test_wear_takes_a_share_of_what_is_left_each_year() -> None:
    """19 % a year leave 0.9 after half a year. The mean over a span is the fall in it by its length and ln 0.81 =
    -0.21072. What is new in 2027's last quarter has worn for a quarter by 2028, and only since it is there."""
    force = 0.21072103131565
    one = worn(first=0.19)
    assert left(one, 0.0) == pytest.approx(
        [
            (1 - 0.81) / force,
            (0.81 - 0.81 * 0.9) / (0.5 * force),
            (0.81 * 0.9 - 0.81**2) / (0.5 * force),
            (0.81**2 - 0.81**4) / (2 * force),
        ]
    )
    kept = 0.81**0.25
    assert left(one, 0.75)[:2] == pytest.approx([(1 - kept) / (0.25 * force), kept * 0.1 / (0.5 * force)])
    assert left(one, 1.5)[2:] == pytest.approx([0.1 / (0.5 * force), 0.9 * 0.19 * 1.81 / (2 * force)])
    assert left(one, 1.0)[0] == 1.0


def test_wear_begins_and_ends_with_its_event() -> None:
    """No wear in 2027, 19 % a year in the first half of 2028, then none."""
    force = 0.21072103131565
    assert left(worn(second=0.19, third=0.0), 0.0) == pytest.approx([1.0, 0.1 / (0.5 * force), 0.9, 0.9])
    assert left(worn(second=0.0), 0.0) == [1.0] * 4


def test_what_wears_whole_is_gone_from_then_on() -> None:
    assert left(worn(second=1.0, third=0.0), 0.0) == [1.0, 0.0, 0.0, 0.0]
    assert left(worn(second=1.0, third=0.0), 1.5) == [1.0, 1.0, 1.0, 1.0]


def test_what_is_no_process_does_not_wear() -> None:
    one = worn(first=0.19)
    assert [timing.unworn(one, "store", 0.0, period) for period in one.periods] == [1.0] * 4


def test_a_project_that_would_be_ready_on_the_last_day_comes_too_late() -> None:
    """Begun at 3 with a lead of a billionth less than a year, of four."""
    one = path(lead=1.0 - timing.SLACK)
    assert not timing.startable(one, the_project(one), 3)


def test_the_most_that_can_stand_wears() -> None:
    """7 t of the first day, 40 t from the second year on, at 19 % a year."""
    wear = event("wear", "processes", "process=line", "wear_share_per_year", "set", 0.19)
    one = path(wear, future("only", 1, {"wear": "2027-01-01"}))
    mean = 0.19 / 0.21072103131565
    assert timing.greatest(one, one.case.row("processes", "line")) == pytest.approx(
        [7 * mean, (7 * 0.81 + 40) * mean, (7 * 0.81**2 + 40) * mean, (7 * 0.81**3 + 40) * mean]
    )


def test_money_over_no_more_than_a_moment_falls_due_at_once() -> None:
    assert list(timing.instalments(3.0, timing.SLACK)) == [(1.0, 3.0, 3.0)]
