"""Ctrl-C, SIGTERM and hang-up during a solve: the first stops it and keeps the best plan, the second is let through."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = tuple(signal.Signals[name] for name in ("SIGINT", "SIGTERM", "SIGHUP") if name in signal.Signals.__members__)


class _Hear:
    """The handler: the first signal sets `stop`, a second goes to whatever handled it before."""

    def __init__(self, stop: threading.Event) -> None:
        self.stop = stop
        self.signals: list[int] = []
        self.before = {number: signal.getsignal(number) for number in SIGNALS}

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.signals.append(number)
        if not self.stop.is_set():
            self.stop.set()
            return
        earlier = self.before[signal.Signals(number)]
        if callable(earlier):
            earlier(number, frame)
        elif earlier is not signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)


@contextmanager
def heard(stop: threading.Event) -> Iterator[list[int]]:
    """Within the block, the first signal sets `stop`; a second goes to whatever handled it before.

    The list fills with the signals that came. Only the main thread of a process can hear signals; elsewhere the block
    changes nothing and `stop` is the way in. A block within a block of the same `stop` adds nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield []
        return
    outer = signal.getsignal(signal.SIGINT)
    if isinstance(outer, _Hear) and outer.stop is stop:
        yield outer.signals
        return
    hear = _Hear(stop)
    with _handled(hear, lambda earlier: earlier is not None and earlier is not signal.SIG_IGN):
        yield hear.signals


@contextmanager
def quitting() -> Iterator[None]:
    """Within the block a signal that would end the process raises KeyboardInterrupt instead: nothing is left behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    with _handled(signal.default_int_handler, lambda earlier: earlier is signal.SIG_DFL):
        yield


@contextmanager
def _handled(handler: Callable[[int, FrameType | None], object], which: Callable[[object], bool]) -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in SIGNALS}
    try:
        for number, earlier in before.items():
            if which(earlier):
                signal.signal(number, handler)
        yield
    finally:
        for number, earlier in before.items():
            if earlier is not None:
                signal.signal(number, earlier)
