"""Small pieces of HTML for a notebook's output: every text is escaped, and nothing runs or is fetched."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import TypeGuard

MOST_ROWS, MOST_LETTERS = 12, 160
SHORT = 12
"""Letters of a text that stands on one line."""
LEFT = ' style="text-align:left;padding:0.1em 0.6em"'
LINE = ' style="text-align:left;padding:0.1em 0.6em;white-space:nowrap"'
RIGHT = ' style="text-align:right;padding:0.1em 0.6em"'
"""Said of every cell: not every notebook keeps the columns of a plain table apart."""


def paragraph(text: str, strong: bool = False) -> str:
    """One line of text."""
    said = html.escape(text)
    return f"<p><strong>{said}</strong></p>" if strong else f"<p>{said}</p>"


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], most: int = MOST_ROWS) -> str:
    """A table of at most so many rows; how many more there are stands under it."""
    every = list(rows)
    numbered = [any(_is_number(row[place]) for row in every[:most]) for place in range(len(headings))]
    head = "".join(
        f"<th{RIGHT if right else LEFT}>{html.escape(text)}</th>"
        for text, right in zip(headings, numbered, strict=True)
    )
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in every[:most])
    more = paragraph(f"and {len(every) - most} more") if len(every) > most else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, float | int) and not isinstance(value, bool)


def _cell(value: object) -> str:
    if _is_number(value):
        written = f"{value:,.1f}".removesuffix(".0") if abs(value) >= 1000 else f"{value:,.4g}"
        return f"<td{RIGHT}>{written}</td>"
    text = "" if value is None else str(value)
    look = LINE if len(text) <= SHORT else LEFT
    return f"<td{look}>{html.escape(text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + '…')}</td>"


def block(*parts: str) -> str:
    """Pieces in their order."""
    return f"<div>{''.join(parts)}</div>"
