"""Cases to begin with: those that come with the program, and copies of them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import orefolio
from orefolio.errors import Fault, InputError, SpaceError, nearest

CASE_FILE = "case.yaml"
WORKBOOK = ".xlsx"


def new(folder: str | Path, name: str = "japan") -> Path:
    """Copy an example case into a folder, which must be new or empty; its path. Raises InputError and SpaceError."""
    copied_into(Path(folder), name)
    return Path(folder)


def copied_into(folder: Path, name: str) -> list[str]:
    """Copy an example case, or the case in a workbook; its files, relative to the folder.

    Raises InputError and SpaceError.
    """
    copy = _of_workbook(Path(name)) if name.lower().endswith(WORKBOOK) else _of_example(example(name))
    refuse_occupied(folder)
    try:
        return copy_case(copy, folder)
    except OSError as error:
        raise SpaceError(f"cannot write {folder}: {error.strerror or error}") from error


def examples() -> Path:
    """The folder of example cases: the one in the installed package, else the repository's `inputs`."""
    package = Path(orefolio.__file__).parent
    packaged = package / "_inputs"
    return packaged if packaged.is_dir() else package.parents[1] / "inputs"


def example(name: str) -> Path:
    """Folder of an example case, such as `japan`. Raises InputError for a name that is none, with the nearest."""
    known = sorted(place.parent.name for place in examples().glob(f"*/{CASE_FILE}"))
    if name not in known:
        offer = nearest(name, known) or f"There is: {', '.join(known) or 'none'}."
        raise InputError([Fault("--from", repr(name), "the name of an example case", remedy=offer)])
    return examples() / name


def refuse_occupied(folder: Path) -> None:
    """Raise InputError where something stands already that a copy would disturb."""
    for place in (folder, *folder.parents):
        if place.exists() and not place.is_dir():
            raise InputError([Fault(str(place), "a file", "a folder")])
    if folder.is_symlink():
        raise InputError([Fault(str(folder), "a link", "a new or an empty folder")])
    held = len(list(folder.iterdir())) if folder.is_dir() else 0
    if held:
        found = f"a folder that holds {held} {'entry' if held == 1 else 'entries'}"
        raise InputError([Fault(str(folder), found, "a new or an empty folder", remedy="Nothing was copied")])


def _of_example(source: Path) -> Callable[[Path], object]:
    """What copies the files of a case into a folder that is not there yet."""
    return lambda folder: shutil.copytree(source, folder, ignore=shutil.ignore_patterns(".*", "__pycache__"))


def _of_workbook(path: Path) -> Callable[[Path], object]:
    """The same for the case in a workbook. Raises InputError with every fault in it."""
    from orefolio.exports.workbook.read import case_of_book

    files = case_of_book(path)

    def write(folder: Path) -> None:
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8", newline="")

    return write


def copy_case(write: Callable[[Path], object], folder: Path) -> list[str]:
    """Write a case, whole or not at all; return its files, relative to `folder`."""
    target = folder.absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as passing:
        copy = Path(passing) / target.name
        write(copy)
        if target.is_dir():
            target.rmdir()
        copy.rename(target)
    return sorted(str(place.relative_to(target)) for place in target.rglob("*") if place.is_file())
