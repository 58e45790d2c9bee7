"""The sections of a page, each a file with the question that a reader has, in the order of the page.

To add a section, write one file in this folder with `SECTION`, and one line in ORDER.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

ORDER = (
    "todo",
    "cost",
    "origin",
    "exposure",
    "timing",
    "survival",
    "frontier",
    "change",
    "rules",
    "alternatives",
    "rests",
)

SECTIONS: tuple[ModuleType, ...] = tuple(import_module(f"{__name__}.{name}") for name in ORDER)
