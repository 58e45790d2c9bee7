r"""OFF: a contract delivers what was signed, as far as the supplier can, and is paid for by its price rule.

$$buy_{j,n} \le available_{j,n}\,h_n\,\sum_m cover_j(m,n)\,volume_{j,m}, \qquad
  \underline v_j\,sign_{j,m} \le volume_{j,m} \le \bar v_j\,sign_{j,m}, \qquad
  \sum_m volume_{j,m} \le \bar v_j$$
$$\sum_{n \in y} buy_{j,n} + unused_{j,y} \ge
  \tau_j \sum_{n \in y} available_{j,n}\,h_n\sum_m cover_j(m,n)\,volume_{j,m}$$
$$\sum_{j \to s} \theta_{j,c}\,buy_{j,n} \le available_{s,n}\,h_n\,(capacity_{s,c} - rivals_{s,c})$$

A contract may be signed in tranches, each of at least the least volume. `cover` is the share of the period in which a
tranche signed at m delivers: from the end of qualification to the end of the term. A contract on a project decided
here is signed with the start and follows its ramp. A spot market is bought as wanted up to its volume. What
take-or-pay charges and is not taken is `unused`, paid at the contract's price; without a force-majeure clause it counts
also what the supplier could not deliver. A prepayment is spent whatever comes.

| symbol | code | unit | meaning |
|---|---|---|---|
| *buy* | `buy` | t | taken in the period |
| *unused* | `unused` | t | paid for and not taken in the year |
| *sign* | `sign` | 1 | a tranche is signed (binary) |
| *volume* | `volume` | t/year | contracted |
| τ | `contracts.take_or_pay_share` | 1 | share paid for in any case |
| available | `suppliers.availability_share`, `licences.approval_share` | 1 | share that can be delivered |
| θ | `contract_items.t_per_t` | t/t | tonnes of a commodity per tonne of contract |
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..case.scenarios import Period, as_date, years_between
from . import timing
from .ledger import MUSD_PER_T, Future, Term, linear
from .reach import approval

Volume = tuple[list[Term], float]
"""Contracted tonnes a year in a period: terms, and what is in force already."""


def state(future: Future) -> None:
    """State contracts: signing, deliveries, payment, suppliers' limits."""
    begins = {row.contract: _signings(future, row) for row in future.case.rows("contracts")}
    keys = {(j, p.number): (0.0, 1.0) for j, periods in begins.items() for p in periods}
    sign = future.columns("sign", keys, binary=True, commitment=True)
    sizes = {key: (0.0, future.case.row("contracts", key[0]).volume_max_t_per_year) for key in keys}
    volume = future.columns("volume", sizes, commitment=True)
    future.in_range("OFF_volume", volume, sign, {key: _range(future, key[0]) for key in keys})
    _total(future, volume, begins)
    _with_project(future, sign)
    rows = future.case.rows("contracts")
    due = {row.contract: _due(future, row, volume, begins[row.contract]) for row in rows}
    available = {row.contract: _available(future, row) for row in rows}
    buy = future.columns("buy", _buy_bounds(future, due, available))
    _deliveries(future, buy, due, available)
    _take_or_pay(future, buy, due)
    _suppliers(future, buy)
    for row in rows:
        _post_buy(future, row, buy)
        for period in begins[row.contract]:
            _prepay(future, row, period, sign[row.contract, period.number], volume[row.contract, period.number])


def _signings(future: Future, row: Any) -> list[Period]:
    if row.kind == "spot" or row.in_force:
        return []
    if row.project:
        project = future.case.row("projects", row.project)
        return timing.starts(future.path, project)
    horizon = future.path.periods[-1].end
    return [
        period
        for period in timing.decisions(future.path, row.sign_from, row.sign_to)
        if _first(future, row, period.start) < min(_last(future, row, period.start), horizon) - 1e-9
    ]


def _moment(future: Future, text: str | None, otherwise: float) -> float:
    return otherwise if text is None else years_between(future.case.horizon_from, as_date(text))


def _first(future: Future, row: Any, signed: float) -> float:
    return float(max(signed + row.qualification_years, _moment(future, row.first_delivery, -math.inf)))


def _last(future: Future, row: Any, signed: float) -> float:
    end = _moment(future, row.last_delivery, math.inf)
    unsigned = row.kind == "spot" or row.in_force
    return end if unsigned else min(_first(future, row, signed) + row.term_years, end)


def _due(future: Future, row: Any, volume: Any, begins: list[Period]) -> dict[int, Volume]:
    """What the contract owes in each period, t/year."""
    result: dict[int, Volume] = {}
    for period in future.path.periods:
        terms: list[Term] = []
        for begin in begins:
            cover = _cover(future, row, begin)(period)
            if cover > 0 and period.number >= begin.number:
                terms.append((cover, volume[row.contract, begin.number]))
        fixed = 0.0
        if row.kind == "spot" or row.in_force:
            first = _moment(future, row.first_delivery, -math.inf)
            fixed = row.volume_max_t_per_year * timing.overlap(first, _last(future, row, first), period)
        if terms or fixed > 0:
            result[period.number] = (terms, fixed)
    return result


def _cover(future: Future, row: Any, begin: Period) -> Callable[[Period], float]:
    first, last = _first(future, row, begin.start), _last(future, row, begin.start)
    if not row.project:
        return lambda period: timing.overlap(first, last, period)
    project = future.case.row("projects", row.project)
    lead = timing.lead_time(future.path, project, begin.number)
    done = timing.complete(future.path, project, begin.start, lead)
    first = max(first, done)
    last = min(first + row.term_years, _moment(future, row.last_delivery, math.inf))

    def cover(period: Period) -> float:
        """The mean over the period of the ramp while the contract delivers."""
        inside = replace(period, start=max(period.start, first), end=min(period.end, last))
        return timing.standing(project, done, inside) * inside.years / period.years if inside.years > 1e-9 else 0.0

    return cover


def _available(future: Future, row: Any) -> list[float]:
    supplier = future.path.series("suppliers", row.supplier, "availability_share")
    licence = approval(future.path, row.licence)
    return [a * b for a, b in zip(supplier, licence, strict=True)]


def _buy_bounds(future: Future, due: dict[str, Any], available: dict[str, list[float]]) -> dict[Any, Any]:
    bounds = {}
    for name, owed in due.items():
        for number, (terms, fixed) in owed.items():
            most = available[name][number] * future.path.periods[number].years
            if most > 0:
                bounds[name, number] = (0.0, None if terms or math.isinf(fixed) else most * fixed)
    return bounds


def _deliveries(future: Future, buy: Any, due: dict[str, Any], available: dict[str, list[float]]) -> None:
    rows = {}
    for name, number in buy:
        terms, fixed = due[name][number]
        if terms:
            most = available[name][number] * future.path.periods[number].years
            rows[name, number] = linear([(1.0, buy[name, number]), *((-most * c, v) for c, v in terms)]) <= most * fixed
    future.rows("OFF_delivery", rows)


def _range(future: Future, name: str) -> tuple[float, float]:
    row = future.case.row("contracts", name)
    return row.volume_min_t_per_year, row.volume_max_t_per_year


def _total(future: Future, volume: Any, begins: dict[str, list[Period]]) -> None:
    rows = {}
    for name, periods in begins.items():
        most = future.case.row("contracts", name).volume_max_t_per_year
        if len(periods) > 1 and math.isfinite(most):
            rows[name, periods[-1].number] = linear([(1.0, volume[name, p.number]) for p in periods]) <= most
    future.rows("OFF_total", rows)


def _with_project(future: Future, sign: Any) -> None:
    rows = {}
    for key in sign:
        project = future.case.row("contracts", key[0]).project
        started = future.ledger.read("started", (project, key[1])) if project else []
        if started:
            rows[key] = linear([(1.0, sign[key]), *((-c, v) for c, v in started)]) <= 0.0
    future.rows("OFF_with_project", rows)


def _take_or_pay(future: Future, buy: Any, due: dict[str, Any]) -> None:
    paying = [row for row in future.case.rows("contracts") if row.take_or_pay_share > 0 and row.kind != "spot"]
    keys = {
        (row.contract, span.label, span.periods[-1].number): (0.0, None)
        for row in paying
        for span in future.path.spans
        if any(period.number in due[row.contract] for period in span.periods)
    }
    unused = future.columns("unused", keys)
    rows = {}
    for row in paying:
        clause = _available(future, row) if row.force_majeure else [1.0] * len(future.path.periods)
        price = _price(future, row)
        for span in future.path.spans:
            key = (row.contract, span.label, span.periods[-1].number)
            if key not in keys:
                continue
            terms: list[Term] = [(1.0, unused[key])]
            owed = 0.0
            for period in span.periods:
                if (row.contract, period.number) in buy:
                    terms.append((1.0, buy[row.contract, period.number]))
                volume, fixed = due[row.contract].get(period.number, ([], 0.0))
                share = row.take_or_pay_share * clause[period.number] * period.years
                terms += [(-share * c, v) for c, v in volume]
                owed += share * fixed
            rows[key] = linear(terms) >= owed
            last = span.periods[-1]
            cost = price[last.number] * MUSD_PER_T * future.path.discount(last.start, last.end)
            future.ledger.cost("take-or-pay", last.number, cost, unused[key])
    future.rows("OFF_take_or_pay", rows)


def _suppliers(future: Future, buy: Any) -> None:
    items = {(item.contract, item.commodity): item.t_per_t for item in future.case.rows("contract_items")}
    sellers = {row.contract: row.supplier for row in future.case.rows("contracts")}
    limits = sorted({(row.supplier, row.commodity) for row in future.case.rows("supplier_capacity")})
    rows = {}
    for supplier, commodity in limits:
        available = future.path.series("suppliers", supplier, "availability_share")
        sold = [
            (share, name)
            for (name, item), share in items.items()
            if item == commodity and sellers[name] == supplier and share > 0
        ]
        for period in future.path.periods:
            terms = [(share, buy[name, period.number]) for share, name in sold if (name, period.number) in buy]
            most = available[period.number] * supplier_capacity(future, supplier, commodity, period) * period.years
            if len(terms) == 1:
                share, column = terms[0]
                column.setub(most / share if column.ub is None else min(column.ub, most / share))
            elif terms:
                rows[supplier, commodity, period.number] = linear(terms) <= most
    future.rows("OFF_supplier", rows)


def supplier_capacity(future: Future, supplier: str, commodity: str, period: Period) -> float:
    """What a supplier can sell to us in a period, t/year: its capacity less what rivals have claimed."""
    total = 0.0
    years = range(period.year, period.year + max(1, round(period.years)))
    lines = [r for r in future.case.rows("supplier_capacity") if r.supplier == supplier and r.commodity == commodity]
    for year in years:
        current = [row for row in lines if row.from_year <= year]
        if current:
            row = max(current, key=lambda line: line.from_year)
            name = f"{supplier}/{commodity}/{row.from_year}"
            capacity = future.path.series("supplier_capacity", name, "t_per_year")[period.number]
            rivals = future.path.series("supplier_capacity", name, "rivals_t_per_year")[period.number]
            total += max(0.0, capacity - rivals)
    return total / len(years)


def item_price(future: Future, item: Any) -> list[float]:
    """The price of a contract item in each period, USD/kg."""
    key = f"{item.contract}/{item.commodity}"
    periods = len(future.path.periods)
    if item.price_rule == "fixed":
        return future.path.series("contract_items", key, "price_usd_per_kg")
    if item.price_rule == "cost_plus":
        multiple = future.path.series("contract_items", key, "cost_multiple")
        return [m * item.chinese_full_cost_usd_per_kg for m in multiple]
    index = future.prices.series(item.market, item.commodity) if item.market else [0.0] * periods
    multiple = future.path.series("contract_items", key, "index_multiple")
    price = [i * m for i, m in zip(index, multiple, strict=True)]
    if item.price_rule == "index":
        return price
    levels = future.path.series("contract_items", key, "floor_usd_per_kg")
    floors = future.path.series("contract_items", key, "floor_multiple")
    reference = future.prices.reference(item.commodity)
    return [max(p, level, f * reference) for p, level, f in zip(price, levels, floors, strict=True)]


def _price(future: Future, row: Any) -> list[float]:
    total = [0.0] * len(future.path.periods)
    for item in future.case.rows("contract_items"):
        if item.contract == row.contract:
            total = [t + item.t_per_t * p for t, p in zip(total, item_price(future, item), strict=True)]
    return total


def _post_buy(future: Future, row: Any, buy: Any) -> None:
    price = _price(future, row)
    country = future.case.row("suppliers", row.supplier).country
    items = [item for item in future.case.rows("contract_items") if item.contract == row.contract]
    for period in future.path.periods:
        if (row.contract, period.number) not in buy:
            continue
        column = buy[row.contract, period.number]
        factor = future.path.discount(period.start, period.end)
        future.ledger.cost("purchases", period.number, price[period.number] * MUSD_PER_T * factor, column)
        for item in items:
            future.ledger.post("balance", (row.place, item.commodity, row.class_, period.number), item.t_per_t, column)
            future.ledger.post("bought", (country, item.commodity, period.number), item.t_per_t, column)


def _prepay(future: Future, row: Any, period: Period, sign: Any, volume: Any) -> None:
    path = future.path
    factor = path.discount(period.start)
    per_volume = row.prepayment_usd_per_t_per_year * 1e-6
    future.ledger.cost("prepayments", period.number, row.prepayment_musd * factor, sign)
    future.ledger.cost("prepayments", period.number, per_volume * factor, volume)
    for musd, variable in ((row.prepayment_musd, sign), (per_volume, volume)):
        future.spend(row.envelope, musd * row.public_share, period.start, period.start, variable)
    for later in path.periods[period.number :]:
        share = _cover(future, row, period)(later)
        income = row.dividend_musd_per_year * share * later.years * path.discount(later.start, later.end)
        future.ledger.cost("dividends", later.number, -income, sign)
