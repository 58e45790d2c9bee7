"""Numbers that a command line gives to an analysis, and how numbers and lists are told."""

from __future__ import annotations

import math
from collections.abc import Sequence

from orefolio.analyses.sweep.analysis import Asked
from orefolio.case.cells import CellError, plain_number
from orefolio.errors import Fault, InputError

MOST_NAMED = 12


def real(asked: Asked, name: str, least: float, most: float = math.inf) -> float:
    """A number that an option gives. Raises InputError."""
    return _number(str(asked.words[name]), name, least, most)


def reals(asked: Asked, name: str, least: float, most: float = math.inf) -> list[float]:
    """The numbers that an option lists, each once, the least first; none where it is not given. Raises InputError."""
    given = asked.words[name]
    return sorted({_number(text, name, least, most) for text in given.split(",")}) if given is not None else []


def _number(text: str, name: str, least: float, most: float) -> float:
    try:
        value = plain_number(text.strip())
    except CellError as error:
        raise InputError([Fault(flag(name), error.found, error.expected)]) from None  # its remedy is of cells
    if not least <= value <= most:
        wanted = f"{_bound(least)} or more" if most == math.inf else f"{_bound(least)} to {_bound(most)}"
        raise InputError([Fault(flag(name), repr(text), wanted)])
    return value


def _bound(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:g}"


def whole(asked: Asked, name: str, least: int, most: float = math.inf) -> int:
    """The same of a whole number."""
    value = real(asked, name, least, most)
    if not value.is_integer():
        raise InputError([Fault(flag(name), repr(asked.words[name]), "a whole number")])
    return int(value)


def share(asked: Asked, name: str) -> float:
    """The same of a number above 0 and up to 1."""
    value = real(asked, name, 0.0, 1.0)
    if value == 0.0:
        raise InputError([Fault(flag(name), repr(asked.words[name]), "a number above 0, at most 1")])
    return value


def flag(name: str) -> str:
    """An option as it is typed."""
    return f"--{name.replace('_', '-')}"


def number(value: object) -> str:
    """A number as a sentence has it: one decimal, or three digits below 100; words as they are, else `unknown`."""
    if value is None:
        return "unknown"
    if not isinstance(value, float):
        return str(value)
    return f"{value:,.1f}".removesuffix(".0") if abs(value) >= 100 else f"{value:.3g}"


def named(names: Sequence[str]) -> str:
    """A list of names in a sentence; a long one is cut, and says how many more there are."""
    more = f" and {len(names) - MOST_NAMED} more (see the table)" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more if names else "nothing"
