r"""OFF: suppliers sell what they have, less what rivals claim, and some live on only while we have signed.

$$\sum_{j \to s} \theta_{j,c}\,buy_{j,n} - first_{s,c,n} \le
  available_{s,n}\,h_n\,(capacity_{s,c} - rivals_{s,c})\,lives_{s,n}, \qquad
  lives_{s,n} = alone_{s,n} + (1 - alone_{s,n})\,sustained_{s,n}$$
$$\sum_{j \to s} \theta_{j,c}\,buy_{j,n} \le available_{s,n}\,h_n\,capacity_{s,c}\,lives_{s,n}
  \quad (\text{where some are served } first)$$
$$sustained_{s,n} \le \sum_{j,m} sign_{j,m}, \qquad sustained_{s,n} \ge sign_{j,m}
  \quad (j \text{ sustains } s,\text{ in force at the start of } n)$$
$$buy_{j,n} \le available_{j,n}\,h_n\,\bigl(alone_{s,n}\,owed_{j,n} + (1 - alone_{s,n})\,carried_{j,n}\bigr), \qquad
  excused_{j,n} = \tau_j\,available_{j,n}\,h_n\,(1 - alone_{s,n})\,(owed_{j,n} - carried_{j,n})$$
$$carried_{j,n} = owed_{j,n}\,sustained_{s,n}: \quad carried \le owed, \quad carried \le \bar v_j\,sustained, \quad
  carried \ge owed - \bar v_j\,(1 - sustained)$$

What is made up counts as bought. What is served `first` comes before rivals, who are cut for it. A supplier that a
price crash would close delivers its share `alone` to those who have signed nothing; a contract that sustains it, from
its signing to the end of its term, keeps it whole for all its contracts. For the contract itself nothing is lost while
it delivers. The products are exact, since `sustained` is 0 or 1 where signing is. Adds nothing for a supplier without a
capacity that lives on alone.

| symbol | code | unit | meaning |
|---|---|---|---|
| *sustained* | `sustained` | 1 | some contract that sustains the supplier is in force |
| *carried* | `carried` | t/year | volume of a contract that comes since its supplier is sustained |
| owed | – | t/year | volume of a contract in the period |
| *first* | `served_first` | t | served before rivals |
| *excused* | `excused` | t | not due, since the supplier has closed |
| alone | `suppliers.alone_share` | 1 | share that is left while no contract sustains the supplier |
| available | `suppliers.availability_share`, `licences.approval_share` | 1 | share that can be delivered |
| capacity | `supplier_capacity.t_per_year` | t/year | what it can sell |
| rivals | `supplier_capacity.rivals_t_per_year` | t/year | what others hold a claim on |
| θ | `contract_items.t_per_t` | t/t | tonnes of a commodity per tonne of contract |
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from ..case.scenarios import Period
from ..case.several import lesser
from . import terms as agreed
from .algebra import Key, Term, linear
from .ledger import Future

Volume = tuple[list[Term], float]
"""Contracted tonnes a year in a period: terms, and what needs no decision."""


@dataclass(frozen=True)
class Lives:
    """What a supplier delivers of its output in a period: a share in any case, the rest where a column is 1."""

    alone: float = 1.0
    sustained: Any = None

    @property
    def more(self) -> float:
        """The share that comes only where the supplier is sustained."""
        return 1.0 - self.alone if self.sustained is not None else 0.0


def state(future: Future) -> None:
    """State what suppliers can sell, and what becomes of those that may close."""
    lives = _lives(future)
    _capacity(future, lives)
    _alone(future, lives)


def _lives(future: Future) -> dict[tuple[str, int], Lives]:
    """Suppliers and periods in which something depends on whether a contract sustains them."""
    signs: dict[tuple[str, int], list[Any]] = {}
    closing: dict[tuple[str, int], float] = {}
    for supplier in future.case.rows("suppliers"):
        alone = future.path.series("suppliers", supplier.supplier, "alone_share")
        for period in future.path.periods:
            if alone[period.number] < 1:
                key = (supplier.supplier, period.number)
                found = _sustaining(future, supplier.supplier, period)
                if found is not None:
                    closing[key], signs[key] = alone[period.number], found
    sustained = future.columns("sustained", {key: (0.0, 1.0) for key, found in signs.items() if found})
    most = {key: linear([(1.0, on), *((-1.0, sign) for sign in signs[key])]) <= 0.0 for key, on in sustained.items()}
    least = {
        (supplier, str(place), number): linear([(1.0, on), (-1.0, sign)]) >= 0.0
        for (supplier, number), on in sustained.items()
        for place, sign in enumerate(signs[supplier, number], 1)
    }
    future.rows("OFF_sustained", most)
    future.rows("OFF_sustains", least)
    return {key: Lives(alone, sustained[key] if signs[key] else None) for key, alone in closing.items()}


def _sustaining(future: Future, supplier: str, period: Period) -> list[Any] | None:
    """The signatures that sustain a supplier in a period; None where what is in force already does."""
    path, found = future.path, []
    for row in future.case.rows("contracts"):
        if row.supplier != supplier or not row.sustains:
            continue
        held = any(tranche.held for tranche in future.case.rows("tranches") if tranche.contract == row.contract)
        ends = agreed.moment(path, row.last_delivery, math.inf)
        if (row.in_force or held) and period.start < ends - 1e-9:
            return None
        for begin in agreed.signings(path, row):
            if begin.number <= period.number and period.start < agreed.span(path, row, begin)[1] - 1e-9:
                found += [sign for _, sign in future.ledger.read("signed", (row.contract, begin.number))]
    return found


def _capacity(future: Future, lives: dict[tuple[str, int], Lives]) -> None:
    rows, whole = {}, {}
    for supplier, commodity in sorted({(row.supplier, row.commodity) for row in future.case.rows("supplier_capacity")}):
        available = future.path.series("suppliers", supplier, "availability_share")
        for period in future.path.periods:
            key = (supplier, commodity, period.number)
            terms, first = future.ledger.read("sold", key), future.ledger.read("served first", key)
            if not terms and not first:
                continue
            here = lives.get((supplier, period.number), Lives())
            share = available[period.number] * period.years
            most = share * agreed.capacity(future.path, supplier, commodity, period)
            if len(terms) == 1 and not first and here.sustained is None:
                coefficient, column = terms[0]
                most *= here.alone / coefficient
                column.upper = lesser(column.upper, most)
            elif terms:
                rows[key] = _within(here, [*terms, *((-c, v) for c, v in first)], most)
            if first:
                most = share * agreed.capacity(future.path, supplier, commodity, period, False)
                whole[key] = _within(here, terms, most)
    future.rows("OFF_supplier", rows)
    future.rows("OFF_supplier_whole", whole)


def _within(here: Lives, terms: list[Term], most: float) -> Any:
    """Terms within what the supplier has, as far as it lives."""
    more = [(-most * here.more, here.sustained)] if here.sustained is not None else []
    return linear([*terms, *more]) <= most * here.alone


def _alone(future: Future, lives: dict[tuple[str, int], Lives]) -> None:
    """Deliveries, make-up and dues of contracts with a supplier that may close."""
    owed = _owed(future, lives)
    carried = _carried(future, lives, {key: volume for key, volume in owed.items() if not _row(future, key).sustains})
    deliveries, excused, made = {}, {}, {}
    for key, (terms, fixed) in owed.items():
        row = _row(future, key)
        here = lives[row.supplier, key[1]]
        most = agreed.available(future.path, row)[key[1]] * future.path.periods[key[1]].years
        later = future.ledger.read("made up", key)
        if later:
            made[key] = _within(here, later, most * row.volume_max_t_per_year)
        if key not in carried:
            continue
        comes = [(most * here.alone * c, v) for c, v in terms] + [(most * here.more * c, v) for c, v in carried[key]]
        for share, column in future.ledger.read("taken", key):
            body = [(share, column), *((-c, v) for c, v in comes)]
            deliveries[key] = linear(body) <= most * here.alone * fixed
        for share, column in future.ledger.read("excused", key):
            due = row.take_or_pay_share
            body = [(share, column), *((-due * most * c, v) for c, v in terms), *((due * c, v) for c, v in comes)]
            excused[key] = linear(body) == due * most * (1.0 - here.alone) * fixed
    future.rows("OFF_alone", deliveries)
    future.rows("OFF_excused", excused)
    future.rows("OFF_makeup_alone", made)


def _row(future: Future, key: Key) -> Any:
    return future.case.row("contracts", key[0])


def _owed(future: Future, lives: dict[tuple[str, int], Lives]) -> dict[Key, Volume]:
    """What contracts with a supplier that may close owe in a period, t/year: terms, and what needs no decision."""
    found: dict[Key, Volume] = {}
    by_tranches = {row.contract for row in future.case.rows("tranches")}
    closing = {supplier for supplier, _ in lives}
    for row in future.case.rows("contracts"):
        if row.supplier not in closing or row.contract in by_tranches or math.isinf(row.volume_max_t_per_year):
            continue
        unsigned = row.kind == "spot" or row.in_force
        always = agreed.always(future.path, row)
        for period in future.path.periods:
            if (row.supplier, period.number) in lives:
                terms = [
                    (share * agreed.cover(future.path, row, begin)(period), volume)
                    for begin in agreed.signings(future.path, row)
                    if begin.number <= period.number
                    for share, volume in future.ledger.read("contracted", (row.contract, begin.number))
                ]
                fixed = row.volume_max_t_per_year * always[period.number] if unsigned else 0.0
                found[row.contract, period.number] = ([term for term in terms if term[0] > 0], fixed)
    return found


def _carried(future: Future, lives: dict[tuple[str, int], Lives], owed: dict[Key, Volume]) -> dict[Key, list[Term]]:
    """The volume of each contract that comes because something sustains its supplier: terms, t/year."""
    sustained = {key: lives[_row(future, key).supplier, key[1]].sustained for key in owed}
    most = {key: _row(future, key).volume_max_t_per_year for key in owed}
    joint = [key for key, (terms, _) in owed.items() if terms and sustained[key] is not None]
    carried = future.columns("carried", {key: (0.0, most[key]) for key in joint})
    own = {key: [(-c, v) for c, v in owed[key][0]] for key in joint}
    future.rows("OFF_carried", {key: linear([(1.0, carried[key]), *own[key]]) <= 0.0 for key in joint})
    future.rows("OFF_carried_on", {key: carried[key] <= most[key] * sustained[key] for key in joint})
    future.rows(
        "OFF_carried_all",
        {key: linear([(1.0, carried[key]), *own[key], (-most[key], sustained[key])]) >= -most[key] for key in joint},
    )
    found: dict[Key, list[Term]] = {}
    for key, (_, fixed) in owed.items():
        found[key] = [(1.0, carried[key])] if key in carried else []
        if fixed > 0 and sustained[key] is not None:
            found[key].append((fixed, sustained[key]))
    return found
