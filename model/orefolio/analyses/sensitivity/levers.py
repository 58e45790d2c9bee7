"""Levers of a case for an analysis: those that were asked for, where they stand, and values between their ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from orefolio.analyses.sweep.analysis import Asked
from orefolio.analyses.sweep.point import Point
from orefolio.errors import Fault, InputError, nearest

Place = tuple[tuple[str, float], ...]
"""A place of levers: those that stand elsewhere than in the case, with their values."""


def known(asked: Asked, names: Iterable[str], place: str) -> tuple[Any, ...]:
    """The rows of levers by name. place: the flag or argument that names them. Raises InputError."""
    rows = {row.lever: row for row in asked.case.rows("levers")}
    named = list(names)
    faults = [
        Fault(place, f"the lever {name!r}", "a lever of the case", remedy=nearest(name, rows))
        for name in named
        if name not in rows
    ]
    twice = sorted({name for name in named if named.count(name) > 1})
    faults += [Fault(place, f"the lever {name!r} twice", "each lever once") for name in twice]
    if not rows:
        faults = [Fault("levers.csv", "no lever", "at least one to turn")]
    if faults:
        raise InputError(faults)
    return tuple(rows[name] for name in named)


def standing(asked: Asked) -> dict[str, float]:
    """Where each lever stands in the case under the overlays and levers of the command."""
    stands = {row.lever: asked.case.stands_at(row.lever) for row in asked.case.rows("levers")}
    for overlay in asked.laid:
        stands |= overlay.levers
    return stands | dict(asked.point.levers)


def even(low: float, high: float, steps: int) -> tuple[float, ...]:
    """Equally spaced values with both ends, rounded to twelve digits so that base values among them are met."""
    return tuple(float(f"{value:.12g}") for value in np.linspace(low, high, steps))


def moved(turned: Mapping[str, float], stands: Mapping[str, float]) -> Place:
    """The place of levers that are turned so; empty at base."""
    return tuple((name, value) for name, value in turned.items() if value != stands[name])


def at(point: Point, place: Place, **options: Any) -> Point:
    """A point with levers at a place, and with other options where they are given."""
    return Point({**point.levers, **dict(place)}, point.overlays, point.grid, point.futures,
                 {**point.options, **options})  # fmt: skip


def short(text: str, most: int) -> str:
    """A text cut at a word."""
    if len(text) <= most:
        return text
    return text[: most - 1].rpartition(" ")[0].rstrip(",;:") + " …"
