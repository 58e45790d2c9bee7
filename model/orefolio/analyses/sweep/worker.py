"""A worker process: evaluates the points that come through its pipe until the pipe, or its parent, is gone."""

from __future__ import annotations

import ctypes
import json
import multiprocessing
import os
import queue
import signal
import sys
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from orefolio.errors import OrefolioError

from .engine import Work, ended
from .sealed import canonical

MEMORY_RAN_OUT = 6  # exit code, that of SpaceError
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux


def work(connection: Connection, maker: str, setup: dict[str, Any]) -> None:
    """Serve the parent at the other end. Says `ready`, or `refused` with exit code and message, then ends of points."""
    stand_alone()
    inbox: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=listen, args=(connection, inbox), daemon=True).start()
    try:
        evaluate = Work(maker, setup).made()
    except OrefolioError as error:
        _tell(connection, {"refused": str(error), "exit_code": error.exit_code})
        return
    _tell(connection, {"ready": os.getpid()})
    while True:
        number, plain = json.loads(inbox.get())
        try:
            end = ended(evaluate, (number, plain))
        except MemoryError:
            os._exit(MEMORY_RAN_OUT)
        _tell(connection, {"number": end.number, "values": end.values, "note": end.note})


def stand_alone() -> None:
    """Ctrl-C is for the parent, which ends its workers itself; what a library prints must not reach its stdout."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    with suppress(OSError):
        os.dup2(2, 1)
    with suppress(ValueError):
        # A lock that a library makes on import is then nameless, and nothing of it is left when the worker is killed.
        multiprocessing.set_start_method("fork", force=True)


def listen(connection: Connection, inbox: queue.SimpleQueue[bytes]) -> None:
    """Take tasks in, and end the process once there is nobody at the other end, also in the middle of a solve."""
    try:
        while True:
            inbox.put(connection.recv_bytes())
    except (EOFError, OSError):
        os._exit(0)


def _tell(connection: Connection, message: dict[str, Any]) -> None:
    connection.send_bytes(canonical(message).encode())
