"""A decomposed solve on disk: a file for each round and the best plan, each whole or absent, so that a killed one goes
on with the round that was under way.

head.json        what is solved: hashes of the case and the program, futures and grid; sealed
rounds/N.npz     the point of round N, what it costs, the bound that was proved by then, and what every part answered
plan.npz         the best plan
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from orefolio.analyses.sweep.lock import LOCK, Lock
from orefolio.analyses.sweep.sealed import PARTIAL, opened, sealed, written_whole
from orefolio.errors import Fault, InputError
from orefolio.program.program import Floats, Program

from .message import Answer, packed, unpacked

HEAD, ROUNDS, PLAN = "head.json", "rounds", "plan.npz"
SCHEMA = "orefolio/decomposition/1"


@dataclass(frozen=True)
class Round:
    """point: (shared,). value: million USD that it costs with decisions relaxed. bound: million USD, proved by then."""

    point: Floats
    value: float
    bound: float
    answers: Sequence[Answer]


class Kept:
    """The folder of a decomposed solve.

    program: what is solved. said: more that tells it from others. Hold it with `with`: it is locked for this process
    until the end, however that comes. Raises InputError where the folder has another solve, or one and `resume` is not
    given; FolderInUseError; SpaceError.
    """

    def __init__(self, place: Path, program: Program, said: Mapping[str, Any], resume: bool) -> None:
        self.place, self.resume = place, resume
        self.head = {"schema": SCHEMA, "program": digest(program), **said}
        self.count = 0
        self._lock = Lock(place, ROUNDS, "a solve")

    def __enter__(self) -> Kept:
        self._lock.take()
        try:
            self._begin()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.drop()

    def _begin(self) -> None:
        place, head = self.place, self.head
        if not (place / HEAD).exists():
            self._lock.refuse_strangers(HEAD)
            written_whole(place / HEAD, sealed(head))
        found = opened(place / HEAD)
        if found != head:
            other = sorted(name for name in {*found, *head} if found.get(name) != head.get(name))
            remedy = "Give another folder with --folder"
            raise InputError(
                [Fault(str(place / HEAD), f"another solve (its {', '.join(other)})", "this", 0, 0, remedy)]
            )
        self.count = sum(1 for path in (place / ROUNDS).glob("[0-9]*.npz"))
        if self.count and not self.resume:
            remedy = "Add --resume to go on, or give another folder with --folder"
            raise InputError([Fault(str(place), f"a solve that was begun, {self.count} rounds", "none", 0, 0, remedy)])

    def rounds(self) -> Iterator[Round]:
        """What was kept, in order. Raises InputError where a file is not what was written."""
        for number in range(self.count):
            found = self._read(self.place / ROUNDS / _name(number))
            ends = np.cumsum(found["lengths"])
            slopes = np.split(found["slopes"], ends[:-1])
            answers = [
                Answer(int(part), str(outcome), float(value), float(constant), slope)
                for part, outcome, value, constant, slope in zip(
                    found["parts"], found["outcomes"], found["values"], found["constants"], slopes, strict=True
                )
            ]
            yield Round(found["point"], float(found["value"]), float(found["bound"]), answers)

    def keep(self, done: Round) -> None:
        """Write a round that has ended. Raises SpaceError."""
        answers = done.answers
        content = packed(
            point=done.point,
            value=done.value,
            bound=done.bound,
            parts=[answer.part for answer in answers],
            outcomes=[answer.outcome for answer in answers],
            values=[answer.value for answer in answers],
            constants=[answer.constant for answer in answers],
            lengths=[answer.slopes.size for answer in answers],
            slopes=np.concatenate([answer.slopes for answer in answers]),
        )
        written_whole(self.place / ROUNDS / _name(self.count), content)
        self.count += 1

    def plan(self) -> Floats | None:
        """The best plan, (columns,), None where none was found yet."""
        path = self.place / PLAN
        return self._read(path)["plan"] if path.exists() else None

    def keep_plan(self, plan: Floats) -> None:
        """Write a better plan. Raises SpaceError."""
        written_whole(self.place / PLAN, packed(plan=plan))

    def forget(self) -> None:
        """Take away what was written, since the solve has come to its end, and the folder if nothing else is in it."""
        rounds = self.place / ROUNDS
        own = [*sorted(rounds.glob("[0-9]*.npz"), reverse=True), *rounds.glob(f"{PARTIAL}*")]
        own += [*self.place.glob(f"{PARTIAL}*"), self.place / PLAN, self.place / HEAD, self.place / LOCK]
        for path in own:  # the first round last and the head after it, so that a kill leaves a solve to go on with
            path.unlink(missing_ok=True)
        for folder in (rounds, self.place):
            with suppress(OSError):  # what is not ours stays
                folder.rmdir()

    def _read(self, path: Path) -> dict[str, Any]:
        try:
            return unpacked(path.read_bytes())
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise InputError([Fault(str(path), f"a file that cannot be read ({error})", "a round as it was written",
                                    remedy="Take the folder away and begin anew")]) from None  # fmt: skip


def digest(program: Program) -> str:
    """The hash of all numbers of a program."""
    matrix = program.matrix
    found = hashlib.sha256()
    arrays = (matrix.data, matrix.indices, matrix.indptr, program.row_lower, program.row_upper, program.column_lower,
              program.column_upper, program.integer, program.cost)  # fmt: skip
    for array in arrays:
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()


def _name(number: int) -> str:
    return f"{number + 1:06}.npz"
