"""Which classes can exist where: the forward trace of the case's structure, without time.

A column is made only for a (place, commodity, class) that some source can fill. The trace reads the structure alone, so
it is the same in every future.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..case.case import Case
from ..case.scenarios import Path

Spot = tuple[str, str, str]


@dataclass(frozen=True)
class Reach:
    """Classes by place and commodity, and which of them a process or a lane may carry."""

    case: Case

    @cached_property
    def tags(self) -> dict[str, frozenset[str]]:
        """The tags of each class."""
        return {row.class_: frozenset(row.tags.split()) for row in self.case.rows("classes")}

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """Classes from the one with the fewest tags to the one with the most."""
        return tuple(sorted(self.tags, key=lambda name: (len(self.tags[name]), name)))

    def tagged(self, class_: str) -> bool:
        """Whether a class bears any tag."""
        return bool(self.tags[class_])

    def weaker(self, class_: str) -> list[str]:
        """The classes that material of this class may be used under: those whose tags include its own."""
        return [other for other in self.classes if other != class_ and self.tags[class_] <= self.tags[other]]

    def made(self, process: Any) -> list[str]:
        """The classes that a process can put out: those whose tags include the tags of its technology and equipment."""
        own = self._own_tags(process)
        return [class_ for class_ in self.classes if own <= self.tags[class_]]

    def _own_tags(self, process: Any) -> frozenset[str]:
        rules = [rule for rule in self.case.rows("rules") if rule.enabled]
        by_technology = process.technology_origin == "CN" and any(rule.counts_technology for rule in rules)
        by_equipment = process.equipment_origin == "CN" and any(rule.counts_equipment for rule in rules)
        known = {tag for tags in self.tags.values() for tag in tags}
        return frozenset(known & {"china-technology"}) if by_technology or by_equipment else frozenset()

    @cached_property
    def recipes(self) -> dict[str, list[Any]]:
        """The recipe rows of each process."""
        result: dict[str, list[Any]] = {row.process: [] for row in self.case.rows("processes")}
        for row in self.case.rows("recipes"):
            result[row.process].append(row)
        return result

    @cached_property
    def spots(self) -> frozenset[Spot]:
        """Every (place, commodity, class) that some source can fill."""
        found: set[Spot] = set()
        fresh = set(self._sources())
        while fresh:
            found |= fresh
            fresh = (set(self._moved(found)) | set(self._processed(found)) | set(self._downgraded(found))) - found
        return frozenset(found)

    def _sources(self) -> list[Spot]:
        places = {row.contract: row for row in self.case.rows("contracts")}
        bought = [
            (places[row.contract].place, row.commodity, places[row.contract].class_)
            for row in self.case.rows("contract_items")
        ]
        held = [(row.place, row.commodity, row.initial_class) for row in self.case.rows("stockpiles") if row.initial_t]
        scrap = [
            (row.place, row.commodity, class_) for row in self.case.rows("scrap") for class_ in self.collected(row)
        ]
        return bought + held + scrap

    def collected(self, scrap: Any) -> dict[str, float]:
        """How collected scrap splits over the classes, by the sales it comes from."""
        free, most = self.classes[0], self.classes[-1]
        if any(rule.recycled_is_free for rule in self.case.rows("rules")) or free == most:
            return {free: 1.0}
        split = {free: 1.0 - scrap.tagged_share, most: scrap.tagged_share}
        return {class_: share for class_, share in split.items() if share > 0}

    def _moved(self, found: set[Spot]) -> list[Spot]:
        return [
            (lane.to_place, lane.commodity, class_)
            for lane in self.case.rows("lanes")
            for class_ in self.classes
            if (lane.from_place, lane.commodity, class_) in found
        ]

    def _processed(self, found: set[Spot]) -> list[Spot]:
        return [
            (process.place, row.commodity, class_)
            for process in self.case.rows("processes")
            for class_ in self.made(process)
            if self._fed(process, class_, found)
            for row in self.recipes[process.process]
            if row.direction == "out"
        ]

    def _fed(self, process: Any, class_: str, found: set[Spot] | frozenset[Spot]) -> bool:
        return all(
            (process.place, row.commodity, class_) in found
            for row in self.recipes[process.process]
            if row.direction == "in"
        )

    def _downgraded(self, found: set[Spot]) -> list[Spot]:
        return [(place, commodity, weaker) for place, commodity, class_ in found for weaker in self.weaker(class_)]

    def runs(self, process: Any) -> list[str]:
        """The classes that a process can really run."""
        return [class_ for class_ in self.made(process) if self._fed(process, class_, self.spots)]

    def at(self, place: str, commodity: str) -> list[str]:
        """The classes of a commodity that can be at a place."""
        return [class_ for class_ in self.classes if (place, commodity, class_) in self.spots]

    @cached_property
    def outlets_of(self) -> dict[str, frozenset[str]]:
        """The demands that each commodity can end in, by recipes, whatever the place."""
        result: dict[str, set[str]] = {}
        for row in self.case.rows("demands"):
            result.setdefault(row.commodity, set()).add(row.demand)
        changed = True
        while changed:
            changed = False
            for rows in self.recipes.values():
                reached = {d for row in rows if row.direction == "out" for d in result.get(row.commodity, ())}
                for row in rows:
                    before = result.setdefault(row.commodity, set()) if row.direction == "in" else reached
                    if not reached <= before:
                        before |= reached
                        changed = True
        return {commodity: frozenset(demands) for commodity, demands in result.items()}

    def class_matters(self, path: Path, process: Any) -> list[bool]:
        """For each period: whether some demand that the process can end in tells classes apart, now or later."""
        demands = {
            demand
            for row in self.recipes[process.process]
            if row.direction == "out"
            for demand in self.outlets_of.get(row.commodity, ())
        }
        rows = [row for row in self.case.rows("demands") if row.demand in demands]
        if any(row.refuses_tagged for row in rows):
            return [True] * len(path.periods)
        if not any(row.export_share > 0 and row.licence for row in rows):
            return [False] * len(path.periods)
        return [rule_ahead(path, period.number) for period in path.periods]


def rule_in_force(path: Path) -> list[float]:
    """The share of each period in which the rule on Chinese content is in force."""
    total = [0.0] * len(path.periods)
    for rule in path.case.rows("rules"):
        if rule.enabled:
            series = path.series("rules", rule.rule, "in_force_share")
            total = [max(a, b) for a, b in zip(total, series, strict=True)]
    return total


def rule_ahead(path: Path, number: int) -> bool:
    """Whether the rule is in force now or later in some future that passes through the node of a period."""
    start = path.periods[number].start
    return any(
        share > 0
        for other in path.companions[number]
        for period, share in zip(other.periods, rule_in_force(other), strict=True)
        if period.start >= start - 1e-9
    )


def approval(path: Path, licence: str) -> list[float]:
    """The share of normal trade that a licence lets through in each period; 1 where none is needed."""
    if not licence:
        return [1.0] * len(path.periods)
    approved = path.series("licences", licence, "approval_share")
    if not path.case.row("licences", licence).needs_rule:
        return approved
    return [1.0 - force * (1.0 - share) for force, share in zip(rule_in_force(path), approved, strict=True)]
