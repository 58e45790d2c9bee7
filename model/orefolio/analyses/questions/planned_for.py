"""`planned_for FUTURE`: what is committed where futures share a node is what the best plan for one of them commits.

The future's plan for itself knows from the first day that it comes. What it commits to at a node of that future which
others pass through is held; all the rest is chosen anew, knowing that any future may come.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from orefolio.errors import Fault, InputError, nearest
from orefolio.program.program import Floats

from .held import shared
from .turned import Turned


def asked(turned: Turned, words: Sequence[Any]) -> Turned:
    """The program whose first decisions are to be those of a future's own plan."""
    (name,) = words
    names = [flat.path.future for flat in turned.own.flats]
    if name not in names:
        remedy = nearest(str(name), names) or f"It is one of {', '.join(names)}"
        raise InputError([Fault("planned_for", repr(name), "a future that is planned", remedy=remedy)])
    return replace(turned, planned_for=names.index(name))


def committed(turned: Turned, number: int, values: Floats) -> Turned:
    """The program with the commitments of a future's own plan held where it shares its node. values: (own columns,)."""
    held = shared(turned.own, number)
    return turned.with_fixed(turned.own.column_of[number][held], values[held])
