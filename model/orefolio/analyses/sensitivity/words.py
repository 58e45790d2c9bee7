"""Numbers that a command line gives to an analysis, and how numbers and lists are told."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from orefolio.errors import Fault, InputError

MOST_NAMED = 12


def at_least(words: Mapping[str, str | None], name: str, least: float) -> float:
    """A number that an option gives. Raises InputError for another word or one below the least."""
    text = str(words[name])
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < least:
        raise InputError([Fault(flag(name), repr(text), f"a number, {least:g} or more")])
    return value


def whole(words: Mapping[str, str | None], name: str, least: int) -> int:
    """The same of a whole number."""
    value = at_least(words, name, least)
    if not value.is_integer():
        raise InputError([Fault(flag(name), repr(words[name]), "a whole number")])
    return int(value)


def flag(name: str) -> str:
    """An option as it is typed."""
    return f"--{name.replace('_', '-')}"


def number(value: object) -> str:
    """A number as a sentence has it: six digits; words as they are, `unknown` for nothing."""
    if value is None:
        return "unknown"
    return f"{value:,.7g}" if isinstance(value, float) else str(value)


def named(names: Sequence[str]) -> str:
    """A list of names in a sentence; a long one is cut, and says how many more there are."""
    more = f" and {len(names) - MOST_NAMED} more (see the table)" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more if names else "nothing"
