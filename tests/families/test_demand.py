"""DEM: what is delivered, what is short, and what tagged material may serve."""

from __future__ import annotations

from typing import Any

import pytest

from four_classes import CLASSES, METALS, REFUSED, defence, four, press, rules
from orefolio.errors import InfeasibleError
from pencil import (
    RULE,
    AfterShock,
    case_of,
    event,
    future,
    lane,
    must,
    optimum,
    plan,
    process,
    spot,
    status,
    tables,
    wanted,
)


def test_shortage_is_capped_by_demand() -> None:
    """A may be short at 5, B at 50, both want 10 t; ore costs 20 at A and 1 to B: 10 x 5 + 10 x 21 = 260. Would fail
    without the cap, when A ships phantom tonnes: 20 x 5 + 10 x 1 = 110."""
    case = case_of(
        spot("m", "ore", 20, place="A"),
        lane("A", "B", "ore", 1),
        wanted("a", "ore", 10, 5, place="A"),
        wanted("b", "ore", 10, 50, place="B"),
    )
    assert optimum(case) == pytest.approx(260)


def test_losses_rise_in_steps() -> None:
    """10 t wanted, half of it lost at 4, the other at 30: at a price of 9 the first half goes short: 20 + 45 = 65.
    Would fail if one value held for all: 40 or 90."""
    assert optimum(case_of(spot("m", "ore", 9), wanted("d", "ore", 10, 4, 30))) == pytest.approx(65)


def test_a_demand_grows_by_calendar_year_and_follows_events() -> None:
    """10 t, growing by a half a year: 10 and 15 t at 2, the second year's half of it doubled: 20 + 0.5 x 15 x 2 + 0.5
    x 30 x 2 = 65. Would fail if growth compounded by period (half-years: 10, 15, 22.5 ...) or the event held all year
    (80)."""
    rise = event("rise", "demands", "demand=d", "multiple", "multiply", 2)
    happens = future("only", 1, {"rise": "2028-07-01"})
    for months in (12, 6, 3):
        case = case_of(
            spot("m", "ore", 2), must("d", "ore", 10, growth_share_per_year=0.5), rise, happens, years=2, months=months
        )
        assert optimum(case) == pytest.approx(65)


def test_a_block_of_years_wants_what_its_years_want() -> None:
    """Three years in one block: 10 + 15 + 22.5 t at 2. Would fail if the block took its first year thrice (60)."""
    case = case_of(
        spot("m", "ore", 2),
        must("d", "ore", 10, growth_share_per_year=0.5),
        years=3,
        months=36,
        after_shock=AfterShock(),
    )
    assert optimum(case) == pytest.approx(95)


@pytest.mark.parametrize(
    ("export", "approved", "expected"), [(0.6, 0.5, 41), (0.6, 0.0, 62), (0.0, 0.0, 20), (1.0, 0.0, 90), (1.0, 1.0, 20)]
)
def test_tagged_deliveries_stop_at_what_stays_and_what_is_approved(
    export: float, approved: float, expected: float
) -> None:
    """10 t, tagged at 2 and free at 9; 60 % leave in goods, half of that is approved: 10 x (1 - 0.6 + 0.3) = 7 t
    tagged: 14 + 27 = 41. Would fail at e x phi (3 t: 69), 1 - e (4 t: 62) or phi alone (5 t: 55)."""
    case = case_of(
        RULE,
        spot("cheap", "ore", 2, class_="tagged"),
        spot("clean", "ore", 9),
        must("d", "ore", 10, export_share=export, licence="goods"),
        tables(licences=[{"licence": "goods", "approval_share": approved}]),
    )
    assert optimum(case) == pytest.approx(expected)


def under_rule(force: float, needs_rule: bool, **rule: Any) -> Any:
    row = {"rule": "content", "in_force_share": force, "threshold_share": 0.001, "basis": "value", **rule}
    return case_of(
        tables(rules=[row], classes=RULE["classes"]),
        spot("cheap", "ore", 2, class_="tagged"),
        spot("clean", "ore", 9),
        must("d", "ore", 10, export_share=0.6, licence="goods"),
        tables(licences=[{"licence": "goods", "approval_share": 0.5, "needs_rule": needs_rule}]),
    )


def test_an_approval_may_be_asked_for_only_while_the_rule_is_in_force() -> None:
    """In force: 7 t tagged, 41. Not in force: 10 t, 20; but an approval that does not rest on the rule stays, 41. In
    force for half of the period: 8.5 t, 30.5. Switched off: 20. Would fail if the rule's state were not read."""
    assert optimum(under_rule(1.0, True)) == pytest.approx(41)
    assert optimum(under_rule(0.0, True)) == pytest.approx(20)
    assert optimum(under_rule(0.0, False)) == pytest.approx(41)
    assert optimum(under_rule(0.5, True)) == pytest.approx(30.5)
    assert optimum(under_rule(1.0, True, enabled=False)) == pytest.approx(20)


def test_who_refuses_tags_takes_none_at_any_time() -> None:
    """A defence customer takes 3 t at 9 though no rule is in force; others take 7 t at 2: 41. Would fail if refusing
    depended on the rule: 20."""
    case = case_of(
        tables(classes=RULE["classes"]),
        spot("cheap", "ore", 2, class_="tagged"),
        spot("clean", "ore", 9),
        must("defence", "ore", 3, refuses_tagged=True),
        must("others", "ore", 7),
    )
    assert optimum(case) == pytest.approx(41)


def test_least_service_costs_a_further_penalty() -> None:
    """10 t wanted, 4 can be had at 2, loss 20; 70 % should be served: 3 t under it at 15 more: 8 + 120 + 45 = 173.
    Would fail if the penalty were on all shortage (218) or the service were hard (infeasible)."""
    case = case_of(
        spot("m", "ore", 2, most=4),
        wanted("d", "ore", 10, 20, least_service_share=0.7, least_service_usd_per_kg=15),
    )
    assert optimum(case) == pytest.approx(173)


def test_least_service_is_paid_for_where_it_is_cheaper_than_the_ore() -> None:
    """Ore at 30 against a loss of 20 and 15 for the first 7 t: 7 are bought, 3 go short: 210 + 60 = 270. Would fail
    without the penalty: 200."""
    case = case_of(
        spot("m", "ore", 30), wanted("d", "ore", 10, 20, least_service_share=0.7, least_service_usd_per_kg=15)
    )
    assert optimum(case) == pytest.approx(270)


def test_what_must_be_served_leaves_no_plan_where_it_cannot() -> None:
    """4 t of 10 t: infeasible; and without any source the row is named before the solve."""
    assert status(case_of(spot("m", "ore", 2, most=4), must("d", "ore", 10))) == "infeasible"
    with pytest.raises(InfeasibleError, match=r"DEM\[d,0\]"):
        plan(case_of(spot("m", "other", 2), must("d", "ore", 10)))


def test_shortage_is_discounted_by_the_mean_over_the_period() -> None:
    """10 t short at 50 in two years at 25 %: 500 x 0.36 / ln 1.25."""
    case = case_of(spot("m", "ore", 99), wanted("d", "ore", 10, 50), years=2, discount=0.25)
    assert optimum(case) == pytest.approx(500 * 0.36 / 0.22314355131)


def test_a_surplus_cannot_be_pressed_on_a_customer() -> None:
    """20 t of neodymium come with 80 t of lanthanum, of which 60 are wanted and none may be thrown away: no plan.
    Would fail if more than the demand could be delivered."""
    case = case_of(
        spot("mine", "feed", 20),
        process("separate", {"feed": 1}, {"nd": 0.2, "la": 0.8}, capacity=1e3),
        must("d", "nd", 20),
        must("e", "la", 60),
    )
    assert status(case) == "infeasible"


def test_each_period_has_the_approval_of_its_own() -> None:
    """5 t in each half-year, tagged at 2 and free at 9; half of the 60 % that leave are approved, none from July: 3.5
    and 2 t tagged: 11 + 40.5 = 51.5. Would fail with the approval of the period before: 41."""
    case = case_of(
        RULE,
        spot("cheap", "ore", 2, class_="tagged"),
        spot("clean", "ore", 9),
        must("d", "ore", 10, export_share=0.6, licence="goods"),
        tables(licences=[{"licence": "goods", "approval_share": 0.5}]),
        event("stop", "licences", "*", "approval_share", "set", 0),
        future("only", 1, {"stop": "2027-07-01"}),
        months=6,
    )
    assert optimum(case) == pytest.approx(51.5)


def test_the_least_service_grows_with_the_demand() -> None:
    """Ore at 30 against a loss of 20 and 15 for the first 70 % of 10 t, then of 15 t: 7 and 10.5 are bought, 3 and 4.5
    go short: 525 + 150 = 675. Would fail if the second year were served as the first."""
    least = {"least_service_share": 0.7, "least_service_usd_per_kg": 15, "growth_share_per_year": 0.5}
    assert optimum(case_of(spot("m", "ore", 30), wanted("d", "ore", 10, 20, **least), years=2)) == pytest.approx(675)


def test_the_least_service_is_discounted_by_the_mean_over_the_period() -> None:
    """4 t at 2, 6 short at 20, 3 t under the service at 15: 173 in each of two years at 25 %: 173 x 0.36 / ln 1.25."""
    least = {"least_service_share": 0.7, "least_service_usd_per_kg": 15}
    case = case_of(spot("m", "ore", 2, most=4), wanted("d", "ore", 10, 20, **least), years=2, discount=0.25)
    assert optimum(case) == pytest.approx(173 * 0.36 / 0.22314355131)


def test_a_demand_may_refuse_several_tags_or_all() -> None:
    """Stage and technology refused, or every tag: 40."""
    both = "china-stage china-technology"
    assert optimum(four(defence(refuses_tags=both))) == pytest.approx(40)
    assert optimum(four(must("strict", "magnet", 1, refuses_tagged=True))) == pytest.approx(40)


def test_the_switch_of_the_sourcing_rule() -> None:
    """On 31, off 20: with the rule off, defence takes anything."""
    pieces = (CLASSES, *METALS, REFUSED, press(), defence())
    assert optimum(case_of(rules(), *pieces)) == pytest.approx(31)
    assert optimum(case_of(rules(sourcing={"enabled": False}), *pieces)) == pytest.approx(20)


def test_a_refusal_begins_with_its_rule() -> None:
    """The rule from April 2028: 20 in 2027; in 2028 a quarter of the year is free of it, 0.25 x 20 + 0.75 x 31 = 28.25;
    31 in 2029; and 20 in 2030, before which it ends: 99.25. Would fail if dates were not read: 124."""
    dated = {"from_date": "2028-04-01", "to_date": "2030-01-01"}
    case = case_of(rules(sourcing=dated), CLASSES, *METALS, REFUSED, press(), defence(), years=4)
    assert optimum(case) == pytest.approx(20 + 28.25 + 31 + 20)


def test_a_refusal_may_begin_with_an_event() -> None:
    """The rule comes in half of the futures on the first day of 2028: 20 and 0.5 x 31 + 0.5 x 20: 45.5."""
    case = case_of(
        rules(sourcing={"in_force_share": 0.0}),
        CLASSES,
        *METALS,
        REFUSED,
        press(),
        defence(),
        event("begin", "rules", "rule=sourcing", "in_force_share", "set", 1),
        future("trunk", 0.5),
        future("rule", 0.5, {"begin": "2028-01-01"}, onset="2028-01-01"),
        years=2,
    )
    assert optimum(case) == pytest.approx(45.5)


def test_each_period_is_free_of_the_refusal_for_its_own_share() -> None:
    """The rule from October 2027 to July 2028: 0.75 x 20 + 0.25 x 31 = 22.75, then 0.5 x 20 + 0.5 x 31 = 25.5. Would
    fail with the share of the year before: 45.5."""
    dated = {"from_date": "2027-10-01", "to_date": "2028-07-01"}
    case = case_of(rules(sourcing=dated), CLASSES, *METALS, REFUSED, press(), defence(), years=2)
    assert optimum(case) == pytest.approx(22.75 + 25.5)
