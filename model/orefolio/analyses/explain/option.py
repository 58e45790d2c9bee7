"""Options that can be asked about: what they are called, which columns take them, how much of them is the least."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from orefolio.analyses.first_change import LEAST_SHARE, LEAST_SIZE, RAISED_SHARE, OptionId
from orefolio.case.case import Case
from orefolio.errors import Fault, InputError, nearest
from orefolio.program.merge import Merged
from orefolio.program.program import Floats, Integers, Label, Program

WHOLE = 0.5  # of a binary: from here on it is taken
NOUGHT = 1e-6  # tonnes


@dataclass(frozen=True)
class Kind:
    """A kind of option. choices: columns that take it, the first that a program has. amounts: columns that say how
    much. own: columns whose cost is its own, called `part`. unit: of its amounts."""

    choices: tuple[str, ...]
    amounts: tuple[str, ...]
    own: tuple[str, ...]
    part: str
    unit: str


KINDS: dict[str, Kind] = {
    "project": Kind(("start", "size"), ("size",), ("start", "size"), "capital and fixed operation", "t a year"),
    "contract": Kind(("sign", "tranche"), ("volume",), ("buy", "unused"), "price", "t a year"),
    "programme": Kind(("level_on",), ("level_on",), ("level_on",), "outlay", "level"),
    "purchase": Kind(("buy",), ("buy",), ("buy",), "price", "t"),
    "supplier": Kind(("buy",), ("buy",), ("buy",), "price", "t"),
    "stockpile": Kind(("stock",), ("stock",), ("put",), "handling", "t held through a period"),
    "lane": Kind(("ship",), ("ship",), ("ship",), "freight and tariff", "t"),
    "process": Kind(("activity",), ("activity",), ("activity",), "running cost", "t"),
    "demand": Kind(("deliver",), ("deliver",), (), "", "t"),
}


@dataclass(frozen=True)
class Use:
    """How an option stands in a program: for each set of futures that share its columns, the columns that take it,
    those of its amount, what the plan has of it, and by how much more it is taken at the least."""

    option: OptionId
    choices: tuple[Integers, ...]
    amounts: tuple[Integers, ...]
    level: Floats
    least: Floats
    taken: bool

    def enters(self, values: Floats) -> bool:
        """Whether another plan takes it, or more of it by the least."""
        levels = np.array([values[columns].sum() for columns in self.choices])
        return bool((levels >= self.level + self.least * (1 - 1e-6)).any())

    def all_columns(self) -> Integers:
        """Every column that takes it or is an amount of it."""
        return np.unique(np.concatenate([*self.choices, *self.amounts]))


def names_of(case: Case) -> dict[str, dict[str, str]]:
    """By kind, the names that can be asked about and the id of each; a programme's is its first level."""
    signed = {row.contract for row in case.rows("contracts") if row.kind != "spot" and not row.in_force}
    levels = {f"{row.programme}/{row.level}": f"{row.programme}/{row.level}" for row in case.rows("programmes")}
    first = {row.programme: f"{row.programme}/1" for row in case.rows("programmes")}
    every = {row.contract for row in case.rows("contracts")}
    found = {
        "project": {row.project for row in case.rows("projects")},
        "contract": signed,
        "purchase": every - signed,
        "stockpile": {row.stockpile for row in case.rows("stockpiles")},
        "lane": {row.lane for row in case.rows("lanes")},
        "process": {row.process for row in case.rows("processes")},
        "demand": {row.demand for row in case.rows("demands")},
        "supplier": {row.supplier for row in case.rows("contracts")},
    }
    names = {kind: {name: name for name in sorted(own)} for kind, own in found.items()}
    return {**names, "programme": {**first, **levels}}


def option_of(case: Case, name: str) -> OptionId:
    """Kind and id of an option by its name, or by `kind:name` where two kinds share one. Raises InputError."""
    names = names_of(case)
    kind, colon, rest = name.partition(":")
    wanted = [kind] if colon and kind in names else list(KINDS)
    called = rest if colon and kind in names else name
    for each in wanted:
        if called in names[each]:
            return each, names[each][called]
    known = sorted({entry for each in wanted for entry in names[each]})
    near = nearest(called, known) or _holding(called, known)
    expected = "a project, programme, contract, supplier, stockpile, lane, process or demand of the case"
    raise InputError([Fault("--why", repr(name), expected, remedy=near or "`orefolio show` lists what a plan takes")])


def _holding(word: str, known: Iterable[str]) -> str:
    """A sentence that offers names that share a part with a word."""
    parts = [part for part in word.replace("-", "_").lower().split("_") if len(part) > 2]
    shared = {name: sum(part in name.lower() for part in parts) for name in known}
    best = sorted((name for name in shared if shared[name]), key=lambda name: (-shared[name], name))[:3]
    return f"Did you mean {' or '.join(best)}?" if best else ""


def is_of(label: Label, option: OptionId, case: Case) -> bool:
    """Whether a column's index begins with an option's."""
    kind, name = option
    if kind == "programme":
        return "/".join(label.index[:2]) == name
    if kind == "supplier":
        return case.has("contracts", label.index[0]) and case.row("contracts", label.index[0]).supplier == name
    return bool(label.index) and label.index[0] == name


def columns_named(program: Program, case: Case, option: OptionId, names: Iterable[str]) -> Integers:
    """The open columns of an option with one of these names."""
    wanted = set(names)
    found = [
        n
        for n, label in enumerate(program.columns)
        if label.name in wanted and program.column_upper[n] > 0 and is_of(label, option, case)
    ]
    return np.array(found, dtype=np.int64)


def use_of(merged: Merged, option: OptionId, values: Floats) -> Use | None:
    """How a plan uses an option; None where no future can. values: (columns,)."""
    program, case, kind = merged.program, merged.tree.case, KINDS[option[0]]
    choices = next((c for name in kind.choices if (c := columns_named(program, case, option, [name])).size), None)
    if choices is None:
        return None
    amounts = columns_named(program, case, option, kind.amounts)
    short = columns_named(program, case, option, ["short"]) if option[0] == "demand" else amounts[:0]
    groups: dict[tuple[int, ...], tuple[Integers, float]] = {}
    for column_of in merged.column_of:
        own = choices[np.isin(choices, column_of)]
        missing = float(values[short[np.isin(short, column_of)]].sum())
        if own.size and (option[0] != "demand" or missing > NOUGHT):
            groups[tuple(own.tolist())] = amounts[np.isin(amounts, column_of)], missing
    taken = option[0] == "demand" and not groups
    if taken:
        groups = {tuple(choices.tolist()): (amounts, 0.0)}
    sets = [np.array(group, dtype=np.int64) for group in groups]
    level = np.array([values[group].sum() for group in sets])
    least = np.array([_least(program, case, option, group, groups[tuple(group.tolist())][1]) for group in sets])
    if option[0] != "demand":
        from_here = np.array([_taken_from(program, group, step) for group, step in zip(sets, least, strict=True)])
        taken = (
            bool((level >= from_here).any()) if option[0] != "stockpile" else _raised(case, option[1], values[choices])
        )
    return Use(option, tuple(sets), tuple(pair[0] for pair in groups.values()), level, least, taken)


def _raised(case: Case, stockpile: str, held: Floats) -> bool:
    """Whether it is raised above what it holds on the first day."""
    row = case.row("stockpiles", stockpile)
    room = RAISED_SHARE * row.warehouse_t if math.isfinite(row.warehouse_t) else 1.0
    return bool(held.max() > row.initial_t + room)


def _taken_from(program: Program, columns: Integers, least: float) -> float:
    return WHOLE if program.integer[columns[0]] else min(LEAST_SIZE, least)


def _least(program: Program, case: Case, option: OptionId, columns: Integers, missing: float) -> float:
    """By how much an option is taken at the least: wholly, or by a tenth of the most of it, or by a tonne."""
    kind, name = option
    if program.integer[columns[0]]:
        return 1.0
    if kind == "demand":
        return LEAST_SHARE * missing
    most = float(program.column_upper[columns].max())
    if kind == "stockpile":
        row = case.row("stockpiles", name)
        most = min(row.warehouse_t, row.pace_t_per_year) * len({program.columns[n].period for n in columns})
    elif kind == "process":
        most = min(most, case.row("processes", name).capacity_t_per_year)
    elif kind == "lane":
        most = min(most, case.row("lanes", name).capacity_t_per_year)
    return LEAST_SHARE * most if math.isfinite(most) and most > 0 else 1.0
