r"""CAP: a process runs no more than the capacity that stands, and an existing line cannot ramp at once.

$$\sum_q activity_{p,q,n} \le
  available_{p,n}\,h_n\,(w_{p,n}\,K^0_p + \sum_{x \to p}\sum_m \bar\rho_x(m,n)\,size_{x,m})$$
$$activity_{p,n}/h_n \le activity_{p,n-1}/h_{n-1} + r_p\,K^0_p\,(t_n - t_{n-1}) + \text{added}_{p,n}$$
$$kept_p \le activity_{p,\text{last}}/h_{\text{last}}, \qquad
  \sum_q activity_{p,q,n} \le available_{p,n}\,h_n\,\bar K_{p,n}\,run_{p,n}$$

Capacity that projects have added (added) is not held back by the old line's rise, in whichever period it is first used.
`run` stands only where each period of running has a fixed cost (a campaign). The cost of a kilogram is the operating
cost, or, where a cost multiple is given, that multiple of the Chinese full cost less the capital that a project pays.

| symbol | code | unit | meaning |
|---|---|---|---|
| *activity* | `activity` | t | output of the main product in the period, by class |
| *run* | `run` | 1 | the process runs in the period (binary) |
| K⁰ | `processes.capacity_t_per_year` | t/year | capacity at the start |
| available | `processes.availability_share` | 1 | share that can run |
| w | `processes.wear_share_per_year` | 1 | share of what stood new that wear has left; projects wear from completion |
| r | `processes.ramp_up_share_per_year` | 1/year | fastest rise of output |
| h | – | years | length of the period |
"""

from __future__ import annotations

import math
from typing import Any

from . import timing
from .algebra import Term, linear
from .ledger import MUSD_PER_T, Future
from .reach import Reach, reach_in, reach_of


def state(future: Future) -> None:
    """State processes: activity, capacity, costs, what they take in and give out."""
    reach = reach_of(future.case)
    reaches = [reach_in(future.path, period.number) for period in future.path.periods]
    keys = {
        (process.process, class_, number): (0.0, None)
        for process in future.case.rows("processes")
        for number, there in enumerate(reaches)
        for class_ in there.runs(process)
    }
    activity = future.columns("activity", keys)
    processes = {key[0]: future.case.row("processes", key[0]) for key in keys}
    costs = {name: operating_cost(future, process) for name, process in processes.items()}
    for name in processes:
        for period in future.path.periods:
            future.ledger.charge(name, period.number, costs[name][period.number] * MUSD_PER_T)
    lines = dict.fromkeys((name, class_) for name, class_, _ in keys)
    flows = {(name, class_): _recipe(future, reach, processes[name], class_) for name, class_ in lines}
    factors = [future.path.discount(period.start, period.end) for period in future.path.periods]
    for (name, class_, number), column in activity.items():
        future.ledger.cost("processing", number, costs[name][number] * MUSD_PER_T * factors[number], column)
        future.ledger.post("output", (name, class_, number), 1.0, column)
        for commodity, as_class, per_tonne in flows[name, class_]:
            spot = (processes[name].place, commodity, as_class, number)
            future.ledger.post("balance", spot, per_tonne[number], column)
    _limit(future, reach, processes, activity)
    _ramp_up(future, reach, processes, activity)
    _kept(future, reach, processes, activity)
    _campaigns(future, reach, processes, activity)


def _running(reach: Reach, process: Any, number: int, activity: Any) -> list[Term]:
    """The activity of a process in a period, over its classes."""
    keys = [(process.process, class_, number) for class_ in reach.runs(process)]
    return [(1.0, activity[key]) for key in keys if key in activity]


def operating_cost(future: Future, process: Any) -> list[float]:
    """USD per kilogram of output in each period."""
    name = process.process
    own = future.path.series("processes", name, "operating_usd_per_kg")
    multiple = future.path.series("processes", name, "cost_multiple")
    chinese, capital = process.chinese_full_cost_usd_per_kg, process.capital_charge_usd_per_kg
    return [max(0.0, m * chinese - capital) if m > 0 else o for m, o in zip(multiple, own, strict=True)]


def _recipe(future: Future, reach: Reach, process: Any, class_: str) -> list[tuple[str, str, list[float]]]:
    """What a tonne of activity gives, and takes as less than nought: commodity, class, tonnes in each period."""
    main = next((row for row in reach.recipes[process.process] if row.direction == "out"), None)
    aside = reach.by_product(process, class_)
    flows = []
    for row in reach.recipes[process.process]:
        as_class = aside if row.direction == "out" and row is not main else class_
        series = future.path.series("recipes", f"{row.process}/{row.commodity}/{row.direction}", "yield_share")
        per_tonne = [row.t_per_t * yields if row.direction == "out" else -row.t_per_t / yields for yields in series]
        flows.append((row.commodity, as_class, per_tonne))
    return flows


def _limit(future: Future, reach: Reach, processes: dict[str, Any], activity: Any) -> None:
    """What stands on the first day, less what wear has taken, and what projects have added."""
    rows = {}
    for name, process in processes.items():
        stands = future.path.series("processes", name, "capacity_t_per_year")
        available = future.path.series("processes", name, "availability_share")
        for period in future.path.periods:
            hours = available[period.number] * period.years
            used = _running(reach, process, period.number, activity)
            added = [(-hours * c, v) for c, v in future.ledger.read("installed", (name, period.number))]
            if used:
                left = timing.worn(future.path, name, 0.0, period)
                rows[name, period.number] = linear(used + added) <= hours * left * stands[period.number]
    future.rows("CAP", rows)


def _ramp_up(future: Future, reach: Reach, processes: dict[str, Any], activity: Any) -> None:
    rows = {}
    for name, process in processes.items():
        if not math.isfinite(process.ramp_up_share_per_year):
            continue
        rise = process.ramp_up_share_per_year * process.capacity_t_per_year
        before = None
        for period in future.path.periods:
            then: list[Term] = []
            now = [(c / period.years, v) for c, v in _running(reach, process, period.number, activity)]
            added = [(-c, v) for c, v in future.ledger.read("installed", (name, period.number))]
            if before is None:
                base, gap = process.initial_t_per_year, period.years / 2
            else:
                base = 0.0
                then += [(-c / before.years, v) for c, v in _running(reach, process, before.number, activity)]
                gap = (period.years + before.years) / 2
            if now:
                rows[name, period.number] = linear(now + added + then) <= base + rise * gap
            before = period
    future.rows("CAP_ramp_up", rows)


def _kept(future: Future, reach: Reach, processes: dict[str, Any], activity: Any) -> None:
    rows = {}
    last = future.path.periods[-1]
    for name, process in processes.items():
        kept = future.ledger.read("kept", (name,))
        if kept:
            running = [(-c / last.years, v) for c, v in _running(reach, process, last.number, activity)]
            rows[name, last.number] = linear(kept + running) <= 0.0
    future.rows("CAP_kept", rows)


def _campaigns(future: Future, reach: Reach, processes: dict[str, Any], activity: Any) -> None:
    paid = {name: process for name, process in processes.items() if process.campaign_musd > 0}
    keys = {(name, period.number): (0.0, 1.0) for name in paid for period in future.path.periods}
    run = future.columns("run", keys, binary=True)
    rows = {}
    for name, process in paid.items():
        fixed = future.path.series("processes", name, "campaign_musd")
        stands = timing.greatest(future.path, process)
        available = future.path.series("processes", name, "availability_share")
        for period in future.path.periods:
            key = (name, period.number)
            used = _running(reach, process, period.number, activity)
            most = stands[period.number] * available[period.number] * period.years
            rows[key] = linear([*used, (-most, run[key])]) <= 0.0
            factor = future.path.discount(period.start, period.end)
            future.ledger.cost("campaigns", period.number, fixed[period.number] * factor, run[key])
    future.rows("CAP_campaign", rows)
