"""What sweeps of an analysis found at each place of the levers, all parts together, against what they found at base."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from orefolio.analyses.sweep.analysis import Asked
from orefolio.analyses.sweep.run import Swept

from .intervals import SAME, Interval, cost_of, finite, state_of, words
from .levers import Place, at
from .plans import Changes, changes, names_of

BASE: Place = ()
MOST_NAMES = 4  # names of a kind of change in one cell or sentence
FIGURES = ("cost_musd", "bound_musd", "difference_musd", "difference_low_musd", "difference_high_musd", "proved")


@dataclass(frozen=True)
class Planned:
    """rows: of the sweeps' tables, by place. levers: shown in those tables."""

    asked: Asked
    levers: Sequence[str]
    rows: dict[Place, list[dict[str, Any]]] = field(default_factory=dict)

    def sweep(self, places: Iterable[Place], part: str = "", **options: Any) -> Swept:
        """Plan places, each once. options: of the solves, instead of those of the command.

        Without nodes, where the command leaves them free, dives alone are wanted.
        """
        once = list(dict.fromkeys(places))
        points = [at(self.asked.point, place, **options) for place in once]
        dives = options.get("node_limit") == 0 != self.asked.point.options.get("node_limit")
        swept = self.asked.sweep(points, self.levers, part, dives)
        for place, row in zip(once, swept.rows(), strict=True):
            self.rows.setdefault(place, []).append(row)
        return swept

    @cached_property
    def names(self) -> dict[str, str]:
        """What projects, contracts and levels are called."""
        return names_of(self.asked.case)

    def cost(self, place: Place) -> Interval | None:
        """What is known of the cost there; None without a plan."""
        return cost_of(self.rows[place])

    def difference(self, place: Place, other: Place = BASE) -> Interval | None:
        """Cost at a place less that at another; None where one of them has no plan."""
        here, there = self.cost(place), self.cost(other)
        if here is None or there is None:
            return None
        return SAME if place == other else here.less(there)

    def row(self, place: Place) -> Mapping[str, Any]:
        """The row of the cheapest plan there; of the last sweep where there is none."""
        plans = [row for row in self.rows[place] if row["cost_musd"] is not None]
        return min(plans, key=lambda row: row["cost_musd"]) if plans else self.rows[place][-1]

    def state(self, place: Place) -> str:
        """How it ended: blank where there is a plan."""
        return state_of(self.row(place))

    def changes(self, place: Place, other: Place = BASE) -> Changes | None:
        """How the plan there differs from that at another place; None where one of them has none."""
        if self.state(place) or self.state(other):
            return None
        return changes(self.row(other)["commitments"], self.row(place)["commitments"])

    def changed(self, place: Place, other: Place = BASE) -> str:
        """The same in words; `as before` where nothing differs."""
        found = self.changes(place, other)
        if found is None:
            return self.state(place) or "nothing to compare with"
        return found.words(self.names, MOST_NAMES) or "as before"

    def flipped(self, place: Place) -> int | None:
        """How many decisions of the plan at base are gone there or new; None where one of the two has no plan."""
        found = self.changes(place)
        return None if found is None else len(found.gone) + len(found.new)

    def figures(self, place: Place) -> tuple[object, ...]:
        """What FIGURES names: cost and bound, difference to base from and to, and whether that is proved."""
        cost, difference = self.cost(place), self.difference(place)
        known = (None, None) if cost is None else (cost.best, finite(cost.low))
        if difference is None:
            return (*known, None, None, None, "")
        return (*known, difference.best, finite(difference.low), finite(difference.high),
                "yes" if difference.proved else "no")  # fmt: skip

    def told(self, place: Place) -> str:
        """The difference to base in words, or how the point ended."""
        difference = self.difference(place)
        return self.state(place) or ("base has no plan" if difference is None else words(difference))

    def missing(self) -> list[str]:
        """A sentence for each place without a plan, in the order in which they were planned."""
        return [f"{place_words(place)}: {self.state(place)}." for place in self.rows if self.state(place)]


def place_words(place: Place) -> str:
    """A place as it is typed; `base` where no lever is turned."""
    return ", ".join(f"{name}={value:.6g}" for name, value in place) or "base"
