"""Which lines keep to untagged material, in which segments of time, in which futures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .outcome.calendar import month_of
from .outcome.frame import frame

if TYPE_CHECKING:
    import pandas as pd

    from .outcome import Outcome

COLUMNS = ("process", "name", "from", "until", "branch", "futures", "probability", "material")


def table(outcome: Outcome) -> pd.DataFrame:
    """A row for each line and segment that the program decides on. material: `untagged` or `tagged`."""
    case = outcome.case
    chosen = {entry.column for entry, _ in outcome.decisions("dedicated") if entry.value > 0.5}
    rows: dict[int, tuple[object, ...]] = {}
    for lived in outcome.futures:
        ends = {segment.periods[0].number: segment.periods[-1].end for segment in lived.path.segments}
        for label, column in zip(lived.flat.columns, lived.merged.tolist(), strict=True):
            if label.name != "dedicated" or column in rows:
                continue
            who = outcome.passing[column]
            period = lived.path.periods[label.period]
            row = case.row("processes", label.index[0])
            when = (month_of(case, period.start), month_of(case, ends[label.period]))
            where = (outcome.branch(who), " ".join(outcome.ids(who)), outcome.chance(who))
            material = "untagged" if column in chosen else "tagged"
            rows[column] = (row.process, row.name or row.process, *when, *where, material)
    return frame(COLUMNS, sorted(rows.values(), key=lambda row: (row[0], row[2], row[5])))
