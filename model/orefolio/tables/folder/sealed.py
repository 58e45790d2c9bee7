"""Files of a run folder as its manifest has them: what was changed since the run was written is refused, not read."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from orefolio.errors import Fault, InputError

from .durable import MANIFEST, unpacked

MANIFEST_BYTES = 1_000_000


def sealed_text(folder: Path, name: str) -> str | None:
    """The text of a file of a run, packed or not; None where the run was written without it.

    name: its path in the folder, without `.gz`. Raises InputError where it is gone, or is not as it was written.
    """
    hashes = _hashes(folder)
    listed = next((entry for entry in (f"{name}.gz", name) if entry in hashes), None)
    if listed is None:
        return None
    path = folder / listed
    try:
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            raise InputError([Fault(str(path), "no such file", "a file of the run, as its manifest has it")])
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != hashes[listed]:
            remedy = "Take the folder from where it was written, or solve again"
            raise InputError(
                [Fault(str(path), "another content than was written", f"that of {MANIFEST}", 0, 0, remedy)]
            )
        return unpacked(content, listed)
    except (OSError, ValueError, EOFError, RuntimeError) as error:
        raise InputError([Fault(str(path), f"a file that cannot be read ({error})", "a file of a run")]) from error


def _hashes(folder: Path) -> dict[str, Any]:
    place = folder / MANIFEST
    try:
        if not place.is_file():
            raise InputError([Fault(str(folder), "no complete run", f"a run folder with run.json and {MANIFEST}")])
        if place.stat().st_size > MANIFEST_BYTES:
            raise ValueError(f"more than {MANIFEST_BYTES:,} bytes")
        content = json.loads(place.read_text(encoding="utf-8"))
        hashes = content["sha256"] if isinstance(content, dict) else None
        if not isinstance(hashes, dict):
            raise ValueError("no map of hashes")
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        found = f"a file that cannot be read ({type(error).__name__}: {error})"
        raise InputError([Fault(str(place), found, "the manifest of a run")]) from error
    return hashes
