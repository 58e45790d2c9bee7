"""`least MEASURE GAP`: the least value of a measure, proved within a share of it, and the least cost at that value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from .measures import measure
from .turned import Aim, Turned


def asked(turned: Turned, words: Sequence[Any]) -> Turned:
    """The program with the measure as its objective."""
    name, gap = words
    grown, amount, of = measure(name, "least").state(turned)
    return replace(grown, aim=Aim(amount, of, gap=float(gap), then_cost=True))
