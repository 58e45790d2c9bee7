"""CAP: what runs, how fast it may rise, what running costs."""

from __future__ import annotations

import math

import pytest

from pencil import case_of, event, future, must, optimum, plan, process, project, spot, stockpile, wanted


def line(**columns: object) -> dict:
    return process("line", {"ore": 1}, {"metal": 1}, **columns)  # type: ignore[arg-type]


def test_capacity_is_a_rate_of_which_a_share_is_available() -> None:
    """10 t a year, 80 % available, half a year at a time: 4 t of the 6 wanted in each half, 2 short at 50, running at
    3: 2 x (12 + 100) = 224. Would fail without the availability (2 x (15 + 50) = 130) or the length (2 x 18 = 36)."""
    case = case_of(
        spot("mine", "ore", 0),
        line(capacity=10, availability_share=0.8, cost=3),
        wanted("d", "metal", 12, 50),
        months=6,
    )
    assert optimum(case) == pytest.approx(224)


def test_what_is_available_follows_the_events_of_the_future() -> None:
    """An outage of three months takes half of the capacity: 10 x (0.75 + 0.25 x 0.5) = 8.75 t, 1.25 t short at 40: 50.
    Would fail if an event counted for the whole year (5 t short, 200) or not at all."""
    case = case_of(
        spot("mine", "ore", 0),
        line(capacity=10),
        wanted("d", "metal", 10, 40),
        event("outage", "processes", "process=line", "availability_share", "set", 0.5),
        future("only", 1, {"outage": ("2027-01-01", 3)}),
    )
    assert optimum(case) == pytest.approx(50)


def test_the_ramp_up_is_a_share_of_standing_capacity_a_year() -> None:
    """10 t stand, 2 t ran; output may rise by 3 t a year, half a year's worth to the middle of the first: 3.5, 6.5,
    9.5. Of 10 t wanted, 6.5 + 3.5 + 0.5 = 10.5 are short at 20: 210. Would fail if the rise counted from the first day
    (5, 8, 10: 140) or there were none (0)."""
    case = case_of(
        spot("mine", "ore", 0),
        line(capacity=10, initial_t_per_year=2, ramp_up_share_per_year=0.3),
        wanted("d", "metal", 10, 20),
        years=3,
    )
    assert optimum(case) == pytest.approx(210)


def test_the_ramp_up_is_of_rates_not_of_tonnes() -> None:
    """The same in half-years: rates rise by 1.5 from one middle to the next, and by 0.75 to the first: 2.75, 4.25;
    tonnes are half of that, 1.375 and 2.125 of 5 wanted: 6.5 short at 20 is 130. Would fail if tonnes were compared
    with rates (3.25 t and 5 t: 35)."""
    case = case_of(
        spot("mine", "ore", 0),
        line(capacity=10, initial_t_per_year=2, ramp_up_share_per_year=0.3),
        wanted("d", "metal", 10, 20),
        months=6,
    )
    assert optimum(case) == pytest.approx(130)


def test_new_capacity_does_not_wait_for_the_ramp_of_the_old() -> None:
    """4 t stand and none ran, rising by 2 t a year: 1 and 3 t. A project of 5 t for 60 is there in the second year: 8
    t. Of 9 t wanted 8 and 1 are short at 20: 180 + 60 = 240. Would fail if what projects add were held by the old
    line's ramp (8 + 6 short, no project: 280)."""
    case = case_of(
        spot("mine", "ore", 0),
        line(capacity=4, ramp_up_share_per_year=0.5),
        project("more", "line", 5, lead=1, capital=60),
        wanted("d", "metal", 9, 20),
        years=2,
    )
    assert optimum(case) == pytest.approx(240)


def test_a_campaign_costs_in_each_period_in_which_it_runs() -> None:
    """3 t wanted in each half-year, a campaign costs 40, holding nothing: one campaign and stock, 40. Without stock 80.
    Would fail if the fixed cost were spread over output (a relaxed binary: 2 x 0.3 x 40 = 24) or paid once: 40 without
    stock too."""
    pieces = [spot("mine", "ore", 0), line(capacity=20, campaign_musd=0.04), must("d", "metal", 6)]
    assert optimum(case_of(*pieces, months=6)) == pytest.approx(80)
    assert optimum(case_of(*pieces, stockpile("k", "metal"), months=6)) == pytest.approx(40)


def test_a_campaign_can_run_on_what_a_project_adds() -> None:
    """No line stands; a project of 6 t at 10, a campaign of 7 in each of two years: 24. Would fail if the constant of
    the on-off row were the standing capacity, nought: infeasible."""
    case = case_of(
        spot("mine", "ore", 0),
        line(campaign_musd=0.007),
        project("new", "line", 6, capital=10),
        must("d", "metal", 6),
        years=2,
    )
    assert optimum(case) == pytest.approx(24)


def test_a_cost_multiple_takes_the_place_of_the_operating_cost() -> None:
    """10 times a Chinese full cost of 3, of which a project pays 4 as capital: 26 a kilogram, 5 t: 130. Would fail if
    the operating cost of 7 were used (35), added (165), or the capital paid twice (150)."""
    case = case_of(
        spot("mine", "ore", 0),
        line(capacity=5, cost=7, cost_multiple=10, chinese_full_cost_usd_per_kg=3, capital_charge_usd_per_kg=4),
        must("d", "metal", 5),
    )
    assert optimum(case) == pytest.approx(130)


def test_processing_is_discounted_by_the_mean_over_the_period() -> None:
    """10 t at 6 in two years at 25 %: the mean factors are 0.2 / ln 1.25 and 0.16 / ln 1.25. Would fail with factors at
    the start (60 x 1.8 = 108) or the end (86.4) of a year: 96.80."""
    case = case_of(spot("mine", "ore", 0), line(capacity=10, cost=6), must("d", "metal", 10), years=2, discount=0.25)
    assert optimum(case) == pytest.approx(60 * 0.36 / 0.22314355131)


def test_a_process_that_can_never_stand_has_no_column() -> None:
    """A line without capacity or project makes nothing, and 5 t are short at 9. Would fail if it were left
    unbounded."""
    done = plan(case_of(spot("mine", "ore", 0), line(), wanted("d", "metal", 5, 9)))
    assert done.cost == pytest.approx(45)
    assert not any(name == "activity" for name, _, _ in done.columns["only"])


def test_a_yield_divides_what_goes_in() -> None:
    """6 t of metal at a yield of 0.75 and 2 t of ore a tonne take 16 t of ore at 3, and run 6 t at 1: 54. Would fail
    if the yield multiplied (9 t of ore: 33) or scaled the activity (8 t at 1: 56)."""
    smelt = process("line", {"ore": 2}, {"metal": 1}, capacity=6, cost=1, yields={"ore": 0.75})
    assert optimum(case_of(spot("mine", "ore", 3), smelt, must("d", "metal", 6))) == pytest.approx(54)


def test_a_campaign_follows_the_price_of_its_day() -> None:
    """A campaign costs 40 in the first half-year and 10 in the second: 50. Would fail if events did not reach it:
    80."""
    cheap = event("cheap", "processes", "process=line", "campaign_musd", "set", 0.01)
    happens = future("only", 1, {"cheap": "2027-07-01"})
    pieces = [spot("mine", "ore", 0), line(capacity=20, campaign_musd=0.04), must("d", "metal", 6)]
    assert optimum(case_of(*pieces, cheap, happens, months=6)) == pytest.approx(50)


def test_each_period_has_the_availability_of_its_own() -> None:
    """From July half of 10 t a year can run: 5 t and 2.5 of 5 wanted in each half, 2.5 short at 40: 100. Would fail
    with the availability of the period before: 0."""
    case = case_of(
        spot("mine", "ore", 0),
        line(capacity=10),
        wanted("d", "metal", 10, 40),
        event("outage", "processes", "process=line", "availability_share", "set", 0.5),
        future("only", 1, {"outage": "2027-07-01"}),
        months=6,
    )
    assert optimum(case) == pytest.approx(100)


def test_a_process_does_not_run_backwards() -> None:
    """5 t of ore wanted at 9, metal for sale at 2: 45. Would fail if the line could turn metal into ore: 10."""
    case = case_of(spot("mine", "ore", 9), spot("market", "metal", 2), line(capacity=10), must("d", "ore", 5))
    assert optimum(case) == pytest.approx(45)


def test_capacity_is_kept_as_far_as_it_runs_at_the_end() -> None:
    """A plant of 10 t for 150, 6 t a year wanted: after one of ten years 6 t keep 0.8 x 0.9 x 15 = 10.8 each: 150 -
    64.8 = 85.2. Would fail if all of it kept its value (42), or the half-year's 3 t stood for its rate (117.6)."""
    case = case_of(
        spot("mine", "ore", 0),
        line(),
        project("plant", "line", 10, capital=150, life_years=10, size_min_t_per_year=10),
        must("d", "metal", 6),
        months=6,
        residual_share=0.8,
    )
    assert optimum(case) == pytest.approx(85.2)


def test_a_campaign_is_discounted_by_the_mean_over_the_period() -> None:
    """A campaign of 40 in each of two years at 25 %: 40 x 0.36 / ln 1.25. Would fail undiscounted: 80."""
    pieces = (spot("mine", "ore", 0), line(capacity=20, campaign_musd=0.04), must("d", "metal", 6))
    assert optimum(case_of(*pieces, years=2, discount=0.25)) == pytest.approx(40 * 0.36 / 0.22314355131)


def test_a_yield_multiplies_what_comes_out() -> None:
    """6 t of metal of which a fifth is lost take 7.5 t of activity at 1 and 15 t of ore at 3: 52.5. Would fail if the
    yield divided: 4.8 t, 33.6."""
    smelt = process("line", {"ore": 2}, {"metal": 1}, capacity=9, cost=1, yields={"metal": 0.8})
    assert optimum(case_of(spot("mine", "ore", 3), smelt, must("d", "metal", 6))) == pytest.approx(52.5)


WEAR = event("no parts", "processes", "equipment_origin=CN", "wear_share_per_year", "set", 0.36)


def left(years: float) -> float:
    """Mean over half a year of what is left of a capacity that loses 36 % a year, so many years after it was new."""
    return 0.64**years * 0.2 / (0.5 * -math.log(0.64))


def test_plants_wear_while_no_parts_come() -> None:
    """Chinese parts are cut off for the second half of 2027 and the first of 2028: of 10 t a year, all of it in the
    first half, then a mean of 0.2 / (0.5 x ln 1/0.64) = 0.896, then 0.8 times that, then 0.64 stand. Two lines of
    10 t at 0 and 20 t wanted, the rest at 50; the line of other make keeps its 10 t. Would fail if plants mended,
    0.64 times too much, if all wore, or by the grid."""
    happens = future("only", 1, {"no parts": ("2027-07-01", 12)})
    for months, end in ((6, None), (3, None)):
        case = case_of(
            spot("mine", "ore", 0),
            process("cn", {"ore": 1}, {"metal": 1}, capacity=10, equipment_origin="CN"),
            process("jp", {"ore": 1}, {"metal": 1}, capacity=10, equipment_origin="JP"),
            wanted("d", "metal", 20, 50),
            WEAR,
            happens,
            years=2,
            months=months,
        )
        short = 5 * (4 - 1 - left(0) - left(0.5) - 0.64)
        assert optimum(case) == pytest.approx(50 * short), (months, end)


def test_what_a_project_adds_wears_from_its_completion() -> None:
    """A plant of 10 t for 90 is complete on 1 January 2028, when parts have been missing for a year and the old line
    has 0.64 left; the mean of the new one in 2028 is 0.36 / ln(1/0.64), the old one's 0.64 times that. A dear
    market at 50 gives the rest of 20 t. Would fail if the new plant had worn before it stood, or never."""
    mean = 0.36 / -math.log(0.64)
    happens = future("only", 1, {"no parts": "2027-01-01"})
    case = case_of(
        spot("mine", "ore", 0),
        process("line", {"ore": 1}, {"metal": 1}, capacity=10, equipment_origin="CN"),
        project("plant", "line", 10, capital=90, lead=1, start_to=2027, size_min_t_per_year=10),
        wanted("d", "metal", 20, 50),
        WEAR,
        happens,
        years=2,
    )
    assert optimum(case) == pytest.approx(90 + 50 * (20 - 10 * mean) + 50 * (20 - 10 * mean - 6.4 * mean))
    with_campaign = case_of(
        spot("mine", "ore", 0),
        process("line", {"ore": 1}, {"metal": 1}, capacity=10, equipment_origin="CN", campaign_musd=0.01),
        wanted("d", "metal", 20, 50),
        WEAR,
        happens,
    )
    assert optimum(with_campaign) == pytest.approx(10 + 50 * (20 - 10 * mean))


def test_what_has_worn_keeps_no_value() -> None:
    """A plant of 10 t for 150 at once, in a year without parts: 0.36 / ln(1/0.64) of it runs and keeps 0.8 x 0.9 of
    its capital. Would fail if the part that is worn out kept value where an old line of 5 t runs beside it."""
    mean = 0.36 / -math.log(0.64)
    case = case_of(
        spot("mine", "ore", 0),
        process("line", {"ore": 1}, {"metal": 1}, capacity=5, equipment_origin="CN"),
        project("plant", "line", 10, capital=150, life_years=10, size_min_t_per_year=10),
        wanted("d", "metal", 20, 500),
        WEAR,
        future("only", 1, {"no parts": "2027-01-01"}),
        residual_share=0.8,
    )
    assert optimum(case) == pytest.approx(150 - 0.72 * 150 * mean + 500 * (20 - 15 * mean))
