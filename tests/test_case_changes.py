"""What events do to a number: at a moment, and its mean over periods."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from orefolio.case.changes import Change, before, means, moment


@dataclass(frozen=True)
class Span:
    start: float
    end: float


def change(operation: str, value: float, start: float, end: float) -> Change:
    return Change("t", "*", "c", operation, value, start, start, end)


HALVES = [Span(half / 2, half / 2 + 0.5) for half in range(6)]
HALF = change("multiply", 0.5, 0.25, 1.5)
MORE = change("add", 3.0, 1.0, 2.25)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([], [8.0] * 6),
        ([HALF], [6.0, 4.0, 4.0, 8.0, 8.0, 8.0]),
        ([MORE], [8.0, 8.0, 11.0, 11.0, 9.5, 8.0]),
        ([HALF, MORE], [6.0, 4.0, 7.0, 11.0, 9.5, 8.0]),
        ([change("set", 1.0, 0.0, 0.5)], [1.0, 8.0, 8.0, 8.0, 8.0, 8.0]),
        ([change("set", 1.0, -1.0, 9.0)], [1.0] * 6),
    ],
)
def test_the_mean_over_a_period_counts_each_part_by_its_time(changes: list[Change], expected: list[float]) -> None:
    """8 halved from 0.25 on is 6 over the first half-year; 3 more until 2.25 is 9.5 over the half-year from 2."""
    assert means(8.0, changes, HALVES) == pytest.approx(expected)


@pytest.mark.parametrize(("time", "expected"), [(0.2, 8.0), (0.25, 4.0), (1.0, 7.0), (1.5, 11.0), (2.25, 8.0)])
def test_a_change_holds_from_its_start_until_before_its_end(time: float, expected: float) -> None:
    assert moment(8.0, [HALF, MORE], time) == expected


def test_moments_that_differ_by_rounding_are_one() -> None:
    assert before(1.0, 1.1)
    assert not before(1.0, 1.0 + 1e-12)
    assert not before(1.1, 1.0)


def test_what_nothing_changes_is_the_very_number_in_every_period() -> None:
    """A month is no binary fraction of a year: 0.03 times its length over its length is 0.029999999999999995."""
    months = [Span(month / 12, (month + 1) / 12) for month in range(24)]
    assert means(0.03, [], months) == [0.03] * 24
