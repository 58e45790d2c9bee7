"""A point of a case that takes several solves has the plan of the command, and a menu of regimes takes no question."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from orefolio import api, cli
from orefolio.analyses.sweep.planning import Planner, setup_of
from orefolio.analyses.sweep.point import Point
from orefolio.case.case import Case
from orefolio.case.read import load_case
from orefolio.errors import InputError
from orefolio.tables.folder.case_files import case_files
from pencil import Piece, case_of, event, future, must, spot, tables
from program.test_risk_regimes import case as menu
from program.test_risk_worst import plant

BUILT = ("forced", "project:dig", "in", 1.0)


def prices(*more: Piece, **settings: float) -> Case:
    """The case of tests/program/test_risk_worst.py whose first future is the trunk: 10 t at 10, 20 or 40 on the first
    market, with weights 0.6, 0.3 and 0.1; both markets sell at will, and the second always asks 35."""
    dearer = [
        (event(name, "contract_items", "contract=m", "price_usd_per_kg", "set", price),
         future(name, weight, {name: "2027-01-01"}, onset="2027-01-01"))
        for name, price, weight in (("b", 20, 0.3), ("c", 40, 0.1))
    ]  # fmt: skip
    pieces = [future("a", 0.6), *(piece for pair in dearer for piece in pair)]
    return case_of(spot("m", "ore", 10), spot("n", "ore", 35), must("x", "ore", 10), *pieces, *more, **settings)


def lever(contract: str, price: float) -> Piece:
    """The price of a contract, which stands at `price`."""
    return tables(
        levers=[{"lever": "second", "name": "second market", "base": price, "low": 5.0, "high": 60.0, "unit": "USD/kg",
                 "source": "assumption: by hand"}],
        lever_adjustments=[{"lever": "second", "table": "contract_items", "where": f"contract={contract}",
                            "column": "price_usd_per_kg", "operation": "set"}],
    )  # fmt: skip


def written(folder: Path, case: Case) -> Path:
    folder.mkdir()
    for name, text in case_files(case).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def planned(folder: Path, *questions: tuple[Any, ...], **point: Any) -> dict[str, Any]:
    given = {"options": {"abs_gap": 0.0}, **point}
    return Planner(setup_of(load_case(folder), [], []))(Point(questions=questions, **given).plain())


def costs(row: dict[str, Any]) -> dict[str, float]:
    return {name: 1000 * cost for name, cost in json.loads(row["future_costs"]).items()}


@pytest.mark.parametrize(
    ("case", "objective", "each"),
    [
        # The tables of tests/program say why: apart is the best regime, and its odds of a ban are 0.1.
        (menu(), 0.9 * 150 + 0.1 * 400, {"calm": 150, "ban": 400}),
        (menu(ban=0.41), 250, {"calm": 100, "ban": 400}),
        (prices(*plant(180), least_regret=1.0), 80, {"a": 180, "b": 180, "c": 180}),
        (prices(*plant(300), least_regret=1.0), 50, {"a": 100, "b": 200, "c": 350}),
        (prices(worst_case=1.0), 350, {"a": 100, "b": 200, "c": 350}),
        (prices(risk_weight=1.0, risk_level=0.9), 350, {"a": 100, "b": 200, "c": 350}),
    ],
)
def test_a_point_has_the_plan_of_the_command(
    tmp_path: Path, case: Case, objective: float, each: dict[str, float]
) -> None:
    """Would fail if a menu were planned with the base's weights and without its limits, if regret were counted from
    nothing, or if futures that do not bind were left as the first solve has them."""
    folder = written(tmp_path / "case", case)
    row, run = planned(folder), api.load(folder).solve(abs_gap=0.0)
    assert (row["status"], row["audit"]) == ("optimal", "passed")
    assert 1000 * row["cost_musd"] == pytest.approx(objective)
    assert 1000 * row["bound_musd"] == pytest.approx(objective)
    assert costs(row) == pytest.approx(each)
    assert row["cost_musd"] == pytest.approx(run.cost)
    assert row["bound_musd"] == pytest.approx(run.record["bound"])
    assert row["expected_cost_musd"] == pytest.approx(run.record["expected_cost_musd"])


def test_dives_of_a_turned_point_take_turns_too(tmp_path: Path) -> None:
    """With the second market at 30, regret without the plant for 300 is 0: c costs 300 either way, and a and b least.
    Would fail if the plan were made near that of the base, whose regret is 50."""
    folder = written(tmp_path / "case", prices(*plant(300), lever("n", 35.0), least_regret=1.0))
    row = planned(folder, levers={"second": 30.0}, options={"abs_gap": 0.0, "node_limit": 0})
    assert row["audit"] == "passed"
    assert 1000 * row["cost_musd"] == pytest.approx(0, abs=1e-6)
    assert costs(row) == pytest.approx({"a": 100, "b": 200, "c": 300})


@pytest.mark.parametrize(
    ("settings", "question", "objective", "each"),
    [
        # With the plant for 180 every future costs 180, 80 more than a by itself.
        ({"least_regret": 1.0}, BUILT, 80, {"a": 180, "b": 180, "c": 180}),
        # Without it c costs 350, 170 more than 180 by itself; a and b are cheapest all the same.
        ({"least_regret": 1.0}, ("forced", "project:dig", "out"), 170, {"a": 100, "b": 200, "c": 350}),
        ({"worst_case": 1.0}, ("forced", "project:dig", "out"), 350, {"a": 100, "b": 200, "c": 350}),
    ],
)
def test_a_question_is_put_to_the_objective_of_the_case(
    tmp_path: Path, settings: dict[str, float], question: tuple[Any, ...], objective: float, each: dict[str, float]
) -> None:
    row = planned(written(tmp_path / "case", prices(*plant(180), **settings)), question)
    assert row["audit"] == "passed"
    assert 1000 * row["cost_musd"] == pytest.approx(objective)
    assert 1000 * row["bound_musd"] == pytest.approx(objective)
    assert costs(row) == pytest.approx(each)


def test_the_least_of_a_measure_is_held_while_futures_that_do_not_bind_are_cheapest(tmp_path: Path) -> None:
    """Nothing is short in any plan, so the least of it is 0 and the plan that of the worst case: 350, and a 100."""
    row = planned(written(tmp_path / "case", prices(worst_case=1.0)), ("least", "short_t", 0.0))
    assert (row["aim_value"], row["audit"]) == (pytest.approx(0.0), "passed")
    assert costs(row) == pytest.approx({"a": 100, "b": 200, "c": 350})


def test_a_case_in_one_regime_takes_questions(tmp_path: Path) -> None:
    """Apart, at most 5 of 10 t come from China in either future; at most 3 with the question: 20 x 7 is out of reach of
    the other market's 5 t, and at most 5 of 10 are as before: 0.9 x 150 + 0.1 x 400."""
    whole = menu()
    rows = {name: tuple(row for row in whole.rows(name) if row.regime == "apart")
            for name in ("regimes", "regime_weights")}  # fmt: skip
    folder = written(tmp_path / "case", replace(whole, tables={**whole.tables, **rows}))
    assert planned(folder, ("most", "china_direct", 0.3))["status"] == "infeasible"
    row = planned(folder, ("most", "china_direct", 0.5))
    assert (row["audit"], 1000 * row["cost_musd"]) == ("passed", pytest.approx(175))
    assert planned(folder)["cost_musd"] == pytest.approx(row["cost_musd"])


@pytest.mark.verifies("bad input")
def test_a_menu_of_regimes_takes_no_question(tmp_path: Path) -> None:
    folder = written(tmp_path / "case", menu())
    with pytest.raises(InputError, match=r"regimes\.csv: found the regimes open, apart, expected one at most"):
        planned(folder, ("most", "china_direct", 0.5))


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize(
    "words", [("frontier",), ("alternatives",), ("value", "--parts", "waiting"), ("breakeven", "second")]
)
def test_an_analysis_that_asks_questions_refuses_a_menu_before_the_first_solve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    written(tmp_path / "case", menu(lever("other", 20.0)))
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli.main, ["sensitivity", "case", *words, "--jobs", "0", "--folder", "f"])
    assert done.exit_code == 2, done.output
    assert "found the regimes open, apart" in done.stderr
    assert "keep the rows of one regime" in done.stderr
    assert not (tmp_path / "f").exists()
