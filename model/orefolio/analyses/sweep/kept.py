"""What an analysis leaves beside its points: its tables as CSV and its figure as JSON."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from orefolio.tables.folder.cells import guarded

from .analysis import Answer
from .run import cell
from .sealed import canonical, written_whole

FIGURE = "figure.json"


def keep(answer: Answer, place: Path) -> list[Path]:
    """Write them into a folder, each whole or not at all; the paths. Raises SpaceError."""
    paths = []
    place.mkdir(parents=True, exist_ok=True)
    for name, table in answer.tables.items():
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(map(guarded, table.headings))
        writer.writerows([cell(value) for value in row] for row in table.rows)
        paths.append(place / f"{name}.csv")
        written_whole(paths[-1], text.getvalue().encode())
    if answer.figure is not None:
        paths.append(place / FIGURE)
        written_whole(paths[-1], canonical(answer.figure).encode())
    return paths
