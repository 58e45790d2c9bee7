"""Points planned by processes of this machine, one point at a time each, so that a death names its point."""

from __future__ import annotations

import json
import signal
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from orefolio.errors import OrefolioError, SpaceError

from .engine import TRIES, Ended, Task, Work
from .sealed import canonical
from .worker import MEMORY_RAN_OUT, work

STILLBORN = 3  # workers in a row that die before they are ready, until the sweep gives up
SECONDS_TO_DIE = 5.0


@dataclass
class _Worker:
    process: BaseProcess
    connection: Connection
    task: Task
    tries: int
    ready: bool = False

    def give(self, task: Task, tries: int) -> None:
        """Hand over a point. A worker that is dead already is found out by its closed pipe."""
        self.task, self.tries = task, tries
        with suppress(OSError):
            self.connection.send_bytes(canonical(task).encode())

    def end(self, dying: bool = False) -> str:
        """Kill it, unless it is dying by itself, and say in words how it ended."""
        return how_it_ended(self.process, self.connection, dying)


def how_it_ended(process: BaseProcess, connection: Connection, dying: bool = False) -> str:
    """Kill a worker, unless it is dying by itself, and say in words how it ended."""
    if dying:
        process.join(SECONDS_TO_DIE)
    if process.is_alive():
        process.kill()
        process.join(SECONDS_TO_DIE)
    connection.close()
    code = process.exitcode
    process.close()
    if code == MEMORY_RAN_OUT:
        return "memory ran out"
    if code is not None and code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"


class RefusedError(OrefolioError):
    """A worker cannot begin; its message and exit code are those of the error that it met."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class LocalProcesses:
    """So many worker processes, each with its own pipe and one point at a time.

    A worker that dies costs its point one try: it is tried once more by a new worker, then it has failed. The others
    go on. Workers die with this process, however it ends.
    """

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs

    def run(self, work: Work, tasks: Iterator[Task]) -> Iterator[Ended]:
        """As `Engine.run`."""
        crew: dict[Connection, _Worker] = {}
        again: deque[tuple[Task, int]] = deque()
        stillborn = 0
        try:
            while True:
                while len(crew) < self.jobs and (given := _next(again, tasks)):
                    new = _started(work, *given)
                    crew[new.connection] = new
                if not crew:
                    return
                for connection in wait(list(crew)):
                    worker = crew[connection]  # type: ignore[index]
                    message = _heard(worker)
                    if message is None:
                        del crew[worker.connection]
                        stillborn = 0 if worker.ready else stillborn + 1
                        failed = _buried(worker, again, stillborn)
                        if failed:
                            yield failed
                    elif "refused" in message:
                        raise RefusedError(message["refused"], message["exit_code"])
                    elif "ready" in message:
                        worker.ready, stillborn = True, 0
                    else:
                        following = _next(again, tasks)
                        if following:
                            worker.give(*following)
                        else:
                            del crew[worker.connection]
                            worker.end()
                        yield Ended(message["number"], message["values"], message["note"])
        finally:
            for worker in crew.values():
                worker.process.kill()
            for worker in crew.values():
                worker.end()


def _next(again: deque[tuple[Task, int]], tasks: Iterator[Task]) -> tuple[Task, int] | None:
    """A point to do and how often it was tried; those that lost their worker come first."""
    if again:
        return again.popleft()
    task = next(tasks, None)
    return None if task is None else (task, 0)


def _heard(worker: _Worker) -> dict[str, Any] | None:
    """A message, or None where the worker is dead, also in the middle of a message."""
    try:
        message: dict[str, Any] = json.loads(worker.connection.recv_bytes())
    except (EOFError, OSError, ValueError):
        return None
    return message


def _buried(worker: _Worker, again: deque[tuple[Task, int]], stillborn: int) -> Ended | None:
    """Put the point of a dead worker back, or say that it has failed. Raises SpaceError where none comes to life."""
    how = worker.end(dying=True)
    if not worker.ready:
        if stillborn >= STILLBORN:
            found = f"{STILLBORN} workers in a row died before their first point, the last by {how}"
            remedy = "A script that asks has to begin under `if __name__ == '__main__':`, or ask with jobs=0"
            raise SpaceError(f"{found}. {remedy}")
        again.append((worker.task, worker.tries))
        return None
    tries = worker.tries + 1
    if tries < TRIES:
        again.append((worker.task, tries))
        return None
    return Ended(worker.task[0], None, f"its worker died {tries} times, last by {how}")


def _started(told: Work, task: Task, tries: int) -> _Worker:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs, told.maker, dict(told.setup)), daemon=True)
    try:
        with no_interrupt():
            process.start()
    except OSError as error:
        raise SpaceError(f"cannot start a worker: {error.strerror or error}") from error
    theirs.close()
    worker = _Worker(process, ours, task, tries)
    worker.give(task, tries)
    return worker


@contextmanager
def no_interrupt() -> Iterator[None]:
    """Hold Ctrl-C back while a child begins: it would die of it, with a traceback, before it can ignore it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
