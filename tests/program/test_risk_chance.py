"""RSK: chances over a whole path, and tails of shortage, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from audit import runs
from audit.runs import Texts, joined, split
from orefolio import api
from orefolio.case.checks.risk import one_thing_is_counted, tails_ask_for_something
from orefolio.errors import InfeasibleError
from orefolio.program.build import build
from pencil import Piece, case_of, event, future, plan, spot, status, tables, wanted

PRICES = {"a": (30, 0.5), "b": (60, 0.3), "c": (90, 0.2)}


def case(*more: Piece, most: float | None = None, **settings: float) -> Any:
    """10 t wanted in each of two years, a shortage costs 20 a kilogram, ore 30, 60 or 90: nothing is bought, and each
    path loses 2 × 10 × 20 = 400. A tonne served costs 10, 40 or 70 more than it saves."""
    pieces: list[Piece] = [spot("m", "ore", 30, most), wanted("x", "ore", 10, 20, group="g")]
    for name, (price, weight) in PRICES.items():
        pieces.append(event(name, "contract_items", "contract=m", "price_usd_per_kg", "set", price))
        pieces.append(future(name, weight, {name: "2027-01-01"}, onset="2027-01-01"))
    return case_of(*pieces, *more, years=2, **settings)


def chance(limit: float, probability: float, **columns: Any) -> Piece:
    row = {"chance": "served", "limit_share": limit, "probability": probability, **columns}
    return tables(chance=[row])


def tail(level: float, **columns: Any) -> Piece:
    return tables(shortage_tails=[{"tail": "dark", "level": level, **columns}])


@pytest.mark.parametrize(
    ("limit", "probability", "expected"),
    [
        (0.25, 0.0, 400),
        (1.0, 1.0, 400),
        (0.25, 0.5, 400 + 0.5 * 15 * 10),
        (0.25, 0.7, 400 + 0.5 * 15 * 10 + 0.3 * 15 * 40),
        (0.25, 0.8, 400 + 0.5 * 15 * 10 + 0.3 * 15 * 40),
        (0.25, 0.9, 400 + 0.5 * 15 * 10 + 0.3 * 15 * 40 + 0.2 * 15 * 70),
        (0.0, 0.5, 400 + 0.5 * 20 * 10),
    ],
)
def test_a_chance_serves_the_cheapest_futures(limit: float, probability: float, expected: float) -> None:
    """Within the limit 5 of the 20 t go short, so 15 are served: 0.5 × 150 = 75 in a, 0.3 × 600 = 180 in b, 0.2 × 1050
    = 210 in c. Of weight 0.5 a is enough; of 0.7 a and c (285) or a and b (255): the latter; of 0.9 all."""
    assert plan(case(chance(limit, probability))).cost == pytest.approx(expected)


def test_the_limit_is_over_the_whole_path() -> None:
    """All 5 t may go short in one year: no year by itself must be served to 0.75. A dear first year, 100 more, is the
    one that goes short: 15 t served, 5 of them in the first year, 500 × 0.5 more than else."""
    dear = event("first", "contract_items", "contract=m", "price_usd_per_kg", "set", 130)
    struck = tables(future_events=[{"future": "a", "event": "first", "start": "2027-01-01", "length_months": 12.0}])
    asked = case(chance(0.25, 0.5), dear, struck)
    found = plan(asked)
    assert found.value("short", "x", period=0, future="a") == pytest.approx(5)
    assert found.cost == pytest.approx(400 + 0.5 * (10 * 10 + 5 * 110))


def test_a_chance_counts_its_demand_its_group_or_all() -> None:
    """A second demand, of no group, for 20 t a path at 5 a kilogram loses 100. All: 10 of 40 t may go short, so 30 are
    served, first x (10 more a tonne), then y (25 more): 20 × 10 + 10 × 25. The group is x alone: 15 × 10."""
    other = wanted("y", "ore", 10, 5)
    for columns, extra in (({}, 450), ({"group": "g"}, 150), ({"demand": "y"}, 375), ({"demand": "x"}, 150)):
        found = plan(case(other, chance(0.25, 0.5, **columns))).cost
        assert found == pytest.approx(500 + 0.5 * extra), columns


def test_a_chance_that_cannot_hold_leaves_no_plan() -> None:
    """Only 5 t a year can be bought, half of what is wanted."""
    assert status(case(chance(0.5, 1.0), most=5)) == "optimal"
    assert status(case(chance(0.4, 0.1), most=5)) == "infeasible"
    with pytest.raises(InfeasibleError):
        api.solve(case(chance(0.4, 0.1), most=5))


@pytest.mark.parametrize(
    ("level", "columns", "expected"),
    [
        (0.8, {"cap": 12.0}, 400 + 0.5 * 8 * 10 + 0.3 * 8 * 40 + 0.2 * 8 * 70),
        (0.0, {"cap": 12.0}, 400 + 0.5 * 16 * 10),
        (0.5, {"cap": 12.0}, 400 + 17 * 8 / 0.6),
        (0.8, {"measure": "musd", "cap": 0.24}, 400 + 0.5 * 8 * 10 + 0.3 * 8 * 40 + 0.2 * 8 * 70),
        (0.0, {"weight_musd": 0.009}, 400 + 180),
        (0.0, {"weight_musd": 0.011}, 400 + 0.5 * 200 + 0.5 * 20 * 11),
        (0.8, {"weight_musd": 0.030}, 400 + 20 * 30),
        (0.8, {"weight_musd": 0.032}, 400 + 20 * 31),
    ],
)
def test_the_tail_of_shortage(level: float, columns: dict[str, Any], expected: float) -> None:
    """The mean, level 0, is cut by 8 t at 10 a tonne, 16 t of a. The worst fifth is one future as bad as the worst: all
    go down to 12 t, or not at all where a tonne less in all three (0.5 × 10 + 0.3 × 40 + 0.2 × 70 = 31) costs more."""
    assert plan(case(tail(level, **columns))).cost == pytest.approx(expected)


HALF = 17 * 8 / 0.6
"""Of a half, 0.2 is c and 0.3 is b or a. A tonne less in b alone moves a into the tail; in a and b together it costs
0.5 × 10 + 0.3 × 40 = 17 and cuts the tail by 0.3 / 0.5; in all three 31 and cuts 1. So 8 / 0.6 t in a and b."""


def test_half_by_search() -> None:
    """The least cost of a tail of 12 over the worse half, by trying every shortage of whole thirds of a tonne."""
    steps = [n / 3 for n in range(61)]
    least = min(
        0.5 * (20 - a) * 10 + 0.3 * (20 - b) * 40 + 0.2 * (20 - c) * 70
        for a in steps
        for b in steps
        for c in steps
        if runs_tail([a, b, c]) <= 12 + 1e-9
    )
    assert least == pytest.approx(HALF)


def runs_tail(short: list[float]) -> float:
    left, total = 0.5, 0.0
    for value, weight in sorted(zip(short, [0.5, 0.3, 0.2], strict=True), reverse=True):
        total += min(left, weight) * value
        left -= min(left, weight)
    return total / 0.5


def test_nothing_is_added_without_rows() -> None:
    names = {label.name for label in build(case()).program.columns}
    assert not names & {"miss", "eta_short", "tail_short"}


def test_what_is_counted_is_one_thing() -> None:
    both = case(chance(0.1, 0.5, demand="x", group="g"), tail(1.0, demand="x", group="g"))
    assert len(list(one_thing_is_counted(both))) == 2
    assert len(list(tails_ask_for_something(both))) == 2
    fine = case(chance(0.1, 0.5, demand="x"), tail(0.5, cap=1.0))
    assert not [*one_thing_is_counted(fine), *tails_ask_for_something(fine)]


@cache
def texts() -> Texts:
    return runs.solved(case(chance(0.25, 0.5), tail(0.8, weight_musd=0.001, cap=19.0, measure="t")), abs_gap=0.0)


def test_the_audit_agrees_and_counts() -> None:
    report = texts().report()
    assert [(result.name, result.tally.findings) for result in report.failed] == []
    counted = {result.name: result.tally.items for result in report.results}
    assert counted["risk"] >= 6
    assert counted["table_risk"] >= 8 * 4


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("chance", {"limit_share": 0.2}),
        ("chance", {"probability": 0.9}),
        ("shortage_tails", {"cap": 18.0}),
        ("shortage_tails", {"level": 0.9, "cap": 10.0}),
    ],
)
def test_a_stricter_case_is_seen(table: str, columns: dict[str, Any]) -> None:
    rows = tuple(replace(row, **columns) for row in texts().case.rows(table))
    other = replace(texts().case, tables={**texts().case.tables, table: rows})
    failed = {result.name for result in replace(texts(), case=other).report().failed}
    assert "risk" in failed


@pytest.mark.parametrize("variable", ["miss", "eta_short"])
def test_a_plan_that_was_changed_is_seen(variable: str) -> None:
    rows = split(texts().plan)
    line = next(number for number, row in enumerate(rows) if row[0] == variable)
    rows[line][-1] = "0"
    assert not replace(texts(), plan=joined(rows)).report().passed


def test_the_table_says_what_is_kept() -> None:
    run = api.solve(case(chance(0.25, 0.7)), abs_gap=0.0)
    shown = {(row.id, row.future): row for row in run.table("risk").itertuples()}
    assert shown["served", "a"].value == pytest.approx(0.25)
    assert shown["served", "c"].value == pytest.approx(1.0)
    assert shown["served", "c"].met == "no"
    assert shown["served", ""].value == pytest.approx(0.8)
