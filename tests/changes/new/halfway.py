"""Set each lever half way between its ends: what the plan costs there."""

from __future__ import annotations

from orefolio.analyses.sweep.analysis import Analysis, Answer, Asked, Table

from .levers import moved, standing
from .planned import BASE, Planned

HEADINGS = ("lever", "value", "unit", "cost_musd", "bound_musd")


def _run(asked: Asked) -> Answer:
    levers = asked.case.rows("levers")
    stands = standing(asked)
    planned = Planned(asked, tuple(row.lever for row in levers))
    places = {row: moved({row.lever: (row.low + row.high) / 2}, stands) for row in levers}
    swept = planned.sweep([BASE, *places.values()])
    rows = [
        (row.lever, (row.low + row.high) / 2, row.unit, *planned.figures(place)[:2]) for row, place in places.items()
    ]
    said = [f"{row.name or row.lever} half way: {planned.told(place)} against base." for row, place in places.items()]
    return Answer(swept, HEADINGS, rows, {}, [*said, *planned.missing()], {"halfway": Table(HEADINGS, rows)})


ANALYSIS = Analysis(_run)
