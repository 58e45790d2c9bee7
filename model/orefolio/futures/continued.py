r"""What may follow on the beginning of a future: independent draws from the hazards, given all that shows until a day.

What shows of a future until a day: which events have begun and how strongly, how long those lasted that are over, and
with its first event which projects slip. That an event lasts longer than until that day is known of it, and no more;
but one whose parts stretch with its length shows that at once, by how far it goes.

Each event's own score is drawn between the least and the greatest that may have led there. Its common cause c has the
density

$$f(c \mid past) \propto \varphi(c) \prod_i P(low_i < score_i \le high_i \mid c)$$

so that a quarrel that has struck once strikes sooner again. The bounds are wide where events wait for each other; what
is drawn is therefore kept only where the whole of it goes as the past did.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from orefolio.case.case import Case
from orefolio.case.lives import MONTHS_A_YEAR
from orefolio.errors import Fault, InputError
from orefolio.program.program import Floats

from .drawing import EACH_EVENT, EACH_SLIP, PROJECTS, Drawn, Hazards, Strike, hazard_until
from .points import INSIDE, points, triangular_share

Known = tuple[int | None, tuple[tuple[str, int, float | None, float], ...], tuple[tuple[str, float, float], ...]]
"""Onset, events with start, strength and the length where it shows, and slips."""
CERTAIN = 8.0
"""Normal score of what is known to have come, and less that of what did not."""
CAUSES = np.linspace(-CERTAIN, CERTAIN, 1601)
"""Normal scores of a common cause at which its density is reckoned."""
AT_ONCE, MOST_BATCHES = 64, 256
"""Points drawn at once, for each future that is wanted two at least, and how often at most."""


def shows_at_once(case: Case) -> frozenset[str]:
    """The events whose length shows with their beginning: some part of them stretches with it."""
    return frozenset(row.event for row in case.rows("events") if row.written_for_months)


def known_of(drawn: Drawn, month: int, at_once: frozenset[str]) -> Known:
    """What shows of a future until a month, which is no longer part of it."""
    begun = [one for one in drawn.strikes if one.start < month]
    told = tuple(
        (one.event, one.start, one.length if one.end <= month or one.event in at_once else None, one.strength)
        for one in begun
    )
    parted = drawn.onset is not None and drawn.onset < month
    return drawn.onset if parted else None, told, drawn.slips if parted else ()


def continued(hazards: Hazards, drawn: Drawn, month: int, count: int, seed: int) -> list[Drawn]:
    """So many futures of which until a month the same shows as of one. Raises InputError where hardly any is drawn."""
    at_once = shows_at_once(hazards.case)
    known = known_of(drawn, month, at_once)
    past = _Past(hazards, known, month)
    found: list[Drawn] = []
    size = max(AT_ONCE, 1 << (2 * count - 1).bit_length())
    for batch in range(MOST_BATCHES):
        for one in past.drawn(points("random", size, hazards.dimensions, seed + batch)):
            if known_of(one, month, at_once) == known:
                found.append(one)
            if len(found) == count:
                return found
    tried = f"{len(found)} of {size * MOST_BATCHES:,} draws that go on from what happened until month {month}"
    remedy = "Take fewer futures with --fan, or write events that wait for each other without group or needs"
    raise InputError([Fault("hazards.csv", tried, f"{count}", remedy=remedy)])


@dataclass(frozen=True)
class _Past:
    """What shows of a future until a month, as bounds of what is drawn."""

    hazards: Hazards
    known: Known
    month: int

    def drawn(self, cube: Floats) -> Iterable[Drawn]:
        """A future for each point, most of which go as the past did. cube: (futures, dimensions)."""
        hazards = self.hazards
        factors, events, slips = len(hazards.factors), len(hazards.events), len(hazards.slips)
        bounds = np.array([self._bounds(row) for row in hazards.events]).reshape(-1, 2)
        causes = {name: self._cause(bounds, name, cube[:, number]) for number, name in enumerate(hazards.factors)}
        own = cube[:, factors : factors + events + slips]
        strikes = np.empty((len(cube), events))
        for number, row in enumerate(hazards.events):
            loading, cause = (row.loading, causes[row.factor]) if row.factor else (0.0, np.zeros(len(cube)))
            low, high = bounds[number].tolist()
            strikes[:, number] = _between(low, high, loading, cause, own[:, number])
        slipped = np.empty((len(cube), slips))
        for number, row in enumerate(hazards.slips):
            slipped[:, number] = _between(0.0, 1.0, row.loading, causes[PROJECTS], own[:, events + number])
        rest = cube[:, factors + events + slips :].copy()
        self._hold_shares(rest, slipped)
        return (hazards.future(*one) for one in zip(strikes, slipped, rest, strict=True))

    def _cause(self, bounds: Floats, name: str, share: Floats) -> Floats:
        """Normal scores of a common cause, (futures,), given what it may have led to. share: of its density."""
        density = -0.5 * CAUSES**2
        for (low, high), row in zip(bounds, self.hazards.events, strict=True):
            if row.factor == name:
                least, most = _given(low, high, row.loading, CAUSES)
                density = density + np.log(np.maximum(most - least, 1e-300))
        until = np.cumsum(np.exp(density - density.max()))
        found: Floats = np.interp(share, until / until[-1], CAUSES)
        return found

    def _bounds(self, row: Any) -> tuple[float, float]:
        """The probabilities between which that of an event's normal score lies."""
        start = self._start(row.event)
        if row.comes != "hazard":
            on_its_day = self.hazards.on_its_date(row, True)
            if row.comes == "parting" or on_its_day is None or on_its_day.start >= self.month:
                return 0.0, 1.0
            return (1.0 - row.chance, 1.0) if start is not None else (0.0, 1.0 - row.chance)
        if start is None:
            return 0.0, 1.0 if row.needs else self._chance(row, self._free_since(row, self.month))
        first = -1 if row.needs else self._free_since(row, start)
        return self._chance(row, start), self._chance(row, first)

    def _chance(self, row: Any, month: int) -> float:
        """The probability of a score under which an event by its hazard comes later than the last day until a month."""
        return math.exp(-hazard_until(self.hazards.case, row, max(0, month) / MONTHS_A_YEAR)) if month >= 0 else 1.0

    def _free_since(self, row: Any, month: int) -> int:
        """The last day before a month on which the event would have begun had it struck until then; −1 for none."""
        every = self.hazards.dates.every
        begin = math.ceil(month / every) * every
        group = {other.event for other in self.hazards.events if row.group and other.group == row.group}
        for one in sorted(self._begun(group - {row.event}), key=lambda one: -one.start):
            if one.start < begin and math.ceil(one.end / every) * every >= begin:
                begin = one.start
        return begin - every

    def _begun(self, events: set[str]) -> list[Strike]:
        """The events of a set that have begun; those whose end does not show last until the month at least."""
        return [
            Strike(event, start, self.month - start if length is None else length)
            for event, start, length, _ in self.known[1]
            if event in events
        ]

    def _start(self, event: str) -> int | None:
        return next((start for name, start, *_ in self.known[1] if name == event), None)

    def _hold_shares(self, rest: Floats, slipped: Floats) -> None:
        """Set the shares of lengths, strengths and slips where they show, in place. rest: (futures, shares)."""
        began = {event: (start, length, strength) for event, start, length, strength in self.known[1]}
        for number, row in enumerate(self.hazards.events):
            if row.event not in began:
                continue
            start, length, strength = began[row.event]
            at = EACH_EVENT * number
            low, mode, high = row.low_months, row.mode_months, row.high_months
            if math.isfinite(high) and length is not None:
                rest[:, at] = _inside(triangular_share(low, mode, high, length))
            elif math.isfinite(high):
                least = triangular_share(low, mode, high, self.month - start + 0.5)
                rest[:, at] = least + (1.0 - least) * rest[:, at]
            rest[:, at + 1] = _inside(
                triangular_share(row.low_strength, row.mode_strength, row.high_strength, strength)
            )
        if self.known[0] is None:
            return
        told = {project: (years, overrun) for project, years, overrun in self.known[2]}
        first = EACH_EVENT * len(self.hazards.events)
        for number, row in enumerate(self.hazards.slips):
            slipped[:, number] = CERTAIN if row.project in told else -CERTAIN
            if row.project in told:
                years, overrun = told[row.project]
                at = first + EACH_SLIP * number
                rest[:, at] = _inside(triangular_share(row.low_years, row.mode_years, row.high_years, years))
                rest[:, at + 1] = _inside(
                    triangular_share(row.low_overrun, row.mode_overrun, row.high_overrun, overrun)
                )


def _given(low: float, high: float, loading: float, cause: Floats) -> tuple[Floats, Floats]:
    """The probabilities of an event's own score at two bounds of the joint one, where its cause is known."""
    spread = math.sqrt(1.0 - loading**2)
    if spread == 0.0:
        joint = ndtr(loading * cause)
        return np.where(joint > low, 0.0, 1.0), np.where(joint <= high, 1.0, 0.0)
    bounds = ndtri(np.array([low, high]))
    least, most = (ndtr((bound - loading * cause) / spread) for bound in bounds)
    return least, most


def _between(low: float, high: float, loading: float, cause: Floats, share: Floats) -> Floats:
    """Joint normal scores between two bounds, given as probabilities. cause, share: (futures,)."""
    least, most = _given(low, high, loading, cause)
    own = ndtri(np.clip(least + (most - least) * share, INSIDE, 1.0 - INSIDE))
    found: Floats = loading * cause + math.sqrt(1.0 - loading**2) * own
    return found


def _inside(share: float) -> float:
    return min(max(share, 0.0), 1.0)


__all__ = ["Known", "continued", "known_of", "shows_at_once"]
