"""PRJ: when committed capacity is there, what it costs, and which commitments go together.

The plain case: 10 t of metal a year are wanted, bought at 50 (500 a year) or made for nothing by a plant that costs
150."""

from __future__ import annotations

import math
from typing import Any

import pytest

from pencil import case_of, event, future, must, optimum, plan, process, project, spot, status, tables, wanted

LINE = process("line", {}, {"metal": 1})
BASE = (spot("market", "metal", 50), LINE, spot("none", "metal", 999), must("d", "metal", 10))


def with_plant(years: int = 3, months: int = 12, more: tuple[Any, ...] = (), **columns: Any) -> Any:
    columns = {"lead": 2, "capital": 150, **columns}
    settings = {name: columns.pop(name) for name in ("discount", "residual_share") if name in columns}
    return case_of(
        *BASE,
        project("plant", "line", columns.pop("most", 10), **columns),
        *more,
        years=years,
        months=months,
        **settings,
    )


def test_capacity_arrives_after_the_lead_time() -> None:
    """Committed in 2027 with a lead time of two years it runs in 2029: 2 x 500 + 150 = 1150. Would fail if it were
    there a year early, 650, or a lead time were a cost and not a wait, 150."""
    assert optimum(with_plant()) == pytest.approx(1150)


def test_a_commitment_waits_for_its_window() -> None:
    """From 2028 on, so in 2030 of four years: 3 x 500 + 150 = 1650. Would fail without the window, 1150."""
    assert optimum(with_plant(years=4, start_from=2028)) == pytest.approx(1650)
    assert optimum(with_plant(years=4, start_from=2020, start_to=2026)) == pytest.approx(2000)


def test_a_lead_time_that_ends_inside_a_period_counts_by_its_share() -> None:
    """A lead time of 1.25 years leaves 7.5 t in the second year: 500 + 125 + 150 = 775 over two years. Would fail if
    it were rounded up (1000 without a plant) or down (650)."""
    assert optimum(with_plant(years=2, lead=1.25)) == pytest.approx(775)


def test_the_ramp_is_a_mean_over_the_period() -> None:
    """Lead 0.25, shares 0.4, 0.8, 1 in half-years: the first half has 0.4 for a quarter, mean 0.2; the second 0.4; the
    third 0.4 for half, 0.8 for half, 0.6; the fourth 0.8. Made: 10 x (0.2 + 0.4 + 0.6 + 0.8) / 2 = 10 t of 20: bought
    10 x 50 + 150 = 650. Would fail if the ramp were read at the start of a period (0, 0.4, 0.4, 0.8: 750), at its end
    (0.4, 0.4, 0.8, 0.8: 550), or left out (0.5, 1, 1, 1: 275)."""
    assert optimum(with_plant(years=2, months=6, lead=0.25, ramp=(0.4, 0.8, 1.0))) == pytest.approx(650)


def test_the_last_share_of_a_ramp_stays() -> None:
    """Shares 0.5 and 0.9: 5, 9, 9 t in three years, 7 t bought: 350 + 150. Would fail if the ramp ended at full, 450,
    or at nothing, 950."""
    assert optimum(with_plant(lead=0, ramp=(0.5, 0.9))) == pytest.approx(500)


def slipped(strikes: str, lead: float = 2, years: int = 5, slip: float = 1) -> Any:
    draw = {"future": "only", "project": "plant", "slip_years": slip, "strikes": strikes}
    return with_plant(years=years, lead=lead, more=(future("only", 1), tables(draws=[draw])), start_to=2027)


def test_a_delay_strikes_what_is_not_complete() -> None:
    """Due in 2029, a slip of a year that shows in 2028 makes it 2030: 3 x 500 + 150 = 1650. Would fail if a slip after
    the decision were overlooked: 1150."""
    assert optimum(slipped("2028-07-01")) == pytest.approx(1650)


def test_a_delay_leaves_what_is_complete() -> None:
    """A slip that shows on the day of completion, or later, changes nothing: 1150. Would fail if due capacity fell when
    the slip strikes: 1650."""
    assert optimum(slipped("2029-01-01")) == pytest.approx(1150)
    assert optimum(slipped("2030-01-01")) == pytest.approx(1150)


def test_due_capacity_never_falls() -> None:
    """Through a slip in each of the years, what stands never gets less from one period to the next."""
    for strikes in ("2027-01-01", "2027-07-01", "2028-01-01", "2028-07-01", "2029-01-01", "2030-07-01"):
        done = plan(slipped(strikes, lead=1.5, slip=0.75))
        made = [done.value("activity", "line", period=number) for number in range(5)]
        assert made == sorted(made), strikes


def test_a_delay_while_another_lasts_strikes_too() -> None:
    """Due in 2028, a slip of a year shows in 2027-07; a second of a year shows in 2028-07, when the plant is late and
    not complete: it runs in 2030 and 3 x 500 + 150 = 1650. Would fail if a delay counted against the first due date
    only: 1150."""
    slip = event("slip", "projects", "project=plant", "delay_years", "add", 1)
    again = event("again", "projects", "project=plant", "delay_years", "add", 1)
    happens = future("only", 1, {"slip": "2027-07-01", "again": "2028-07-01"})
    assert optimum(with_plant(years=5, lead=1, more=(slip, again, happens), start_to=2027)) == pytest.approx(1650)


def test_one_start_on_any_path() -> None:
    """A plant of at most 4 t for 75 can be started once: 6 t are bought in each of two years: 600 + 75 = 675. Would
    fail if it could be started again: 6 t and 2 t bought, 400 + 2 x 75 = 550."""
    case = with_plant(years=2, lead=0, most=4, capital=75)
    assert optimum(case) == pytest.approx(2 * 6 * 50 + 75)


def test_one_start_on_any_path_of_a_tree() -> None:
    """Two futures part in 2028; on each the plant of 4 t starts once: 2 x 6 x 50 + 75 = 675. Would fail if the branch
    could start it again: (6 + 2) x 50 + 150 = 550."""
    calm = event("shock", "settings", "setting=none", "value", "set", 1)
    happens = (calm, future("a", 0.5), future("b", 0.5, {"shock": "2028-01-01"}))
    assert optimum(with_plant(years=2, lead=0, most=4, capital=75, more=happens)) == pytest.approx(675)


def test_size_lies_in_its_range_if_started() -> None:
    """10 t wanted, sizes from 12 to 20 at 30 thousand USD per t a year: 360. Would fail without the least size, 300."""
    case = with_plant(years=2, lead=0, capital=0, most=20, size_min_t_per_year=12, capital_usd_per_t_per_year=30000)
    assert optimum(case) == pytest.approx(360)
    dear = with_plant(years=2, lead=0, capital=0, most=20, size_min_t_per_year=12, capital_usd_per_t_per_year=90000)
    assert optimum(dear) == pytest.approx(1000)


def test_a_size_without_a_binary_has_no_least_size() -> None:
    """The same with `binary` off: 10 t at 30: 300."""
    case = with_plant(years=2, lead=0, capital=0, most=20, capital_usd_per_t_per_year=30000, binary=False)
    assert optimum(case) == pytest.approx(300)


def test_a_project_requires_another_no_later() -> None:
    """The plant of 150 needs a road of 70 that may start in 2028 only: plant in 2028, 500 + 220 = 720. Would fail if
    the road were not needed, 150, or could come later, 220."""
    road = project("road", "track", 1, capital=70, start_from=2028)
    track = process("track", {}, {"trip": 1})
    case = with_plant(years=2, lead=0, requires=("road",), more=(road, track, must("t", "trip", 0)))
    assert optimum(case) == pytest.approx(720)


def twin(**group: Any) -> Any:
    """Two plants of 5 t at 80 and 90, in a group; 10 t at 50 in one year."""
    one = project("one", "line", 5, capital=80)
    two = project("two", "line", 5, capital=90)
    members = [{"group": "g", "project": "one"}, {"group": "g", "project": "two"}]
    return case_of(*BASE, one, two, tables(groups=[{"group": "g", **group}], group_members=members))


def test_groups_limit_how_many_start() -> None:
    """Free choice is both, 170; at most one: 80 + 250 = 330. Would fail if the group were ignored: 170."""
    assert optimum(twin(sense="at_most", counts="starts", limit=2)) == pytest.approx(170)
    assert optimum(twin(sense="at_most", counts="starts", limit=1)) == pytest.approx(330)
    assert optimum(twin(sense="exactly", counts="starts", limit=0)) == pytest.approx(500)


def test_groups_limit_how_much_starts() -> None:
    """At most 8 t a year: both, and 2 t bought: 270. At least 5 t of plants although the market is cheaper at 1: 80 +
    5 = 85. Would fail if starts were counted for tonnes: 170, and 10 without a floor."""
    assert optimum(twin(sense="at_most", counts="size", limit=8)) == pytest.approx(270)
    cheap = case_of(
        spot("market", "metal", 1),
        LINE,
        must("d", "metal", 10),
        project("one", "line", 5, capital=80),
        project("two", "line", 5, capital=90),
        tables(
            groups=[{"group": "g", "sense": "at_least", "counts": "size", "limit": 5}],
            group_members=[{"group": "g", "project": "one"}, {"group": "g", "project": "two"}],
        ),
    )
    assert optimum(cheap) == pytest.approx(85)


def test_a_group_that_cannot_be_met_has_no_plan() -> None:
    """At least one start of projects whose window has passed. Would fail if an empty group were dropped: 500."""
    late = project("one", "line", 5, capital=80, start_from=2020, start_to=2021)
    group = {"group": "g", "sense": "at_least", "counts": "starts", "limit": 1}
    case = case_of(*BASE, late, tables(groups=[group], group_members=[{"group": "g", "project": "one"}]))
    assert status(case) == "infeasible"


def test_capital_is_spread_over_the_lead_time_and_discounted_by_means() -> None:
    """150 over a lead time of two years at 25 %: 75 in each, factors 0.2 / ln 1.25 and 0.16 / ln 1.25; the market's 500
    the same in the first two years. Would fail if all were paid at the start (150 in place of 121.0)."""
    mean = [(1.25**-t - 1.25 ** -(t + 1)) / math.log(1.25) for t in range(2)]
    assert optimum(with_plant(discount=0.25)) == pytest.approx(575 * sum(mean))


def test_capital_without_a_lead_time_is_paid_at_once() -> None:
    """150 on 1 January 2028 at 25 %: 120, after 500 x 0.2 / ln 1.25 in 2027. Would fail if the year's mean were
    taken."""
    case = with_plant(years=2, lead=0, start_from=2028, discount=0.25)
    assert optimum(case) == pytest.approx(500 * 0.2 / math.log(1.25) + 120)


def test_capital_is_spent_also_where_the_plant_is_late() -> None:
    """Two equal futures; in one the plant of two years never comes within the horizon: 1000 + 150 + 0.5 x 500 = 1400.
    Would fail if a plant that fails cost nothing: 1325."""
    draw = {"future": "b", "project": "plant", "slip_years": 9, "strikes": "2028-01-01"}
    more = (future("a", 0.5), future("b", 0.5, onset="2028-01-01"), tables(draws=[draw]))
    assert optimum(with_plant(more=more, start_to=2027)) == pytest.approx(1400)


def test_residual_value_is_a_share_of_the_straight_line_rest() -> None:
    """A plant of 150 on a life of 10 years stands 2: 8/10 x 150 x 0.8 = 96 comes back: 150 - 96 = 54. Would fail
    without the share (30), or if the life began at the commitment when there is a lead time."""
    assert optimum(with_plant(years=2, lead=0, life_years=10, residual_share=0.8)) == pytest.approx(54)
    late = with_plant(years=4, lead=2, life_years=10, residual_share=0.8)
    assert optimum(late) == pytest.approx(1000 + 150 - 96)


def test_residual_value_only_for_capacity_that_runs() -> None:
    """2 t are wanted of a plant of 10 t that costs 15 a tonne: 150 in all; only the 2 t that run keep 96 x 0.2 = 19.2.
    The market at 100 would cost 400: 150 - 19.2 = 130.8. Would fail if idle capacity kept its value: 54."""
    case = case_of(
        spot("market", "metal", 100),
        LINE,
        project("plant", "line", 10, capital=150, life_years=10),
        must("d", "metal", 2),
        years=2,
        residual_share=0.8,
    )
    assert optimum(case) == pytest.approx(130.8)


def test_residual_value_is_for_what_was_committed_and_not_for_the_line_it_joins() -> None:
    """10 t a year stand, 12 are wanted at a market of 100: 2 t are added at 15 a tonne, 30, and keep 0.64 of it, 19.2.
    Would fail if the old line's output kept value too: 10 t, a profit of 66."""
    row = {"life_years": 10, "capital_usd_per_t_per_year": 15000}
    case = case_of(
        spot("market", "metal", 100),
        process("line", {}, {"metal": 1}, capacity=10),
        project("plant", "line", 10, **row),
        must("d", "metal", 12),
        years=2,
        residual_share=0.8,
    )
    assert optimum(case) == pytest.approx(10.8)


def test_residual_value_is_for_the_share_that_stands_at_the_end() -> None:
    """A plant of 10 t for 150 beside a line of 10 t, half of it standing in its only year; 15 t are wanted. 5 t keep
    value: 0.5 x 0.8 x (9/10) x 150 = 54. Would fail if what does not stand yet counted, 108 off."""
    case = case_of(
        spot("market", "metal", 100),
        process("line", {}, {"metal": 1}, capacity=10),
        project("plant", "line", 10, capital=150, life_years=10, ramp=(0.5, 1.0), size_min_t_per_year=10),
        must("d", "metal", 15),
        residual_share=0.8,
    )
    assert optimum(case) == pytest.approx(150 - 54)


def test_residual_value_cannot_pay_for_a_plant_that_is_not_wanted() -> None:
    """Nothing is wanted: nothing is built, even where the share is more than 1. Would fail if residual value did not
    need output: a profit."""
    case = case_of(
        spot("market", "metal", 100),
        LINE,
        project("plant", "line", 10, capital=150, life_years=10),
        must("d", "metal", 0),
        residual_share=1.5,
    )
    assert optimum(case) == pytest.approx(0)


def test_an_overrun_prices_only_commitments_made_while_it_holds() -> None:
    """Costs double from mid-2027. A plant committed on 1 January 2027 costs 150: 1150. Where the window opens in 2028
    it costs 300: 1500 + 300 = 1800. Would fail if what is committed were priced again, 1225 to 1300."""
    dear = event("dear", "projects", "*", "overrun_multiple", "multiply", 2)
    happens = (dear, future("only", 1, {"dear": "2027-07-01"}))
    assert optimum(with_plant(more=happens)) == pytest.approx(1150)
    assert optimum(with_plant(years=4, start_from=2028, more=happens)) == pytest.approx(1800)


def test_fixed_cost_is_paid_for_what_stands() -> None:
    """6 thousand USD a year per t a year: 60 for a year at full ramp, 24 at 0.4: 24 + 60 + 150, and 6 t bought, 300:
    534. Would fail if it were paid on the whole size from the start (120) or on output."""
    case = with_plant(years=2, lead=0, ramp=(0.4, 1.0), fixed_usd_per_t_per_year=6000)
    assert optimum(case) == pytest.approx(534)


def test_starts_that_are_closed_cannot_be_made() -> None:
    """Chinese equipment is cut off from mid-2027: no start in 2028; 2 x 500 stay. Would fail if `open_share` were not
    read (500 + 150)."""
    closed = event("cut off", "projects", "*", "open_share", "set", 0)
    case = with_plant(years=2, lead=0, start_from=2028, more=(closed, future("only", 1, {"cut off": "2027-07-01"})))
    assert optimum(case) == pytest.approx(1000)


def test_an_event_closes_starts_by_whose_equipment_they_need() -> None:
    """Chinese equipment is cut off from mid-2027: of two plants that may start in 2028 the one at 150 cannot, the
    other at 200 can: 500 + 200. Would fail if the event closed both, 1000, or none, 650."""
    closed = event("cut off", "projects", "equipment_origin=CN", "open_share", "set", 0)
    happens = (closed, future("only", 1, {"cut off": "2027-07-01"}))
    other = project("other", "line", 10, capital=200, start_from=2028, equipment_origin="DE")
    case = with_plant(years=2, lead=0, start_from=2028, equipment_origin="CN", more=(*happens, other))
    assert optimum(case) == pytest.approx(700)


def test_commitments_are_made_at_yearly_points() -> None:
    """A branch that parts in July 2027 can commit in January 2028, not in July: periods are half-years. Would fail if
    commitments were as fine as the periods."""
    cut = event("cut", "suppliers", "*", "availability_share", "set", 0)
    case = case_of(
        spot("market", "metal", 50),
        LINE,
        project("plant", "line", 10, capital=150),
        wanted("d", "metal", 10, 10, 150),
        cut,
        future("calm", 0.5),
        future("cut", 0.5, {"cut": "2027-07-01"}, onset="2027-07-01"),
        years=2,
        months=6,
    )
    done = plan(case)
    numbers = {number for name, _, number in done.columns["cut"] if name == "start"}
    assert {done.merged.flats[1].path.periods[number].label for number in numbers} == {"2027-01", "2028-01"}


def test_commitments_close_some_time_after_the_onset() -> None:
    """With a reaction time of a year a branch from 2028 may still commit in 2028 and 2029, not in 2030; the trunk may
    always. Would fail if branches never closed, or closed the trunk with them."""
    shock = event("shock", "settings", "setting=none", "value", "set", 1)
    case = case_of(
        *BASE,
        project("plant", "line", 10, capital=150),
        shock,
        future("calm", 0.5),
        future("shock", 0.5, {"shock": "2028-01-01"}, onset="2028-01-01"),
        years=6,
        reaction_years=1,
    )
    done = plan(case)
    years = {
        f: {done.merged.flats[0].path.periods[n].year for name, _, n in done.columns[f] if name == "start"}
        for f in done.columns
    }
    assert years == {"calm": set(range(2027, 2033)), "shock": {2027, 2028, 2029}}


def test_fixed_cost_is_discounted_by_the_year() -> None:
    """150 at once and 60 a year in two years at 25 %, by mean factors 0.2 and 0.16 over ln 1.25: 150 + 60 x 0.36 / ln
    1.25. Would fail without the discount: 270."""
    case = with_plant(years=2, lead=0, fixed_usd_per_t_per_year=6000, discount=0.25)
    assert optimum(case) == pytest.approx(150 + 60 * 0.36 / math.log(1.25))


def test_residual_value_is_discounted_from_the_end() -> None:
    """After two of ten years 0.8 x 0.8 x 150 = 96 are left, which at 25 % are worth 61.44 today: 88.56. Would fail
    undiscounted (54), or by the mean of the last year (81.2)."""
    case = with_plant(years=2, lead=0, residual_share=0.8, life_years=10, discount=0.25)
    assert optimum(case) == pytest.approx(150 - 96 * 0.64)


def test_a_size_without_a_binary_has_a_greatest_size() -> None:
    """8 t at most at 30, 2 t bought at 50: 340. Would fail without the bound: 10 t at 30, 300."""
    columns = {"capital": 0, "capital_usd_per_t_per_year": 30000, "binary": False}
    assert optimum(with_plant(years=1, lead=0, most=8, **columns)) == pytest.approx(340)


def test_what_stands_cannot_be_sold_as_a_project_in_reverse() -> None:
    """A line of 10 t of which 4 are wanted, and a project at 30 that nobody needs: 0. Would fail if a size could be
    negative: 6 t given back, -180."""
    case = case_of(
        process("line", {}, {"metal": 1}, capacity=10),
        project("plant", "line", 10, capital_usd_per_t_per_year=30000, binary=False),
        must("d", "metal", 4),
    )
    assert optimum(case) == pytest.approx(0)


def test_fixed_cost_is_by_the_year_whatever_the_period() -> None:
    """60 a year for two years, told in half-years: 150 + 120 = 270. Would fail if each half-year cost a year's: 390."""
    assert optimum(with_plant(years=2, months=6, lead=0, fixed_usd_per_t_per_year=6000)) == pytest.approx(270)


def test_residual_value_is_of_what_was_paid() -> None:
    """At 1.2 times the estimate 180 are paid, of which after two of ten years 0.8 x 0.8 x 180 = 115.2 are left: 64.8.
    Would fail if the residual value were of the estimate: 84."""
    case = with_plant(years=2, lead=0, residual_share=0.8, life_years=10, overrun_multiple=1.2)
    assert optimum(case) == pytest.approx(64.8)
