"""Every kind of rule is a named entry with a switch, and the switch changes the program.

The switches of refusals and of import caps stand in the tests of their families, as do those of China's rule.
"""

from __future__ import annotations

from typing import Any

import pytest

from orefolio.case.checks import faults_of
from pencil import Piece, case_of, event, future, lane, must, optimum, process, spot, tables


def named(kind: str, **columns: Any) -> Piece:
    return tables(rules=[{"rule": "act", "kind": kind, "in_force_share": 1.0, **columns}])


def market(price: float) -> Piece:
    return tables(
        markets=[{"market": "china"}],
        prices=[{"market": "china", "commodity": "oxide", "fee_usd_per_kg": price}],
    )


def floored(*more: Piece, **floor: Any) -> tuple[Piece, ...]:
    item = {"price_rule": "floor", "market": "china", "floor_rule": "act", **floor}
    return (spot("mine", "oxide", 0, item=item), market(60), must("d", "oxide", 1), *more)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [({}, 110), ({"enabled": False}, 60), ({"in_force_share": 0.0}, 60), ({"in_force_share": 0.5}, 85)],
)
def test_a_price_floor_holds_while_its_rule_does(columns: dict[str, Any], expected: float) -> None:
    """The market pays 60 and the floor is 110; half of the time 85. Would fail if the floor held without its rule."""
    assert optimum(case_of(*floored(named("price_floor", **columns), floor_usd_per_kg=110))) == pytest.approx(expected)


def test_a_floor_as_a_multiple_has_the_same_switch() -> None:
    """Twice the Chinese price of the base year, 120; off 60."""
    assert optimum(case_of(*floored(named("price_floor"), floor_multiple=2))) == pytest.approx(120)
    assert optimum(case_of(*floored(named("price_floor", enabled=False), floor_multiple=2))) == pytest.approx(60)


def banned(**columns: Any) -> tuple[Piece, ...]:
    """Raw ore abroad at 1, or at home at 9; the lane is barred by the rule."""
    return (
        named("export_ban", **columns),
        spot("there", "ore", 1, place="kuantan"),
        spot("here", "ore", 9),
        lane("kuantan", "home", "ore", ban_rule="act"),
        must("d", "ore", 1),
    )


def test_an_export_ban_bars_a_lane() -> None:
    """Barred 9; off, or before its date, 1. Would fail if a ban were a licence, which free material needs not."""
    assert optimum(case_of(*banned())) == pytest.approx(9)
    assert optimum(case_of(*banned(enabled=False))) == pytest.approx(1)
    assert optimum(case_of(*banned(from_date="2028-01-01"), years=2)) == pytest.approx(1 + 9)


def test_a_ban_in_part_of_a_period_leaves_its_share_of_normal_trade() -> None:
    """In force for a quarter of the year; what is made there, 1 t a year, is normal trade: 0.75 x 1 + 0.25 x 9 = 3."""
    made = process("dig", {}, {"ore": 1}, capacity=1, cost=1, place="kuantan")
    pieces = (named("export_ban", from_date="2027-10-01"), made, spot("here", "ore", 9), must("d", "ore", 1))
    case = case_of(*pieces, lane("kuantan", "home", "ore", ban_rule="act"))
    assert optimum(case) == pytest.approx(3, abs=0.01)


def test_a_ban_that_comes_in_one_future() -> None:
    """From 2028 on in half of the futures: 1 + 0.5 x 1 + 0.5 x 9."""
    begin = event("begin", "rules", "rule=act", "in_force_share", "set", 1)
    futures = (future("trunk", 0.5), future("ban", 0.5, {"begin": "2028-01-01"}, onset="2028-01-01"))
    assert optimum(case_of(*banned(in_force_share=0.0), begin, *futures, years=2)) == pytest.approx(6)


def test_rules_are_checked() -> None:
    """A rule that ends before it begins, and a threshold in a rule that has none."""
    case = case_of(*banned(from_date="2029-01-01", to_date="2028-01-01", threshold_share=0.1))
    found = {(fault.file, fault.expected) for fault in faults_of(case, adjusted=True)}
    assert {("rules.csv", "a later day"), ("rules.csv", "0")} <= found
