"""One solve at a time writes into a folder: a file with pid and host, made whole or not at all."""

from __future__ import annotations

import json
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from orefolio.errors import FolderInUseError, SpaceError

LOCK = ".lock"
SPARE_BYTES = 2**20  # kept back, so that the lock can be given back when memory has run out
MINE = secrets.token_hex(8)
"""Tells this process from an earlier one that had the same pid, as the first process of a container always has."""


@dataclass(frozen=True)
class Holder:
    """Who holds a lock. started: UTC, ISO 8601. token: of the process; empty where it is not known."""

    pid: int
    host: str
    started: str
    token: str = ""

    @property
    def gone(self) -> bool:
        """Whether the process is surely dead. On another machine, or with its pid given anew, it counts as alive."""
        if self.host != socket.gethostname():
            return False
        return self.token != MINE if self.pid == os.getpid() else not is_alive(self.pid)


@contextmanager
def held(parent: Path, started: str) -> Iterator[None]:
    """Hold the lock of a folder that exists. started: UTC, ISO 8601, for whoever meets the lock.

    Raises FolderInUseError where another holds it, or where a dead process left it: that is named, not taken over.
    Raises SpaceError where no file can be made.
    """
    path, spare = parent / LOCK, bytearray(SPARE_BYTES)
    text = json.dumps(
        asdict(Holder(os.getpid(), socket.gethostname(), started, MINE)) | {"solve": secrets.token_hex(8)}
    )
    try:
        _take(path, text)
        yield
    finally:
        del spare
        _release(path, text)


def _take(path: Path, text: str) -> None:
    draft = path.with_name(f".partial-lock-{secrets.token_hex(4)}-{os.getpid()}@{socket.gethostname()}")
    try:
        try:
            _write(draft, text)
            os.link(draft, path)
        except FileExistsError:
            raise
        except OSError:
            _write(path, text)  # where the disk knows no links; if the trouble is another, this tells it
        finally:
            with suppress(OSError):
                draft.unlink()
    except FileExistsError:
        raise FolderInUseError(_told(path)) from None
    except OSError as error:
        raise SpaceError(f"cannot write {path}: {error.strerror or error}") from error


def _write(path: Path, text: str) -> None:
    number = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    try:
        os.write(number, text.encode("utf-8"))
    except OSError:
        path.unlink()
        raise
    finally:
        os.close(number)


def _release(path: Path, text: str) -> None:
    with suppress(OSError):
        if path.read_text(encoding="utf-8") == text:
            path.unlink()


def _told(path: Path) -> str:
    """Who holds the lock and what to do, in words."""
    folder, expected = path.parent, "a folder that no other run uses"
    holder = _read(path)
    if holder is None:
        return (
            f"{path}: found a lock that does not say whose it is, expected {expected}. Give another folder with --out; "
            f"if no run uses {folder}, delete {path}"
        )
    whose = f"process {holder.pid} on {holder.host} since {holder.started}"
    if holder.gone:
        return (
            f"{path}: found the lock of {whose}, which is gone, expected {expected}. Delete {path} and run again; "
            "finished runs in the folder are whole"
        )
    return (
        f"{path}: found a run at work ({whose}), expected {expected}. Wait for it, or give another folder with --out. "
        f"If that process is no run of orefolio, delete {path}"
    )


def _read(path: Path) -> Holder | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        holder = Holder(int(content["pid"]), str(content["host"]), str(content["started"]), str(content["token"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return holder


def is_alive(pid: int) -> bool:
    """Whether a process of this machine lives; True where that cannot be known. One that waits to be reaped is dead."""
    if os.name == "nt":  # there signal 0 would end it
        return True
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    with suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] not in "ZX"
    return True
