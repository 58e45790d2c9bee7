"""Settings of a solve and where each came from: flag, then environment (`OREFOLIO_…`), then case, then default.

KNOWN is the table of contents. A command takes flags with `@options("abs_gap", …)` and calls `chosen`; the manifest
keeps `Settings.record()`.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

import click

from orefolio.errors import Fault, InputError, nearest

if TYPE_CHECKING:
    from orefolio.case.case import Case

PREFIX = "OREFOLIO_"
Origin = Literal["flag", "environment", "case", "default"]
Value = float | int | str | None
Decorated = TypeVar("Decorated", bound=Callable[..., object])


@dataclass(frozen=True)
class Known:
    """One setting: how its text is read, what it is without a word from anyone, and what it means."""

    read: Callable[[str], Value]
    expected: str
    default: Value
    meaning: str


@dataclass(frozen=True)
class Setting:
    """A value and who decided it."""

    value: Value
    origin: Origin


@dataclass(frozen=True)
class Settings:
    """Every setting that was asked for, with its origin, and what to warn of."""

    chosen: Mapping[str, Setting]
    warnings: tuple[str, ...] = ()

    def number(self, name: str) -> float:
        """A setting that is a number and not open."""
        value = self.chosen[name].value
        if not isinstance(value, int | float):
            raise TypeError(f"setting {name} is {value!r}, no number")
        return value

    def whole(self, name: str) -> int:
        """A setting that is a whole number."""
        value = self.chosen[name].value
        if not isinstance(value, int):
            raise TypeError(f"setting {name} is {value!r}, no whole number")
        return value

    def optional_number(self, name: str) -> float | None:
        """A setting that is a number, or None where it is left open."""
        return None if self.chosen[name].value is None else self.number(name)

    def folder(self, name: str) -> Path:
        """A setting that is a folder."""
        return Path(str(self.chosen[name].value))

    def record(self) -> dict[str, dict[str, Value]]:
        """For the manifest: {name: {"value": …, "origin": …}}."""
        return {name: {"value": item.value, "origin": item.origin} for name, item in self.chosen.items()}


NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
WHOLE = re.compile(r"\+?\d+", re.ASCII)


def _number(highest: float = sys.float_info.max) -> Callable[[str], Value]:
    """Read a number from 0. Python's own reading would also take `1_000`, full-width digits, `nan` and `inf`."""

    def read(text: str) -> Value:
        if not NUMBER.fullmatch(text) or not 0 <= float(text) <= highest:
            raise ValueError(text)
        return float(text)

    return read


def _whole(lowest: int, highest: int) -> Callable[[str], Value]:
    def read(text: str) -> Value:
        if not WHOLE.fullmatch(text) or not lowest <= int(text) <= highest:
            raise ValueError(text)
        return int(text)

    return read


def _text(text: str) -> Value:
    if not text.strip():
        raise ValueError(text)
    return text


LARGEST = 2**31 - 1
MOST_THREADS = 1024
KNOWN = {
    "abs_gap": Known(
        _number(),
        "a number of million USD from 0",
        5.0,
        "Stop when bound and plan lie at most so many million USD apart.",
    ),
    "gap": Known(_number(1), "a share from 0 to 1", None, "Stop at this share of the cost, instead of --abs-gap."),
    "time_limit": Known(_number(), "a number of seconds from 0", 300.0, "Stop after so many seconds."),
    "node_limit": Known(
        _whole(0, LARGEST), "a whole number from 0", None, "Stop after so many branch-and-bound nodes."
    ),
    "threads": Known(_whole(1, MOST_THREADS), f"a whole number from 1 to {MOST_THREADS}", 1, "Threads of the solver."),
    "seed": Known(_whole(0, LARGEST), "a whole number from 0 to 2147483647", 0, "Seed of the solver."),
    "size_limit": Known(_number(), "a number from 0", None, "Refuse a case of more rows × periods × futures."),
    "out": Known(_text, "a folder", "results", "Folder of run folders, where a run is written and looked for."),
}


def options(*names: str) -> Callable[[Decorated], Decorated]:
    """Give a command the flags of these settings; each arrives as text, or None where it was not given."""

    def decorate(function: Decorated) -> Decorated:
        decorated = function
        for name in reversed(names):
            known = KNOWN[name]
            default = "" if known.default is None else f"; default {known.default}"
            flag = click.option(
                f"--{name.replace('_', '-')}",
                name,
                metavar=name.rpartition("_")[2].upper(),
                help=f"{known.meaning} [{PREFIX}{name.upper()}{default}]",
            )
            decorated = flag(decorated)
        return decorated

    return decorate


def chosen(
    flags: Mapping[str, str | None],
    case: Mapping[str, object],
    environment: Mapping[str, str] | None = None,
) -> Settings:
    """Decide each setting named in `flags`.

    flags: text as typed, None where not given. case: the case's own settings, by the same names. environment: by
    default the process's. Raises InputError with every value that cannot be read.
    """
    variables = os.environ if environment is None else environment
    found: dict[str, Setting] = {}
    faults: list[Fault] = []
    for name, flag in flags.items():
        variable = PREFIX + name.upper()
        places: tuple[tuple[Origin, str, object], ...] = (
            ("flag", f"--{name.replace('_', '-')}", flag),
            ("environment", variable, variables.get(variable)),
            ("case", f"case.yaml, {name}", case.get(name)),
        )
        found[name] = Setting(KNOWN[name].default, "default")
        for origin, place, given in places:
            if given is None:
                continue
            try:
                found[name] = Setting(KNOWN[name].read(str(given)), origin)
            except ValueError:
                faults.append(Fault(place, repr(given), KNOWN[name].expected))
            break
    if faults:
        raise InputError(faults)
    return Settings(found, _unknown(variables))


def settled(flags: Mapping[str, str | None], case: Case) -> Settings:
    """As `chosen`, with what a case's table of settings says of them."""
    return chosen(flags, {row.setting: f"{row.value:.15g}" for row in case.rows("settings")})


def _unknown(variables: Mapping[str, str]) -> tuple[str, ...]:
    names = sorted(name.removeprefix(PREFIX) for name in variables if name.startswith(PREFIX))
    unknown = [name for name in names if name.lower() not in KNOWN]
    return tuple(
        f"the environment's {PREFIX}{name} is no setting. {nearest(name.lower(), KNOWN)}".rstrip() for name in unknown
    )
