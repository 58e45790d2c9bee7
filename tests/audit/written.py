"""Runs written by hand: a case, some values of a plan, some rows of tables. No solver has any part in them."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from audit.runs import joined
from orefolio.audit.costs import Bill
from orefolio.audit.evidence import COMMITMENTS, PLAN_COLUMNS, Evidence, evidence_of
from orefolio.audit.life import Life, lives
from orefolio.case.case import Case
from orefolio.case.scenarios import plant
from pencil import Piece, case_of, must, spot

Line = tuple[str, str, int, float] | tuple[str, str, int, float, str]
"""Variable, index, number of the period (-1: of none), value, and the future where it is not the same in all."""
Values = Mapping[str, Sequence[float]]
"""`variable words` to its value in each period; what is zero is left out of the plan."""

RATE = 0.25
TIME: Mapping[str, Any] = {
    "years": 4,
    "discount": RATE,
    "grids": {
        "uneven": (
            (datetime.date(2028, 1, 1), 6),
            (datetime.date(2029, 1, 1), 12),
            (datetime.date(2031, 1, 1), 24),
        )
    },
}
"""Half-years until 2028, then a year, then two years at once: from 0, 0.5, 1 and 2 to 4. At RATE a year a dollar at a
moment t is worth 0.8 ** t."""
UNEVEN: dict[str, Any] = {
    "years": 4,
    "grids": {
        "uneven": (
            (datetime.date(2028, 1, 1), 6),
            (datetime.date(2030, 1, 1), 24),
            (datetime.date(2031, 1, 1), 12),
        )
    },
}
"""Periods of half a year, half a year, two years and one year; commitments are made at the first, third and fourth."""
LABELS = ("2027-01", "2027-07", "2028-01", "2030-01")
"""The periods of UNEVEN by their first months."""


def named(name: str, table: str, piece: Piece) -> Piece:
    """A piece whose rows of a table have a name."""
    return {**piece, table: [{**row, "name": name} for row in piece[table]]}


def timed(*pieces: Piece, **settings: Any) -> Case:
    """A case over TIME with a demand for metal and a market at 1."""
    return case_of(must("d", "metal", 1), spot("m", "metal", 1), *pieces, **{**TIME, **settings})


def at(moment: float) -> float:
    """What a dollar at a moment is worth on the first day of TIME."""
    return 0.8**moment  # type: ignore[no-any-return]


def mean(start: float, end: float) -> float:
    """What a dollar spread over a span is worth on that day: the integral of 0.8 ** t over its length."""
    return (at(start) - at(end)) / (math.log(1.25) * (end - start))


FACTORS = (mean(0.0, 0.5), mean(0.5, 1.0), mean(1.0, 2.0), mean(2.0, 4.0))
"""Of the periods of TIME."""


def written(
    case: Case,
    *lines: Line,
    tables: Mapping[str, Sequence[Sequence[Any]]] | None = None,
    record: Mapping[str, Any] | None = None,
) -> Evidence:
    """A run whose plan has these lines. tables: each a header and its rows; record: in the place of the least one."""
    tree = plant(case)
    nodes_of = {path.future: nodes for path, *nodes in zip(tree.paths, tree.node, tree.parent, strict=True)}
    plan: dict[tuple[str, str, int, int], float] = {}
    for variable, index, period, value, *only in lines:
        for future in only or nodes_of:
            node = nodes_of[future][variable in COMMITMENTS][period] if period >= 0 else -1
            known = plan.setdefault((variable, index, period, node), value)
            assert known == value, "two futures are in one node and say the same"
    rows = [PLAN_COLUMNS, *([*map(str, label), repr(value)] for label, value in plan.items())]
    least = {"futures": [{"future": future} for future in nodes_of], "grid": case.grid}
    texts = {name: _text(table) for name, table in (tables or {}).items()}
    read = evidence_of(case, least, joined(rows), texts)
    return read if record is None else replace(read, record=record)


def _text(table: Sequence[Sequence[Any]]) -> str:
    return joined([["" if cell is None else str(cell) for cell in row] for row in table])


def by_column(columns: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """A table that is written column by column, as a header and its rows."""
    return [list(columns), *(list(row) for row in zip(*columns.values(), strict=True))]


def stated(
    case: Case, values: Values, tables: Mapping[str, Sequence[Sequence[Any]]] | None = None, **in_future: Values
) -> Evidence:
    """A run with these values in every future, and with others in some futures alone."""
    lines: list[Line] = []
    for future in [row.future for row in case.rows("futures")]:
        lines += ((*line, future) for line in _lines({**values, **in_future.get(future, {})}))
    return written(case, *lines, tables=tables)


def _lines(values: Values) -> Iterator[tuple[str, str, int, float]]:
    for name, numbers in values.items():
        variable, _, words = name.partition(" ")
        for period, value in enumerate(numbers):
            if value:
                yield variable, words, period, value


def life_of(evidence: Evidence, number: int = 0) -> Life:
    """One future of a run."""
    return list(lives(evidence))[number]


def costing(evidence: Evidence, *terms: Sequence[float]) -> Evidence:
    """The same run, in which each future costs these terms, million USD, in the first period."""
    parts = [{("freight", 0): list(each)} for each in terms]
    evidence.kept["bills"] = [Bill(life, each) for life, each in zip(lives(evidence), parts, strict=True)]
    return evidence
