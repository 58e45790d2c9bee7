"""RSK: regimes, in which the weights of futures rest on our own dependence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from audit import runs
from orefolio import api
from orefolio.case.checks.risk import limits_of_regimes_are_whole, weights_of_regimes_sum_to_one
from orefolio.errors import InfeasibleError
from pencil import Piece, case_of, event, future, must, process, spot, tables


def case(*more: Piece, share: float = 0.5, ban: float = 0.1, **settings: float) -> Any:
    """10 t from China at 10, or 5 of them elsewhere at 20; in a ban China's cost 60. Free of limits: 100, or 5 × 20 + 5
    × 60 = 400, even odds: 250. At most half from China: 50 + 100 = 150, or 400, and a ban is less likely."""
    regimes: list[dict[str, Any]] = [
        {"regime": "open"},
        {"regime": "apart", "stage": "oxide", "element": "Dy", "country": "CN", "max_share": share},
    ]
    odds = {"open": 0.5, "apart": ban}
    return case_of(
        spot("china", "ore", 10, country="CN"),
        spot("other", "ore", 20, 5, country="AU"),
        must("x", "ore", 10),
        event("ban", "contract_items", "contract=china", "price_usd_per_kg", "set", 60),
        future("calm", 0.5),
        future("ban", 0.5, {"ban": "2027-01-01"}, onset="2027-01-01"),
        tables(
            commodities=[{"commodity": "ore", "stage": "oxide", "discardable": False}],
            elements=[{"element": "Dy", "heavy": True}],
            content=[{"commodity": "ore", "element": "Dy", "share": 0.3}],
            regimes=regimes,
            regime_weights=[
                {"regime": regime, "future": name, "weight": weight}
                for regime, often in odds.items()
                for name, weight in (("calm", 1 - often), ("ban", often))
            ],
        ),
        *more,
        **settings,
    )


@pytest.mark.parametrize(
    ("ban", "chosen", "cost"),
    [(0.1, "apart", 0.9 * 150 + 0.1 * 400), (0.39, "apart", 0.61 * 150 + 0.39 * 400), (0.41, "open", 250)],
)
def test_the_best_regime_is_chosen(ban: float, chosen: str, cost: float) -> None:
    """Apart: 150 + 250 × the odds of a ban, which is 250 at 0.4. Would fail if the base weights held in both regimes
    (275 against 250) or the limit were forgotten (100 + 300 × the odds)."""
    run = api.solve(case(ban=ban), abs_gap=0.0)
    menu = run.record["risk"]["regimes"]
    assert run.cost * 1000 == pytest.approx(cost)
    assert menu[0]["regime"] == chosen
    told = {entry["regime"]: 1000 * entry["objective"] for entry in menu}
    assert told == pytest.approx({"open": 250, "apart": 150 + 250 * ban})
    assert run.record["bound"] * 1000 == pytest.approx(cost)
    assert run.record["audit"]["passed"], run.record["audit"]


def test_a_regime_without_a_plan_is_left_out() -> None:
    """A fifth from China would need 8 t elsewhere, where there are 5: open, 250. Without open there is none."""
    run = api.solve(case(share=0.2), abs_gap=0.0)
    assert run.cost * 1000 == pytest.approx(250)
    assert {entry["regime"]: entry["status"] for entry in run.record["risk"]["regimes"]}["apart"] == "infeasible"
    only = case(share=0.2)
    rows = tuple(row for row in only.rows("regimes") if row.regime == "apart")
    with pytest.raises(InfeasibleError):
        api.solve(replace(only, tables={**only.tables, "regimes": rows}))


def test_the_tail_takes_the_weights_of_the_regime() -> None:
    """The dearest fifth: open 400; apart, a ban in half of it: (0.1 × 400 + 0.1 × 150) / 0.2 = 275."""
    run = api.solve(case(risk_weight=1.0, risk_level=0.8), abs_gap=0.0)
    assert run.cost * 1000 == pytest.approx(275)
    assert run.record["audit"]["passed"], run.record["audit"]


def test_menus_are_checked() -> None:
    good = case()
    assert not [*weights_of_regimes_sum_to_one(good), *limits_of_regimes_are_whole(good)]
    less = tuple(replace(row, weight=0.5 * row.weight) for row in good.rows("regime_weights"))
    assert len(list(weights_of_regimes_sum_to_one(replace(good, tables={**good.tables, "regime_weights": less})))) == 2
    bare = tuple(replace(row, element="", country="") for row in good.rows("regimes"))
    assert len(list(limits_of_regimes_are_whole(replace(good, tables={**good.tables, "regimes": bare})))) == 2


@pytest.mark.parametrize(
    ("table", "columns"),
    [("regimes", {"max_share": 0.4}), ("regime_weights", {"weight": 0.7}), ("futures", {"weight": 0.5})],
)
def test_the_audit_sees_another_regime(table: str, columns: dict[str, float]) -> None:
    run = api.solve(case(), abs_gap=0.0)
    assert run.outcome is not None
    texts = runs.solved(run.outcome.case, abs_gap=0.0)
    rows = list(texts.case.rows(table))
    rows[0] = replace(rows[0], **columns)
    other = replace(texts.case, tables={**texts.case.tables, table: tuple(rows)})
    assert "risk" in {result.name for result in replace(texts, case=other).report().failed}


def test_what_is_made_at_a_stage_counts_as_supply_of_its_country() -> None:
    """A refinery at home in place of the other market, and two tonnes of an alloy at 1, one bought and one made, which
    are of another stage: 2 more in each. Would fail if what is made did not count: half could not be had."""
    pieces = (
        process("refinery", {}, {"ore": 1}, capacity=5, cost=20, stage="oxide"),
        must("y", "alloy", 2),
        spot("z", "alloy", 1, 1, country="CN"),
        process("caster", {}, {"alloy": 1}, capacity=1, cost=1),
    )
    whole = case(*pieces)
    kept = {
        table: tuple(row for row in whole.rows(table) if getattr(row, column) != "other")
        for table, column in (("contracts", "contract"), ("contract_items", "contract"), ("suppliers", "supplier"))
    }
    run = api.solve(replace(whole, tables={**whole.tables, **kept}), abs_gap=0.0)
    told = {entry["regime"]: 1000 * entry["objective"] for entry in run.record["risk"]["regimes"]}
    assert told == pytest.approx({"open": 252, "apart": 0.9 * 150 + 0.1 * 400 + 2})


def test_a_limit_that_begins_after_the_horizon_binds_nothing() -> None:
    """Free of it, with the odds of its regime: 0.9 × 100 + 0.1 × 400."""
    free = case()
    rows = tuple(replace(row, from_year=2030) for row in free.rows("regimes"))
    run = api.solve(replace(free, tables={**free.tables, "regimes": rows}), abs_gap=0.0)
    assert run.cost * 1000 == pytest.approx(0.9 * 100 + 0.1 * 400)
