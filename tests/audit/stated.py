"""Plans stated by hand and put before one check at a time: no solver has any part in them."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from orefolio.audit.evidence import COMMITMENTS, Evidence, evidence_of
from orefolio.audit.life import Life, lives
from orefolio.audit.tally import Tally
from orefolio.case.case import Case
from orefolio.case.scenarios import plant

Values = Mapping[str, Sequence[float]]
"""`variable words` to its value in each period; what is zero is left out of the plan."""

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


def stated(case: Case, values: Values, tables: Mapping[str, str] | None = None, **in_future: Values) -> Evidence:
    """The evidence of a plan with these values in every future, and with more in some futures alone."""
    tree = plant(case)
    rows: dict[tuple[str, str, int, int], float] = {}
    for place, path in enumerate(tree.paths):
        for name, numbers in {**values, **in_future.get(path.future, {})}.items():
            variable, _, words = name.partition(" ")
            nodes = (tree.parent if variable in COMMITMENTS else tree.node)[place]
            for period, (node, value) in enumerate(zip(nodes, numbers, strict=False)):
                if value:
                    rows[variable, words, period, node] = value
    stream = io.StringIO()
    lines = [(*label, repr(value)) for label, value in rows.items()]
    csv.writer(stream, lineterminator="\n").writerows([("variable", "index", "period", "node", "value"), *lines])
    record = {"futures": [{"future": path.future} for path in tree.paths], "grid": case.grid}
    return evidence_of(case, record, stream.getvalue(), tables or {})


def life_of(case: Case, values: Values | None = None, number: int = 0) -> Life:
    """One future under a plan."""
    return list(lives(stated(case, values or {})))[number]


def counted(check: Callable[[Evidence], Tally], case: Case, values: Values, **more: Any) -> tuple[int, list[str]]:
    """How many items a check looks at, and what it finds: each limit and by how much it is broken."""
    tally = check(stated(case, values, **more))
    assert tally.failed == len(tally.findings)
    return tally.items, [finding.partition(", which is")[0] for finding in tally.findings]


def found(check: Callable[[Evidence], Tally], case: Case, values: Values, **more: Any) -> list[str]:
    """What a check finds."""
    return counted(check, case, values, **more)[1]
