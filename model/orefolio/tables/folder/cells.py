"""Tables as CSV text and back: the same bytes for the same numbers, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
DIGITS = "%.9g"


def guarded(text: str) -> str:
    """A text cell that no spreadsheet takes for a formula: an apostrophe before it, unless it is a number."""
    return "'" + text if text.startswith(RUNS) and not _is_number(text) else text


def unguarded(text: str) -> str:
    """The text before it was guarded."""
    return text[1:] if text.startswith("'") and text[1:].startswith(RUNS) and not _is_number(text[1:]) else text


def csv_of(table: pd.DataFrame) -> str:
    """The table as CSV: nine significant digits, blanks where there is nothing."""
    kinds = kinds_of(table)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(kinds)
    columns = [[_cell(value) for value in table[name].tolist()] for name in table.columns]
    writer.writerows(zip(*columns, strict=True))
    return stream.getvalue()


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


def kinds_of(table: pd.DataFrame) -> dict[str, str]:
    """Whether each column holds text or numbers; a column with no value holds text."""
    kinds = {}
    for name in table.columns:
        values = [value for value in table[name].tolist() if value is not None]
        numbers = bool(values) and all(isinstance(value, int | float) for value in values)
        kinds[str(name)] = "number" if numbers else "text"
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
