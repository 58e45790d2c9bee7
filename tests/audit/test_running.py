"""What running a process costs, worked out by hand."""

from __future__ import annotations

import math

import pytest

from audit.written import life_of, written
from orefolio.audit import running
from pencil import case_of, event, future, must, process, spot, tables

LATER = event("later", "processes", "process=line", "cost_multiple", "set", 0.5)
CASE = case_of(
    spot("m", "ore", 1),
    must("d", "ore", 1),
    process("line", {}, {"ore": 1.0}, cost=3.0, chinese_full_cost_usd_per_kg=40.0, capital_charge_usd_per_kg=8.0),
    process("dear", {}, {"ore": 1.0}, cost_multiple=0.5, chinese_full_cost_usd_per_kg=40.0,
            capital_charge_usd_per_kg=30.0),
    tables(
        residue_kinds=[
            {"residue": "water", "treatment_usd_per_t": 50.0},
            {"residue": "thorium", "treatment_usd_per_t": 200.0, "custody_usd_per_t_per_year": 300.0,
             "custody_years": 2.0},
        ],
        residues=[
            {"process": "line", "residue": "water", "t_per_t": 4.0},
            {"process": "line", "residue": "thorium", "t_per_t": 0.5},
            {"process": "dear", "residue": "water", "t_per_t": 3.0},
        ],
    ),
    LATER,
    future("only", 1.0, {"later": "2028-01-01"}),
    years=2,
    discount=0.25,
)  # fmt: skip


def test_operation_costs_its_price_or_a_multiple_of_the_chinese_cost_less_capital() -> None:
    """3, then half of 40 less 8; half of 40 is less than 30."""
    life = life_of(written(CASE))
    line, dear = (CASE.row("processes", name) for name in ("line", "dear"))
    assert [running.operating(life.path, line, number) for number in (0, 1)] == [3.0, 12.0]
    assert running.operating(life.path, dear, 0) == 0.0


def test_residues_cost_treatment_and_custody_in_the_money_of_the_day() -> None:
    """4 x 50 and 0.5 x (200 + 600 x the mean of two years at a quarter); 3 x 50. USD a tonne."""
    mean = 0.36 / (2 * math.log(1.25))
    found = running.residues(life_of(written(CASE)).path)
    assert found == {"line": pytest.approx((200 + 0.5 * (200 + 600 * mean)) * 1e-6), "dear": pytest.approx(150e-6)}
