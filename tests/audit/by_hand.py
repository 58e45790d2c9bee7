"""Evidence written by hand: a case, a few values of a plan, a few cells of tables. Nothing is solved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orefolio.audit.evidence import COMMITMENTS, Evidence, Label, Table
from orefolio.audit.life import lives
from orefolio.audit.tally import Tally
from orefolio.case.case import Case
from orefolio.case.scenarios import plant

Value = tuple[str, str, int, float]
"""Variable, words of the index, period, value."""


def evidence(
    case: Case,
    *values: Value,
    other: tuple[Value, ...] = (),
    record: Mapping[str, Any] | None = None,
    tables: Mapping[str, Mapping[str, list[str]]] | None = None,
    posted: Mapping[tuple[str, str], float] | None = None,
) -> Evidence:
    """values: of the first future; other: of the last; posted: what belongs to no node, such as a tail."""
    tree = plant(case)
    plan = {Label(variable, words, -1, -1): value for (variable, words), value in (posted or {}).items()}
    for future, several in ((0, values), (-1, other)):
        for variable, words, period, value in several:
            nodes = tree.parent if variable in COMMITMENTS else tree.node
            plan[Label(variable, words, period, nodes[future][period])] = value
    read = {name: Table(columns, len(next(iter(columns.values())))) for name, columns in (tables or {}).items()}
    return Evidence(case, tree, record or {}, plan, read)


def life_of(case: Case, *values: Value, future: int = 0) -> Any:
    """The first future, or another, under these values."""
    return list(lives(evidence(case, *values)))[future]


def counted(tally: Tally) -> tuple[int, int]:
    """Items and failures."""
    return tally.items, tally.failed
