"""Runs written by hand: a case with the values of a plan, and what a check of the audit says of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any
from unittest import mock

from orefolio.audit.compare import Key
from orefolio.audit.costs import Bill
from orefolio.audit.evidence import COMMITMENTS, Evidence, Label
from orefolio.audit.life import lives
from orefolio.audit.tally import Tally
from orefolio.case.case import Case
from orefolio.case.scenarios import plant

Value = tuple[str, str, int, float] | tuple[str, str, int, float, str]
"""Variable, index, number of the period, value, and the future where it is not the same in all."""
OFF = re.compile(r"(.*): off by (\S+), which is (\S+) of its size")


def written(case: Case, *values: Value, record: Mapping[str, Any] | None = None) -> Evidence:
    """A run whose plan has these values, and no table."""
    tree = plant(case)
    plan: dict[Label, float] = {}
    for variable, index, number, value, *names in values:
        nodes = tree.parent if variable in COMMITMENTS else tree.node
        for path, of_path in zip(tree.paths, nodes, strict=True):
            if not names or path.future in names:
                label = Label(variable, index, number, of_path[number])
                assert plan.setdefault(label, value) == value, "two futures are in one node and say the same"
    return Evidence(case, tree, record or {}, plan, {})


def costing(evidence: Evidence, *terms: Sequence[float]) -> Evidence:
    """The same run, in which each future costs these terms, million USD, in the first period."""
    parts = [{("freight", 0): list(each)} for each in terms]
    evidence.kept["bills"] = [Bill(life, each) for life, each in zip(lives(evidence), parts, strict=True)]
    return evidence


def broken(tally: Tally) -> dict[str, Any]:
    """What does not hold, by the words of its finding: how much it is off and its share of the size, or nothing."""
    found: dict[str, Any] = {}
    for text in tally.findings:
        match = OFF.fullmatch(text)
        found[match[1] if match else text] = (float(match[2]), float(match[3])) if match else None
    assert len(found) == len(tally.findings) == tally.failed, "each finding is shown, and once"
    return found


Rows = dict[Key, dict[str, Any]]


def reckoned(module: ModuleType, check: Callable[[Evidence], Tally], evidence: Evidence) -> dict[str, Rows]:
    """What a check reckons that its tables say: by table, key and column the value and the size, or words."""
    with mock.patch.object(module, "compare", autospec=True) as comparing:
        returned = check(evidence)
    found: dict[str, Rows] = {}
    for call in comparing.call_args_list:
        tally, read, table, keys, numbers, rows, *words = call.args
        assert tally is returned
        assert read is evidence
        found[table] = {}
        for key, row in rows.rows.items():
            assert len(key) == len(keys)
            pairs = zip(row[::2], row[1::2], strict=True)
            cells: dict[str, Any] = dict(zip(numbers, pairs, strict=True))
            found[table][key] = {**cells, **{column: says(key) for column, says in (words[0] if words else {}).items()}}
    return found
