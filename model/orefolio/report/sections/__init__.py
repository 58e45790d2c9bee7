"""The sections of a page, each a file with the question that a reader has, in the order of the page.

To add a section, write one file in this folder with `SECTION`, and one line in SECTIONS.
"""

from __future__ import annotations

from types import ModuleType

from . import (
    alternatives,
    change,
    cost,
    exposure,
    frontier,
    origin,
    rests,
    rules,
    survival,
    timing,
    todo,
)

SECTIONS: tuple[ModuleType, ...] = (
    todo,
    cost,
    origin,
    exposure,
    timing,
    survival,
    frontier,
    change,
    rules,
    alternatives,
    rests,
)
