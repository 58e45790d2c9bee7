"""What is worked out before a page asks: the marks of each lever, first of the one that a hand is on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import Literal

from .levers import Levers

Kind = Literal["fixed", "replanned"]
KINDS: tuple[Kind, ...] = ("fixed", "replanned")
Key = tuple[Kind, tuple[tuple[str, float], ...]]


def key_of(kind: Kind, levers: Mapping[str, float]) -> Key:
    """Under which an answer is kept."""
    return kind, tuple(sorted(levers.items()))


class Ahead:
    """What to do next while nobody waits.

    The lever that a hand is on comes first; then those of the page in turn, each a mark further out than before.
    hand: the lever that was touched last. at: levers as the page that asked last has them. mapped: whether each lever
    that was learnt has a map; one that has is quick without.
    """

    def __init__(self, levers: Levers) -> None:
        self.levers = levers
        self.main = levers.main()
        self.hand = ""
        self.at: Mapping[str, float] = {}
        self.mapped: dict[str, bool] = {}
        self.done: set[Key] = set()

    def next(self) -> str | Key | None:
        """A lever to learn, or an answer to work out; None where all is done."""
        return next(self._steps(), None)

    def _steps(self) -> Iterator[str | Key]:
        others = {name: value for name, value in self.at.items() if name != self.hand}
        if self.hand in self.levers.starts:
            if not others and self.hand not in self.mapped:
                yield self.hand
            yield from self._undone(self._marks(self.hand, others))
        for name in self.main:
            if name not in self.mapped:
                yield name
        for marks in zip_longest(*(self._marks(name, {}) for name in self.main)):
            yield from self._undone(levers for levers in marks if levers is not None)

    def _undone(self, marks: Iterable[Mapping[str, float]]) -> Iterator[Key]:
        """Both answers of a mark one after the other: its program is stated once for them."""
        for levers in marks:
            for kind in KINDS:
                if (key := key_of(kind, levers)) not in self.done:
                    yield key

    def _marks(self, name: str, others: Mapping[str, float]) -> Iterator[Mapping[str, float]]:
        """The marks of a lever, from where it stands outwards; none where a map makes it quick."""
        if self.mapped.get(name) and not others:
            return
        start = self.levers.starts[name]
        stands = self.at.get(name, start)
        for value in sorted(self.levers.marks(name), key=lambda mark: abs(mark - stands)):
            yield {**others, **({} if value == start else {name: value})}
