r"""PRG: a staged public programme: a level is decided once, after the one below it, and takes effect with a ramp.

$$\sum_m level\_on_{g,\ell,m} \le 1, \qquad
  \sum_{m' \le m} level\_on_{g,\ell,m'} \le \sum_{m' \le m} level\_on_{g,\ell-1,m'}$$

What a programme raises (a collection rate, an adoption share) is posted and read by the family that uses it. Adds
nothing where the case has no programme.

| symbol | code | unit | meaning |
|---|---|---|---|
| *level_on* | `level_on` | 1 | the level is decided at m (binary) |
| Δ | `programmes.increment_share` | 1 | what the level adds when in force |
"""

from __future__ import annotations

from typing import Any

from ..case.scenarios import Period
from . import timing
from .algebra import linear
from .ledger import Future


def state(future: Future) -> None:
    """State programmes: levels, their order, their costs and effects."""
    rows = future.case.rows("programmes")
    begins = {_id(row): _begins(future, row) for row in rows}
    keys = {(g, level, p.number): (0.0, 1.0) for (g, level), periods in begins.items() for p in periods}
    level_on = future.columns("level_on", keys, binary=True, commitment=True)
    _once(future, level_on, begins)
    _in_order(future, level_on, begins)
    for row in rows:
        for period in begins[_id(row)]:
            _post(future, row, period, level_on[(*_id(row), period.number)])


def _id(row: Any) -> tuple[str, str]:
    return row.programme, str(row.level)


def _begins(future: Future, row: Any) -> list[Period]:
    horizon = future.path.periods[-1].end
    return [
        period
        for period in timing.decisions(future.path, row.start_from, row.start_to)
        if period.start + row.lead_time_years < horizon - 1e-9
    ]


def _once(future: Future, level_on: Any, begins: dict[tuple[str, str], list[Period]]) -> None:
    rows = {
        (*name, periods[-1].number): linear([(1.0, level_on[(*name, p.number)]) for p in periods]) <= 1.0
        for name, periods in begins.items()
        if len(periods) > 1
    }
    future.rows("PRG_once", rows)


def _in_order(future: Future, level_on: Any, begins: dict[tuple[str, str], list[Period]]) -> None:
    rows = {}
    for (programme, level), periods in begins.items():
        below = (programme, str(int(level) - 1))
        if int(level) == 1:
            continue
        for period in periods:
            earlier = [p for p in begins.get(below, []) if p.number <= period.number]
            upto = [p for p in periods if p.number <= period.number]
            terms = [(1.0, level_on[programme, level, p.number]) for p in upto]
            terms += [(-1.0, level_on[(*below, p.number)]) for p in earlier]
            rows[programme, level, period.number] = linear(terms) <= 0.0
    future.rows("PRG_order", rows)


def _post(future: Future, row: Any, begin: Period, column: Any) -> None:
    path = future.path
    key = f"{row.programme}/{row.level}"
    up_front = path.known("programmes", key, "up_front_musd")[begin.number]
    annual = path.series("programmes", key, "annual_musd")
    for share, start, end in timing.instalments(begin.start, row.lead_time_years):
        amount = up_front * share
        future.ledger.cost("programmes", path.period_of(start), amount * path.discount(start, end), column)
        future.spend(row.envelope, amount, start, end, column)
    done = begin.start + row.lead_time_years
    for period in path.periods[begin.number :]:
        lasts = timing.overlap(done, period.end, period) * period.years
        if lasts > 0:
            amount = annual[period.number] * lasts
            factor = path.discount(period.end - lasts, period.end)
            future.ledger.cost("programmes", period.number, amount * factor, column)
            future.spend(row.envelope, amount, period.end - lasts, period.end, column)
            effect = row.increment_share * timing.standing(row, done, period)
            future.ledger.post("programme", (row.programme, period.number), effect, column)
