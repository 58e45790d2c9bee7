"""Parts kept warm by processes of this machine: each has its own parts, so that none is solved from nothing twice."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

import numpy as np

from orefolio.analyses.sweep.engine import UnfinishedError
from orefolio.analyses.sweep.local import how_it_ended, no_interrupt
from orefolio.analyses.sweep.worker import MEMORY_RAN_OUT, listen, stand_alone
from orefolio.errors import SolverError

from .crew import TRIES, deadline
from .message import (
    Answer,
    Request,
    packed_answer,
    packed_part,
    packed_request,
    unpacked_answer,
    unpacked_part,
    unpacked_request,
)
from .split import Part
from .subproblem import Subproblem

PART, REQUEST, ANSWER, FAULT = b"P", b"R", b"A", b"F"
"""The first byte of a message."""


def attend(connection: Connection) -> None:
    """What a worker does: take parts in and answer requests, until there is nobody at the other end."""
    stand_alone()
    inbox: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=listen, args=(connection, inbox), daemon=True).start()
    known: dict[int, Subproblem] = {}
    while True:
        message = inbox.get()
        kind, content = message[:1], message[1:]
        try:
            if kind == PART:
                part = unpacked_part(content)
                known[part.number] = Subproblem(part)
                continue
            request = unpacked_request(content)
            connection.send_bytes(ANSWER + packed_answer(known[request.part].answer(request)))
        except MemoryError:
            os._exit(MEMORY_RAN_OUT)
        except SolverError as error:
            connection.send_bytes(FAULT + str(error).encode("utf-8", "backslashreplace"))


class _Worker:
    """A worker process, what it holds, and what it was asked and has not answered, in order."""

    def __init__(self) -> None:
        context = get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=attend, args=(theirs,), daemon=True)
        with no_interrupt():
            self.process.start()
        theirs.close()
        self.holds: set[int] = set()
        self.asked: list[Request] = []

    def give(self, part: Part, request: Request) -> None:
        """Ask it. One that is dead already is found out by its closed pipe."""
        self.asked.append(request)
        with suppress(OSError):
            if part.number not in self.holds:
                self.holds.add(part.number)
                self.connection.send_bytes(PART + packed_part(part))
            self.connection.send_bytes(REQUEST + packed_request(request))

    def end(self, dying: bool = False) -> str:
        """Kill it, unless it is dying by itself, and say in words how it ended."""
        return how_it_ended(self.process, self.connection, dying)


class Processes:
    """So many worker processes; the parts are dealt out among them by size. A worker that dies is replaced, and what it
    had not answered is asked again. Workers die with this process, however it ends. stop: gives up what is under way.
    """

    def __init__(self, count: int, stop: threading.Event | None = None) -> None:
        self.count = count
        self.stop = stop or threading.Event()
        self.parts: Sequence[Part] = ()
        self.home: dict[int, int] = {}
        self.workers: list[_Worker] = []
        self.deaths: dict[int, int] = {}

    def take(self, parts: Sequence[Part]) -> None:
        """As `Crew.take`."""
        self.parts = parts
        sizes = np.array([part.program.matrix.nnz for part in parts])
        ranked = np.argsort(-sizes, kind="stable").tolist()
        self.home = {part: place % self.count for place, part in enumerate(ranked)}
        self.workers = [_Worker() for _ in range(min(self.count, len(parts)))]

    def ask(self, requests: Sequence[Request]) -> Iterator[Answer]:
        """As `Crew.ask`."""
        until = deadline(requests)
        for request in requests:
            self._give(request)
        left = len(requests)
        while left and not self.stop.is_set() and time.monotonic() < until:
            for connection in wait([worker.connection for worker in self.workers], timeout=0.2):
                number = next(n for n, worker in enumerate(self.workers) if worker.connection is connection)
                answer = self._heard(number)
                if answer is not None:
                    left -= 1
                    yield answer
        if left:
            self.close()  # what they are at would be answered into the next question

    def _give(self, request: Request) -> None:
        if not self.workers:
            self.workers = [_Worker() for _ in range(min(self.count, len(self.parts)))]
        self.workers[self.home[request.part]].give(self.parts[request.part], request)

    def _heard(self, number: int) -> Answer | None:
        """An answer; None where its worker is dead, and another was given its work."""
        worker = self.workers[number]
        try:
            message = worker.connection.recv_bytes()
        except (EOFError, OSError):
            self._replace(number)
            return None
        if message[:1] == FAULT:
            raise SolverError(message[1:].decode())
        answer = unpacked_answer(message[1:])
        worker.asked = [request for request in worker.asked if request.part != answer.part]
        return answer

    def _replace(self, number: int) -> None:
        """Another worker in a dead one's place. Raises UnfinishedError where it died of the same part TRIES times."""
        worker = self.workers[number]
        how = worker.end(dying=True)
        if worker.asked:
            part = worker.asked[0].part
            self.deaths[part] = self.deaths.get(part, 0) + 1
            if self.deaths[part] >= TRIES:
                name = self.parts[part].future
                del self.workers[number]
                raise UnfinishedError(f"Workers died {TRIES} times at the future {name}, the last by {how}.")
        self.workers[number] = _Worker()
        for request in worker.asked:
            self._give(request)

    def close(self) -> None:
        """As `Crew.close`."""
        for worker in self.workers:
            worker.process.kill()
        for worker in self.workers:
            worker.end()
        self.workers = []
