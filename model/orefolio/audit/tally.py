"""What a check counts: how many items it looked at, the largest violation, and each one that is too large.

Every amount is a sum of products of at most a dozen reported numbers. Products of doubles are off by less than 1e-14 of
their size, and `math.fsum` rounds their sum once, so the float error of a row stays under a hundred-millionth of the
tolerance: what is said here is what exact arithmetic would say.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

TOLERANCE = 1e-6
"""Largest violation that passes, relative to the size of the row."""
LEAST_SIZE = 1.0
"""Size of a small row: one tonne, one million USD, one decision. Violations under a gram or a dollar pass."""
LEAST_REPORTED = 1e-4
"""Size of a small number of a table, which is rounded to nine digits and not solved for."""
SHOWN = 20


@dataclass
class Tally:
    """The count of one check. findings: words on the worst violations, at most as many as are shown."""

    items: int = 0
    failed: int = 0
    largest: float = 0.0
    findings: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether every item holds."""
        return self.failed == 0

    def weigh(self, excess: float, size: float, *what: object, least: float = LEAST_SIZE) -> None:
        """Count an item that is broken by `excess` (nothing where it is not positive), relative to its size."""
        self.items += 1
        relative = max(excess, 0.0) / max(size, least)
        self.largest = max(self.largest, relative if math.isfinite(relative) else math.inf)
        if not relative <= TOLERANCE:
            self._fail(f"{_words(what)}: off by {excess:.6g}, which is {relative:.2g} of its size")

    def same(self, terms: Iterable[float], *what: object) -> None:
        """Terms that sum to nothing."""
        parts = list(terms)
        self.weigh(abs(math.fsum(parts)), math.fsum(map(abs, parts)), *what)

    def most(self, terms: Iterable[float], limit: float, *what: object) -> None:
        """Terms whose sum stays within a limit."""
        parts = list(terms)
        if limit == math.inf:
            self.items += 1
            return
        excess = math.fsum([*parts, -limit])
        if excess <= 0.0:  # whatever its size; not so where it is no number
            self.items += 1
            return
        self.weigh(excess, math.fsum([*map(abs, parts), abs(limit)]), *what)

    def least(self, terms: Iterable[float], limit: float, *what: object) -> None:
        """Terms whose sum reaches a limit."""
        self.most([-term for term in terms], -limit, *what)

    def holds(self, condition: bool, *what: object) -> None:
        """A statement that is either true or not."""
        self.items += 1
        if not condition:
            self.largest = math.inf
            self._fail(_words(what))

    def agrees(self, reported: float | None, reckoned: float | None, size: float, *what: object) -> None:
        """A number of a table or the record against the one reckoned here; size: what it is a sum of."""
        if reported is None or reckoned is None:
            self.holds(reported is None and reckoned is None, *what, f"{reported} reported, {reckoned} reckoned")
            return
        if reported == reckoned and math.isfinite(size):
            self.items += 1
            return
        off = 0.0 if reported == reckoned else abs(reported - reckoned)
        text = f"{reported:.9g} reported, {reckoned:.9g} reckoned"
        self.weigh(off, max(size, abs(reckoned)), *what, text, least=LEAST_REPORTED)

    def _fail(self, text: str) -> None:
        self.failed += 1
        if len(self.findings) < SHOWN:
            self.findings.append(text)


def _words(what: tuple[object, ...]) -> str:
    return " ".join("/".join(map(str, part)) if isinstance(part, tuple) else str(part) for part in what if part != "")
