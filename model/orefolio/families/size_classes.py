r"""SIZ: a project with economies of scale is built in one of its size classes, each with its own capital.

$$\sum_c in\_class_{x,c,m} = start_{x,m}, \qquad \sum_c size\_in\_class_{x,c,m} = size_{x,m}$$
$$\underline s_c\,in\_class_{x,c,m} \le size\_in\_class_{x,c,m} \le \bar s_c\,in\_class_{x,c,m}$$

A range of sizes with one cost per tonne is linear and needs no classes; a tonne that costs less in a larger plant needs
them, since a program left to itself would take the cheap tonnes without the dear first ones. The capital of the class
falls due as the project's own does, to which it adds. What is left of it at the end is counted, for any class, at the
least that a tonne a year costs in one of them, full. Adds nothing where no project has size classes.

| symbol | code | unit | meaning |
|---|---|---|---|
| *in_class* | `in_class` | 1 | the start is made in the class (binary) |
| *size_in_class* | `size_in_class` | t/year | capacity committed in it |
| s | `size_classes.from_t_per_year`, `to_t_per_year` | t/year | range of the class |
| – | `size_classes.capital_musd`, `capital_usd_per_t_per_year` | million USD, USD per t/year | capital of the class |
"""

from __future__ import annotations

from typing import Any

from . import timing
from .algebra import Key, linear
from .ledger import Future

MUSD = 1e-6


def state(future: Future) -> None:
    """State size classes: one for each start, a size within it, its capital."""
    classes: dict[str, list[Any]] = {}
    for row in future.case.rows("size_classes"):
        classes.setdefault(row.project, []).append(row)
    if not classes:
        return
    begins = {name: timing.starts(future.path, future.case.row("projects", name)) for name in classes}
    limits: dict[Key, tuple[float, float]] = {
        (name, row.size_class, period.number): (row.from_t_per_year, row.to_t_per_year)
        for name, rows in classes.items()
        for row in rows
        for period in begins[name]
    }
    chosen = future.columns("in_class", dict.fromkeys(limits, (0.0, 1.0)), binary=True, commitment=True)
    sizes: dict[Key, tuple[float | None, float | None]] = {key: (0.0, most) for key, (_, most) in limits.items()}
    sized = future.columns("size_in_class", sizes, commitment=True)
    future.in_range("SIZ_class", sized, chosen, limits)
    for name, account, columns in (("SIZ_one", "started", chosen), ("SIZ_size", "sized", sized)):
        rows = {}
        for project, several in classes.items():
            for period in begins[project]:
                parts = [(1.0, columns[project, row.size_class, period.number]) for row in several]
                whole = future.ledger.read(account, (project, period.number))
                rows[project, period.number] = linear([*parts, *((-c, v) for c, v in whole)]) == 0.0
        future.rows(name, rows)
    for project, several in classes.items():
        for period in begins[project]:
            for row in several:
                key = (project, row.size_class, period.number)
                _capital(future, row, period, chosen[key], sized[key])


def _capital(future: Future, row: Any, period: Any, chosen: Any, sized: Any) -> None:
    """The capital of a class, by the lead time and the overrun of its project."""
    path, project = future.path, future.case.row("projects", row.project)
    overrun = path.known("projects", row.project, "overrun_multiple")[period.number]
    lead = timing.lead_time(path, project, period.number)
    amounts = [(row.capital_musd * overrun, chosen), (row.capital_usd_per_t_per_year * MUSD * overrun, sized)]
    for share, begin, end in timing.instalments(period.start, lead):
        for amount, variable in amounts:
            if amount:
                paid = path.period_of(begin)
                future.ledger.cost("capital", paid, amount * share * path.discount(begin, end), variable)
                future.spend(project.envelope, amount * share * project.public_share, begin, end, variable)
