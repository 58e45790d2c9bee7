"""The source trace: what material can get where, of which class, and how early; and what each place can still serve.

It errs on the side of "can": whatever an event or a lever may open counts as open. So a demand that is not reached here
is not reached in any future, and what is pruned by it is never missed.
"""

from __future__ import annotations

import datetime
import heapq
import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .case import Case
from .tags import class_tags, freed_by_recycling, joined, process_tags, refused_tags, used_tags

Node = tuple[str, str, str]
"""Place, commodity, class."""


@dataclass(frozen=True)
class Arrival:
    """How material first gets to a node: years after the horizon's start, by what, and from which nodes."""

    years: float
    by: str
    feeds: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Reach:
    """Every node that material can get to, with its first arrival."""

    arrivals: Mapping[Node, Arrival]

    def first(self, place: str, commodity: str, classes: Iterable[str]) -> tuple[Node, Arrival] | None:
        """The earliest arrival at a place under any of the classes."""
        nodes = [(place, commodity, name) for name in classes]
        there = [(node, self.arrivals[node]) for node in nodes if node in self.arrivals]
        return min(there, key=lambda pair: (pair[1].years, pair[0])) if there else None

    def chain(self, node: Node) -> tuple[str, ...]:
        """What brings the material to a node, from its sources on, each step once."""
        steps: dict[str, None] = {}
        seen: set[Node] = set()
        waiting = [node]
        while waiting:
            here = waiting.pop()
            if here not in seen:
                seen.add(here)
                steps.setdefault(self.arrivals[here].by)
                waiting.extend(self.arrivals[here].feeds)
        return tuple(reversed(steps))


@dataclass(frozen=True)
class _Link:
    """A step that needs all its feeds: a lane, or a process, which may need none."""

    by: str
    feeds: tuple[Node, ...]
    gives: tuple[Node, ...]
    opens: float


class _Search:
    """Takes a step when the last of its feeds has arrived, earliest first."""

    def __init__(self, links: Iterable[_Link], wider: Mapping[str, list[str]]) -> None:
        self.links = list(links)
        self.wider = wider
        self.missing = [len(link.feeds) for link in self.links]
        self.takers: dict[Node, list[int]] = defaultdict(list)
        self.arrivals: dict[Node, Arrival] = {}
        self.heap: list[tuple[float, int, Node, Arrival]] = []
        self.pushed = itertools.count()
        for number, link in enumerate(self.links):
            for feed in link.feeds:
                self.takers[feed].append(number)
            if not link.feeds:
                self.take(link, 0.0)

    def push(self, node: Node, arrival: Arrival) -> None:
        heapq.heappush(self.heap, (arrival.years, next(self.pushed), node, arrival))

    def take(self, link: _Link, years: float) -> None:
        for given in link.gives:
            self.push(given, Arrival(max(years, link.opens), link.by, link.feeds))

    def run(self) -> dict[Node, Arrival]:
        """Every node that is reached, with its first arrival."""
        while self.heap:
            years, _, node, arrival = heapq.heappop(self.heap)
            if node in self.arrivals:
                continue
            self.arrivals[node] = arrival
            for name in self.wider.get(node[2], ()):
                self.push((node[0], node[1], name), Arrival(years, arrival.by, arrival.feeds))
            for number in self.takers[node]:
                self.missing[number] -= 1
                if not self.missing[number]:
                    self.take(self.links[number], years)
        return self.arrivals


@lru_cache(maxsize=8)
def reach(case: Case) -> Reach:
    """Follow material from contracts, stock, scrap and mines over recipes and lanes."""
    tags = class_tags(case)
    wider = {name: [other for other in tags if other != name and tags[name] <= tags[other]] for name in tags}
    search = _Search((*_processes(case, tags), *_lanes(case, tags)), wider)
    for years, node, by in _sources(case, tags):
        search.push(node, Arrival(years, by))
    return Reach(search.run())


def demand_classes(case: Case, demand: Any) -> tuple[str, ...]:
    """The classes that a demand takes, now or while the rule by which it refuses is not in force."""
    refused = refused_tags(case, demand) if _always_refuses(case, demand) else frozenset()
    return tuple(name for name, tags in class_tags(case).items() if not tags & refused)


def _always_refuses(case: Case, demand: Any) -> bool:
    if not demand.refusal_rule or not case.has("rules", demand.refusal_rule):
        return True
    rule = case.row("rules", demand.refusal_rule)
    dated = rule.from_date or rule.to_date or changeable(case, "rules", "in_force_share")
    return bool(rule.enabled and rule.in_force_share >= 1 and not dated)


def demand_arrival(case: Case, found: Reach, demand: Any) -> tuple[Node, Arrival] | None:
    """The earliest arrival at a demand, or None where no source reaches it."""
    return found.first(demand.place, demand.commodity, demand_classes(case, demand))


def useful(case: Case) -> frozenset[tuple[str, str]]:
    """Places and commodities from which a demand, an outlet or a stockpile can still be reached."""
    wanted = {(row.place, row.commodity) for table in ("demands", "outlets", "stockpiles") for row in case.rows(table)}
    feeders: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for lane in case.rows("lanes"):
        feeders[lane.to_place, lane.commodity].add((lane.from_place, lane.commodity))
    for place, taken, given in _recipes(case).values():
        for commodity in given:
            feeders[place, commodity].update((place, feed) for feed in taken)
    waiting = list(wanted)
    while waiting:
        for node in feeders[waiting.pop()] - wanted:
            wanted.add(node)
            waiting.append(node)
    return frozenset(wanted)


def changeable(case: Case, table: str, column: str) -> bool:
    """Whether an event or a lever may change a column of a table."""
    return (table, column) in _changeable(case)


@lru_cache(maxsize=8)
def _changeable(case: Case) -> frozenset[tuple[str, str]]:
    """Tables and columns that an event or a lever may change."""
    return frozenset((row.table, row.column) for name in ("events", "lever_adjustments") for row in case.rows(name))


def _sources(case: Case, tags: Mapping[str, frozenset[str]]) -> Iterator[tuple[float, Node, str]]:
    deliveries = {row.contract: (row, _delivery_start(case, row)) for row in case.rows("contracts")}
    volume_opens = changeable(case, "contracts", "volume_max_t_per_year")
    for item in case.rows("contract_items"):
        if item.contract in deliveries:
            contract, years = deliveries[item.contract]
            if years < math.inf and (contract.volume_max_t_per_year > 0 or volume_opens):
                yield years, (contract.place, item.commodity, contract.class_), f"contract {contract.contract}"
    for pile in case.rows("stockpiles"):
        if pile.initial_t > 0 or changeable(case, "stockpiles", "initial_t"):
            yield 0.0, (pile.place, pile.commodity, pile.initial_class), f"stockpile {pile.stockpile}"
    kept = tags.get(joined(tags, used_tags(case) - freed_by_recycling(case)) or "", frozenset())
    free_anyway = changeable(case, "rules", "recycled_is_free")
    for scrap in case.rows("scrap"):
        for name, borne in tags.items():
            if free_anyway or borne >= kept or (not borne and scrap.tagged_share < 1):
                yield 0.0, (scrap.place, scrap.commodity, name), f"scrap {scrap.scrap}"


def _delivery_start(case: Case, contract: Any) -> float:
    """Years to the first delivery that a contract can make; infinite where it never delivers in the horizon."""
    end = years_after(case, contract.last_delivery) if contract.last_delivery else math.inf
    start = 0.0
    if not contract.in_force and contract.kind != "spot":
        sign = max(0.0, contract.sign_from - case.horizon_from.year)
        start = sign + contract.qualification_years
    if contract.first_delivery:
        start = max(start, years_after(case, contract.first_delivery))
    horizon = years_after(case, case.horizon_to)
    return start if start < min(end, horizon) else math.inf


def years_after(case: Case, day: str | datetime.date) -> float:
    """Years from the horizon's start to a day."""
    date = datetime.date.fromisoformat(day) if isinstance(day, str) else day
    months = (date.year - case.horizon_from.year) * 12 + date.month - case.horizon_from.month
    return (months + (date.day - case.horizon_from.day) / 31) / 12


def _recipes(case: Case) -> dict[str, tuple[str, list[str], list[str]]]:
    """Of each process: its place, what it takes in, what it gives out."""
    recipes: dict[str, tuple[str, list[str], list[str]]] = {
        row.process: (row.place, [], []) for row in case.rows("processes")
    }
    for row in case.rows("recipes"):
        if row.process in recipes:
            _, taken, given = recipes[row.process]
            (taken if row.direction == "in" else given).append(row.commodity)
    return recipes


def _opening(case: Case) -> dict[str, float]:
    """Years until a process, a lane or a stockpile that has no capacity yet can get some from a project."""
    opening: dict[str, float] = {}
    open_anyway = changeable(case, "projects", "open_share")
    for project in case.rows("projects"):
        if project.size_max_t_per_year > 0 and (project.open_share > 0 or open_anyway):
            years = max(0.0, project.start_from - case.horizon_from.year) + project.lead_time_years
            opening[project.adds_to] = min(years, opening.get(project.adds_to, math.inf))
    return opening


def _processes(case: Case, tags: Mapping[str, frozenset[str]]) -> Iterator[_Link]:
    recipes, opening = _recipes(case), _opening(case)
    stands_anyway = changeable(case, "processes", "capacity_t_per_year")
    for row in case.rows("processes"):
        place, taken, given = recipes[row.process]
        stands = row.capacity_t_per_year > 0 or stands_anyway
        opens = 0.0 if stands else opening.get(row.process, math.inf)
        if opens == math.inf:
            continue
        own = process_tags(case, row)
        for name, borne in tags.items():
            if own <= borne:
                feeds = tuple((place, commodity, name) for commodity in dict.fromkeys(taken))
                gives = tuple((place, commodity, name) for commodity in dict.fromkeys(given))
                yield _Link(f"process {row.process}", feeds, gives, opens)


def _lanes(case: Case, tags: Mapping[str, frozenset[str]]) -> Iterator[_Link]:
    opening = _opening(case)
    opens_anyway = changeable(case, "lanes", "capacity_t_per_year")
    for lane in case.rows("lanes"):
        stands = lane.capacity_t_per_year > 0 or opens_anyway
        opens = 0.0 if stands else opening.get(lane.lane, math.inf)
        if opens == math.inf or lane.loss_share >= 1:
            continue
        for name in tags:
            here, there = (lane.from_place, lane.commodity, name), (lane.to_place, lane.commodity, name)
            yield _Link(f"lane {lane.lane}", (here,), (there,), opens)
