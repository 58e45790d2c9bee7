r"""OFF: a contract delivers what was signed, as far as the supplier can, and is paid for by its price rule.

$$buy_{j,n} \le available_{j,n}\,h_n\,\sum_m cover_j(m,n)\,volume_{j,m}, \qquad
  \underline v_j\,sign_{j,m} \le volume_{j,m} \le \bar v_j\,sign_{j,m}, \qquad
  \sum_m volume_{j,m} \le \bar v_j$$
$$\sum_{n \in y} buy_{j,n} + unused_{j,y} + \sum_{n \in y} excused_{j,n} \ge
  due_{j,y} = \tau_j \sum_{n \in y} available_{j,n}\,h_n\sum_m cover_j(m,n)\,volume_{j,m}$$
$$unused_{j,y} \le \overline{due}_{j,y}\,behind_{j,y}, \qquad
  \sum_{n \in y} buy_{j,n} + unused_{j,y} + \sum_{n \in y} excused_{j,n} \le
  due_{j,y} + \overline{over}_{j,y}\,(1 - behind_{j,y})$$

A contract may be signed in tranches of volume, each of at least the least volume. `cover` is the share of the period in
which what is signed at m delivers: from the end of qualification to the end of the term. A contract on a project
decided here is signed with the start and follows its ramp. A spot market is bought as wanted up to its volume. What
take-or-pay charges and is not taken is `unused`, paid at the contract's price; without a force-majeure clause it counts
also what the supplier could not deliver. With the clause, what a supplier that nobody sustains does not deliver is
`excused`. The last two rows stand only where what is not taken may be made up later: then nothing may be paid for in
advance that was not due, so `unused` is exactly what is missing. A prepayment is spent whatever comes. What a quota by
tranches delivers is bounded by its rights. A contract on a project that is given up ends: nothing comes of it any more
and nothing is due.

| symbol | code | unit | meaning |
|---|---|---|---|
| *buy* | `buy` | t | taken in the period |
| *unused* | `unused` | t | paid for and not taken in the year |
| *excused* | `excused` | t | not due, since the supplier has closed |
| *ended* | `ended` | t/year | volume that ends since its project is given up |
| *behind* | `behind` | 1 | less is taken in the year than is due (binary) |
| *sign* | `sign` | 1 | a volume is signed (binary) |
| *volume* | `volume` | t/year | contracted |
| τ | `contracts.take_or_pay_share` | 1 | share paid for in any case |
| available | `suppliers.availability_share`, `licences.approval_share` | 1 | share that can be delivered |
| θ | `contract_items.t_per_t` | t/t | tonnes of a commodity per tonne of contract |
"""

from __future__ import annotations

import math
from typing import Any

from ..case.scenarios import Period, Span
from . import terms as agreed
from .algebra import Key, Term, linear
from .ledger import MUSD_PER_T, Future
from .reach import in_force

Volume = tuple[list[Term], float]
"""Contracted tonnes a year in a period: terms, and what is in force already."""


def state(future: Future) -> None:
    """State contracts: signing, deliveries, payment."""
    rows = future.case.rows("contracts")
    by_tranches = {row.contract for row in future.case.rows("tranches")}
    begins = {r.contract: [] if r.contract in by_tranches else agreed.signings(future.path, r) for r in rows}
    keys = {(j, p.number): (0.0, 1.0) for j, periods in begins.items() for p in periods}
    sign = future.columns("sign", keys, binary=True, commitment=True)
    sizes = {key: (0.0, future.case.row("contracts", key[0]).volume_max_t_per_year) for key in keys}
    volume = future.columns("volume", sizes, commitment=True)
    future.in_range("OFF_volume", volume, sign, {key: _range(future, key[0]) for key in keys})
    _total(future, volume, begins)
    _with_project(future, sign)
    ended = _ended(future, volume)
    due = {
        row.contract: _open(future, row) if row.contract in by_tranches else _due(future, row, volume, begins, ended)
        for row in rows
    }
    available = {row.contract: agreed.available(future.path, row) for row in rows}
    buy = future.columns("buy", _buy_bounds(future, due, available))
    _deliveries(future, buy, due, available)
    _take_or_pay(future, buy, due)
    for row in rows:
        _post_buy(future, row, buy)
        for period in begins[row.contract]:
            key = (row.contract, period.number)
            future.ledger.post("signed", key, 1.0, sign[key])
            future.ledger.post("contracted", key, 1.0, volume[key])
            for column in ended.get(key, []):
                future.ledger.post("contracted", key, -1.0, column)
            _prepay(future, row, period, sign[key], volume[key])
            if row.project and any(item.price_rule == "floor" for item in _items(future, row)):
                future.ledger.post("offtake at a floor", (row.project, *key), 1.0, sign[key])


def _due(
    future: Future, row: Any, volume: Any, begins: dict[str, list[Period]], ended: dict[Key, list[Any]]
) -> dict[int, Volume]:
    """What the contract owes in each period, t/year."""
    result: dict[int, Volume] = {}
    covers = [(begin.number, agreed.cover(future.path, row, begin)) for begin in begins[row.contract]]
    always = agreed.always(future.path, row) if row.kind == "spot" or row.in_force else [0.0] * len(future.path.periods)
    for period in future.path.periods:
        terms: list[Term] = []
        for begin, cover in covers:
            share = cover(period) if period.number >= begin else 0.0
            if share > 0:
                terms.append((share, volume[row.contract, begin]))
                terms += [(-share, column) for column in ended.get((row.contract, begin), [])]
        fixed = row.volume_max_t_per_year * always[period.number] if always[period.number] > 0 else 0.0
        if terms or fixed > 0:
            result[period.number] = (terms, fixed)
    return result


def _open(future: Future, row: Any) -> dict[int, Volume]:
    """The periods in which a quota by tranches can deliver: its rights bound what it does."""
    path = future.path
    covers = [agreed.cover(path, row, begin) for begin in agreed.signings(path, row)]
    held = any(tranche.held for tranche in path.case.rows("tranches") if tranche.contract == row.contract)
    always = agreed.always(path, row) if held else [0.0] * len(path.periods)
    return {
        period.number: ([], math.inf)
        for period in path.periods
        if always[period.number] > 0 or any(cover(period) > 0 for cover in covers)
    }


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


def _ended(future: Future, volume: Any) -> dict[Key, list[Any]]:
    """What ends of each volume with the project that is given up: its columns, by contract and signing."""
    abandoned = {
        (name, future.path.periods[number].label, column.period): column
        for name, number in volume
        for _, column in _given_up(future, name, number)
    }
    most = {key: future.case.row("contracts", key[0]).volume_max_t_per_year for key in abandoned}
    ended = future.columns("ended", {key: (0.0, size) for key, size in most.items()}, commitment=True)
    future.rows("OFF_ended", {key: ended[key] <= most[key] * column for key, column in abandoned.items()})
    rest, found = {}, {}
    for name, number in volume:
        label = future.path.periods[number].label
        keys = sorted((key for key in abandoned if key[:2] == (name, label)), key=lambda key: key[2])
        if keys:
            terms = [(1.0, volume[name, number]), *((-1.0, ended[key]) for key in keys)]
            rest[keys[-1]] = linear([*terms, *((most[key], abandoned[key]) for key in keys)]) <= most[keys[-1]]
            found[name, number] = [ended[key] for key in keys]
    future.rows("OFF_ended_all", rest)
    return found


def _given_up(future: Future, name: str, number: int) -> list[Term]:
    project = future.case.row("contracts", name).project
    return future.ledger.read("abandoned", (project, number)) if project else []


def _take_or_pay(future: Future, buy: Any, due: dict[str, Any]) -> None:
    paying = [row for row in future.case.rows("contracts") if row.take_or_pay_share > 0 and row.kind != "spot"]
    keys = {
        (row.contract, span.label, span.periods[-1].number): (0.0, None)
        for row in paying
        for span in future.path.spans
        if any(period.number in due[row.contract] for period in span.periods)
    }
    unused = future.columns("unused", keys)
    excused = future.columns("excused", {key: (0.0, None) for row in paying for key in _excusable(future, row, due)})
    rows = {}
    owing: dict[Key, tuple[list[Term], float]] = {}
    for row in paying:
        clause = _clause(future, row)
        price = _price(future, row)
        for span in future.path.spans:
            key = (row.contract, span.label, span.periods[-1].number)
            if key not in keys:
                continue
            terms: list[Term] = [(1.0, unused[key])]
            owed = 0.0
            for period in span.periods:
                here = (row.contract, period.number)
                terms += [(1.0, column[here]) for column in (buy, excused) if here in column]
                volume, fixed = due[row.contract].get(period.number, ([], 0.0))
                share = row.take_or_pay_share * clause[period.number] * period.years
                terms += [(-share * c, v) for c, v in volume]
                owed += share * fixed
            rows[key] = linear(terms) >= owed
            owing[key] = (terms, owed)
            last = span.periods[-1]
            cost = price[last.number] * MUSD_PER_T * future.path.discount(last.start, last.end)
            future.ledger.cost("take-or-pay", last.number, cost, unused[key])
            future.ledger.post("unused", key, 1.0, unused[key])
    future.rows("OFF_take_or_pay", rows)
    for key in excused:
        future.ledger.post("excused", key, 1.0, excused[key])
    _behind(future, unused, owing)


def _clause(future: Future, row: Any) -> list[float]:
    """The share of the volume that take-or-pay counts in each period."""
    return agreed.available(future.path, row) if row.force_majeure else [1.0] * len(future.path.periods)


def _excusable(future: Future, row: Any, due: dict[str, Any]) -> list[tuple[str, int]]:
    """The periods in which a clause frees from what a supplier that has closed does not deliver."""
    if not row.force_majeure or row.sustains:
        return []
    alone = future.path.series("suppliers", row.supplier, "alone_share")
    clause = _clause(future, row)
    return [(row.contract, number) for number in due[row.contract] if alone[number] < 1 and clause[number] > 0]


def _behind(future: Future, unused: Any, owing: dict[Key, tuple[list[Term], float]]) -> None:
    """Where it can be made up later, what is not taken is exactly what is missing of what is due."""
    limits: dict[Key, tuple[float, float]] = {}
    for row in future.case.rows("contracts"):
        for span in future.path.spans if row.makeup_years > 0 else ():
            key = (row.contract, span.label, span.periods[-1].number)
            if key in unused:
                limits[key] = _most(future, row, span)
    spare = [key for key, (_, over) in limits.items() if over > 0]
    behind = future.columns("behind", dict.fromkeys(spare, (0.0, 1.0)), binary=True)
    future.rows("OFF_behind", {key: unused[key] <= limits[key][0] * behind[key] for key in spare})
    rows = {}
    for key, (_, over) in limits.items():
        terms, owed = owing[key]
        ahead = [(over, behind[key])] if over > 0 else []
        rows[key] = linear([*terms, *ahead]) <= owed + over
    future.rows("OFF_not_ahead", rows)


def _most(future: Future, row: Any, span: Span) -> tuple[float, float]:
    """The most that can be due of a contract in a year, and the most that can be taken beyond what is due, t."""
    clause, available = _clause(future, row), agreed.available(future.path, row)
    due = over = 0.0
    for period in span.periods:
        whole = row.volume_max_t_per_year * period.years
        due += row.take_or_pay_share * clause[period.number] * whole
        over += max(0.0, available[period.number] - row.take_or_pay_share * clause[period.number]) * whole
    return due, over


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
    paid = [max(p, level, f * reference) for p, level, f in zip(price, levels, floors, strict=True)]
    if not item.floor_rule:
        return paid
    held = zip(in_force(future.path, item.floor_rule), price, paid, strict=True)
    return [(1.0 - force) * free + force * floor for force, free, floor in held]


def _price(future: Future, row: Any) -> list[float]:
    total = [0.0] * len(future.path.periods)
    for item in future.case.rows("contract_items"):
        if item.contract == row.contract:
            total = [t + item.t_per_t * p for t, p in zip(total, item_price(future, item), strict=True)]
    return total


def _items(future: Future, row: Any) -> list[Any]:
    return [item for item in future.case.rows("contract_items") if item.contract == row.contract]


def _post_buy(future: Future, row: Any, buy: Any) -> None:
    price = _price(future, row)
    country = future.case.row("suppliers", row.supplier).country
    items = _items(future, row)
    for period in future.path.periods:
        if (row.contract, period.number) not in buy:
            continue
        column = buy[row.contract, period.number]
        factor = future.path.discount(period.start, period.end)
        future.ledger.cost("purchases", period.number, price[period.number] * MUSD_PER_T * factor, column)
        future.ledger.post("taken", (row.contract, period.number), 1.0, column)
        for item in items:
            future.ledger.post("balance", (row.place, item.commodity, row.class_, period.number), item.t_per_t, column)
            future.ledger.post("bought", (country, item.commodity, period.number), item.t_per_t, column)
            future.ledger.post("sold", (row.supplier, item.commodity, period.number), item.t_per_t, column)


def _prepay(future: Future, row: Any, period: Period, sign: Any, volume: Any) -> None:
    path = future.path
    factor = path.discount(period.start)
    per_volume = row.prepayment_usd_per_t_per_year * 1e-6
    future.ledger.cost("prepayments", period.number, row.prepayment_musd * factor, sign)
    future.ledger.cost("prepayments", period.number, per_volume * factor, volume)
    for musd, variable in ((row.prepayment_musd, sign), (per_volume, volume)):
        future.spend(row.envelope, musd * row.public_share, period.start, period.start, variable)
    cover = agreed.cover(path, row, period)
    for later in path.periods[period.number :]:
        share = cover(later)
        income = row.dividend_musd_per_year * share * later.years * path.discount(later.start, later.end)
        future.ledger.cost("dividends", later.number, -income, sign)
