"""What the audit says of a run that is written by hand: what it counts, finds and reckons."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from types import ModuleType
from typing import Any
from unittest import mock

from audit.written import Line, Values, stated, written
from orefolio.audit.compare import Key
from orefolio.audit.costs import Bill, bills
from orefolio.audit.evidence import Evidence
from orefolio.audit.tally import Tally
from orefolio.case.case import Case

OFF = re.compile(r"(.*): off by (\S+), which is (\S+) of its size")
Rows = dict[Key, dict[str, Any]]


def counted(tally: Tally) -> tuple[int, int]:
    """Items and failures."""
    return tally.items, tally.failed


def checked(check: Callable[[Evidence], Tally], case: Case, values: Values) -> tuple[int, list[str]]:
    """How many items a check looks at, and what it finds: each limit and by how much it is broken."""
    tally = check(stated(case, values))
    assert tally.failed == len(tally.findings)
    return tally.items, [finding.partition(", which is")[0] for finding in tally.findings]


def found(check: Callable[[Evidence], Tally], case: Case, values: Values) -> list[str]:
    """What a check finds."""
    return checked(check, case, values)[1]


def broken(tally: Tally) -> dict[str, Any]:
    """What does not hold, by the words of its finding: how much it is off and its share of the size, or nothing."""
    told: dict[str, Any] = {}
    for text in tally.findings:
        match = OFF.fullmatch(text)
        told[match[1] if match else text] = (float(match[2]), float(match[3])) if match else None
    assert len(told) == len(tally.findings) == tally.failed, "each finding is shown, and once"
    return told


def reckoned(module: ModuleType, check: Callable[[Evidence], Tally], evidence: Evidence) -> dict[str, Rows]:
    """What a check reckons that its tables say: by table, key and column the value and the size, or words."""
    with mock.patch.object(module, "compare", autospec=True) as comparing:
        returned = check(evidence)
    expected: dict[str, Rows] = {}
    for call in comparing.call_args_list:
        tally, read, table, keys, numbers, rows, *words = call.args
        assert tally is returned
        assert read is evidence
        expected[table] = {}
        for key, row in rows.rows.items():
            assert len(key) == len(keys)
            pairs = zip(row[::2], row[1::2], strict=True)
            cells: dict[str, Any] = dict(zip(numbers, pairs, strict=True))
            said = {column: says(key) for column, says in (words[0] if words else {}).items()}
            expected[table][key] = {**cells, **said}
    return expected


def bill(case: Case, *lines: Line) -> Bill:
    """The bill of the first future."""
    return bills(written(case, *lines))[0]


def parts(case: Case, *lines: Line) -> dict[tuple[str, int], float]:
    """The parts of cost by name and period, million USD."""
    return {place: math.fsum(terms) for place, terms in bill(case, *lines).parts.items()}


def spent(case: Case, *lines: Line) -> list[tuple[Any, ...]]:
    """Public money: envelope, million USD, from, to."""
    return [tuple(each) for each in bill(case, *lines).spendings]
