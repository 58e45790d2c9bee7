"""References: every id that a row names stands in the table it points to, exactly once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from operator import attrgetter

from orefolio.errors import Fault

from ..case import Case
from ..columns import Column, declared, key_columns
from ..schema import TABLES
from .place import fault_at, near

MOST_OFFERS = 20
BY_NAME = (
    ("scrap", "programme", "programmes", "programme"),
    ("substitutions", "programme", "programmes", "programme"),
    ("substitutions", "demand_group", "demands", "group"),
    ("chance", "group", "demands", "group"),
    ("shortage_tails", "group", "demands", "group"),
    ("future_events", "event", "events", "event"),
)
"""Table, column: must be found in a column of another table, though it is no key there."""


def references_are_known(case: Case, broken: Collection[str] = ()) -> Iterator[Fault]:
    """Ids point at rows. broken: tables that could not be read whole, whose ids are not held against anyone."""
    known = {table: _ids(case, table) for table in TABLES}
    for table, declaration in TABLES.items():
        for name, column in declared(declaration).items():
            targets = column.table.split()
            if column.kind in ("reference", "references") and not any(target in broken for target in targets):
                yield from _unknown(case, table, name, column, {target: known[target] for target in targets})


def names_are_known(case: Case, broken: Collection[str] = ()) -> Iterator[Fault]:
    """Names of programmes, groups of demands and events exist."""
    for table, column, target, target_column in BY_NAME:
        known = {getattr(row, target_column) for row in case.rows(target)} - {""}
        for number, row in enumerate(case.rows(table)):
            name = getattr(row, column)
            if name and name not in known and target not in broken:
                found = f"the {column.replace('_', ' ')} {name!r}"
                yield fault_at(case, table, number, column, found, f"one of {target}.csv", _offer(name, known))


def _ids(case: Case, table: str) -> set[str]:
    """What a reference to a table can name: the first of its key columns."""
    first = key_columns(TABLES[table])[0]
    return set(map(str, map(attrgetter(first), case.rows(table))))


def _unknown(case: Case, table: str, name: str, column: Column, known: dict[str, set[str]]) -> Iterator[Fault]:
    expected = f"an id of {' or '.join(f'{target}.csv' for target in known)}"
    held = list(map(attrgetter(name), case.rows(table)))
    named = set(chain.from_iterable(set(held))) if column.kind == "references" else set(held)
    wrong = {identity for identity in named if identity and sum(identity in ids for ids in known.values()) != 1}
    everything = {item for ids in known.values() for item in ids} if wrong else set()
    offers = MOST_OFFERS
    for number, value in enumerate(held if wrong else ()):
        for identity in value if column.kind == "references" else (value,):
            if identity not in wrong:
                continue
            holding = [target for target, ids in known.items() if identity in ids]
            title = name.removesuffix("_").replace("_", " ")
            if holding:
                found = f"the {title} {identity!r}, which stands in {' and '.join(holding)}"
                yield fault_at(case, table, number, name, found, "an id of one of them", "Rename one")
            else:
                offer = _offer(identity, everything) if offers > 0 else ""
                offers -= 1
                yield fault_at(case, table, number, name, f"the {title} {identity!r}", expected, offer)


def _offer(name: str, known: Iterable[str]) -> str:
    ids = sorted(known)
    if not ids:
        return "There is none"
    return near(name, ids) or (f"Known: {', '.join(ids)}" if len(ids) <= 12 else "")
