"""Prices, licences, rules and classes of one path: written from the formulation."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from orefolio.case.case import Case
from orefolio.case.scenarios import Path, Period

from . import timing


@dataclass(frozen=True, eq=False)
class Goods:
    """What the case says of commodities, recipes and classes, for all futures alike."""

    case: Case
    arisings: dict[tuple[str, float, float], float] = field(default_factory=dict)
    given: dict[tuple[str, str], list[tuple[Any, str]]] = field(default_factory=dict)

    @cached_property
    def content(self) -> dict[str, dict[str, float]]:
        """Commodity to element to tonnes, as oxide, per tonne."""
        found: dict[str, dict[str, float]] = {}
        for row in self.case.rows("content"):
            found.setdefault(row.commodity, {})[row.element] = row.share
        return found

    @cached_property
    def tags(self) -> dict[str, frozenset[str]]:
        """Class to its tags."""
        return {row.class_: frozenset(row.tags.split()) for row in self.case.rows("classes")}

    @cached_property
    def ordered(self) -> list[str]:
        """Classes, the one with the fewest tags first."""
        return sorted(self.tags, key=lambda name: (len(self.tags[name]), name))

    @cached_property
    def recipes(self) -> dict[str, list[Any]]:
        """The recipe rows of each process."""
        found: dict[str, list[Any]] = {}
        for row in self.case.rows("recipes"):
            found.setdefault(row.process, []).append(row)
        return found

    @cached_property
    def items(self) -> dict[str, list[Any]]:
        """The commodities of each contract."""
        found: dict[str, list[Any]] = {}
        for row in self.case.rows("contract_items"):
            found.setdefault(row.contract, []).append(row)
        return found

    @cached_property
    def capacity_of(self) -> dict[tuple[str, str], list[Any]]:
        """The capacity rows of each supplier and commodity."""
        found: dict[tuple[str, str], list[Any]] = {}
        for row in self.case.rows("supplier_capacity"):
            found.setdefault((row.supplier, row.commodity), []).append(row)
        return found

    @cached_property
    def reference_market(self) -> str:
        """The market of reference values: the first of its table."""
        markets = self.case.rows("markets")
        return str(markets[0].market) if markets else ""

    @cached_property
    def reference(self) -> dict[str, float]:
        """The fixed value of each commodity, USD/kg: its price in the market of reference in the base year."""
        found = {}
        for row in self.case.rows("commodities"):
            key = f"{self.reference_market}/{row.commodity}"
            value = 0.0
            if self.case.has("prices", key):
                price = self.case.row("prices", key)
                value = price.fee_usd_per_kg
                for element, share in self.content.get(row.commodity, {}).items():
                    base = self.case.row("element_prices", f"{self.reference_market}/{element}")
                    value += price.realisation_share * share * base.chinese_usd_per_kg
            found[row.commodity] = value
        return found

    @cached_property
    def weight(self) -> dict[str, float]:
        """What a tonne counts in a share of content: its reference value, or 1 where a rule in use goes by mass."""
        if any(rule.enabled and rule.basis == "mass" for rule in self.case.rows("rules")):
            return dict.fromkeys(self.reference, 1.0)
        return self.reference

    @cached_property
    def every_tag(self) -> frozenset[str]:
        """All tags of the case's classes."""
        return frozenset(tag for tags in self.tags.values() for tag in tags)

    def over(self, union: frozenset[str]) -> str:
        """The class with the fewest tags among those that have all of these."""
        return next(class_ for class_ in self.ordered if union <= self.tags[class_])

    @cached_property
    def of_rule(self) -> dict[str, frozenset[str]]:
        """Rule to the tags that it reaches: named, or content and technology, or the stage where it is of sourcing."""
        known = {"content": ("china-content", "china-technology"), "sourcing": ("china-stage",)}
        return {row.rule: frozenset(row.tags.split() or known.get(row.kind, ())) for row in self.case.rows("rules")}

    @cached_property
    def may_lose(self) -> frozenset[str]:
        """Tags that little feed may lose: some rule gives a threshold for it, and no rule in use is without one."""
        rules = self.case.rows("rules")
        given = {tag for row in rules if row.threshold_share > 0 for tag in self.of_rule[row.rule]}
        hard = {tag for row in rules if row.enabled and not row.threshold_share for tag in self.of_rule[row.rule]}
        return frozenset(given - hard)

    @cached_property
    def scrapped(self) -> str:
        """The class of what was tagged when it was sold, once it is scrap."""
        rules = self.case.rows("rules")
        freed = {tag for row in rules if row.recycled_is_free for tag in self.of_rule[row.rule]}
        held = {tag for row in rules if row.enabled and not row.recycled_is_free for tag in self.of_rule[row.rule]}
        return self.over(self.tags[self.ordered[-1]] - (freed - held))

    def scrap_classes(self, scrap: Any) -> dict[str, float]:
        """How collected scrap splits over the classes: by the sales it comes from, less tags that the law frees."""
        free = self.ordered[0]
        if free == self.scrapped:
            return {free: 1.0}
        return {free: 1.0 - scrap.tagged_share, self.scrapped: scrap.tagged_share}

    def own_tags(self, process: Any) -> frozenset[str]:
        """The tags of everything that a process makes: counted technology or equipment, and a plant in China."""
        rules = [rule for rule in self.case.rows("rules") if rule.enabled and rule.kind == "content"]
        counted = (process.technology_origin == "CN" and any(rule.counts_technology for rule in rules)) or (
            process.equipment_origin == "CN" and any(rule.counts_equipment for rule in rules)
        )
        own = {"china-technology"} if counted else set()
        if self.case.row("places", process.place).country == "CN":
            own.add("china-stage")
        return self.every_tag & own

    @cached_property
    def refused(self) -> dict[str, frozenset[str]]:
        """Demand to the tags of which it takes nothing while it refuses."""
        return {
            row.demand: self.every_tag if row.refuses_tagged else frozenset(row.refuses_tags.split())
            for row in self.case.rows("demands")
        }

    @cached_property
    def asked_by(self) -> dict[str, list[str]]:
        """Licence to the rules while which it is asked for; empty where it always is."""
        content = [row.rule for row in self.case.rows("rules") if row.kind == "content"]
        return {
            row.licence: ([row.rule] if row.rule else content) if row.needs_rule else []
            for row in self.case.rows("licences")
        }

    @cached_property
    def licensed(self) -> dict[str, frozenset[str]]:
        """Licence to the tags of what needs it."""
        found = {"": frozenset[str]()}
        for row in self.case.rows("licences"):
            of_rules = frozenset(tag for name in self.asked_by[row.licence] for tag in self.of_rule[name])
            found[row.licence] = frozenset(row.tags.split()) or of_rules or self.every_tag
        return found

    @cached_property
    def reachable(self) -> dict[tuple[str, str], set[str]]:
        """The classes under which a commodity can be at a place, by sources, lanes and recipes, whatever the time."""
        found = self._brought()
        before: int | None = None
        while (count := sum(map(len, found.values()))) != before:
            before = count
            for lane in self.case.rows("lanes"):
                here = found.get((lane.from_place, lane.commodity), set())
                found.setdefault((lane.to_place, lane.commodity), set()).update(here)
            for process in self.case.rows("processes"):
                for class_ in self.made(process, found):
                    for row in self.recipes.get(process.process, []):
                        found.setdefault((process.place, row.commodity), set()).add(class_)
            for there in filter(None, found.values()):
                there.add(self.over(frozenset(tag for class_ in there for tag in self.tags[class_])))
        return found

    def _brought(self) -> dict[tuple[str, str], set[str]]:
        """The classes that contracts, opening stock and scrap bring."""
        found: dict[tuple[str, str], set[str]] = {}
        for row in self.case.rows("contracts"):
            for item in self.items.get(row.contract, []):
                found.setdefault((row.place, item.commodity), set()).add(row.class_)
        for row in self.case.rows("stockpiles"):
            if row.initial_t:
                found.setdefault((row.place, row.commodity), set()).add(row.initial_class)
        for row in self.case.rows("scrap"):
            split = [class_ for class_, share in self.scrap_classes(row).items() if share > 0]
            found.setdefault((row.place, row.commodity), set()).update(split)
        return found

    def made(self, process: Any, found: dict[tuple[str, str], set[str]]) -> set[str]:
        """The classes that a process can make: its own tags with those of some choice of its feeds."""
        unions = {self.own_tags(process)}
        for row in self.recipes.get(process.process, []):
            if row.direction == "in":
                fed = [self.tags[class_] for class_ in found.get((process.place, row.commodity), ())]
                unions = {union | tags for union in unions for tags in fed}
        return {self.over(union) for union in unions}

    @cached_property
    def split(self) -> dict[str, list[list[str]]]:
        """Process to its classes, fewest tags first, together where all that its main product can end in takes both or
        bars both, and where what cannot be lost on the way is the same; by all its products where that parts none."""
        found = {}
        for process in self.case.rows("processes"):
            outs = [row.commodity for row in self.recipes.get(process.process, []) if row.direction == "out"]
            parts = self._parts(process, outs[:1])
            found[process.process] = self._parts(process, outs) if len(parts) <= 1 else parts
        return found

    def _parts(self, process: Any, outs: list[str]) -> list[list[str]]:
        ends = {demand for commodity in outs for demand in self.ends_in.get(commodity, ())}
        made = self.made(process, self.reachable)
        parts: dict[tuple[frozenset[tuple[str, str]], frozenset[str]], list[str]] = {}
        for class_ in self.ordered:
            if class_ in made:
                parts.setdefault(self._seen_by(ends, self.tags[class_]), []).append(class_)
        return list(parts.values())

    def _seen_by(self, ends: set[str], tags: frozenset[str]) -> tuple[frozenset[tuple[str, str]], frozenset[str]]:
        """What demands see of tags: who bars them and how, and which of them stay for good."""
        barred, stays = set(), set[str]()
        for demand in ends:
            row = self.case.row("demands", demand)
            licensed = self.licensed[row.licence] if row.export_share > 0 else frozenset()
            asked = {"refused": self.refused[demand], "licensed": licensed}
            barred |= {(demand, how) for how, of in asked.items() if tags & of}
            stays |= tags & (self.refused[demand] | licensed) - self.may_lose
        return frozenset(barred), frozenset(stays)

    def thrown(self, process: Any, class_: str) -> str:
        """The class of a line's by-products: all that it runs together is thrown together."""
        if not process.one_class_at_a_time:
            return class_
        together = next((part for part in self.split[process.process] if class_ in part), [class_])
        return self.over(frozenset(tag for each in together for tag in self.tags[each]))

    def outputs(self, process: Any, class_: str) -> list[tuple[Any, str]]:
        """The recipe rows of what a process gives, each with the class that it has."""
        key = (process.process, class_)
        if key not in self.given:
            rows = [row for row in self.recipes.get(process.process, []) if row.direction == "out"]
            aside = self.thrown(process, class_) if len(rows) > 1 else class_
            self.given[key] = [(row, aside if number else class_) for number, row in enumerate(rows)]
        return self.given[key]

    @cached_property
    def ends_in(self) -> dict[str, set[str]]:
        """The demands that a commodity can end in, through recipes."""
        found: dict[str, set[str]] = {}
        for row in self.case.rows("demands"):
            found.setdefault(row.commodity, set()).add(row.demand)
        before: int | None = None
        while (count := sum(map(len, found.values()))) != before:
            before = count
            for rows in self.recipes.values():
                ends = {d for row in rows if row.direction == "out" for d in found.get(row.commodity, ())}
                for row in rows:
                    if row.direction == "in":
                        found.setdefault(row.commodity, set()).update(ends)
        return found


@dataclass(frozen=True, eq=False)
class Market:
    """Prices and licences of one path, by period."""

    path: Path
    goods: Goods
    known: dict[tuple[str, ...], list[float]] = field(default_factory=dict)

    def price(self, market: str, commodity: str) -> list[float]:
        """The price of a commodity in a market: realised share of its content, and a fee, USD/kg."""
        key = (market, commodity)
        if key not in self.known:
            self.known[key] = self._price(market, commodity)
        return self.known[key]

    def _price(self, market: str, commodity: str) -> list[float]:
        name = f"{market}/{commodity}"
        if not self.path.case.has("prices", name):
            return [0.0] * len(self.path.periods)
        content = [0.0] * len(self.path.periods)
        for element, share in self.goods.content.get(commodity, {}).items():
            base = self.path.series("element_prices", f"{market}/{element}", "chinese_usd_per_kg")
            multiple = self.path.series("element_prices", f"{market}/{element}", "multiple")
            content = [c + share * b * m for c, b, m in zip(content, base, multiple, strict=True)]
        realised = self.path.series("prices", name, "realisation_share")
        fee = self.path.series("prices", name, "fee_usd_per_kg")
        return [r * c + f for r, c, f in zip(realised, content, fee, strict=True)]

    def contract(self, name: str) -> list[float]:
        """The price of a tonne of contract volume, USD per kg, by the price rules of its commodities."""
        if ("contract", name) not in self.known:
            total = [0.0] * len(self.path.periods)
            for item in self.goods.items.get(name, []):
                total = [t + item.t_per_t * p for t, p in zip(total, self._item(item), strict=True)]
            self.known["contract", name] = total
        return self.known["contract", name]

    def _item(self, item: Any) -> list[float]:
        series = {
            column: self.path.series("contract_items", f"{item.contract}/{item.commodity}", column)
            for column in ("price_usd_per_kg", "index_multiple", "floor_usd_per_kg", "floor_multiple", "cost_multiple")
        }
        if item.price_rule == "fixed":
            return series["price_usd_per_kg"]
        if item.price_rule == "cost_plus":
            return [multiple * item.chinese_full_cost_usd_per_kg for multiple in series["cost_multiple"]]
        index = self.price(item.market, item.commodity) if item.market else [0.0] * len(self.path.periods)
        price = [i * m for i, m in zip(index, series["index_multiple"], strict=True)]
        if item.price_rule == "index":
            return price
        value = self.goods.reference[item.commodity]
        floors = zip(series["floor_usd_per_kg"], series["floor_multiple"], strict=True)
        paid = [max(p, level, multiple * value) for p, (level, multiple) in zip(price, floors, strict=True)]
        if not item.floor_rule:
            return paid
        held = zip(self.in_force(item.floor_rule), price, paid, strict=True)
        return [(1.0 - force) * free + force * floor for force, free, floor in held]

    def in_force(self, rule: str) -> list[float]:
        """The share of each period in which a rule is in force: switched on, by its dates and by events."""
        if ("rule", rule) not in self.known:
            row = self.path.case.row("rules", rule)
            share = self.path.series("rules", rule, "in_force_share")
            opens = timing.moment(self.path, row.from_date, -math.inf)
            closes = timing.moment(self.path, row.to_date, math.inf)
            self.known["rule", rule] = [
                each * _within(period, opens, closes) if row.enabled else 0.0
                for period, each in zip(self.path.periods, share, strict=True)
            ]
        return self.known["rule", rule]

    def refuses(self, demand: Any) -> list[float]:
        """The share of each period in which a demand refuses: always, or while its rule is in force."""
        return self.in_force(demand.refusal_rule) if demand.refusal_rule else [1.0] * len(self.path.periods)

    def approval(self, licence: str) -> list[float]:
        """The share of normal trade that a licence lets through."""
        if ("licence", licence) not in self.known:
            self.known["licence", licence] = self._approval(licence)
        return self.known["licence", licence]

    def _approval(self, licence: str) -> list[float]:
        if not licence:
            return [1.0] * len(self.path.periods)
        share = self.path.series("licences", licence, "approval_share")
        if not self.path.case.row("licences", licence).needs_rule:
            return share
        forces = [self.in_force(rule) for rule in self.goods.asked_by[licence]]
        most = [max(column) for column in zip(*forces, strict=True)] if forces else [0.0] * len(share)
        return [1.0 - force + force * approved for force, approved in zip(most, share, strict=True)]

    @cached_property
    def emergency(self) -> list[float]:
        """Whether an emergency is declared in each period."""
        if not self.path.case.has("settings", "emergency_declared"):
            return [0.0] * len(self.path.periods)
        return self.path.series("settings", "emergency_declared", "value")

    def demand(self, row: Any) -> list[float]:
        """Tonnes wanted in each period: of the base year, grown by calendar year."""
        if ("demand", row.demand) not in self.known:
            base = self.path.series("demands", row.demand, "t_per_year")
            multiple = self.path.series("demands", row.demand, "multiple")
            found = []
            for period, size, times in zip(self.path.periods, base, multiple, strict=True):
                count = max(1, round(period.years))
                first = period.year - self.path.case.base_year
                grown = sum((1.0 + row.growth_share_per_year) ** (first + year) for year in range(count)) / count
                found.append(size * times * grown * period.years)
            self.known["demand", row.demand] = found
        return self.known["demand", row.demand]


def _within(period: Period, opens: float, closes: float) -> float:
    """The share of a period between two moments."""
    return max(0.0, min(period.end, closes) - max(period.start, opens)) / period.years
