"""Every level of every public programme: when it is decided, what it adds, what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .outcome.sheet import Sheet

if TYPE_CHECKING:
    from .outcome import Outcome

COLUMNS = (
    "programme", "level", "name", "status", "decided", "branch", "futures", "increment_share", "lead_time_years",
    "up_front_musd", "annual_musd_per_year", "cost_musd", "latest_date",
)  # fmt: skip


def table(outcome: Outcome) -> Sheet:
    """One row for each level, or for each node at which it is decided."""
    decided = outcome.commitments_of("programme")
    rows: list[tuple[Any, ...]] = []
    for row in outcome.case.rows("programmes"):
        start = (row.programme, row.level, row.name or row.programme)
        found = decided.get(f"{row.programme}/{row.level}", [])
        if not found:
            rows.append(
                (*start, "not decided", "", "", "", row.increment_share, row.lead_time_years, 0.0, 0.0, 0.0, "")
            )
        for c in found:
            where = ("decided", c.date, outcome.branch(c.futures), " ".join(outcome.ids(c.futures)))
            effect = (row.increment_share, row.lead_time_years)
            rows.append((*start, *where, *effect, c.capital_musd, row.annual_musd, c.cost_musd, c.latest))
    return Sheet.of(COLUMNS, rows)
