"""Numbers and names as they stand on the screen; Chinese and Japanese letters are two columns wide."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size

WIDTH = 100


def cut(text: str, width: int, fill: bool = False) -> str:
    """At most `width` columns of a text, with … where some is left out; filled with blanks where that is asked for."""
    if cell_len(text) > width:
        text = set_cell_size(text, width - 1).rstrip() + "…"
    return set_cell_size(text, width) if fill else text


def joined(words: Iterable[str], width: int) -> str:
    """As many words as fit, and how many were left out."""
    kept: list[str] = []
    given = [word for word in words if word]
    for word in given:
        rest = len(given) - len(kept) - 1
        ending = f" and {rest} more" if rest else ""
        if kept and cell_len(", ".join([*kept, word]) + ending) > width:
            return ", ".join(kept) + f" and {len(given) - len(kept)} more"
        kept.append(word)
    return ", ".join(kept)


def millions(value: float) -> str:
    """Million USD, with decimals only where there are few of them."""
    return f"{value:,.0f}" if abs(value) >= 10 or value == 0 else f"{value:,.2g}"


def exact(value: float) -> str:
    """Million USD to a tenth, and to six figures where they are few."""
    return f"{value:,.1f}" if abs(value) >= 1000 else f"{value:.6g}"


def percent(share: float) -> str:
    """A share as per cent without decimals, one where it is under ten."""
    return f"{100 * share:.1f} %" if 0 < share < 0.0995 else f"{100 * share:.0f} %"
