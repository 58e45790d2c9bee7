"""Plans made near the plan of a base: what is proved holds, and nothing hangs on the points that came before."""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from orefolio.analyses.sweep.near import Near
from orefolio.analyses.sweep.planning import Planner, setup_of
from orefolio.analyses.sweep.point import Point
from orefolio.audit import audit_plan
from orefolio.case.case import Case
from orefolio.case.read import load_case
from orefolio.program.build import build
from orefolio.program.merge import Merged
from orefolio.solve import Options, solve
from orefolio.tables.folder import plan_text
from orefolio.tables.folder.record import Circumstances, record

MINERALS = Path(__file__).parents[2] / "inputs" / "minerals-us"
DIVES = {"node_limit": 0}
TURNED: list[dict[str, float]] = [
    {"price_ge": 3000.0},
    {"demand_all_multiple": 1.2, "discount_rate": 0.05},
    {"trunk_licence_share": 0.3},
    {"price_ge": 1500.0, "demand_all_multiple": 0.8},
    {"embargo_months": 18.0, "price_ge": 3000.0},
]


@cache
def case() -> Case:
    return load_case(MINERALS)


@cache
def names() -> tuple[str, ...]:
    return tuple(row.future for row in case().rows("futures"))[:3]


def planner() -> Planner:
    return Planner(setup_of(case(), [], []))


def point(levers: dict[str, float], **options: Any) -> dict[str, Any]:
    return Point(levers=levers, grid="yearly", futures=names(), options=options or DIVES).plain()


def merged(levers: dict[str, float]) -> Merged:
    from orefolio.case.overlay import adjusted_case

    return build(adjusted_case(case(), [], levers), "yearly", names())


def test_a_point_has_the_same_row_whatever_was_planned_before_it() -> None:
    """Bit for bit: would fail if a basis, or what the solver keeps, went over from one point to the next."""
    onward, backward = planner(), planner()
    rows = [onward(point(levers)) for levers in TURNED]
    assert [backward(point(levers)) for levers in reversed(TURNED)][::-1] == rows
    assert [row["audit"] for row in rows] == ["passed"] * len(TURNED)


@pytest.mark.parametrize("levers", [TURNED[0], pytest.param(TURNED[1], marks=pytest.mark.long), *TURNED[2:]])
def test_what_it_proves_agrees_with_a_search_from_nothing(levers: dict[str, float]) -> None:
    near, whole = planner()(point(levers)), planner()(point(levers, abs_gap=0.5))
    assert near["bound_musd"] <= whole["cost_musd"] * (1 + 1e-7)
    assert whole["bound_musd"] <= near["cost_musd"] * (1 + 1e-7)
    assert whole["status"] == "optimal"


def test_the_base_itself_keeps_its_decisions() -> None:
    stop, base = threading.Event(), merged({})
    near = Near(base, Options(node_limit=0), stop)
    found = near.planned(base, Options(node_limit=0), stop)
    assert found is not None
    assert found.objective == pytest.approx(near.plan.objective)
    assert found.bound == pytest.approx(near.plan.bound)


def test_a_point_with_other_rows_and_columns_starts_from_its_counterparts() -> None:
    """Without the last of its futures a program is smaller; what is proved agrees with a search from nothing."""
    stop, options = threading.Event(), Options(node_limit=0)
    near = Near(merged({}), options, stop)
    smaller = build(case(), "yearly", names()[:2])
    assert smaller.program.shape != merged({}).program.shape
    found, whole = near.planned(smaller, options, stop), solve(smaller.program, Options(abs_gap=0.5))
    assert found is not None
    assert found.bound <= whole.objective * (1 + 1e-7)
    assert whole.bound <= found.objective * (1 + 1e-7)
    assert found.abs_gap <= max(10.0, 2 * near.plan.abs_gap)


def test_a_plan_without_tables_is_audited_but_for_these() -> None:
    """One delivery that is doubled in the text of the plan breaks the balances, and no check of a table is named."""
    program = merged({})
    solution = solve(program.program, Options(abs_gap=5.0))
    content = record(program, solution, Options(abs_gap=5.0), None, Circumstances("yearly"))
    text = plan_text(program, solution)
    assert audit_plan(case(), content, text) == ()
    lines = text.split("\n")
    number = next(n for n, line in enumerate(lines) if line.startswith("deliver,"))
    *words, value = lines[number].split(",")
    lines[number] = ",".join([*words, f"{2 * float(value):.17g}"])
    found = audit_plan(case(), content, "\n".join(lines))
    assert {"balances", "demands"} <= set(found)
    assert not any(name.startswith("table_") for name in found)
