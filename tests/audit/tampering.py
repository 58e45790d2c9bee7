"""Single changes to a run: one value of the plan, one number of a table, one number of the record.

Left out because nothing in the case or the plan says what they should be: table magnitudes and the duals of table
prices (they are the program's own), and of the record the size of the program, nodes, options, versions and times.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from audit.runs import Texts, split

NOT_RECKONED = {("magnitudes", "*"), ("prices", "usd_per_t")}
STATED = (
    "objective", "bound", "abs_gap", "gap", "nothing_musd", "saving_musd", "expected_cost_musd", "tail_cost_musd",
    "worst", "futures", "risk", "tables", "seed", "threads",
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """What was changed, and the run after it."""

    what: str
    texts: Texts


def changes(texts: Texts, count: int, seed: int) -> Iterator[Change]:
    """As many changes as asked for: of ten, five in tables, four in the plan, one in the record."""
    chance = random.Random(seed)
    cells = {name: _cells(name, split(text)) for name, text in texts.tables.items()}
    cells = {name: found for name, found in cells.items() if found}
    for number in range(count):
        if number % 10 < 5:
            yield _table(texts, cells, chance)
        elif number % 10 < 9:
            yield _plan(texts, chance)
        else:
            yield _record(texts, chance)


def _cells(name: str, rows: list[list[str]]) -> list[tuple[int, int]]:
    """Row and column of every number that the audit says it reckons."""
    columns = [
        place
        for place, column in enumerate(rows[0])
        if (name, column) not in NOT_RECKONED and (name, "*") not in NOT_RECKONED
    ]
    return [(line, place) for line in range(1, len(rows)) for place in columns if _is_number(rows[line][place])]


def _is_number(text: str) -> bool:
    try:
        return float(text) == float(text)
    except ValueError:
        return False


def changed(value: float, chance: random.Random) -> float:
    """A number that is noticeably another: by 2 to 50 per cent up or down, or 1 instead of nothing or rounding."""
    if abs(value) < 1e-9:
        return 1.0
    return value * (1.0 + chance.choice((-1.0, 1.0)) * chance.uniform(0.02, 0.5))


def _table(texts: Texts, cells: dict[str, list[tuple[int, int]]], chance: random.Random) -> Change:
    name = chance.choice(sorted(cells))
    line, place = chance.choice(cells[name])
    rows = split(texts.tables[name])
    before = rows[line][place]
    rows[line][place] = f"{changed(float(before), chance):.9g}"
    what = f"table {name}, line {line + 1}, {rows[0][place]}: {before} to {rows[line][place]}"
    return Change(what, texts.with_table(name, rows))


def _plan(texts: Texts, chance: random.Random) -> Change:
    rows = split(texts.plan)
    line = chance.randrange(1, len(rows))
    before = list(rows[line])
    if chance.random() < 0.2:
        del rows[line]
        return Change(f"plan {before} left out", texts.with_plan(rows))
    rows[line][-1] = f"{changed(float(before[-1]), chance):.9g}"
    return Change(f"plan {before} to {rows[line][-1]}", texts.with_plan(rows))


def _record(texts: Texts, chance: random.Random) -> Change:
    record = copy.deepcopy(dict(texts.record))
    places = [place for name in STATED if name in record for place in _numbers(record, name)]
    holder, key, path = chance.choice(places)
    before = holder[key]
    holder[key] = changed(before, chance) if isinstance(before, float) else before + chance.choice((-1, 1, 5))
    return Change(f"record {path}: {before} to {holder[key]}", replace(texts, record=record))


def _numbers(holder: Any, key: Any, path: str = "") -> Iterator[tuple[Any, Any, str]]:
    value, path = holder[key], f"{path}/{key}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield holder, key, path
    elif isinstance(value, dict):
        for inner in value:
            yield from _numbers(value, inner, path)
    elif isinstance(value, list):
        for inner in range(len(value)):
            yield from _numbers(value, inner, path)
