"""Tables as CSV text and back: the same bytes for the same numbers, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from numbers import Real
from types import NoneType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from ..outcome.sheet import Sheet

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
DIGITS = "%.9g"
SPECIAL = {"-0": "0", "nan": ""}
"""Texts of numbers that are written otherwise."""


def guarded(text: str) -> str:
    """A text cell that no spreadsheet takes for a formula: an apostrophe before it, unless it is a number."""
    return "'" + text if text.startswith(RUNS) and not _is_number(text) else text


def unguarded(text: str) -> str:
    """The text before it was guarded."""
    return text[1:] if text.startswith("'") and text[1:].startswith(RUNS) and not _is_number(text[1:]) else text


def csv_of(sheet: Sheet) -> str:
    """The table as CSV: nine significant digits, blanks where there is nothing."""
    columns = [_texts(column) for column in sheet.cells().values()]
    if len(columns) == 1:  # a blank alone on its line would be no row
        columns = [[text or '""' for text in columns[0]]]
    lines = map(",".join, zip(*columns, strict=True))
    return "\n".join([",".join(map(_quoted, sheet.columns)), *lines, ""])


def _texts(column: tuple[object, ...]) -> list[str]:
    """The cells of a column as they stand in a CSV file; what stands in many of them is worded once."""
    kinds = set(map(type, column))
    if kinds == {float}:
        texts = (f"{DIGITS}\n" * len(column) % column).split("\n")[:-1]
        return texts if SPECIAL.keys().isdisjoint(texts) else [SPECIAL.get(text, text) for text in texts]
    if kinds <= {str, NoneType} or kinds == {int}:
        worded = {value: _quoted(_cell(value)) for value in set(column)}
        return list(map(worded.__getitem__, column))
    return [_quoted(_cell(value)) if isinstance(value, str) else _cell(value) for value in column]


def _quoted(text: str) -> str:
    """A cell as the dialect has it: in quotes where it must be."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerow([text, ""])
    return stream.getvalue()[:-2]


def table_of(text: str, kinds: dict[str, str]) -> pd.DataFrame:
    """The table from its CSV text. kinds: column to `text` or `number`."""
    import pandas as pd

    frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, encoding="utf-8", lineterminator="\n")
    for name in frame.columns:
        if kinds.get(name) == "number":
            frame[name] = pd.to_numeric(frame[name])
        else:
            frame[name] = [unguarded(value) for value in frame[name]]
    return frame


def kinds_of(sheet: Sheet) -> dict[str, str]:
    """Whether each column holds text or numbers; a column with no value holds text."""
    kinds = {}
    for name, column in sheet.cells().items():
        found = set(map(type, column)) - {NoneType}
        numbers = bool(found) and all(issubclass(kind, Real) for kind in found)
        kinds[name] = "number" if numbers else "text"
    return kinds


def _cell(value: object) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        text = DIGITS % (value + 0.0)
        return "0" if text == "-0" else text
    return guarded(value) if isinstance(value, str) else str(value)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.isascii() and "_" not in text
