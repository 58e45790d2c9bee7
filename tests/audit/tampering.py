"""Single changes to a run: one cell of a table, one value of the plan, one entry of the record.

A change is void where what it says is as true as what stood there before; `why_void` gives the reason. Columns that
nothing in the case or the plan determines are in BY_FILES: they are changed in the run folder, and it is the comparison
with the manifest that must see it.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from audit.runs import Texts, split

BY_FILES = {
    ("prices", "usd_per_t"), ("magnitudes", "nonzeros"), ("magnitudes", "smallest"), ("magnitudes", "largest"),
}  # fmt: skip
"""Columns with numbers of the program's own: its duals, and how many of its numbers there are and how large."""
STATED = (
    "schema", "case", "status", "objective", "bound", "abs_gap", "gap", "nothing_musd", "saving_musd", "trunk",
    "expected_cost_musd", "tail_cost_musd", "worst", "futures", "risk", "tables", "seed", "threads", "grid",
)  # fmt: skip
"""Entries of the record that the audit reckons; the others are held by the manifest alone."""
SAME = 1e-6
"""A relative change within the audit's tolerance."""


@dataclass(frozen=True)
class Change:
    """What was changed, the run after it, and the reason where the change means nothing."""

    what: str
    texts: Texts
    void: str = ""


def cells_of(texts: Texts) -> dict[tuple[str, str], list[int]]:
    """(table, column) to the lines that have a cell; columns held by the manifest alone are left out."""
    found: dict[tuple[str, str], list[int]] = {}
    for name, text in texts.tables.items():
        rows = split(text)
        for column in rows[0]:
            if (name, column) not in BY_FILES and len(rows) > 1:
                found[name, column] = list(range(1, len(rows)))
    return found


def changes(texts: Texts, count: int, seed: int) -> Iterator[Change]:
    """As many changes as asked for: of ten, six in tables (each column in turn), three in the plan, one in the rest."""
    chance = random.Random(seed)
    cells = cells_of(texts)
    columns = sorted(cells)
    chance.shuffle(columns)
    tables = 0
    for number in range(count):
        if number % 10 < 6:
            place = columns[tables % len(columns)]
            tables += 1
            yield _table(texts, *place, chance.choice(cells[place]), chance)
        elif number % 10 < 9:
            yield _plan(texts, chance)
        else:
            yield _record(texts, chance)


def every_column(texts: Texts, seed: int, table: str = "") -> Iterator[Change]:
    """One change in each column of a table, or of each table."""
    chance = random.Random(seed)
    for place, lines in sorted(cells_of(texts).items()):
        if table in ("", place[0]):
            yield _table(texts, *place, chance.choice(lines), chance)


def is_number(text: str) -> bool:
    try:
        return float(text) == float(text)
    except ValueError:
        return False


def changed(value: float, chance: random.Random) -> float:
    """A number that is noticeably another: by 2 to 50 per cent up or down, or 1 instead of nothing or rounding."""
    if abs(value) < 1e-9:
        return 1.0
    return value * (1.0 + chance.choice((-1.0, 1.0)) * chance.uniform(0.02, 0.5))


def changed_text(before: str, others: list[str], chance: random.Random) -> str:
    """Another text: one that stands elsewhere in the column, or the same one with a letter more."""
    others = sorted(set(others) - {before})
    return chance.choice(others) if others and chance.random() < 0.5 else before + "x"


def _table(texts: Texts, name: str, column: str, line: int, chance: random.Random) -> Change:
    rows = split(texts.tables[name])
    place = rows[0].index(column)
    before = rows[line][place]
    if is_number(before):
        after = f"{changed(float(before), chance):.9g}"
    else:
        after = changed_text(before, [row[place] for row in rows[1:]], chance)
    void = why_void(name, rows, line, column, after)
    rows[line][place] = after
    what = f"table {name}, line {line + 1}, {column}: {before!r} to {after!r}"
    return Change(what, texts.with_table(name, rows), void)


def why_void(name: str, rows: list[list[str]], line: int, column: str, after: str) -> str:
    """Why a changed cell says nothing else than before; blank where it does."""
    cells = dict(zip(rows[0], rows[line], strict=True))
    if (name, column) == ("concentration", "largest_country") and _supplies_as_much(cells):
        return "two countries supply as much"
    if name == "support" and column in ("row", "name") and float(cells["cost_musd"]) <= SAME:
        return "the part of cost is nothing"
    numbers = [cell for key, cell in cells.items() if is_number(cell) and key not in ("year", "node")]
    if name in ("cost", "flows", "supply", "shortage") and all(abs(float(cell)) <= 1e-9 for cell in numbers):
        return "a row of nothing but zeros may be left out"
    return "" if after != cells[column] else "the cell is as it was"


def _supplies_as_much(cells: dict[str, str]) -> bool:
    """Whether the largest country has its share at most once more: half, a third and so on of equal ones."""
    return int(cells["countries"]) > 1 and abs(float(cells["largest_share"]) * int(cells["countries"]) - 1.0) < SAME


def _plan(texts: Texts, chance: random.Random) -> Change:
    rows = split(texts.plan)
    line = chance.randrange(1, len(rows))
    before = list(rows[line])
    void = "a rounding error of the solver" if abs(float(before[-1])) <= SAME else ""
    fate = chance.random()
    if fate < 0.2:
        del rows[line]
        return Change(f"plan {before} left out", texts.with_plan(rows), void)
    if fate < 0.4:
        place = chance.randrange(2)
        rows[line][place] = changed_text(before[place], [row[place] for row in rows[1:]], chance)
    elif fate < 0.5:
        place = chance.choice((2, 3))
        rows[line][place] = str(int(before[place]) + chance.choice((-1, 1, 7)))
    else:
        rows[line][-1] = f"{changed(float(before[-1]), chance):.9g}"
    return Change(f"plan {before} to {rows[line]}", texts.with_plan(rows), void)


def _record(texts: Texts, chance: random.Random) -> Change:
    record = copy.deepcopy(dict(texts.record))
    places = [place for name in STATED if name in record for place in _entries(record, name)]
    holder, key, path = chance.choice(places)
    before = holder[key]
    if isinstance(before, float):
        holder[key] = changed(before, chance)
    elif isinstance(before, int):
        holder[key] = before + chance.choice((-1, 1, 5))
    else:
        holder[key] = "feasible" if path == "/status" else before + "x"
    return Change(f"record {path}: {before!r} to {holder[key]!r}", replace(texts, record=record))


def _entries(holder: Any, key: Any, path: str = "") -> Iterator[tuple[Any, Any, str]]:
    value, path = holder[key], f"{path}/{key}"
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        if path != "/case/hash":  # held where the folder is read
            yield holder, key, path
    elif isinstance(value, dict):
        for inner in value:
            yield from _entries(value, inner, path)
    elif isinstance(value, list):
        for inner in range(len(value)):
            yield from _entries(value, inner, path)
