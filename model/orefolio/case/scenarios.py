"""From events to paths, one for each future, and from paths to the scenario tree.

A path is what one future looks like over all its periods: numbers of the case as its events change them, a part of a
period by its share of time. Futures that have seen the same events by the end of a period share that period's node.
Commitments of a period rest on what its parent node knew.
"""

from __future__ import annotations

import bisect
import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from ..errors import Fault, InputError
from .case import Case, row_key
from .changes import ROUNDING, Change, Spans, before, means, moment
from .lives import MONTHS_A_YEAR, Life, as_date, lives, years_between


@dataclass(frozen=True)
class Period:
    """A span of time of a path. start, end: years since the horizon's first day. label: its first month."""

    number: int
    start: float
    end: float
    year: int
    label: str

    @cached_property
    def years(self) -> float:
        """Length in years."""
        return self.end - self.start


@dataclass(frozen=True)
class Span:
    """Periods of a path that make up one calendar year, or one block of years."""

    label: str
    year: int
    periods: tuple[Period, ...]

    @property
    def years(self) -> float:
        """Length in years."""
        return sum(period.years for period in self.periods)


@dataclass
class Path:
    """One future: its periods, and every number of the case as this future's events leave it."""

    case: Case
    future: str
    weight: float
    onset: float | None
    periods: tuple[Period, ...]
    tokens: tuple[tuple[str, float], ...]
    changes: tuple[Change, ...]
    companions: tuple[tuple[Path, ...], ...] = field(default=(), repr=False)
    everyone: tuple[Path, ...] = field(default=(), repr=False)
    standing: list[frozenset[str]] | None = field(default=None, repr=False)
    _series: dict[tuple[str, str, str], list[float]] = field(default_factory=dict, repr=False)
    _known: dict[tuple[str, str, str], list[float]] = field(default_factory=dict, repr=False)
    _spans: Spans = field(default_factory=dict, repr=False)
    potential: dict[str, list[float]] = field(default_factory=dict, repr=False)
    choices: dict[str, frozenset[int]] = field(default_factory=dict, repr=False)
    latest: dict[frozenset[str], float] = field(default_factory=dict, repr=False)
    _open: dict[int, bool] = field(default_factory=dict, repr=False)
    _changed: dict[tuple[str, str, str], tuple[float, list[Change]]] = field(default_factory=dict, repr=False)

    def seen(self, number: int) -> frozenset[str]:
        """The events known at the end of a period."""
        end = self.periods[number].end
        return frozenset(name for name, start in self.tokens if before(start, end))

    def series(self, table: str, key: str, column: str) -> list[float]:
        """A number of the case in each period of this future, the mean over the period."""
        cell = (table, key, column)
        found = self._series.get(cell)
        if found is None:
            base, changes = self._changes_of(*cell)
            found = self._series[cell] = means(base, changes, self.periods, self._spans)
        return found

    def at(self, table: str, key: str, column: str, time: float) -> float:
        """A number of the case at a moment (years since the horizon's first day)."""
        base, changes = self._changes_of(table, key, column)
        return moment(base, changes, time)

    def known(self, table: str, key: str, column: str) -> list[float]:
        """A number of the case as a commitment at the start of each period knows it."""
        cell = (table, key, column)
        if cell not in self._known:
            base, changes = self._changes_of(*cell)
            self._known[cell] = [
                moment(base, [c for c in changes if before(c.known_from, period.start)], period.start)
                if changes
                else base
                for period in self.periods
            ]
        return self._known[cell]

    def _changes_of(self, table: str, key: str, column: str) -> tuple[float, list[Change]]:
        cell = (table, key, column)
        if cell not in self._changed:
            relevant = self._by_column.get((table, column), ())
            changes = [change for change in relevant if key in self.case.selected(table, change.where)]
            self._changed[cell] = float(getattr(self.case.row(table, key), column)), changes
        return self._changed[cell]

    @cached_property
    def _by_column(self) -> dict[tuple[str, str], list[Change]]:
        grouped: dict[tuple[str, str], list[Change]] = {}
        for change in self.changes:
            grouped.setdefault((change.table, change.column), []).append(change)
        return grouped

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Calendar years, or blocks where time is coarser."""
        groups: dict[int, list[Period]] = {}
        for period in self.periods:
            groups.setdefault(period.year, []).append(period)
        return tuple(_span(year, tuple(periods)) for year, periods in groups.items())

    @cached_property
    def segments(self) -> tuple[Span, ...]:
        """Spans, cut where a future parts that was still possible when the choice for the segment is made.

        That choice rests on the parent of the segment's first period, so all futures of that parent cut alike.
        """
        result: list[Span] = []
        for span in self.spans:
            run: list[Period] = []
            for period in span.periods:
                if run and any(path.parts_at(period.start) for path in self.possible(run[0].number)):
                    result.append(Span(run[0].label, span.year, tuple(run)))
                    run = []
                run.append(period)
            result.append(Span(run[0].label, span.year, tuple(run)))
        return tuple(result)

    def possible(self, number: int) -> tuple[Path, ...]:
        """The futures that are still possible when a commitment of a period is made."""
        return self.companions[number - 1] if number else self.everyone

    def parts_at(self, start: float) -> bool:
        """Whether some future leaves this one at the start of one of its periods, given in years."""
        return any(not before(start, moment) and not before(moment, start) for moment in self._partings)

    @cached_property
    def _partings(self) -> tuple[float, ...]:
        crowds = [frozenset(path.future for path in crowd) for crowd in self.companions]
        return tuple(period.start for period in self.periods[1:] if crowds[period.number] != crowds[period.number - 1])

    @cached_property
    def decisions(self) -> tuple[int, ...]:
        """The periods at whose start commitments are made: the first of each calendar year or block."""
        return tuple(span.periods[0].number for span in self.spans)

    def may_commit(self, number: int) -> bool:
        """Whether commitments are still open: some future of the parent node has not parted too long ago."""
        if number not in self._open:
            start = self.periods[number].start
            reaction = self.case.reaction_years
            self._open[number] = any(
                path.onset is None or not before(path.onset + reaction, start) for path in self.possible(number)
            )
        return self._open[number]

    @property
    def members(self) -> tuple[Path, ...]:
        """The futures that this path stands for."""
        return (self,)

    def asked(self, question: Callable[[Path], bool]) -> bool:
        """The answer of this path to a question about one."""
        return question(self)

    def discount(self, start: float, end: float | None = None) -> float:
        """Discount factor at a moment, or its mean over a span (years since the horizon's first day)."""
        return _factor(self._rate, start, end)

    @cached_property
    def _rate(self) -> float:
        return self.case.setting("discount_rate")

    def period_of(self, time: float) -> int:
        """The number of the period that holds a moment; moments after the horizon belong to the last."""
        return min(bisect.bisect_right(self._ends, time), len(self._ends) - 1)

    @cached_property
    def _ends(self) -> list[float]:
        """Until when a moment belongs to each period, but for rounding."""
        return [period.end - ROUNDING for period in self.periods]

    @cached_property
    def strikes(self) -> list[float]:
        """When something strikes projects, in years, in order."""
        return sorted(change.start for change in self.changes if change.table == "projects")


@lru_cache(maxsize=1 << 16)
def _factor(rate: float, start: float, end: float | None) -> float:
    """The discount factor at a moment, or its mean over a span: every family asks for the same few."""
    if abs(rate) < 1e-12:
        return 1.0
    if end is None or end - start < 1e-12:
        return float((1 + rate) ** -start)
    return float(((1 + rate) ** -start - (1 + rate) ** -end) / (math.log(1 + rate) * (end - start)))


def _span(year: int, periods: tuple[Period, ...]) -> Span:
    length = round(sum(period.years for period in periods))
    return Span(str(year) if length <= 1 else f"{year}-{year + length - 1}", year, periods)


@dataclass(frozen=True)
class Tree:
    """All futures of a case, and the node that each is in at each period.

    `node[future number][period number]` numbers the nodes; `parent` the same for commitments, one period earlier, with
    the root as 0. `probability[node]` sums the weights of the futures that pass through.
    """

    case: Case
    paths: tuple[Path, ...]
    node: tuple[tuple[int, ...], ...]
    parent: tuple[tuple[int, ...], ...]
    probability: tuple[float, ...]


def plant(case: Case, grid: str | None = None, futures: Iterable[str] | None = None) -> Tree:
    """The scenario tree of a case on one of its grids. `futures` keeps some of them, with weights scaled to sum to 1.

    Raises InputError when two futures that know the same would tell time differently.
    """
    wanted = None if futures is None else set(futures)
    kept = [row for row in case.rows("futures") if wanted is None or row.future in wanted]
    return plant_lives(case, lives(case, kept), grid)


def plant_lives(case: Case, lived: Sequence[Life], grid: str | None = None) -> Tree:
    """The scenario tree of what happens in some futures, with weights scaled to sum to 1. Raises as `plant`."""
    total = sum(life.row.weight for life in lived)
    over: dict[tuple[float | None, frozenset[str]], float] = {}
    for life in lived:
        over[life.parts] = max(over.get(life.parts, 0.0), life.over)
    paths = tuple(_path(case, life, grid or case.grid, life.row.weight / total, over[life.parts]) for life in lived)
    numbers: dict[tuple[int, frozenset[str]], int] = {}
    spans: dict[int, tuple[float, float]] = {}
    weight = [1.0]
    members: dict[int, list[Path]] = {}
    for path in paths:
        for period in path.periods:
            place = (_months(period.start), path.seen(period.number))
            if place not in numbers:
                numbers[place] = 1 + len(numbers)
                weight.append(0.0)
                spans[numbers[place]] = (period.start, period.end)
            number = numbers[place]
            if spans[number] != (period.start, period.end):
                raise InputError([_clash(path, members[number][0])])
            weight[number] += path.weight
            members.setdefault(number, []).append(path)
    node = tuple(tuple(numbers[_months(p.start), path.seen(p.number)] for p in path.periods) for path in paths)
    for row, path in zip(node, paths, strict=True):
        path.companions = tuple(tuple(members[number]) for number in row)
        path.everyone = paths
    parent = tuple((0, *row[:-1]) for row in node)
    return Tree(case, paths, node, parent, tuple(weight))


def _months(time: float) -> int:
    return round(time * MONTHS_A_YEAR)


def _clash(one: Path, other: Path) -> Fault:
    return Fault(
        "future_events.csv",
        f"futures {one.future} and {other.future} that know the same events and tell time differently",
        "an event that tells them apart before their onset",
        remedy="give one of them an event that starts at its onset, or leave its onset blank",
    )


def _path(case: Case, life: Life, grid: str, weight: float, over: float) -> Path:
    """over: years, when the last shock is over of any future that parts from the trunk as this one does."""
    fine = case.after_shock.fine_months / MONTHS_A_YEAR
    periods = _periods(case, grid, math.inf if life.onset is None else over + fine)
    return Path(case, life.row.future, weight, life.onset, periods, life.tokens, life.changes)


def _periods(case: Case, grid: str, coarse_from: float) -> tuple[Period, ...]:
    """The grid until `coarse_from` (years), rounded up to a new year; then single years, then blocks."""
    last = _months(years_between(case.horizon_from, case.horizon_to))
    cuts = [0]
    for until, months in case.grids[grid]:
        stop = _months(years_between(case.horizon_from, until))
        while cuts[-1] < stop:
            cuts.append(min(cuts[-1] + months, stop))
    if math.isfinite(coarse_from):
        first = math.ceil(coarse_from - 1e-9) * MONTHS_A_YEAR
        cuts = [cut for cut in cuts if cut <= first]
        singles = case.after_shock.single_years
        while cuts[-1] < last:
            step = MONTHS_A_YEAR if singles > 0 else MONTHS_A_YEAR * case.after_shock.block_years
            singles -= 1
            cuts.append(min(cuts[-1] + step, last))
    return tuple(
        Period(number, a / MONTHS_A_YEAR, b / MONTHS_A_YEAR, _year(case, a), _label(case, a))
        for number, (a, b) in enumerate(itertools.pairwise(cuts))
    )


def _year(case: Case, months: int) -> int:
    return case.horizon_from.year + (case.horizon_from.month - 1 + months) // MONTHS_A_YEAR


def _label(case: Case, months: int) -> str:
    return f"{_year(case, months)}-{(case.horizon_from.month - 1 + months) % MONTHS_A_YEAR + 1:02d}"


__all__ = ["MONTHS_A_YEAR", "Path", "Period", "Span", "Tree", "as_date", "plant", "row_key", "years_between"]
