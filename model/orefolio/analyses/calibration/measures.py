"""What is measured in an as-is year: one function for each measure of the table `calibration`, and their table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from orefolio.case.case import Case
from orefolio.families.ledger import Future
from orefolio.families.recycling import arisings
from orefolio.tables.outcome import Outcome
from orefolio.tables.outcome.supply import content_of

from .need import needed
from .years import Years

Kind = Literal["t", "%", "musd"]
Measure = Callable[[Years, Any], float]


@dataclass(frozen=True)
class Counted:
    """What a target counts: elements, stages and sellers. Empty sets count all."""

    elements: frozenset[str]
    stages: frozenset[str]
    origin: str

    def seller(self, case: Case, supplier: str) -> bool:
        """Whether a supplier is counted."""
        return self.origin in ("", supplier, case.row("suppliers", supplier).country)

    def element(self, name: str) -> bool:
        """Whether an element is counted."""
        return not self.elements or name in self.elements

    def stage(self, name: str) -> bool:
        """Whether a stage is counted."""
        return not self.stages or name in self.stages


def counted(target: Any) -> Counted:
    """What a row of the table counts."""
    return Counted(frozenset(target.elements), frozenset(target.stages.split()), target.origin)


def _deliveries(outcome: Outcome, what: Counted) -> dict[str, float]:
    """Tonnes of oxide by element that contracts of the sellers counted deliver at the stages counted."""
    result: dict[str, float] = {}
    for source, tonnes in outcome.supply[0].items():
        if source.kind != "contract" or not what.stage(source.stage) or not what.element(source.element):
            continue
        if what.seller(outcome.case, outcome.case.row("contracts", source.source).supplier):
            result[source.element] = result.get(source.element, 0.0) + tonnes
    return result


def _sold(outcome: Outcome, what: Counted) -> dict[str, float]:
    """Tonnes of oxide by element that are sold to outlets at the stages counted."""
    content = content_of(outcome.case)
    result: dict[str, float] = {}
    for entry in outcome.trunk.entries("sell"):
        commodity = entry.index[1]
        if what.stage(outcome.case.row("commodities", commodity).stage):
            for element, share in content.get(commodity, ()):
                if what.element(element):
                    result[element] = result.get(element, 0.0) + share * entry.value
    return result


def share(years: Years, target: Any) -> float:
    """Deliveries of an origin, % of all; what is sold on is taken from all sellers of the element in proportion."""
    outcome, what = years.outcome(target.year), counted(target)
    everyone = _deliveries(outcome, Counted(what.elements, what.stages, ""))
    sold = _sold(outcome, what)
    kept = {name: max(0.0, 1.0 - sold.get(name, 0.0) / tonnes) for name, tonnes in everyone.items() if tonnes > 0}
    total = sum(kept[name] * everyone[name] for name in kept)
    own = sum(kept.get(name, 0.0) * tonnes for name, tonnes in _deliveries(outcome, what).items())
    return 100.0 * own / total if total > 0 else 0.0


def share_imported(years: Years, target: Any) -> float:
    """Deliveries of an origin, % of all, with what is sold on."""
    outcome, what = years.outcome(target.year), counted(target)
    total = sum(_deliveries(outcome, Counted(what.elements, what.stages, "")).values())
    return 100.0 * sum(_deliveries(outcome, what).values()) / total if total > 0 else 0.0


def delivered(years: Years, target: Any) -> float:
    """Tonnes of oxide that contracts deliver."""
    return sum(_deliveries(years.outcome(target.year), counted(target)).values())


def goods(years: Years, target: Any) -> float:
    """Tonnes of goods that contracts deliver, of commodities that hold an element counted."""
    outcome, what = years.outcome(target.year), counted(target)
    case, content = outcome.case, content_of(outcome.case)
    total = 0.0
    for entry in (*outcome.trunk.entries("buy"), *outcome.trunk.entries("makeup")):
        contract = case.row("contracts", entry.index[0])
        for item in case.rows("contract_items"):
            if item.contract == contract.contract and what.seller(case, contract.supplier):
                holds = any(what.element(element) for element, _ in content.get(item.commodity, ()))
                if holds and what.stage(case.row("commodities", item.commodity).stage):
                    total += item.t_per_t * entry.value
    return total


def kept(years: Years, target: Any) -> float:
    """Tonnes of oxide that contracts deliver, % of another as-is year."""
    other = sum(_deliveries(years.outcome(target.other_year), counted(target)).values())
    return 100.0 * delivered(years, target) / other if other > 0 else 0.0


def sold_on(years: Years, target: Any) -> float:
    """Tonnes of oxide sold to outlets."""
    return sum(_sold(years.outcome(target.year), counted(target)).values())


def used(years: Years, target: Any) -> float:
    """Tonnes of oxide that contracts deliver, less what is sold on."""
    return delivered(years, target) - sold_on(years, target)


def _contracted(case: Case, what: Counted, year: int, signed_only: bool) -> float:
    """Tonnes of oxide a year under contracts that are signed and deliver in a year, or also under those to sign."""
    contents = content_of(case)
    total = 0.0
    for row in case.rows("contracts"):
        open_to_sign = not signed_only and not row.in_force
        begun = open_to_sign or row.first_delivery is None or int(row.first_delivery[:4]) <= year
        if row.kind == "spot" or not what.seller(case, row.supplier) or not begun or not (row.in_force or open_to_sign):
            continue
        for item in case.rows("contract_items"):
            if item.contract == row.contract and what.stage(case.row("commodities", item.commodity).stage):
                for element, content in contents.get(item.commodity, ()):
                    if what.element(element):
                        total += row.volume_max_t_per_year * item.t_per_t * content
    return total


def _capacity(case: Case, what: Counted, year: int) -> float:
    """Tonnes of oxide a year that sellers can sell, rivals' claims included."""
    contents = content_of(case)
    current: dict[tuple[str, str], Any] = {}
    for row in sorted(case.rows("supplier_capacity"), key=lambda line: line.from_year):
        if row.from_year <= year and what.seller(case, row.supplier):
            current[row.supplier, row.commodity] = row
    return float(
        sum(
            row.t_per_year * content
            for (_, commodity), row in current.items()
            if what.stage(case.row("commodities", commodity).stage)
            for element, content in contents.get(commodity, ())
            if what.element(element)
        )
    )


def committed(years: Years, target: Any) -> float:
    """Volume that is signed and delivers, % of what the seller can sell."""
    what = counted(target)
    most = _capacity(years.case, what, target.year)
    return 100.0 * _contracted(years.case, what, target.year, signed_only=True) / most if most > 0 else 0.0


def capacity(years: Years, target: Any) -> float:
    """Tonnes of oxide a year that sellers can sell."""
    return _capacity(years.case, counted(target), target.year)


def offered(years: Years, target: Any) -> float:
    """Tonnes of oxide a year, signed or for signing in some year, spot apart."""
    return _contracted(years.case, counted(target), target.year, signed_only=False)


def cast(years: Years, target: Any) -> float:
    """Tonnes of alloy that magnet lines take in: their output before losses, of lines whose metal holds an element."""
    outcome, what = years.outcome(target.year), counted(target)
    case, content = outcome.case, content_of(outcome.case)
    before: dict[str, float] = {}
    for row in case.rows("processes"):
        taken = [item for item in case.rows("recipes") if item.process == row.process and item.direction == "in"]
        elements = {element for item in taken for element, _ in content.get(item.commodity, ())}
        if row.stage == "magnet" and any(what.element(element) for element in elements):
            net = sum(item.t_per_t for item in taken)
            before[row.process] = sum(item.t_per_t / item.yield_share for item in taken) / net
    return sum(before.get(entry.index[0], 0.0) * entry.value for entry in outcome.trunk.entries("activity"))


def need(years: Years, target: Any) -> float:
    """Tonnes of oxide that serve all demand of the year."""
    what = counted(target)
    return sum(tonnes for name, tonnes in needed(years.case, target.year).items() if what.element(name))


def collected(years: Years, target: Any) -> float:
    """Old goods collected at the importer's places, % of those that come to the end of their life."""
    outcome = years.outcome(target.year)
    case, future = outcome.case, Future(outcome.trunk.path)
    home = {row.place for row in case.rows("places") if row.country in case.importer}
    own = {row.scrap: row for row in case.rows("scrap") if row.place in home}
    end = sum(arisings(future, row, period) for row in own.values() for period in future.path.periods)
    taken = sum(entry.value for entry in outcome.trunk.entries("collect") if entry.index[0] in own)
    return 100.0 * taken / end if end > 0 else 0.0


def recycled(years: Years, target: Any) -> float:
    """Tonnes of oxide from swarf and old goods."""
    outcome, what = years.outcome(target.year), counted(target)
    return sum(
        tonnes
        for source, tonnes in outcome.supply[0].items()
        if source.kind == "process" and source.stage == "oxide" and what.element(source.element)
        if source.source in _recyclers(outcome.case)
    )


def _recyclers(case: Case) -> set[str]:
    scraps = {row.commodity for row in case.rows("commodities") if row.stage == "scrap"}
    return {row.process for row in case.rows("recipes") if row.direction == "in" and row.commodity in scraps}


def recycled_share(years: Years, target: Any) -> float:
    """Oxide from swarf and old goods, % of all oxide that demand needs."""
    most = need(years, target)
    return 100.0 * recycled(years, target) / most if most > 0 else 0.0


def loss(years: Years, target: Any) -> float:
    """Million USD that a cut adds while it lasts."""
    return years.cut_loss(target.year, target.cut_months, target.stock == "locked").in_cut_musd


def loss_of_year(years: Years, target: Any) -> float:
    """Million USD that a cut adds in its year, with what follows it."""
    return years.cut_loss(target.year, target.cut_months, target.stock == "locked").of_year_musd


def _table() -> Iterator[tuple[str, tuple[Kind, Measure]]]:
    for function in (delivered, used, goods, sold_on, capacity, offered, cast, need, recycled):
        yield function.__name__, ("t", function)
    for function in (share, share_imported, kept, committed, collected, recycled_share):
        yield function.__name__, ("%", function)
    for function in (loss, loss_of_year):
        yield function.__name__, ("musd", function)


MEASURES: dict[str, tuple[Kind, Measure]] = dict(_table())
