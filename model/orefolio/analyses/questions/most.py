"""`most MEASURE VALUE`: a linear measure of the plan is at most at a value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .measures import limited, measure
from .turned import Turned


def asked(turned: Turned, words: Sequence[Any]) -> Turned:
    """The program with the limit."""
    name, value = words
    return limited(measure(name, "most").state(turned), float(value))
