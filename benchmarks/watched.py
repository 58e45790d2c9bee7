"""A decomposed solve by worker processes, watched: what coordinator and workers took in each round, as Linux counts.

On a machine that others use too the wall says little. What a solve would take on cores of its own is the sum, over
rounds, of the coordinator's CPU seconds and those of its busiest worker.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from orefolio.program.program import Floats
from orefolio.scale.decomposition.message import Answer, Request
from orefolio.scale.decomposition.processes import Processes
from orefolio.scale.decomposition.split import Part


@dataclass
class Watched:
    """A crew of processes. coordinator: CPU seconds, all of the solve. workers: of each round, (workers,) CPU seconds,
    the first with what they take to come up. wall: of each round, seconds."""

    crew: Processes
    workers: list[Floats] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def take(self, parts: Sequence[Part]) -> None:
        """As `Crew.take`."""
        self.crew.take(parts)

    def ask(self, requests: Sequence[Request]) -> Iterator[Answer]:
        """As `Crew.ask`."""
        before = self._spent() if self.workers else np.zeros(len(self.crew.workers))
        began = time.monotonic()
        yield from self.crew.ask(requests)
        self.wall.append(time.monotonic() - began)
        self.workers.append(self._spent() - before)

    def close(self) -> None:
        """As `Crew.close`."""
        self.crew.close()

    @property
    def busiest(self) -> float:
        """CPU seconds of the busiest worker, summed over rounds."""
        return float(sum(one.max() for one in self.workers))

    def _spent(self) -> Floats:
        return np.array([_seconds(worker.process.pid or 0) for worker in self.crew.workers])


def _seconds(process: int) -> float:
    """CPU seconds of a process, all its threads, ended ones too."""
    after_name = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(map(int, after_name[11:13])) / os.sysconf("SC_CLK_TCK")
