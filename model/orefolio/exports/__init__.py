"""What other programs read: a run's tables, its program, or a case as a workbook.

EXPORTS is the table of contents. To add a format, write one file in this folder and one line below: `write(run, place)`
writes to a place where nothing stands yet, ENDING is that of its file, blank where it is a folder.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType

from orefolio.errors import Fault, InputError, SpaceError, nearest

EXPORTS = {
    "csv": "orefolio.exports.csv:write",
    "parquet": "orefolio.exports.parquet:write",
    "xlsx": "orefolio.exports.xlsx:write",
    "iamc": "orefolio.exports.iamc:write",
    "lp": "orefolio.exports.lp:write",
    "mps": "orefolio.exports.mps:write",
    "datapackage": "orefolio.exports.datapackage:write",
}
RECORD = "run.json"
CASE = "case.yaml"


def export(source: Path, name: str, place: Path | None = None) -> Path:
    """Write a run in a format, or a case as a workbook to fill in; the path that was written.

    place: by default the name of the run or of the case, with the format's ending, in the folder that one stands in.
    Raises InputError for a format or a source that there is not and where something stands at the place already,
    MissingExtraError where a library is missing, SpaceError.
    """
    form = _form(name)
    if (source / CASE).is_file() and not (source / RECORD).is_file():
        return _of_case(source, name, place)
    from orefolio.tables.folder import RunFolder, slug

    run = RunFolder(source)
    _ = run.record  # a folder that is no run is refused before anything is written
    to = place or Path(f"{slug(source.resolve().name)}{form.ENDING or f'-{name}'}")
    _written(to, lambda path: form.write(run, path))
    return to


def _form(name: str) -> ModuleType:
    if name not in EXPORTS:
        remedy = nearest(name, EXPORTS) or f"It is one of {', '.join(EXPORTS)}"
        raise InputError([Fault("--format", repr(name), "a format", remedy=remedy)])
    return import_module(EXPORTS[name].partition(":")[0])


def _of_case(folder: Path, name: str, place: Path | None) -> Path:
    if name != "xlsx":
        remedy = "Solve it, and export the run; a case alone is exported as xlsx"
        raise InputError([Fault(str(folder), "a case", "a run folder", remedy=remedy)])
    from orefolio.tables.folder import slug

    from .workbook.template import template

    book, title = template(folder)
    to = place or Path(f"{slug(title)}.xlsx")
    _written(to, book.save)
    return to


def _written(place: Path, write: Callable[[Path], object]) -> None:
    """Have something written under a passing name, and give it its place: whole or not at all."""
    if place.exists() or place.is_symlink():
        remedy = "Nothing was written. Give another place with -o, or move away what is there"
        raise InputError([Fault(str(place), "something that is there already", "a new place", remedy=remedy)])
    target = place.absolute()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".partial-", dir=target.parent) as passing:
            path = Path(passing) / f"export{target.suffix}"
            write(path)
            path.rename(target)
    except OSError as error:
        raise SpaceError(f"cannot write {place}: {error.strerror or error}") from error
