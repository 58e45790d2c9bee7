"""What events do to a number over time: changes, and the number at a moment or its mean over periods."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from .adjust import operate

ROUNDING = 1e-9
"""Moments that lie no further apart are one, years."""


class Lasting(Protocol):
    """What has a start and an end, in years since the horizon's first day."""

    @property
    def start(self) -> float:
        """When it begins."""

    @property
    def end(self) -> float:
        """When it ends."""


@dataclass(frozen=True)
class Change:
    """A change of the rows of a table that `where` matches, from a start to an end, known from a moment; years."""

    table: str
    where: str
    column: str
    operation: str
    value: float
    known_from: float
    start: float
    end: float


def before(one: float, other: float) -> bool:
    """Whether a moment lies before another, in years, by more than rounding."""
    return one < other - ROUNDING


Spans = dict[tuple[float, ...], list[tuple[int, int]]]
"""By the moments at which a number changes, which of them each period lies between."""


def means(base: float, changes: list[Change], periods: Sequence[Lasting], spans: Spans | None = None) -> list[float]:
    """The mean over each period, apart from each other; reckoned once for those between the same two changes.

    spans: kept for these periods from one number to the next.
    """
    if not changes:
        return [base] * len(periods)
    spans = {} if spans is None else spans
    cuts = tuple(sorted({cut for change in changes for cut in (change.start, change.end)}))
    if cuts not in spans:
        spans[cuts] = [(bisect.bisect_right(cuts, each.start), bisect.bisect_left(cuts, each.end)) for each in periods]
    known: dict[tuple[int, int], float] = {}
    result = []
    for period, between in zip(periods, spans[cuts], strict=True):
        if between not in known:
            known[between] = _mean(base, changes, period.start, period.end)
        result.append(known[between])
    return result


def _mean(base: float, changes: Iterable[Change], start: float, end: float) -> float:
    inside = list(changes)
    cuts = {start, end}
    for change in inside:
        cuts.update(min(max(cut, start), end) for cut in (change.start, change.end))
    ordered = sorted(cuts)
    total = sum((b - a) * moment(base, inside, (a + b) / 2) for a, b in itertools.pairwise(ordered))
    return total / (end - start)


def moment(base: float, changes: Iterable[Change], time: float) -> float:
    """A number at a moment, years since the horizon's first day."""
    value = base
    for change in changes:
        if before(time, change.end) and not before(time, change.start):
            value = operate(change.operation, value, change.value)
    return value
