"""Make a case of one's own: a copy of a commented example, or what a workbook holds."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import click

import orefolio
from orefolio.cli.output import Output, pass_output
from orefolio.errors import Fault, InputError, SpaceError, nearest

SCHEMA = "orefolio/new/1"
CASE_FILE = "case.yaml"
WORKBOOK = ".xlsx"


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--from", "example", default="japan", show_default=True, help="Example to copy, or a workbook, .xlsx.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_output
def new(output: Output, folder: Path, example: str, as_json: bool) -> None:
    """Copy an example case, or the case in a workbook, to DIR, which must be new or empty.

    `orefolio export CASE --format xlsx` makes such a workbook.
    """
    copy = copy_of_workbook(Path(example)) if example.lower().endswith(WORKBOOK) else copy_of(find_example(example))
    refuse_occupied(folder)
    try:
        copied = copy_case(copy, folder)
    except OSError as error:
        raise SpaceError(f"cannot write {folder}: {error.strerror or error}") from error
    if as_json:
        output.answer_json(SCHEMA, {"folder": folder, "from": example, "files": copied})
        return
    lines = [f"{folder} now holds a copy of the case {example}:", *(f"  {name}" for name in copied), ""]
    lines += ["Next:", f"  edit {folder / CASE_FILE} and the tables beside it", f"  orefolio check {folder}"]
    output.answer("\n".join([*lines, f"  orefolio solve {folder}"]))


def examples() -> Path:
    """The folder of example cases: the one in the installed package, else the repository's `inputs`."""
    package = Path(orefolio.__file__).parent
    packaged = package / "_inputs"
    return packaged if packaged.is_dir() else package.parents[1] / "inputs"


def find_example(name: str) -> Path:
    """Folder of an example case. Raises InputError for a name that is none, with the nearest one."""
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


def copy_of(source: Path) -> Callable[[Path], object]:
    """What copies the files of a case into a folder that is not there yet."""
    return lambda folder: shutil.copytree(source, folder, ignore=shutil.ignore_patterns(".*", "__pycache__"))


def copy_of_workbook(path: Path) -> Callable[[Path], object]:
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
