"""Hazards: each event can be drawn, and leaves every number in range at any strength."""

from __future__ import annotations

import math
from collections.abc import Iterator

from orefolio.errors import Fault

from ..adjust import Adjustment, at_strength
from ..case import Case
from .place import fault_at
from .targets import target_problem, value_problem

STRENGTHS = (("future_events", ("strength",)), ("hazards", ("low_strength", "high_strength")))
LENGTHS = ("low_months", "mode_months", "high_months")


def strengths_keep_numbers_in_range(case: Case) -> Iterator[Fault]:
    """An event of another strength than 1 changes numbers that an event of strength 1 does, within their range."""
    known: dict[tuple[str, float], tuple[str, str] | None] = {}
    for table, columns in STRENGTHS:
        for number, row in enumerate(case.rows(table)):
            for column in columns:
                asked = row.event, getattr(row, column)
                if asked not in known:
                    known[asked] = _out_of_range(case, *asked)
                problem = known[asked]
                if problem:
                    yield fault_at(case, table, number, column, *problem)


def _out_of_range(case: Case, event: str, strength: float) -> tuple[str, str] | None:
    """What was found and expected where an event of a strength takes a number out of its range."""
    for part in (part for part in case.rows("events") if part.event == event and strength != 1):
        multiplies = part.operation == "multiply"
        if target_problem(case, part.table, part.where, part.column) or (multiplies and part.value < 0):
            continue
        if multiplies and part.value == 0 and strength < 0:
            return f"the strength {strength:g} of {event!r}, whose part {part.part} multiplies by 0", "0 or more"
        value = at_strength(part.operation, part.value, strength)
        problem = value_problem(case, Adjustment(part.table, part.where, part.column, part.operation, value))
        if problem:
            return f"the strength {strength:g} of {event!r}, whose part {part.part} is then {problem[1]}", problem[2]
    return None


def hazards_have_what_they_need(case: Case) -> Iterator[Fault]:
    """What comes at random has a hazard, what comes on a date has that date, and nothing has both."""
    start, end = case.horizon_from.isoformat(), case.horizon_to.isoformat()
    for number, row in enumerate(case.rows("hazards")):
        if row.comes == "hazard" and not row.hazard_per_year > 0 and not (row.later_from and row.later_per_year > 0):
            yield fault_at(case, "hazards", number, "hazard_per_year", "no hazard", "a chance a year above 0")
        if row.comes == "hazard" and row.chance != 1:
            found = f"a chance of {row.chance:g} beside a hazard"
            yield fault_at(case, "hazards", number, "chance", found, "one of the two", "Set comes to date or parting")
        if row.comes == "date" and not row.first:
            yield fault_at(case, "hazards", number, "first", "no first day", "the date on which it comes or never does")
        if row.otherwise and row.comes != "date":
            yield fault_at(case, "hazards", number, "otherwise", row.otherwise, "a blank, unless it comes on a date")
        if row.comes != "hazard" and (row.group or row.needs):
            column = "group" if row.group else "needs"
            yield fault_at(case, "hazards", number, column, f"a {column}", "a blank, unless it comes by a hazard")
        for column in ("first", "last", "later_from"):
            day = getattr(row, column)
            if day and not start <= day < end:
                found, expected = f"{column} {day}", f"a day from {start} to before {end}"
                yield fault_at(case, "hazards", number, column, found, expected)


def lengths_are_given_whole(case: Case) -> Iterator[Fault]:
    """A random length has its least, likeliest and greatest value; without any, an event lasts to the horizon."""
    for number, row in enumerate(case.rows("hazards")):
        given = [column for column in LENGTHS if math.isfinite(getattr(row, column))]
        if given and len(given) < len(LENGTHS):
            column = next(column for column in LENGTHS if column not in given)
            yield fault_at(case, "hazards", number, column, "a blank", f"months, since {given[0]} is given")
        elif given and row.high_months < 1:
            yield fault_at(case, "hazards", number, "high_months", f"{row.high_months:g}", "at least 1 month")


def what_is_needed_is_drawn(case: Case) -> Iterator[Fault]:
    """An event waits for others that are drawn too, wait for none themselves, and share no group with it."""
    drawn = {row.event: row for row in case.rows("hazards")}
    for number, row in enumerate(case.rows("hazards")):
        for name in row.needs:
            other = drawn.get(name)
            if other is None or other.comes != "hazard":
                found, expected = f"{name!r}, which no hazard brings", "events of this table that come by a hazard"
                yield fault_at(case, "hazards", number, "needs", found, expected)
            elif other.needs:
                found = f"{name!r}, which waits for others itself"
                yield fault_at(case, "hazards", number, "needs", found, "events that wait for none")
        if row.needs and row.group:
            found = f"the group {row.group!r} of an event that waits for others"
            yield fault_at(case, "hazards", number, "group", found, "a blank")
        for name in (*row.brings, *filter(None, [row.otherwise])):
            if name in drawn:
                column = "otherwise" if name == row.otherwise else "brings"
                found = f"{name!r}, which has a row of its own"
                yield fault_at(case, "hazards", number, column, found, "an event that comes with this one alone")


def loadings_have_a_cause(case: Case) -> Iterator[Fault]:
    """A loading is on something."""
    for number, row in enumerate(case.rows("hazards")):
        if row.loading and not row.factor:
            yield fault_at(case, "hazards", number, "factor", f"none beside a loading of {row.loading:g}", "a cause")
