"""Prices, rules, licences and demand as the audit reckons them, each worked out by hand on a case of a few rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from audit.test_goods import PRICES, row, rules
from audit.written import TIME
from orefolio.audit.market import Goods, Market
from orefolio.case.scenarios import plant
from pencil import Piece, case_of, deal, event, future, must, tables


def market(*pieces: Piece, **settings: Any) -> Market:
    """The market of the first future over TIME."""
    case = case_of(*pieces, **{**TIME, **settings})
    return Market(plant(case).paths[0], Goods(case))


DOUBLE = event("double", "element_prices", "element=Dy", "multiple", "set", 6.0)
LATER = future("only", 1, {"double": "2028-07-01"})
WITHOUT = must("d", "metal", 1)


def test_a_price_is_the_realised_worth_of_the_content_and_a_fee() -> None:
    """0.8 x (0.2 x 200 x 3 + 0.7 x 60 x 3) + 5 = 201.8. Dysprosium at six times its price from the middle of 2028 on:
    0.8 x (0.2 x 200 x 4.5 + 126) + 5 = 249.8 over that year, then 0.8 x (240 + 126) + 5 = 297.8."""
    found = market(PRICES, DOUBLE, LATER, WITHOUT)
    assert found.price("world", "metal") == pytest.approx([201.8, 201.8, 249.8, 297.8])
    assert found.price("china", "bare") == [4.0] * 4
    assert found.price("world", "bare") == [0.0] * 4
    assert found.price("world", "metal") is found.price("world", "metal")
    assert found.contract("nobody") is found.contract("nobody")


def priced(*pieces: Piece, **item: Any) -> list[float]:
    """The price of a contract by its terms, in each period."""
    return market(PRICES, WITHOUT, deal("o", "metal", 0.0, kind="spot", item=item), *pieces).contract("o")


def test_contracts_are_priced_by_the_tonne_of_their_goods() -> None:
    """0.5 x 10 of one and 2 x 30 of the other."""
    other = tables(contract_items=[{"contract": "o", "commodity": "bare", "price_rule": "fixed", "t_per_t": 2.0,
                                    "price_usd_per_kg": 30.0}])  # fmt: skip
    assert priced(other, price_usd_per_kg=10.0, t_per_t=0.5) == [65.0] * 4


def test_a_price_over_cost_is_a_multiple_of_the_chinese_one() -> None:
    assert priced(price_rule="cost_plus", cost_multiple=1.5, chinese_full_cost_usd_per_kg=8.0) == [12.0] * 4


def test_an_index_is_a_multiple_of_a_markets_price_without_a_floor() -> None:
    """201.8 x 0.5; no market, no price."""
    index = {"price_rule": "index", "index_multiple": 0.5, "floor_usd_per_kg": 900.0}
    assert priced(**index, market="world") == pytest.approx([100.9] * 4)
    assert priced(**index) == [0.0] * 4


def test_a_floor_holds_where_the_price_is_lower() -> None:
    """100.9 by the index; a floor of 120; one of 2.5 times the reference value of 80.8, 202."""
    floor = {"price_rule": "floor", "market": "world", "index_multiple": 0.5}
    assert priced(**floor, floor_usd_per_kg=90.0) == pytest.approx([100.9] * 4)
    assert priced(**floor, floor_usd_per_kg=120.0, floor_multiple=0.1) == pytest.approx([120.0] * 4)
    assert priced(**floor, floor_usd_per_kg=120.0, floor_multiple=2.5) == pytest.approx([202.0] * 4)


def test_a_floor_that_follows_a_rule_holds_while_that_is_in_force() -> None:
    """In force from a quarter of 2028 on: 0.25 x 100.9 + 0.75 x 120 = 115.225 over that year."""
    rule = rules({"kind": "price_floor", "in_force_share": 1.0, "from_date": "2028-04-01"})
    floor = {"price_rule": "floor", "market": "world", "index_multiple": 0.5, "floor_usd_per_kg": 120.0}
    assert priced(rule, **floor, floor_rule="r1") == pytest.approx([100.9, 100.9, 115.225, 120.0])


def test_a_rule_is_in_force_by_its_share_between_its_dates() -> None:
    """0.5 from April 2027 to the middle of 2029: half of the first half-year, a quarter of the last two years."""
    span = {"in_force_share": 0.5, "from_date": "2027-04-01", "to_date": "2029-07-01"}
    raised = event("raised", "rules", "rule=r3", "in_force_share", "set", 1.0)
    found = market(
        rules(span, {**span, "enabled": False}, {}), WITHOUT, raised, future("only", 1, {"raised": "2028-07-01"})
    )
    assert found.in_force("r1") == pytest.approx([0.25, 0.5, 0.5, 0.125])
    assert found.in_force("r2") == [0.0] * 4
    assert found.in_force("r3") == pytest.approx([0.0, 0.0, 0.5, 1.0])
    assert found.in_force("r1") is found.in_force("r1")


def test_a_rule_whose_dates_lie_outside_the_horizon_is_not_in_force() -> None:
    past = {"in_force_share": 1.0, "to_date": "2026-01-01"}
    still = {"in_force_share": 1.0, "from_date": "2040-01-01"}
    found = market(rules(past, still, {"in_force_share": 1.0}), WITHOUT)
    assert [found.in_force(name) for name in ("r1", "r2", "r3")] == [[0.0] * 4, [0.0] * 4, [1.0] * 4]


RULES = rules(
    {"in_force_share": 0.5},
    {"in_force_share": 0.25},
    {"kind": "refusal", "in_force_share": 0.75},
)


def test_a_demand_refuses_always_or_by_its_rule() -> None:
    found = market(RULES, WITHOUT, must("by rule", "metal", 1, refusal_rule="r3"))
    always, by_rule = found.path.case.rows("demands")
    assert (found.refuses(always), found.refuses(by_rule)) == ([1.0] * 4, [0.75] * 4)


def test_a_licence_lets_its_share_through_while_it_is_asked_for() -> None:
    """Approved 0.4: always; while the stricter of two rules on content is in force, half of the time, 0.5 + 0.5 x 0.4;
    while a named one is, 0.25 + 0.75 x 0.4."""
    need = {"approval_share": 0.4, "needs_rule": True}
    always = {"licence": "always", "approval_share": 0.4}
    licences = [always, {"licence": "any", **need}, {"licence": "named", **need, "rule": "r3"}]
    found = market(RULES, WITHOUT, tables(licences=licences))
    assert found.approval("") == [1.0] * 4
    assert found.approval("always") == [0.4] * 4
    assert found.approval("any") == pytest.approx([0.7] * 4)
    assert found.approval("named") == pytest.approx([0.55] * 4)
    assert market(WITHOUT, tables(licences=licences[1:2])).approval("any") == [1.0] * 4


def test_an_emergency_is_a_setting_that_events_may_declare() -> None:
    declared = event("shock", "settings", "setting=emergency_declared", "value", "set", 1.0)
    calm = market(WITHOUT)
    assert calm.emergency == [0.0] * 4
    found = market(WITHOUT, declared, future("only", 1, {"shock": "2028-10-01"}), emergency_declared=0.0)
    assert found.emergency == pytest.approx([0.0, 0.0, 0.25, 1.0])


def test_demand_grows_by_calendar_year_from_the_base_year() -> None:
    """100 t in 2025, a tenth more each year, times 1.5: 121 x 1.5 a year in 2027, 133.1 x 1.5 in 2028, then the mean of
    146.41 and 161.051, for two years."""
    more = must("w", "metal", 100.0, growth_share_per_year=0.1, multiple=1.5)
    case = replace(case_of(more, **TIME), base_year=2025)
    found = Market(plant(case).paths[0], Goods(case))
    tonnes = [0.5 * 181.5, 0.5 * 181.5, 199.65, 1.5 * (146.41 + 161.051)]
    assert found.demand(row(case, "demands")) == pytest.approx(tonnes)
    assert found.demand(row(case, "demands")) is found.demand(row(case, "demands"))
