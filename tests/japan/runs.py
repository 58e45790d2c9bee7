"""Japan's case and the measures that its signed runs are compared on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from examples.runs import Example, held, outcome, values
from orefolio import api

JAPAN = Example("japan", abs_gap=25.0, gaps={"scarce": 0.03})
study = JAPAN.study


@dataclass(frozen=True)
class Measured:
    """What the signed runs are compared on. cost: million USD, proved bound and plan. us_volume: tonnes of element, as
    oxide, from the United States, 2027-2040, expected. peak_stock: the greatest value of stock, million USD at Chinese
    base-year prices of the base, expected; by_form: its tonnes. china_share: of what enters the chain, 2027-2040, all
    elements; of_ndpr, of_heavy: the same of these."""

    cost: tuple[float, float]
    us_volume: float
    peak_stock: float
    by_form: Mapping[str, float]
    china_share: float
    of_ndpr: float
    of_heavy: float


def measured(run: api.Run) -> Measured:
    """The measures of a run."""
    plan = outcome(run)
    peak, forms = 0.0, dict.fromkeys(("oxide", "metal", "magnet"), 0.0)
    worth = values(JAPAN.case)
    for number, lived in enumerate(plan.futures):
        total, tonnes = [0.0] * len(lived.path.periods), {form: [0.0] * len(lived.path.periods) for form in forms}
        for name, own in held(plan, number).items():
            commodity = plan.case.row("stockpiles", name).commodity
            form = next((form for form in ("metal", "magnet") if form in commodity), "oxide")
            for period, stock in own.items():
                total[period] += stock * worth[commodity] * 1e-3
                tonnes[form][period] += 0.0 if commodity == "light_oxide" else stock
        peak += lived.weight * max(total)
        for form, row in tonnes.items():
            forms[form] += lived.weight * max(row)
    table = run.table("dependence")
    table = table[(table.future == "expected") & (table.stage == "all stages")]

    def of(element: str, country: str) -> float:
        return float(table[(table.element == element) & (table.country == country)].t.sum())

    def share(element: str) -> float:
        return of(element, "CN") / float(table[table.element == element].t.sum())

    shares = share("all elements"), share("NdPr"), share("heavy elements")
    return Measured((run.bound, run.cost), of("all elements", "US"), peak, forms, *shares)
