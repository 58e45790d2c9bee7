"""What a section of a page is: a question, and what answers it: sentences, figures, tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .reading import Read


@dataclass(frozen=True)
class Table:
    """A table; headings carry units. Cells are text as it is shown, or None."""

    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str | None]]


@dataclass(frozen=True)
class Figure:
    """What plotly draws, with the sentence that says it in words and the table of its numbers.

    drawn: `data` and `layout`; None where there is nothing to draw: `told` then says why. said: sentences before it.
    """

    told: str
    drawn: Mapping[str, Any] | None = None
    table: Table | None = None
    said: Sequence[str] = ()


@dataclass(frozen=True)
class Part:
    """What a section says. marks: numbers to see first, what each is and how much. folded: tables to be opened.

    tables: beside those of the figures.
    """

    sentences: Sequence[str]
    figures: Sequence[Figure] = ()
    tables: Sequence[Table] = ()
    folded: Sequence[Table] = ()
    marks: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Section:
    """A section. name: its anchor on the page; question: its heading."""

    name: str
    question: str
    answer: Callable[[Read], Part]
