"""Futures: they part where something tells them apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from orefolio.errors import Fault, InputError

from ..case import Case
from ..scenarios import plant
from .place import fault_at


def futures_tell_time_alike(case: Case) -> Iterator[Fault]:
    """On no grid do two futures that know the same events tell time differently."""
    if not sum(row.weight for row in case.rows("futures")) > 0:
        return
    for grid in case.grids:
        try:
            plant(case, grid)
        except InputError as error:
            for fault in error.faults:
                place = fault_at(case, "future_events", 0, "future", fault.found, fault.expected, fault.remedy)
                yield replace(place, found=f"{place.found} on the grid {grid}")


def parts_of_events_count_up(case: Case) -> Iterator[Fault]:
    """Parts of an event are 1, 2, 3: a gap is perhaps a part that went to another event by a slip."""
    parts: dict[str, list[tuple[int, int]]] = {}
    for number, row in enumerate(case.rows("events")):
        parts.setdefault(row.event, []).append((row.part, number))
    for event, pairs in parts.items():
        numbers = sorted(part for part, _ in pairs)
        if numbers != list(range(1, len(numbers) + 1)):
            found = f"the parts {' '.join(map(str, numbers))} of {event!r}"
            yield fault_at(case, "events", pairs[0][1], "part", found, f"1 to {len(numbers)}")
