"""What may follow on the beginning of a future: against what is drawn of all futures and begins so."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable

import pytest

from orefolio.case.case import Case
from orefolio.errors import InputError
from orefolio.futures.continued import continued, known_of, shows_at_once
from orefolio.futures.drawing import Drawn, Strike
from orefolio.futures.generated import hazards_of
from orefolio.futures.points import points, triangular, triangular_share
from pencil import event, process, project, tables

from .hazardous import LN2, drawable, hazard, lasting, nothing

HALF_YEARS = 6
MANY, AHEAD = 50_000, 2000
SIGMAS = 4.0
Question = Callable[[Drawn], bool]


def struck(name: str, before: int) -> Question:
    return lambda one: any(strike.event == name and strike.start < before for strike in one.strikes)


def lasts(name: str, months: float) -> Question:
    return lambda one: any(strike.event == name and strike.length >= months for strike in one.strikes)


def agrees(case: Case, past: Drawn, month: int, *questions: Question) -> bool:
    """Whether what follows on a past answers as do those of many futures that began so, within sampling error."""
    hazards = hazards_of(case, HALF_YEARS, None)
    at_once = shows_at_once(case)
    known = known_of(past, month, at_once)
    every = hazards.drawn(points("random", MANY, hazards.dimensions, 5))
    alike = [one for one in every if known_of(one, month, at_once) == known]
    assert len(alike) > 100
    found = continued(hazards, past, month, AHEAD, 77)
    assert all(known_of(one, month, at_once) == known for one in found)
    shares = [[sum(map(question, futures)) / len(futures) for question in questions] for futures in (alike, found)]
    return all(
        abs(one - other) <= SIGMAS * math.sqrt(max(one * (1 - one), 0.01) * (1 / len(alike) + 1 / AHEAD))
        for one, other in zip(*shares, strict=True)
    )


def quarrels() -> Case:
    """Two events of one group that wait for each other, and one that shares their cause."""
    return drawable(
        *(nothing("ban"), nothing("cut"), nothing("crash")),
        hazard("ban", 0.2, **lasting(6, 18, 36), group="controls", factor="quarrel", loading=0.8),
        hazard("cut", 0.2, **lasting(6, 9, 24), group="controls", factor="quarrel", loading=0.8),
        hazard("crash", 0.1, **lasting(12, 24, 36), factor="quarrel", loading=-0.6),
        years=8,
    )


def test_peace_so_far_makes_a_quarrel_less_likely() -> None:
    past = Drawn(None, ())
    assert agrees(quarrels(), past, 48, struck("ban", 72), struck("cut", 72), struck("crash", 72))


def test_one_quarrel_makes_another_more_likely() -> None:
    past = Drawn(12, (Strike("ban", 12, 30.0),))
    assert agrees(quarrels(), past, 24, struck("cut", 60), struck("crash", 60), lasts("ban", 20), lasts("ban", 28))


def test_what_waits_for_the_end_of_another_begins_then() -> None:
    past = Drawn(12, (Strike("ban", 12, 18.0), Strike("cut", 30, 12.0)))
    assert agrees(quarrels(), past, 36, struck("crash", 60), lasts("cut", 9), lasts("cut", 12))


def test_an_event_that_lasts_may_end_at_any_time_from_now_on() -> None:
    case = drawable(nothing("cut"), hazard("cut", 0.3, **lasting(6, 24, 24)))
    hazards = hazards_of(case, HALF_YEARS, None)
    found = continued(hazards, Drawn(12, (Strike("cut", 12, 20.0),)), 24, AHEAD, 1)
    lengths = [one.strikes[0].length for one in found]
    assert min(lengths) == 13
    # A triangle that rises from 6 to 24: P(L >= 17.5 | L >= 12.5) = (18^2 - 11.5^2) / (18^2 - 6.5^2).
    share = sum(length >= 18 for length in lengths) / AHEAD
    assert share == pytest.approx((18**2 - 11.5**2) / (18**2 - 6.5**2), abs=SIGMAS * math.sqrt(0.25 / AHEAD))


def test_a_length_that_shows_at_once_stays() -> None:
    stretched = event("cut", "suppliers", "supplier=mine", "availability_share", "set", 0.5, written_for_months=12.0)
    case = drawable(stretched, hazard("cut", 0.3, **lasting(6, 12, 24)))
    hazards = hazards_of(case, HALF_YEARS, None)
    past = Drawn(12, (Strike("cut", 12, 20.0),))
    assert {one.strikes[0].length for one in continued(hazards, past, 24, 50, 1)} == {20.0}


def test_strengths_and_dates_stay_as_they_showed_and_others_are_open() -> None:
    case = drawable(
        *(nothing("cut"), nothing("growth"), nothing("vote"), nothing("late"), nothing("passed")),
        hazard("cut", 0.2, low_strength=0.5, mode_strength=1.0, high_strength=1.5),
        hazard("growth", comes="parting", low_strength=-1.0, mode_strength=0.0, high_strength=1.0),
        hazard("vote", comes="date", first="2028-01-01", chance=0.5, otherwise="passed"),
        hazard("late", comes="date", first="2034-01-01", chance=0.5),
    )
    hazards = hazards_of(case, HALF_YEARS, None)
    passed = Strike("passed", 12, math.inf)
    past = Drawn(18, (passed, Strike("cut", 18, math.inf, 0.73), Strike("growth", 18, math.inf, -0.41)))
    found = continued(hazards, past, 36, 200, 4)
    assert {one.strikes[:3] for one in found} == {past.strikes}
    assert 60 < sum(len(one.strikes) == 4 for one in found) < 140
    quiet = continued(hazards, Drawn(None, (passed,)), 36, 200, 4)
    assert {one.strikes[0] for one in quiet} == {passed}
    assert len({one.strikes[-1].strength for one in quiet}) > 20


def test_slips_show_with_the_first_event_and_not_before() -> None:
    plant = process("plant", {}, {"metal": 1.0})
    numbers = {"chance": 0.5, "low_years": 1.0, "mode_years": 2.0, "high_years": 3.0, "loading": 0.5}
    overruns = {"low_overrun": 1.0, "mode_overrun": 1.2, "high_overrun": 1.5}
    slip = tables(slips=[{"project": name, **numbers, **overruns} for name in ("one", "two")])
    works = (project("one", "plant", 1.0), project("two", "plant", 1.0))
    case = drawable(plant, *works, slip, nothing("cut"), hazard("cut", LN2))
    hazards = hazards_of(case, HALF_YEARS, None)
    past = Drawn(12, (Strike("cut", 12, math.inf),), (("two", 1.5, 1.27),))
    assert set(continued(hazards, past, 24, 20, 3)) == {past}
    assert len({one.slips for one in continued(hazards, past, 12, 50, 3)}) > 10


def test_what_never_happens_is_told() -> None:
    case = drawable(nothing("cut"), hazard("cut", 0.2, first="2030-01-01"))
    past = Drawn(12, (Strike("cut", 12, math.inf),))
    with pytest.raises(InputError, match="go on from what happened until month 24"):
        continued(hazards_of(case, HALF_YEARS, None), past, 24, 2, 1)


def test_the_same_seed_draws_the_same_futures() -> None:
    hazards = hazards_of(quarrels(), HALF_YEARS, None)
    past = Drawn(12, (Strike("ban", 12, 30.0),))
    assert continued(hazards, past, 24, 8, 3) == continued(hazards, past, 24, 8, 3)
    assert continued(hazards, past, 24, 8, 3) != continued(hazards, past, 24, 8, 4)


@pytest.mark.parametrize("triangle", [(2.0, 4.0, 8.0), (2.0, 2.0, 8.0), (2.0, 8.0, 8.0)])
def test_a_share_and_its_value_belong_together(triangle: tuple[float, float, float]) -> None:
    for share in (0.05, 0.3, 0.7, 0.95):
        assert triangular_share(*triangle, triangular(*triangle, share)) == pytest.approx(share)
    assert [triangular_share(*triangle, value) for value in (1.0, 9.0)] == [0.0, 1.0]


def test_what_shows_grows_with_time() -> None:
    one = Drawn(6, (Strike("cut", 6, 12.0), Strike("ban", 30, 6.0)))
    open_ = dataclasses.replace(one, strikes=(Strike("cut", 6, 40.0),))
    none: frozenset[str] = frozenset()
    assert known_of(one, 6, none) == (None, (), ())
    assert known_of(one, 12, none) == known_of(open_, 12, none) == (6, (("cut", 6, None, 1.0),), ())
    assert known_of(one, 18, none) == (6, (("cut", 6, 12.0, 1.0),), ())
    assert known_of(one, 12, frozenset({"cut"})) != known_of(open_, 12, frozenset({"cut"}))
