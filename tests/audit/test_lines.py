"""The audit knows which lines run one class at a time, also where a licence is asked for while no rule is in force."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from audit.runs import solved
from families.test_chinese_content import line, rule
from orefolio.case.case import Case
from pencil import tables


def licensed(**columns: Any) -> Case:
    """No rule is in force, but the licence for goods is asked for at all times."""
    always = tables(licences=[{"licence": "goods", "approval_share": 0.0}])
    case: Case = line(law=rule(in_force_share=0.0), licences=always, **columns)
    return case


def test_a_line_that_a_licence_binds_at_all_times_runs_one_class() -> None:
    """The plan that splits the year is rejected, the one that does not passes. Would fail if the licence bound no line
    while no rule is in force."""
    split = solved(licensed())
    assert split.report().passed
    strict = licensed(one_class_at_a_time=True)
    assert "lines" in {result.name for result in replace(split, case=strict).report().failed}
    assert solved(strict).report().passed
