"""The adjustment: the one way in which anything changes a number of a case.

Levers, events, overlays and what-ifs are all adjustments: in one table, the rows that a selector matches, one column,
one operation, one value.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any, Literal

from .columns import Column, declared
from .schema import TABLES

Operation = Literal["set", "multiply", "add"]


@lru_cache(maxsize=4096)
def selector(where: str) -> tuple[tuple[str, str], ...]:
    """The pairs of column and pattern of `column=pattern; column=pattern`; none for `*` or a blank, every row."""
    if where.strip() in ("", "*"):
        return ()
    pairs = [part.partition("=") for part in where.split(";") if part.strip()]
    return tuple((attribute(column.strip()), pattern.strip()) for column, _, pattern in pairs)


def attribute(column: str) -> str:
    """The field of a row that a column of the file is read into (`class` is a word of Python)."""
    return "class_" if column == "class" else column


def selects(where: str, row: Any) -> bool:
    """Whether a selector matches a row; flags are matched as yes and no."""
    return all(fnmatchcase(_as_text(getattr(row, column, "")), pattern) for column, pattern in selector(where))


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


@dataclass(frozen=True)
class Adjustment:
    """Change `column` of the rows of `table` that `where` matches, by `operation` with `value` (unit of the column)."""

    table: str
    where: str
    column: str
    operation: Operation
    value: float
    because: str = ""

    def changed(self, before: float) -> float:
        """The number after this adjustment."""
        return operate(self.operation, before, self.value)


def operate(operation: str, before: float, value: float) -> float:
    """`before` after set, multiply or add with `value`."""
    if operation == "set":
        return value
    return before * value if operation == "multiply" else before + value


def at_strength(operation: str, value: float, strength: float) -> float:
    """What an event of another strength than 1 multiplies by or adds; it sets the same at any strength."""
    if strength == 1 or operation == "set":
        return value
    return float(value**strength) if operation == "multiply" else value * strength


def adjusted_tables(
    tables: Mapping[str, tuple[Any, ...]], adjustments: Iterable[Adjustment]
) -> dict[str, tuple[Any, ...]]:
    """The tables after the adjustments, applied in their order."""
    result = dict(tables)
    for adjustment in adjustments:
        column = attribute(adjustment.column)
        declaration = declared(TABLES[adjustment.table])[column]
        result[adjustment.table] = tuple(
            _changed_row(row, column, declaration, adjustment) if selects(adjustment.where, row) else row
            for row in result.get(adjustment.table, ())
        )
    return result


def _changed_row(row: Any, column: str, declaration: Column, adjustment: Adjustment) -> Any:
    before = getattr(row, column)
    if declaration.kind == "years":
        return dataclasses.replace(row, **{column: tuple(adjustment.changed(number) for number in before)})
    after: float | int | bool = adjustment.changed(float(before))
    if declaration.kind == "flag":
        after = after > 0.5
    elif declaration.kind == "whole":
        after = round(after)
    return dataclasses.replace(row, **{column: after})
