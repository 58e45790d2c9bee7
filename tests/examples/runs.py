"""The example cases of inputs/ and their runs, each solved once in a test process; what is read off a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from orefolio import api
from orefolio.case.adjust import Adjustment
from orefolio.case.case import Case
from orefolio.tables.outcome import Outcome

INPUTS = Path(__file__).parents[2] / "inputs"
GRID = "yearly"
FEW = ("S00", "S04", "S05")
"""The trunk, the full embargo, the 0.1 % rule enforced."""


@dataclass(frozen=True, eq=False)
class Example:
    """A case of inputs/ by its name. abs_gap: million USD that its runs are proved to; gaps: by overlay, the relative
    gap instead. Under scarcity shortage costs more than everything else together, and the gap grows with it."""

    name: str
    abs_gap: float
    gaps: Mapping[str, float] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return INPUTS / self.name

    @property
    def case(self) -> Case:
        return self.study().case

    def study(self, *overlays: str, **levers: float) -> api.Study:
        """The case, under overlays and levers."""
        return _study(self, overlays, frozenset(levers.items()))

    def solved(self, overlay: str = "", futures: tuple[str, ...] | None = None, **levers: float) -> api.Run:
        """A run on the yearly grid with some of the futures, None for all."""
        return _solved(self, overlay, futures, frozenset(levers.items()))

    def stop(self, overlay: str) -> dict[str, float]:
        """The stop rule of a run under an overlay."""
        return {"gap": self.gaps[overlay]} if overlay in self.gaps else {"abs_gap": self.abs_gap}


@cache
def _study(example: Example, overlays: tuple[str, ...], levers: frozenset[tuple[str, float]]) -> api.Study:
    read = api.load(example.folder)
    return read.what_if(*overlays, **dict(levers)) if overlays or levers else read


@cache
def _solved(
    example: Example, overlay: str, futures: tuple[str, ...] | None, levers: frozenset[tuple[str, float]]
) -> api.Run:
    asked = example.study(*([overlay] if overlay else []), **dict(levers))
    run = asked.solve(grid=GRID, futures=futures, saving=False, time_limit=150.0, **example.stop(overlay))
    assert run.outcome is not None, run.status
    return run


def outcome(run: api.Run) -> Outcome:
    assert run.outcome is not None
    return run.outcome


def trunk(study: api.Study, *adjustments: Adjustment, **asked: Any) -> api.Run:
    """The trunk's own continuation alone, after adjustments."""
    changed = replace(study, case=study.case.adjusted(adjustments))
    asked = {"abs_gap": 20.0, "time_limit": 60.0, **asked}
    return changed.solve(grid=GRID, deterministic=True, saving=False, **asked)


def per_year(case: Case, stockpile: str, year: int) -> float:
    """The cover floor of a stockpile in a year, t, by hand: days of grown demand, at most the warehouse."""
    row = case.row("stockpiles", stockpile)
    grown = row.cover_demand_t_per_year * (1 + row.cover_growth_share_per_year) ** (year - case.base_year)
    return float(min(row.cover_days / 365 * grown, row.warehouse_t))


def contents(case: Case) -> Mapping[str, dict[str, float]]:
    """Share of each element in each commodity, as oxide."""
    result: dict[str, dict[str, float]] = {}
    for row in case.rows("content"):
        result.setdefault(row.commodity, {})[row.element] = row.share
    return result


def values(case: Case) -> dict[str, float]:
    """USD/kg of what a commodity holds, at Chinese base-year prices of its elements."""
    element = {row.element: row.chinese_usd_per_kg for row in case.rows("element_prices") if row.market == "china"}
    parts = contents(case).items()
    return {name: sum(share * element[one] for one, share in own.items()) for name, own in parts}


def held(outcome: Outcome, number: int) -> dict[str, dict[int, float]]:
    """Stock by stockpile and period of one future, t."""
    result: dict[str, dict[int, float]] = {}
    for entry in outcome.futures[number].entries("stock"):
        row = result.setdefault(entry.index[0], {})
        row[entry.period.number] = row.get(entry.period.number, 0.0) + entry.value
    return result


def worth_held(outcome: Outcome, number: int, price: Mapping[str, float]) -> Iterator[float]:
    """Value of all stock at the end of each period of one future, million USD, by USD/kg of each commodity."""
    own = held(outcome, number)
    for period in outcome.futures[number].path.periods:
        yield sum(
            stock.get(period.number, 0.0) * price[outcome.case.row("stockpiles", name).commodity] * 1e-3
            for name, stock in own.items()
        )


def served(plan: Outcome) -> float:
    """Tonnes of all demands served."""
    return sum(entry.value for lived in plan.futures for entry in lived.entries("deliver"))
