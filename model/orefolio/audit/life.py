"""A future under the plan with what several checks need of it: prices, what stands, what programmes have raised."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from orefolio.case.case import Case
from orefolio.case.scenarios import Path

from . import timing
from .evidence import Evidence, Item, Walk
from .market import Goods, Market


@dataclass(frozen=True, eq=False)
class Life:
    """One future: the walk through the plan, its market, and what its commitments have built."""

    walk: Walk
    goods: Goods
    most: dict[str, list[float]] = field(default_factory=dict)
    things: dict[str, dict[str, list[Item]]] = field(default_factory=dict)
    known_rates: dict[tuple[str, str, str], list[float]] = field(default_factory=dict)
    known_needs: dict[tuple[str, int], bool] = field(default_factory=dict)
    known_flows: dict[tuple[str, str, str, int], list[float]] = field(default_factory=dict)

    @cached_property
    def path(self) -> Path:
        """The path of the future."""
        return self.walk.path

    @cached_property
    def case(self) -> Case:
        """The case."""
        return self.walk.path.case

    @cached_property
    def name(self) -> str:
        """The id of the future."""
        return self.walk.path.future

    @cached_property
    def market(self) -> Market:
        """Prices and licences."""
        return Market(self.path, self.goods)

    @cached_property
    def years(self) -> list[list[tuple[int, float]]]:
        """The calendar years of each period, each with its share of the period's time."""
        return [timing.years_of(self.path, period) for period in self.path.periods]

    def rates(self, row: Any) -> list[float]:
        """Tonnes of a commodity per tonne of activity by a recipe row, in each period, without sign."""
        key = (row.process, row.commodity, row.direction)
        if key not in self.known_rates:
            yields = self.path.series("recipes", "/".join(key), "yield_share")
            self.known_rates[key] = [
                row.t_per_t * share if row.direction == "out" else row.t_per_t / share for share in yields
            ]
        return self.known_rates[key]

    @cached_property
    def installed(self) -> dict[tuple[str, int], list[float]]:
        """What projects have added to a process, lane or stockpile, mean over each period, t/year."""
        found: dict[tuple[str, int], list[float]] = {}
        begun = [(name, item.number, item.value) for name, items in self.by_thing("size").items() for item in items]
        for item in self.walk.of("given_up"):
            name, label = item.words
            begun.append((name, next(p.number for p in self.path.periods if p.label == label), -item.value))
        for name, begin, size in begun:
            project = self.case.row("projects", name)
            ready = timing.done(self.path, project, begin)
            for period in self.path.periods:
                share = timing.stands(project.ramp, ready, period)
                share *= timing.unworn(self.path, project.adds_to, ready, period)
                if share > 0:
                    found.setdefault((project.adds_to, period.number), []).append(share * size)
        return found

    def added(self, target: str, number: int) -> list[float]:
        """What projects have added to one target in a period, t/year."""
        return self.installed.get((target, number), [])

    @cached_property
    def raised(self) -> dict[tuple[str, int], list[float]]:
        """What the levels of a programme have added, mean over each period."""
        found: dict[tuple[str, int], list[float]] = {}
        for item in self.walk.of("level_on"):
            row = self.case.row("programmes", item.name)
            ready = self.path.periods[item.number].start + row.lead_time_years
            for period in self.path.periods:
                effect = row.increment_share * timing.stands(row.ramp, ready, period) * item.value
                if effect:
                    found.setdefault((row.programme, period.number), []).append(effect)
        return found

    def by_thing(self, variable: str) -> dict[str, list[Item]]:
        """The values of a variable by the first word of their index."""
        if variable not in self.things:
            found: dict[str, list[Item]] = {}
            for item in self.walk.items.get(variable, ()):
                found.setdefault(item.words[0], []).append(item)
            self.things[variable] = found
        return self.things[variable]

    @cached_property
    def activity(self) -> dict[tuple[object, ...], list[float]]:
        """Output by process and period, a term for each class."""
        return self.walk.summed("activity", 1)

    def greatest(self, process: Any) -> list[float]:
        """The most that can stand of a process in each period, t/year."""
        if process.process not in self.most:
            self.most[process.process] = timing.greatest(self.path, process)
        return self.most[process.process]

    def cover(self, row: Any, number: int) -> list[float]:
        """The share of each period in which a tranche signed at the start of one delivers."""
        signed = self.path.periods[number].start
        first = max(signed + row.qualification_years, timing.moment(self.path, row.first_delivery, -math.inf))
        end = timing.moment(self.path, row.last_delivery, math.inf)
        if not row.project:
            return [timing.part_inside(first, min(first + row.term_years, end), p) for p in self.path.periods]
        project = self.case.row("projects", row.project)
        ready = timing.done(self.path, project, number)
        first = max(first, ready)
        last = min(first + row.term_years, end)
        return [
            timing.ramped(project.ramp, ready, max(p.start, first), min(p.end, last)) / p.years
            for p in self.path.periods
        ]

    def owed(self, row: Any) -> list[list[float]]:
        """The volume of a contract in each period, t/year: terms of its tranches, or what is in force already."""
        found: list[list[float]] = [[] for _ in self.path.periods]
        if row.kind == "spot" or row.in_force:
            first = timing.moment(self.path, row.first_delivery, -math.inf)
            last = timing.moment(self.path, row.last_delivery, math.inf)
            for period in self.path.periods:
                share = timing.part_inside(first, last, period)
                if share > 0:
                    found[period.number].append(share * row.volume_max_t_per_year)
        for item in self.volumes.get(row.contract, []):
            if self.given_up(row.project, item.number):
                continue
            for number, share in enumerate(self.cover(row, item.number)):
                if share > 0:
                    found[number].append(share * item.value)
        return found

    def given_up(self, project: str, number: int) -> bool:
        """Whether what was started of a project at the start of a period is given up."""
        begun = (project, self.path.periods[number].label)
        return any(item.words == begun and item.value > 0.5 for item in self.walk.of("abandon"))

    @cached_property
    def volumes(self) -> dict[str, list[Item]]:
        """The tranches of each contract."""
        return self.by_thing("volume")

    @cached_property
    def by_tranches(self) -> dict[str, list[Any]]:
        """The tranches of each quota that has some."""
        found: dict[str, list[Any]] = {}
        for row in self.case.rows("tranches"):
            found.setdefault(row.contract, []).append(row)
        return found

    def may_decide(self, number: int) -> bool:
        """Whether anything may be committed at the start of a period."""
        return number in self.path.decisions and self.path.may_commit(number)

    def may_sign(self, row: Any, number: int) -> bool:
        """Whether a contract may be signed, or one of its tranches bought, at the start of a period."""
        if row.kind == "spot" or row.in_force:
            return False
        if row.project:
            return timing.startable(self.path, self.case.row("projects", row.project), number)
        first = max(
            self.path.periods[number].start + row.qualification_years,
            timing.moment(self.path, row.first_delivery, -math.inf),
        )
        end = timing.moment(self.path, row.last_delivery, math.inf)
        last = min(first + row.term_years, end, self.path.periods[-1].end)
        return timing.open_for(self.path, number, row.sign_from, row.sign_to) and before(first, last)

    def ends(self, row: Any, number: int) -> float:
        """When a contract signed at the start of a period delivers last."""
        signed = self.path.periods[number].start
        first = max(signed + row.qualification_years, timing.moment(self.path, row.first_delivery, -math.inf))
        if row.project:
            first = max(first, timing.done(self.path, self.case.row("projects", row.project), number))
        return float(min(first + row.term_years, timing.moment(self.path, row.last_delivery, math.inf)))

    @cached_property
    def sustaining(self) -> dict[str, list[Any]]:
        """The contracts that sustain each supplier."""
        found: dict[str, list[Any]] = {}
        for row in self.case.rows("contracts"):
            if row.sustains:
                found.setdefault(row.supplier, []).append(row)
        return found

    def is_kept(self, supplier: str, number: int) -> bool:
        """Whether a contract that sustains a supplier is in force at the start of a period."""
        start = self.path.periods[number].start
        for row in self.sustaining.get(supplier, []):
            held = row.in_force or any(tranche.held for tranche in self.by_tranches.get(row.contract, []))
            if held and before(start, timing.moment(self.path, row.last_delivery, math.inf)):
                return True
            for variable in ("sign", "tranche"):
                for item in self.by_thing(variable).get(row.contract, []):
                    signed = item.value > 0.5 and item.number <= number
                    if signed and before(start, self.ends(row, item.number)):
                        return True
        return False

    def stands(self, supplier: str, number: int) -> float:
        """The share of what reaches the market that is left of a supplier, by who keeps it."""
        alone: float = self.path.series("suppliers", supplier, "alone_share")[number]
        return 1.0 if self.is_kept(supplier, number) else alone

    def deliverable(self, row: Any) -> list[float]:
        """The share of a contract that its supplier and its licence let come in each period."""
        supplier = self.path.series("suppliers", row.supplier, "availability_share")
        return [a * b for a, b in zip(supplier, self.market.approval(row.licence), strict=True)]


def before(moment: float, other: float) -> bool:
    """Whether a moment lies before another by more than rounding, both in years."""
    return moment < other - timing.SLACK


def lives(evidence: Evidence) -> Iterator[Life]:
    """Every future of a run, made once."""
    if "lives" not in evidence.kept:
        goods = goods_of(evidence)
        evidence.kept["lives"] = [Life(walk, goods) for walk in evidence.walks]
    yield from evidence.kept["lives"]


def goods_of(evidence: Evidence) -> Goods:
    """What the case of a run says of its goods, made once."""
    if "goods" not in evidence.kept:
        evidence.kept["goods"] = Goods(evidence.case)
    goods: Goods = evidence.kept["goods"]
    return goods
