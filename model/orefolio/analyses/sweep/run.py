"""A sweep from its points to its table: what is missing is planned, what has ended is kept, at last all is written."""

from __future__ import annotations

import csv
import hashlib
import math
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

from orefolio.tables.folder.cells import DIGITS, guarded

from .engine import Ended, Engine, Task, Work
from .folder import DONE, FAILED, SweepFolder
from .point import Point
from .sealed import canonical

STOPS = tuple(signal.Signals[name] for name in ("SIGTERM", "SIGHUP") if name in signal.Signals.__members__)
Heard = Callable[["Standing"], None]
LEVER = "lever_"  # before the name of a lever, in the table's columns


@dataclass(frozen=True)
class Standing:
    """How far a sweep is. kept: ended before this call; seconds: of this call."""

    points: int
    done: int
    failed: int
    kept: int
    seconds: float

    @property
    def ended(self) -> int:
        """Points that have ended, whenever."""
        return self.done + self.failed

    @property
    def seconds_left(self) -> float:
        """An estimate from the points of this call; infinite before the first."""
        now = self.ended - self.kept
        return self.seconds / now * (self.points - self.ended) if now else math.inf


@dataclass(frozen=True)
class Swept:
    """A sweep that has ended. stands: lever to its value where a point leaves it. columns: the figures of a point.

    dives: whether the analysis asked for dives alone, so that a gap they leave is no limit that was met.
    """

    folder: SweepFolder
    stands: Mapping[str, float]
    columns: tuple[str, ...]
    standing: Standing
    dives: bool = False

    @property
    def redone(self) -> int:
        """Points that this call planned."""
        return self.standing.ended - self.standing.kept

    def rows(self) -> Iterator[dict[str, Any]]:
        """Rows in the order of the points, read from disk one at a time."""
        for end in self.folder.ends():
            values = end.values or {}
            state = "failed" if end.values is None else "done"
            levers = {**self.stands, **self.folder.points[end.number].levers}
            yield {
                "point": end.number + 1,
                **{LEVER + name: levers[name] for name in self.stands},
                "state": state,
                "failure": end.note if end.values is None else "",
                **{name: values.get(name) for name in self.columns},
            }

    @property
    def headings(self) -> tuple[str, ...]:
        """The columns of the table."""
        return ("point", *(LEVER + name for name in self.stands), "state", "failure", *self.columns)


def sweep(
    work: Work,
    points: Sequence[Point],
    engine: Engine,
    place: Path,
    *,
    about: Mapping[str, Any],
    columns: Sequence[str],
    stands: Mapping[str, float],
    resume: bool = False,
    redo: bool = False,
    progress: Heard | None = None,
) -> Swept:
    """Plan every point, or with `resume` what is missing in the folder `place`, and write the table.

    about: what the sweep is of, beside its points: hashes and versions; it makes the key. columns: figures that a point
    has. stands: the levers to show in the table, with their values where a point leaves them. redo: also points that
    have failed or whose files are not as they were written.

    Raises InputError for a folder that holds another sweep or altered points, FolderInUseError, SpaceError,
    UnfinishedError. After any of them, and after Ctrl-C, the points that have ended are on disk.
    """
    head = {
        **about,
        "maker": work.maker,
        "levers": dict(stands),
        "columns": list(columns),
        "count": len(points),
        "points": _digest(points),
    }
    with SweepFolder(place, head, points) as folder, _terminable():
        folder.begin(resume, redo)
        kept = len(points) - folder.states.count(0)
        began = time.monotonic()

        def standing() -> Standing:
            done, failed = folder.states.count(DONE), folder.states.count(FAILED)
            return Standing(len(points), done, failed, kept, time.monotonic() - began)

        if progress:
            progress(standing())
        for end in _ends(engine, work, folder):
            folder.keep(end)
            if progress:
                progress(standing())
        swept = Swept(folder, stands, tuple(columns), standing())
        if not folder.finished:
            counts = {"points": len(points), "done": swept.standing.done, "failed": swept.standing.failed}
            folder.finish(swept.headings, lambda file: _write_table(file, swept), counts)
    return swept


def _ends(engine: Engine, work: Work, folder: SweepFolder) -> Iterator[Ended]:
    """The ends of the points that are missing. What is left of the engine is stopped on every way out."""
    if folder.finished:
        return
    tasks: Iterator[Task] = ((number, folder.points[number].plain()) for number in folder.missing())
    first = next(tasks, None)
    if first is None:
        return
    running: Any = engine.run(work, _again(first, tasks))
    with closing(running):
        yield from running


def _again(first: Task, rest: Iterator[Task]) -> Iterator[Task]:
    yield first
    yield from rest


def _digest(points: Sequence[Point]) -> str:
    digest = hashlib.sha256()
    for point in points:
        digest.update(canonical(point.plain()).encode() + b"\n")
    return digest.hexdigest()


def _write_table(file: TextIO, swept: Swept) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(map(guarded, swept.headings))
    for row in swept.rows():
        writer.writerow([cell(value) for value in row.values()])


def cell(value: object) -> str:
    """The text of a cell, as every table has it: nine digits, blank where there is nothing."""
    if value is None:
        return ""
    if isinstance(value, float):
        text = DIGITS % (value + 0.0)
        return "0" if text == "-0" else text
    return guarded(value) if isinstance(value, str) else str(value)


@contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM and hang-up stop a sweep as Ctrl-C does, where this is the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    heeded = [number for number in STOPS if signal.getsignal(number) is not signal.SIG_IGN]  # nohup ignores hang-up
    before = {number: signal.signal(number, stop) for number in heeded}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier if earlier is not None else signal.SIG_DFL)
