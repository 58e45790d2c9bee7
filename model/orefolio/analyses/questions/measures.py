r"""Measures of a plan that are linear in it: what a limit or another objective can be stated of.

$$\text{china\_direct} = \frac{\mathbb E\,enters_{\text{China}}}{\mathbb E\,enters}, \qquad
  \text{short\_t} = \mathbb E\,short, \qquad \text{short\_musd} = \mathbb E\,loss \cdot short$$
$$\text{tail\_musd} = \min_\eta\; \eta + \tfrac{1}{1-\beta}\,\mathbb E\max(0, cost_\omega - \eta), \qquad
  \text{residue\_t} = \mathbb E\,w \cdot activity, \qquad \text{public\_musd} = \mathbb E\,money$$

All are sums over the horizon; loss and public money are not discounted, cost is.

| symbol | code | unit | meaning |
|---|---|---|---|
| *enters* | `buy`, `makeup`, `collect`, `activity` | t of elements | what comes into the chain from outside it |
| w | `residues.t_per_t` | t/t | residue per tonne of activity, of all kinds |
| money | rows `BUD` | million USD | what the envelopes spend |
| β | `settings.risk_level` | 1 | level of the tail mean |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from orefolio.errors import Fault, InputError, nearest
from orefolio.program.flatten import Flat
from orefolio.program.program import Floats
from orefolio.program.risk.extended import Columns, by_future, future_costs, weights
from orefolio.program.risk.shortage import short
from orefolio.tables.outcome.supply import CHINA, content_of

from .turned import Turned, padded


class Measured(NamedTuple):
    """A measure over the columns of a program. amount, of: (columns,); of: None unless it is a share."""

    turned: Turned
    amount: Floats
    of: Floats | None = None


class Every(NamedTuple):
    """All demands, as a row that names some would have it."""

    demand: str = ""
    group: str = ""


@dataclass(frozen=True)
class Measure:
    """A measure. figure: its column in a sweep's table; name and unit: of an axis."""

    figure: str
    name: str
    unit: str
    state: Callable[[Turned], Measured]


def measure(word: str, place: str) -> Measure:
    """A measure by its word. Raises InputError that names the place of a wrong one."""
    if word not in MEASURES:
        remedy = nearest(word, MEASURES) or f"It is one of {', '.join(MEASURES)}"
        raise InputError([Fault(place, repr(word), "a measure", remedy=remedy)])
    return MEASURES[word]


def limited(measured: Measured, value: float) -> Turned:
    """The program with a measure at most at a value: amount ≤ value, or amount − value·of ≤ 0."""
    if measured.of is None:
        return measured.turned.with_row("most", measured.amount, -np.inf, value)
    return measured.turned.with_row("most", measured.amount - value * measured.of, -np.inf, 0.0)


def _expected(turned: Turned, own: Callable[[Flat], Floats]) -> Floats:
    """The mean over futures of what is said by own column of each, (columns,)."""
    total = np.zeros(turned.width)
    for flat, place in zip(turned.own.flats, turned.own.column_of, strict=True):
        np.add.at(total, place, flat.path.weight * own(flat))
    return total


def _china_direct(turned: Turned) -> Measured:
    from_china = _expected(turned, lambda flat: _entering(flat, {CHINA}))
    return Measured(turned, from_china, _expected(turned, lambda flat: _entering(flat, None)))


def _entering(flat: Flat, countries: set[str] | None) -> Floats:
    """Tonnes of all elements that enter the chain by own column, from some countries or all."""
    result = np.zeros(len(flat.columns))
    per_unit = {kind: dict(each) for kind, each in (("buy", _bought(flat)), ("collect", _collected(flat)))}
    per_unit["makeup"] = per_unit["buy"]
    made = _made(flat)
    for number, label in enumerate(flat.columns):
        if label.name == "activity":
            country, tonnes = made.get((label.index[0], label.period), ("", 0.0))
        elif label.name in per_unit:
            country, tonnes = per_unit[label.name][label.index[0]]
        else:
            continue
        if countries is None or country in countries:
            result[number] = tonnes
    return result


def _bought(flat: Flat) -> Iterator[tuple[str, tuple[str, float]]]:
    case, holds = flat.path.case, _holds(flat)
    for row in case.rows("contracts"):
        items = [each for each in case.rows("contract_items") if each.contract == row.contract]
        tonnes = sum(each.t_per_t * holds.get(each.commodity, 0.0) for each in items)
        yield row.contract, (case.row("suppliers", row.supplier).country, tonnes)


def _collected(flat: Flat) -> Iterator[tuple[str, tuple[str, float]]]:
    case, holds = flat.path.case, _holds(flat)
    for row in case.rows("scrap"):
        yield row.scrap, (case.row("places", row.place).country, holds.get(row.commodity, 0.0))


def _made(flat: Flat) -> dict[tuple[str, int], tuple[str, float]]:
    """Country and tonnes of elements per tonne of activity and period, of processes that nothing of them is fed to."""
    case, holds = flat.path.case, _holds(flat)
    fed = {row.process for row in case.rows("recipes") if row.direction == "in" and row.commodity in holds}
    result: dict[tuple[str, int], tuple[str, float]] = {}
    for row in case.rows("recipes"):
        if row.direction == "out" and row.process not in fed and row.commodity in holds:
            country = case.row("places", case.row("processes", row.process).place).country
            yields = flat.path.series("recipes", f"{row.process}/{row.commodity}/out", "yield_share")
            for period, share in enumerate(yields):
                before = result.get((row.process, period), (country, 0.0))[1]
                result[row.process, period] = country, before + row.t_per_t * share * holds[row.commodity]
    return result


def _holds(flat: Flat) -> dict[str, float]:
    """Tonnes of all elements in a tonne of each commodity."""
    return {commodity: sum(s for _, s in shares) for commodity, shares in content_of(flat.path.case).items()}


def _short_t(turned: Turned) -> Measured:
    return _short(turned, "t")


def _short_musd(turned: Turned) -> Measured:
    return _short(turned, "musd")


def _short(turned: Turned, unit: str) -> Measured:
    lost = short(turned.own, Every(), unit)
    return Measured(turned, padded(np.asarray(weights(turned.own) @ lost).ravel(), turned.width))


def _tail_musd(turned: Turned) -> Measured:
    own, count, width = turned.own, len(turned.own.flats), turned.width
    level = own.tree.case.setting("risk_level", 0.9)
    labels = (*by_future(own, "eta_asked")[:1], *by_future(own, "tail_asked"))
    columns = Columns(labels, np.array([-np.inf, *np.zeros(count)]), np.full(count + 1, np.inf), np.zeros(count + 1))
    costs = future_costs(turned.merged)
    lower, new = np.array([flat.offset for flat in own.flats]), np.hstack([np.ones((count, 1)), np.eye(count)])
    grown = turned.with_rows("tail_asked", -costs, lower, np.full(count, np.inf), columns, new)
    amount = np.concatenate([np.zeros(width), [1.0], weights(own) / (1.0 - level)])
    return Measured(grown, amount)


def _residue_t(turned: Turned) -> Measured:
    return Measured(turned, _expected(turned, _left_behind))


def _left_behind(flat: Flat) -> Floats:
    per_t: dict[str, float] = {}
    for row in flat.path.case.rows("residues"):
        per_t[row.process] = per_t.get(row.process, 0.0) + row.t_per_t
    names = ((label.name, label.index) for label in flat.columns)
    return np.array([per_t.get(index[0], 0.0) if name == "activity" else 0.0 for name, index in names])


def _public_musd(turned: Turned) -> Measured:
    return Measured(turned, _expected(turned, _spent))


def _spent(flat: Flat) -> Floats:
    rows = [number for number, label in enumerate(flat.rows) if label.name == "BUD"]
    return np.asarray(flat.matrix[rows].sum(axis=0), dtype=np.float64).ravel()


MEASURES = {
    "china_direct": Measure("china_share", "directly from China, of all that enters the chain", "share", _china_direct),
    "short_t": Measure("short_t", "shortage over the horizon, expected", "t", _short_t),
    "short_musd": Measure("short_musd", "loss by shortage over the horizon, expected", "million USD", _short_musd),
    "tail_musd": Measure("tail_cost_musd", "mean cost of the worst futures", "million USD", _tail_musd),
    "residue_t": Measure("residue_t", "residue left behind over the horizon, expected", "t", _residue_t),
    "public_musd": Measure("public_musd", "public money over the horizon, expected", "million USD", _public_musd),
}
"""Shortage, loss, residue and public money are expected over the futures."""
