"""How a table of a case is declared: each column once, with unit, meaning and range.

A table is a frozen dataclass; every field is made by one of the functions below. Reading, checking, the documentation
and the editor schema all come from these declarations.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

Kind = Literal["key", "text", "reference", "references", "choice", "number", "whole", "flag", "date", "years"]


@dataclass(frozen=True)
class Column:
    """One column: its kind, unit, meaning, and what values it takes.

    `low` and `high` bound a number (inclusive). `table` names the table that a reference points to; several tables,
    separated by a space, mean that the id may stand in any of them. `optional` columns may be blank or left out of the
    file and then take `default`. An event may change a `timed` column; others are read once for all time.
    """

    kind: Kind
    meaning: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    table: str = ""
    choices: tuple[str, ...] = ()
    optional: bool = False
    default: Any = None
    part_of_key: bool = False
    timed: bool = False


def _field(column: Column) -> Any:
    if column.optional:
        return dataclasses.field(default=column.default, metadata={"column": column})
    return dataclasses.field(metadata={"column": column})


def key(meaning: str) -> Any:
    """An id that names the row; with several key columns the combination is unique."""
    return _field(Column("key", meaning, part_of_key=True))


def word(meaning: str) -> Any:
    """A word that must be given."""
    return _field(Column("text", meaning))


def text(meaning: str) -> Any:
    """Free text; blank when nothing is to say."""
    return _field(Column("text", meaning, optional=True, default=""))


def reference(table: str, meaning: str, *, part_of_key: bool = False, optional: bool = False) -> Any:
    """The id of a row of another table."""
    return _field(Column("reference", meaning, table=table, part_of_key=part_of_key, optional=optional, default=""))


def references(table: str, meaning: str) -> Any:
    """Ids of rows of another table, separated by spaces; may be blank."""
    return _field(Column("references", meaning, table=table, optional=True, default=()))


def choice(choices: tuple[str, ...], meaning: str, *, default: str | None = None, part_of_key: bool = False) -> Any:
    """One of a few words."""
    return _field(
        Column(
            "choice", meaning, choices=choices, optional=default is not None, default=default, part_of_key=part_of_key
        )
    )


def number(
    unit: str,
    meaning: str,
    *,
    low: float | None = 0.0,
    high: float | None = None,
    default: float | None = None,
    timed: bool = False,
) -> Any:
    """A number in a unit. Without a default it must be given."""
    optional = default is not None
    return _field(
        Column("number", meaning, unit=unit, low=low, high=high, optional=optional, default=default, timed=timed)
    )


def share(meaning: str, *, default: float | None = None, timed: bool = False) -> Any:
    """A number between 0 and 1."""
    return number("1", meaning, low=0.0, high=1.0, default=default, timed=timed)


def limit(unit: str, meaning: str, *, timed: bool = False) -> Any:
    """An upper limit; blank means that there is none (and a tight bound is derived)."""
    return _field(Column("number", meaning, unit=unit, low=0.0, optional=True, default=float("inf"), timed=timed))


def whole(meaning: str, *, low: float = 0, part_of_key: bool = False, default: int | None = None) -> Any:
    """A whole number."""
    return _field(
        Column("whole", meaning, low=low, part_of_key=part_of_key, optional=default is not None, default=default)
    )


def flag(meaning: str, *, default: bool = False) -> Any:
    """yes or no."""
    return _field(Column("flag", meaning, optional=True, default=default))


def date(meaning: str, *, optional: bool = False) -> Any:
    """A calendar date, YYYY-MM-DD."""
    return _field(Column("date", meaning, optional=optional, default=None))


def years(meaning: str, *, default: tuple[float, ...] | None = None) -> Any:
    """Numbers for the first, second, … year, separated by spaces: 0.3 0.7 1."""
    return _field(Column("years", meaning, low=0.0, high=1.0, optional=default is not None, default=default))


@lru_cache(maxsize=256)
def declared(table: type) -> dict[str, Column]:
    """The columns of a table in their order."""
    return {field.name: field.metadata["column"] for field in dataclasses.fields(table)}


@lru_cache(maxsize=256)
def key_columns(table: type) -> tuple[str, ...]:
    """The names of the columns that make a row unique."""
    return tuple(name for name, column in declared(table).items() if column.part_of_key)


def numeric_columns(table: type) -> tuple[str, ...]:
    """The columns that an adjustment may change."""
    return tuple(
        name for name, column in declared(table).items() if column.kind in ("number", "whole", "flag", "years")
    )


def timed_columns(table: type) -> tuple[str, ...]:
    """The columns that an event may change."""
    return tuple(name for name, column in declared(table).items() if column.timed)
