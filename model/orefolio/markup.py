"""Small pieces of HTML for a notebook's output: every text is escaped, and nothing runs or is fetched."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

MOST_ROWS, MOST_LETTERS = 12, 160
RIGHT = ' style="text-align:right"'


def paragraph(text: str, strong: bool = False) -> str:
    """One line of text."""
    said = html.escape(text)
    return f"<p><strong>{said}</strong></p>" if strong else f"<p>{said}</p>"


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], most: int = MOST_ROWS) -> str:
    """A table of at most so many rows; how many more there are stands under it."""
    every = list(rows)
    head = "".join(f"<th>{html.escape(text)}</th>" for text in headings)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in every[:most])
    more = paragraph(f"and {len(every) - most} more") if len(every) > most else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _cell(value: object) -> str:
    if isinstance(value, float | int) and not isinstance(value, bool):
        return f"<td{RIGHT}>{f'{value:,.1f}' if abs(value) >= 1000 else f'{value:,.4g}'}</td>"
    text = "" if value is None else str(value)
    return f"<td>{html.escape(text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + '…')}</td>"


def block(*parts: str) -> str:
    """Pieces in their order."""
    return f"<div>{''.join(parts)}</div>"
