"""Where a lever turns the plan of an example case: an option enters or leaves, proved by cost intervals at both ends.

An option is in where doing without it is proved to cost more, and out where taking it is proved to cost more.
"""

from __future__ import annotations

from dataclasses import dataclass

from examples.runs import GRID, Example
from orefolio.analyses.first_change import How, entry_cost, loss_without
from orefolio.solve import Options


@dataclass(frozen=True)
class Flip:
    """An option that is in at one value of a lever and out at another, both inside the lever's range."""

    lever: str
    option: tuple[str, str]
    inside: float
    outside: float
    futures: tuple[str, ...] = ("S00",)

    @property
    def name(self) -> str:
        return f"{self.lever}, {self.option[1]}"


def how(*futures: str, abs_gap: float = 2.0, time_limit: float = 60.0) -> How:
    """Plans of some futures, the trunk's own continuation where none is named, as if there were no other."""
    return How(GRID, futures or ("S00",), Options(abs_gap=abs_gap, time_limit=time_limit))


def assert_in_range(example: Example, flip: Flip) -> None:
    row = example.case.row("levers", flip.lever)
    assert row.low <= min(flip.inside, flip.outside) < max(flip.inside, flip.outside) <= row.high


def assert_turns(example: Example, flip: Flip) -> None:
    """Doing without costs more at one value, taking costs more at the other."""
    case, ask = example.case, how(*flip.futures)
    worth = loss_without(case, flip.option, ask, levers={flip.lever: flip.inside})
    price = entry_cost(case, flip.option, ask, levers={flip.lever: flip.outside})
    assert worth.least > 0
    assert price.least > 0


def assert_costs_to_take(example: Example, option: tuple[str, str]) -> None:
    """What the trunk's plan leaves alone costs more to take."""
    assert entry_cost(example.case, option, how()).least > 0
