"""What is drawn from hazards against what is known of it."""

from __future__ import annotations

import itertools
import math

import pytest

from orefolio.case.case import Case
from orefolio.futures.drawing import Drawn
from orefolio.futures.generated import hazards_of
from orefolio.futures.points import points
from pencil import tables

from .hazardous import LN2, drawable, hazard, lasting, nothing, project

COUNT = 20_000
SIGMAS = 4.0


def drawn(case: Case, count: int = COUNT, every: int = 1, seed: int = 11) -> list[Drawn]:
    hazards = hazards_of(case, every, None)
    return hazards.drawn(points("random", count, hazards.dimensions, seed))


def comes_as_often(futures: list[Drawn], chance: float, *names: str) -> bool:
    """Whether all the named events come together as often as they should, within sampling error."""
    count = sum(set(names) <= {strike.event for strike in one.strikes} for one in futures)
    return abs(count / len(futures) - chance) < SIGMAS * math.sqrt(chance * (1 - chance) / len(futures))


def test_an_event_comes_as_an_exponential_time_says() -> None:
    # In ten years 1 - exp(-0.15 x 10) of futures have it, and 1 - exp(-0.15 x 3) within the first three years.
    futures = drawn(drawable(nothing("cut"), hazard("cut", 0.15)))
    assert comes_as_often(futures, 1 - math.exp(-1.5), "cut")
    early = [Drawn(one.onset, tuple(s for s in one.strikes if s.start <= 36)) for one in futures]
    assert comes_as_often(early, 1 - math.exp(-0.45), "cut")


def test_a_hazard_may_change_and_begin_late() -> None:
    # 0.5 a year in 2028 and 0.1 from 2029 on: nothing before 2028, then 1 - exp(-0.5), in all 1 - exp(-0.5 - 0.8).
    case = drawable(nothing("cut"), hazard("cut", 0.5, first="2028-01-01", later_from="2029-01-01", later_per_year=0.1))
    futures = drawn(case)
    assert min(one.onset for one in futures if one.onset is not None) == 13
    early = [Drawn(one.onset, tuple(s for s in one.strikes if s.start <= 24)) for one in futures]
    assert comes_as_often(early, 1 - math.exp(-0.5), "cut")
    assert comes_as_often(futures, 1 - math.exp(-1.3), "cut")


def test_events_begin_on_the_days_of_the_grid_and_never_early() -> None:
    case = drawable(nothing("cut"), hazard("cut", 0.3, last="2032-01-01"))
    monthly, halves = (drawn(case, 500, every) for every in (1, 6))
    assert {one.onset % 6 for one in halves if one.onset is not None} == {0}
    assert max(one.onset for one in halves if one.onset is not None) == 54
    for one, other in zip(monthly, halves, strict=True):
        if one.onset is not None and other.onset is not None:
            assert 0 <= other.onset - one.onset < 6


def test_events_of_a_common_cause_come_together_as_two_correlated_normal_scores_do() -> None:
    # Each comes with a chance of a half. With loadings 0.8 and 0.5 the scores correlate by 0.4, and both are above
    # their median with 1/4 + asin(0.4) / 2 pi. With loadings of 0.8 and -0.5 it is 1/4 - asin(0.4) / 2 pi.
    for sign in (1.0, -1.0):
        pair = (
            hazard("one", LN2 / 10, factor="c", loading=0.8),
            hazard("two", LN2 / 10, factor="c", loading=0.5 * sign),
        )
        futures = drawn(drawable(nothing("one"), nothing("two"), *pair))
        both = 0.25 + sign * math.asin(0.4) / (2 * math.pi)
        assert comes_as_often(futures, 0.5, "one")
        assert comes_as_often(futures, 0.5, "two")
        assert comes_as_often(futures, both, "one", "two")


def test_events_without_a_common_cause_are_independent() -> None:
    pair = (hazard("one", LN2 / 10, factor="a", loading=0.9), hazard("two", LN2 / 10, factor="b", loading=0.9))
    assert comes_as_often(drawn(drawable(nothing("one"), nothing("two"), *pair)), 0.25, "one", "two")


def test_slips_correlate_and_show_when_the_future_parts() -> None:
    # Half of the projects slip; with a correlation of 0.3 two slip together with 1/4 + asin(0.3) / 2 pi.
    rows = [
        {"project": name, "chance": 0.5, "low_years": 2.0, "mode_years": 2.0, "high_years": 4.0,
         "loading": math.sqrt(0.3), "low_overrun": 1.5, "mode_overrun": 1.6, "high_overrun": 1.8}
        for name in ("pit", "mill")
    ]  # fmt: skip
    pieces = (project("pit", "line", 3), project("mill", "line", 3), nothing("cut"), hazard("cut", 50.0))
    futures = drawn(drawable(*pieces, tables(slips=rows)))
    slipped = [{name for name, _, _ in one.slips} for one in futures]
    both = 0.25 + math.asin(0.3) / (2 * math.pi)
    for wanted, chance in (({"pit"}, 0.5), ({"mill"}, 0.5), ({"pit", "mill"}, both)):
        share = sum(wanted <= found for found in slipped) / len(futures)
        assert abs(share - chance) < SIGMAS * math.sqrt(chance * (1 - chance) / len(futures))
    every = [slip for one in futures for slip in one.slips]
    assert {years for _, years, _ in every} == {2.0, 2.5, 3.0, 3.5, 4.0}
    assert all(1.5 <= overrun <= 1.8 for _, _, overrun in every)


def test_nothing_slips_where_no_event_comes() -> None:
    slip = {"project": "pit", "chance": 1.0, "low_years": 2.0, "mode_years": 2.0, "high_years": 2.0}
    case = drawable(project("pit", "line", 3), nothing("cut"), hazard("cut", LN2 / 10), tables(slips=[slip]))
    for one in drawn(case, 200):
        assert one.slips == (() if one.onset is None else (("pit", 2.0, 1.0),))


def test_events_of_a_group_never_last_at_the_same_time() -> None:
    names = ("one", "two", "three")
    case = drawable(
        *(nothing(name) for name in names), *(hazard(name, 0.4, group="g", **lasting(6, 18, 40)) for name in names)
    )
    futures = drawn(case, 2000, every=6)
    waited = 0
    for one in futures:
        for first, second in itertools.pairwise(sorted(one.strikes, key=lambda strike: strike.start)):
            assert first.end <= second.start
            waited += second.start - first.end < 6
    assert waited > 100


def test_an_event_without_an_end_keeps_others_of_its_group_away() -> None:
    case = drawable(nothing("one"), nothing("two"), hazard("one", 9.0, group="g"), hazard("two", 9.0, group="g"))
    assert {len(one.strikes) for one in drawn(case, 300)} == {1}


def test_what_needs_another_event_begins_while_that_one_lasts() -> None:
    case = drawable(
        *(nothing("ban"), nothing("rule")),
        hazard("ban", 0.3, **lasting(6, 12, 24)),
        hazard("rule", 0.5, needs=("ban",), **lasting(30, 30, 30)),
    )
    futures = drawn(case, 2000, every=6)
    with_rule = 0
    for one in futures:
        found = {strike.event: strike for strike in one.strikes}
        if "rule" in found:
            with_rule += 1
            assert found["ban"].start <= found["rule"].start < found["ban"].end
    assert 0 < with_rule < sum("ban" in {s.event for s in one.strikes} for one in futures)


def test_what_comes_on_a_date_comes_there_with_its_chance_or_another_in_its_place() -> None:
    case = drawable(
        *(nothing(name) for name in ("fails", "works", "cut")),
        hazard("fails", comes="date", chance=0.65, otherwise="works", first="2028-07-01"),
        hazard("cut", 0.1),
    )
    futures = drawn(case)
    assert comes_as_often(futures, 0.65, "fails")
    assert comes_as_often(futures, 0.35, "works")
    assert {s.start for one in futures for s in one.strikes if s.event != "cut"} == {18}


def test_what_comes_with_the_parting_or_another_event_has_its_day_and_strength() -> None:
    case = drawable(
        *(nothing(name) for name in ("cut", "permits", "growth")),
        hazard("cut", 0.2, brings=("permits",), **lasting(4, 6, 12)),
        hazard("growth", comes="parting", low_strength=-1.0, mode_strength=0.0, high_strength=1.0),
    )
    futures = [one for one in drawn(case, 500) if one.onset is not None]
    for one in futures:
        found = {strike.event: strike for strike in one.strikes}
        assert found["permits"].start == found["cut"].start == found["growth"].start == one.onset
        assert found["permits"].length == found["cut"].length
        assert 4 <= found["cut"].length <= 12
        assert -1 <= found["growth"].strength <= 1
    assert any(one.strikes[0].length != futures[0].strikes[0].length for one in futures)


def test_the_chance_of_no_event_is_exact() -> None:
    def chance(*pieces: object) -> float:
        case = drawable(nothing("one"), nothing("two"), *pieces)  # type: ignore[arg-type]
        return hazards_of(case, 12, None).quiet_chance()

    # On a grid of years the last day on which an event may begin is the first of the ninth year, after nine years.
    assert chance(hazard("one", 0.1), hazard("two", 0.2)) == pytest.approx(math.exp(-0.3 * 9))
    half = LN2 / 9
    pair = (hazard("one", half, factor="c", loading=0.8), hazard("two", half, factor="c", loading=0.5))
    assert chance(*pair) == pytest.approx(0.25 + math.asin(0.4) / (2 * math.pi), abs=1e-6)
    assert chance(hazard("one", 0.1), hazard("two", 0.2, needs=("one",))) == pytest.approx(math.exp(-0.9))
