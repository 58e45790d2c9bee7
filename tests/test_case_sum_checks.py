"""Checks of sums, steps, settings, sizes and futures, each at its edge."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bare_case import bare_case, lines, told
from orefolio.case.case import AfterShock
from orefolio.case.checks import MOST_FAULTS, faults_of, futures, magnitudes, settings, sums, targets


def test_weights_of_futures_are_positive_and_sum_to_one() -> None:
    """Within one part in 1e9, on either side."""
    for rest, sound in ((0.75, True), (0.75 + 2e-9, False), (0.75 - 2e-9, False), (0.75 + 5e-10, True)):
        rows = [{"weight": 0.25}, {"weight": rest}]
        assert (lines(sums.weights_sum_to_one, futures=rows) == []) is sound
    assert lines(sums.weights_sum_to_one, futures=[{"weight": 1.0}, {"weight": 0.0}]) == [3]
    assert lines(sums.weights_sum_to_one) == []
    (fault,) = sums.weights_sum_to_one(bare_case(futures=[{"weight": 0.25}, {"weight": 0.5}]))
    assert fault.line == 1
    assert fault.remedy == "Add 0.25 to one of them, or divide each by 0.75"


def test_one_future_has_no_onset() -> None:
    late = {"onset": "2028-01-01"}
    assert lines(sums.one_future_is_the_trunk, futures=[late, late]) == [1]
    assert lines(sums.one_future_is_the_trunk, futures=[late, {}]) == []
    assert lines(sums.one_future_is_the_trunk) == []


def step(number: int, width: float, loss: float = 1.0, demand: str = "d") -> dict[str, object]:
    return {"demand": demand, "step": number, "width_share": width, "loss_usd_per_kg": loss}


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ([step(1, 0.5, 7), step(2, 0.5, 7)], []),
        ([step(2, 0.5, 7), step(1, 0.5, 6)], []),
        ([step(1, 0.5, 7), step(2, 0.5, 6)], [(3, "a loss of 6")]),
        ([step(2, 0.5, 6), step(1, 0.5, 7)], [(2, "a loss of 6")]),
        ([step(1, 0.5), step(2, 0.5 + 2e-9)], [(2, "widths of 'd' that sum to 1.000000002")]),
        ([step(1, 0.5), step(2, 0.5 - 5e-10)], []),
        ([step(1, 0.5), step(3, 0.5)], [(2, "the steps 1 3 of demand 'd'")]),
        ([step(0, 0.5), step(1, 0.5)], [(2, "the steps 0 1 of demand 'd'")]),
        ([step(1, 0.5), step(1, 0.5)], [(2, "the steps 1 1 of demand 'd'")]),
    ],
)
def test_a_curve_of_shortage_is_whole_and_rises(steps: list[dict[str, object]], found: list[tuple[int, str]]) -> None:
    assert told(sums.shortage_curves_are_whole, demands=[{"demand": "d"}], loss_steps=steps) == found


def test_only_a_demand_that_may_go_short_needs_a_curve() -> None:
    demands = [{"demand": "d"}, {"demand": "e"}, {"demand": "f", "value": "must"}]
    assert lines(sums.shortage_curves_are_whole, demands=demands, loss_steps=[step(1, 1.0)]) == [3]


def test_the_price_of_an_outlet_may_stay_and_not_rise() -> None:
    def sale(number: int, share: float, price: float = 0.0, market: str = "m", place: str = "p") -> dict[str, object]:
        return {"place": place, "step": number, "price_share": share, "price_usd_per_kg": price, "market": market}

    def found(*rows: dict[str, object]) -> list[int]:
        return lines(sums.outlet_prices_fall, outlets=list(rows))

    assert found(sale(1, 0.8), sale(2, 0.8), sale(3, 0.5)) == []
    assert found(sale(1, 0.5), sale(2, 0.8)) == [3]
    assert found(sale(2, 0.8), sale(1, 0.5)) == [2]
    assert found(sale(1, 0.5, 3, ""), sale(2, 0.8, 3, "")) == []
    assert found(sale(1, 0.8, 3, ""), sale(2, 0.5, 4, "")) == [3]
    assert found(sale(1, 0.5, 3, ""), sale(2, 0.8, 4, "m")) == []
    assert found(sale(1, 0.5), sale(1, 0.8, place="q")) == []
    assert found(sale(2, 0.5)) == [2]


def test_levels_of_each_programme_count_up() -> None:
    rows = [{"programme": name, "level": level} for name, level in (("a", 1), ("b", 2), ("a", 2), ("c", 1))]
    assert told(sums.programme_levels_count_up, programmes=rows) == [(3, "the levels 2 of programme 'b'")]


def test_a_share_with_all_levels_in_force_is_at_most_one() -> None:
    """The highest year of a ramp counts; levels add up."""

    def found(rate: float, *levels: dict[str, object], programme: str = "p") -> list[int]:
        rows = [{"programme": "p", **level} for level in levels]
        case = bare_case(
            programmes=rows,
            scrap=[{"rate_share": rate, "programme": programme}],
            substitutions=[{"initial_share": rate, "programme": programme}],
        )
        return lines(sums.shares_reach_no_more_than_one, case)

    assert found(0.5, {"increment_share": 0.25}, {"increment_share": 0.25}) == []
    assert found(0.5, {"increment_share": 0.25}, {"increment_share": 0.25 + 5e-10}) == []
    assert found(0.5, {"increment_share": 0.25}, {"increment_share": 0.25 + 2e-9}) == [2, 2]
    assert found(0.5, {"increment_share": 0.5, "ramp": (0.5, 1.5, 1.0)}) == [2, 2]
    assert found(0.5, {"increment_share": 0.5, "ramp": ()}) == []
    assert found(0.9, {"increment_share": 0.5}, programme="") == []


@pytest.mark.parametrize(
    ("setting", "value", "sound"),
    [
        ("discount_rate", -1.0, False),
        ("discount_rate", 1.0, True),
        ("discount_rate", 1.1, False),
        ("risk_level", 0.0, True),
        ("risk_level", 0.999, True),
        ("risk_level", 1.0, False),
        ("risk_weight", 1.0, True),
        ("risk_weight", 1.01, False),
        ("risk_weight", -0.01, False),
        ("size_limit", 1e9, True),
        ("emergency_declared", 1.0, True),
        ("unknown", -5.0, True),
    ],
)
def test_a_setting_is_in_its_range(setting: str, value: float, sound: bool) -> None:
    rows = [{"setting": "other"}, {"setting": setting, "value": value}]
    assert lines(settings.settings_are_in_range, settings=rows) == ([] if sound else [3])


def test_ranges_are_said_in_words() -> None:
    words = {name: str(values) for name, values in settings.KNOWN.items()}
    assert words["discount_rate"] == "above -1 and at most 1"
    assert words["risk_level"] == "at least 0 and below 1"
    assert words["risk_weight"] == "at least 0 and at most 1"
    assert words["size_limit"] == "at least 0"


def test_a_discount_factor_stays_within_a_million(monkeypatch: pytest.MonkeyPatch) -> None:
    """4 ** 10 is 1,048,576 and 2 ** 20 the same: more than a million, where 2 ** 19 is less."""

    def found(rate: float, years: int) -> list[tuple[int, str]]:
        rows = [{"setting": "discount_rate", "value": rate}]
        return told(settings.settings_are_in_range, bare_case(end=f"{2027 + years}-01-01", settings=rows))

    assert found(-0.74, 10) == found(0.99, 10) == found(1.0, 19) == []
    assert found(-0.75, 10) == [(2, "discount_rate -0.75, a factor of 1.04858e+06 after 10 years")]
    assert found(1.0, 20) == [(2, "discount_rate 1, a factor of 9.53674e-07 after 20 years")]
    monkeypatch.setattr(settings, "WIDEST", 1024.0)
    assert found(1.0, 10) == found(-0.5, 10) == []


def test_the_tolerance_itself_is_tolerated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sums, "TOLERANCE", 0.25)
    assert lines(sums.weights_sum_to_one, futures=[{"weight": 0.5}, {"weight": 0.75}]) == []
    assert lines(sums.shortage_curves_are_whole, loss_steps=[step(1, 0.5), step(2, 0.25)]) == []
    share = {"scrap": [{"rate_share": 0.75, "programme": "p"}], "programmes": [{"programme": "p"}]}
    share["programmes"][0]["increment_share"] = 0.5
    assert lines(sums.shares_reach_no_more_than_one, **share) == []


def test_settings_are_known_and_those_needed_are_there() -> None:
    rows = [{"setting": "discount_rate"}, {"setting": "discount"}]
    assert lines(settings.settings_are_known, settings=rows) == [3]
    near, far = settings.settings_are_known(bare_case(settings=[{"setting": "risk_wieght"}, {"setting": "zzz"}]))
    assert near.remedy == "Did you mean risk_weight?"
    assert far.remedy.startswith("Known: discount_rate, risk_weight")
    assert lines(settings.settings_are_there, settings=rows) == []
    (fault,) = settings.settings_are_there(bare_case(settings=rows[1:]))
    assert fault.line == 1


# Sizes


def test_what_is_matched_with_rows_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(magnitudes, "MOST_MATCHES", 6)
    places = [{"place": str(number)} for number in range(3)]
    events = [{"table": "places"}, {"table": "places"}, {"table": "nowhere"}]
    assert lines(magnitudes.matches_are_few, events=events, places=places) == []
    assert lines(magnitudes.matches_are_few, events=[*events, events[0]], places=places) == [2]
    monkeypatch.setattr(magnitudes, "MOST_STEPS", 6)
    processes = [{"process": "a"}, {"process": "b"}]
    assert lines(magnitudes.chains_are_short, processes=processes, recipes=[{}] * 3) == []
    assert lines(magnitudes.chains_are_short, processes=processes, recipes=[{}] * 4) == [2]


def test_futures_are_counted_with_all_that_they_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    """2 futures of 3 parts and 49 periods (one span and the months of four years), and 3 rows: 2 x 52 + 3 = 107."""
    tables = {"futures": [{}] * 2, "future_events": [{}], "draws": [{}] * 2, "events": [{}] * 3}
    monkeypatch.setattr(magnitudes, "MOST_TELLINGS", 107)
    assert told(magnitudes.futures_are_few, **tables) == []
    monkeypatch.setattr(magnitudes, "MOST_TELLINGS", 106)
    found = "2 futures x (3 parts of events + 49 periods) + 3 rows of their own"
    assert told(magnitudes.futures_are_few, **tables) == [(2, found)]


def test_hundreds_of_generated_futures_are_few_enough() -> None:
    """400 futures of 14 draws and 10 events each: 400 x (3 + 49 + 24) = 30,400, far below the most."""
    tables = {"futures": [{}] * 400, "future_events": [{}] * 4000, "draws": [{}] * 5600, "events": [{}] * 3}
    assert told(magnitudes.futures_are_few, **tables) == []


def test_a_case_that_is_too_large_is_told_before_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(magnitudes, "MOST_STEPS", 0)
    found = faults_of(bare_case(processes=[{"process": "a/b"}], recipes=[{}]))
    assert [fault.found for fault in found] == ["1 processes x 1 rows of recipes = 1"]


def test_growth_is_held_at_both_ends_of_the_horizon() -> None:
    """1e12 tonnes is the most, told from 2026 to 2031, five doublings."""

    def found(tonnes: float, growth: float, base_year: int = 2026) -> list[int]:
        rows = [{"t_per_year": 1.0}, {"t_per_year": tonnes, "growth_share_per_year": growth}]
        return lines(magnitudes.growth_stays_in_size, bare_case(base_year=base_year, demands=rows))

    assert found(1e12, 0.0) == []
    assert found(1e12 / 2**5, 1.0) == []
    assert found(1.01e12 / 2**5, 1.0) == [3]
    assert found(0.0, 1e300) == []
    assert found(1.0, 1e300) == [3]
    assert found(1.0, -1.0) == []
    assert found(1.0, -1.0, base_year=2029) == [3]
    assert found(1e12, -0.5) == []


def test_numbers_of_a_column_are_within_a_factor_of_a_billion() -> None:
    def found(*sizes: float) -> list[int]:
        return lines(magnitudes.columns_hold_like_sizes, stockpiles=[{"warehouse_t": size} for size in sizes])

    assert found(1.0, 1e9) == []
    assert found(1.0, 1.1e9) == [3]
    assert found(0.0, 1.1e9) == []
    assert found(float("inf"), 1.0) == []
    assert found(1.1e9, 0.0, 1.0, 2.0) == [2]
    assert lines(magnitudes.columns_hold_like_sizes, processes=[{"operating_usd_per_kg": n} for n in (-2e9, 1)]) == [2]
    assert lines(magnitudes.columns_hold_like_sizes, settings=[{"value": 1.0}, {"value": 1e12}]) == []
    (fault,) = magnitudes.columns_hold_like_sizes(bare_case(stockpiles=[{"warehouse_t": s} for s in (1.0, 2e9, 3.0)]))
    assert fault.expected.endswith("the smallest in the column, 1 on line 2")
    unread = replace(bare_case(stockpiles=[{"warehouse_t": s} for s in (1.0, 2e9)]), lines={})
    assert next(magnitudes.columns_hold_like_sizes(unread)).expected.endswith("the smallest in the column, 1")


# Futures


def test_parts_of_an_event_count_from_one() -> None:
    def found(*parts: int) -> list[int]:
        rows = [{"event": "other", "part": 1}, *({"event": "e", "part": part} for part in parts)]
        return lines(futures.parts_of_events_count_up, events=rows)

    assert found(1, 2) == found(2, 1) == []
    assert found(1, 3) == found(2) == found(2, 3) == [3]


def test_futures_that_know_the_same_tell_time_alike_on_every_grid() -> None:
    """An onset without an event coarsens one of two futures that nothing else tells apart."""
    rows = [{"future": "calm", "weight": 0.5}, {"future": "odd", "weight": 0.5, "onset": "2027-01-01"}]
    case = replace(bare_case(months=3, futures=rows), after_shock=AfterShock(0, 1, 1))
    ((line, found),) = told(futures.futures_tell_time_alike, case)
    assert line == 0
    assert found.startswith("futures odd and calm that know the same events")
    assert found.endswith("on the grid only")
    small = [{**row, "weight": 1e-3} for row in rows]
    assert len(told(futures.futures_tell_time_alike, replace(case, tables=bare_case(futures=small).tables))) == 1
    weightless = [{**row, "weight": 0.0} for row in rows]
    assert told(futures.futures_tell_time_alike, futures=weightless) == []
    assert told(futures.futures_tell_time_alike, futures=rows[:1]) == told(futures.futures_tell_time_alike) == []
    events = [{"future": "calm", "event": "e", "start": "2029-01-01"}]
    shown = replace(bare_case(months=3, futures=rows, future_events=events), after_shock=AfterShock(0, 1, 1))
    assert lines(futures.futures_tell_time_alike, shown) == [2]


def test_a_check_tells_five_hundred_faults_and_no_more() -> None:
    case = bare_case(places=[{"place": "a b"} for _ in range(MOST_FAULTS + 3)])
    assert len([fault for fault in faults_of(case) if "holds ' '" in fault.found]) == MOST_FAULTS == 500


def test_numbers_are_in_the_range_of_their_column() -> None:
    rows = [
        {"warehouse_t": 0.0, "pace_t_per_year": float("inf"), "decay_share_per_year": 1.0},
        {"warehouse_t": -1.0, "decay_share_per_year": 1.1},
        {"warehouse_t": float("inf")},
        {"warehouse_t": 1e12, "initial_t": 1e-9},
        {"warehouse_t": 1.1e12, "initial_t": 0.9e-9},
    ]
    assert sorted(told(targets.numbers_are_in_range, stockpiles=rows)) == [
        (3, "decay_share_per_year 1.1"),
        (3, "warehouse_t -1"),
        (4, "warehouse_t inf"),
        (6, "initial_t 9e-10"),
        (6, "warehouse_t 1.1e+12"),
    ]
    assert lines(targets.numbers_are_in_range, projects=[{"ramp": (0.5, -0.5)}, {"start_from": -1}]) == [2, 3]
