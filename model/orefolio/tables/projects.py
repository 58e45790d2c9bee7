"""Every project of the case: when it is committed, in which size, with whose equipment, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .outcome.calendar import month_of
from .outcome.sheet import Sheet

if TYPE_CHECKING:
    from .outcome import Choice, Outcome

COLUMNS = (
    "project", "name", "adds_to", "status", "committed", "branch", "futures", "size_t_per_year", "size_class",
    "lead_time_years",
    "equipment_origin", "technology_origin", "capital_musd", "public_musd", "public_share", "cost_musd", "latest_date",
)  # fmt: skip


def table(outcome: Outcome) -> Sheet:
    """One row for each project, or for each node at which it is committed."""
    classes = {
        (entry.index[0], month_of(outcome.case, entry.period.start), who): entry.index[1]
        for entry, who in outcome.decisions("in_class")
    }
    committed = outcome.commitments_of("project")
    rows: list[tuple[Any, ...]] = []
    for row in outcome.case.rows("projects"):
        rows.extend(_rows(outcome, row, committed.get(row.project, []), classes))
    return Sheet.of(COLUMNS, rows)


def _rows(
    outcome: Outcome, row: Any, committed: list[Choice], classes: Mapping[tuple[str, str, tuple[int, ...]], str]
) -> Iterator[tuple[Any, ...]]:
    case = outcome.case
    process = case.row("processes", row.adds_to) if case.has("processes", row.adds_to) else None
    equipment = row.equipment_origin or (process.equipment_origin if process else "")
    technology = process.technology_origin if process else ""
    start = (row.project, row.name or row.project, row.adds_to)
    if not committed:
        yield (
            *start, "not committed", "", "", "", 0.0, "", row.lead_time_years, equipment, technology, 0.0, 0.0,
            row.public_share, 0.0, "",
        )  # fmt: skip
    for choice in committed:
        yield (
            *start, "committed", choice.date, outcome.branch(choice.futures), " ".join(outcome.ids(choice.futures)),
            choice.size, classes.get((row.project, choice.date, choice.futures), ""),
            row.lead_time_years, equipment, technology, choice.capital_musd, choice.public_musd,
            row.public_share, choice.cost_musd, choice.latest,
        )  # fmt: skip
