"""Selectors of a part beside other parts: each goes on to reach the rows of its own part that it reached, no others.

A selector that would reach more, or miss what was given another name, is written out row by row.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from .adjust import attribute, selector, selects
from .apart import Names, names_of
from .columns import declared, key_columns
from .schema import TABLES

Key = tuple[Any, ...]
ByKey = Mapping[Key, Any]


def key_of(table: str, row: Any) -> Key:
    """The key of a row."""
    return tuple(getattr(row, column) for column in key_columns(TABLES[table]))


class Reach:
    """What selectors of one part reach.

    before: its rows as written; after: for each of them the keys that it has beside the other parts; beside: the rows
    of all parts by key.
    """

    def __init__(
        self,
        before: Mapping[str, Sequence[Any]],
        after: Mapping[str, Sequence[Sequence[Key]]],
        beside: Mapping[str, ByKey],
        names: Names,
    ) -> None:
        self.before, self.after, self.beside, self.names = before, after, beside, names

    def selectors(self, table: str, where: str, idle: Callable[[Any], bool] = lambda _: False) -> list[str]:
        """A selector as written in the part, so that it reaches the same beside others. idle: rows it leaves alone."""
        if table not in TABLES:
            return [where]
        found = [
            (row, keys) for row, keys in zip(self.before[table], self.after[table], strict=True) if selects(where, row)
        ]
        meant = [keys for row, keys in found if not idle(row)] or [keys for _, keys in found]
        wanted = {key for _, keys in found for key in keys}
        named = self._named(table, where)
        if not wanted or {key for key, row in self.beside[table].items() if selects(named, row)} == wanted:
            return [named]
        return [_exactly(table, key) for key in dict.fromkeys(key for keys in meant for key in keys)]

    def _named(self, table: str, where: str) -> str:
        """A selector with the new names of the ids that it gives."""
        columns = declared(TABLES[table])
        pairs = []
        for column, pattern in selector(where):
            known = names_of(table, column, columns[column], self.names) if column in columns else {}
            pairs.append((column, known.get(pattern, pattern)))
        return where if tuple(pairs) == selector(where) else _written(pairs)


def _exactly(table: str, key: Key) -> str:
    return _written(list(zip(key_columns(TABLES[table]), key, strict=True)))


def _written(pairs: Sequence[tuple[str, Any]]) -> str:
    return "; ".join(f"{column.removesuffix('_')}={pattern}" for column, pattern in pairs)


def spread(rows: Sequence[Any], reach: Reach) -> list[list[Any]]:
    """Rows with a selector, each as one row or several that reach together what it reached."""
    return [list(_several(row, reach.selectors(row.table, row.where, partial(_no_limit, row)))) for row in rows]


def _several(row: Any, selectors: Sequence[str]) -> Iterator[Any]:
    for where in selectors:
        yield row if where == row.where else dataclasses.replace(row, where=where)


def _no_limit(adjustment: Any, row: Any) -> bool:
    """Whether an adjustment leaves a row as it is, since the cell is blank and stands for no limit."""
    value = getattr(row, attribute(adjustment.column), None)
    return adjustment.operation != "set" and isinstance(value, float) and math.isinf(value)
