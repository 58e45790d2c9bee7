"""The folder of a sweep: its head, a sealed file for each point that has ended, and at last the table.

head.json        what the sweep is of: hashes of case, overlays, levers, options and points, versions, and their key
points/N.json    the end of point N, sealed, with the sweep's key and the point's
table.csv        a row for each point, written once all have ended
sweep.json       the head, the counts and the columns
manifest.json    the hash of every file above; a sweep without it is not finished

The points of a further sweep of an analysis may follow from what an earlier one found; its head then names the earlier
one's end. Where that has been done again and come out otherwise, `earlier/` holds the ends of before, each under its
point's key, until those that are still asked for are taken over.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from orefolio.errors import Fault, InputError

from .engine import Ended
from .lock import Lock
from .point import Point
from .sealed import PARTIAL, canonical, filled_whole, opened, sealed, written_whole

HEAD, POINTS, EARLIER, TABLE = "head.json", "points", "earlier", "table.csv"
RECORD, MANIFEST = "sweep.json", "manifest.json"
SCHEMA, POINT_SCHEMA = "orefolio/sweep/1", "orefolio/point/1"
ANOTHER = "Give another folder with --folder; nothing is mixed"
REDO = "Add --redo to do it again, or give another folder with --folder"
FOLLOWS = "follows"  # in the head of a further sweep: the hash of the manifest of the one before it
OF_A_ROUND = {FOLLOWS, "count", "points", "levers"}  # what may come out otherwise after an earlier sweep is done again
ROUND = "A sweep that it follows from has been done again. Add --redo to do what is new; ends of the same points stay"
DONE, FAILED = 1, 2

Cells = Callable[[TextIO], None]


class SweepFolder:
    """One sweep on disk. Hold it with `with`: it is locked for this process until the end, however that comes.

    head: what the sweep is of; its key is the hash of that. `states` has a byte for each point: 0, DONE or FAILED.
    """

    def __init__(self, path: Path, head: Mapping[str, Any], points: Sequence[Point]) -> None:
        self.path = path
        self.points = points
        self.head = dict(head)
        self.key = hashlib.sha256(canonical(self.head).encode()).hexdigest()
        self.states = bytearray(len(points))
        self.finished = False
        self._lock = Lock(path, POINTS, "a sweep")

    def __enter__(self) -> SweepFolder:
        self._lock.take()
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.drop()

    def begin(self, resume: bool, redo: bool) -> None:
        """Write the head, or take up what is there. Raises InputError with everything that does not belong.

        redo: points that have failed, or are not as they were written, are forgotten instead; so is a sweep that
        followed from other ends of the one before it, but for the points that are asked for again.
        """
        head = self.path / HEAD
        if not head.exists():
            self._lock.refuse_strangers(HEAD)
            self._write_head()
            return
        was = opened(head)
        if resume and redo and self._follows_otherwise(was):
            self._put_by(was["key"])
            self._write_head()
        else:
            self._same_head(was)
        if not resume:
            ended = sum(1 for _ in (self.path / POINTS).glob("[0-9]*.json"))
            found = "a finished sweep" if (self.path / MANIFEST).exists() else "a sweep that was begun"
            remedy = "Add --resume to do only what is missing, or give another folder with --folder"
            found = f"{found}, {ended:,} of {len(self.points):,} points ended"
            raise InputError([Fault(str(self.path), found, "none", remedy=remedy)])
        self._take_up(redo)
        self._take_over()

    def _write_head(self) -> None:
        written_whole(self.path / HEAD, sealed({"key": self.key, **self.head}))

    def _follows_otherwise(self, found: Mapping[str, Any]) -> bool:
        """Whether a head is of the same further sweep of an analysis, after other ends of the sweep before it."""
        other = {name for name in {*found, *self.head} - {"key"} if found.get(name) != self.head.get(name)}
        return FOLLOWS in found and FOLLOWS in self.head and FOLLOWS in other and other <= OF_A_ROUND

    def _put_by(self, key: str) -> None:
        """Move the ends of the sweep with this key aside, each under its point's key, and forget what is none.

        A kill in the middle leaves the old head, so that the next call goes on with it.
        """
        self._drop_end()
        (self.path / EARLIER).mkdir(exist_ok=True)
        for path in sorted((self.path / POINTS).iterdir()):
            with suppress(InputError):
                content = opened(path)
                if content.get("sweep") == key and content.get("values") is not None:
                    path.replace(self.path / EARLIER / f"{content['point']}.json")
                    continue
            path.unlink()

    def _take_over(self) -> None:
        """Keep the ends that were put aside and are of points of this sweep. One that was altered is planned again."""
        if not (self.path / EARLIER).is_dir():
            return
        for number in list(self.missing()):
            key = self.points[number].key()
            with suppress(InputError):
                content = opened(self.path / EARLIER / f"{key}.json")
                if content.get("point") == key:
                    self.keep(Ended(number, content["values"], content["note"]))
        shutil.rmtree(self.path / EARLIER)

    def _same_head(self, found: Mapping[str, Any]) -> None:
        """Raises InputError where the folder belongs to another sweep, with each thing that differs."""
        expected = {"key": self.key, **self.head}
        if found == expected:
            return
        remedy = ROUND if self._follows_otherwise(found) else ANOTHER
        faults = []
        for name in sorted({*found, *expected} - {"key"}):
            if found.get(name) != expected.get(name):
                was, now = (_shown(side.get(name)) for side in (found, expected))
                faults.append(Fault(str(self.path / HEAD), f"{name} {was}", now, remedy=remedy))
        raise InputError(faults or [Fault(str(self.path / HEAD), "another key", self.key[:12], remedy=ANOTHER)])

    def _take_up(self, redo: bool) -> None:
        faults: list[Fault] = []
        for path in sorted((self.path / POINTS).iterdir()):
            if path.name.startswith(PARTIAL):
                path.unlink()
                continue
            try:
                number, state = self._checked(path)
            except InputError as error:
                faults.extend(Fault(f.file, f.found, f.expected, remedy=f.remedy or REDO) for f in error.faults)
                number, state = -1, FAILED
            if state == FAILED and redo:
                self._drop_end()
                path.unlink()
            elif number >= 0:
                self.states[number] = state
        if not redo:
            faults.extend(self._faults_of_end())
        elif self._faults_of_end():
            self._drop_end()
        if faults and not redo:
            raise InputError(faults)
        self.finished = (self.path / MANIFEST).exists()

    def _checked(self, path: Path) -> tuple[int, int]:
        """Number and state of the point in a file. Raises InputError where it is no end of this sweep's point."""
        content = opened(path)
        number, key = content.get("number"), content.get("sweep")
        if key != self.key:
            raise _fault(path, f"a point of the sweep {str(key)[:12]}", f"one of the sweep {self.key[:12]}")
        if not isinstance(number, int) or not 0 <= number < len(self.points) or path.name != _name(number):
            raise _fault(path, f"the point {number}", "the point of its name")
        if content.get("point") != self.points[number].key():
            raise _fault(path, f"the point {str(content.get('point'))[:12]}", self.points[number].key()[:12])
        return number, DONE if content.get("values") is not None else FAILED

    def _faults_of_end(self) -> list[Fault]:
        """What of the files of the end is not as its manifest says; nothing where there is none."""
        place = self.path / MANIFEST
        if not place.exists():
            return []
        try:
            listed = dict(json.loads(place.read_bytes())["sha256"])
        except (OSError, ValueError, KeyError, TypeError):
            return [Fault(str(place), "a file that cannot be read", "the hashes of the sweep", remedy=REDO)]
        found = []
        for name, wanted in listed.items():
            path = self.path / name
            was = _hash(path) if path.is_file() else "no file"
            if was != wanted:
                found.append(Fault(str(path), f"SHA-256 {was[:12]}", str(wanted)[:12], remedy=REDO))
        return found

    def _drop_end(self) -> None:
        """The manifest goes first, so that the sweep counts as unfinished from then on."""
        for name in (MANIFEST, RECORD, TABLE):
            (self.path / name).unlink(missing_ok=True)

    def keep(self, end: Ended) -> None:
        """Write the end of a point. Raises SpaceError."""
        content = {
            "schema": POINT_SCHEMA,
            "sweep": self.key,
            "number": end.number,
            "point": self.points[end.number].key(),
            "values": None if end.values is None else dict(end.values),
            "note": end.note,
        }
        written_whole(self.path / POINTS / _name(end.number), sealed(content))
        self.states[end.number] = FAILED if end.values is None else DONE

    def missing(self) -> Iterator[int]:
        """Numbers of the points that have not ended."""
        return (number for number, state in enumerate(self.states) if not state)

    def ends(self) -> Iterator[Ended]:
        """Every point that has ended, in order, read from disk one at a time."""
        for number, state in enumerate(self.states):
            if state:
                content = opened(self.path / POINTS / _name(number))
                yield Ended(number, content["values"], content["note"])

    def finish(self, columns: Sequence[str], write: Cells, counts: Mapping[str, Any]) -> None:
        """Write table, record and manifest, the manifest last. write: puts the table's text into a file."""

        def fill(number: int) -> None:
            with open(number, "w", encoding="utf-8", newline="", closefd=False) as file:
                write(file)

        filled_whole(self.path / TABLE, fill)
        record = {"schema": SCHEMA, "key": self.key, **self.head, "counts": dict(counts), "columns": list(columns)}
        text = json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        written_whole(self.path / RECORD, text.encode())
        names = [HEAD, *(f"{POINTS}/{_name(number)}" for number in range(len(self.points))), TABLE, RECORD]
        hashes = {name: _hash(self.path / name) for name in names}
        manifest = json.dumps({"schema": "orefolio/manifest/1", "sha256": hashes}, indent=2) + "\n"
        written_whole(self.path / MANIFEST, manifest.encode())
        self.finished = True


def follows(path: Path) -> dict[str, str]:
    """What the head of a further sweep says of the finished sweep in a folder: every end of it, and those before."""
    return {FOLLOWS: _hash(path / MANIFEST)}


def _name(number: int) -> str:
    return f"{number + 1:06}.json"


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else canonical(value)
    return text[:12] if len(text) == 64 else text[:80]


def _fault(path: Path, found: str, expected: str) -> InputError:
    return InputError([Fault(str(path), found, expected, remedy=REDO)])
