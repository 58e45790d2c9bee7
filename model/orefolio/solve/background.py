"""The solver's run on a thread of its own, so that signals are heard meanwhile and a run that is deaf can be left."""

from __future__ import annotations

import atexit
import threading

import highspy

_started: list[threading.Thread] = []


def still_running() -> bool:
    """Whether a run that was left behind goes on. The process must then not end in Python's way: it would abort."""
    return any(thread.is_alive() for thread in _started)


@atexit.register
def _wait_for_all() -> None:
    for thread in _started:
        thread.join()


class Background:
    """A run that has begun. status: the solver's, None until it has ended. fault: what it raised instead."""

    def __init__(self, highs: highspy.Highs) -> None:
        self.status: highspy.HighsStatus | None = None
        self.fault: BaseException | None = None
        self._highs = highs
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        _started[:] = [thread for thread in _started if thread.is_alive()]
        self._thread.start()
        _started.append(self._thread)

    def ended(self, seconds: float | None = None) -> bool:
        """Whether it ends within so many seconds; None waits for the end."""
        return self._ended.wait(seconds)

    def _run(self) -> None:
        try:
            self.status = super(highspy.Highs, self._highs).run()
        except BaseException as fault:  # the solver's own lack of memory comes as a MemoryError
            self.fault = fault
        finally:
            highspy.Highs.resetGlobalScheduler(False)  # the scheduler of this thread
            self._ended.set()
