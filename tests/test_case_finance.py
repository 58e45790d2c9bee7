"""What a case may say of investors and of what is on offer to them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orefolio.case.case import Case
from orefolio.case.checks import faults_of
from orefolio.case.schema.projects import SizeClass
from test_value_support import supported

CLASS = SizeClass(project="plant", size_class="small", to_t_per_year=10.0)


def changed(case: Case, table: str, number: int, **columns: Any) -> Case:
    rows = list(case.rows(table))
    rows[number] = replace(rows[number], **columns)
    return replace(case, tables={**case.tables, table: tuple(rows)})


def found(case: Case) -> list[str]:
    return [str(fault) for fault in faults_of(case)]


def test_a_sound_case_has_no_fault() -> None:
    assert found(supported()) == []


@pytest.mark.parametrize(
    ("table", "number", "columns", "said"),
    [
        ("instruments", 1, {"price_multiple": 0.0}, "floor without price_multiple"),
        ("instruments", 5, {"price_multiple": 0.0}, "offtake without price_multiple"),
        ("instruments", 4, {"grant_share": 0.0}, "grant without grant_share"),
        ("instruments", 1, {"grant_share": 0.2}, "grant_share of 'low', which is of the kind floor"),
        ("instruments", 0, {"years": 3.0}, "a length of 'none', which is of the kind none"),
        ("projects", 0, {"binary": False}, "whose start is no yes-or-no decision"),
        ("projects", 0, {"can_abandon": True}, "which can be given up while it is built"),
        ("projects", 0, {"adds_to": "elsewhere"}, "which adds to 'elsewhere'"),
        ("financed", 0, {"project": "nobody"}, "the project 'nobody'"),
        ("financed", 0, {"instruments": ("loan",)}, "the instruments 'loan'"),
        ("projects", 0, {"public_share": 0.5}, "a public share of 0.5 and a grant of 0.6"),
    ],
)
def test_each_fault_is_named(table: str, number: int, columns: dict[str, Any], said: str) -> None:
    assert any(said in fault for fault in found(changed(supported(), table, number, **columns)))


def test_an_investor_needs_something_to_choose_and_to_sell() -> None:
    case = supported()
    bare = replace(case, tables={**case.tables, "instruments": ()})
    assert any("nothing on offer to 'plant'" in fault for fault in found(bare))
    classed = replace(case, tables={**case.tables, "size_classes": (CLASS,)})
    assert any("whose capital depends on its class of size" in fault for fault in found(classed))
    unsold = replace(case, tables={**case.tables, "prices": case.rows("prices")[:1]})
    assert any("no price of what 'line' makes in the market 'world'" in fault for fault in found(unsold))
