"""Ctrl-C and SIGTERM during a solve: the first asks it to stop and keeps the best plan, the second is let through."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def heard(stop: threading.Event) -> Iterator[None]:
    """Within the block, the first signal sets `stop`; a second goes to whatever handled it before.

    Only the main thread of a process can hear signals; elsewhere the block changes nothing and `stop` is the way in.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def hear(number: int, frame: FrameType | None) -> None:
        if not stop.is_set():
            stop.set()
            return
        earlier = before[signal.Signals(number)]
        if callable(earlier):
            earlier(number, frame)
        elif earlier is not signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)

    for number, earlier in before.items():
        if earlier is not None and earlier is not signal.SIG_IGN:
            signal.signal(number, hear)
    try:
        yield
    finally:
        for number, earlier in before.items():
            if earlier is not None:
                signal.signal(number, earlier)
