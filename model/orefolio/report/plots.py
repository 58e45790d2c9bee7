"""The figures of a run by name, each as the page of the run draws it.

To add a plot, write it as a figure of a section and add one line to PLOTS: the section, and which of its figures.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from orefolio.errors import Fault, InputError

from .figure import drawn
from .reading import Read
from .section import Section

if TYPE_CHECKING:
    from .figure import Drawn

PLOTS: dict[str, tuple[str, int]] = {
    "waterfall": ("cost", 0),
    "sankey": ("origin", 0),
    "world": ("exposure", 0),
    "countries": ("exposure", 1),
    "supply": ("timing", 0),
    "stock": ("timing", 1),
    "timeline": ("timing", 2),
    "futures": ("survival", 0),
}


def figure(run: Path, name: str) -> Drawn:
    """The figure of a run folder. Raises InputError where there is nothing to draw, and MissingExtraError."""
    place, number = PLOTS[name]
    section: Section = import_module(f".sections.{place}", __package__).SECTION
    found = section.answer(Read.of(run)).figures
    if number >= len(found) or (one := found[number]).drawn is None:
        told = found[min(number, len(found) - 1)].told if found else "The run has no plan."
        raise InputError([Fault(name, f"nothing to draw: {told}", "a plan that has it")])
    return drawn(one.drawn)
