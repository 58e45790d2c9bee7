"""`orefolio sensitivity CASE screen`: effects known by hand, what is not proved, and words that are wrong."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from orefolio.analyses.sensitivity.sampled import Ranges, interval, without
from orefolio.analyses.sweep import planning
from sensitivity.three_levers import LOSS, PRICE, call, everything, rows, tables
from test_api import written


def test_each_lever_has_its_effect_and_the_idle_one_is_not_proved(place: Path) -> None:
    done = call("screen", "--trajectories", 3, "--folder", "a", "--json")
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    table = rows(place / "a" / "effects.csv")
    assert [(row["rank"], row["lever"]) for row in table] == [("1", "price"), ("2", "loss"), ("3", "fund")]
    assert [float(row["mu_star"]) for row in table] == pytest.approx([PRICE, LOSS, 0], abs=1e-6)
    assert [float(row["mu"]) for row in table] == pytest.approx([PRICE, LOSS, 0], abs=1e-6)
    assert [float(row["sigma"]) for row in table] == pytest.approx([0, 0, 0], abs=1e-6)
    assert [float(row["mu_star_gap_low"]) for row in table] == pytest.approx([PRICE, LOSS, 0], abs=1e-4)
    assert [(row["effects"], row["proved_share"]) for row in table] == [("3", "1"), ("3", "1"), ("3", "0")]
    said = " ".join(answer["sentences"])
    assert (
        "price in China (price), from 5 to 15: 2.6 on average (95 %: 2.6 to 2.6); 3 of its 3 effects are proved" in said
    )
    assert "every effect lies within the gaps: fund." in said
    assert [row["lever"] for row in answer["effects"]] == ["price", "loss", "fund"]


def test_the_figure_shows_what_the_table_says(place: Path) -> None:
    assert call("screen", "--trajectories", 2, "--folder", "a").exit_code == 0
    figure = json.loads((place / "a" / "figure.json").read_text(encoding="utf-8"))
    table = rows(place / "a" / "effects.csv")
    proved, unproved, marks = figure["data"]
    assert (proved["y"], unproved["y"]) == (["loss", "price"], ["fund"])
    sizes = {row["lever"]: float(row["mu_star"]) for row in table}
    assert proved["x"] == pytest.approx([sizes["loss"], sizes["price"]])
    assert unproved["x"] == pytest.approx([sizes["fund"]])
    assert (proved["marker"]["color"], unproved["marker"]["color"]) == ("#0072B2", "#BBBBBB")
    assert marks["y"] == figure["layout"]["yaxis"]["categoryarray"] == ["fund", "loss", "price"]
    assert marks["x"] == pytest.approx([float(row["sigma"]) for row in table][::-1])
    assert figure["layout"]["xaxis"]["title"]["text"] == "effect on the cost, million USD"
    assert figure["layout"]["yaxis"]["title"]["text"] == "lever"


def test_effects_within_wide_gaps_are_not_proved(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = planning._row
    wide = 2.0

    def row(*rest: Any) -> dict[str, Any]:
        made = real(*rest)
        return {**made, "bound_musd": made["cost_musd"] - wide}

    monkeypatch.setattr(planning, "_row", row)
    done = call("screen", "--trajectories", 2, "--levels", 2, "--folder", "a", "--json")
    table = {row["lever"]: row for row in rows(place / "a" / "effects.csv")}
    # With two levels a step is the whole range: 2.6 is more than 2, 1.35 is not.
    assert {name: row["proved_share"] for name, row in table.items()} == {"price": "1", "loss": "0", "fund": "0"}
    assert float(table["price"]["mu_star_gap_low"]) == pytest.approx(PRICE - wide, abs=1e-4)
    assert float(table["price"]["mu_star_gap_high"]) == pytest.approx(PRICE + wide, abs=1e-4)
    assert float(table["loss"]["mu_star_gap_low"]) == 0
    assert "within the gaps: loss, fund." in " ".join(json.loads(done.stdout)["sentences"])


def test_another_figure_stands_beside_the_cost_and_nothing_is_proved_of_it(place: Path) -> None:
    done = call("screen", "--trajectories", 2, "--of", "short_musd", "--folder", "a", "--json")
    table = rows(place / "a" / "effects.csv")
    assert [row["figure"] for row in table] == ["short_musd"] * 3 + ["cost_musd"] * 3
    assert table[0]["lever"] == "loss"
    assert float(table[0]["mu_star"]) == pytest.approx(LOSS)
    assert {row["proved_share"] for row in table[:3]} == {""}
    said = " ".join(json.loads(done.stdout)["sentences"])
    assert "another plan within the gap may have another" in said
    assert "Without any effect in this sample: price, fund." in said


def test_the_same_words_are_the_same_bytes_and_another_figure_plans_nothing(place: Path) -> None:
    words = ("screen", "--trajectories", 2, "--levers", "price,loss", "--folder")
    assert call(*words, "a").exit_code == call(*words, "b", "--jobs", 2).exit_code == 0
    assert everything(place / "a") == everything(place / "b")
    again = call(*words, "a", "--of", "tail_cost_musd", "--resume", "--json")
    assert json.loads(again.stdout)["planned"] == 0
    assert rows(place / "a" / "effects.csv")[0]["figure"] == "tail_cost_musd"


def test_a_lever_that_is_set_or_laid_is_left_where_it_is(place: Path) -> None:
    (place / "dear.yaml").write_text("title: dear\nlevers: {price: 12}\n", encoding="utf-8")
    words = ("--set", "loss=60", "--overlay", "dear.yaml", "--trajectories", 2, "--folder", "a")
    assert call("screen", *words).exit_code == 0
    assert [row["lever"] for row in rows(place / "a" / "effects.csv")] == ["fund"]


def test_points_without_a_plan_are_named(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = planning._row

    def row(case: Any, *rest: Any) -> dict[str, Any]:
        if case.turned["price"] > 10:
            raise ZeroDivisionError
        return real(case, *rest)

    monkeypatch.setattr(planning, "_row", row)
    done = call("screen", "--levers", "price,loss", "--trajectories", 4, "--folder", "a")
    assert done.exit_code == 3
    table = rows(place / "a" / "table.csv")
    failed = [row["point"] for row in table if row["state"] == "failed"]
    assert failed == [row["point"] for row in table if float(row["lever_price"]) > 10] != []
    assert f"Left out: failed at points {', '.join(failed)}." in done.stdout
    # Every effect of the price crosses 10, so none is known.
    effects = {row["lever"]: row for row in rows(place / "a" / "effects.csv")}
    assert (effects["price"]["effects"], effects["price"]["mu_star"], effects["price"]["rank"]) == ("0", "", "2")


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--levers", "prise"), "--levers: found 'prise', expected a lever of the case. Did you mean price?"),
        (("--levers", "price,price"), "--levers: found price twice"),
        (("--levers", ","), "--levers: found no lever"),
        (("--levers", "price", "--set", "price=7"), "--levers: found price, which --set holds"),
        (("--of", "short"), "Did you mean short_t"),
        (("--trajectories", "1"), "--trajectories: found '1', expected 2 to 100,000"),
        (("--trajectories", "many"), "--trajectories: found 'many'"),
        (("--trajectories", "50000"), "the sample: found 200,000 points, expected at most 100,000"),
        (("--levels", "5"), "--levels: found '5', expected an even number"),
        (("--sample-seed", "-1"), "--sample-seed: found '-1'"),
        (("--resamples", "1"), "--resamples: found '1'"),
    ],
)
def test_bad_words_end_with_2_and_write_nothing(place: Path, words: tuple[str, ...], said: str) -> None:
    done = call("screen", *words)
    assert done.exit_code == 2, done.output
    assert said in done.stderr, done.stderr
    assert not (place / "results").exists()


@pytest.mark.verifies("bad input")
def test_a_range_that_the_case_refuses_is_told_before_the_first_plan(place: Path) -> None:
    made = tables()
    made["levers"].append({"lever": "less", "name": "less loss", "base": 0.0, "low": -20.0, "high": 5.0,
                           "unit": "USD/kg", "source": "assumption: by hand"})  # fmt: skip
    made["lever_adjustments"].append({**made["lever_adjustments"][0], "lever": "less", "operation": "add"})
    written(place / "added", made)
    overlay = "title: mild\nadjustments: [{table: loss_steps, column: loss_usd_per_kg, operation: set, value: 12}]\n"
    (place / "mild.yaml").write_text(overlay, encoding="utf-8")
    done = call("screen", "--overlay", "mild.yaml", case="added")
    assert done.exit_code == 2
    assert "less=-20: found " in done.stderr
    assert "Name the levers to turn with --levers" in done.stderr
    assert not (place / "results").exists()


def test_without_salib_nothing_is_planned(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "SALib.sample", None)
    done = call("screen")
    assert done.exit_code == 8
    assert "pip install 'orefolio[sensitivity]'" in done.stderr
    assert not (place / "results").exists()


def test_a_lever_of_flags_stands_at_one_of_its_ends(place: Path) -> None:
    made = tables()
    made["levers"].append({"lever": "waste", "name": "oxide may be thrown away", "base": 0.0, "low": 0.0, "high": 1.0,
                           "unit": "yes", "source": "assumption: by hand"})  # fmt: skip
    made["lever_adjustments"].append({"lever": "waste", "table": "commodities", "where": "*", "column": "discardable",
                                      "operation": "set"})  # fmt: skip
    made["commodities"][0]["discardable"] = False
    written(place / "waste", made)
    done = call("screen", "--levers", "waste,price", "--trajectories", 4, "--folder", "a", case="waste")
    assert done.exit_code == 0, done.output
    table = rows(place / "a" / "table.csv")
    assert {row["lever_waste"] for row in table} == {"0", "1"}
    assert {float(row["lever_price"]) for row in table} <= set(np.linspace(5, 15, 4).round(7))
    assert {row["lever"]: float(row["mu_star"]) for row in rows(place / "a" / "effects.csv")} == pytest.approx(
        {"price": PRICE, "waste": 0.0}, abs=1e-6
    )


def test_a_switch_snaps_and_the_others_are_stretched_over_their_ranges() -> None:
    ranges = Ranges(("a", "b"), ("0 or 1", "t"), np.array([0.0, 10.0]), np.array([1.0, 30.0]), np.array([True, False]))
    assert ranges.turned(np.array([[0.4, 0.5], [0.5, 0.0]])).tolist() == [[0.0, 20.0], [1.0, 10.0]]


def test_a_sentence_names_ten_points_of_each_kind() -> None:
    done = {"state": "done", "status": "infeasible", "cost_musd": None, "bound_musd": None}
    many = [{**done, "point": number} for number in range(1, 13)]
    unbounded = {**done, "point": 13, "status": "feasible", "cost_musd": 5.0}
    assert without([*many, unbounded], "cost_musd") == [
        "Left out: infeasible at points 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more; no cost_musd or no bound at point 13."
    ]
    assert interval({"cost_musd": 5.0, "bound_musd": 4.0, "short_t": 1.0}, "cost_musd") == (4.0, 5.0)
    assert interval({"cost_musd": 5.0, "bound_musd": 4.0, "short_t": 1.0}, "short_t") == (1.0, 1.0)
