"""Demands and outlets: deliveries and shortage make up demand; sales within the steps of a market."""

from __future__ import annotations

from typing import Any

from orefolio.case.scenarios import Span

from .evidence import Evidence
from .life import Life, lives
from .tally import Tally


def demands(evidence: Evidence) -> Tally:
    """Deliveries and shortage are demand; each step of shortage within its width, none where demand must be met."""
    tally = Tally()
    for life in lives(evidence):
        delivered, short = life.walk.summed("deliver", 1), life.walk.summed("short", 1)
        for row in life.case.rows("demands"):
            for period, wanted in zip(life.path.periods, life.market.demand(row), strict=True):
                key = (row.demand, period.number)
                served = delivered.get(key, [])
                tally.same([*served, *short.get(key, []), -wanted], life.name, "demand", key)
                if row.least_service_share > 0 and row.value == "loss":
                    least = row.least_service_share * wanted
                    terms = [*served, life.walk.value("unserved", *key)]
                    tally.least(terms, least, life.name, "least service of", key)
        for item in life.walk.of("short"):
            row = life.case.row("demands", item.words[0])
            tally.holds(row.value == "loss", life.name, item.words, "is short and must be met")
            width = life.case.row("loss_steps", item.name).width_share
            most = width * life.market.demand(row)[item.number]
            tally.most([item.value], most, life.name, "step of shortage", (*item.words, item.number))
    return tally


def outlets(evidence: Evidence) -> Tally:
    """Sales within each step of a market; given up only what may be."""
    tally = Tally()
    for life in lives(evidence):
        for item in life.walk.of("sell"):
            volume = life.path.series("outlets", item.name, "t_per_year")[item.number]
            most = volume * life.path.periods[item.number].years
            tally.most([item.value], most, life.name, "outlet", (*item.words, item.number))
        for item in life.walk.of("discard"):
            fine = life.case.row("commodities", item.words[1]).discardable
            tally.holds(fine, life.name, item.words, "is given up and may not be")
    return tally


def concentration(evidence: Evidence) -> Tally:
    """What a country supplies at a stage beyond the largest share is paid for, by direct origin and year."""
    tally = Tally()
    for life in lives(evidence):
        stage = {row.commodity: row.stage for row in life.case.rows("commodities")}
        for row in life.case.rows("diversification"):
            if row.max_share >= 1.0:
                continue
            for span in life.path.spans:
                if span.year < row.from_year:
                    continue
                supply = supply_of(life, row, span, stage)
                every = [-row.max_share * tonnes for terms in supply.values() for tonnes in terms]
                last = span.periods[-1].number
                for country, terms in supply.items():
                    if not row.country or row.country == country:
                        over = life.walk.value("over", row.stage, row.element, country, span.label, last)
                        what = (row.stage, row.element, country, span.label)
                        tally.most([*terms, *every, -over], 0.0, life.name, "share of", what)
    return tally


def supply_of(life: Life, row: Any, span: Span, stage: dict[str, str]) -> dict[str, list[float]]:
    """Tonnes of an element that come to a stage in a year, by the country of the seller or of the plant."""
    case, content = life.case, life.goods.content
    numbers = {period.number for period in span.periods}
    found: dict[str, list[float]] = {}
    for item in (*life.walk.of("buy"), *life.walk.of("makeup")):
        contract = case.row("contracts", item.words[0])
        country = case.row("suppliers", contract.supplier).country
        for good in life.goods.items.get(contract.contract, []):
            share = content.get(good.commodity, {}).get(row.element, 0.0)
            if item.number in numbers and stage[good.commodity] == row.stage:
                found.setdefault(country, []).append(good.t_per_t * share * item.value)
    for item in life.walk.of("activity"):
        process = case.row("processes", item.words[0])
        made = sum(
            out.t_per_t * out.yield_share * content.get(out.commodity, {}).get(row.element, 0.0)
            for out in life.goods.recipes.get(process.process, [])
            if out.direction == "out" and stage[out.commodity] == row.stage
        )
        if item.number in numbers and made > 0:
            found.setdefault(case.row("places", process.place).country, []).append(made * item.value)
    return found
