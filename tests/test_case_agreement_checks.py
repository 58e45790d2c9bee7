"""Checks of agreements and of what is on offer to investors, at the edge of what they refuse."""

from __future__ import annotations

from typing import Any

import pytest

from bare_case import Rows, bare_case, lines, told
from orefolio.case.checks import agreements, finance
from orefolio.case.reach import demand_classes


def test_make_up_needs_something_that_is_paid_for_in_any_case() -> None:
    contracts: Rows = [
        {"kind": "offtake", "makeup_years": 0.5, "take_or_pay_share": 0.0},
        {"kind": "offtake", "makeup_years": 1.0, "take_or_pay_share": 1.0},
        {"kind": "spot", "makeup_years": 0.5, "take_or_pay_share": 0.5},
        {"kind": "spot", "makeup_years": 0.0, "take_or_pay_share": 0.0},
        {"kind": "quota", "makeup_years": 0.5, "take_or_pay_share": 0.01},
    ]
    assert lines(agreements.make_up_follows_take_or_pay, contracts=contracts) == [2, 4]


def test_of_tranches_that_do_not_count_up_the_first_is_told() -> None:
    rows: Rows = [{"contract": "c", "tranche": number, "right_share": 0.1} for number in (1, 3, 5)]
    assert told(agreements.tranches_count_up, tranches=rows) == [(3, "tranche 3 of 'c' without one before it")]


def test_rights_may_add_up_to_one_whole_and_a_rounding() -> None:
    def found(*shares: float) -> list[int]:
        rows = [{"contract": "c", "tranche": number, "right_share": share} for number, share in enumerate(shares, 1)]
        return lines(agreements.tranches_count_up, tranches=rows)

    assert found(0.5, 0.5) == found(agreements.WHOLE) == []
    assert found(0.5, 0.51) == [2]


def test_a_contract_of_a_project_that_can_be_given_up_pays_no_dividend_and_sustains_nobody() -> None:
    projects: Rows = [{"project": "leaves", "can_abandon": True}, {"project": "stays", "can_abandon": False}]
    contracts: Rows = [
        {"project": "leaves", "dividend_musd_per_year": 1.0, "sustains": True},
        {"project": "leaves", "dividend_musd_per_year": 0.0, "sustains": True},
        {"project": "leaves", "dividend_musd_per_year": 0.0, "sustains": False},
        {"project": "stays", "dividend_musd_per_year": 1.0, "sustains": True},
        {"project": "", "dividend_musd_per_year": 1.0, "sustains": True},
    ]
    assert lines(agreements.contracts_may_end_with_their_project, projects=projects, contracts=contracts) == [2, 2, 3]


def test_a_supplier_that_may_close_needs_a_capacity_of_all_that_a_contract_without_a_limit_buys() -> None:
    contracts: Rows = [
        {"contract": "both", "supplier": "s", "volume_max_t_per_year": float("inf")},
        {"contract": "one", "supplier": "s", "volume_max_t_per_year": float("inf")},
        {"contract": "limited", "supplier": "s", "volume_max_t_per_year": 9.0},
        {"contract": "safe", "supplier": "t", "volume_max_t_per_year": float("inf")},
    ]
    items: Rows = [
        {"contract": "both", "commodity": "ore"},
        {"contract": "both", "commodity": "oxide"},
        {"contract": "one", "commodity": "ore"},
        *({"contract": name, "commodity": "oxide"} for name in ("limited", "safe")),
    ]
    suppliers: Rows = [{"supplier": "s", "alone_share": 0.9}, {"supplier": "t", "alone_share": 1.0}]
    known: Rows = [{"supplier": "s", "commodity": "ore"}]
    case = bare_case(contracts=contracts, contract_items=items, suppliers=suppliers, supplier_capacity=known)
    assert lines(agreements.suppliers_that_may_close_have_a_size, case) == [2]


def financed(project: dict[str, Any], *commodities: str) -> list[tuple[int, str]]:
    """Two rows of investors, the first of a project that is not there; the line makes ore and oxide."""
    return told(
        finance.financed_projects_can_be_financed,
        financed=[{"project": "none", "market": "m"}, {"project": "p", "market": "m"}],
        projects=[{"project": "p", "binary": True, "can_abandon": False, "adds_to": "line", **project}],
        processes=[{"process": "line"}],
        recipes=[{"process": "line", "commodity": name, "direction": "out"} for name in ("ore", "oxide")],
        prices=[{"market": "m", "commodity": name} for name in commodities],
        instruments=[{"instrument": "i"}],
    )


def test_an_investor_is_checked_whatever_stands_before_and_needs_one_price_of_what_is_made() -> None:
    assert financed({}, "ore") == financed({}, "ore", "oxide") == []
    assert [line for line, _ in financed({}, "metal")] == [3]
    assert [line for line, _ in financed({"binary": False}, "ore")] == [3]


@pytest.mark.parametrize(
    ("row", "public", "expected"),
    [
        ({"instruments": ("half",)}, 0.5, []),
        ({"instruments": ("more",)}, 0.5, ["a public share of 0.5 and a grant of 0.6"]),
        ({"instruments": ()}, 0.5, ["a public share of 0.5 and a grant of 0.6"]),
        ({"instruments": ()}, 0.4, []),
        ({"instruments": ("more",), "private": False}, 0.5, []),
        ({"instruments": ("more",), "project": "none"}, 0.5, []),
        ({"instruments": ("half",)}, 0.500000001, []),
    ],
)
def test_a_grant_and_the_public_share_pay_at_most_the_capital(
    row: dict[str, Any], public: float, expected: list[str]
) -> None:
    """Of a whole and a rounding nothing is said; where the public pays no share, none is counted."""
    case = bare_case(
        financed=[{"project": "p", "private": True, **row}],
        projects=[{"project": "p", "public_share": public}],
        instruments=[{"instrument": "half", "grant_share": 0.5}, {"instrument": "more", "grant_share": 0.6}],
    )
    assert [found for _, found in told(finance.grants_leave_something, case)] == expected


@pytest.mark.parametrize(
    ("rule", "named", "expected"),
    [
        ({}, "", ("free",)),
        ({}, "unknown", ("free",)),
        ({}, "act", ("free",)),
        ({"enabled": False}, "act", ("free", "tagged")),
        ({"in_force_share": 0.99}, "act", ("free", "tagged")),
        ({"from_date": "2028-01-01"}, "act", ("free", "tagged")),
        ({"to_date": "2028-01-01"}, "act", ("free", "tagged")),
    ],
)
def test_a_demand_takes_what_it_refuses_while_its_rule_is_not_in_force(
    rule: dict[str, Any], named: str, expected: tuple[str, ...]
) -> None:
    always = {"rule": "act", "enabled": True, "in_force_share": 1.0, "from_date": "", "to_date": ""}
    case = bare_case(
        rules=[{**always, **rule}],
        classes=[{"class_": "free", "tags": ""}, {"class_": "tagged", "tags": "china-content"}],
        demands=[{"demand": "d", "refuses_tagged": True, "refusal_rule": named}],
    )
    assert demand_classes(case, case.rows("demands")[0]) == expected
