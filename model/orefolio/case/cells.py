"""From the text of a cell to its value, as its column is declared. Strict: what is not plainly a number is refused."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable
from typing import Any

from ..errors import nearest
from .columns import Column

NUMBER = re.compile(r"([+-]?)(\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
LEADING_ZERO = re.compile(r"0\d", re.ASCII)
WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
GREATEST = 1e12
GREATEST_WHOLE = 1_000_000_000
SMALLEST = 1e-9


class CellError(Exception):
    """What is wrong with a cell."""

    def __init__(self, found: str, expected: str, remedy: str = "") -> None:
        super().__init__(found, expected, remedy)
        self.found = found
        self.expected = expected
        self.remedy = remedy


def value_of(text: str, column: Column) -> Any:
    """The value of a cell. Raises CellError."""
    if column.kind == "text" and column.optional:
        return text
    if text != text.strip():
        raise CellError(f"{text!r} with a space at its edge", "no space there", "Take the space out")
    if not text:
        if column.optional:
            return column.default
        raise CellError("a blank cell", _expected(column))
    return CONVERTERS[column.kind](text, column)


def _expected(column: Column) -> str:
    """What a column takes, in words."""
    words = {
        "key": "an id",
        "text": "a text",
        "reference": f"an id of {' or '.join(column.table.split())}",
        "references": f"ids of {column.table}",
        "choice": " or ".join(column.choices),
        "number": "a number",
        "whole": "a whole number",
        "flag": "yes or no",
        "date": "a date, YYYY-MM-DD",
        "years": "numbers separated by spaces",
    }[column.kind]
    unit = f" ({column.unit})" if column.unit else ""
    if column.low is not None and column.high is not None:
        return f"{words} from {column.low:g} to {column.high:g}{unit}"
    if column.low is not None:
        return f"{words} of at least {column.low:g}{unit}"
    return words + unit


def _text(text: str, column: Column) -> str:
    return text


def _reference(text: str, column: Column) -> str:
    return text


def _references(text: str, column: Column) -> tuple[str, ...]:
    ids = tuple(text.split())
    twice = [item for position, item in enumerate(ids) if item in ids[:position]]
    if twice:
        raise CellError(f"{twice[0]!r} twice", "each id once")
    return ids


def _choice(text: str, column: Column) -> str:
    if text not in column.choices:
        raise CellError(repr(text), _expected(column), nearest(text.lower(), column.choices))
    return text


def _flag(text: str, column: Column) -> bool:
    if text not in ("yes", "no"):
        meant = {"true": "yes", "1": "yes", "y": "yes", "false": "no", "0": "no", "n": "no"}
        word = text.lower() if text.lower() in ("yes", "no") else meant.get(text.lower(), "")
        raise CellError(repr(text), "yes or no", f"Write {word}" if word else "")
    return text == "yes"


def _date(text: str, column: Column) -> str:
    if not DATE.fullmatch(text):
        raise CellError(repr(text), _expected(column))
    if day_of(text) is None:
        raise CellError(repr(text), "a day of the calendar")
    return text


def day_of(text: str) -> datetime.date | None:
    """The day of YYYY-MM-DD; None where it is none. Python's own reading would also take weeks, 2027-W01-1."""
    try:
        return datetime.date.fromisoformat(text) if DATE.fullmatch(text) else None
    except ValueError:
        return None


def _number(text: str, column: Column) -> float:
    return bounded(_plain(text, column), text, column)


def _whole(text: str, column: Column) -> int:
    if not WHOLE.fullmatch(text):
        remedy = f"Write {int(float(text))}" if NUMBER.fullmatch(text) and _is_whole(float(text)) else ""
        raise CellError(repr(text), _expected(column), remedy)
    if abs(float(text)) > GREATEST_WHOLE:
        raise CellError(text, f"a whole number up to {GREATEST_WHOLE}")
    return int(bounded(_plain(text, column), text, column))


def _is_whole(value: float) -> bool:
    return math.isfinite(value) and abs(value) <= GREATEST_WHOLE and value == int(value)


def _years(text: str, column: Column) -> tuple[float, ...]:
    return tuple(bounded(_plain(word, column), word, column) for word in text.split())


def _plain(text: str, column: Column) -> float:
    """A number as `plain_number` reads it; what was expected is put into words for a wrong one only."""
    try:
        return plain_number(text)
    except CellError:
        return plain_number(text, _expected(column))


def plain_number(text: str, expected: str = "a number") -> float:
    """A finite number of a size that a solver can use. Raises CellError with the way to write it."""
    match = NUMBER.fullmatch(text)
    if match is None:
        raise CellError(repr(text), expected, _number_remedy(text))
    if LEADING_ZERO.match(match[2]):
        raise CellError(f"{text!r} with a leading zero", expected, f"Write {text.lstrip('+-0') or '0'}")
    value = float(text)
    if abs(value) > GREATEST:
        remedy = "Where there is no limit, leave the cell blank if the column allows it"
        raise CellError(text, f"a number up to {GREATEST:g}", remedy)
    if abs(value) < SMALLEST and (value or re.search("[1-9]", match[2])):
        raise CellError(text, f"0, or at least {SMALLEST:g}: a solver drops smaller ones", "Use a larger unit or 0")
    return value + 0.0


def bounded(value: float, text: str, column: Column) -> float:
    """The value, if it is in the range of its column. Raises CellError."""
    if (column.low is not None and value < column.low) or (column.high is not None and value > column.high):
        raise CellError(text, _expected(column))
    return value


def _number_remedy(text: str) -> str:
    if re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+,\d+", text, re.ASCII):
        return f"The decimal sign is a point: write {text.replace('.', '').replace(',', '.')}"
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+", text, re.ASCII):
        return f"Thousands have no sign: write {text.replace(',', '')}; the decimal sign is a point"
    if re.fullmatch(r"[+-]?\d+,\d+", text, re.ASCII):
        return f"The decimal sign is a point and thousands have none: write {text.replace(',', '.')}"
    if re.fullmatch(r"[+-]?[\d.]+\s*%", text, re.ASCII):
        number = text.rstrip("% \t")
        share = f"{float(number) / 100:g}" if NUMBER.fullmatch(number) else "a share"
        return f"Write the share: {share}"
    if re.fullmatch(r"[+-]?\d[\d_]*", text, re.ASCII):
        return f"Write {text.replace('_', '')}"
    if text.lower().lstrip("+-") in ("nan", "inf", "infinity", "na", "n/a", "null", "none", "-"):
        return "Leave the cell blank where the column has a default or no limit"
    if re.fullmatch(r"[+-]?\d+", text):
        return "Use the digits 0 to 9"
    return ""


CONVERTERS: dict[str, Callable[[str, Column], Any]] = {
    "key": _text,
    "text": _text,
    "reference": _reference,
    "references": _references,
    "choice": _choice,
    "number": _number,
    "whole": _whole,
    "flag": _flag,
    "date": _date,
    "years": _years,
}
