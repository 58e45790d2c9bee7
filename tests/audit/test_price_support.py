"""The audit of investors: it agrees with the plan, and sees each limit, price and payment that does not hold."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from audit import runs
from audit.runs import Texts, joined, split
from audit.tampering import every_column
from families.invested import CALM_OR_CRASH, beside, case, envelope, instruments, investor
from orefolio.case.case import Case, row_key
from pencil import event, future

GRANT = {"kind": "grant", "grant_share": 0.5}


@cache
def floors() -> Texts:
    """A floor of 25 under which the plant for 400 just pays, in a calm and in a crash; an envelope, dear public
    money."""
    offer = (instruments("none", "low"), investor(0.05, envelope="state"), envelope(2000))
    terms = {"capital_usd_per_t_per_year": 10_000.0, "size_min_t_per_year": 4.0, "fixed_usd_per_t_per_year": 100.0}
    settings = {"discount": 0.03, "public_funds_cost": 0.2, "residual_share": 0.5}
    return runs.solved(case(*offer, *CALM_OR_CRASH, capital=200, **terms, **settings), abs_gap=0.0)


@cache
def grants() -> Texts:
    """A grant of half of 300 in the size and in the start."""
    offer = (instruments("none", grant=GRANT), investor(envelope="state"), envelope(200))
    return runs.solved(case(*offer, capital=150, capital_usd_per_t_per_year=15_000.0, discount=0.03), abs_gap=0.0)


@cache
def worn() -> Texts:
    """An old line of 4 t beside the plant that enlarges it, both of which lose a tenth of their capacity a year."""
    offer = (instruments("none", "low"), investor(), envelope(0))
    wear = event("wear", "processes", "process=line", "wear_share_per_year", "set", 0.1)
    return runs.solved(beside(14, 200, *offer, wear, future("only", 1.0, {"wear": "2027-01-01"})), abs_gap=0.0)


@pytest.mark.parametrize("texts", [floors, grants, worn])
def test_what_the_model_reports_holds(texts: Any) -> None:
    report = texts().report()
    assert [(result.name, result.tally.findings) for result in report.failed] == []
    counted = {result.name: result.tally.items for result in report.results}
    assert counted["price_support"] >= 20
    assert counted["table_price_support"] > 5


def stricter(texts: Texts, table: str, key: str, **columns: Any) -> set[str]:
    """The checks that fail where the case is another than the one that was solved."""
    rows = tuple(replace(row, **columns) if row_key(table, row) == key else row for row in texts.case.rows(table))
    other: Case = replace(texts.case, tables={**texts.case.tables, table: rows})
    return {result.name for result in replace(texts, case=other).report().failed}


@pytest.mark.parametrize(
    ("texts", "table", "key", "columns"),
    [
        (floors, "financed", "plant", {"rate_share_per_year": 0.3}),
        (floors, "financed", "plant", {"instruments": ("none",)}),
        (floors, "financed", "plant", {"private": False}),
        (floors, "instruments", "low", {"price_multiple": 1.05}),
        (floors, "instruments", "low", {"years": 1.0}),
        (floors, "processes", "line", {"operating_usd_per_kg": 24.0}),
        (floors, "projects", "plant", {"capital_musd": 0.4}),
        (floors, "projects", "plant", {"size_max_t_per_year": 9.0}),
        (floors, "projects", "plant", {"lead_time_years": 2.0}),
        (grants, "instruments", "grant", {"grant_share": 0.1}),
        (grants, "instruments", "grant", {"kind": "none"}),
    ],
)
def test_a_stricter_case_is_seen(texts: Any, table: str, key: str, columns: dict[str, Any]) -> None:
    assert "price_support" in stricter(texts(), table, key, **columns)


def test_the_state_pays_what_the_audit_reckons() -> None:
    assert "budgets" in stricter(floors(), "envelopes", "state/2027-01-01", amount_million=0.01)
    assert "budgets" in stricter(grants(), "envelopes", "state/2027-01-01", amount_million=0.14)
    assert "objective" in stricter(floors(), "settings", "public_funds_cost", value=0.3)


@pytest.mark.parametrize("variable", ["choose", "backed", "supported"])
def test_a_plan_that_was_changed_is_seen(variable: str) -> None:
    rows = split(floors().plan)
    line = next(number for number, row in enumerate(rows) if row[0] == variable)
    for value in ("0", "3.5"):
        other = [list(row) for row in rows]
        other[line][-1] = value
        assert not replace(floors(), plan=joined(other)).report().passed


def test_of_futures_that_cost_the_state_the_same_the_table_may_name_either() -> None:
    """A grant is paid when building begins, whatever comes; would fail if a billionth between two futures counted."""
    offer = (instruments("none", grant=GRANT), investor(envelope="state"), envelope(200))
    terms = {"capital_usd_per_t_per_year": 15_000.0, "discount": 0.03}
    twins = (future("first", 0.5), future("second", 0.5))
    texts = runs.solved(case(*offer, *twins, capital=150, **terms), abs_gap=0.0)
    rows = split(texts.tables["price_support"])
    place = rows[0].index("largest_in")
    for name, passed in {"first": True, "second": True, "third": False}.items():
        named = [rows[0], *([*row[:place], name, *row[place + 1 :]] for row in rows[1:])]
        assert texts.with_table("price_support", named).report().passed == passed
    crash = split(floors().tables["price_support"])
    crash[1][place] = "calm"
    assert not floors().with_table("price_support", crash).report().passed


def test_the_table_is_reckoned_cell_by_cell() -> None:
    texts = floors()
    seed = random.Random(7).randrange(1000)
    mine = [change for change in every_column(texts, seed) if change.what.startswith("table price_support")]
    assert len(mine) == len(split(texts.tables["price_support"])[0])
    for change in mine:
        assert change.void or not change.texts.report().passed, change.what
