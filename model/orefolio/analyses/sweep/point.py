"""A point of a sweep: how it differs from the case, and what is asked of its solve."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from orefolio.case.adjust import Adjustment

from .sealed import canonical


@dataclass(frozen=True, slots=True)
class Point:
    """Levers by name, and overlays by path, on top of what is laid over the case for the whole sweep.

    grid, futures: None for the case's own. options: fields of `Options` by name; the solver always has one thread.
    questions: put to the program in their order, each a name of QUESTIONS and its words, as JSON has them.
    adjustments: of the case, after overlays and levers, in their order.
    """

    levers: Mapping[str, float] = field(default_factory=dict)
    overlays: tuple[str, ...] = ()
    grid: str | None = None
    futures: tuple[str, ...] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    questions: tuple[tuple[Any, ...], ...] = ()
    adjustments: tuple[Adjustment, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As JSON has it; the same point is always the same text."""
        return {
            "levers": {name: float(value) for name, value in self.levers.items()},
            "overlays": list(self.overlays),
            "grid": self.grid,
            "futures": None if self.futures is None else list(self.futures),
            "options": dict(self.options),
            "questions": [list(question) for question in self.questions],
            "adjustments": [asdict(adjustment) for adjustment in self.adjustments],
        }

    def key(self) -> str:
        """SHA-256 of what it says."""
        return hashlib.sha256(canonical(self.plain()).encode()).hexdigest()
