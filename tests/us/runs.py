"""The case of the United States and the measures that its signed runs are compared on."""

from __future__ import annotations

from dataclasses import dataclass

from examples.runs import Example, outcome, values, worth_held
from orefolio import api

US = Example("us", abs_gap=20.0, gaps={"scarce": 0.03})
study = US.study


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
    price = values(US.case)
    peak = sum(lived.weight * max(worth_held(plan, number, price)) for number, lived in enumerate(plan.futures))
    table = run.table("dependence")
    own = table[(table.future == "expected") & (table.stage == "all stages") & (table.element == "all elements")]
    tonnes = {str(country): float(t) for country, t in own.groupby("country")["t"].sum().items()}
    return Measured((run.bound, run.cost), tonnes.get("US", 0.0), peak, tonnes["CN"] / sum(tonnes.values()))
