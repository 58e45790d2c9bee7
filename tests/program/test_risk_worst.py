"""RSK: the greatest cost over futures, and expected cost with an objective held that binds only some of them."""

from __future__ import annotations

from typing import Any

import pytest

from audit import runs
from orefolio import api
from orefolio.program.build import build
from orefolio.program.risk.held import second
from orefolio.solve import Options, Session, solve
from pencil import Piece, case_of, event, future, must, plan, process, project, spot, stockpile, tables

PRICES = {"a": (10, 0.6), "b": (20, 0.3), "c": (40, 0.1)}


def case(*more: Piece, **settings: float) -> Any:
    """10 t at 10, 20 or 40 on the first market, so 100, 200 or 400 with weights 0.6, 0.3 and 0.1: a mean of 160. Both
    markets sell at will; the second always asks 35."""
    pieces: list[Piece] = [spot("m", "ore", 10), spot("n", "ore", 35), must("x", "ore", 10)]
    for name, (price, weight) in PRICES.items():
        pieces.append(event(name, "contract_items", "contract=m", "price_usd_per_kg", "set", price))
        pieces.append(future(name, weight, {name: "2027-01-01"}, onset="2027-01-01"))
    return case_of(*pieces, *more, **settings)


def solved(asked: Any) -> Any:
    run = api.solve(asked, abs_gap=0.0)
    assert run.status == "optimal"
    assert run.record["audit"]["passed"], run.record["audit"]
    return run


def costs(run: Any) -> dict[str, float]:
    return {lived.name: 1000 * lived.cost for lived in run.outcome.futures}


def plant(capital: float) -> tuple[Piece, Piece]:
    """A plant that makes all ore at nothing."""
    return process("pit", {}, {"ore": 1}), project("dig", "pit", 10, capital=capital)


def test_the_worst_is_the_dearest_future() -> None:
    """c buys at 35: 350. Expected 0.6 × 100 + 0.3 × 200 + 0.1 × 350 = 155. Would fail if futures were weighted."""
    assert plan(case(worst_case=1.0)).cost == pytest.approx(350)
    assert plan(case()).cost == pytest.approx(155)


def test_the_worst_case_builds_what_the_mean_does_not() -> None:
    """A plant for 300: the mean 155 does without, the worst, 350, does not. Even the worst tenth is no dearer."""
    assert plan(case(*plant(300))).value("start", "dig", future="a") == 0
    built = plan(case(*plant(300), worst_case=1.0))
    assert built.cost == pytest.approx(300)
    assert built.value("start", "dig", future="a") == 1
    assert plan(case(*plant(360), worst_case=1.0)).cost == pytest.approx(350)


def test_weight_does_not_count_and_constants_do() -> None:
    """A stock that may not be touched costs 6 on every path, 3 of it for what was there: the worst is 356."""
    held = stockpile("k", "gold", 5, owner="public", initial_t=5, holding_share_per_year=0.1)
    price = tables(
        markets=[{"market": "china"}], prices=[{"market": "china", "commodity": "gold", "fee_usd_per_kg": 12}]
    )
    assert plan(case(held, price, worst_case=1.0)).cost == pytest.approx(356)


@pytest.mark.parametrize("settings", [{"worst_case": 1.0}, {"risk_weight": 1.0, "risk_level": 0.9}])
def test_futures_that_do_not_bind_are_cheapest_too(settings: dict[str, float]) -> None:
    """The objective is 350 in c; a may cost up to 350 too and it costs 100, b 200. Would fail if the second solve
    were left out, let the objective go or kept the first plan's values: the expected cost is 155 by hand."""
    run = solved(case(**settings))
    assert run.cost * 1000 == pytest.approx(350)
    assert costs(run) == pytest.approx({"a": 100, "b": 200, "c": 350})
    assert run.record["expected_cost_musd"] * 1000 == pytest.approx(155)
    assert run.record["risk"]["expected_bound_musd"] is not None
    assert run.record["risk"]["expected_bound_musd"] * 1000 == pytest.approx(155)


def test_the_second_solve_keeps_the_value_of_the_first() -> None:
    """A plant for 300 is the worst case's; the mean would rather do without (155): with the worst held at 300 all is
    300, with 320 allowed too, with 350 it is 155. Would fail if the objective were let go."""
    merged = build(case(*plant(300), worst_case=1.0))
    for allowed, expected in ((300, 300), (320, 300), (350, 155)):
        found = solve(second(merged, allowed / 1000), Options(abs_gap=0.0))
        assert found.objective * 1000 == pytest.approx(expected), allowed
    run = solved(case(*plant(300), worst_case=1.0))
    assert costs(run) == pytest.approx({"a": 300, "b": 300, "c": 300})


def test_the_first_solve_alone_may_waste() -> None:
    """The contrast: a plan in which a buys at 35 is as good by the worst case, 350, though it wastes 250."""
    merged = build(case(worst_case=1.0))
    names = [str(label) for label in merged.program.columns]
    session = Session(merged.program, Options(abs_gap=0.0))
    found = session.solve()
    wasteful = found.values.copy()
    for number, label in enumerate(merged.program.columns):
        if label.name == "buy" and number in merged.column_of[0]:
            wasteful[number] = 10.0 if label.index == ("n",) else 0.0
    assert len(names) == len(wasteful)
    body = merged.program.matrix @ wasteful
    assert (body >= merged.program.row_lower - 1e-9).all()
    assert (body <= merged.program.row_upper + 1e-9).all()
    assert merged.program.objective(wasteful) * 1000 == pytest.approx(350)


def test_nothing_is_added_without_the_setting() -> None:
    assert build(case(worst_case=0.0)).program.columns == build(case()).program.columns
    assert build(case(risk_weight=0.5)).program.rows == build(case(risk_weight=0.6)).program.rows
    assert not any(label.name in ("RSK_held", "RSK_worst") for label in build(case(risk_weight=0.5)).program.rows)


def test_the_audit_sees_another_objective() -> None:
    texts = runs.solved(case(worst_case=1.0), abs_gap=0.0)
    assert texts.report().passed
    rows = runs.split(texts.plan)
    for row in rows:
        if row[0] == "worst":
            row[-1] = "0.34"
    from dataclasses import replace

    failed = {result.name for result in replace(texts, plan=runs.joined(rows)).report().failed}
    assert "objective" in failed
