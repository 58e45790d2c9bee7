"""A price crash that begins on the day when a project is complete: the trunk of the case with an event of the case."""

from __future__ import annotations

import datetime
import math
from dataclasses import replace

from orefolio.case.case import Case
from orefolio.case.scenarios import MONTHS_A_YEAR
from orefolio.case.schema.futures import FutureEvent
from orefolio.errors import Fault, InputError, nearest

PRICES = "element_prices"


def crash_of(case: Case, asked: str | None = None) -> str:
    """The event that stands for a crash: the one asked for, or the first that lowers prices; blank where none does."""
    events: dict[str, None] = {row.event: None for row in case.rows("events")}
    if asked is not None:
        if asked not in events:
            raise InputError([Fault("--crash", repr(asked), "an event of the case", remedy=nearest(asked, events))])
        return asked
    for name in events:
        parts = [row for row in case.rows("events") if row.event == name and row.table == PRICES]
        if parts and all(row.operation == "multiply" and row.value < 1 for row in parts):
            return name
    return ""


def crashed(case: Case, event: str, at: float) -> Case:
    """The trunk alone, with the event from a moment on, as long as it lasts in the case; never for an infinite one.

    at: years since the first day.
    """
    trunk = next((row for row in case.rows("futures") if row.onset is None), case.rows("futures")[0])
    happening = [row for row in case.rows("future_events") if row.event == event]
    length = max((row.length_months for row in happening), default=math.inf)
    own = [row for row in case.rows("future_events") if row.future == trunk.future and row.event != event]
    added: tuple[FutureEvent, ...] = ()
    if math.isfinite(at):
        months = case.horizon_from.month - 1 + math.ceil(at * MONTHS_A_YEAR - 1e-6)
        first = datetime.date(case.horizon_from.year + months // MONTHS_A_YEAR, months % MONTHS_A_YEAR + 1, 1)
        day = first.isoformat()
        added = (FutureEvent(future=trunk.future, event=event, start=day, length_months=length),)
    tables = {
        **case.tables,
        "futures": (replace(trunk, weight=1.0, onset=None),),
        "future_events": (*own, *added),
        "draws": tuple(row for row in case.rows("draws") if row.future == trunk.future),
    }
    return replace(case, tables=tables)
