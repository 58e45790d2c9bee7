"""How one plan differs from another, in words: from the lists of commitments that a sweep keeps of its points."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from orefolio.case.case import Case, row_keys
from orefolio.tables.outcome import TRUNK

ENTRY = re.compile(r"(\S+) (.+?) (\d{4}-\d{2})(?: (\S+) t/year)?(?: in (.+))?")
"""A commitment as `sweep.figures.commitments` has it: kind, id, date, size, and where it is made."""
TABLES = {"project": "projects", "contract": "contracts", "tranche": "tranches", "programme": "programmes"}
RESIZED = 0.01  # share of a size from which on it counts as another

Things = dict[str, dict[str, list[tuple[str, float]]]]
"""By kind and id: date and size of each commitment, by the futures in which it is made; blank for all."""


@dataclass(frozen=True)
class Changes:
    """Ids with their kind, `project x`, of what differs. elsewhere: alike on its first date, not in all futures."""

    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    resized: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()

    def words(self, names: Mapping[str, str], most: int) -> str:
        """`no longer: …; new: …; 3 resized`; at most so many names of a kind. names: of each id with its kind."""
        listed = {"gone": "no longer", "new": "new", "earlier": "earlier", "later": "later"}
        said = [f"{word}: {_list([names.get(t, t) for t in things], most)}" for name, word in listed.items()
                if (things := getattr(self, name))]  # fmt: skip
        counted = {"resized": "resized", "elsewhere": "changed in some futures"}
        said += [f"{len(things)} {word}" for name, word in counted.items() if (things := getattr(self, name))]
        return "; ".join(said)

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


def changes(before: str, after: str) -> Changes:
    """What the plan with the commitments `after` does otherwise than that with the commitments `before`."""
    was, now = _things(before), _things(after)
    both = [thing for thing in now if thing in was]
    firsts = {thing: (_first(was[thing]), _first(now[thing])) for thing in both}
    same = [thing for thing in both if firsts[thing][0] == firsts[thing][1] and was[thing] != now[thing]]
    resized = [thing for thing in same if _resized(was[thing], now[thing])]
    moved = [t for t in same if t not in resized and _dates(was[t]) != _dates(now[t])]
    return Changes(
        gone=tuple(thing for thing in was if thing not in now),
        new=tuple(thing for thing in now if thing not in was),
        earlier=tuple(thing for thing in both if firsts[thing][1] < firsts[thing][0]),
        later=tuple(thing for thing in both if firsts[thing][1] > firsts[thing][0]),
        resized=tuple(resized),
        elsewhere=tuple(moved),
    )


def things(commitments: str) -> frozenset[str]:
    """What a plan commits to at all, whenever, at whatever size."""
    return frozenset(_things(commitments))


def held_in(commitments: str, futures: Collection[str]) -> str:
    """The commitments that are made in one of some futures, without saying where; those of the trunk are among them."""
    held = []
    for text in filter(None, commitments.split("; ")):
        words, _, where = text.partition(" in ")
        if not where or where == TRUNK or not set(futures).isdisjoint(where.split()):
            held.append(words)
    return "; ".join(dict.fromkeys(held))


def names_of(case: Case) -> dict[str, str]:
    """Names as people say them, by kind and id. A level of a programme and a tranche say their number."""
    return {
        f"{kind} {key}": _name(row, key)
        for kind, table in TABLES.items()
        for key, row in zip(row_keys(table, case.rows(table)), case.rows(table), strict=True)
    }


def _name(row: Any, key: str) -> str:
    name = getattr(row, "name", "") or key.partition("/")[0]
    _, sign, level = key.partition("/")
    return f"{name} {level}" if sign and not name.endswith(level) else name


def _things(commitments: str) -> Things:
    found: Things = {}
    for text in filter(None, commitments.split("; ")):
        entry = ENTRY.fullmatch(text)
        if entry is None:
            raise ValueError(f"{text!r} is no commitment")
        kind, key, date, size, where = entry.groups(default="")
        found.setdefault(f"{kind} {key}", {}).setdefault(where, []).append((date, float(size or 0)))
    return found


def _first(thing: Mapping[str, Iterable[tuple[str, float]]]) -> str:
    return min(date for entries in thing.values() for date, _ in entries)


def _dates(thing: Mapping[str, Iterable[tuple[str, float]]]) -> set[tuple[str, str]]:
    return {(where, date) for where, entries in thing.items() for date, _ in entries}


def _resized(was: Mapping[str, Iterable[tuple[str, float]]], now: Mapping[str, Iterable[tuple[str, float]]]) -> bool:
    """Whether a size in futures in which both plans make the commitment is another."""
    sizes = [
        (sum(size for _, size in was[where]), sum(size for _, size in now[where])) for where in was if where in now
    ]
    return any(abs(one - other) > RESIZED * max(one, other) for one, other in sizes)


def _list(names: Sequence[str], most: int) -> str:
    """Names in a row; one with a comma in it stands in quotes."""
    once = [f"“{name}”" if "," in name else name for name in dict.fromkeys(names)]
    rest = len(once) - most
    return ", ".join(once[:most]) + (f" and {rest} more" if rest > 0 else "")
