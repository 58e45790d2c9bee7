"""A folder held by one process: the system drops its lock when that process ends, so that it is never stale."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orefolio.errors import Fault, FolderInUseError, InputError, SpaceError

from .sealed import PARTIAL

if sys.platform != "win32":
    import fcntl

LOCK = ".lock"


class Lock:
    """The lock of a folder of `what`, such as "a sweep"; made, with the folder inside it, where they are missing."""

    def __init__(self, folder: Path, inside: str, what: str) -> None:
        self.folder, self.inside, self.what = folder, inside, what
        self._number: int | None = None

    def take(self) -> None:
        """Raises SpaceError where the folder cannot be made, FolderInUseError where another process holds it."""
        try:
            (self.folder / self.inside).mkdir(parents=True, exist_ok=True)
            self._number = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise SpaceError(f"cannot make the folder {self.folder}: {error.strerror or error}") from error
        if sys.platform == "win32":
            return
        try:
            fcntl.flock(self._number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.pread(self._number, 200, 0).decode("utf-8", "replace").strip() or "another process"
            self.drop()
            raise FolderInUseError(
                f"{self.folder}: found {self.what} at work ({holder}), expected none. Wait for it, or give another "
                "folder with --folder"
            ) from None
        os.ftruncate(self._number, 0)
        os.pwrite(self._number, f"pid {os.getpid()} on {socket.gethostname()}\n".encode(), 0)

    def refuse_strangers(self, head: str) -> None:
        """Raises InputError where a folder that has not yet the file `head` holds something of others."""
        held = (*self.folder.iterdir(), *(self.folder / self.inside).iterdir())
        strange = sorted(path.name for path in held
                         if path.name not in (LOCK, self.inside) and not path.name.startswith(PARTIAL))  # fmt: skip
        if strange:
            raise InputError([Fault(str(self.folder), f"{strange[0]!r} and no {head}", "an empty folder", 0, 0,
                                    "Give another folder with --folder")])  # fmt: skip

    def drop(self) -> None:
        """Let another process have the folder."""
        if self._number is not None:
            os.close(self._number)
            self._number = None


@contextmanager
def locked(folder: Path, inside: str, what: str) -> Iterator[None]:
    """Hold a folder of `what` meanwhile. Raises SpaceError and FolderInUseError."""
    lock = Lock(folder, inside, what)
    lock.take()
    try:
        yield
    finally:
        lock.drop()
