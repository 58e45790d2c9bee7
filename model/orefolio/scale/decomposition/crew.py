"""Who answers for the parts: the common form, and the plainest, this process itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from typing import Protocol

from .message import Answer, Request
from .split import Part
from .subproblem import Subproblem

TRIES = 3
"""How often a part is asked of a worker that dies of it."""


def deadline(requests: Sequence[Request]) -> float:
    """When, on this process's clock, the answers are of no use any more."""
    return time.monotonic() + max((request.seconds for request in requests), default=0.0)


class Crew(Protocol):
    """Workers that keep parts warm between requests."""

    def take(self, parts: Sequence[Part]) -> None:
        """The parts that will be asked for."""
        ...

    def ask(self, requests: Sequence[Request]) -> Iterator[Answer]:
        """Yields an answer to each, in any order, and none of those that `stop` or the time limit comes before.

        Raises UnfinishedError where no worker can go on.
        """
        ...

    def close(self) -> None:
        """End the workers."""
        ...


class Here:
    """Answers in this process, one after the other."""

    def __init__(self, stop: threading.Event | None = None) -> None:
        self.stop = stop
        self.parts: Sequence[Part] = ()
        self.known: dict[int, Subproblem] = {}

    def take(self, parts: Sequence[Part]) -> None:
        """As `Crew.take`."""
        self.parts = parts
        self.known.clear()

    def ask(self, requests: Sequence[Request]) -> Iterator[Answer]:
        """As `Crew.ask`."""
        until = deadline(requests)
        for request in requests:
            if time.monotonic() > until:
                return
            if request.part not in self.known:
                self.known[request.part] = Subproblem(self.parts[request.part], self.stop)
            yield self.known[request.part].answer(request)

    def close(self) -> None:
        """As `Crew.close`."""
        self.known.clear()
