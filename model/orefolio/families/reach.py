"""Which classes can exist where: the forward trace from sources through lanes and recipes.

A column is made only for a (place, commodity, class) that some source can fill with the processes that can stand in its
period. What can stand rests on what is known in that period, so futures in one node agree on it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from ..case import tags as labels
from ..case.case import Case
from ..case.scenarios import Path, as_date, years_between
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
        return labels.class_tags(self.case)

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

    def stopped(self, licence: str, class_: str) -> bool:
        """Whether a licence stops material of a class."""
        return bool(licence) and bool(self.tags[class_] & self._licence_tags[licence])

    @cached_property
    def _licence_tags(self) -> dict[str, frozenset[str]]:
        return {row.licence: labels.licence_tags(self.case, row) for row in self.case.rows("licences")}

    def refused(self, demand: Any, class_: str) -> bool:
        """Whether a demand takes nothing of a class, while it refuses."""
        return bool(self.tags[class_] & self._refused[demand.demand])

    @cached_property
    def _refused(self) -> dict[str, frozenset[str]]:
        return {row.demand: labels.refused_tags(self.case, row) for row in self.case.rows("demands")}

    @cached_property
    def _own_tags(self) -> dict[str, frozenset[str]]:
        return {row.process: labels.process_tags(self.case, row) for row in self.case.rows("processes")}

    @cached_property
    def tolerated(self) -> frozenset[str]:
        """The tags that a small share of feed may lose."""
        return labels.tolerated(self.case)

    @cached_property
    def by_mass_balance(self) -> bool:
        """Whether tagged content is accounted for over the whole path, not lot by lot."""
        return self.case.setting("mass_balance", 0.0) > 0.5 and bool(self.tolerated)

    @cached_property
    def by_mass(self) -> bool:
        """Whether shares of content are of mass; else they are of reference value."""
        return any(rule.enabled and rule.basis == "mass" for rule in self.case.rows("rules"))

    @cached_property
    def threshold(self) -> float:
        """The content from which a rule applies: the least of those that are switched on, or of all where none is."""
        given = [rule for rule in self.case.rows("rules") if rule.threshold_share > 0]
        return min(float(rule.threshold_share) for rule in [rule for rule in given if rule.enabled] or given)

    @cached_property
    def made_by_technology(self) -> frozenset[tuple[str, str]]:
        """Places and commodities that get, straight or over lanes, what Chinese technology or equipment has made."""
        found = {
            (process.place, row.commodity)
            for process in self.case.rows("processes")
            if self._own_tags[process.process] & self.tolerated
            for row in self.recipes[process.process]
            if row.direction == "out"
        }
        fresh = found
        while fresh:
            moved = {(r.to_place, r.commodity) for r in self.case.rows("lanes") if (r.from_place, r.commodity) in found}
            fresh = moved - found
            found = found | fresh
        return frozenset(found)

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
            fresh = (set(self._moved(found)) | set(self._processed(found)) | set(self._together(found))) - found
        return frozenset(found)

    def _together(self, found: set[Spot]) -> list[Spot]:
        """Where classes of which none has the tags of all others meet, the class into which all of them may go down."""
        if len(self.classes) < 3:
            return []
        met: dict[tuple[str, str], frozenset[str]] = {}
        for place, commodity, class_ in found:
            met[place, commodity] = met.get((place, commodity), frozenset()) | self.tags[class_]
        return [(*spot, self._join(tags)) for spot, tags in met.items()]

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
        free = self.classes[0]
        most = self._join(self.tags[self.classes[-1]] - labels.freed_by_recycling(self.case))
        if free == most:
            return {free: 1.0}
        split = {free: 1.0 - scrap.tagged_share, most: scrap.tagged_share}
        return {class_: share for class_, share in split.items() if share > 0}

    def _join(self, tags: frozenset[str]) -> str:
        """The class with the fewest tags that has all of these."""
        return next(class_ for class_ in self.classes if tags <= self.tags[class_])

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
        unions = {self._own_tags[process.process]}
        for row in self.recipes[process.process]:
            if row.direction == "in":
                fed = [self.tags[c] for c in self.classes if (process.place, row.commodity, c) in found]
                unions = {union | tags for union in unions for tags in fed}
        made = {self._join(union) for union in unions}
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

    @cached_property
    def _ends(self) -> dict[str, list[Any]]:
        """The demands that each process can end in."""
        found = {}
        for process, rows in self.recipes.items():
            ends = {d for row in rows if row.direction == "out" for d in self.outlets_of.get(row.commodity, ())}
            found[process] = [row for row in self.case.rows("demands") if row.demand in ends]
        return found

    def told(self, process: Any) -> frozenset[str]:
        """The tags that some demand tells apart, of those that the process can end in."""
        return frozenset(tag for row in self._ends[process.process] for tag in self._told_by(row))

    def _told_by(self, demand: Any) -> frozenset[str]:
        licensed = self._licence_tags[demand.licence] if demand.export_share > 0 and demand.licence else frozenset()
        return self._refused[demand.demand] | licensed

    def _is_licensed(self, demand: Any, class_: str) -> bool:
        return demand.export_share > 0 and self.stopped(demand.licence, class_)

    @cached_property
    def _groups(self) -> dict[str, list[list[str]]]:
        return {row.process: self._grouped(row) for row in self.case.rows("processes")}

    def groups(self, process: Any) -> list[list[str]]:
        """The classes that a process can run, least tags first, put together where no demand for its main product tells
        them apart: each takes or bars both, and both bear the same tags that cannot be lost on the way. Where none
        tells any apart, those for its by-products do."""
        return self._groups[process.process]

    def _grouped(self, process: Any) -> list[list[str]]:
        given = [row.commodity for row in self.recipes[process.process] if row.direction == "out"]
        by_main = self._told_apart(process, given[:1])
        return by_main if len(by_main) > 1 else self._told_apart(process, given)

    def _told_apart(self, process: Any, given: list[str]) -> list[list[str]]:
        ends = {demand for commodity in given for demand in self.outlets_of.get(commodity, ())}
        demands = [row for row in self.case.rows("demands") if row.demand in ends]
        told = frozenset(tag for row in demands for tag in self._told_by(row))
        found: dict[Any, list[str]] = {}
        for class_ in self.runs(process):
            barred = tuple((self.refused(row, class_), self._is_licensed(row, class_)) for row in demands)
            found.setdefault((barred, (self.tags[class_] & told) - self.tolerated), []).append(class_)
        return list(found.values())

    def by_product(self, process: Any, class_: str) -> str:
        """The class of what leaves a process beside its main product: a line that is kept for a group of classes throws
        all its scrap together."""
        if not process.one_class_at_a_time:
            return class_
        group = next(group for group in self.groups(process) if class_ in group)
        return self._join(frozenset(tag for each in group for tag in self.tags[each]))

    def loses(self, process: Any, commodity: str) -> list[tuple[str, str]]:
        """Pairs of classes: feed of the first in output of the second, where what it loses is told and tolerated."""
        told = self.told(process)
        return [
            (fed, made)
            for fed in self.at(process.place, commodity)
            for made in self.runs(process)
            for lost in [self.tags[fed] - self.tags[made]]
            if lost & told and lost <= self.tolerated
        ]

    def class_matters(self, path: Path, process: Any) -> list[bool]:
        """For each period: whether some demand that the process can end in tells classes apart, now or later."""
        tells: set[str] = set()
        for row in self._ends[process.process]:
            refuses = self._refused[row.demand]
            licence = self.case.row("licences", row.licence) if row.export_share > 0 and row.licence else None
            if (refuses and not row.refusal_rule) or (licence and not licence.needs_rule):
                return [True] * len(path.periods)
            if refuses:
                tells.add(row.refusal_rule)
            if licence:
                tells.update(labels.licence_rules(self.case, licence))
        if not tells:
            return [False] * len(path.periods)
        return [rule_ahead(path, period.number, frozenset(tells)) for period in path.periods]


def in_force(path: Path, name: str) -> list[float]:
    """The share of each period in which a rule is in force: none where it is switched off, else within its dates."""
    rule = path.case.row("rules", name)
    if not rule.enabled:
        return [0.0] * len(path.periods)
    series = path.series("rules", name, "in_force_share")
    if not rule.from_date and not rule.to_date:
        return series
    start = path.case.horizon_from
    opens = years_between(start, as_date(rule.from_date)) if rule.from_date else -math.inf
    closes = years_between(start, as_date(rule.to_date)) if rule.to_date else math.inf
    return [
        share * max(0.0, min(period.end, closes) - max(period.start, opens)) / (period.end - period.start)
        for period, share in zip(path.periods, series, strict=True)
    ]


def any_in_force(path: Path, rules: Iterable[str]) -> list[float]:
    """The share of each period in which some of the rules is in force."""
    total = [0.0] * len(path.periods)
    for name in rules:
        total = [max(a, b) for a, b in zip(total, in_force(path, name), strict=True)]
    return total


def rule_ahead(path: Path, number: int, rules: frozenset[str]) -> bool:
    """Whether some of the rules is in force now or later in some future that passes through the node of a period."""
    start = path.periods[number].start
    return path.asked(lambda one: any(_latest(other, rules) >= start - 1e-9 for other in one.companions[number]))


def _latest(path: Path, rules: frozenset[str]) -> float:
    """When the last period begins in which some of the rules is in force, in years; minus infinity where none is."""
    if rules not in path.latest:
        shares = any_in_force(path, sorted(rules))
        starts = (period.start for period, share in zip(path.periods, shares, strict=True) if share > 0)
        path.latest[rules] = max(starts, default=-math.inf)
    return path.latest[rules]


def refusal(path: Path, demand: Any) -> list[float]:
    """The share of each period in which a demand refuses what it does not take: always where no rule is named."""
    return in_force(path, demand.refusal_rule) if demand.refusal_rule else [1.0] * len(path.periods)


def approval(path: Path, licence: str) -> list[float]:
    """The share of normal trade that a licence lets through in each period; 1 where none is needed."""
    if not licence:
        return [1.0] * len(path.periods)
    approved = path.series("licences", licence, "approval_share")
    row = path.case.row("licences", licence)
    if not row.needs_rule:
        return approved
    forces = any_in_force(path, labels.licence_rules(path.case, row))
    return [1.0 - force * (1.0 - share) for force, share in zip(forces, approved, strict=True)]
