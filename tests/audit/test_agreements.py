"""Make-up, tranches, sustained suppliers and contracts that end: the audit passes their plans and feels each limit."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any

import pytest

from orefolio import audit
from orefolio.case.case import Case, row_key
from orefolio.program.build import build
from orefolio.solve import Options, solve
from orefolio.tables import TABLES
from orefolio.tables.folder import plan_text
from orefolio.tables.folder.cells import csv_of
from orefolio.tables.folder.record import Circumstances, record
from orefolio.tables.outcome import Outcome
from pencil import case_of, deal, event, future, must, offtake, spot, tables


@cache
def case() -> Case:
    """10 t wanted, then 24: an offtake that makes up, a quota served before rivals, a mine that an offtake keeps."""
    rise = event("rise", "demands", "demand=d", "multiple", "set", 24)
    low = event("low", "demands", "demand=d", "multiple", "set", 10)
    keep = offtake(
        "keep", "metal", 35, 4, years=(2027, 2027), supplier="mine", sustains=True, take_or_pay_share=1.0,
        volume_min_t_per_year=4,
    )  # fmt: skip
    return case_of(
        spot("market", "metal", 60),
        offtake("o", "metal", 40, 10, take_or_pay_share=0.8, makeup_years=1.0),
        deal("quota", "metal", 10, kind="quota", sign_from=2027, sign_to=2027, public_share=0.5, envelope="state"),
        spot("spare", "metal", 20, 3, supplier="mine"),
        keep,
        tables(
            suppliers=[{"supplier": "mine", "alone_share": 0.1}],
            supplier_capacity=[
                {"supplier": "quota", "commodity": "metal", "from_year": 2020, "t_per_year": 10,
                 "rivals_t_per_year": 9},
                {"supplier": "mine", "commodity": "metal", "from_year": 2020, "t_per_year": 7},
            ],
            tranches=[
                {"contract": "quota", "tranche": 1, "right_share": 0.1, "payment_musd": 0.01},
                {"contract": "quota", "tranche": 2, "right_share": 0.1, "payment_musd": 0.01, "priority": True,
                 "dividend_musd_per_year": 0.001},
            ],
            envelopes=[{"envelope": "state", "from_date": "2027-01-01", "to_date": "2029-01-01", "currency": "USD",
                        "amount_million": 1.0}],
            currencies=[{"currency": "USD", "per_usd": 1.0}],
        ),
        must("d", "metal", 1),
        rise,
        low,
        future("only", 1, {"low": ("2027-01-01", 12), "rise": "2028-01-01"}),
        years=2,
        discount=0.05,
    )  # fmt: skip


@cache
def reported() -> tuple[dict[str, Any], str, dict[str, str]]:
    """The record, the plan and the tables of the case's optimum."""
    merged = build(case())
    solution = solve(merged.program, Options(abs_gap=0.0))
    content = record(merged, solution, Options(), None, Circumstances(case().grid))
    outcome = Outcome(merged, solution)
    return content, plan_text(merged, solution), {name: csv_of(table(outcome)) for name, table in TABLES.items()}


def report(changed: Case) -> audit.Report:
    """The audit of the same results against another case."""
    return audit.audit_texts(changed, *reported())


def cell(table: str, key: str, column: str, value: Any) -> Case:
    rows = tuple(
        dataclasses.replace(row, **{column: value}) if row_key(table, row) == key else row for row in case().rows(table)
    )
    return dataclasses.replace(case(), tables={**case().tables, table: rows})


def test_what_the_model_reports_holds_and_uses_it_all() -> None:
    assert [(result.name, result.tally.findings) for result in report(case()).failed] == []
    used = {line.partition(",")[0] for line in reported()[1].splitlines()}
    assert {"makeup", "unused", "behind", "tranche", "served_first", "sustained"} <= used


FAULTS = [
    ("makeup", "contracts", "o", "makeup_years", 0.0),
    ("makeup", "contracts", "o", "volume_max_t_per_year", 1.0),
    ("take_or_pay", "contracts", "o", "take_or_pay_share", 0.3),
    ("take_or_pay", "contracts", "o", "take_or_pay_share", 1.0),
    ("tranches", "tranches", "quota/1", "right_share", 0.05),
    ("tranches", "tranches", "quota/2", "priority", False),
    ("tranches", "tranches", "quota/2", "held", True),
    ("tranches", "contracts", "quota", "sign_to", 2026),
    ("suppliers", "supplier_capacity", "quota/metal/2020", "t_per_year", 9.5),
    ("suppliers", "supplier_capacity", "mine/metal/2020", "t_per_year", 5.0),
    ("suppliers", "contracts", "keep", "sustains", False),
    ("deliveries", "contracts", "keep", "sustains", False),
    ("objective", "tranches", "quota/1", "payment_musd", 0.02),
    ("objective", "tranches", "quota/2", "dividend_musd_per_year", 0.002),
    ("table_budgets", "tranches", "quota/1", "payment_musd", 0.02),
    ("table_decisions", "tranches", "quota/1", "right_share", 0.2),
]


@pytest.mark.parametrize(("check", "table", "key", "column", "value"), FAULTS)
def test_each_limit_is_felt(check: str, table: str, key: str, column: str, value: Any) -> None:
    """The plan of one case is no plan of another: the check that is named says so."""
    assert case().has(table, key)
    assert check in {result.name for result in report(cell(table, key, column, value)).failed}


CHANGED = [
    ("makeup", 'makeup,"o/2027",1,', 1.5),
    ("makeup", 'unused,"o/2027",0,', 0.5),
    ("tranches", 'served_first,"quota",1,', 1.5),
    ("suppliers", 'served_first,"quota",1,', 0.1),
    ("tranches", 'tranche,"quota/1",0,', 0.0),
    ("suppliers", 'sustained,"mine",1,', 2.0),
]


@pytest.mark.parametrize(("check", "line", "factor"), CHANGED)
def test_a_changed_plan_is_rejected(check: str, line: str, factor: float) -> None:
    content, plan, texts = reported()
    lines = plan.splitlines()
    place = next(number for number, text in enumerate(lines) if text.startswith(line))
    head, _, value = lines[place].rpartition(",")
    lines[place] = f"{head},{float(value) * factor:.9g}"
    found = audit.audit_texts(case(), content, "\n".join(lines) + "\n", texts)
    assert check in {result.name for result in found.failed}
