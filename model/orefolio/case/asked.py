"""What a solve may ask of a case: one of its grids, some of its futures."""

from __future__ import annotations

from ..errors import Fault, InputError, nearest
from .case import Case


def grid_of(case: Case, name: str | None) -> str:
    """The name of a grid of the case, its own where none is asked for. Raises InputError for one that it lacks."""
    if name is not None and name not in case.grids:
        remedy = nearest(name, case.grids) or f"The case has {', '.join(case.grids)}"
        raise InputError([Fault("--grid", repr(name), "a grid of the case", remedy=remedy)])
    return name or case.grid


def futures_of(case: Case, futures: tuple[str, ...] | None, deterministic: bool) -> tuple[str, ...] | None:
    """The futures to plan for, None for all; deterministic: the trunk alone. Raises InputError for those it lacks."""
    rows = case.rows("futures")
    if deterministic:
        trunk = tuple(row.future for row in rows if row.onset is None)
        if not trunk:
            raise InputError([Fault("futures.csv", "no future without an onset", "one, the trunk's own continuation")])
        return trunk[:1]
    unknown = [name for name in futures or () if name not in {row.future for row in rows}]
    if unknown:
        raise InputError([Fault("futures.csv", f"the future {name!r}", "a future of the case") for name in unknown])
    return futures
