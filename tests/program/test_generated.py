"""Properties of any optimum, over cases drawn at random. Each draw is one count of what is verified."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from orefolio.case.adjust import Adjustment, Operation
from orefolio.case.case import Case
from pencil import optimum, plan
from program.generated import Drawn, case_from, drawn
from program.test_properties import COSTS

EXACT = 1e-6
DRAWS = {"few": 5, "many": 25}

pytestmark = pytest.mark.verifies("property")


def changed(case: Case, table: str, column: str, operation: Operation, value: float) -> Case:
    return case.adjusted([Adjustment(table, "*", column, operation, value)])


def more_means_never_cost_more(of: Drawn) -> None:
    case = case_from(of)
    cost = optimum(case)
    for table, column, operation, value in (
        ("contracts", "volume_max_t_per_year", "multiply", 1.5),
        ("processes", "capacity_t_per_year", "add", 2.0),
        ("projects", "size_max_t_per_year", "add", 3.0),
        ("projects", "capital_musd", "multiply", 0.5),
        ("contract_items", "price_usd_per_kg", "multiply", 0.8),
        ("stockpiles", "warehouse_t", "add", 4.0),
        ("stockpiles", "initial_t", "multiply", 1.0 if of.stock[0] + 1 > of.stock[1] else 1.1),
    ):
        assert optimum(changed(case, table, column, operation, value)) <= cost + EXACT, (table, column)


def more_wants_never_cost_less(of: Drawn) -> None:
    case = case_from(of)
    assert optimum(changed(case, "demands", "t_per_year", "multiply", 1.25)) >= optimum(case) - EXACT


def names_and_order_change_nothing(of: Drawn) -> None:
    cost = optimum(case_from(of))
    assert optimum(case_from(of, name=lambda word: f"镝-{word[::-1]}")) == pytest.approx(cost, abs=EXACT)
    assert optimum(case_from(of, turned=True)) == pytest.approx(cost, abs=EXACT)


def a_future_in_two_halves_changes_nothing(of: Drawn) -> None:
    case = case_from(of)
    if len(of.weights) == 1:
        halved = tuple(replace(row, weight=0.5) for row in case.rows("futures"))
        twin = (*halved, replace(halved[0], future="twin"))
        happens = case.rows("future_events")
    else:
        rows = case.rows("futures")
        twin = (*rows[:-1], replace(rows[-1], weight=rows[-1].weight / 2),
                replace(rows[-1], future="twin", weight=rows[-1].weight / 2))  # fmt: skip
        last = [row for row in case.rows("future_events") if row.future == rows[-1].future]
        happens = (*case.rows("future_events"), *(replace(row, future="twin") for row in last))
    split = replace(case, tables={**case.tables, "futures": twin, "future_events": happens})
    assert optimum(split) == pytest.approx(optimum(case), abs=EXACT)


def an_option_added_never_hurts(of: Drawn) -> None:
    case = case_from(of)
    row = case.row("projects", "pit")
    second = replace(row, project="second", capital_musd=row.capital_musd / 2, size_max_t_per_year=2.0)
    more = replace(case, tables={**case.tables, "projects": (*case.rows("projects"), second)})
    assert optimum(more) <= optimum(case) + EXACT


def costs_in_another_money_scale_the_optimum(of: Drawn) -> None:
    case = case_from(of)
    dearer = case.adjusted([Adjustment(table, "*", column, "multiply", 1.6) for table, column in COSTS])
    assert optimum(dearer) == pytest.approx(1.6 * optimum(case), rel=1e-7, abs=EXACT)


QUANTITIES = (
    ("contracts", "volume_max_t_per_year"),
    ("processes", "capacity_t_per_year"),
    ("projects", "size_max_t_per_year"),
    ("stockpiles", "initial_t"),
    ("stockpiles", "warehouse_t"),
    ("demands", "t_per_year"),
    ("contracts", "prepayment_musd"),
    ("projects", "capital_musd"),
)


def quantities_in_another_unit_scale_the_optimum(of: Drawn) -> None:
    case = case_from(of)
    larger = case.adjusted([Adjustment(table, "*", column, "multiply", 2.5) for table, column in QUANTITIES])
    assert optimum(larger) == pytest.approx(2.5 * optimum(case), rel=1e-7, abs=EXACT)


def to_know_before_is_worth_something(of: Drawn) -> None:
    """Wait and see ≤ stochastic ≤ the plan of the first future, held in all of them."""
    case = case_from(of)
    cost = optimum(case)
    alone = {name: plan(case, futures=[name]) for name in of.futures}
    waiting = sum(weight * alone[name].cost for weight, name in zip(of.weights, of.futures, strict=True))
    assert waiting <= cost + EXACT
    size = alone["calm"].value("size", "pit")
    held = case.adjusted([Adjustment("projects", "*", "size_max_t_per_year", "set", max(size, 1e-6))])
    assert optimum(held) >= cost - EXACT


def without_a_weight_on_risk_the_objective_is_the_mean(of: Drawn) -> None:
    case = case_from(of, risk_weight=0.0, risk_level=0.9)
    found = plan(case)
    mean = sum(
        weight * sum(found.costs(name).values()) for weight, name in zip(of.weights, of.futures, strict=True)
    )  # fmt: skip
    assert found.cost == pytest.approx(mean, abs=EXACT)
    assert found.cost == pytest.approx(optimum(case_from(of)), abs=EXACT)


def a_rule_that_lets_everything_through_is_none(of: Drawn) -> None:
    """Threshold 1 by mass, ε = 1 at the line, and a feed no heavier than the product: the rule on content is off."""
    of = replace(of, rule=True)
    through = changed(
        changed(case_from(of), "recipes", "t_per_t", "set", 1.0), "processes", "de_minimis_share", "set", 1.0
    )
    through = changed(through, "rules", "threshold_share", "set", 1.0)
    rules = tuple(replace(row, basis="mass") for row in through.rows("rules"))
    through = replace(through, tables={**through.tables, "rules": rules})
    free = changed(through, "processes", "one_class_at_a_time", "set", 0.0)
    off = changed(case_from(replace(of, rule=False, one_class=False)), "recipes", "t_per_t", "set", 1.0)
    assert optimum(free) == pytest.approx(optimum(off), abs=EXACT)


def time_does_not_matter_without_lead_time(of: Drawn) -> None:
    """Lead time 0, one future, no stock, no discounting: every year is the static problem, and capital is paid once."""
    of = replace(of, plant=(*of.plant[:2], 0), weights=(1.0,), stock=(0.0, 0.0), discount=0.0, offtake=(9.0, 0.0))
    one = replace(of, plant=(of.plant[0], of.plant[1] / of.years, 0))
    whole = optimum(_of_years(of, of.years))
    assert whole == pytest.approx(of.years * optimum(_of_years(one, 1)), abs=EXACT)


def _of_years(of: Drawn, years: int) -> Case:
    return case_from(replace(of, years=years))


def classes_that_no_rule_tells_apart_may_be_one(of: Drawn) -> None:
    """The program with one class is no dearer, and the same where dedication is free."""
    of = replace(of, rule=False)
    two = case_from(of)
    one = replace(
        two,
        tables={
            **two.tables,
            "classes": tuple(row for row in two.rows("classes") if row.class_ == "free"),
            "contracts": tuple(replace(row, class_="free") for row in two.rows("contracts")),
        },
    )
    assert optimum(one) <= optimum(two) + EXACT
    apart = changed(two, "processes", "one_class_at_a_time", "set", 0.0)
    assert optimum(one) == pytest.approx(optimum(apart), abs=EXACT)


PROPERTIES: dict[str, Callable[[Drawn], None]] = {
    check.__name__: check
    for check in (
        more_means_never_cost_more,
        more_wants_never_cost_less,
        names_and_order_change_nothing,
        a_future_in_two_halves_changes_nothing,
        an_option_added_never_hurts,
        costs_in_another_money_scale_the_optimum,
        quantities_in_another_unit_scale_the_optimum,
        to_know_before_is_worth_something,
        without_a_weight_on_risk_the_objective_is_the_mean,
        a_rule_that_lets_everything_through_is_none,
        time_does_not_matter_without_lead_time,
        classes_that_no_rule_tells_apart_may_be_one,
    )
}


def held_for(check: Callable[[Drawn], None], draws: int) -> int:
    """Check a property for so many draws; how many there were."""
    count = 0

    @settings(
        max_examples=draws, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(drawn)
    def run(of: Drawn) -> None:
        nonlocal count
        count += 1
        check(of)

    run()
    return count


@pytest.mark.parametrize("name", PROPERTIES)
def test_a_property_holds_for_cases_drawn_at_random(name: str, tried: Callable[..., None]) -> None:
    count = held_for(PROPERTIES[name], DRAWS["few"])
    assert count >= DRAWS["few"]
    tried("property", count)


@pytest.mark.long
@pytest.mark.parametrize("name", PROPERTIES)
def test_a_property_holds_for_many_cases(name: str, tried: Callable[..., None]) -> None:
    count = held_for(PROPERTIES[name], DRAWS["many"])
    assert count >= DRAWS["many"]
    tried("property", count)
