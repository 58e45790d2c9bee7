"""What must hold of any optimum: more means or lower costs never hurt, more wants never help, units do not matter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orefolio.case.adjust import Adjustment, Operation
from orefolio.case.case import Case
from pencil import (
    RULE,
    case_of,
    event,
    future,
    lane,
    offtake,
    optimum,
    plan,
    process,
    project,
    spot,
    stockpile,
    tables,
    wanted,
)

pytestmark = pytest.mark.verifies("property")


def base() -> Case:
    """Magnets of metal from a tagged market, a clean one, an offtake and a mine; a line of one class; stock; three
    futures. Without take-or-pay, co-products, floors and money caps, with which some of these properties do not
    hold."""
    begin = event("begin", "rules", "*", "in_force_share", "set", 1)
    cut = event("cut", "suppliers", "supplier=market", "availability_share", "set", 0)
    return case_of(
        tables(
            rules=[{"rule": "content", "threshold_share": 0.001, "basis": "value"}],
            classes=RULE["classes"],
            licences=[{"licence": "goods", "approval_share": 0.0, "needs_rule": True}],
        ),
        spot("market", "metal", 4, place="port", class_="tagged"),
        spot("clean", "metal", 9, most=4, place="port"),
        lane("port", "home", "metal", 0.7, loss_share=0.02, capacity_t_per_year=11),
        offtake("o", "metal", 6, 7, years=(2027, 2028), prepayment_musd=0.004),
        process("press", {"metal": 1.1}, {"magnet": 1}, capacity=9, cost=1, one_class_at_a_time=True),
        process("mine", {}, {"metal": 1}, cost=5),
        project("pit", "mine", 8, lead=1, capital=25, fixed_usd_per_t_per_year=300),
        project("hall", "press", 5, lead=1, capital=30),
        stockpile("k", "metal", 9, initial_t=2, handling_usd_per_kg=0.2),
        wanted("abroad", "magnet", 4, 33, 71, export_share=1.0, licence="goods"),
        wanted("home", "magnet", 6, 29, 57),
        begin,
        cut,
        future("calm", 0.4),
        future("early", 0.35, {"begin": "2028-01-01"}, onset="2028-01-01"),
        future("late", 0.25, {"cut": "2029-01-01"}, onset="2029-01-01"),
        years=3,
        discount=0.03,
        residual_share=0.5,
    )


@pytest.fixture(scope="module")
def cost() -> float:
    return optimum(base())


def after(table: str, column: str, operation: Operation, value: float, where: str = "*") -> float:
    return optimum(base().adjusted([Adjustment(table, where, column, operation, value)]))


@pytest.mark.parametrize(
    ("table", "column", "operation", "value"),
    [
        ("processes", "capacity_t_per_year", "multiply", 1.2),
        ("lanes", "capacity_t_per_year", "add", 2),
        ("projects", "size_max_t_per_year", "add", 2),
        ("projects", "capital_musd", "multiply", 0.8),
        ("contracts", "volume_max_t_per_year", "multiply", 1.3),
        ("contract_items", "price_usd_per_kg", "multiply", 0.9),
        ("stockpiles", "initial_t", "add", 1),
        ("stockpiles", "warehouse_t", "add", 3),
        ("recipes", "yield_share", "multiply", 1.05),
        ("processes", "de_minimis_share", "set", 0.2),
        ("licences", "approval_share", "set", 0.5),
        ("loss_steps", "loss_usd_per_kg", "multiply", 0.9),
    ],
)
def test_more_means_and_lower_costs_never_raise_the_optimum(
    cost: float, table: str, column: str, operation: Operation, value: float
) -> None:
    assert after(table, column, operation, value) <= cost + 1e-6


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("demands", "t_per_year", 1.2), ("processes", "operating_usd_per_kg", 1.2)],
)
def test_more_wants_and_higher_costs_never_lower_it(cost: float, table: str, column: str, value: float) -> None:
    assert after(table, column, "multiply", value) >= cost - 1e-6


COSTS = (
    ("contract_items", "price_usd_per_kg"),
    ("contracts", "prepayment_musd"),
    ("lanes", "cost_usd_per_kg"),
    ("processes", "operating_usd_per_kg"),
    ("projects", "capital_musd"),
    ("projects", "fixed_usd_per_t_per_year"),
    ("stockpiles", "handling_usd_per_kg"),
    ("loss_steps", "loss_usd_per_kg"),
)


def test_all_costs_times_a_factor_scale_the_optimum(cost: float) -> None:
    """Would fail if some cost were not read, or did not reach the objective in its unit."""
    scaled = base().adjusted([Adjustment(table, "*", column, "multiply", 1.7) for table, column in COSTS])
    assert optimum(scaled) == pytest.approx(1.7 * cost, rel=1e-7)


QUANTITIES = (
    ("contracts", "volume_max_t_per_year"),
    ("lanes", "capacity_t_per_year"),
    ("processes", "capacity_t_per_year"),
    ("projects", "size_max_t_per_year"),
    ("stockpiles", "initial_t"),
    ("stockpiles", "warehouse_t"),
    ("demands", "t_per_year"),
    ("contracts", "prepayment_musd"),
    ("projects", "capital_musd"),
)


def test_all_quantities_times_a_factor_scale_the_optimum(cost: float) -> None:
    """Costs that do not depend on size are scaled with them. Would fail if a length or a constant stood in for
    tonnes."""
    scaled = base().adjusted([Adjustment(table, "*", column, "multiply", 2.3) for table, column in QUANTITIES])
    assert optimum(scaled) == pytest.approx(2.3 * cost, rel=1e-7)


def test_an_option_added_never_hurts(cost: float) -> None:
    """A second mine, dear or cheap, and a limit of none taken away."""
    case = base()
    rows = dict(case.tables)
    row = case.row("projects", "pit")
    for capital in (5.0, 0.02):
        rows["projects"] = (*case.rows("projects"), replace(row, project="second", capital_musd=capital))
        assert optimum(replace(case, tables=rows)) <= cost + 1e-6


def test_wait_and_see_is_no_dearer_and_every_fixed_plan_no_cheaper(cost: float) -> None:
    """Wait and see ≤ stochastic ≤ the plan of the calm future held in all of them."""
    case = base()
    weights = {"calm": 0.4, "early": 0.35, "late": 0.25}
    alone = {name: plan(case, futures=[name]) for name in weights}
    assert sum(weight * alone[name].cost for name, weight in weights.items()) <= cost + 1e-6
    sizes = {x: alone["calm"].value("size", x) for x in ("pit", "hall")}
    held: list[Any] = [
        Adjustment("projects", f"project={x}", "size_max_t_per_year", "set", max(size, 1e-6))
        for x, size in sizes.items()
    ]
    assert optimum(case.adjusted(held)) >= cost - 1e-6


def test_without_lead_time_and_ramp_time_does_not_matter() -> None:
    """A plant without lead time on a steady market is the static problem: capital once, running every year."""
    case = case_of(
        spot("market", "metal", 50),
        process("line", {}, {"metal": 1}, cost=2),
        project("plant", "line", 10, capital=150),
        wanted("d", "metal", 10, 99),
        years=4,
    )
    assert optimum(case) == pytest.approx(150 + 4 * 10 * 2)


def test_a_rule_that_lets_everything_through_is_the_rule_switched_off() -> None:
    """ε = 1 by mass at the only line, no technology or equipment tag: the same as the rule switched off. With ε = 0 it
    costs more, so the case tells the two apart."""
    rule = {"in_force_share": 1.0, "threshold_share": 1.0, "basis": "mass"}

    def case(share: float, enabled: bool) -> Case:
        return case_of(
            tables(
                rules=[{"rule": "content", "enabled": enabled, **rule}],
                classes=RULE["classes"],
                licences=[{"licence": "goods", "approval_share": 0.0, "needs_rule": True}],
            ),
            spot("cheap", "metal", 2, class_="tagged"),
            spot("clean", "metal", 9),
            process("press", {"metal": 1}, {"magnet": 1}, capacity=20, de_minimis_share=share),
            wanted("abroad", "magnet", 4, 60, export_share=1.0, licence="goods"),
            wanted("home", "magnet", 6, 60),
        )

    assert optimum(case(1.0, True)) == pytest.approx(optimum(case(1.0, False)))
    assert optimum(case(0.0, True)) > optimum(case(0.0, False)) + 1
