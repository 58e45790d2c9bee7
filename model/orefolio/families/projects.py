r"""PRJ: a project is committed at most once, in a size, and its capacity stands after the lead time and a ramp.

$$\underline s_x\,start_{x,m} \le size_{x,m} \le \bar s_x\,start_{x,m}, \qquad \sum_m start_{x,m} \le 1$$
$$start_{x,m} \le \sum_{m' \le m} start_{y,m'} \;(x \text{ requires } y), \qquad
  \sum_{x \in G}\sum_m \kappa_x\,start_{x,m} \;\lessgtr\; limit_G$$
$$kept_{x,m} \le \rho_x(m, \text{end})\,size_{x,m}$$

Commitments are made at the first period of a calendar year and rest on what the parent node knew. Capital falls due
evenly over the lead time, also where the project is delayed. `kept` is capacity that runs at the horizon and so has a
residual value: straight line over the life, times the residual share; capital that does not depend on size counts per
tonne of the greatest size, and that of size classes at the least of any class. Adds nothing where no project is open.

| symbol | code | unit | meaning |
|---|---|---|---|
| *start* | `start` | 1 | commitment (binary) |
| *size* | `size` | t/year | capacity committed |
| *kept* | `kept` | t/year | capacity that runs at the horizon |
| s | `projects.size_min_t_per_year`, `size_max_t_per_year` | t/year | range of sizes |
| ρ | `projects.ramp`, `lead_time_years`, `delay_years` | 1 | share that stands |
| κ | `group_members.coefficient` | 1 | weight in a group |
"""

from __future__ import annotations

from typing import Any

from ..case.several import plain
from . import timing
from .algebra import linear
from .ledger import Future
from .standing import stand

MUSD = 1e-6


def state(future: Future) -> None:
    """State projects: commitments, capital, capacity posted to what they enlarge."""
    path = future.path
    begins = {row.project: timing.starts(path, row) for row in future.case.rows("projects")}
    keys = {(x, p.number): (0.0, 1.0) for x, periods in begins.items() for p in periods}
    binary = {key: b for key, b in keys.items() if future.case.row("projects", key[0]).binary}
    start = future.columns("start", binary, binary=True, commitment=True)
    sizes = {key: (0.0, future.case.row("projects", key[0]).size_max_t_per_year) for key in keys}
    size = future.columns("size", sizes, commitment=True)
    rows = {key: future.case.row("projects", key[0]) for key in binary}
    limits = {key: (row.size_min_t_per_year, row.size_max_t_per_year) for key, row in rows.items()}
    future.in_range("PRJ_size", size, start, limits)
    _once(future, start, begins)
    _requires(future, start, begins)
    _groups(future, start, size, begins)
    _keep(future, size, begins)
    for row in future.case.rows("projects"):
        for period in begins[row.project]:
            key = (row.project, period.number)
            if key in binary:
                future.ledger.post("started", key, 1.0, start[key])
            future.ledger.post("sized", key, 1.0, size[key])
            _capital(future, row, period, start[key] if key in binary else None, size[key])
            stand(future, row, period, size[key])


def _once(future: Future, start: Any, begins: dict[str, list[Any]]) -> None:
    rows = {}
    for project, periods in begins.items():
        terms = [(1.0, start[project, p.number]) for p in periods if (project, p.number) in start]
        if len(terms) > 1:
            rows[project, periods[-1].number] = linear(terms) <= 1.0
    future.rows("PRJ_once", rows)


def _requires(future: Future, start: Any, begins: dict[str, list[Any]]) -> None:
    rows = {}
    for project, number in start:
        for needed in future.case.row("projects", project).requires:
            earlier = [
                (1.0, start[needed, p.number])
                for p in begins[needed]
                if p.number <= number and (needed, p.number) in start
            ]
            rows[project, needed, number] = linear([*earlier, (-1.0, start[project, number])]) >= 0.0
    future.rows("PRJ_requires", rows)


def _groups(future: Future, start: Any, size: Any, begins: dict[str, list[Any]]) -> None:
    rows = {}
    members = future.case.rows("group_members")
    for group in future.case.rows("groups"):
        counted = start if group.counts == "starts" else size
        terms = [
            (member.coefficient, counted[member.project, p.number], p.number)
            for member in members
            if member.group == group.group
            for p in begins[member.project]
            if (member.project, p.number) in counted
        ]
        body = linear([(c, v) for c, v, _ in terms])
        relation = {"at_most": body <= group.limit, "at_least": body >= group.limit, "exactly": body == group.limit}
        rows[group.group, max((number for _, _, number in terms), default=0)] = relation[group.sense]
    future.rows("PRJ_group", rows)


def _keep(future: Future, size: Any, begins: dict[str, list[Any]]) -> None:
    """What stands at the end of each start, and its residual value."""
    last = future.path.periods[-1].number
    starts = []
    if future.case.setting("residual_share", 0.0) > 0:
        each = ((row, period) for row in future.case.rows("projects") for period in begins[row.project])
        starts = [(row, p, _share_at_end(future, row, p), _residual(future, row, p)) for row, p in each]
    starts = [(row, period, share, worth) for row, period, share, worth in starts if share > 0 and worth > 0]
    bounds = {(row.project, period.label, last): (0.0, row.size_max_t_per_year) for row, period, _, _ in starts}
    kept = future.columns("kept", bounds)
    rows = {}
    for row, period, share, worth in starts:
        key = (row.project, period.label, last)
        rows[key] = kept[key] <= share * size[row.project, period.number]
        future.ledger.post("kept", (row.adds_to,), 1.0, kept[key])
        if row.can_abandon:
            future.ledger.post("kept of a start", key[:2], 1.0 / share, kept[key])
        future.ledger.cost("residual value", last, -worth, kept[key])
    future.rows("PRJ_kept", rows)


def _share_at_end(future: Future, row: Any, period: Any) -> float:
    lead = timing.lead_time(future.path, row, period.number)
    done = timing.complete(future.path, row, period.start, lead)
    last = future.path.periods[-1]
    return timing.standing(row, done, last) * timing.worn(future.path, row.adds_to, done, last)


def _residual(future: Future, row: Any, period: Any) -> float:
    """Discounted residual value of a tonne a year, million USD."""
    path = future.path
    end = path.periods[-1].end
    done = timing.complete(path, row, period.start, timing.lead_time(path, row, period.number))
    left = min(1.0, max(0.0, row.life_years - (end - done)) / row.life_years)
    overrun = path.known("projects", row.project, "overrun_multiple")[period.number]
    capital = row.capital_usd_per_t_per_year * MUSD
    if row.size_max_t_per_year > 0:
        capital += row.capital_musd / row.size_max_t_per_year
    capital += _of_class(future, row)
    return plain(future.case.setting("residual_share", 0.0) * left * overrun * capital * path.discount(end))


def _of_class(future: Future, row: Any) -> float:
    """The least that a tonne a year costs in a size class of a project, full, million USD; 0 where it has none."""
    classes = [each for each in future.case.rows("size_classes") if each.project == row.project]
    each = [c.capital_musd / c.to_t_per_year + c.capital_usd_per_t_per_year * MUSD for c in classes]
    return plain(min(each, default=0.0))


def _capital(future: Future, row: Any, period: Any, start: Any, size: Any) -> None:
    path = future.path
    overrun = path.known("projects", row.project, "overrun_multiple")[period.number]
    lead = timing.lead_time(path, row, period.number)
    amounts = [(row.capital_musd * overrun, start), (row.capital_usd_per_t_per_year * MUSD * overrun, size)]
    for share, begin, end in timing.instalments(period.start, lead):
        for amount, variable in amounts:
            if variable is not None and amount:
                paid = path.period_of(begin)
                future.ledger.cost("capital", paid, amount * share * path.discount(begin, end), variable)
                future.spend(row.envelope, amount * share * row.public_share, begin, end, variable)
