"""Plans written by hand for a case, as the audit reads them: no solver is asked."""

from __future__ import annotations

from typing import Any

from audit.runs import joined
from orefolio.audit.evidence import COMMITMENTS, PLAN_COLUMNS, Evidence, evidence_of
from orefolio.case.case import Case
from orefolio.case.scenarios import plant

Line = tuple[str, str, int, float] | tuple[str, str, int, float, int]
"""Variable, index, period, value and, where futures part, the number of one that it holds for."""


def evidence(case: Case, *lines: Line, **tables: list[list[Any]]) -> Evidence:
    """A run of a case with these lines of the plan, and these tables: a header and its rows."""
    futures = [row.future for row in case.rows("futures")]
    tree = plant(case)
    rows: list[list[Any]] = [list(PLAN_COLUMNS)]
    for variable, index, period, value, *future in lines:
        nodes = (tree.parent if variable in COMMITMENTS else tree.node)[future[0] if future else 0]
        rows.append([variable, index, period, nodes[period], repr(value)])
    record = {"futures": [{"future": name} for name in futures], "grid": case.grid}
    return evidence_of(case, record, joined(rows), {name: joined(cells) for name, cells in tables.items()})
