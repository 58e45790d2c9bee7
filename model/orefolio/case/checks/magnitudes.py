"""Sizes that a solver can hold together."""

from __future__ import annotations

import math
from collections.abc import Iterator

from orefolio.errors import Fault

from ..case import Case
from ..columns import declared
from ..schema import TABLES
from .place import fault_at

WIDEST = 1e9
OF_MIXED_UNITS = ("settings", "levers", "events", "lever_adjustments", "basis")


def columns_hold_like_sizes(case: Case) -> Iterator[Fault]:
    """The greatest number of a column is at most 1e9 times its smallest: a solver tells no wider range apart."""
    for table, declaration in TABLES.items():
        if table in OF_MIXED_UNITS:
            continue
        for name, column in declared(declaration).items():
            if column.kind != "number":
                continue
            sizes = [(abs(getattr(row, name)), number) for number, row in enumerate(case.rows(table))]
            sizes = [(size, number) for size, number in sizes if size and math.isfinite(size)]
            if sizes and max(sizes)[0] > WIDEST * min(sizes)[0]:
                (most, number), (least, other) = max(sizes), min(sizes)
                line = case.lines[table][other] if table in case.lines else 0
                expected = f"at most {WIDEST:g} times the smallest in the column, {least:g} on line {line}"
                remedy = "Leave a limit that is none blank"
                yield fault_at(case, table, number, name, f"{most:g}", expected, remedy)
