"""A set of futures: drawn from a case's hazards, merged where they are alike, told as rows of the case's tables."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import compress
from typing import Any

from orefolio.case.case import Case, row_keys
from orefolio.case.checks.targets import target_problem
from orefolio.case.schema.futures import Draw, Future, FutureEvent
from orefolio.errors import Fault, InputError

from .drawing import Dates, Drawn, Hazards, Strike
from .points import Method, points

TABLES = ("futures", "future_events", "draws")
EVERY_MONTHS = 6
LEAST_WEIGHT = 1e-6
"""Probability that the trunk's own continuation has at least, so that it can be planned for."""
TRUNK = "trunk"


@dataclass(frozen=True)
class Asked:
    """What to generate. every: months between two days on which events may begin. until: a day from which none does."""

    count: int
    seed: int = 0
    method: Method = "quasi"
    every: int = EVERY_MONTHS
    until: datetime.date | None = None


@dataclass(frozen=True)
class Weighted:
    """A future and its probability."""

    drawn: Drawn
    weight: float


@dataclass(frozen=True)
class Sample:
    """Draws from the hazards of a case. quiet: futures without an event, with their exact probabilities.

    struck: the futures that were drawn with one, with how often; together they share what the quiet ones leave.
    """

    quiet: tuple[Weighted, ...]
    struck: Mapping[Drawn, int]

    @property
    def rest(self) -> float:
        """Probability of an event."""
        return 1.0 - sum(one.weight for one in self.quiet) if self.struck else 0.0

    @property
    def draws(self) -> int:
        """How many futures with an event were drawn."""
        return sum(self.struck.values())

    @property
    def futures(self) -> list[Weighted]:
        """Each future once, with its probability."""
        each = self.rest / max(1, self.draws)
        return [*self.quiet, *(Weighted(one, times * each) for one, times in self.struck.items())]


def generate(case: Case, asked: Asked) -> list[Weighted]:
    """Futures drawn from the hazards of a case, with their probabilities. Raises InputError as `sample`."""
    return sample(case, asked).futures


def sample(case: Case, asked: Asked) -> Sample:
    """Draw futures from the hazards of a case; those that are alike stand once.

    The probability of no event is exact, and those that are drawn with one share the rest: so what is common needs no
    draws, and the trunk's own continuation is always there. Where fewer than one of them would be drawn, only the
    likeliest stands. Raises InputError for a case without hazards.
    """
    if not case.rows("hazards"):
        raise InputError([Fault(str(case.folder / "hazards.csv"), "no hazards", "what futures can be drawn from")])
    hazards = hazards_of(case, asked.every, asked.until)
    drawn = hazards.drawn(points(asked.method, asked.count, hazards.dimensions, asked.seed))
    count = Counter(one for one in drawn if one.onset is not None)
    quiet = undisturbed(hazards, asked.count) if count else [Weighted(hazards.quiet()[0][0], 1.0)]
    return Sample(tuple(quiet), dict(sorted(count.items(), key=_order)))


def hazards_of(case: Case, every: int, until: datetime.date | None) -> Hazards:
    """The hazards of a case. every: months between days on which events may begin; until: from when on none does."""
    end = case.horizon_to if until is None else until
    return Hazards(case, Dates(every, 12 * (end.year - case.horizon_from.year) + end.month - case.horizon_from.month))


def undisturbed(hazards: Hazards, count: int) -> list[Weighted]:
    """Futures without an event, with their probabilities; the likeliest alone where of so many less than one is."""
    chance = max(LEAST_WEIGHT, hazards.quiet_chance())
    outcomes = hazards.quiet()
    if chance * count < 1.0:
        return [Weighted(outcomes[0][0], chance)]
    return [Weighted(one, share * chance) for one, share in outcomes]


def _order(counted: tuple[Drawn, int]) -> tuple[Any, ...]:
    """By onset, then by what happens."""
    one, _ = counted
    happens = [(strike.start, strike.event, strike.length, strike.strength) for strike in one.strikes]
    return one.onset, happens, one.slips


def rows_of(case: Case, futures: Sequence[Weighted]) -> dict[str, tuple[Any, ...]]:
    """The rows of the tables of futures: futures, future_events, draws."""
    digits = max(3, len(str(len(futures))))
    told: dict[str, list[Any]] = {name: [] for name in TABLES}
    trunks = 0
    for number, one in enumerate(futures, 1):
        name = f"F{number:0{digits}}"
        if one.drawn.onset is None:
            trunks += 1
            name = TRUNK if trunks == 1 else f"{TRUNK}_{trunks}"
        onset = None if one.drawn.onset is None else str(day_of(case, one.drawn.onset))
        words = name_of(case, ((strike.event, str(day_of(case, strike.start))) for strike in one.drawn.strikes))
        told["futures"].append(Future(future=name, name=words, weight=one.weight, onset=onset))
        told["future_events"] += [_event_row(case, name, strike) for strike in one.drawn.strikes]
        told["draws"] += [
            Draw(future=name, project=project, slip_years=years, strikes=str(onset), overrun_multiple=overrun)
            for project, years, overrun in one.drawn.slips
        ]
    return {name: tuple(rows) for name, rows in told.items()}


def _event_row(case: Case, future: str, strike: Strike) -> FutureEvent:
    start = str(day_of(case, strike.start))
    return FutureEvent(
        future=future, event=strike.event, start=start, length_months=strike.length, strength=strike.strength
    )


def name_of(case: Case, happens: Iterable[tuple[str, str]]) -> str:
    """What happens in a future, by hazard, in words. happens: event and first day."""
    chosen = {row.event for row in case.rows("hazards") if row.comes == "hazard"}
    return ", ".join(f"{event} {start[:7]}" for event, start in happens if event in chosen) or "no event"


def day_of(case: Case, months: int) -> datetime.date:
    """The day so many months after the horizon's first."""
    total = case.horizon_from.month - 1 + months
    return case.horizon_from.replace(year=case.horizon_from.year + total // 12, month=total % 12 + 1)


def with_rows(case: Case, rows: Mapping[str, tuple[Any, ...]]) -> Case:
    """The case with other futures. What a lever or the basis says of futures that it had is dropped with them."""
    lines = {name: value for name, value in case.lines.items() if name not in rows}
    folders = {name: value for name, value in case.folders.items() if name not in rows}
    changed = replace(case, tables={**case.tables, **rows}, lines=lines, folders=folders)
    changed = _keeping(changed, "lever_adjustments", lambda row: not _turns_nothing(changed, row))
    keys = {name: row_keys(name, changed.rows(name)) for name in rows}
    return _keeping(changed, "basis", lambda row: row.row == "*" or _names(row, keys))


def _turns_nothing(case: Case, row: Any) -> bool:
    return row.table in TABLES and target_problem(case, row.table, row.where, row.column) is not None


def _names(row: Any, keys: Mapping[str, Sequence[str]]) -> bool:
    """Whether a row of the basis is for rows that are there, as far as the tables of futures go."""
    return row.table not in keys or any(fnmatchcase(key, row.row) for key in keys[row.table])


def _keeping(case: Case, table: str, good: Callable[[Any], bool]) -> Case:
    """The case with some rows of a table, whose lines and folders stay theirs."""
    kept = [good(row) for row in case.rows(table)]
    tables = {**case.tables, table: tuple(compress(case.rows(table), kept))}
    lines = {**case.lines, table: tuple(compress(case.lines.get(table, ()), kept))}
    folders = (
        {**case.folders, table: tuple(compress(case.folders[table], kept))} if table in case.folders else case.folders
    )
    return replace(case, tables=tables, lines=lines, folders=folders)


def with_futures(case: Case, futures: Sequence[Weighted]) -> Case:
    """The case with generated futures in place of its own."""
    return with_rows(case, rows_of(case, futures))
