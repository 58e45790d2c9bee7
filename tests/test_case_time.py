"""What a future may still do and know at a moment, at the edges of periods, of onsets and of blocks."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest

from orefolio.case.scenarios import Path, Tree, plant, years_between
from orefolio.errors import InputError
from pencil import AfterShock, case_of, event, future, must, project, spot, tables

HALF = event("half", "demands", "demand=d", "multiple", "multiply", 0.5)
TWICE = event("twice", "demands", "demand=d", "multiple", "multiply", 2)


def tree(*pieces: Any, **columns: Any) -> Tree:
    return plant(case_of(spot("m", "ore", 1), must("d", "ore", 10), HALF, TWICE, *pieces, **columns))


TWO_DATES = (
    future("calm", 0.5),
    future("early", 0.3, {"half": "2028-01-01"}, onset="2028-01-01"),
    future("late", 0.2, {"twice": "2028-07-01"}, onset="2028-07-01"),
)


def test_a_commitment_may_be_made_until_some_years_after_the_onset() -> None:
    """Half-years and one year to react: the branch of 2028 commits until January 2029, that day included."""
    calm, early, late = tree(*TWO_DATES, years=4, months=6, reaction_years=1.0, after_shock=FINE).paths
    assert [early.may_commit(number) for number in range(8)] == [True] * 5 + [False] * 3
    assert [late.may_commit(number) for number in range(8)] == [True] * 6 + [False] * 2
    assert all(calm.may_commit(number) for number in range(8))


FINE = AfterShock(fine_months=99, single_years=9, block_years=1)


def test_a_commitment_may_be_made_while_one_of_the_futures_it_is_for_still_may() -> None:
    """The slow future's onset is long past in 2030, but nothing tells it from the calm one yet."""
    later = future("slow", 0.5, {"half": "2031-01-01"}, onset="2027-01-01")
    calm, slow = tree(future("calm", 0.5), later, years=6, reaction_years=1.0, after_shock=FINE).paths
    assert [one.may_commit(3) for one in (calm, slow)] == [True, True]
    assert [one.may_commit(5) for one in (calm, slow)] == [True, False]


def test_the_first_commitment_can_always_be_made() -> None:
    (one,) = tree(future("only", 1, {"half": "2027-01-01"}, onset="2027-01-01"), years=3, reaction_years=0.0).paths
    assert [one.may_commit(number) for number in range(3)] == [True, False, False]


def test_what_is_possible_at_a_commitment_is_what_its_parent_knew() -> None:
    grown = tree(*TWO_DATES, years=2, months=6)
    names = [[[other.future for other in one.possible(number)] for number in range(4)] for one in grown.paths]
    everyone = ["calm", "early", "late"]
    assert names[0] == [everyone, everyone, everyone, ["calm", "late"]]
    assert names[1] == [everyone, everyone, everyone, ["early"]]
    assert grown.probability[0] == 1.0
    assert len(grown.probability) == 1 + len({number for row in grown.node for number in row})
    assert {number for row in grown.node for number in row} == set(range(1, len(grown.probability)))


def test_a_future_parts_where_its_crowd_changes_and_nowhere_else() -> None:
    """At the start of the first period nobody parts, though an event may begin there."""
    calm, early, late = tree(*TWO_DATES, years=2, months=6).paths
    moments = (0.0, 0.5, 1.0, 1.5)
    assert [calm.parts_at(moment) for moment in moments] == [False, False, True, True]
    assert [early.parts_at(moment) for moment in moments] == [False, False, True, False]
    assert [late.parts_at(moment) for moment in moments] == [False, False, True, True]
    assert not calm.parts_at(1.25)
    assert calm.parts_at(1.0 + 1e-12)
    first, second = tree(
        future("calm", 0.5), future("now", 0.5, {"half": "2027-01-01"}, onset="2027-01-01"), months=6, years=1
    ).paths
    assert not first.parts_at(0.0)
    assert not second.parts_at(0.0)


def test_a_future_that_parts_in_the_second_period_parts_there() -> None:
    calm, _ = tree(
        future("calm", 0.5), future("soon", 0.5, {"half": "2027-07-01"}, onset="2027-07-01"), months=6, years=1
    ).paths
    assert calm.parts_at(0.5)


def test_segments_are_cut_where_any_future_that_was_possible_parts() -> None:
    """2028 in quarters: cut in April and in October on every path, since the choice for it rests on 2027. What follows
    a cut rests on the quarter before it."""
    pieces = (
        future("calm", 0.5),
        future("first", 0.3, {"half": "2028-04-01"}, onset="2028-04-01"),
        future("then", 0.2, {"twice": "2028-10-01"}, onset="2028-10-01"),
    )
    calm, first, then = tree(*pieces, years=2, months=3, after_shock=FINE).paths
    cut = [[segment.label for segment in one.segments] for one in (calm, first, then)]
    assert cut[0] == cut[2] == ["2027-01", "2028-01", "2028-04", "2028-10"]
    assert cut[1] == ["2027-01", "2028-01", "2028-04", "2028-10"]


def only(months: int = 12, years: int = 4, **columns: Any) -> Path:
    return tree(months=months, years=years, **columns).paths[0]


def test_a_moment_belongs_to_the_period_that_holds_it() -> None:
    one = only(months=6, years=2)
    moments = (0.0, 0.25, 0.5 - 1e-12, 0.5, 0.5 + 1e-12, 1.4, 2.0 - 1e-12, 2.0, 77.0)
    assert [one.period_of(moment) for moment in moments] == [0, 0, 1, 1, 1, 2, 3, 3, 3]


def test_a_change_holds_from_its_first_moment_to_before_its_last() -> None:
    (one,) = tree(future("only", 1, {"half": ("2028-01-01", 12)}), years=4).paths
    held = [one.at("demands", "d", "multiple", moment) for moment in (0.999, 1.0 - 1e-12, 1.0, 1.999, 2.0 - 1e-12, 2.0)]
    assert held == [1, 0.5, 0.5, 0.5, 1, 1]


def test_what_shows_on_the_day_of_a_commitment_is_not_known_to_it() -> None:
    (one,) = tree(future("only", 1, {"half": "2028-07-01"}), years=3, months=6).paths
    assert one.known("demands", "d", "multiple") == [1, 1, 1, 1, 0.5, 0.5]
    assert one.seen(2) == frozenset()
    assert len(one.seen(3)) == 1


def test_blocks_are_named_by_their_first_and_last_year() -> None:
    (one,) = tree(
        future("only", 1, {"half": ("2027-01-01", 3)}, onset="2027-01-01"),
        years=6,
        after_shock=AfterShock(fine_months=0, single_years=1, block_years=2),
    ).paths
    assert [span.label for span in one.spans] == ["2027", "2028", "2029-2030", "2031-2032"]


def test_an_endless_shock_from_the_first_day_is_fine_for_some_months_only() -> None:
    """Half a year from the onset: quarters in 2027 and no longer."""
    (one,) = tree(
        future("only", 1, {"half": "2027-01-01"}, onset="2027-01-01"),
        years=3,
        months=3,
        after_shock=AfterShock(fine_months=6, single_years=9, block_years=1),
    ).paths
    assert [period.years for period in one.periods] == pytest.approx([0.25] * 4 + [1, 1])


def test_only_what_starts_with_the_onset_or_after_it_is_the_shock() -> None:
    """Twice the demand since April, to the end of 2028, is no part of the shock of July to September."""
    (one,) = tree(
        future("only", 1, {"twice": ("2027-04-01", 21), "half": ("2027-07-01", 3)}, onset="2027-07-01"),
        years=4,
        months=3,
        after_shock=AfterShock(fine_months=0, single_years=9, block_years=1),
    ).paths
    assert [period.years for period in one.periods] == pytest.approx([0.25] * 4 + [1, 1, 1])


def test_a_shock_counts_from_the_very_day_of_its_onset() -> None:
    (one,) = tree(
        future("only", 1, {"half": ("2027-07-01", 12)}, onset="2027-07-01"),
        years=4,
        months=3,
        after_shock=AfterShock(fine_months=0, single_years=9, block_years=1),
    ).paths
    assert [period.years for period in one.periods] == pytest.approx([0.25] * 8 + [1, 1])


def test_a_slip_of_no_years_tells_nothing_apart() -> None:
    def crowd(slip: float) -> list[str]:
        draw = {"future": "late", "project": "pit", "slip_years": slip, "strikes": "2027-01-01"}
        pieces = (project("pit", "line", 3), future("calm", 0.5), future("late", 0.5), tables(draws=[draw]))
        return [one.future for one in tree(*pieces).paths[0].companions[0]]

    assert crowd(0.0) == ["calm", "late"]
    assert crowd(0.5) == ["calm"]


def test_of_futures_that_clash_the_first_is_named() -> None:
    with pytest.raises(InputError, match="futures odd and calm that"):
        tree(
            future("calm", 0.5),
            future("same", 0.25),
            future("odd", 0.25, onset="2027-01-01"),
            years=4,
            months=6,
            after_shock=AfterShock(fine_months=0, single_years=0, block_years=2),
        )


def test_nothing_is_discounted_without_a_rate_and_a_moment_is_no_span() -> None:
    one = only(discount=0.25)
    assert one.discount(2.0, 2.0) == one.discount(2.0) == pytest.approx(0.64)
    assert one.discount(0.0, 2.0) == pytest.approx(0.36 / (2 * 0.22314355131))
    assert only(discount=0.0).discount(5.0, 9.0) == 1.0
    assert only(discount=-0.5).discount(2.0) == pytest.approx(4.0)


def test_months_are_labelled_from_the_month_in_which_the_horizon_starts() -> None:
    case = case_of(spot("m", "ore", 1), must("d", "ore", 10), years=2)
    start, end = datetime.date(2027, 11, 1), datetime.date(2029, 2, 1)
    moved = replace(case, horizon_from=start, horizon_to=end, grids={"only": ((end, 5),)})
    periods = plant(moved).paths[0].periods
    assert [period.label for period in periods] == ["2027-11", "2028-04", "2028-09"]
    assert [period.year for period in periods] == [2027, 2028, 2028]
    assert [period.end for period in periods] == pytest.approx([5 / 12, 10 / 12, 15 / 12])


def test_a_month_with_no_event_is_a_node_of_its_own() -> None:
    (one,) = (grown := tree(months=1)).paths
    assert len(one.periods) == 12
    assert grown.node == (tuple(range(1, 13)),)


def test_december_belongs_to_its_own_year() -> None:
    """Months from January 2027: the twelfth is December 2027, the thirteenth January 2028."""
    (one,) = tree(years=2, months=1).paths
    assert [one.periods[number].year for number in (0, 11, 12, 23)] == [2027, 2027, 2028, 2028]
    assert [one.periods[number].label for number in (0, 11, 12, 23)] == ["2027-01", "2027-12", "2028-01", "2028-12"]


@pytest.mark.parametrize(
    ("first", "second", "months"),
    [
        ((2027, 1, 1), (2027, 1, 1), 0.0),
        ((2027, 1, 1), (2028, 3, 1), 14.0),
        ((2027, 1, 1), (2027, 3, 16), 2 + 15 / 31),
        ((2027, 1, 16), (2027, 3, 1), 2 - 15 / 31),
        ((2028, 3, 1), (2027, 1, 1), -14.0),
    ],
)
def test_time_is_counted_in_months_and_in_days_of_which_31_make_one(
    first: tuple[int, int, int], second: tuple[int, int, int], months: float
) -> None:
    assert years_between(datetime.date(*first), datetime.date(*second)) == pytest.approx(months / 12, abs=1e-12)
