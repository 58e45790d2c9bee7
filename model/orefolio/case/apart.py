"""Ids that parts of a case use for different things, kept apart: those of a part get the part's name at their end.

What names an id follows it: references, groups of demands, the programme of a substitute, rows of the basis, where a
pattern stands once more with the ending if ids that it meant would slip from it. For selectors see `reach_of_parts`.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from .columns import Column, declared, key_columns
from .schema import TABLES

Rows = Mapping[str, tuple[Any, ...]]
Names = dict[str, dict[str, str]]
"""By table: an id of a part, and what it is called beside other parts. `demand_groups` are groups of demands."""

GROUPS = "demand_groups"
BY_NAME = {
    ("substitutions", "programme"): "programmes",
    ("scrap", "programme"): "programmes",
    ("demands", "group"): GROUPS,
    ("substitutions", "demand_group"): GROUPS,
    ("chance", "group"): GROUPS,
    ("shortage_tails", "group"): GROUPS,
    ("future_events", "event"): "events",
}
"""Columns that name an id and are declared as words, or as part of a key."""
ENTITIES = (*(name for name, table in TABLES.items() if declared(table)[key_columns(table)[0]].kind == "key"), GROUPS)
"""Tables whose ids can be kept apart."""

PATTERN = re.compile(r"[*?\[]")


def names_apart(part: str, rows: Rows, before: Sequence[Rows], wanted: Mapping[str, Sequence[str]]) -> Names:
    """What ids of a part are called: those of `wanted`, table to patterns, that a part before it has too."""
    names: Names = {}
    for table, patterns in wanted.items():
        known = {name for other in before for name in _ids(table, other)}
        names[table] = {
            name: f"{name}_{part}"
            for name in _ids(table, rows)
            if name in known and any(fnmatchcase(name, pattern) for pattern in patterns)
        }
    return names


def _ids(table: str, rows: Rows) -> list[str]:
    entries, column = (rows["demands"], "group") if table == GROUPS else (rows[table], key_columns(TABLES[table])[0])
    return [name for name in dict.fromkeys(str(getattr(row, column)) for row in entries) if name]


def renamed(rows: Rows, names: Names) -> dict[str, tuple[Any, ...]]:
    """The rows of each table under the new names, in their order; selectors stay as they are."""
    return {table: tuple(_row(table, row, names) for row in entries) for table, entries in rows.items()}


def _row(table: str, row: Any, names: Names) -> Any:
    values = {}
    for column, declaration in declared(TABLES[table]).items():
        value = getattr(row, column)
        changed = _value(value, names_of(table, column, declaration, names))
        if changed != value:
            values[column] = changed
    return dataclasses.replace(row, **values) if values else row


def _value(value: Any, known: Mapping[str, str]) -> Any:
    if isinstance(value, tuple):
        return tuple(known.get(item, item) for item in value)
    return known.get(value, value) if isinstance(value, str) else value


def names_of(table: str, column: str, declaration: Column, names: Names) -> Mapping[str, str]:
    """The new names of the ids that a column may hold; none where it holds numbers or words."""
    if declaration.kind in ("reference", "references"):
        return {old: new for target in declaration.table.split() for old, new in names.get(target, {}).items()}
    if declaration.kind == "key" and column == key_columns(TABLES[table])[0]:
        return names.get(table, {})
    return names.get(BY_NAME.get((table, column), ""), {})


def _patterns(pattern: str, known: Mapping[str, str]) -> list[str]:
    if not PATTERN.search(pattern):
        return [known.get(pattern, pattern)]
    lost = [new for old, new in known.items() if fnmatchcase(old, pattern) and not fnmatchcase(new, pattern)]
    return [pattern, *dict.fromkeys(pattern + _ending(new, known) for new in lost)]


def _ending(new: str, known: Mapping[str, str]) -> str:
    old = next(name for name, other in known.items() if other == new)
    return new.removeprefix(old)


def basis_keys(row: Any, names: Names) -> list[str]:
    """The key of a basis row in the new names; more than one where a pattern would lose some."""
    if row.table not in TABLES:
        return [row.row]
    columns = declared(TABLES[row.table])
    keys = key_columns(TABLES[row.table])
    words = row.row.split("/")
    if len(words) != len(keys):
        return [row.row]
    found = [""]
    for word, column in zip(words, keys, strict=True):
        choices = _patterns(word, names_of(row.table, column, columns[column], names))
        found = [f"{start}/{choice}" if start else choice for start in found for choice in choices]
    return found
