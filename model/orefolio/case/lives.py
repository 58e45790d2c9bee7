"""What happens in each future: its events and slips as changes of numbers, and when they show."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .adjust import at_strength, attribute
from .case import Case
from .changes import Change, before

MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Life:
    """What happens in a future. onset: years, None where it parts never; over: years, when its last shock is over."""

    row: Any
    onset: float | None
    tokens: tuple[tuple[str, float], ...]
    changes: tuple[Change, ...]
    over: float

    @property
    def parts(self) -> tuple[float | None, frozenset[str]]:
        """When it parts from the trunk and what is known of it by then: futures alike in it tell time alike."""
        known = frozenset(name for name, start in self.tokens if self.onset is None or not before(self.onset, start))
        return self.onset, known


def lives(case: Case, rows: Iterable[Any]) -> list[Life]:
    """What happens in each of some rows of the table of futures, in their order."""
    parts, happens = case.grouped("events", "event"), case.grouped("future_events", "future")
    drawn = case.grouped("draws", "future")
    return [_life(case, row, happens.get(row.future, ()), parts, drawn.get(row.future, ())) for row in rows]


def _life(
    case: Case, row: Any, happens: Sequence[Any], parts: Mapping[str, Sequence[Any]], drawn: Sequence[Any]
) -> Life:
    origin = case.horizon_from
    length = years_between(origin, case.horizon_to)
    onset = None if row.onset is None else years_between(origin, as_date(row.onset))
    tokens: list[tuple[str, float]] = []
    changes: list[Change] = []
    over = onset or 0.0
    for entry in happens:
        start = years_between(origin, as_date(entry.start))
        end = min(start + entry.length_months / MONTHS_A_YEAR, length)
        tokens.append((_told(entry), start))
        if end < length and onset is not None and not before(start, onset):
            over = max(over, end)
        changes += [_event_change(part, entry, start, end) for part in parts.get(entry.event, ())]
    for draw in drawn:
        if draw.slip_years > 0 or draw.overrun_multiple != 1:
            strikes = years_between(origin, as_date(draw.strikes))
            dearer = "" if draw.overrun_multiple == 1 else f" x{draw.overrun_multiple:g}"
            tokens.append((f"slip {draw.project} {draw.slip_years:g}{dearer}@{draw.strikes}", strikes))
            changes += _draw_changes(draw, strikes)
    return Life(row, onset, tuple(tokens), tuple(changes), over)


def _told(entry: Any) -> str:
    """An event of a future in a word that differs where what it does differs."""
    strength = "" if entry.strength == 1 else f"*{entry.strength:g}"
    return f"{entry.event}@{entry.start}+{entry.length_months:g}{strength}"


def _draw_changes(draw: Any, strikes: float) -> list[Change]:
    """strikes: years since the horizon's first day."""
    parts = [("delay_years", "add", draw.slip_years)] if draw.slip_years > 0 else []
    parts += [("overrun_multiple", "multiply", draw.overrun_multiple)] if draw.overrun_multiple != 1 else []
    return [Change("projects", f"project={draw.project}", *part, strikes, strikes, math.inf) for part in parts]


def _event_change(part: Any, entry: Any, start: float, end: float) -> Change:
    stretched = part.written_for_months and math.isfinite(entry.length_months)
    stretch = entry.length_months / part.written_for_months if stretched else 1.0
    begin = start + part.after_months * stretch / MONTHS_A_YEAR
    stop = min(begin + part.length_months * stretch / MONTHS_A_YEAR, end + part.outlast_months / MONTHS_A_YEAR)
    value = at_strength(part.operation, part.value, entry.strength)
    return Change(part.table, part.where, attribute(part.column), part.operation, value, start, begin, stop)


def as_date(text: str | datetime.date) -> datetime.date:
    """A date from its text."""
    return text if isinstance(text, datetime.date) else datetime.date.fromisoformat(text)


def years_between(first: datetime.date, second: datetime.date) -> float:
    """Years from one date to another, counted in months."""
    months = (second.year - first.year) * MONTHS_A_YEAR + second.month - first.month
    return (months + (second.day - first.day) / 31) / MONTHS_A_YEAR
