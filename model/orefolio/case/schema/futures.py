"""What may happen, when, and with which weight."""

from __future__ import annotations

from dataclasses import dataclass

from ..columns import choice, date, key, limit, number, reference, text, whole

OPERATIONS = ("set", "multiply", "add")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One adjustment of an event. An event has as many rows as it changes numbers."""

    event: str = key("id of the event")
    part: int = whole("1, 2, … within the event", low=1, part_of_key=True)
    table: str = text("table whose rows change")
    where: str = text("selector: column=value; column=value, * and ? match; blank: every row")
    column: str = text("column that changes")
    operation: str = choice(OPERATIONS, "how it changes")
    value: float = number("unit of the column", "the value", low=None)
    after_months: float = number("months", "from the event's start to this part's", default=0.0)
    length_months: float = limit("months", "length of this part; blank: as long as the event lasts")
    outlast_months: float = number("months", "how much longer than the event this part lasts", default=0.0)
    written_for_months: float = number(
        "months",
        "length of the event for which after_months and length_months are written; where it lasts otherwise they "
        "stretch with it; 0: they do not",
        default=0.0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Future:
    """One joint draw of what may happen."""

    future: str = key("id")
    name: str = text("name as people say it")
    weight: float = number("1", "probability; all weights sum to 1", high=1.0)
    onset: str | None = date("when it parts from the trunk; blank: it is the trunk's own continuation", optional=True)
    follows: str = text("scenario of the register that it stands for")


@dataclass(frozen=True, slots=True, kw_only=True)
class FutureEvent:
    """An event in a future. It is known from its start, not before."""

    future: str = reference("futures", "future", part_of_key=True)
    event: str = key("event")
    start: str = date("first day")
    length_months: float = limit("months", "length; blank: to the horizon")
    strength: float = number(
        "1", "multiples to this power, additions times it; what is set is set at any strength", low=None, default=1.0
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """How much a project slips in a future, if it is not complete when the slip strikes."""

    future: str = reference("futures", "future", part_of_key=True)
    project: str = reference("projects", "project", part_of_key=True)
    slip_years: float = number("years", "added to the lead time")
    strikes: str = date("when it shows")
    overrun_multiple: float = number("1", "capital over the estimate, for commitments made from then on", default=1.0)
