"""Numbers, lists and names as a page has them."""

from __future__ import annotations

import html
import math
import textwrap
from collections.abc import Sequence

from .world import countries

MOST_NAMED = 6


def amount(value: float) -> str:
    """A number to three digits or more: whole from 100 on, with a true minus sign."""
    text = f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
    return text.replace("-", "−")


def exact(value: float) -> str:
    """Million USD to a tenth."""
    return f"{value:,.1f}".replace("-", "−")


def percent(share: float) -> str:
    """A share as per cent."""
    value = 100 * share
    digits = ".1g" if 0 < abs(value) < 0.1 else ".1f" if abs(value) < 9.95 and value != int(value) else ".0f"
    return f"{value:{digits}}\N{NO-BREAK SPACE}%".replace("-", "−")


def named(names: Sequence[str], most: int = MOST_NAMED) -> str:
    """A list of names in a sentence, parted by semicolons where a name has a comma; of a long one, how many more."""
    if not names:
        return "nothing"
    shown = [*names[:most], *([f"{len(names) - most} more"] if len(names) > most else [])]
    comma = "; " if any("," in name for name in shown) else ", "
    return shown[0] if len(shown) == 1 else f"{comma.join(shown[:-1])}{';' * (comma == '; ')} and {shown[-1]}"


def count(number: int, word: str, plural: str = "") -> str:
    """A number with its noun."""
    return f"{number:,} {word if number == 1 else plural or word + 's'}"


def capital(text: str) -> str:
    """A text that begins a sentence."""
    return text[:1].upper() + text[1:]


def country(code: str) -> str:
    """The name of a country, its code where it is not known."""
    return countries()[code].name if code in countries() else code


def wrapped(text: str, width: int = 32) -> str:
    """A name in a figure, whole, in lines of so many letters."""
    return "<br>".join(html.escape(line, quote=False) for line in textwrap.wrap(text, width))


def lines(names: Sequence[str]) -> int:
    """How many rows of a figure a column of wrapped names needs: each further line of the highest takes half a row."""
    return math.ceil(len(names) * (max((name.count("<br>") for name in names), default=0) / 2 + 1))


def label(text: str, most: int = 60) -> str:
    """A name in a figure: cut, and so that plotly takes no part of it for markup."""
    return html.escape(text if len(text) <= most else text[: most - 1].rstrip() + "…", quote=False)
