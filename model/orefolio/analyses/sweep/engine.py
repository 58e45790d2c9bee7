"""Who plans the points: the common form of the engines, and the plainest of them, this process itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, NamedTuple, Protocol

from orefolio.errors import OrefolioError

from .sealed import canonical

Plain = Mapping[str, Any]
Task = tuple[int, Plain]
"""The number of a point in its sweep, from 0, and the point as JSON has it."""
Evaluate = Callable[[Plain], Mapping[str, Any]]
TRIES = 2  # how often a point is given to a worker that dies of it


class UnfinishedError(OrefolioError):
    """A sweep could not go on; what it finished is on disk."""

    exit_code = 3


@dataclass(frozen=True)
class Work:
    """What every worker is told once. maker: `module:attribute`, called with `setup` (plain JSON), gives `Evaluate`."""

    maker: str
    setup: Mapping[str, Any]

    def made(self) -> Evaluate:
        """What evaluates points, ready. Raises what the maker raises."""
        module, _, attribute = self.maker.partition(":")
        evaluate: Evaluate = getattr(import_module(module), attribute)(self.setup)
        return evaluate


class Ended(NamedTuple):
    """The end of a point: its figures, or why there are none."""

    number: int
    values: Mapping[str, Any] | None
    note: str = ""


class Engine(Protocol):
    """Takes tasks as it has room for them and yields each end once, in any order; closing the iterator stops it."""

    def run(self, work: Work, tasks: Iterator[Task]) -> Iterator[Ended]:
        """Raises UnfinishedError, SpaceError, InputError where no worker can go on."""
        ...


def ended(evaluate: Evaluate, task: Task) -> Ended:
    """Evaluate a point; an error of any kind is its end. Lets MemoryError and KeyboardInterrupt through."""
    number, plain = task
    try:
        values = evaluate(plain)
        canonical(values).encode()
    except MemoryError:
        raise
    except OrefolioError as error:
        return Ended(number, None, _printable(str(error)))
    except Exception as error:
        return Ended(number, None, _printable(f"{type(error).__name__}: {error}"))
    return Ended(number, values)


def _printable(text: str) -> str:
    """Text that can be written as UTF-8, whatever a path in it is made of."""
    return text.encode("utf-8", "backslashreplace").decode()


class InProcess:
    """Plans the points in this process, one after the other. A point that kills it takes the sweep with it."""

    def run(self, work: Work, tasks: Iterator[Task]) -> Iterator[Ended]:
        """As `Engine.run`."""
        evaluate = work.made()
        for task in tasks:
            yield ended(evaluate, task)
