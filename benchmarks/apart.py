"""A function of the benchmarks run in a process of its own, so that what one leaves behind is not the next one's."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from typing import Any


def told_by(function: Callable[..., dict[str, Any]], *given: object) -> dict[str, Any]:
    """What a function gives back when a fresh process calls it."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, given)
