"""Points of a sweep planned by the workers of a dask.distributed cluster."""

from __future__ import annotations

import ipaddress
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from orefolio.analyses.sweep.engine import Ended, Evaluate, Task, UnfinishedError, Work, ended
from orefolio.analyses.sweep.local import RefusedError
from orefolio.analyses.sweep.sealed import canonical
from orefolio.errors import Fault, InputError, MissingExtraError, OrefolioError

SCHEMES = ("tcp", "tls")
CONNECT_SECONDS = 10
SILENT_SECONDS = 10.0  # without a connection, until the scheduler counts as lost
IDLE_SECONDS = 60.0  # without a worker, until the sweep stops
BEAT_SECONDS = 0.5
COUNT_SECONDS = 2.0  # between two questions for the number of workers
INSTALL = "pip install 'orefolio[cluster]'"
LOGS = ("distributed", "distributed.client")  # dask gives the second a level of its own

_making = threading.Lock()
_kept: dict[str, Evaluate] = {}


def checked_address(address: str, insecure: bool) -> str:
    """The scheduler's address, `tcp://` or `tls://`. Raises InputError for a form of it that is none, and for plain TCP
    to another machine unless `insecure`."""
    text = address if "://" in address else f"tcp://{address}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not port or parts.scheme not in SCHEMES:
        raise InputError([Fault("--scheduler", repr(address), "tcp://HOST:PORT on this machine, or tls://HOST:PORT")])
    if parts.scheme == "tcp" and not _loopback(host) and not insecure:
        remedy = (
            "Whoever reaches such a scheduler can run code on its workers. Use tls:// with certificates, or add "
            "--insecure where the network is yours alone"
        )
        raise InputError([Fault("--scheduler", f"plain TCP to {host}", "TLS to another machine", remedy=remedy)])
    return text


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def plan_here(maker: str, setup: dict[str, Any], task: Task) -> dict[str, Any]:
    """Run by a worker of the cluster: one point, by what this process made for the first point of the sweep.

    One point at a time in a process, whatever its number of threads: the model is not made for several.
    """
    key = canonical([maker, setup])
    with _making:
        try:
            if key not in _kept:
                _kept.clear()
                _kept[key] = Work(maker, setup).made()
        except OrefolioError as error:
            return {"refused": str(error), "exit_code": error.exit_code}
        end = ended(_kept[key], task)
    return {"values": None if end.values is None else dict(end.values), "note": end.note}


class Cluster:
    """Workers of a running cluster, one point at a time each. A worker that dies is the scheduler's to make good: it
    gives the point to another as often as its `allowed-failures` says, then the point has failed.

    Raises MissingExtraError without dask.distributed, InputError for an address that is none or not safe.
    """

    def __init__(self, address: str, insecure: bool = False) -> None:
        self.address = checked_address(address, insecure)
        try:
            import distributed
        except ImportError as error:
            raise MissingExtraError(f"--scheduler needs dask.distributed. Install with: {INSTALL}") from error
        self.distributed = distributed

    def run(self, work: Work, tasks: Iterator[Task]) -> Iterator[Ended]:
        """As `Engine.run`."""
        for name in LOGS:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        client = self.connected()
        try:
            yield from _Sending(self.address, client, work, tasks).ends()
        finally:
            with suppress(Exception):
                client.close(timeout=2)

    def connected(self) -> Any:
        """A client of the scheduler. Raises UnfinishedError where none answers, InputError without certificates."""
        try:
            made: Any = self.distributed.Client
            return made(self.address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, TimeoutError) as error:
            raise UnfinishedError(f"No scheduler answers at {self.address} ({type(error).__name__}).") from error
        except TypeError as error:
            remedy = "Name them in dask's configuration under distributed.comm.tls"
            raise InputError([Fault(self.address, f"no certificates ({error})", "TLS", remedy=remedy)]) from error


class _Sending:
    """Points under way: as many as there are workers, so that a death names its point."""

    def __init__(self, address: str, client: Any, work: Work, tasks: Iterator[Task]) -> None:
        self.address, self.client, self.work, self.tasks = address, client, work, tasks
        self.under_way: dict[Any, Task] = {}
        self.again: deque[Task] = deque()
        self.arrived: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.well = self.staffed = time.monotonic()
        self.asked = -COUNT_SECONDS
        self.workers = 0

    def ends(self) -> Iterator[Ended]:
        """Yields each end as it arrives. Raises UnfinishedError where scheduler or workers are lost."""
        while True:
            self._send()
            if not self.under_way and not self.again:
                return
            try:
                future = self.arrived.get(timeout=BEAT_SECONDS)
            except queue.Empty:
                self._check()
                continue
            task = self.under_way.pop(future)
            if future.status in ("cancelled", "lost"):
                # The connection broke; the point is sent again once there is one, or `_check` gives up.
                self.again.append(task)
                self._check()
            else:
                yield self._end(task, future)

    def _send(self) -> None:
        if self.client.status != "running":
            return
        for _ in range(max(1, self._counted()) - len(self.under_way)):
            task = self.again.popleft() if self.again else next(self.tasks, None)
            if task is None:
                return
            future = self.client.submit(plan_here, self.work.maker, dict(self.work.setup), task, pure=False)
            self.under_way[future] = task
            future.add_done_callback(self.arrived.put)

    def _counted(self) -> int:
        """How many workers there are, asked of the scheduler now and then; the last answer where it does not say."""
        if time.monotonic() - self.asked >= COUNT_SECONDS:
            self.asked = time.monotonic()
            with suppress(OSError, TimeoutError):
                self.workers = len(self.client.sync(self.client.scheduler.ncores, callback_timeout=SILENT_SECONDS))
        return self.workers

    def _end(self, task: Task, future: Any) -> Ended:
        found, cause = None, None
        try:
            if future.status == "finished":
                found = future.result(timeout=SILENT_SECONDS)
            else:
                cause = future.exception(timeout=SILENT_SECONDS)
        except Exception as error:
            raise self._lost() from error
        if found is not None:
            if "refused" in found:
                raise RefusedError(found["refused"], found["exit_code"])
            return Ended(task[0], found["values"], found["note"])
        if type(cause).__name__ == "KilledWorker":
            return Ended(task[0], None, "every worker that it was given died")
        if isinstance(cause, ModuleNotFoundError):
            raise MissingExtraError(f"The workers of {self.address} lack {cause.name}. Install orefolio there.")
        return Ended(task[0], None, f"{type(cause).__name__}: {cause}")

    def _check(self) -> None:
        now = time.monotonic()
        if self.client.status == "running":
            self.well = now
            if self._counted():
                self.staffed = now
        if now - self.well > SILENT_SECONDS:
            raise self._lost()
        if now - self.staffed > IDLE_SECONDS:
            raise UnfinishedError(f"The cluster at {self.address} has had no worker for {IDLE_SECONDS:.0f} s.")

    def _lost(self) -> UnfinishedError:
        return UnfinishedError(f"The scheduler at {self.address} is lost.")
