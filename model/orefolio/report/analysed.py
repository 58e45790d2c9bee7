"""What was analysed of a run, as the folders in its `analyses/` hold it, and the part of a page that shows it.

The folder NAME or NAME-ANYTHING is what `orefolio sensitivity … NAME --folder RUN/analyses/NAME` leaves.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orefolio.analyses.sweep.kept import FIGURE, answered, kept_text
from orefolio.errors import Fault, InputError
from orefolio.tables.folder.cells import unguarded

from .reading import Read
from .section import Figure, Part, Table

FOLDER = "analyses"
MOST_ROWS = 300


@dataclass(frozen=True)
class Kept:
    """An analysis that has ended. place: its folder; content: of answer.json."""

    place: Path
    content: dict[str, Any]

    @property
    def name(self) -> str:
        """What it is shown as."""
        return self.place.name

    def figure(self) -> dict[str, Any] | None:
        """What plotly draws; None where there is no figure. Raises InputError."""
        text = kept_text(self.place, FIGURE, self.content)
        if text is None:
            return None
        try:
            figure = json.loads(text)
            if not isinstance(figure, dict) or not isinstance(figure.get("data", []), list):
                raise ValueError("no map of data and layout")
        except (ValueError, RecursionError) as error:
            raise InputError(
                [Fault(str(self.place / FIGURE), f"a figure that cannot be read ({error})", "JSON")]
            ) from None
        return figure

    def tables(self) -> Iterator[Table]:
        """Its tables as they are shown. Raises InputError."""
        for name in self.content["tables"]:
            rows = list(csv.reader(io.StringIO(kept_text(self.place, f"{name}.csv", self.content) or "")))
            if rows:
                shown = [[_cell(cell) for cell in row] for row in rows[1 : MOST_ROWS + 1]]
                more = f", the first {MOST_ROWS} of {len(rows) - 1:,} rows" if len(rows) - 1 > MOST_ROWS else ""
                yield Table(f"{self.name}: {name}{more}", [word.replace("_", " ") for word in rows[0]], shown)


def kept(read: Read, analysis: str) -> list[Kept]:
    """Every analysis of a name that has ended, in the order of their folders. Raises InputError."""
    parent = read.path / FOLDER
    places = sorted(place for place in parent.glob(f"{analysis}*") if place.is_dir()) if parent.is_dir() else []
    own = [place for place in places if place.name == analysis or place.name.startswith(f"{analysis}-")]
    return [Kept(place, content) for place in own if (content := answered(place)) is not None]


def part(read: Read, *analyses: str) -> Part:
    """What is kept of these analyses of a run; of one that is missing, how to ask it. Raises InputError."""
    sentences: list[str] = []
    figures: list[Figure] = []
    folded: list[Table] = []
    for analysis in analyses:
        found = kept(read, analysis)
        if not found:
            told = (
                f"The run has no analysis “{analysis}” yet: `orefolio report RUN --all` makes it, or "
                f"`orefolio sensitivity CASE {analysis} --folder RUN/analyses/{analysis}`."
            )
            figures.append(Figure(told))
        for one in found:
            tables = list(one.tables())
            figure = one.figure()
            sentences += [*_apart(read, one), *map(str, one.content["sentences"])]
            told = f"Figure of the analysis “{one.name}”; the sentences above say what it shows."
            if figure is not None and not any(map(_drawn, figure.get("data", []))):
                figure, told = None, f"The analysis “{one.name}” found nothing to draw; the sentences above say why."
            elif figure is None:
                told = f"The analysis “{one.name}” draws no figure; its tables follow."
            figures.append(Figure(told, figure, tables[0] if tables else None))
            folded += tables[1:]
    return Part(sentences, figures, folded=folded)


def _drawn(trace: Any) -> bool:
    """Whether a trace of a figure has anything to show."""
    return isinstance(trace, dict) and any(trace.get(axis) for axis in ("x", "y", "z", "values"))


def _apart(read: Read, one: Kept) -> Iterator[str]:
    """Where an analysis is not of this very run."""
    if one.content["case"] != read.record["case"]["hash"]:
        yield f"Take care: the analysis “{one.name}” is of another case than this run, or of one with levers turned."
    grid = one.content["point"]["grid"]
    if grid is not None and grid != read.record["grid"]:
        yield f"The plans of “{one.name}” tell time by the grid {grid}, this run by {read.record['grid']}."


def _cell(text: str) -> str:
    """A cell of a table: a long number to six digits."""
    try:
        value = float(text)
    except ValueError:
        return unguarded(text)
    return f"{value:.6g}" if len(text) > 8 else text
