"""The files of a run folder against its manifest: what was changed, taken away or added after the run was written."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from .tally import Tally

MANIFEST = "manifest.json"
ANALYSES = "analyses/"
"""Where analyses of a run are kept, which come after it and seal their own files."""
AFTER = "was {} after the run was written"


def unchanged(folder: Path) -> Tally:
    """Every file stands as the manifest says, none is missing, and none was added but analyses of the run."""
    tally = Tally()
    if not (folder / MANIFEST).is_file():
        return tally
    try:
        listed = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["sha256"]
        known = {str(name): str(digest) for name, digest in listed.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        tally.holds(False, MANIFEST, "cannot be read: it " + AFTER.format("changed"))
        return tally
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if not path.is_dir()}
    for name, digest in known.items():
        if name not in there:
            tally.holds(False, name, AFTER.format("taken away"))
        else:
            tally.holds(_has(there[name], folder, digest), name, AFTER.format("changed"))
    for name in sorted(there.keys() - known.keys() - {MANIFEST}):
        if name.startswith(ANALYSES):
            continue
        tally.holds(False, name, AFTER.format("added"))
    return tally


def plain_bytes(path: Path, folder: Path) -> bytes:
    """The bytes of a file of a run folder. Raises OSError where it is no plain file or a link that leaves the folder.

    To read a pipe or a device may never end.
    """
    if not path.is_file():
        raise OSError(f"{path.name} is no plain file")
    if not path.resolve().is_relative_to(folder.resolve()):
        raise OSError(f"{path.name} is a link that leaves the run folder")
    return path.read_bytes()


def _has(path: Path, folder: Path, digest: str) -> bool:
    """Whether a file can be read and has a digest."""
    try:
        return hashlib.sha256(plain_bytes(path, folder)).hexdigest() == digest
    except OSError:
        return False


def hash_of_case(folder: Path) -> str:
    """SHA-256 over the names and texts of the files of a case as a run folder holds them."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        digest.update(f"{path.name}\n".encode() + path.read_bytes() + b"\n")
    return digest.hexdigest()
