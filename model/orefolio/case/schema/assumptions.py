"""Settings, levers, and what every number rests on."""

from __future__ import annotations

from dataclasses import dataclass

from ..columns import choice, key, number, reference, text
from .futures import OPERATIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A number of the case as a whole."""

    setting: str = key("id")
    value: float = number("see unit", "the value", low=None, timed=True)
    unit: str = text("unit")
    meaning: str = text("what it is")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """A named scalar that people turn: a base, a low and a high."""

    lever: str = key("id")
    name: str = text("name as people say it")
    base: float = number("see unit", "value in the case as it stands", low=None)
    low: float = number("see unit", "low end", low=None)
    high: float = number("see unit", "high end", low=None)
    unit: str = text("unit")
    source: str = text("fact ids, or assumption: its one-line derivation")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverAdjustment:
    """What turning a lever does: the lever's value is applied to these cells."""

    lever: str = reference("levers", "lever", part_of_key=True)
    table: str = key("table whose rows change")
    where: str = key("selector, as in events; * for every row")
    column: str = key("column that changes")
    operation: str = choice(OPERATIONS, "how it changes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What numbers of the case rest on. The most specific row wins; * stands for every row or column."""

    table: str = key("table")
    row: str = key("key of the row, several keys joined by /; * and ? match")
    column: str = key("column; * for every numeric column")
    facts: str = text("fact ids, separated by spaces; blank: an assumption of ours")
    derivation: str = text("one line: how the value follows")
    low_multiple: float = number("1", "low end of the range over the value")
    high_multiple: float = number("1", "high end of the range over the value")
