"""What was analysed of a run, as the folders in its `analyses/` hold it, and the part of a page that shows it.

The folder NAME or NAME-ANYTHING is what `orefolio sensitivity … NAME --folder RUN/analyses/NAME` leaves.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orefolio.analyses.sweep.kept import FIGURE, answered, kept_text
from orefolio.errors import Fault, InputError
from orefolio.tables.folder.cells import unguarded

from .reading import Read, Rows
from .section import Figure, Part, Table
from .words import label

FOLDER = "analyses"
MOST_ROWS = 300
FOLDERS = re.compile(r"(?<!\S)/\S*/(?=[^\s/]+)")
WORD = re.compile(r"\b(?:contract|programme|project|tranche):[\w.-]+(?:/[\w.-]+)*(?<![.-])")
MINUS = re.compile(r"(?<![\w.–-])-(?=[\d.])")


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

    def rows(self, table: str) -> Rows:
        """The rows of a table, cells as text; none where it has no such table. Raises InputError."""
        text = kept_text(self.place, f"{table}.csv", self.content) or ""
        return [{name: unguarded(cell) for name, cell in row.items()} for row in csv.DictReader(io.StringIO(text))]

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
    figures: list[Figure] = []
    folded: list[Table] = []
    for analysis in analyses:
        found = kept(read, analysis)
        if not found:
            told = (
                f"The run has no analysis “{analysis}” yet: “orefolio report RUN -o PAGE --all” makes it, or "
                f"“orefolio sensitivity CASE {analysis} --folder RUN/analyses/{analysis}”."
            )
            figures.append(Figure(told))
        for one in found:
            tables = [_named_in(read, table) for table in one.tables()]
            figure = one.figure()
            said = [*_apart(read, one), *(_said(read, sentence) for sentence in one.content["sentences"])]
            told = f"{_title(figure)} (analysis “{one.name}”)."
            if figure is not None and not any(map(_shows, figure.get("data", []))):
                figure, told = None, f"The analysis “{one.name}” found nothing to draw; the sentences above say why."
            elif figure is None:
                told = f"The analysis “{one.name}” draws no figure; its tables follow."
            drawn = None if figure is None else {key: _drawn(read, value) for key, value in figure.items()}
            figures.append(Figure(told, drawn, tables[0] if tables else None, said))
            folded += tables[1:]
    return Part([], figures, folded=folded)


def _title(figure: Mapping[str, Any] | None) -> str:
    """What a figure says of itself, which the page writes under it."""
    title = (figure or {}).get("layout", {}).get("title", {})
    return str(title.get("text") or "Figure") if isinstance(title, Mapping) else str(title)


def _said(read: Read, sentence: object) -> str:
    """A sentence with true minus signs, in which a decision has its name, and a file no folder."""
    told = MINUS.sub("−", FOLDERS.sub("", str(sentence)))
    for word, name in read.decisions.items():
        told = told.replace(f"{name} ({word})", name)
    return WORD.sub(lambda word: f"“{read.decisions[word[0]]}”" if word[0] in read.decisions else word[0], told)


def _named_in(read: Read, table: Table) -> Table:
    """A table in which a cell that is a decision has its name."""
    rows = [[read.decisions.get(cell or "", cell) for cell in row] for row in table.rows]
    return Table(table.caption, table.headings, rows)


def _drawn(read: Read, part: Any) -> Any:
    """A part of a figure in which a text that is a decision has its name."""
    if isinstance(part, dict):
        return {key: _drawn(read, value) for key, value in part.items()}
    if isinstance(part, list):
        return [_drawn(read, value) for value in part]
    return label(read.decisions[part], 70) if isinstance(part, str) and part in read.decisions else part


def _shows(trace: Any) -> bool:
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
