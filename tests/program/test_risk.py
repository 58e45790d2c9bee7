"""RSK: the tail of cost over the futures, against sorting by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from orefolio.program.build import build
from pencil import Piece, case_of, event, future, must, plan, process, project, spot, stockpile, tables

PRICES = {"a": (10, 0.4), "b": (20, 0.3), "c": (40, 0.2), "d": (80, 0.1)}


def case(*more: Piece, **settings: float) -> Any:
    """10 t at 10, 20, 40 or 80, so 100, 200, 400 or 800 with weights 0.4, 0.3, 0.2 and 0.1: a mean of 260."""
    pieces: list[Piece] = [spot("m", "ore", 10), must("x", "ore", 10)]
    for name, (price, weight) in PRICES.items():
        pieces.append(event(name, "contract_items", "contract=m", "price_usd_per_kg", "set", price))
        pieces.append(future(name, weight, {name: "2027-01-01"}, onset="2027-01-01"))
    return case_of(*pieces, *more, **settings)


def tail_by_sorting(costs: list[float], weights: list[float], level: float) -> float:
    """The mean of the dearest 1 − level of what may happen."""
    left = 1 - level
    total = 0.0
    for cost, weight in sorted(zip(costs, weights, strict=True), reverse=True):
        part = min(left, weight)
        total += part * cost
        left -= part
    return total / (1 - level)


@pytest.mark.parametrize(
    ("weight", "level", "expected"),
    [
        (0.0, 0.75, 260),
        (1.0, 0.75, 560),
        (0.5, 0.75, 410),
        (1.0, 0.9, 800),
        (1.0, 0.0, 260),
        (0.3, 0.6, 0.7 * 260 + 0.3 * 450),
    ],
)
def test_the_tail_is_the_mean_of_the_dearest(weight: float, level: float, expected: float) -> None:
    """At 0.75 the dearest quarter is all of 800 and 0.15 of 400: (80 + 60) / 0.25 = 560; at 0.6 (80 + 80 + 20) / 0.4 =
    450. Would fail if the tail were the value at its edge (400), the worst case (800) or the excess were weighted by 1
    / level."""
    assert plan(case(risk_weight=weight, risk_level=level)).cost == pytest.approx(expected)


def test_the_tail_equals_sorting() -> None:
    costs, weights = [100.0, 200.0, 400.0, 800.0], [0.4, 0.3, 0.2, 0.1]
    for level in (0.0, 0.1, 0.33, 0.5, 0.7, 0.85, 0.9, 0.95):
        found = plan(case(risk_weight=1.0, risk_level=level)).cost
        assert found == pytest.approx(tail_by_sorting(costs, weights, level))


def test_nothing_is_added_without_a_weight() -> None:
    """λ = 0 is the mean, in the very same program. Would fail if `eta` stood there without need."""
    plain, zero = build(case()).program, build(case(risk_weight=0.0, risk_level=0.9)).program
    assert zero.columns == plain.columns
    assert np.array_equal(zero.cost, plain.cost)
    assert not any(label.name in ("eta", "tail") for label in zero.columns)


def test_risk_changes_what_is_built() -> None:
    """A plant for 300 makes all ore at nothing: dearer than the mean of 260, cheaper than a tail of 560. With a weight
    of 0.1 the mean and tail give 290, nothing is built; with 0.2, 320, it is. Would fail if the tail were not of the
    whole cost of a path."""

    def with_plant(weight: float) -> Any:
        plant = (process("pit", {}, {"ore": 1}), project("dig", "pit", 10, capital=300))
        return plan(case(*plant, risk_weight=weight, risk_level=0.75))

    assert with_plant(0.1).cost == pytest.approx(290)
    assert with_plant(0.2).cost == pytest.approx(300)
    assert with_plant(0.2).value("start", "dig", future="a") == 1


def test_cost_that_no_decision_changes_is_in_the_tail() -> None:
    """A stock that may not be touched costs 6 on every path, 3 of it for what was there: mean and tail rise by 6.
    Would fail if the constant were left out of the tail."""
    held = stockpile("k", "gold", 5, owner="public", initial_t=5, holding_share_per_year=0.1)
    price = tables(
        markets=[{"market": "china"}], prices=[{"market": "china", "commodity": "gold", "fee_usd_per_kg": 12}]
    )
    for weight, expected in ((0.0, 266), (0.5, 416), (1.0, 566)):
        assert plan(case(held, price, risk_weight=weight, risk_level=0.75)).cost == pytest.approx(expected)
