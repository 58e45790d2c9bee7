"""Prices, licences, rules and classes of one path: written from the formulation."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from orefolio.case.case import Case
from orefolio.case.scenarios import Path


@dataclass(frozen=True, eq=False)
class Goods:
    """What the case says of commodities, recipes and classes, for all futures alike."""

    case: Case
    arisings: dict[tuple[str, float, float], float] = field(default_factory=dict)

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

    def scrap_classes(self, scrap: Any) -> dict[str, float]:
        """How collected scrap splits over the classes: by the sales it comes from, all free where the law frees it."""
        free, most = self.ordered[0], self.ordered[-1]
        if free == most or any(rule.recycled_is_free for rule in self.case.rows("rules")):
            return {free: 1.0}
        return {free: 1.0 - scrap.tagged_share, most: scrap.tagged_share}

    def own_tags(self, process: Any) -> frozenset[str]:
        """The tag of everything that a process makes with counted technology or equipment."""
        rules = [rule for rule in self.case.rows("rules") if rule.enabled]
        counted = (process.technology_origin == "CN" and any(rule.counts_technology for rule in rules)) or (
            process.equipment_origin == "CN" and any(rule.counts_equipment for rule in rules)
        )
        known = frozenset(tag for tags in self.tags.values() for tag in tags)
        return known & {"china-technology"} if counted else frozenset()

    @cached_property
    def reachable(self) -> dict[tuple[str, str], set[str]]:
        """The classes under which a commodity can be at a place, by sources, lanes and recipes, whatever the time."""
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
        before = -1
        while (count := sum(map(len, found.values()))) > before:
            before = count
            for lane in self.case.rows("lanes"):
                here = found.get((lane.from_place, lane.commodity), set())
                found.setdefault((lane.to_place, lane.commodity), set()).update(here)
            for process in self.case.rows("processes"):
                for class_ in self.made(process, found):
                    for row in self.recipes.get(process.process, []):
                        found.setdefault((process.place, row.commodity), set()).add(class_)
        return found

    def made(self, process: Any, found: dict[tuple[str, str], set[str]]) -> set[str]:
        """The classes that a process can make: its own tags with those of some choice of its feeds."""
        unions = {self.own_tags(process)}
        for row in self.recipes.get(process.process, []):
            if row.direction == "in":
                fed = [self.tags[class_] for class_ in found.get((process.place, row.commodity), ())]
                unions = {union | tags for union in unions for tags in fed}
        return {next(class_ for class_ in self.ordered if union <= self.tags[class_]) for union in unions}

    @cached_property
    def split(self) -> dict[str, bool]:
        """Whether both untagged and tagged material can reach a process."""
        return {
            process.process: len({bool(self.tags[c]) for c in self.made(process, self.reachable)}) == 2
            for process in self.case.rows("processes")
        }

    @cached_property
    def ends_in(self) -> dict[str, set[str]]:
        """The demands that a commodity can end in, through recipes."""
        found: dict[str, set[str]] = {}
        for row in self.case.rows("demands"):
            found.setdefault(row.commodity, set()).add(row.demand)
        before = -1
        while (count := sum(map(len, found.values()))) > before:
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
        return [max(p, level, multiple * value) for p, (level, multiple) in zip(price, floors, strict=True)]

    @cached_property
    def in_force(self) -> list[float]:
        """The share of each period in which a rule on Chinese content is in force."""
        shares = [
            self.path.series("rules", rule.rule, "in_force_share")
            for rule in self.path.case.rows("rules")
            if rule.enabled
        ]
        return [max(column) for column in zip(*shares, strict=True)] if shares else [0.0] * len(self.path.periods)

    def approval(self, licence: str) -> list[float]:
        """The share of normal trade that a licence lets through."""
        if not licence:
            return [1.0] * len(self.path.periods)
        share = self.path.series("licences", licence, "approval_share")
        if not self.path.case.row("licences", licence).needs_rule:
            return share
        return [1.0 - force + force * approved for force, approved in zip(self.in_force, share, strict=True)]

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
