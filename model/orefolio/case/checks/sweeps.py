"""Sweeps of a case turn levers to values that the case allows."""

from __future__ import annotations

from collections.abc import Iterator

from orefolio.errors import Fault

from ..adjust import Adjustment
from ..case import Case
from .place import fault_at
from .targets import target_problem, value_problem


def sweeps_keep_numbers_in_range(case: Case) -> Iterator[Fault]:
    """At both ends of a sweep, and where it is off, each number that the lever turns is within its column's range."""
    for number, row in enumerate(case.rows("sweeps")):
        ends = [(row.lever, "from_value"), (row.lever, "to_value")]
        for lever, column in [*ends, *([(row.off_lever, "off_value")] if row.off_lever else [])]:
            problem = _problem(case, lever, getattr(row, column))
            if problem:
                found, expected = problem
                yield fault_at(
                    case, "sweeps", number, column, f"{lever} at {getattr(row, column):g}: {found}", expected
                )


def sweeps_go_somewhere(case: Case) -> Iterator[Fault]:
    """A sweep ends elsewhere than it begins."""
    for number, row in enumerate(case.rows("sweeps")):
        if row.from_value == row.to_value:
            yield fault_at(case, "sweeps", number, "to_value", f"{row.to_value:g}, as from_value", "another value")


def _problem(case: Case, lever: str, value: float) -> tuple[str, str] | None:
    """What the first adjustment that a lever at a value breaks makes, and what was expected."""
    for row in case.rows("lever_adjustments"):
        if row.lever != lever or target_problem(case, row.table, row.where, row.column):
            continue
        problem = value_problem(case, Adjustment(row.table, row.where, row.column, row.operation, value))
        if problem:
            return problem[1:3]
    return None
