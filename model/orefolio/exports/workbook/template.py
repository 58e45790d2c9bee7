"""A case as a workbook to fill in: one sheet a table, with drop-downs for ids and words, and a note on each heading."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orefolio.case.cells import NUMBER, WHOLE
from orefolio.case.columns import Column, declared, key_columns
from orefolio.case.csv_text import Sheet
from orefolio.case.files import TABLE_BYTES, YAML_BYTES, read_text
from orefolio.case.parts import OVERLAYS
from orefolio.case.read import read_case
from orefolio.case.rows import sheet_of, titles
from orefolio.case.schema import REQUIRED, TABLES
from orefolio.case.structure import FILE, read_structure
from orefolio.tables.folder.case_files import case_files

from .choosing import Choosing
from .sheets import fit, head, library, put_number, put_text

ABOUT, TEXTS = "about", "texts"
TEXT_COLUMNS = ("file", "line")
ENDINGS = (".csv", ".yaml")
ROOM = 300
"""Rows under those of the case for which there are drop-downs too."""
EMPTY_TAB = "BBBBBB"
HOW = "Fill in the sheets, a row a line; a sheet without rows is left out. Then: orefolio new DIR --from BOOK.xlsx"


def template(folder: Path) -> tuple[Any, str]:
    """The workbook of a case, and the case's name. Raises MissingExtraError, and InputError for a broken case.

    A case made of parts is written as one, its parts laid together.
    """
    openpyxl = library()
    case, _ = read_case(folder)
    texts = _texts(folder)
    if read_structure(folder).parts:
        texts |= case_files(case)
    held = {
        name: sheet_of(texts[f"{name}.csv"], f"{name}.csv", declaration) if f"{name}.csv" in texts else None
        for name, declaration in TABLES.items()
    }
    book = openpyxl.Workbook()
    about = book.active
    about.title = ABOUT
    lines = {name: text for name, text in texts.items() if not name.endswith(".csv")}
    _put_texts(book.create_sheet(TEXTS), lines)
    choosing = Choosing(book, {name: len(sheet.records) + 1 if sheet else 1 for name, sheet in held.items()}, case)
    for name, sheet in held.items():
        _put_table(book.create_sheet(name), name, sheet, choosing)
    choosing.close()
    _tell(about, held)
    return book, case.name


def _texts(folder: Path) -> dict[str, str]:
    """File name to text: the tables, case.yaml, what is to read, and the overlays."""
    files = [path for path in folder.iterdir() if path.name == FILE or path.name.startswith("README")]
    files += [path for name in TABLES if (path := folder / f"{name}.csv").is_file()]
    if (folder / OVERLAYS).is_dir():
        files += (folder / OVERLAYS).glob("*.yaml")
    most = {".csv": TABLE_BYTES}
    return {
        path.relative_to(folder).as_posix(): read_text(path, folder, most.get(path.suffix, YAML_BYTES)).text
        for path in sorted(files)
    }


def _put_texts(sheet: Any, texts: Mapping[str, str]) -> None:
    """Files that are no tables, line by line."""
    head(sheet, ((TEXT_COLUMNS[0], "a file of the case that is no table"), (TEXT_COLUMNS[1], "one line of it")))
    lines = ((name, line) for name, text in texts.items() for line in text.splitlines())
    for number, (name, line) in enumerate(lines, 2):
        put_text(sheet.cell(number, 1), name)
        if line:
            put_text(sheet.cell(number, 2), line)
    fit(sheet)


def _put_table(sheet: Any, name: str, held: Sheet | None, choosing: Choosing) -> None:
    """A table with every column that it may have; what a file leaves out stays blank and takes its default."""
    columns, fields = declared(TABLES[name]), titles(TABLES[name])
    head(sheet, ((title, _note(columns[field])) for title, field in fields.items()))
    last = (len(held.records) if held else 0) + 1
    letter = library().utils.get_column_letter
    for number, (title, field) in enumerate(fields.items(), 1):
        column = columns[field]
        if column.kind not in ("number", "whole"):
            sheet.column_dimensions[letter(number)].number_format = "@"
        if held and title in held.header:
            place = held.header.index(title)
            for row, record in enumerate(held.records, 2):
                if record.cells[place]:
                    _put(sheet.cell(row, number), record.cells[place], column)
        choosing.offer(sheet, name, field, f"{letter(number)}2:{letter(number)}{last + ROOM}")
    fit(sheet)
    if last == 1:
        sheet.sheet_properties.tabColor = EMPTY_TAB


def _put(cell: Any, text: str, column: Column) -> None:
    if column.kind in ("number", "whole") and NUMBER.fullmatch(text):
        put_number(cell, int(text) if WHOLE.fullmatch(text) else float(text))
    else:
        put_text(cell, text)
        cell.number_format = "@"


def _note(column: Column) -> str:
    """What a column says, in which unit, and what values it takes."""
    lines = [column.meaning]
    if column.unit:
        lines.append(f"unit: {column.unit}")
    if column.low is not None or column.high is not None:
        ends = [f"at least {column.low:g}" if column.low is not None else ""]
        ends += [f"at most {column.high:g}" if column.high is not None else ""]
        lines.append(", ".join(filter(None, ends)))
    if column.choices:
        lines.append(f"one of: {', '.join(column.choices)}")
    if column.table:
        ids = "ids, separated by spaces," if column.kind == "references" else "an id"
        lines.append(f"{ids} of {' or '.join(column.table.split())}")
    kinds = {"flag": "yes or no", "date": "YYYY-MM-DD", "years": "numbers separated by spaces: 0.3 0.7 1"}
    lines += [kinds[column.kind]] if column.kind in kinds else []
    lines.append(_blank(column))
    return "\n".join(lines)


def _blank(column: Column) -> str:
    if not column.optional:
        return "must be given"
    plain = isinstance(column.default, float | int | str) and column.default not in ("", float("inf"))
    words = {True: "yes", False: "no"}.get(column.default) if isinstance(column.default, bool) else None
    return f"blank: {words or column.default}" if plain else "may be blank"


def _tell(sheet: Any, held: Mapping[str, Sheet | None]) -> None:
    """The first sheet: each table with its rows, and what a row is."""
    head(sheet, (("sheet", ""), ("rows", ""), ("needed", ""), ("what a row is", "")))
    for number, (name, table) in enumerate(held.items(), 2):
        put_text(sheet.cell(number, 1), name)
        sheet.cell(number, 1).hyperlink = f"#'{name}'!A1"
        put_number(sheet.cell(number, 2), len(table.records) if table else 0)
        put_text(sheet.cell(number, 3), "yes" if name in REQUIRED else "no")
        keys = " and ".join(key.removesuffix("_") for key in key_columns(TABLES[name]))
        meaning = " ".join((TABLES[name].__doc__ or "").split())
        put_text(sheet.cell(number, 4), f"{meaning} A row is named by {keys}.")
    put_text(sheet.cell(sheet.max_row + 2, 1), HOW)
    for column, width in zip("ABCD", (22, 8, 8, 100), strict=True):
        sheet.column_dimensions[column].width = width
