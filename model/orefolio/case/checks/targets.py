"""What adjusts numbers finds them: levers and events name a table, a numeric column and at least one row."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from operator import attrgetter
from typing import Any

from orefolio.errors import Fault

from ..adjust import Adjustment, attribute, selector, selects
from ..case import Case
from ..cells import GREATEST, SMALLEST
from ..columns import Column, declared, numeric_columns, timed_columns
from ..schema import TABLES
from .place import fault_at, fault_of_case, near, without_rows

SAYING = ("levers", "lever_adjustments", "sweeps", "basis", "calibration")
"""Tables that say what is changed, asked, rested on or held against: nothing changes them."""

Problem = tuple[str, str, str, str]
"""The part of an adjustment that is wrong (table, where, column or value), what was found, expected, and the remedy."""


def target_problem(case: Case, table: str, where: str, column: str) -> Problem | None:
    """What is wrong with the target of an adjustment; None where it is sound."""
    if table not in TABLES:
        return "table", f"the table {table!r}", "a table of a case", near(table, TABLES)
    if table in SAYING:
        return "table", f"the table {table!r}, which says what others change", "a table of the case itself", ""
    fields = declared(TABLES[table])
    numeric = numeric_columns(TABLES[table])
    if attribute(column) not in numeric:
        remedy = near(column, numeric) or f"Known: {', '.join(numeric)}"
        return "column", f"the column {column!r}", f"a column of {table}.csv that holds numbers", remedy
    parts = [part for part in where.split(";") if part.strip()]
    if where.strip() not in ("", "*") and (not parts or any("=" not in part for part in parts)):
        return "where", f"the selector {where!r}", "column=value; column=value", "* stands for every row"
    for name, pattern in selector(where):
        if name not in fields:
            titles = [field.removesuffix("_") for field in fields]
            return "where", f"the column {name!r} in {where!r}", f"a column of {table}.csv", near(name, titles)
        if not any(selects(f"{name}={pattern}", row) for row in case.rows(table)):
            known = sorted({str(getattr(row, name)) for row in case.rows(table)})
            return "where", f"{name}={pattern}, which no row has", f"a row of {table}.csv", near(pattern, known)
    if not any(selects(where, row) for row in case.rows(table)):
        return "where", f"{where!r}, which matches no row", f"at least one row of {table}.csv", ""
    return None


def value_problem(case: Case, adjustment: Adjustment) -> Problem | None:
    """What is wrong with a value, once the target is sound: it must keep each number within its column's range."""
    column = attribute(adjustment.column)
    declaration = declared(TABLES[adjustment.table])[column]
    changes = [
        (float(before), adjustment.changed(float(before)))
        for row in case.rows(adjustment.table)
        if selects(adjustment.where, row)
        for before in _numbers(getattr(row, column))
    ]
    for before, after in changes:
        limits = _limits(declaration, before, after)
        if limits:
            change = f"{adjustment.operation} {adjustment.value:g} on {before:g}"
            return "value", f"{change} makes {adjustment.column} {after:g}", limits, ""
    if adjustment.operation != "set" and changes and all(math.isinf(before) for before, _ in changes):
        found = f"{adjustment.operation} {adjustment.value:g} on a blank {adjustment.column}, which is no limit"
        return "value", found, "a number in the case, or the operation set", ""
    return None


def _numbers(held: Any) -> tuple[float, ...]:
    return held if isinstance(held, tuple) else (held,)


def _limits(column: Column, before: float, after: float) -> str:
    """What a number must be that an adjustment makes; blank where it is. An endless one may stay so."""
    if column.kind == "flag":
        return "" if after in (0.0, 1.0) else "0 for no or 1 for yes"
    low = -math.inf if column.low is None else column.low
    high = math.inf if column.high is None else column.high
    if not low <= after <= high:
        return f"at least {low:g}" if high == math.inf else f"{low:g} to {high:g}"
    if column.kind == "whole" and after != round(after):
        return "a whole number"
    return "" if before == after else _size(after)


def _size(value: float) -> str:
    """What size a number must have that is not as it was read; blank where it has it."""
    if math.isinf(value) or abs(value) > GREATEST:
        return f"at most {GREATEST:g}"
    return f"0, or at least {SMALLEST:g}" if 0 < abs(value) < SMALLEST else ""


def events_find_their_target(case: Case) -> Iterator[Fault]:
    """Each part of an event changes a number that exists, and keeps it in range."""
    problem_of = lru_cache(maxsize=None)(lambda *target: target_problem(case, *target))
    for number, row in enumerate(case.rows("events")):
        problem = problem_of(row.table, row.where, row.column)
        if problem is None and attribute(row.column) not in timed_columns(TABLES[row.table]):
            known = ", ".join(timed_columns(TABLES[row.table])) or "none of this table"
            found = f"the column {row.column!r} of {row.table}.csv, which is read once for all time"
            problem = "column", found, f"a column that follows time: {known}", "A lever or an overlay may change it"
        if problem is None and row.operation == "multiply" and row.value < 0:
            problem = ("value", f"a multiple of {row.value:g}", "at least 0", "")
        if problem is None:
            problem = value_problem(case, Adjustment(row.table, row.where, row.column, row.operation, row.value))
        if problem:
            column, found, expected, remedy = problem
            yield fault_at(case, "events", number, column, found, expected, remedy)


def levers_find_their_target(case: Case) -> Iterator[Fault]:
    """What a lever turns exists."""
    for number, row in enumerate(case.rows("lever_adjustments")):
        problem = target_problem(case, row.table, row.where, row.column)
        if problem:
            column, found, expected, remedy = problem
            yield fault_at(case, "lever_adjustments", number, column, found, expected, remedy)


def turned_levers_exist(case: Case) -> Iterator[Fault]:
    """What case.yaml says to be turned is a lever."""
    known = [row.lever for row in case.rows("levers")]
    for lever in case.turned:
        if lever not in known:
            yield fault_of_case(case, "turned", f"the lever {lever!r}", "a lever of the case", near(lever, known))


def levers_reproduce_the_case(case: Case) -> Iterator[Fault]:
    """At its base a lever changes nothing: set gives each cell as it stands, multiply is by 1, add is 0."""
    bases = {row.lever: row.base for row in case.rows("levers")}
    for number, row in enumerate(case.rows("lever_adjustments")):
        if row.lever not in bases or target_problem(case, row.table, row.where, row.column):
            continue
        base = bases[row.lever]
        if row.operation != "set":
            neutral = 1.0 if row.operation == "multiply" else 0.0
            if base != neutral:
                found = f"{row.operation} with the base {base:g} of {row.lever!r}"
                yield fault_at(case, "lever_adjustments", number, "operation", found, f"the base {neutral:g}")
            continue
        for target in case.rows(row.table):
            held = getattr(target, attribute(row.column))
            cells = held if isinstance(held, tuple) else (held,)
            differs = [cell for cell in cells if not math.isclose(float(cell), base, rel_tol=1e-9, abs_tol=1e-12)]
            if differs and selects(row.where, target):
                found = f"the base {base:g} of {row.lever!r}, where {row.table}.csv has {float(differs[0]):g}"
                remedy = "A lever's base is the case as it stands; change one of the two"
                yield fault_at(case, "lever_adjustments", number, "lever", found, "the same value", remedy)
                break


def levers_stay_in_range(case: Case) -> Iterator[Fault]:
    """Turned to either end, a lever leaves each number within the range of its column."""
    levers = {row.lever: row for row in case.rows("levers")}
    for number, row in enumerate(case.rows("lever_adjustments")):
        lever = levers.get(row.lever)
        if lever is None or target_problem(case, row.table, row.where, row.column):
            continue
        for end in (lever.low, lever.high):
            problem = value_problem(case, Adjustment(row.table, row.where, row.column, row.operation, end))
            if problem:
                _, found, expected, _ = problem
                yield fault_at(case, "lever_adjustments", number, "lever", f"{row.lever} at {end:g}: {found}", expected)
                break


def levers_turn_something(case: Case) -> Iterator[Fault]:
    """A lever without an adjustment does nothing."""
    found, expected = "the lever {}, which turns nothing", "rows for it in lever_adjustments.csv"
    yield from without_rows(case, "levers", "lever", "lever_adjustments", found, expected)


def numbers_are_in_range(case: Case) -> Iterator[Fault]:
    """After levers and overlays every number is still within the range of its column."""
    for table, declaration in TABLES.items():
        for name, column in declared(declaration).items():
            if column.kind not in ("number", "whole", "years"):
                continue
            held = [_numbers(each) for each in map(attrgetter(name), case.rows(table))]
            different = {value for values in set(held) for value in values}
            wrong = {value: limits for value in different if (limits := _out_of_range(column, value))}
            for number, values in enumerate(held if wrong else ()):
                for value in values:
                    if value in wrong:
                        yield fault_at(case, table, number, name, f"{name} {value:g}", wrong[value])


def _out_of_range(column: Column, value: float) -> str:
    """What a number must be that is beyond the range of its column; blank where it is within."""
    low = -math.inf if column.low is None else column.low
    high = math.inf if column.high is None else column.high
    if not low <= value <= high:
        return f"{low:g} to {high:g}"
    return "" if value == math.inf and column.default == math.inf else _size(value)
