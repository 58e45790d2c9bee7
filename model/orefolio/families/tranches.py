r"""OFF: tranches of a quota, backed by equity or loans, give rights to a share of the supplier's output.

$$tranche_{j,k,m} \le \sum_{m' \le m} tranche_{j,k-1,m'}, \qquad \sum_m tranche_{j,k,m} \le 1$$
$$\theta_{j,c}\,buy_{j,n} \le licence_{j,n}\,h_n\,capacity_{s,c,n} \sum_k \sum_m right_{j,k}\,
  cover_j(m,n)\,\max(available_{s,n}, priority_{j,k})\,tranche_{j,k,m}$$
$$first_{j,n} \le buy_{j,n}, \qquad \theta_{j,c}\,first_{j,n} \le licence_{j,n}\,h_n\,capacity_{s,c,n}
  \sum_{k:\;priority} \sum_m right_{j,k}\,cover_j(m,n)\,tranche_{j,k,m}$$

A right is a share of all that the supplier can make. In a squeeze a right without priority shrinks with the supplier's
availability, and it is served from what rivals leave; one with priority keeps its tonnes and is served `first`, before
rivals, as far as the supplier delivers at all. What is bought is paid for by the price rule of the contract. The
payment is spent whatever comes, and dividends flow while the right is in force. A tranche that is held already has its
right and no cost: its payment is spent, and its dividends come with every plan. Adds nothing where there is no tranche.

| symbol | code | unit | meaning |
|---|---|---|---|
| *tranche* | `tranche` | 1 | bought (binary) |
| *buy* | `buy` | t | taken in the period |
| *first* | `served_first` | t | the part of it that is served before rivals |
| right | `tranches.right_share` | 1 | share of the supplier's capacity |
| priority | `tranches.priority` | 1 | 1 where it is served before rivals |
| capacity | `supplier_capacity.t_per_year` | t/year | what the supplier can make, rivals' claims included |
| available | `suppliers.availability_share` | 1 | share of it that reaches the market |
| licence | `licences.approval_share` | 1 | share that is let through |
| θ | `contract_items.t_per_t` | t/t | tonnes of a commodity per tonne of contract |
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..case.scenarios import Period
from . import terms as agreed
from .algebra import Term, linear
from .ledger import Future
from .reach import approval

Right = tuple[list[Term], float]
"""Tonnes of a commodity to which tranches give a right: terms, and what is held already."""


def state(future: Future) -> None:
    """State tranches: their order, payment, dividends, and what may be taken under them."""
    case, path = future.case, future.path
    quotas = {row.contract: row for row in case.rows("contracts")}
    every = case.rows("tranches")
    begins = {name: agreed.signings(path, quotas[name]) for name in dict.fromkeys(row.contract for row in every)}
    keys = {
        (row.contract, str(row.tranche), begin.number): (0.0, 1.0)
        for row in every
        if not row.held
        for begin in begins[row.contract]
    }
    bought = future.columns("tranche", keys, binary=True, commitment=True)
    _order(future, bought, begins)
    for row in every:
        for begin in () if row.held else begins[row.contract]:
            _pay(future, quotas[row.contract], row, begin, bought[row.contract, str(row.tranche), begin.number])
    _rights(future, bought, {name: quotas[name] for name in begins}, begins)


def _order(future: Future, bought: Any, begins: dict[str, list[Period]]) -> None:
    once, order = {}, {}
    for row in future.case.rows("tranches"):
        own = [] if row.held else begins[row.contract]
        below = f"{row.contract}/{row.tranche - 1}"
        if len(own) > 1:
            terms = [(1.0, bought[row.contract, str(row.tranche), begin.number]) for begin in own]
            once[row.contract, str(row.tranche), own[-1].number] = linear(terms) <= 1.0
        if future.case.has("tranches", below) and not future.case.row("tranches", below).held:
            for begin in own:
                key = (row.contract, str(row.tranche), begin.number)
                earlier = [
                    (1.0, bought[row.contract, str(row.tranche - 1), each.number])
                    for each in own
                    if each.number <= begin.number
                ]
                order[key] = linear([*earlier, (-1.0, bought[key])]) >= 0.0
    future.rows("OFF_tranche_once", once)
    future.rows("OFF_tranche_order", order)


def _pay(future: Future, contract: Any, row: Any, begin: Period, column: Any) -> None:
    path = future.path
    future.ledger.post("signed", (row.contract, begin.number), 1.0, column)
    future.ledger.cost("prepayments", begin.number, row.payment_musd * path.discount(begin.start), column)
    future.spend(contract.envelope, row.payment_musd * contract.public_share, begin.start, begin.start, column)
    dividend = path.series("tranches", f"{row.contract}/{row.tranche}", "dividend_musd_per_year")
    cover = agreed.cover(path, contract, begin)
    for period in path.periods[begin.number :]:
        income = dividend[period.number] * cover(period) * period.years * path.discount(period.start, period.end)
        future.ledger.cost("dividends", period.number, -income, column)


def _rights(future: Future, bought: Any, quotas: dict[str, Any], begins: dict[str, list[Period]]) -> None:
    taken = {
        (name, period.number): column
        for name in quotas
        for period in future.path.periods
        for _, column in future.ledger.read("taken", (name, period.number))
    }
    items = [item for item in future.case.rows("contract_items") if item.contract in quotas]
    rivalled = {key for key in taken if any(_rivals(future, quotas[key[0]], item, key[1]) for item in items)}
    first = future.columns("served_first", {key: (0.0, None) for key in taken if key in rivalled})
    rights, served = {}, {}
    for item in items:
        for key in ((item.contract, period.number) for period in future.path.periods):
            if key not in taken:
                continue
            index = (item.contract, item.commodity, key[1])
            terms, held = _right(future, bought, quotas[item.contract], item, key[1], begins[item.contract], False)
            rights[index] = linear([(item.t_per_t, taken[key]), *((-c, v) for c, v in terms)]) <= held
            if key in first:
                terms, held = _right(future, bought, quotas[item.contract], item, key[1], begins[item.contract], True)
                served[index] = linear([(item.t_per_t, first[key]), *((-c, v) for c, v in terms)]) <= held
                supplier = quotas[item.contract].supplier
                future.ledger.post("served first", (supplier, item.commodity, key[1]), item.t_per_t, first[key])
    future.rows("OFF_right", rights)
    future.rows("OFF_first_right", served)
    future.rows("OFF_first", {key: linear([(1.0, first[key]), (-1.0, taken[key])]) <= 0.0 for key in first})


def _rivals(future: Future, contract: Any, item: Any, number: int) -> bool:
    """Whether a tranche with priority meets rivals who claim some of the same output."""
    if item.contract != contract.contract:
        return False
    first = any(row.priority for row in future.case.rows("tranches") if row.contract == contract.contract)
    period = future.path.periods[number]
    sizes = [agreed.capacity(future.path, contract.supplier, item.commodity, period, less) for less in (False, True)]
    return first and sizes[0] > sizes[1]


def _right(
    future: Future, bought: Any, contract: Any, item: Any, number: int, begins: list[Period], first: bool
) -> Right:
    """Tonnes of an item that tranches give a right to in a period; first: only those with priority."""
    path, period = future.path, future.path.periods[number]
    available = path.series("suppliers", contract.supplier, "availability_share")[number]
    whole = agreed.capacity(path, contract.supplier, item.commodity, period, False) * period.years
    whole *= approval(path, contract.licence)[number]
    terms: list[Term] = []
    held = 0.0
    for row in _of(future, contract, first):
        most = row.right_share * whole * (1.0 if row.priority else available)
        if row.held:
            held += most * agreed.always(path, contract)[number]
            continue
        for begin in begins:
            share = agreed.cover(path, contract, begin)(period) if begin.number <= number else 0.0
            if share > 0:
                terms.append((most * share, bought[row.contract, str(row.tranche), begin.number]))
    return terms, held


def _of(future: Future, contract: Any, first: bool) -> Iterator[Any]:
    for row in future.case.rows("tranches"):
        if row.contract == contract.contract and (row.priority or not first):
            yield row
