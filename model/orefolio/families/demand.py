r"""DEM: deliveries and shortage make up demand, and material stops where a licence or a refusal reaches its tags.

$$\sum_q deliver_{d,q,n} + \sum_s short_{d,s,n} = D_{d,n}, \qquad short_{d,s,n} \le width_{d,s}\,D_{d,n}$$
$$\sum_{q\,\text{licensed}} deliver_{d,q,n} \le (1 - e_d + e_d\,\varphi_{d,n})\,D_{d,n}, \qquad
  \sum_{q\,\text{refused}} deliver_{d,q,n} \le (1 - f_{d,n})\,D_{d,n}$$
$$\sum_q deliver_{d,q,n} + unserved_{d,n} \ge least_d\,D_{d,n}$$

Shortage is capped by demand: a place short of what it does not need would ship phantom tonnes. A demand has no delivery
at all of a class with a tag that it refuses, in a period that the rule of its refusal is in force throughout; where no
rule is named it always refuses. e is the share that leaves the country in goods, φ the approval they get.

| symbol | code | unit | meaning |
|---|---|---|---|
| *deliver* | `deliver` | t | delivered in the period, by class |
| *short* | `short` | t | not served, by step of the loss curve |
| *unserved* | `unserved` | t | under the least service |
| D | `demands.t_per_year` and growth | t | wanted in the period |
| e | `demands.export_share` | 1 | leaves the country in goods |
| φ | `licences.approval_share` | 1 | approval of material with a tag of the licence in those goods |
| f | `rules.in_force_share` | 1 | share of the period in which the rule of a refusal is in force |
"""

from __future__ import annotations

from typing import Any

from .algebra import linear
from .ledger import MUSD_PER_T, Future
from .reach import Reach, approval, reach_of, refusal
from .volumes import demand_volume


def state(future: Future) -> None:
    """State demands: deliveries, shortage, what tagged material may serve."""
    reach = reach_of(future.case)
    volumes = {row.demand: demand_volume(future, row) for row in future.case.rows("demands")}
    deliver = future.columns("deliver", _delivered(future, reach))
    short = future.columns("short", _short_bounds(future, volumes))
    _balance(future, reach, volumes, deliver, short)
    _tagged(future, reach, volumes, deliver)
    _least_service(future, reach, volumes, deliver)
    for name, class_, number in deliver:
        row = future.case.row("demands", name)
        future.ledger.post("balance", (row.place, row.commodity, class_, number), -1.0, deliver[name, class_, number])
        if reach.by_mass_balance:
            future.ledger.post("left", (row.commodity, class_, number), 1.0, deliver[name, class_, number])
    for name, step, number in short:
        loss = future.path.series("loss_steps", f"{name}/{step}", "loss_usd_per_kg")[number]
        period = future.path.periods[number]
        factor = future.path.discount(period.start, period.end) * MUSD_PER_T
        future.ledger.cost("shortage", number, loss * factor, short[name, step, number])


def _delivered(future: Future, reach: Reach) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for row in future.case.rows("demands"):
        refused = refusal(future.path, row)
        for class_ in reach.at(row.place, row.commodity):
            barred = reach.refused(row, class_)
            for period in future.path.periods:
                if not (barred and refused[period.number] >= 1.0):
                    found[row.demand, class_, period.number] = (0.0, None)
    return found


def _short_bounds(future: Future, volumes: dict[str, list[float]]) -> dict[Any, Any]:
    return {
        (step.demand, str(step.step), period.number): (0.0, step.width_share * volumes[step.demand][period.number])
        for step in future.case.rows("loss_steps")
        if future.case.row("demands", step.demand).value == "loss"
        for period in future.path.periods
    }


def _terms(future: Future, reach: Reach, deliver: Any, row: Any, number: int) -> list[Any]:
    keys = [(row.demand, class_, number) for class_ in reach.at(row.place, row.commodity)]
    return [(1.0, deliver[key]) for key in keys if key in deliver]


def _balance(future: Future, reach: Reach, volumes: dict[str, list[float]], deliver: Any, short: Any) -> None:
    rows = {}
    steps: dict[str, list[str]] = {}
    for step in future.case.rows("loss_steps"):
        steps.setdefault(step.demand, []).append(str(step.step))
    for row in future.case.rows("demands"):
        for period in future.path.periods:
            terms = _terms(future, reach, deliver, row, period.number)
            keys = [(row.demand, step, period.number) for step in steps.get(row.demand, [])]
            terms += [(1.0, short[key]) for key in keys if key in short]
            rows[row.demand, period.number] = linear(terms) == volumes[row.demand][period.number]
    future.rows("DEM", rows)


def _tagged(future: Future, reach: Reach, volumes: dict[str, list[float]], deliver: Any) -> None:
    licensed, refused = {}, {}
    for row in future.case.rows("demands"):
        approved, barred = approval(future.path, row.licence), refusal(future.path, row)
        classes = reach.at(row.place, row.commodity)
        for period in future.path.periods:
            number = period.number
            wanted = volumes[row.demand][number]
            there = [(c, deliver[row.demand, c, number]) for c in classes if (row.demand, c, number) in deliver]
            share = 1.0 - row.export_share * (1.0 - approved[number])
            stopped = [(1.0, column) for class_, column in there if reach.stopped(row.licence, class_)]
            if stopped and share < 1.0:
                licensed[row.demand, number] = linear(stopped) <= share * wanted
            unwanted = [(1.0, column) for class_, column in there if reach.refused(row, class_)]
            if unwanted and barred[number] > 0.0:
                refused[row.demand, number] = linear(unwanted) <= (1.0 - barred[number]) * wanted
    future.rows("DEM_tagged", licensed)
    future.rows("DEM_refused", refused)


def _least_service(future: Future, reach: Reach, volumes: dict[str, list[float]], deliver: Any) -> None:
    served = [row for row in future.case.rows("demands") if row.least_service_share > 0 and row.value == "loss"]
    keys = {
        (row.demand, p.number): (0.0, row.least_service_share * volumes[row.demand][p.number])
        for row in served
        for p in future.path.periods
    }
    unserved = future.columns("unserved", keys)
    rows = {}
    for row in served:
        for period in future.path.periods:
            key = (row.demand, period.number)
            terms = [*_terms(future, reach, deliver, row, period.number), (1.0, unserved[key])]
            rows[key] = linear(terms) >= keys[key][1]
            factor = future.path.discount(period.start, period.end) * MUSD_PER_T
            penalty = row.least_service_usd_per_kg * factor
            future.ledger.cost("least service", period.number, penalty, unserved[key])
    future.rows("DEM_least_service", rows)
