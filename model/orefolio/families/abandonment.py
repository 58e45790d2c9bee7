r"""ABA: a project under construction may be given up: what is not paid yet is saved, at a charge, and nothing is built.

$$given\_up_{x,m,n} \le \bar s_x\,abandon_{x,m,n}$$
$$\underline s_x\,\big(start_{x,m} - \sum_{n' \le n} abandon_{x,m,n'}\big) \le
  size_{x,m} - \sum_{n' \le n} given\_up_{x,m,n'} \le
  \bar s_x\,\big(start_{x,m} - \sum_{n' \le n} abandon_{x,m,n'}\big)$$
$$kept_{x,m} \le \rho_x(m, \text{end})\,\big(size_{x,m} - \sum_n given\_up_{x,m,n}\big)$$

A pair of a start m and a moment n stands only where the project says that it can be abandoned, commitments are open,
and an instalment is left: after the start and before the lead time ends. All of the size is given up or none. Of the
capital what falls due after n is not paid; a share of it is, at once, as the exit charge. Fixed operation falls away
with the capacity. Public money saves and pays its share. Adds nothing where no project can be abandoned.

| symbol | code | unit | meaning |
|---|---|---|---|
| *abandon* | `abandon` | 1 | what was started in m is given up in n (binary) |
| *given_up* | `given_up` | t/year | its capacity |
| – | `projects.can_abandon` | – | whether it can be given up |
| – | `projects.exit_share` | 1 | charge, share of the capital that is not paid yet |
"""

from __future__ import annotations

from typing import Any

from . import timing
from .algebra import Key, Term, linear
from .ledger import Future
from .standing import stand

MUSD = 1e-6


def state(future: Future) -> None:
    """State abandonment: pairs of start and end, all or nothing, money saved and paid, capacity taken back."""
    pairs = [
        (row, begin, end)
        for row in future.case.rows("projects")
        if row.can_abandon
        for begin in timing.starts(future.path, row)
        for end in timing.exits(future.path, row, begin)
    ]
    if not pairs:
        return
    most = {(row.project, b.label, e.number): row.size_max_t_per_year for row, b, e in pairs}
    abandon = future.columns("abandon", dict.fromkeys(most, (0.0, 1.0)), binary=True, commitment=True)
    given = future.columns("given_up", {key: (0.0, size) for key, size in most.items()}, commitment=True)
    future.rows("ABA_max", {key: given[key] <= size * abandon[key] for key, size in most.items()})
    _all_of_it(future, pairs, abandon, given)
    for row, begin, end in pairs:
        key = (row.project, begin.label, end.number)
        future.ledger.post("abandoned", (row.project, begin.number), 1.0, abandon[key])
        _money(
            future,
            row,
            begin,
            end,
            ((row.capital_musd, abandon[key]), (row.capital_usd_per_t_per_year * MUSD, given[key])),
        )
        stand(future, row, begin, given[key], -1.0)


def _all_of_it(future: Future, pairs: list[Any], abandon: Any, given: Any) -> None:
    greatest: dict[Key, Any] = {}
    least: dict[Key, Any] = {}
    kept: dict[Key, Any] = {}
    last = future.path.periods[-1].number
    for row, begin, end in pairs:
        project = row.project
        before = [
            e.number for r, b, e in pairs if (r.project, b.label) == (project, begin.label) and e.number <= end.number
        ]
        key = (project, begin.label, end.number)
        sized = future.ledger.read("sized", (project, begin.number))
        left = [*sized, *((-1.0, given[project, begin.label, n]) for n in before)]
        going: list[Term] = [*future.ledger.read("started", (project, begin.number))]
        going += [(-1.0, abandon[project, begin.label, n]) for n in before]
        greatest[key] = linear([*left, *((-c * row.size_max_t_per_year, v) for c, v in going)]) <= 0.0
        least[key] = (
            linear([*left, *((-c * row.size_min_t_per_year, v) for c, v in going if row.size_min_t_per_year)]) >= 0.0
        )
        stands = future.ledger.read("kept of a start", (project, begin.label))
        if stands:
            kept[project, begin.label, last] = linear([*stands, *((-c, v) for c, v in left)]) <= 0.0
    future.rows("ABA_left_max", greatest)
    future.rows("ABA_left_min", least)
    future.rows("ABA_kept", kept)


def _money(future: Future, row: Any, begin: Any, end: Any, amounts: tuple[tuple[float, Any], ...]) -> None:
    """Capital that is not paid, and the exit charge on it."""
    path = future.path
    overrun = path.known("projects", row.project, "overrun_multiple")[begin.number]
    left = timing.remaining(begin.start, timing.lead_time(path, row, begin.number), end.start)
    charge = row.exit_share * sum(share for share, _, _ in left)
    for amount, variable in amounts:
        musd = amount * overrun
        if not musd:
            continue
        for share, first, last in left:
            paid = path.period_of(first)
            future.ledger.cost("capital", paid, -musd * share * path.discount(first, last), variable)
            future.spend(row.envelope, -musd * share * row.public_share, first, last, variable)
        future.ledger.cost("abandonment", end.number, musd * charge * path.discount(end.start), variable)
        future.spend(row.envelope, musd * charge * row.public_share, end.start, end.start, variable)
