"""The bytes of a case's files: where they may lie, how large they may be, and that they are UTF-8 text."""

from __future__ import annotations

import codecs
import stat
from dataclasses import dataclass
from pathlib import Path

from orefolio.errors import Fault, InputError

TABLE_BYTES = 5_000_000
CASE_BYTES = 10_000_000
"""All tables together. A larger case would not load in seconds, and no plan of it could be found."""

YAML_BYTES = 100_000


@dataclass(frozen=True)
class TextFile:
    """A file that was read: the name to show in messages, and its text without byte order mark."""

    name: str
    text: str


def read_text(path: Path, within: Path, most_bytes: int) -> TextFile:
    """Read a file of the folder `within`. Raises InputError where it is missing, too large or no UTF-8 text."""
    name = str(path)
    try:
        inside = _inside(path, within)
        size = _size(path, name, inside)
        if size > most_bytes:
            raise _refusal(name, f"{size:,} bytes", f"at most {most_bytes:,} bytes", "Thin the table")
        content = path.read_bytes()
    except FileNotFoundError:
        raise _refusal(name, "no such file", "a file that can be read") from None
    except PermissionError:
        raise _refusal(name, "no permission to read it", "a file that can be read") from None
    except (OSError, RuntimeError) as error:
        reason = "a link that leads back to itself" if _is_loop(error) else f"the system's refusal ({error})"
        raise _refusal(name, reason, "a file that can be read") from None
    return TextFile(name, decoded(content, name))


def decoded(content: bytes, name: str) -> str:
    """UTF-8 text of a file's bytes; a byte order mark is dropped. Raises InputError naming the wrong byte."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _refusal(name, "UTF-16 text", "UTF-8 text", "Save the file as UTF-8")
    mark = len(codecs.BOM_UTF8) if content.startswith(codecs.BOM_UTF8) else 0
    if not content[mark:].strip():
        raise _refusal(name, "an empty file", "a file with content")
    try:
        text = content[mark:].decode("utf-8")
    except UnicodeDecodeError as error:
        offset = error.start + mark
        line, column = _place(content, offset, mark)
        found = f"byte 0x{content[offset]:02X} at offset {offset}"
        raise _refusal(name, found, "UTF-8 text", "Save the file as UTF-8", line, column) from None
    zero = content.find(b"\0")
    if zero >= 0:
        line, column = _place(content, zero, mark)
        raise _refusal(name, f"a NUL byte at offset {zero}", "text", "", line, column)
    return text


def _inside(path: Path, within: Path) -> bool:
    return path.resolve().is_relative_to(within.resolve())


def _size(path: Path, name: str, inside: bool) -> int:
    if not inside:
        raise _refusal(name, "a link that leaves the case folder", "a file inside it", "Copy the file into the folder")
    state = path.stat()
    if stat.S_ISDIR(state.st_mode):
        raise _refusal(name, "a folder", "a file")
    if not stat.S_ISREG(state.st_mode):
        raise _refusal(name, "a pipe, a socket or a device", "a plain file")
    return state.st_size


def _is_loop(error: Exception) -> bool:
    return isinstance(error, RuntimeError) or "symbolic links" in str(error)


def _place(content: bytes, offset: int, mark: int) -> tuple[int, int]:
    """Line and column, both from 1, of a byte offset; everything before it decodes."""
    start = content.rfind(b"\n", 0, offset) + 1 or mark
    return content.count(b"\n", 0, offset) + 1, len(content[start:offset].decode("utf-8", "replace")) + 1


def _refusal(name: str, found: str, expected: str, remedy: str = "", line: int = 0, column: int = 0) -> InputError:
    return InputError([Fault(name, found, expected, line, column, remedy)])
