"""Futures drawn from hazards: which events strike, when, how long and how strongly, and which projects slip.

A point of the unit cube makes one future. Its first coordinates are the common causes, then the time of each event,
then the slips, then lengths and strengths, so that what matters most stands first. A normal score of an event is
loading × cause + sqrt(1 − loading²) × its own; a high score strikes early. With the hazard rate h(t) an event comes at
the time until which ∫h is −log Φ(score), which alone is exponential. Times are moved to the next onset of a grid, so
that futures part on few days.

An event that would begin while another of its group lasts begins when that one has ended. An event that needs another
begins when that one does, if it struck before, and never where it struck after.
"""

from __future__ import annotations

import datetime
import heapq
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.special import log_ndtr, ndtr, ndtri

from orefolio.case.case import Case
from orefolio.case.lives import MONTHS_A_YEAR, as_date, years_between
from orefolio.program.program import Floats

from .points import triangular

PROJECTS = "projects"
"""The common cause of slips."""
EACH_EVENT, EACH_SLIP = 2, 2
"""Coordinates for length and strength of an event, and for years and overrun of a slip."""
QUADRATURE = 80
"""Points of Gauss-Hermite quadrature over a common cause."""
LEAST_SPREAD = 1e-9
STRENGTH_DIGITS, OVERRUN_DIGITS, HALVES = 2, 2, 2


@dataclass(frozen=True)
class Strike:
    """An event in a future. start, length: months, the first from the horizon's first day."""

    event: str
    start: int
    length: float
    strength: float = 1.0

    @property
    def end(self) -> float:
        """Months from the horizon's first day."""
        return self.start + self.length


@dataclass(frozen=True)
class Drawn:
    """A future. onset: months until it parts from the trunk, None: never. slips: (project, years, overrun)."""

    onset: int | None
    strikes: tuple[Strike, ...]
    slips: tuple[tuple[str, float, float], ...] = ()


@dataclass(frozen=True)
class Dates:
    """every: months between two days on which events may begin. until: months from which on none begins."""

    every: int
    until: int


@dataclass
class Hazards:
    """The hazards and slips of a case, ready to be drawn from. horizon: months."""

    case: Case
    dates: Dates
    events: tuple[Any, ...] = field(init=False)
    slips: tuple[Any, ...] = field(init=False)
    factors: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.events, self.slips = self.case.rows("hazards"), self.case.rows("slips")
        named = [row.factor for row in self.events if row.factor]
        self.factors = tuple(dict.fromkeys([*named, *([PROJECTS] if self.slips else [])]))
        self.horizon = _month(self.case, self.case.horizon_to)

    @property
    def dimensions(self) -> int:
        """Coordinates of a point."""
        return len(self.factors) + (1 + EACH_EVENT) * len(self.events) + (1 + EACH_SLIP) * len(self.slips)

    def drawn(self, points: Floats) -> list[Drawn]:
        """A future for each point. points: (futures, dimensions)."""
        scores = ndtri(points)
        causes = {name: scores[:, number] for number, name in enumerate(self.factors)}
        at = len(self.factors)
        own = [(row.factor, row.loading) for row in self.events] + [(PROJECTS, row.loading) for row in self.slips]
        joint = np.column_stack(
            [
                scores[:, at + number] if not factor else _joined(scores[:, at + number], causes[factor], loading)
                for number, (factor, loading) in enumerate(own)
            ]
            or [np.empty((len(points), 0))]
        )
        rest = points[:, at + len(own) :]
        strikes, slips = joint[:, : len(self.events)], joint[:, len(self.events) :]
        return [self.future(*one) for one in zip(strikes, slips, rest, strict=True)]

    def quiet_chance(self) -> float:
        """The probability that no event comes by a hazard: exact, by quadrature over each common cause."""
        free = [row for row in self.events if row.comes == "hazard" and not row.needs]
        nodes, weights = np.polynomial.hermite_e.hermegauss(QUADRATURE)
        chance = 1.0
        for factor in dict.fromkeys(row.factor for row in free):
            given = np.ones(QUADRATURE)
            for row in free:
                if row.factor == factor:
                    given *= self._spared(row, nodes if factor else np.zeros(QUADRATURE))
            chance *= float(weights @ given / weights.sum())
        return chance

    def _spared(self, row: Any, cause: Floats) -> Floats:
        """The probability that a hazard does not strike in time where its cause is at these normal scores."""
        last = (math.ceil(self._last(row) / self.dates.every) - 1) * self.dates.every
        limit = float(ndtri(math.exp(-hazard_until(self.case, row, last / MONTHS_A_YEAR))))
        loading = row.loading if row.factor else 0.0
        chance: Floats = ndtr((limit - loading * cause) / max(math.sqrt(1.0 - loading**2), LEAST_SPREAD))
        return chance

    def quiet(self) -> list[tuple[Drawn, float]]:
        """Futures without an event that comes by a hazard: each outcome of the dates, and its share of them."""
        outcomes: list[tuple[tuple[Strike, ...], float]] = [((), 1.0)]
        for row in self.events:
            if row.comes == "date":
                ways = [
                    (self.on_its_date(row, comes), row.chance if comes else 1 - row.chance) for comes in (True, False)
                ]
                outcomes = [
                    (strikes if one is None else (*strikes, one), share * chance)
                    for strikes, share in outcomes
                    for one, chance in ways
                    if chance > 0
                ]
        ordered = sorted(outcomes, key=lambda outcome: -outcome[1])
        return [
            (Drawn(None, tuple(sorted(strikes, key=lambda strike: (strike.start, strike.event)))), share)
            for strikes, share in ordered
        ]

    def future(self, strikes: Floats, slips: Floats, rest: Floats) -> Drawn:
        """One future. strikes, slips: normal scores, (events,) and (slips,). rest: shares, two for each of them.

        The shares of an event are those of its length and strength, of a slip of its years and overrun.
        """
        shares = rest[: EACH_EVENT * len(self.events)].reshape(-1, EACH_EVENT)
        struck: list[tuple[Any, Strike]] = []
        fixed: list[tuple[Any, Strike]] = []
        for row, score, (length, strength) in zip(self.events, strikes.tolist(), shares.tolist(), strict=True):
            one = self._strike(row, score, _length(row, length), _strength(row, strength))
            (struck if row.comes == "hazard" else fixed).extend([] if one is None else [(row, one)])
        placed = self._waiting(self._apart(struck), struck)
        onset = min((strike.start for _, strike in placed), default=None)
        came = [(row, strike) for row, strike in fixed if row.comes == "date"]
        if onset is not None:
            came += [(row, _moved(strike, onset)) for row, strike in fixed if row.comes == "parting"]
        order = {row.event: number for number, row in enumerate(self.events)}
        events = [
            _renamed(strike, name)
            for row, strike in sorted((*placed, *came), key=lambda pair: (pair[1].start, order[pair[0].event]))
            for name in (strike.event, *row.brings)
        ]
        slipped = () if onset is None else tuple(self._slips(slips, rest[EACH_EVENT * len(self.events) :]))
        return Drawn(onset, tuple(events), slipped)

    def _strike(self, row: Any, score: float, length: float, strength: float) -> Strike | None:
        """An event as its score has it, before others move it; None where it does not come."""
        if row.comes == "hazard":
            start = self._on_grid(_time(self.case, row, score))
            return Strike(row.event, start, length, strength) if start < self._last(row) else None
        comes = float(ndtr(score)) > 1.0 - row.chance or row.chance == 1.0
        return self.on_its_date(row, comes, length, strength)

    def on_its_date(self, row: Any, comes: bool, length: float = math.inf, strength: float = 1.0) -> Strike | None:
        """An event that comes by no hazard on its day, or what comes in its place; None where nothing does."""
        start = 0 if row.first is None else _month(self.case, row.first)
        if comes:
            return Strike(row.event, start, length, strength)
        return Strike(row.otherwise, start, math.inf) if row.otherwise else None

    def _on_grid(self, years: float) -> int:
        """The next month at which events may begin."""
        if not math.isfinite(years):
            return self.horizon
        every = self.dates.every
        return min(self.horizon, every * math.ceil(years * MONTHS_A_YEAR / every - 1e-9))

    def _last(self, row: Any) -> int:
        last = self.horizon if row.last is None else _month(self.case, row.last)
        return min(self.horizon, self.dates.until, last)

    def _apart(self, struck: Sequence[tuple[Any, Strike]]) -> list[tuple[Any, Strike]]:
        """Those that need no other, the later of a group moved behind the earlier; what falls out of time is lost."""
        waiting = [(one.start, number) for number, (row, one) in enumerate(struck) if not row.needs]
        heapq.heapify(waiting)
        free: dict[str, float] = {}
        placed = []
        while waiting:
            start, number = heapq.heappop(waiting)
            row, one = struck[number]
            until = free.get(row.group, 0.0) if row.group else 0.0
            if start >= self._last(row) or not math.isfinite(until):
                continue
            if until > start:
                heapq.heappush(waiting, (self._on_grid(until / MONTHS_A_YEAR), number))
                continue
            placed.append((row, _moved(one, start)))
            if row.group:
                free[row.group] = start + one.length
        return placed

    def _waiting(
        self, placed: list[tuple[Any, Strike]], struck: Sequence[tuple[Any, Strike]]
    ) -> list[tuple[Any, Strike]]:
        """With those that need another, at the first time that they struck and it lasts."""
        found = list(placed)
        for row, one in struck:
            if row.needs:
                spans = sorted((other.start, other.end) for its, other in placed if its.event in row.needs)
                start = next((max(one.start, begin) for begin, end in spans if end > one.start), self.horizon)
                if start < self._last(row):
                    found.append((row, _moved(one, start)))
        return found

    def _slips(self, scores: Floats, rest: Floats) -> Iterable[tuple[str, float, float]]:
        shares = rest.reshape(-1, EACH_SLIP)
        for row, score, (years, overrun) in zip(self.slips, scores.tolist(), shares.tolist(), strict=True):
            if float(ndtr(score)) > 1.0 - row.chance or row.chance == 1.0:
                slip = round(HALVES * triangular(row.low_years, row.mode_years, row.high_years, years)) / HALVES
                multiple = triangular(row.low_overrun, row.mode_overrun, row.high_overrun, overrun)
                yield row.project, slip, round(multiple, OVERRUN_DIGITS)


def _joined(own: Floats, cause: Floats, loading: float) -> Floats:
    """Normal scores of an event, (futures,), from its own and those of its cause."""
    return loading * cause + math.sqrt(1.0 - loading**2) * own


def _span(case: Case, row: Any) -> tuple[float, float]:
    """When a hazard begins and when it changes, years from the horizon's first day; infinite where it never does."""
    begin, change = (
        None if day is None else years_between(case.horizon_from, as_date(day)) for day in (row.first, row.later_from)
    )
    begin = begin or 0.0
    return begin, math.inf if change is None else max(begin, change)


def hazard_until(case: Case, row: Any, years: float) -> float:
    """The sum of a hazard over time, from its first day."""
    begin, change = _span(case, row)
    early = row.hazard_per_year * max(0.0, min(years, change) - begin)
    return float(early + (row.later_per_year * (years - change) if years > change else 0.0))


def _time(case: Case, row: Any, score: float) -> float:
    """Years from the horizon's first day to the strike that a normal score means; infinite where it never comes."""
    left = -float(log_ndtr(score))
    begin, change = _span(case, row)
    early = row.hazard_per_year * (change - begin) if row.hazard_per_year else 0.0
    if left <= early:
        return float(begin + left / row.hazard_per_year)
    if math.isinf(change) or not row.later_per_year:
        return math.inf
    return float(change + (left - early) / row.later_per_year)


def _length(row: Any, share: float) -> float:
    """Months, whole, at least one; infinite where it lasts to the horizon."""
    if not math.isfinite(row.high_months):
        return math.inf
    return max(1.0, float(round(triangular(row.low_months, row.mode_months, row.high_months, share))))


def _strength(row: Any, share: float) -> float:
    return round(triangular(row.low_strength, row.mode_strength, row.high_strength, share), STRENGTH_DIGITS)


def _moved(strike: Strike, start: int) -> Strike:
    return Strike(strike.event, start, strike.length, strike.strength)


def _renamed(strike: Strike, event: str) -> Strike:
    own = strike.event == event
    return strike if own else Strike(event, strike.start, strike.length)


def _month(case: Case, day: str | datetime.date) -> int:
    return math.ceil(years_between(case.horizon_from, as_date(day)) * MONTHS_A_YEAR - 1e-9)
