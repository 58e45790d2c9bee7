"""Suppliers: what they can sell, who keeps them alive, what tranches give a right to, who is served before rivals."""

from __future__ import annotations

import math
from typing import Any

from . import timing
from .evidence import Evidence
from .life import Life, lives
from .tally import Tally


def suppliers(evidence: Evidence) -> Tally:
    """Suppliers sell what they have less what rivals claim, as far as they live; who is served first moves rivals."""
    tally = Tally()
    for life in lives(evidence):
        sold, first = _sold(life), _sold(life, ("served_first",))
        for (supplier, commodity, number), terms in sold.items():
            period = life.path.periods[number]
            share = life.path.series("suppliers", supplier, "availability_share")[number] * period.years
            share *= life.stands(supplier, number)
            what = (supplier, commodity, period.label)
            ahead = first.get((supplier, commodity, number), [])
            whole, left = _capacity(life, supplier, commodity, number)
            tally.most([*terms, *(-t for t in ahead)], share * left, life.name, "supplier", what)
            if ahead:
                tally.most(terms, share * whole, life.name, "supplier with all that is served first", what)
        _kept(tally, life)
    return tally


def _sold(life: Life, variables: tuple[str, ...] = ("buy", "makeup")) -> dict[tuple[str, str, int], list[float]]:
    found: dict[tuple[str, str, int], list[float]] = {}
    for variable in variables:
        for item in life.walk.of(variable):
            contract = life.case.row("contracts", item.words[0])
            for good in life.goods.items.get(contract.contract, []):
                key = (contract.supplier, good.commodity)
                if key in life.goods.capacity_of:
                    found.setdefault((*key, item.number), []).append(good.t_per_t * item.value)
    return found


def _capacity(life: Life, supplier: str, commodity: str, number: int) -> tuple[float, float]:
    """What a supplier can sell, t/year, in all and less the claims of rivals: means over the calendar years."""
    period = life.path.periods[number]
    lines = life.goods.capacity_of.get((supplier, commodity), [])
    count = max(1, round(period.years))
    whole = left = 0.0
    for year in range(period.year, period.year + count):
        begun = [row.from_year for row in lines if row.from_year <= year]
        if begun:
            key = f"{supplier}/{commodity}/{max(begun)}"
            capacity = life.path.series("supplier_capacity", key, "t_per_year")[number]
            whole += capacity
            left += max(0.0, capacity - life.path.series("supplier_capacity", key, "rivals_t_per_year")[number])
    return whole / count, left / count


def _kept(tally: Tally, life: Life) -> None:
    """The plan says which suppliers are kept, and what comes of a contract since its supplier is kept, as it is."""
    for item in life.walk.of("sustained"):
        kept = life.is_kept(item.name, item.number)
        tally.holds(kept and item.value <= 1.0 + 1e-6, life.name, item.words, item.number, "is kept by nobody")
    for item in life.walk.of("carried"):
        row = life.case.row("contracts", item.name)
        owed = life.owed(row)[item.number] if life.is_kept(row.supplier, item.number) else []
        tally.most([item.value, *(-volume for volume in owed)], 0.0, life.name, "kept volume of", item.words)
    for item in life.walk.of("excused"):
        row = life.case.row("contracts", item.name)
        hours = life.deliverable(row)[item.number] * life.path.periods[item.number].years * row.take_or_pay_share
        hours *= 1.0 - life.stands(row.supplier, item.number) if row.force_majeure else 0.0
        owed = [-hours * volume for volume in life.owed(row)[item.number]]
        tally.most([item.value, *owed], 0.0, life.name, "excused of", item.words)


def tranches(evidence: Evidence) -> Tally:
    """Tranches are bought in time, once and in their order; what is taken stays within their rights."""
    tally = Tally()
    for life in lives(evidence):
        bought = life.walk.by_key.get("tranche", {})
        for (contract, tranche, number), value in bought.items():
            row = life.case.row("contracts", str(contract))
            what = (contract, tranche, life.path.periods[int(str(number))].label)
            own = life.case.row("tranches", f"{contract}/{tranche}")
            fine = not own.held and life.may_sign(row, int(str(number)))
            tally.holds(fine, life.name, what, "is bought outside its window")
            every = [v for (name, k, _), v in bought.items() if (name, k) == (contract, tranche)]
            tally.most(every, 1.0, life.name, "once", what)
            below = f"{contract}/{own.tranche - 1}"
            if own.tranche > 1 and not life.case.row("tranches", below).held:
                before = str(own.tranche - 1)
                earlier = [
                    v
                    for (name, k, n), v in bought.items()
                    if (name, k) == (contract, before) and int(str(n)) <= int(str(number))
                ]
                tally.most([value, *(-v for v in earlier)], 0.0, life.name, "bought before the one below", what)
        for row in life.case.rows("contracts"):
            if row.contract in life.by_tranches:
                _rights(tally, life, row)
    return tally


def _rights(tally: Tally, life: Life, row: Any) -> None:
    for variable, first_only in (("buy", False), ("served_first", True)):
        for item in life.by_thing(variable).get(row.contract, []):
            what = (row.contract, life.path.periods[item.number].label)
            for good in life.goods.items.get(row.contract, []):
                rights = [-right for right in _right(life, row, good.commodity, item.number, first_only)]
                tally.most([good.t_per_t * item.value, *rights], 0.0, life.name, "right", variable, what)
    for item in life.by_thing("served_first").get(row.contract, []):
        taken = life.walk.value("buy", row.contract, item.number)
        tally.most([item.value, -taken], 0.0, life.name, "served first and not taken", row.contract, item.number)


def _right(life: Life, row: Any, commodity: str, number: int, first_only: bool) -> list[float]:
    """Tonnes to which each tranche that is held or bought gives a right in a period."""
    period = life.path.periods[number]
    whole, _ = _capacity(life, row.supplier, commodity, number)
    whole *= life.market.approval(row.licence)[number] * period.years
    available = life.path.series("suppliers", row.supplier, "availability_share")[number]
    found = []
    for tranche in life.by_tranches[row.contract]:
        if first_only and not tranche.priority:
            continue
        most = tranche.right_share * whole * (1.0 if tranche.priority else available)
        if tranche.held:
            begin = timing.moment(life.path, row.first_delivery, -math.inf)
            end = timing.moment(life.path, row.last_delivery, math.inf)
            found.append(most * timing.part_inside(begin, end, period))
        own = [i for i in life.by_thing("tranche").get(row.contract, []) if i.words[1] == str(tranche.tranche)]
        found += [most * life.cover(row, item.number)[number] * item.value for item in own]
    return found
