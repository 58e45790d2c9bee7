"""A folder that is complete or absent: written under another name, flushed to disk, renamed whole."""

from __future__ import annotations

import errno
import gzip
import hashlib
import itertools
import json
import os
import re
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from orefolio.errors import SpaceError

from .lock import is_alive

PARTIAL = ".partial-"
SHOWN_BYTES = 60  # of a folder's name in its temporary one
MANIFEST = "manifest.json"
LARGE_BYTES = 1_000_000
LEAST_FREE_BYTES = 50_000_000


def ready(parent: Path) -> None:
    """Make the folder that runs are written into. Raises SpaceError where nothing could be written there."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(parent).free
    except OSError as error:
        raise SpaceError(f"cannot make the folder {parent}: {error.strerror or error}") from error
    if not os.access(parent, os.W_OK | os.X_OK):
        raise SpaceError(f"cannot write into {parent}: {_why_not(parent)}. Give another folder with --out")
    if free < LEAST_FREE_BYTES:
        raise SpaceError(
            f"cannot write into {parent}: {free:,} bytes are left there, and a run needs up to {LEAST_FREE_BYTES:,}. "
            "Free space, or give another folder with --out"
        )


def _why_not(parent: Path) -> str:
    read_only = hasattr(os, "statvfs") and os.statvfs(parent).f_flag & os.ST_RDONLY
    return "its disk is read-only" if read_only else "no permission"


def cleared(parent: Path) -> list[str]:
    """Remove what dead processes left half written in a folder; a sentence for each, and for what may be another's.

    What a living process writes is left alone. Nothing of this is ever taken for a run.
    """
    said = []
    for path in sorted(parent.glob(f"{PARTIAL}*")):
        owner = re.fullmatch(r".*-(\d+)(?:@(.*))?", path.name)
        if owner is None or (owner[2] or socket.gethostname()) != socket.gethostname():
            said.append(f"{path} is half written, perhaps by a run on another machine; delete it if none is at work")
        elif not is_alive(int(owner[1])):
            _remove(path)
            gone = not path.exists()
            deed = "removed" if gone else "delete"
            said.append(f"{deed} {path}, which process {owner[1]} left half written when it was ended")
    return said


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return
    with suppress(OSError):
        path.unlink()


@dataclass
class Filling:
    """A folder being filled under a temporary name; `path` is where it stands once it is whole."""

    folder: Path
    path: Path


@contextmanager
def whole_folder(parent: Path, name: str) -> Iterator[Filling]:
    """A new folder to fill. At the end it gets a manifest of hashes and its name; after an error it is gone.

    Where the name is taken the folder gets the first free one of name-2, name-3, … Raises SpaceError where the disk
    refuses.
    """
    start = name.encode()[:SHOWN_BYTES].decode(errors="ignore")
    temporary = parent / f"{PARTIAL}{start}-{os.getpid()}@{socket.gethostname()}"
    try:
        parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir()
        filling = Filling(temporary, parent / name)
        yield filling
        _seal(temporary)
        filling.path = _placed(temporary, parent, name)
        _flush(parent)
    except OSError as error:
        space = _space(temporary, parent)
        shutil.rmtree(temporary, ignore_errors=True)
        raise SpaceError(f"cannot write {parent / name}: {error.strerror or error}. {space}") from error
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _space(temporary: Path, parent: Path) -> str:
    """How far the writing came, in bytes."""
    try:
        written = sum(path.stat().st_size for path in temporary.rglob("*") if path.is_file())
        free = shutil.disk_usage(parent).free
    except OSError:
        return "How much space is left there is not known"
    return f"{written:,} bytes were written and {free:,} were left there; what was written is removed"


def _placed(temporary: Path, parent: Path, name: str) -> Path:
    """Give a folder its name, or the next free one; a folder that stands there already is never touched."""
    for number in itertools.count(1):
        path = parent / (name if number == 1 else f"{name}-{number}")
        try:
            if not path.exists():
                return temporary.rename(path)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
                raise
    raise AssertionError


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file and flush it to disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text. A name of a file that the locale could not read is written as its bytes say."""
    write_bytes(path, text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").encode("utf-8"))


def write_large_text(path: Path, text: str) -> Path:
    """Write UTF-8 text, compressed and with `.gz` added to its name where it is large; the path that was written."""
    content = text.encode("utf-8")
    if len(content) <= LARGE_BYTES:
        write_bytes(path, content)
        return path
    packed = path.with_name(path.name + ".gz")
    write_bytes(packed, gzip.compress(content, compresslevel=6, mtime=0))
    return packed


def read_large_text(path: Path) -> str:
    """Read a file that `write_large_text` wrote, by the path without `.gz`. Raises FileNotFoundError."""
    packed = path.with_name(path.name + ".gz")
    path = packed if packed.exists() else path
    return unpacked(path.read_bytes(), path.name)


def unpacked(content: bytes, name: str) -> str:
    """The text in a file's bytes, which are packed where its name ends in `.gz`."""
    return (gzip.decompress(content) if name.endswith(".gz") else content).decode("utf-8")


def write_json(path: Path, content: Mapping[str, object]) -> None:
    """Write JSON with no NaN and no infinity in it."""
    write_text(path, json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def _seal(folder: Path) -> None:
    """Write the manifest, the last file of the folder, and flush every folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    hashes = {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    write_json(folder / MANIFEST, {"schema": "orefolio/manifest/1", "sha256": hashes})
    for path in (*(path for path in folder.rglob("*") if path.is_dir()), folder):
        _flush(path)


def _flush(folder: Path) -> None:
    if os.name == "nt":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
