"""Runs that are written down by hand, value by value: a case, some values of a plan, some tables, and no solver.

TIME has periods of unlike length, and at RATE a year a dollar at a moment t is worth 0.8 ** t.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping
from typing import Any

from audit.runs import joined
from orefolio.audit.costs import Bill, bills
from orefolio.audit.evidence import COMMITMENTS, PLAN_COLUMNS, Evidence, evidence_of
from orefolio.case.case import Case
from orefolio.case.scenarios import plant
from pencil import Piece, case_of, must, spot

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
"""Half-years until 2028, then a year, then two years at once: from 0, 0.5, 1 and 2 to 4."""


def timed(*pieces: Piece, **settings: Any) -> Case:
    """A case over TIME with a demand for metal and a market at 1."""
    return case_of(must("d", "metal", 1), spot("m", "metal", 1), *pieces, **{**TIME, **settings})


def at(moment: float) -> float:
    """What a dollar at a moment is worth on the first day."""
    return 0.8**moment  # type: ignore[no-any-return]


def mean(start: float, end: float) -> float:
    """What a dollar spread over a span is worth on the first day: the integral of 0.8 ** t over its length."""
    return (at(start) - at(end)) / (math.log(1.25) * (end - start))


FACTORS = (mean(0.0, 0.5), mean(0.5, 1.0), mean(1.0, 2.0), mean(2.0, 4.0))
"""Of the periods of TIME."""


def written(case: Case, *values: tuple[Any, ...], tables: Mapping[str, list[list[Any]]] | None = None) -> Evidence:
    """Evidence of a plan. values: (variable, index, period, value), and the number of the future where it is not 0."""
    tree = plant(case)
    rows = {}
    for variable, index, period, value, *future in values:
        nodes = tree.parent if variable in COMMITMENTS else tree.node
        rows[variable, index, period, nodes[future[0] if future else 0][period]] = value
    plan = joined([PLAN_COLUMNS, *([*map(str, label), repr(value)] for label, value in rows.items())])
    record = {"futures": [{"future": path.future} for path in tree.paths], "grid": case.grid}
    return evidence_of(case, record, plan, {name: table(rows) for name, rows in (tables or {}).items()})


def table(rows: Iterable[Iterable[Any]]) -> str:
    """A table as text from its header and rows."""
    return joined([["" if cell is None else str(cell) for cell in row] for row in rows])


def bill(case: Case, *values: tuple[Any, ...]) -> Bill:
    """The bill of the first future."""
    return bills(written(case, *values))[0]


def parts(case: Case, *values: tuple[Any, ...]) -> dict[tuple[str, int], float]:
    """The parts of cost by name and period, million USD."""
    return {place: math.fsum(terms) for place, terms in bill(case, *values).parts.items()}


def spent(case: Case, *values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Public money: envelope, million USD, from, to."""
    return [tuple(each) for each in bill(case, *values).spendings]
