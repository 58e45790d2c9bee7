"""A JSON file with its own SHA-256, whole or absent, and refused where one byte of it is another."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from orefolio.errors import Fault, InputError, SpaceError

PARTIAL = ".partial-"


def canonical(content: object) -> str:
    """JSON on one line, keys in order; equal contents are equal texts. Raises ValueError for NaN and infinity."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sealed(content: Mapping[str, Any]) -> bytes:
    """The bytes of a sealed file."""
    body = canonical(content)
    return f'{{"sha256":"{hashlib.sha256(body.encode()).hexdigest()}","content":{body}}}\n'.encode()


def opened(path: Path) -> dict[str, Any]:
    """The content of a sealed file. Raises InputError where it is not what was sealed."""
    try:
        found = path.read_bytes()
    except OSError as error:
        raise _refused(path, f"a file that cannot be read ({error.strerror or error})") from None
    try:
        entries = json.loads(found)
        said, content = entries["sha256"], entries["content"]
        right = sealed(content)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _refused(path, f"{len(found):,} bytes that are no whole record") from None
    if right != found or not isinstance(content, dict):
        was = hashlib.sha256(canonical(content).encode()).hexdigest()
        wrong = f"content with SHA-256 {was[:12]}" if was != said else "other bytes around its content"
        raise _refused(path, wrong, f"SHA-256 {str(said)[:12]}, as it was written")
    return content


def _refused(path: Path, found: str, expected: str = "a record as it was written") -> InputError:
    return InputError([Fault(str(path), found, expected)])


def written_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all. Raises SpaceError."""

    def fill(number: int) -> None:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(number, rest) :]

    filled_whole(path, fill)


def filled_whole(path: Path, fill: Callable[[int], None]) -> None:
    """The same for a file that `fill` writes into the descriptor it is given. Raises SpaceError."""
    partial = path.with_name(PARTIAL + path.name)
    try:
        number = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        try:
            fill(number)
            os.fsync(number)
        finally:
            os.close(number)
        partial.replace(path)
    except OSError as error:
        raise SpaceError(f"cannot write {path}: {error.strerror or error}") from error
