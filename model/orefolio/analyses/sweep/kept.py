"""What an analysis leaves beside its points: its tables as CSV, its figure as JSON, and its sentences with the hashes.

answer.json      sealed and written last: the sentences, the names of the tables, the hash of every file below
NAME.csv         a table
figure.json      what plotly draws
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from orefolio.errors import Fault, InputError
from orefolio.tables.folder.cells import guarded

from .analysis import Answer
from .point import Point
from .run import cell
from .sealed import canonical, opened, sealed, written_whole

ANSWER, FIGURE = "answer.json", "figure.json"
SCHEMA = "orefolio/answer/1"


def keep(answer: Answer, place: Path, point: Point) -> list[Path]:
    """Write them into a folder, each whole or not at all; the paths. point: asked at all points. Raises SpaceError."""
    place.mkdir(parents=True, exist_ok=True)
    files = {f"{name}.csv": _text(table.headings, table.rows).encode() for name, table in answer.tables.items()}
    if answer.figure is not None:
        files[FIGURE] = canonical(answer.figure).encode()
    content = {
        "schema": SCHEMA,
        "case": answer.swept.folder.head.get("laid"),
        "point": point.plain(),
        "sentences": list(answer.sentences),
        "tables": list(answer.tables),
        "sha256": {name: hashlib.sha256(text).hexdigest() for name, text in files.items()},
    }
    files[ANSWER] = sealed(content)
    for name, text in files.items():
        written_whole(place / name, text)
    return [place / name for name in files]


def answered(place: Path) -> dict[str, Any] | None:
    """What answer.json says; None where the folder has none yet. Raises InputError where it is not as written."""
    path = place / ANSWER
    if not path.exists():
        return None
    content = opened(path)
    if content.get("schema") != SCHEMA:
        raise InputError([Fault(str(path), f"the schema {str(content.get('schema'))[:40]!r}", SCHEMA)])
    return content


def kept_text(place: Path, name: str, content: Mapping[str, Any]) -> str | None:
    """The text of a file that an answer has; None for one that it has not. Raises InputError for another content."""
    wanted = content["sha256"].get(name)
    if wanted is None:
        return None
    path = place / name
    try:
        found = path.read_bytes()
    except OSError as error:
        raise InputError(
            [Fault(str(path), f"a file that cannot be read ({error.strerror})", f"that of {ANSWER}")]
        ) from None
    if hashlib.sha256(found).hexdigest() != wanted:
        remedy = "Ask the analysis again with --resume --redo"
        raise InputError([Fault(str(path), "another content than was written", f"that of {ANSWER}", remedy=remedy)])
    return found.decode()


def _text(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(guarded, headings))
    writer.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue()
