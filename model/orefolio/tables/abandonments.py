"""Projects under construction that are given up: when they were started, when they end, and what it costs or saves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .outcome.calendar import month_of
from .outcome.sheet import Sheet

if TYPE_CHECKING:
    from .outcome import Outcome

COLUMNS = (
    "project", "name", "started", "abandoned", "branch", "futures", "probability", "size_t_per_year", "cost_musd",
)  # fmt: skip
VARIABLES = ("abandon", "given_up")


def table(outcome: Outcome) -> Sheet:
    """A row for each node at which a project is given up.

    cost_musd: the exit charge less capital and fixed operation that are not paid, expected and discounted, where the
    node is reached.
    """
    sizes = {(entry.index, entry.period.label, who): entry.value for entry, who in outcome.decisions("given_up")}
    rows = []
    for entry, who in outcome.decisions("abandon"):
        row = outcome.case.row("projects", entry.index[0])
        cost = sum(
            outcome.futures[number].weight * each.cost_musd
            for number in who
            for name in VARIABLES
            for each in outcome.futures[number].entries(name)
            if (each.index, each.period.number) == (entry.index, entry.period.number)
        )
        size = sizes.get((entry.index, entry.period.label, who), 0.0)
        where = (outcome.branch(who), " ".join(outcome.ids(who)), outcome.chance(who))
        when = (entry.index[1], month_of(outcome.case, entry.period.start))
        rows.append((row.project, row.name or row.project, *when, *where, size, cost / outcome.chance(who)))
    return Sheet.of(COLUMNS, rows)
