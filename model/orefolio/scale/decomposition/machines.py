"""Parts kept warm by the workers of a dask.distributed cluster."""

from __future__ import annotations

import itertools
import logging
import queue
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from orefolio.analyses.sweep.engine import UnfinishedError
from orefolio.errors import MissingExtraError, SolverError
from orefolio.scale.cluster import BEAT_SECONDS, IDLE_SECONDS, LOGS, SILENT_SECONDS, Cluster

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

_one_at_a_time = threading.Lock()
_known: dict[tuple[str, int], Subproblem] = {}


def attend_here(solve: str, number: int, request: bytes, part: bytes | None) -> tuple[bytes | None, str]:
    """Run by a worker of the cluster: an answer, or None where it has not been given the part yet; or a fault.

    solve: which one; parts of an earlier one are forgotten. One request at a time in a process.
    """
    with _one_at_a_time:
        for key in [key for key in _known if key[0] != solve]:
            del _known[key]
        if part is not None:
            _known[solve, number] = Subproblem(unpacked_part(part))
        held = _known.get((solve, number))
        if held is None:
            return None, ""
        try:
            return packed_answer(held.answer(unpacked_request(request))), ""
        except SolverError as error:
            return None, str(error)


class Machines:
    """Workers of a running cluster. Each part goes to the same worker as long as that lives; another is given it anew.

    Raises MissingExtraError without dask.distributed, InputError for an address that is none or not safe.
    """

    def __init__(self, address: str, insecure: bool = False, stop: threading.Event | None = None) -> None:
        self.cluster = Cluster(address, insecure)
        self.stop = stop or threading.Event()
        self.parts: Sequence[Part] = ()
        self.name = uuid.uuid4().hex
        self.client: Any = None
        self.arrived: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.under_way: dict[Any, Request] = {}
        self.tries: dict[int, int] = {}
        self.home: dict[int, str] = {}

    def take(self, parts: Sequence[Part]) -> None:
        """As `Crew.take`. Raises UnfinishedError where no scheduler answers."""
        for name in LOGS:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self.parts = parts
        self.client = self.cluster.connected()

    def ask(self, requests: Sequence[Request]) -> Iterator[Answer]:
        """As `Crew.ask`."""
        until = deadline(requests)
        self.tries.clear()
        self._settle_homes()
        for request in requests:
            self._send(request)
        well = time.monotonic()
        while self.under_way and not self.stop.is_set() and time.monotonic() < until:
            try:
                future = self.arrived.get(timeout=BEAT_SECONDS)
            except queue.Empty:
                well = self._checked(well)
                continue
            if future in self.under_way:
                answer = self._end(self.under_way.pop(future), future)
                well = time.monotonic()
                if answer is not None:
                    yield answer
        for future in list(self.under_way):
            future.cancel()
        self.under_way.clear()

    def close(self) -> None:
        """As `Crew.close`; the cluster goes on."""
        if self.client is not None:
            with suppress(Exception):
                self.client.close(timeout=2)
            self.client = None

    def _workers(self) -> list[str]:
        found: list[str] = []
        with suppress(OSError, TimeoutError):
            found = sorted(self.client.sync(self.client.scheduler.ncores, callback_timeout=SILENT_SECONDS))
        return found

    def _settle_homes(self) -> None:
        """Deal the parts that have no living worker out among those that live."""
        workers = self._workers()
        if workers:
            turn = itertools.cycle(workers)
            self.home = {
                part.number: self.home[part.number] if self.home.get(part.number) in workers else next(turn)
                for part in self.parts
            }

    def _send(self, request: Request, with_part: bool = False) -> None:
        content = packed_part(self.parts[request.part]) if with_part else None
        home = self.home.get(request.part)
        where = {} if home is None else {"workers": [home], "allow_other_workers": True}
        given = (self.name, request.part, packed_request(request), content)
        future = self.client.submit(attend_here, *given, pure=False, **where)
        self.under_way[future] = request
        future.add_done_callback(self.arrived.put)

    def _end(self, request: Request, future: Any) -> Answer | None:
        """An answer; None where the request was sent again. Raises as `ask`."""
        if future.status == "finished":
            content, fault = future.result(timeout=SILENT_SECONDS)
            if content is not None:
                return unpacked_answer(content)
            if fault:
                raise SolverError(fault)
            self._send(request, with_part=True)
            return None
        cause = future.exception(timeout=SILENT_SECONDS) if future.status == "error" else None
        if isinstance(cause, ModuleNotFoundError):
            raise MissingExtraError(f"The workers of {self.cluster.address} lack {cause.name}. Install orefolio there.")
        self.tries[request.part] = self.tries.get(request.part, 0) + 1
        if self.tries[request.part] >= TRIES:
            name, why = self.parts[request.part].future, cause or future.status
            raise UnfinishedError(f"The future {name} was lost {TRIES} times by workers, the last by {why}.")
        self._settle_homes()
        self._send(request)
        return None

    def _checked(self, well: float) -> float:
        """When workers were last seen. Raises UnfinishedError where scheduler or workers are lost."""
        now = time.monotonic()
        if self.client.status == "running" and self._workers():
            return now
        lost = self.client.status != "running"
        if now - well > (SILENT_SECONDS if lost else IDLE_SECONDS):
            what = "is lost" if lost else f"has had no worker for {IDLE_SECONDS:.0f} s"
            raise UnfinishedError(f"The cluster at {self.cluster.address} {what}.")
        return well
