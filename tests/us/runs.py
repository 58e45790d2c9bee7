"""Runs of the case of the United States that the tests of this folder share; each is solved once in a test process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from orefolio import api
from orefolio.case.adjust import Adjustment
from orefolio.case.case import Case
from orefolio.tables.outcome import Outcome

US = Path(__file__).parents[2] / "inputs" / "us"
GRID = "yearly"
FEW = ("S00", "S04", "S05")  # the trunk, the full embargo, the 0.1 % rule enforced
SCARCE_GAP, BASE_GAP = {"gap": 0.03}, {"abs_gap": 20.0}


@cache
def study(*overlays: str, **levers: float) -> api.Study:
    """The case, under overlays and levers."""
    read = api.load(US)
    return read.what_if(*overlays, **levers) if overlays or levers else read


@cache
def solved(overlay: str = "", futures: tuple[str, ...] | None = FEW, **levers: float) -> api.Run:
    """A run on the yearly grid with some of the futures, None for all thirteen."""
    asked = study(*([overlay] if overlay else []), **levers)
    run = asked.solve(
        grid=GRID, futures=futures, saving=False, time_limit=150.0, **(SCARCE_GAP if overlay == "scarce" else BASE_GAP)
    )
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


def worth_held(outcome: Outcome, number: int) -> Iterator[float]:
    """Value of all stock at the end of each period of one future, million USD at Chinese base-year prices."""
    price = values(study().case)
    for period in outcome.futures[number].path.periods:
        yield sum(
            own.get(period.number, 0.0) * price[outcome.case.row("stockpiles", name).commodity] * 1e-3
            for name, own in held(outcome, number).items()
        )


@dataclass(frozen=True)
class Measured:
    """What the signed runs are compared on. cost: million USD, proved bound and plan. home_volume: tonnes of element,
    as oxide, that enter the chain in the United States, 2027-2040, expected. peak_stock: the greatest value of stock,
    million USD at Chinese base-year prices of the base, expected. china_share: of what enters the chain, all elements.
    """

    cost: tuple[float, float]
    home_volume: float
    peak_stock: float
    china_share: float


def measured(run: api.Run) -> Measured:
    """The measures of a run."""
    plan = outcome(run)
    peak = sum(lived.weight * max(worth_held(plan, number)) for number, lived in enumerate(plan.futures))
    table = run.table("dependence")
    table = (
        table[(table.future == "expected") & (table.stage == "all stages") & (table.element == "all elements")]
        .groupby("country")["t"]
        .sum()
    )
    return Measured((run.bound, run.cost), float(table.get("US", 0.0)), peak, float(table["CN"] / table.sum()))
