r"""How long a recorded solve would take on so many workers, by a model that is small enough to be checked by hand.

A round with futures i, workers w and a network that takes `latency` seconds and `bytes_per_second`:

- the coordinator's own seconds come first, then it sends the questions one after the other: question i leaves
  at \(s_i = s_{i-1} + \text{asking}_i + \text{overhead} + \text{asked}_i / \text{bytes per second}\) and is there
  after the latency;
- a future stays with the worker that was given its program; a worker answers its questions in order, each in the
  CPU seconds that were recorded;
- the coordinator takes the answers in one after the other as they come, each for hearing and its bytes;
- the next round begins when all are in.

So one worker takes at least the sum of all answers, and no number of workers less than the coordinator's own seconds
and the longest answer of each round.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from orefolio.program.program import Floats, Integers

from .recorded import Record, Round


@dataclass(frozen=True)
class Network:
    """latency: seconds from one end to the other. overhead: CPU seconds of the coordinator for each question beside
    its bytes, as a scheduler takes them. start: seconds until workers are up."""

    latency: float = 0.0
    bytes_per_second: float = np.inf
    overhead: float = 0.0
    start: float = 0.0


NONE = Network()
"""Messages that take nothing."""


def dealt(sizes: Floats, workers: int) -> Integers:
    """The worker of each future, (futures,): in turn from the largest to the smallest, as the product deals them."""
    homes = np.empty(len(sizes), dtype=np.int64)
    homes[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes)) % workers
    return homes


def round_seconds(one: Round, homes: Integers | None, workers: int, network: Network = NONE) -> float:
    """Wall seconds of a round, each process on a core of its own. homes: None where the next free worker answers."""
    sent = one.master + np.cumsum(one.asking + network.overhead + one.asked / network.bytes_per_second)
    answered = _answered(one.solving, sent + network.latency, homes, workers) + network.latency
    clock = float(sent[-1])
    taking = one.hearing + one.answered / network.bytes_per_second
    for place in np.argsort(answered, kind="stable").tolist():
        clock = max(clock, float(answered[place])) + float(taking[place])
    return clock


def _answered(solving: Floats, arrived: Floats, homes: Integers | None, workers: int) -> Floats:
    """When each answer is ready, (futures,): list scheduling in the order of the questions."""
    ready = np.empty(len(solving))
    if homes is None:
        free = [0.0] * workers
        for place, (seconds, since) in enumerate(zip(solving.tolist(), arrived.tolist(), strict=True)):
            ready[place] = max(heapq.heappop(free), since) + seconds
            heapq.heappush(free, ready[place])
        return ready
    busy = np.zeros(workers)
    for place, home in enumerate(homes.tolist()):
        ready[place] = busy[home] = max(busy[home], arrived[place]) + solving[place]
    return ready


def seconds(record: Record, workers: int, network: Network = NONE, kept: bool = True) -> float:
    """Wall seconds of a recorded solve on so many workers. kept: whether futures stay where they are."""
    homes = dealt(record.sizes, workers) if kept else None
    return network.start + record.last + sum(round_seconds(one, homes, workers, network) for one in record.rounds)


def floor(record: Record) -> float:
    """Seconds that no number of workers gets below: the coordinator's own, and the longest answer of each round."""
    return record.master + float(sum(one.solving.max() for one in record.rounds))


def resampled(record: Record, futures: int, factor: float, seed: int = 0) -> Record:
    """A solve with more or fewer futures: those of a record drawn again and again, the coordinator's seconds times a
    factor. What a future took stays together, round by round."""
    chosen = np.random.default_rng(seed).integers(record.futures, size=futures)
    rounds = tuple(replace(one.of(chosen.tolist()), master=factor * one.master) for one in record.rounds)
    return Record(rounds, record.sizes[chosen], factor * record.last)


@dataclass(frozen=True)
class Law:
    """seconds = factor * futures ** power."""

    factor: float
    power: float

    def __call__(self, futures: float) -> float:
        """Seconds of so many."""
        return float(self.factor * futures**self.power)


def law(futures: Sequence[float], seconds: Sequence[float]) -> Law:
    """The power law through some points, by least squares of the logarithms."""
    power, start = np.polyfit(np.log(futures), np.log(seconds), 1)
    return Law(float(np.exp(start)), float(power))
