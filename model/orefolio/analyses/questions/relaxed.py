"""`relaxed`: decisions need not be whole; there is a bound and no plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from .turned import Turned


def asked(turned: Turned, words: Sequence[Any]) -> Turned:
    """The same program, to be relaxed."""
    return replace(turned, relaxed=True)
