"""Checks of hazards, slips and strengths, each at its edge."""

from __future__ import annotations

from typing import Any

import pytest

from bare_case import lines, told
from orefolio.case.checks import hazards, windows

PART = {"event": "cut", "part": 1, "table": "licences", "where": "*", "column": "approval_share"}
LICENCE = {"licence": "exports", "approval_share": 1.0}


def events(operation: str = "multiply", value: float = 0.5) -> dict[str, list[dict[str, Any]]]:
    return {"licences": [LICENCE], "events": [{**PART, "operation": operation, "value": value}]}


@pytest.mark.parametrize(
    ("strength", "value", "operation", "found"),
    [
        (1.0, 0.5, "multiply", []),
        (3.0, 0.5, "multiply", []),
        (0.0, 0.5, "multiply", []),
        (-1.0, 0.5, "multiply", ["makes approval_share 2"]),
        (-1.0, 0.0, "multiply", ["multiplies by 0"]),
        (2.0, -0.5, "add", []),
        (3.0, -0.5, "add", ["makes approval_share -0.5"]),
        (9.0, 0.5, "set", []),
    ],
)
def test_an_event_keeps_numbers_in_range_at_any_strength(
    strength: float, value: float, operation: str, found: list[str]
) -> None:
    for table in (
        {"future_events": [{"event": "cut", "strength": strength}]},
        {"hazards": [{"event": "cut", "low_strength": strength, "high_strength": 1.0, "mode_strength": 1.0}]},
    ):
        faults = told(hazards.strengths_keep_numbers_in_range, **events(operation, value), **table)
        assert [line for line, _ in faults] == [2] * len(found)
        assert all(words in text for words, (_, text) in zip(found, faults, strict=True))


SOUND: dict[str, dict[str, Any]] = {
    "random": {"hazard_per_year": 0.1},
    "late": {"later_from": "2028-01-01", "later_per_year": 0.1},
    "dated": {"comes": "date", "first": "2028-01-01", "chance": 0.5, "otherwise": "other"},
    "parting": {"comes": "parting"},
}
WRONG = {
    "no hazard": ({}, "no hazard"),
    "a chance beside it": ({"hazard_per_year": 0.1, "chance": 0.5}, "a chance of 0.5 beside a hazard"),
    "no date": ({"comes": "date"}, "no first day"),
    "another without a date": ({"hazard_per_year": 0.1, "otherwise": "other"}, "other"),
    "a group without a hazard": ({"comes": "parting", "group": "g"}, "a group"),
    "a need without a hazard": ({"comes": "parting", "needs": ("other",)}, "a needs"),
    "too early": ({"hazard_per_year": 0.1, "first": "2026-12-31"}, "first 2026-12-31"),
    "too late": ({"hazard_per_year": 0.1, "last": "2031-01-01"}, "last 2031-01-01"),
}


@pytest.mark.parametrize("row", SOUND.values(), ids=SOUND)
def test_sound_hazards_pass(row: dict[str, Any]) -> None:
    assert lines(hazards.hazards_have_what_they_need, hazards=[{"event": "cut", **row}]) == []


@pytest.mark.parametrize(("row", "found"), WRONG.values(), ids=WRONG)
def test_a_hazard_that_lacks_something_is_told(row: dict[str, Any], found: str) -> None:
    assert told(hazards.hazards_have_what_they_need, hazards=[{"event": "cut", **row}]) == [(2, found)]


def test_a_length_is_given_by_three_numbers_or_none() -> None:
    def faults(**row: float) -> list[tuple[int, str]]:
        return told(hazards.lengths_are_given_whole, hazards=[{"event": "cut", **row}])

    assert faults() == faults(low_months=1, mode_months=2, high_months=3) == []
    assert faults(low_months=1, high_months=3) == [(2, "a blank")]
    assert faults(low_months=0, mode_months=0, high_months=0.5) == [(2, "0.5")]


def test_an_event_waits_for_others_that_are_drawn() -> None:
    def faults(wanted: tuple[str, ...], **row: Any) -> list[tuple[int, str]]:
        ban = {"event": "ban", "hazard_per_year": 0.1, **row}
        rule = {"event": "rule", "hazard_per_year": 0.1, "needs": wanted}
        return told(hazards.what_is_needed_is_drawn, hazards=[ban, rule])

    assert faults(("ban",)) == faults(()) == []
    assert faults(("embargo",)) == [(3, "'embargo', which no hazard brings")]
    assert faults(("ban",), comes="date") == [(3, "'ban', which no hazard brings")]
    assert faults(("ban",), needs=("rule",))[1] == (3, "'ban', which waits for others itself")
    assert faults(("ban",), brings=("rule",)) == [(2, "'rule', which has a row of its own")]
    assert faults(("ban",), otherwise="rule") == [(2, "'rule', which has a row of its own")]


def test_an_event_that_waits_belongs_to_no_group() -> None:
    rows = [{"event": "ban"}, {"event": "rule", "needs": ("ban",), "group": "g"}]
    assert told(hazards.what_is_needed_is_drawn, hazards=rows) == [
        (3, "the group 'g' of an event that waits for others")
    ]


def test_a_loading_has_a_cause() -> None:
    rows = [{"event": "a", "loading": 0.5}, {"event": "b", "loading": 0.5, "factor": "c"}, {"event": "d"}]
    assert lines(hazards.loadings_have_a_cause, hazards=rows) == [2]


def test_ranges_of_hazards_and_slips_run_up() -> None:
    slip = {"low_years": 2.0, "mode_years": 1.0, "high_years": 4.0}
    assert lines(windows.least_is_not_above_most, slips=[slip, {**slip, "low_years": 1.0}]) == [2]
    length = {"event": "cut", "low_months": 1.0, "mode_months": 3.0, "high_months": 2.0}
    assert lines(windows.least_is_not_above_most, hazards=[length]) == [2]
    dates = {"event": "cut", "first": "2029-01-01", "last": "2028-01-01"}
    assert lines(windows.spans_end_after_they_start, hazards=[dates]) == [2]
