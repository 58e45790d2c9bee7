"""A decomposed solve in one process, written down: what every answer took, and how many bytes were said for it.

Questions and answers go through the same bytes as between machines, so that each side bears
its part.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from orefolio.program.program import Floats
from orefolio.scale.decomposition.message import (
    Answer,
    Request,
    packed_answer,
    packed_part,
    packed_request,
    unpacked_answer,
    unpacked_part,
    unpacked_request,
)
from orefolio.scale.decomposition.split import Part
from orefolio.scale.decomposition.subproblem import Subproblem


@dataclass(frozen=True)
class Round:
    """One question to every future, all (futures,).

    solving: CPU seconds of a worker, from the question's bytes to the answer's. asking, hearing: CPU seconds of the
    coordinator for the question's bytes and the answer's. asked, answered: bytes. master: CPU seconds of the
    coordinator before it asks.
    """

    deed: str
    master: float
    solving: Floats
    asking: Floats
    hearing: Floats
    asked: Floats
    answered: Floats

    def of(self, chosen: Sequence[int]) -> Round:
        """The round with these futures, which may stand more than once."""
        fields = (self.solving, self.asking, self.hearing, self.asked, self.answered)
        return Round(self.deed, self.master, *(np.asarray(one)[list(chosen)] for one in fields))


@dataclass(frozen=True)
class Record:
    """A solve. sizes: (futures,) nonzeros of each, by which they are dealt out. last: CPU seconds after all rounds.

    In the first round the program of each future is shipped with its question, and made ready by its worker.
    """

    rounds: tuple[Round, ...]
    sizes: Floats
    last: float

    @property
    def futures(self) -> int:
        """How many."""
        return len(self.sizes)

    @property
    def master(self) -> float:
        """CPU seconds of the coordinator beside what it says and hears."""
        return self.last + sum(one.master for one in self.rounds)

    @property
    def said(self) -> float:
        """CPU seconds of the coordinator for bytes."""
        return float(sum(one.asking.sum() + one.hearing.sum() for one in self.rounds))

    @property
    def solving(self) -> float:
        """CPU seconds of the workers."""
        return float(sum(one.solving.sum() for one in self.rounds))


@dataclass
class Recorder:
    """Answers in this process, as the plainest crew does, and writes down what that takes."""

    rounds: list[Round] = field(default_factory=list)
    known: dict[int, Subproblem] = field(default_factory=dict)
    parts: Sequence[Part] = ()
    mark: float = field(default_factory=time.process_time)

    def take(self, parts: Sequence[Part]) -> None:
        """As `Crew.take`."""
        self.parts = parts

    def ask(self, requests: Sequence[Request]) -> Iterator[Answer]:
        """As `Crew.ask`."""
        master = time.process_time() - self.mark
        figures = []
        for request in requests:
            answer, found = self._answered(request)
            figures.append(found)
            yield answer
        columns = (np.array(column) for column in zip(*figures, strict=True))
        self.rounds.append(Round(requests[0].deed, master, *columns))
        self.mark = time.process_time()

    def close(self) -> None:
        """As `Crew.close`."""
        self.known.clear()

    def record(self) -> Record:
        """What was written down, once the solve has ended."""
        sizes = np.array([part.program.matrix.nnz for part in self.parts], dtype=float)
        return Record(tuple(self.rounds), sizes, time.process_time() - self.mark)

    def _answered(self, request: Request) -> tuple[Answer, tuple[float, float, float, int, int]]:
        clock = time.process_time
        began = clock()
        question = packed_request(request)
        program = b"" if request.part in self.known else packed_part(self.parts[request.part])
        arrived = clock()
        if program:
            self.known[request.part] = Subproblem(unpacked_part(program))
        reply = packed_answer(self.known[request.part].answer(unpacked_request(question)))
        sent = clock()
        answer = unpacked_answer(reply)
        times = (sent - arrived, arrived - began, clock() - sent)
        return answer, (*times, len(question) + len(program), len(reply))
