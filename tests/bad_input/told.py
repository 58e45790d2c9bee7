"""One change to the sound case, what the command line says of it, and what it must not do."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result

from orefolio.cli import main
from test_case_bad_input import numbered
from test_case_sound import SOUND, write_case

DOCUMENTED = {0, 1, 2, 3, 4, 5, 6, 7, 8, 130} - {1}
Edit = tuple[str, str, str]


@dataclass(frozen=True)
class Entry:
    """edits: (file, old, new). place: file:line:column, or file:line:title. says: words of the message there."""

    edits: tuple[Edit, ...] = ()
    place: str = ""
    says: tuple[str, ...] = ()
    code: int = 2
    change: Callable[[Path], object] | None = None


def bad(place: str, says: str, *edits: Edit, code: int = 2, change: Callable[[Path], object] | None = None) -> Entry:
    """An entry; `says` has its words separated by a bar."""
    return Entry(edits, place, tuple(says.split("|")) if says else (), code, change)


def written(folder: Path, entry: Entry) -> Path:
    """The sound case with the entry's change."""
    texts: dict[str, str] = {}
    for file, old, new in entry.edits:
        text = texts.get(file, SOUND[file])
        assert old in text, f"{old!r} does not stand in {file}"
        texts[file] = text.replace(old, new, 1)
    write_case(folder, dict(texts))
    if entry.change:
        entry.change(folder)
    return folder


def call(*words: object) -> Result:
    """Run a command line in this process."""
    return CliRunner().invoke(main, [str(word) for word in words])


def content(folder: Path) -> dict[str, str]:
    """What stands in a folder, links and pipes by their kind."""
    found = {}
    for path in sorted(folder.rglob("*")):
        plain = path.is_file() and not path.is_symlink() and os.access(path, os.R_OK)
        found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest() if plain else str(path.lstat().st_mode)
    return found


def assert_told(result: Result, folder: Path, entry: Entry, kind: str) -> None:
    """The message stands at the place with its words, as an error or as a warning; no traceback."""
    text = result.stdout + result.stderr
    assert "Traceback" not in text
    assert "the program failed on its own" not in text
    assert result.exit_code == entry.code, text[:2000]
    place = entry.place
    if place.count(":") == 2 and not place.rpartition(":")[2].isdigit():
        place = numbered(folder, place)
    lines = [line.removeprefix(f"{kind}: ") for line in result.stderr.splitlines()]
    there = [line for line in lines if line.startswith(f"{folder / place}: " if place else str(folder))]
    assert there, f"nothing at {place}, but: {lines[:8]}"
    assert any(all(word in line for word in entry.says) for line in there), f"{entry.says} not in {there[:4]}"
    assert any(": found " in line and ", expected " in line for line in there)


def assert_refused(folder: Path, entry: Entry) -> None:
    """`check` and `solve` refuse it, and neither writes or changes a file."""
    before, out = content(folder.parent), folder.parent / "results"
    assert_told(call("check", folder, "--out", out), folder, entry, "error")
    assert content(folder.parent) == before
    assert_told(call("solve", folder, "--out", out), folder, entry, "error")
    assert not out.exists()
    assert content(folder.parent) == before
