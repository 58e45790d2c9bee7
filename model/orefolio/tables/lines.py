"""Which lines keep to untagged material, in which segments of time, in which futures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orefolio.families.reach import reach_of

from .outcome.calendar import month_of
from .outcome.sheet import Sheet

if TYPE_CHECKING:
    from orefolio.case.case import Case

    from .outcome import Outcome

CHOICES = ("dedicated", "kept_for")
COLUMNS = ("process", "name", "from", "until", "branch", "futures", "probability", "material")


def table(outcome: Outcome) -> Sheet:
    """A row for each line and segment that the program decides on.

    material: `untagged` or `tagged` where a case has one tagged class; else the classes that the line is kept for,
    unless none of them bears a tag.
    """
    case = outcome.case
    chosen = {entry.column for name in CHOICES for entry, _ in outcome.decisions(name) if entry.value > 0.5}
    rows: dict[int, tuple[object, ...]] = {}
    for lived in outcome.futures:
        ends = {segment.periods[0].number: segment.periods[-1].end for segment in lived.path.segments}
        for label, column in zip(lived.flat.columns, lived.merged.tolist(), strict=True):
            if label.name not in CHOICES or column in rows or (label.name == "kept_for" and column not in chosen):
                continue
            who = outcome.sharing(column)
            period = lived.path.periods[label.period]
            row = case.row("processes", label.index[0])
            when = (month_of(case, period.start), month_of(case, ends[label.period]))
            where = (outcome.branch(who), " ".join(outcome.ids(who)), outcome.chance(who))
            material = _material(case, row, label.index[1:], column in chosen)
            rows[column] = (row.process, row.name or row.process, *when, *where, material)
    return Sheet.of(COLUMNS, sorted(rows.values(), key=lambda row: (row[0], row[2], row[5])))


def _material(case: Case, process: Any, class_: tuple[str, ...], chosen: bool) -> str:
    reach = reach_of(case)
    groups = reach.groups(process)
    group = next(group for group in groups if group[0] == class_[0]) if class_ else groups[0 if chosen else 1]
    if not any(reach.tagged(name) for name in group):
        return "untagged"
    return "tagged" if len(reach.classes) == 2 else " ".join(group)
