"""Sheets of a workbook: text that is never run, numbers as they are, a heading that stays, columns wide enough."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from orefolio.errors import Fault, InputError, MissingExtraError
from orefolio.tables.folder.cells import RUNS

INSTALL = "pip install 'orefolio[excel]'"
MOST_ROWS = 2**20
LONGEST_TEXT = 32_767
LOOKED_AT = 200
"""Rows whose cells say how wide a column is."""
NARROWEST, WIDEST = 8, 60
AUTHOR = "orefolio"


def library() -> ModuleType:
    """The library openpyxl. Raises MissingExtraError."""
    try:
        import openpyxl.comments
        import openpyxl.utils
        import openpyxl.worksheet.datavalidation
    except ImportError as error:
        raise MissingExtraError(f"A workbook needs openpyxl. Install with: {INSTALL}") from error
    found: ModuleType = openpyxl
    return found


def put_text(cell: Any, text: str) -> None:
    """Set a cell to a text, whatever sign it begins with. Raises InputError for one that no sheet can hold."""
    from openpyxl.utils.exceptions import IllegalCharacterError

    place = f"sheet {cell.parent.title}, cell {cell.coordinate}"
    if len(text) > LONGEST_TEXT:
        raise InputError([Fault(place, f"a text of {len(text):,} letters", f"at most {LONGEST_TEXT:,} in a workbook")])
    try:
        cell.value = text
    except IllegalCharacterError as error:
        raise InputError([Fault(place, f"a control character in {text!r}", "text, for a workbook")]) from error
    cell.data_type = "s"  # else a text such as =1+1 would be a formula
    if text.startswith(RUNS):
        cell.quotePrefix = True  # a spreadsheet then keeps it a text when somebody edits it


def put_number(cell: Any, number: float) -> None:
    """Set a cell to a number with all its digits; the library alone would write sixteen."""
    cell.value = repr(number)
    cell.data_type = "n"


def head(sheet: Any, titles: Iterable[tuple[str, str]]) -> None:
    """The first row, which stays in sight. titles: name of a column, and the note on it, blank for none."""
    openpyxl = library()
    bold = openpyxl.styles.Font(bold=True)
    for number, (name, note) in enumerate(titles, 1):
        cell = sheet.cell(1, number)
        put_text(cell, name)
        cell.font = bold
        if note:
            cell.comment = openpyxl.comments.Comment(note, AUTHOR, width=320, height=24 + 18 * (2 + len(note) // 40))
    sheet.freeze_panes = "A2"


def fit(sheet: Any) -> None:
    """Make columns as wide as what stands in them, letters of Chinese and Japanese counted as two."""
    letter = library().utils.get_column_letter
    for number, column in enumerate(sheet.iter_cols(max_row=LOOKED_AT, values_only=True), 1):
        widest = max((_width(str(value)) for value in column if value is not None), default=0)
        sheet.column_dimensions[letter(number)].width = min(max(widest + 2, NARROWEST), WIDEST)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
