"""Ranges across columns, and dates against each other and against the horizon."""

from __future__ import annotations

from collections.abc import Iterator

from orefolio.errors import Fault

from ..case import Case
from ..cells import day_of
from .place import fault_at

LOW_TO_HIGH = (("low", "mode"), ("mode", "high"))
IN_ORDER = (
    ("projects", "size_min_t_per_year", "size_max_t_per_year"),
    ("size_classes", "from_t_per_year", "to_t_per_year"),
    ("projects", "start_from", "start_to"),
    ("programmes", "start_from", "start_to"),
    ("contracts", "volume_min_t_per_year", "volume_max_t_per_year"),
    ("contracts", "sign_from", "sign_to"),
    ("levers", "low", "base"),
    ("levers", "base", "high"),
    ("basis", "low_multiple", "high_multiple"),
    ("stockpiles", "initial_t", "warehouse_t"),
    *(("hazards", f"{low}_{what}", f"{high}_{what}") for what in ("months", "strength") for low, high in LOW_TO_HIGH),
    *(("slips", f"{low}_{what}", f"{high}_{what}") for what in ("years", "overrun") for low, high in LOW_TO_HIGH),
)
"""Table, column that is not greater, column that is not less."""

AFTER = (
    ("envelopes", "from_date", "to_date"),
    ("contracts", "first_delivery", "last_delivery"),
    ("hazards", "first", "last"),
)
"""Table, column of the earlier date, column of the later one."""

YEARS = (
    ("projects", "start_from", "start_to"),
    ("programmes", "start_from", "start_to"),
    ("contracts", "sign_from", "sign_to"),
)
DATES = (("future_events", "start"), ("futures", "onset"), ("draws", "strikes"))


def least_is_not_above_most(case: Case) -> Iterator[Fault]:
    """Min at most max, base between low and high, initial stock within the warehouse."""
    for table, low, high in IN_ORDER:
        for number, row in enumerate(case.rows(table)):
            below, above = getattr(row, low), getattr(row, high)
            if below > above:
                yield fault_at(case, table, number, low, f"{low} {below:g}", f"at most {high}, which is {above:g}")


def envelopes_start_on_a_day(case: Case) -> Iterator[Fault]:
    """The first day of a span is a date, though it is part of the row's key."""
    for number, row in enumerate(case.rows("envelopes")):
        if day_of(row.from_date) is None:
            yield fault_at(case, "envelopes", number, "from_date", repr(row.from_date), "a date, YYYY-MM-DD")


def spans_end_after_they_start(case: Case) -> Iterator[Fault]:
    """Spans of dates run forward."""
    for table, first, second in AFTER:
        for number, row in enumerate(case.rows(table)):
            start, end = getattr(row, first), getattr(row, second)
            if start and end and end <= start:
                expected = f"a date after {first}, which is {start}"
                yield fault_at(case, table, number, second, f"{second} {end}", expected)


def windows_meet_the_horizon(case: Case) -> Iterator[Fault]:
    """What could be decided outside the horizon only could never be decided."""
    first, end = case.horizon_from.year, case.horizon_to.isoformat()
    last = int(end[:4]) - (1 if end.endswith("-01-01") else 0)
    held = {row.contract for row in case.rows("tranches")} - {r.contract for r in case.rows("tranches") if not r.held}
    for table, start_name, end_name in YEARS:
        for number, row in enumerate(case.rows(table)):
            if table == "contracts" and (row.in_force or row.kind == "spot" or row.contract in held):
                continue
            start, stop = getattr(row, start_name), getattr(row, end_name)
            if start <= stop and (start > last or stop < first):
                found = f"the window {start:g} to {stop:g}"
                remedy = "A contract that is not in force needs sign_from and sign_to" if table == "contracts" else ""
                yield fault_at(case, table, number, start_name, found, f"years within {first} to {last}", remedy)


def events_start_in_the_horizon(case: Case) -> Iterator[Fault]:
    """Events, onsets and slips show inside the horizon."""
    start, end = case.horizon_from.isoformat(), case.horizon_to.isoformat()
    for table, column in DATES:
        for number, row in enumerate(case.rows(table)):
            day = getattr(row, column)
            if day and not start <= day < end:
                remedy = "What holds from the first day belongs into the tables themselves"
                expected = f"a day from {start} to before {end}"
                yield fault_at(case, table, number, column, f"{column} {day}", expected, remedy)


def contracts_deliver_in_the_horizon(case: Case) -> Iterator[Fault]:
    """A contract that ended before the horizon, or starts after it, does nothing."""
    start, end = case.horizon_from.isoformat(), case.horizon_to.isoformat()
    for number, row in enumerate(case.rows("contracts")):
        if row.last_delivery and row.last_delivery <= start:
            found, expected = f"last_delivery {row.last_delivery}", f"a date after the horizon's start, {start}"
            yield fault_at(case, "contracts", number, "last_delivery", found, expected)
        if row.first_delivery and row.first_delivery >= end:
            found, expected = f"first_delivery {row.first_delivery}", f"a date before the horizon's end, {end}"
            yield fault_at(case, "contracts", number, "first_delivery", found, expected)


def projects_complete_in_the_horizon(case: Case) -> Iterator[Fault]:
    """A project that cannot complete before the horizon ends will not be chosen."""
    years = case.horizon_to.year + (case.horizon_to.month - 1) / 12
    for number, row in enumerate(case.rows("projects")):
        complete = max(row.start_from, case.horizon_from.year) + row.lead_time_years
        if complete >= years:
            found = f"a lead time of {row.lead_time_years:g} years from {row.start_from}"
            expected = f"completion before the horizon ends ({case.horizon_to})"
            yield fault_at(case, "projects", number, "lead_time_years", found, expected, "It can never run")


def past_sales_are_past(case: Case) -> Iterator[Fault]:
    """Sales of years to come are no past sales, except as a forecast within the horizon."""
    for number, row in enumerate(case.rows("past_sales")):
        if not 1900 <= row.year < case.horizon_to.year + 1:
            expected = f"1900 to {case.horizon_to.year}"
            yield fault_at(case, "past_sales", number, "year", f"the year {row.year}", expected)
