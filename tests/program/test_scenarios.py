"""Time, events and the tree: what each future knows, when, and how it tells time."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest

from orefolio.case.scenarios import Path, Tree, plant
from orefolio.errors import InputError
from pencil import AfterShock, case_of, event, future, must, optimum, project, spot, tables, wanted

HALF = event("half", "demands", "demand=d", "multiple", "multiply", 0.5)
TWICE = event("twice", "demands", "demand=d", "multiple", "multiply", 2)


def tree(*pieces: Any, **columns: Any) -> Tree:
    return plant(case_of(spot("m", "ore", 1), must("d", "ore", 10), HALF, TWICE, *pieces, **columns))


def path(*pieces: Any, **columns: Any) -> Path:
    return tree(*pieces, **columns).paths[0]


def multiple(one: Path) -> list[float]:
    return one.series("demands", "d", "multiple")


def spans(one: Path) -> list[tuple[str, float]]:
    return [(period.label, period.years) for period in one.periods]


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2027-01-01", 12, [0.5, 1]),
        ("2027-07-01", 12, [0.75, 0.75]),
        ("2027-10-01", 3, [0.875, 1]),
        ("2028-04-01", float("inf"), [1, 0.625]),
        ("2028-12-01", float("inf"), [1, 1 - 0.5 / 12]),
    ],
)
def test_a_part_of_a_period_takes_the_time_weighted_value(start: str, months: float, expected: list[float]) -> None:
    """Half of the demand while it lasts. Would fail if the value at the start, middle or end of a period stood for
    it."""
    assert multiple(path(future("only", 1, {"half": (start, months)}), years=2)) == pytest.approx(expected)


def test_events_that_overlap_apply_in_turn() -> None:
    """Half, and twice in its second half: 0.5 and 1, a mean of 0.75 in the year; then twice alone for half a year:
    1.5."""
    both = future("only", 1, {"half": ("2027-01-01", 12), "twice": ("2027-07-01", 12)})
    assert multiple(path(both, years=2)) == pytest.approx([0.75, 1.5])


def test_parts_of_an_event_may_begin_later_end_sooner_or_outlast_it() -> None:
    """From July 2027 for a year: a part that begins three months after (9 of 12 months), lasts two months, or outlasts
    the event by six. Would fail if a part's own length ended with the event, or its start were the event's."""

    def part(**columns: Any) -> list[float]:
        shape = event("shape", "demands", "demand=d", "multiple", "set", 5, **columns)
        return multiple(path(shape, future("only", 1, {"shape": ("2027-07-01", 12)}), years=3, months=3))

    assert part(after_months=3) == pytest.approx([1, 1, 1, 5, 5, 5, 1, 1, 1, 1, 1, 1])
    assert part(length_months=3) == pytest.approx([1, 1, 5, 1, 1, 1, 1, 1, 1, 1, 1, 1])
    assert part(outlast_months=6) == pytest.approx([1, 1, 5, 5, 5, 5, 5, 5, 1, 1, 1, 1])
    assert part(after_months=9, outlast_months=3) == pytest.approx([1, 1, 1, 1, 1, 5, 5, 1, 1, 1, 1, 1])


def test_a_selector_picks_rows_by_pattern() -> None:
    """Would fail if a pattern matched other rows, or a second condition were not needed too."""

    def multiples(where: str) -> list[float]:
        change = event("change", "demands", where, "multiple", "set", 7)
        more = tables(
            demands=[
                {"demand": "d_east", "place": "home", "commodity": "ore", "t_per_year": 1, "group": "x"},
                {"demand": "e", "place": "away", "commodity": "ore", "t_per_year": 1, "refuses_tagged": True},
            ]
        )
        one = path(change, more, future("only", 1, {"change": "2027-01-01"}))
        return [one.series("demands", name, "multiple")[0] for name in ("d", "d_east", "e")]

    assert multiples("demand=d") == [7, 1, 1]
    assert multiples("demand=d*") == [7, 7, 1]
    assert multiples("demand=d*; group=x") == [1, 7, 1]
    assert multiples("refuses_tagged=yes") == [1, 1, 7]
    assert multiples("*") == multiples("") == [7, 7, 7]


def test_grids_by_name() -> None:
    """Years, half-years to 2028 and quarters to 2028 over the same horizon."""
    end, early = datetime.date(2030, 1, 1), datetime.date(2028, 1, 1)
    case = case_of(
        spot("m", "ore", 1),
        must("d", "ore", 10),
        years=3,
        grids={"yearly": ((end, 12),), "half_yearly": ((early, 6), (end, 12)), "quarterly": ((early, 3), (end, 12))},
    )
    labels = {grid: [p.label for p in plant(case, grid).paths[0].periods] for grid in case.grids}
    assert labels["yearly"] == ["2027-01", "2028-01", "2029-01"]
    assert labels["half_yearly"] == ["2027-01", "2027-07", "2028-01", "2029-01"]
    assert labels["quarterly"] == ["2027-01", "2027-04", "2027-07", "2027-10", "2028-01", "2029-01"]
    for grid in case.grids:
        one = plant(case, grid).paths[0]
        assert one.decisions == tuple(n for n, p in enumerate(one.periods) if p.label.endswith("-01"))
        assert [span.years for span in one.spans] == pytest.approx([1, 1, 1])


def test_time_is_coarser_some_months_after_the_shock() -> None:
    """A shock from July 2027 to June 2028, half a year more in quarters: to January 2029; then two single years, then
    blocks of three; the last block is what is left. Would fail if coarsening began with the shock, or cut a year in
    two."""
    one = path(
        future("only", 1, {"half": ("2027-07-01", 12)}, onset="2027-07-01"),
        years=11,
        months=3,
        after_shock=AfterShock(fine_months=6, single_years=2, block_years=3),
    )
    assert [years for _, years in spans(one)] == pytest.approx([0.25] * 8 + [1, 1, 3, 3, 1])
    assert [span.label for span in one.spans] == ["2027", "2028", "2029", "2030", "2031-2033", "2034-2036", "2037"]


def test_coarse_time_begins_with_a_new_year() -> None:
    """A shock to the end of September 2027 and half a year more ends in March 2028: quarters to January 2029."""
    one = path(
        future("only", 1, {"half": ("2027-07-01", 3)}, onset="2027-07-01"),
        years=4,
        months=3,
        after_shock=AfterShock(fine_months=6, single_years=9, block_years=3),
    )
    assert [years for _, years in spans(one)] == pytest.approx([0.25] * 8 + [1, 1])


def test_a_shock_that_does_not_end_is_told_from_its_onset() -> None:
    """To the horizon: only the months after the onset are fine. Would fail if the branch stayed fine for ever."""
    one = path(
        future("only", 1, {"half": "2027-07-01"}, onset="2027-07-01"),
        years=4,
        months=6,
        after_shock=AfterShock(fine_months=6, single_years=9, block_years=3),
    )
    assert [years for _, years in spans(one)] == pytest.approx([0.5, 0.5, 1, 1, 1])


def test_the_trunk_keeps_its_grid() -> None:
    """Without an onset there is no shock to come after."""
    one = path(future("only", 1, {"half": ("2027-07-01", 3)}), years=3, months=6)
    assert [years for _, years in spans(one)] == pytest.approx([0.5] * 6)


TWO_DATES = (
    future("calm", 0.5),
    future("early", 0.3, {"half": "2028-01-01"}, onset="2028-01-01"),
    future("late", 0.2, {"twice": "2028-07-01"}, onset="2028-07-01"),
)


def crowds(grown: Tree, number: int) -> list[list[str]]:
    return [[other.future for other in one.companions[number]] for one in grown.paths]


def test_futures_share_a_node_until_their_events_differ() -> None:
    """Half-years: all in 2027; from January 2028 one apart; from July each by itself. Would fail if a future parted a
    period before its event or after it."""
    grown = tree(*TWO_DATES, years=2, months=6)
    assert crowds(grown, 0) == crowds(grown, 1) == [["calm", "early", "late"]] * 3
    assert crowds(grown, 2) == [["calm", "late"], ["early"], ["calm", "late"]]
    assert crowds(grown, 3) == [["calm"], ["early"], ["late"]]
    weights = [[grown.probability[n] for n in row] for row in grown.node]
    assert weights[0] == pytest.approx([1, 1, 0.7, 0.5])
    assert weights[1] == pytest.approx([1, 1, 0.3, 0.3])


def test_commitments_rest_on_the_node_one_period_before() -> None:
    """At its own onset a branch's commitments are still those of the node before. The first rest on the root."""
    grown = tree(*TWO_DATES, years=2, months=6)
    for node, parent in zip(grown.node, grown.parent, strict=True):
        assert parent == (0, *node[:-1])
    assert len({parent[2] for parent in grown.parent}) == 1
    assert len({node[2] for node in grown.node}) == 2
    assert 0 not in {number for node in grown.node for number in node}


def test_an_event_inside_a_period_is_known_in_that_period() -> None:
    """By years an event of July 2028 tells the futures apart from January 2028 on: operations of 2028 see it,
    commitments do not."""
    grown = tree(*TWO_DATES, years=3)
    assert crowds(grown, 0) == [["calm", "early", "late"]] * 3
    assert crowds(grown, 1) == [["calm"], ["early"], ["late"]]


def test_a_slip_tells_futures_apart_from_when_it_shows() -> None:
    draw = {"future": "late", "project": "pit", "slip_years": 1.5, "strikes": "2028-01-01"}
    grown = tree(project("pit", "line", 3), future("calm", 0.5), future("late", 0.5), tables(draws=[draw]), years=3)
    assert crowds(grown, 0) == [["calm", "late"]] * 2
    assert crowds(grown, 1) == [["calm"], ["late"]]
    assert grown.paths[1].at("projects", "pit", "delay_years", 0.9) == 0
    assert grown.paths[1].at("projects", "pit", "delay_years", 1.0) == 1.5


def test_segments_are_years_cut_where_a_future_parts() -> None:
    """The trunk's 2028 is cut in July, where the late future parts; the choice of January 2028 rests on 2027, when all
    three were possible, so it is cut in July on every path; 2029 is whole."""
    grown = tree(*TWO_DATES, years=3, months=6)
    for one in grown.paths:
        cut = [(segment.label, segment.years) for segment in one.segments]
        assert cut[0] == ("2027-01", 1.0)
        assert cut[1][0] == "2028-01"
        assert cut[1][1] == pytest.approx(0.5)
        assert cut[2][0] == "2028-07"
        assert sum(years for _, years in cut) == pytest.approx(3)


def test_what_a_commitment_knows_is_what_began_before_it() -> None:
    """An event of January 2028 is not known to the commitment of that day, and is to the next year's; one that has
    ended is over."""
    one = path(future("only", 1, {"half": ("2028-01-01", 18)}), years=4)
    assert one.known("demands", "d", "multiple") == [1, 1, 0.5, 1]


def test_keeping_some_futures_scales_their_weights() -> None:
    case = case_of(spot("m", "ore", 1), must("d", "ore", 10), HALF, TWICE, *TWO_DATES, years=2)
    kept = plant(case, futures=["early", "late"])
    assert [one.weight for one in kept.paths] == pytest.approx([0.6, 0.4])


def test_futures_that_know_the_same_must_tell_time_alike() -> None:
    """An onset without an event of its own coarsens one of two futures that cannot be told apart: refused, with both
    named. Would fail if one of the grids were quietly taken."""
    with pytest.raises(InputError, match=r"calm.*odd|odd.*calm"):
        tree(
            future("calm", 0.5),
            future("odd", 0.5, onset="2027-01-01"),
            years=4,
            months=6,
            after_shock=AfterShock(fine_months=0, single_years=0, block_years=2),
        )


def test_discount_factors_are_means_over_a_span() -> None:
    """At 25 % a year: at a moment 0.8 ** t; over 2027 0.2 / ln 1.25 = 0.8963; without a rate 1."""
    one = path(years=2, discount=0.25)
    assert one.discount(1.0) == pytest.approx(0.8)
    assert one.discount(0.0, 1.0) == pytest.approx(0.2 / 0.22314355131)
    assert one.discount(1.0, 1.0) == pytest.approx(0.8)
    assert path().discount(3.0, 9.0) == 1.0


def test_the_grid_changes_no_cost_where_nothing_happens() -> None:
    """Years, half-years, quarters and a block of the whole horizon: the same demand, price and discounting: 7 x 10 a
    year by the integral of 1.25 ** -t. Would fail if lengths were forgotten anywhere."""
    for months in (3, 6, 12, 36):
        case = case_of(spot("m", "ore", 7), wanted("d", "ore", 10, 99), years=3, months=months, discount=0.25)
        assert optimum(case) == pytest.approx(70 * (1 - 0.8**3) / 0.22314355131)


def test_the_base_year_is_not_the_horizon() -> None:
    """Demand of a base year 2025 grows to 2027 by two years of a half: 22.5 t at 1."""
    case = case_of(spot("m", "ore", 1), must("d", "ore", 10, growth_share_per_year=0.5))
    assert optimum(replace(case, base_year=2025)) == pytest.approx(22.5)
