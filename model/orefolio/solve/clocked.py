"""Clocks: of the steps of a solve, and of what a thread spends inside the solver."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import highspy


class _Spent(threading.local):
    seconds = 0.0


_spent = _Spent()


def seconds_inside() -> float:
    """Wall seconds that this thread has spent in calls of the solver and in waiting for its runs, so far."""
    return _spent.seconds


class Clock:
    """Wall seconds by step, in a thread that goes from one to the next."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._before = seconds_inside()

    @property
    def solver(self) -> float:
        """Wall seconds inside the solver since the clock was made."""
        return seconds_inside() - self._before

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count the block as a step, or as more of it."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.monotonic() - began


@contextmanager
def inside() -> Iterator[None]:
    """Within the block this thread is inside the solver."""
    began = time.monotonic()
    try:
        yield
    finally:
        _spent.seconds += time.monotonic() - began


class Silent(highspy.Highs):
    """A solver object that says nothing on standard output.

    From 1.16 on the solver writes its banner as soon as callbacks are enabled, which its constructor does.
    """

    def enableCallbacks(self) -> None:  # noqa: N802  the name is the solver's
        """Enable callbacks, after output is off."""
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


class Clocked:
    """A solver object whose calls are timed. bare: itself, for what is timed otherwise."""

    def __init__(self) -> None:
        self.bare = Silent()  # type: ignore[no-untyped-call]

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.bare, name)
        if not callable(found):
            return found

        def call(*given: object) -> Any:
            with inside():
                return found(*given)

        return call
