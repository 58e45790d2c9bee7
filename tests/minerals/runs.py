"""The case of five minerals, and the measures that its signed runs are compared on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from examples.runs import Example, outcome
from orefolio import api
from orefolio.case.case import Case
from orefolio.tables.outcome import Lived, Outcome

GAP = 2.0
MINERALS = Example("minerals-us", abs_gap=GAP)
study, solved = MINERALS.study, MINERALS.solved


def case() -> Case:
    return MINERALS.case


def lived(plan: Outcome, name: str) -> Lived:
    return next(future for future in plan.futures if future.name == name)


def held(future: Lived, commodity: str) -> list[float]:
    """Stock of a commodity at the end of each period, t, all owners and classes."""
    names = {row.stockpile for row in case().rows("stockpiles") if row.commodity == commodity}
    result = [0.0] * len(future.path.periods)
    for entry in future.entries("stock"):
        if entry.index[0] in names:
            result[entry.period.number] += entry.value
    return result


def made(future: Lived, *processes: str) -> float:
    """Tonnes that processes make over the horizon."""
    return sum(entry.value for entry in future.entries("activity") if entry.index[0] in processes)


@dataclass(frozen=True)
class Measured:
    """What the signed runs are compared on. cost: million USD, proved bound and plan. The others are expected over the
    futures: tonnes bought from Chinese exporters and resellers by element, the greatest stock of gallium, germanium of
    Clarksville and antimony of Stibnite over the horizon."""

    cost: tuple[float, float]
    chinese: Mapping[str, float]
    stock_ga: float
    home_ge: float
    stibnite: float

    def of(self, measure: str) -> float:
        """A measure by its name in expected_signs.csv."""
        if measure.startswith("chinese_"):
            return self.chinese[measure.removeprefix("chinese_").capitalize()]
        return float(getattr(self, measure))


def measured(run: api.Run) -> Measured:
    """The measures of a run."""
    plan = outcome(run)
    element = {row.commodity: row.element for row in case().rows("content")}
    sold = {row.contract: element[row.commodity] for row in case().rows("contract_items")}
    tagged = {row.contract for row in case().rows("contracts") if row.class_ == "chinese"}
    chinese = dict.fromkeys(set(element.values()), 0.0)
    stock = home = mine = 0.0
    for future in plan.futures:
        for entry in future.entries("buy"):
            if entry.index[0] in tagged:
                chinese[sold[entry.index[0]]] += future.weight * entry.value
        stock += future.weight * max(held(future, "ga_metal"))
        home += future.weight * made(future, "gege_clarksville")
        mine += future.weight * made(future, "mine_stibnite")
    return Measured((run.bound, run.cost), chinese, stock, home, mine)
