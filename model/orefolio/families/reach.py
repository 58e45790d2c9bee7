"""Which classes can exist where: the forward trace from sources through lanes and recipes.

A column is made only for a (place, commodity, class) that some source can fill with the processes that can stand in its
period. What can stand rests on what is known in that period, so futures in one node agree on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from ..case.case import Case
from ..case.scenarios import Path
from . import timing

Spot = tuple[str, str, str]


@lru_cache(maxsize=8)
def reach_of(case: Case) -> Reach:
    """The trace of a case with every process, made once for all its futures."""
    return Reach(case, frozenset(row.process for row in case.rows("processes")))


@lru_cache(maxsize=512)
def _reach_with(case: Case, standing: frozenset[str]) -> Reach:
    return Reach(case, standing)


def reach_in(path: Path, number: int) -> Reach:
    """The trace with the processes that can stand in a period."""
    return _reach_with(path.case, _standing(path)[number])


def _standing(path: Path) -> list[frozenset[str]]:
    if path.standing is None:
        names: list[set[str]] = [set() for _ in path.periods]
        for process in path.case.rows("processes"):
            for number, most in enumerate(timing.greatest(path, process)):
                if most > 0:
                    names[number].add(process.process)
        path.standing = [frozenset(each) for each in names]
    return path.standing


@dataclass(frozen=True, eq=False)
class Reach:
    """Classes by place and commodity, and which of them a process or a lane may carry."""

    case: Case
    standing: frozenset[str]

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
        """Every (place, commodity, class) that some source can fill, or that a process draws on under a lower class."""
        found: set[Spot] = set()
        fresh = set(self._sources()) | set(self._processed(found))
        while fresh:
            found |= fresh
            fresh = (set(self._moved(found)) | set(self._processed(found))) - found
        return frozenset(found)

    def _sources(self) -> list[Spot]:
        contracts = {row.contract: row for row in self.case.rows("contracts")}
        bought = [
            (contracts[row.contract].place, row.commodity, contracts[row.contract].class_)
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
            if process.process in self.standing
            for class_ in self._made(process, found)
            for row in self.recipes[process.process]
        ]

    def _made(self, process: Any, found: set[Spot] | frozenset[Spot]) -> list[str]:
        """The classes that a process makes from what is found: tags of its own and of some choice of its feeds."""
        unions = {self._own_tags(process)}
        for row in self.recipes[process.process]:
            if row.direction == "in":
                fed = [self.tags[c] for c in self.classes if (process.place, row.commodity, c) in found]
                unions = {union | tags for union in unions for tags in fed}
        made = {next(c for c in self.classes if union <= self.tags[c]) for union in unions}
        return [class_ for class_ in self.classes if class_ in made]

    @cached_property
    def _runs(self) -> dict[str, list[str]]:
        return {
            process.process: self._made(process, self.spots) if process.process in self.standing else []
            for process in self.case.rows("processes")
        }

    def runs(self, process: Any) -> list[str]:
        """The classes that a process can run."""
        return self._runs[process.process]

    @cached_property
    def _classes_at(self) -> dict[tuple[str, str], list[str]]:
        result: dict[tuple[str, str], list[str]] = {}
        for place, commodity, class_ in self.spots:
            result.setdefault((place, commodity), []).append(class_)
        return {spot: sorted(found, key=self.classes.index) for spot, found in result.items()}

    def at(self, place: str, commodity: str) -> list[str]:
        """The classes of a commodity that can be at a place, the one with the fewest tags first."""
        return self._classes_at.get((place, commodity), [])

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
