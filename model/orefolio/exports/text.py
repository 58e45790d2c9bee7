"""Rows as the text of a CSV file that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from orefolio.tables.folder.cells import guarded


def csv_text(header: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """The text of a CSV file: comma, point, quotes where they must be, an apostrophe before what would be run."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return stream.getvalue()
