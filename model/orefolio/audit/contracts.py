"""Contracts: when they are signed and how large, what they deliver, what is paid for and not taken."""

from __future__ import annotations

import math
from typing import Any

from . import timing
from .evidence import Evidence
from .life import Life, lives
from .tally import Tally


def signing(evidence: Evidence) -> Tally:
    """Windows, tranches from the least to the greatest volume, the greatest in total, and the project behind."""
    tally = Tally()
    for life in lives(evidence):
        begun = {(item.words[0], item.number) for name in ("sign", "volume") for item in life.walk.of(name)}
        for name, number in sorted(begun):
            row = life.case.row("contracts", name)
            sign, volume = life.walk.value("sign", name, number), life.walk.value("volume", name, number)
            what = (name, life.path.periods[number].label)
            tally.holds(may_sign(life, row, number), life.name, what, "is signed outside its window")
            most = 0.0 if math.isinf(row.volume_max_t_per_year) and not sign else row.volume_max_t_per_year
            tally.most([volume], most if sign else 0.0, life.name, "greatest volume of", what)
            tally.least([volume, -row.volume_min_t_per_year * sign], 0.0, life.name, "least volume of", what)
            if row.project and life.case.row("projects", row.project).binary:
                start = life.walk.value("start", row.project, number)
                tally.most([sign, -start], 0.0, life.name, "signed without its project", what)
        for name, tranches in life.volumes.items():
            row = life.case.row("contracts", name)
            tally.most([t.value for t in tranches], row.volume_max_t_per_year, life.name, "all volume of", name)
    return tally


def may_sign(life: Life, row: Any, number: int) -> bool:
    """Whether a tranche may be signed at the start of a period."""
    path = life.path
    if row.kind == "spot" or row.in_force:
        return False
    if row.project:
        return timing.startable(path, life.case.row("projects", row.project), number)
    first = max(
        path.periods[number].start + row.qualification_years, timing.moment(path, row.first_delivery, -math.inf)
    )
    last = min(first + row.term_years, timing.moment(path, row.last_delivery, math.inf), path.periods[-1].end)
    return timing.open_for(path, number, row.sign_from, row.sign_to) and first < last - timing.SLACK


def deliveries(evidence: Evidence) -> Tally:
    """What is bought, within what is signed and delivers, within licences and what the supplier can sell us."""
    tally = Tally()
    for life in lives(evidence):
        every: dict[str, dict[int, float]] = {}
        for item in life.walk.of("buy"):
            every.setdefault(item.words[0], {})[item.number] = item.value
        for row in life.case.rows("contracts"):
            bought = every.get(row.contract, {})
            owed, share = life.owed(row), life.deliverable(row)
            for number, tonnes in bought.items():
                hours = share[number] * life.path.periods[number].years
                terms = [-hours * volume if hours else 0.0 for volume in owed[number]]
                what = (row.contract, life.path.periods[number].label)
                if any(math.isinf(term) for term in terms):
                    tally.holds(hours > 0, life.name, "delivery", what)
                else:
                    tally.most([tonnes, *terms], 0.0, life.name, "delivery", what)
        _suppliers(tally, life)
    return tally


def _suppliers(tally: Tally, life: Life) -> None:
    limits = life.goods.capacity_of
    sold: dict[tuple[str, str, int], list[float]] = {}
    for item in life.walk.of("buy"):
        contract = life.case.row("contracts", item.words[0])
        for good in life.goods.items.get(contract.contract, []):
            key = (contract.supplier, good.commodity)
            if key in limits:
                sold.setdefault((*key, item.number), []).append(good.t_per_t * item.value)
    for (supplier, commodity, number), terms in sold.items():
        period = life.path.periods[number]
        share = life.path.series("suppliers", supplier, "availability_share")[number]
        most = share * period.years * _sellable(life, supplier, commodity, number)
        tally.most(terms, most, life.name, "supplier", (supplier, commodity, period.label))


def _sellable(life: Life, supplier: str, commodity: str, number: int) -> float:
    """What a supplier can sell us, t/year: its capacity less the claims of rivals, mean over the calendar years."""
    period = life.path.periods[number]
    lines = life.goods.capacity_of[supplier, commodity]
    count = max(1, round(period.years))
    total = 0.0
    for year in range(period.year, period.year + count):
        begun = [row.from_year for row in lines if row.from_year <= year]
        if begun:
            key = f"{supplier}/{commodity}/{max(begun)}"
            capacity = life.path.series("supplier_capacity", key, "t_per_year")[number]
            total += max(0.0, capacity - life.path.series("supplier_capacity", key, "rivals_t_per_year")[number])
    return total / count


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
    owed = life.owed(row)
    share = life.deliverable(row) if row.force_majeure else [1.0] * len(life.path.periods)
    for span in life.path.spans:
        terms = [life.walk.value("unused", row.contract, span.label, span.periods[-1].number)]
        for period in span.periods:
            terms.append(life.walk.value("buy", row.contract, period.number))
            hours = row.take_or_pay_share * share[period.number] * period.years
            terms += [-hours * volume for volume in owed[period.number]]
        tally.least(terms, 0.0, life.name, "take-or-pay", (row.contract, span.label))
