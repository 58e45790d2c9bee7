"""Contracts: when they are signed and how large, what they deliver, what is paid for and not taken."""

from __future__ import annotations

import math
from typing import Any

from .evidence import Evidence
from .life import Life, before, lives
from .tally import Tally


def signing(evidence: Evidence) -> Tally:
    """Windows, tranches from the least to the greatest volume, the greatest in total, and the project behind."""
    tally = Tally()
    for life in lives(evidence):
        signed, volumes = life.by_thing("sign"), life.volumes
        begun = {(name, item.number) for each in (signed, volumes) for name, found in each.items() for item in found}
        for name, number in sorted(begun):
            row = life.case.row("contracts", name)
            sign, volume = life.walk.value("sign", name, number), life.walk.value("volume", name, number)
            what = (name, life.path.periods[number].label)
            tally.holds(life.may_sign(row, number), life.name, what, "is signed outside its window")
            tally.most([volume], row.volume_max_t_per_year if sign else 0.0, life.name, "greatest volume of", what)
            tally.least([volume, -row.volume_min_t_per_year * sign], 0.0, life.name, "least volume of", what)
            if row.project and life.case.row("projects", row.project).binary:
                start = life.walk.value("start", row.project, number)
                tally.most([sign, -start], 0.0, life.name, "signed without its project", what)
        for item in life.walk.of("ended"):
            row = life.case.row("contracts", item.words[0])
            number = next(period.number for period in life.path.periods if period.label == item.words[1])
            ended = life.walk.value("volume", row.contract, number) if life.given_up(row.project, number) else 0.0
            tally.same([item.value, -ended], life.name, "ended with its project", item.words)
        for name, found in volumes.items():
            row = life.case.row("contracts", name)
            tally.most([item.value for item in found], row.volume_max_t_per_year, life.name, "all volume of", name)
    return tally


def deliveries(evidence: Evidence) -> Tally:
    """What is bought, within what is signed and delivers, within licences and what is left of the supplier."""
    tally = Tally()
    for life in lives(evidence):
        for row in life.case.rows("contracts"):
            if row.contract in life.by_tranches:
                continue
            owed, share = life.owed(row), life.deliverable(row)
            for item in life.by_thing("buy").get(row.contract, []):
                period = life.path.periods[item.number]
                hours = share[item.number] * period.years
                if math.isfinite(row.volume_max_t_per_year):
                    hours *= life.stands(row.supplier, item.number)
                most = math.fsum(hours * volume for volume in owed[item.number]) if hours else 0.0
                tally.most([item.value], most, life.name, "delivery", (row.contract, period.label))
    return tally


def take_or_pay(evidence: Evidence) -> Tally:
    """In every year what is bought and what is paid for and not taken reach the share that is due in any case."""
    tally = Tally()
    for life in lives(evidence):
        spans = {span.label: span for span in life.path.spans}
        for item in life.walk.of("unused"):
            row = life.case.row("contracts", item.words[0])
            span = spans.get(item.words[1])
            fine = span is not None and span.periods[-1].number == item.number and row.take_or_pay_share > 0
            tally.holds(fine and row.kind != "spot", life.name, item.words, "is paid for and nothing is due")
        for row in life.case.rows("contracts"):
            if row.take_or_pay_share > 0 and row.kind != "spot":
                _due(tally, life, row)
    return tally


def _due(tally: Tally, life: Life, row: Any) -> None:
    owed, share = life.owed(row), [1.0] * len(life.path.periods)
    if row.force_majeure:
        share = [part * life.stands(row.supplier, number) for number, part in enumerate(life.deliverable(row))]
    for span in life.path.spans:
        last = span.periods[-1].number
        unused = life.walk.value("unused", row.contract, span.label, last)
        terms = []
        for period in span.periods:
            terms.append(life.walk.value("buy", row.contract, period.number))
            hours = row.take_or_pay_share * share[period.number] * period.years
            terms += [-hours * volume for volume in owed[period.number]]
        what = (row.contract, span.label)
        tally.least([unused, *terms], 0.0, life.name, "take-or-pay", what)
        if row.makeup_years > 0:
            missing, size = -math.fsum(terms), math.fsum(map(abs, terms))
            tally.weigh(unused - max(0.0, missing), size, life.name, "paid for and not missing", what)
            if life.walk.value("behind", row.contract, span.label, last):
                tally.weigh(-missing, size, life.name, "behind and nothing is missing", what)


def makeup(evidence: Evidence) -> Tally:
    """What is made up was paid for and not taken, has not expired, and comes no faster than the supplier lets it."""
    tally = Tally()
    for life in lives(evidence):
        spans = {span.label: span.periods[-1] for span in life.path.spans}
        years: dict[tuple[str, str], list[float]] = {}
        paces: dict[tuple[str, int], list[float]] = {}
        for item in life.walk.of("makeup"):
            contract, year = item.words
            row = life.case.row("contracts", contract)
            end, start = spans[year].end, life.path.periods[item.number].start
            fine = not before(start, end) and before(start, end + row.makeup_years)
            tally.holds(fine, life.name, item.words, life.path.periods[item.number].label, "has expired")
            years.setdefault((contract, year), []).append(item.value)
            paces.setdefault((contract, item.number), []).append(item.value)
        for (contract, year), amounts in years.items():
            left = life.walk.value("unused", contract, year, spans[year].number)
            tally.most(amounts, left, life.name, "make-up", (contract, year))
        for (contract, number), amounts in paces.items():
            row = life.case.row("contracts", contract)
            most = row.volume_max_t_per_year * life.deliverable(row)[number] * life.path.periods[number].years
            most *= life.stands(row.supplier, number)
            tally.most(amounts, most, life.name, "pace of make-up", (contract, life.path.periods[number].label))
    return tally


def import_caps(evidence: Evidence) -> Tally:
    """What is bought of a commodity from the sellers of a country, within the cap of a rule that is in force."""
    tally = Tally()
    for life in lives(evidence):
        bought: dict[tuple[str, str, int], list[float]] = {}
        for item in (*life.walk.of("buy"), *life.walk.of("makeup")):
            row = life.case.row("contracts", item.words[0])
            country = life.case.row("suppliers", row.supplier).country
            for good in life.goods.items.get(row.contract, []):
                key = (country, good.commodity, item.number)
                bought.setdefault(key, []).append(item.value * good.t_per_t)
        for cap in life.case.rows("import_caps"):
            most = life.path.series("import_caps", f"{cap.rule}/{cap.commodity}/{cap.country}", "t_per_year")
            force = life.market.in_force(cap.rule)
            for period in life.path.periods:
                terms = bought.get((cap.country, cap.commodity, period.number), [])
                if force[period.number] >= 1.0 - 1e-9:
                    what = (cap.rule, cap.commodity, cap.country, period.label)
                    tally.most(terms, most[period.number] * period.years, life.name, "import cap", what)
    return tally
