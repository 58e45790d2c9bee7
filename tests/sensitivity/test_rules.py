"""`orefolio sensitivity CASE rules`: the case's own questions, lever by lever."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from orefolio.analyses.sweep import planning
from orefolio.case.case import Case
from orefolio.case.read import load_case
from orefolio.facts import load_facts
from test_api import with_levers, written

from .hand_case import NAME, call, table, write

INPUTS = Path(__file__).parents[2] / "inputs"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_value_of_each_sweep_costs_what_the_pencil_says(place: Path) -> None:
    done = call("rules", "--folder", "a")
    assert done.exit_code == 0, done.output
    rows = [(row["sweep"], row["value"], float(row["cost_musd"])) for row in table(place / "a" / "rules.csv")]
    # By hand: 2.6 + 2.8; 7.9 - 0.45 with the contract, 7.5 without; the base; price 5: 7.9 - 1.3, price 15: 7.9 + 1.3.
    assert rows == [
        ("short", "20", pytest.approx(5.4)), ("short", "35", pytest.approx(7.45)), ("short", "50", pytest.approx(7.9)),
        ("short", "off", pytest.approx(6.6)), ("china", "15", pytest.approx(9.2)), ("china", "10", pytest.approx(7.9)),
        ("china", "5", pytest.approx(6.6)),
    ]  # fmt: skip
    turns = [row["plan_against_step_before"] for row in table(place / "a" / "rules.csv")]
    assert turns == ["", f"new: {NAME}", "", "", "", "", ""]
    assert "Loss (loss). What is a shortage worth?" in done.stdout
    assert "From 20 to off cost changes by +1.2 to +1.2 million USD." in done.stdout
    assert f"The plan that was found changes from 20 to 35 (new: {NAME})." in done.stdout
    assert "The plan that was found is the same throughout." in done.stdout
    assert "Steps in which it is proved to change: 15 to 10 by -1.3 to -1.3 million USD" in done.stdout


def test_the_base_is_planned_between_the_values_of_a_sweep(place: Path) -> None:
    assert call("rules", "--only", "china", "--steps", "2", "--folder", "a").exit_code == 0
    rows = [(row["value"], row["base"]) for row in table(place / "a" / "rules.csv")]
    assert rows == [("15", "no"), ("10", "yes"), ("5", "no")]
    assert len(table(place / "a" / "table.csv")) == 3


def test_the_figure_has_a_panel_for_each_sweep_with_the_table_s_numbers(place: Path) -> None:
    assert call("rules", "--folder", "a").exit_code == 0
    rows = table(place / "a" / "rules.csv")
    figure = json.loads((place / "a" / "figure.json").read_text(encoding="utf-8"))
    short, turned, china = figure["data"]
    assert [*zip(short["x"] + china["x"], short["y"] + china["y"], strict=True)] == [
        (row["value"], pytest.approx(float(row["cost_musd"]))) for row in rows
    ]
    assert turned["x"] == ["35"]
    assert [trace["showlegend"] for trace in figure["data"]] == [True, True, False]
    assert figure["layout"]["xaxis"]["title"]["text"] == "USD/kg"
    assert figure["layout"]["yaxis"]["title"]["text"] == "cost, million USD"
    assert [note["text"] for note in figure["layout"]["annotations"]] == ["Loss", "China's price"]


def test_what_a_gap_leaves_open_is_said_and_drawn_hollow(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = planning._row
    gapped: Any = lambda *given: (row := real(*given)) | {"bound_musd": row["cost_musd"] - 1.0}  # noqa: E731
    monkeypatch.setattr(planning, "_row", gapped)
    done = call("rules", "--only", "short", "--folder", "a")
    # By hand: steps of 2.05, 0.45 and -1.3, each 1.0 more or less.
    said = "Steps in which it is proved to change: 20 to 35 by +1.05 to +3.05 million USD; 50 to off by -2.3 to -0.3"
    assert said in done.stdout
    figure = json.loads((place / "a" / "figure.json").read_text(encoding="utf-8"))
    assert figure["data"][0]["error_y"]["arrayminus"] == pytest.approx([1.0] * 4)
    colours = figure["data"][0]["marker"]["color"]
    assert [colour.startswith("rgba") for colour in colours] == [False, True, False, False]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--only", "shor"), "--only: found the sweep 'shor', expected a sweep of the case. Did you mean short?"),
        (("--steps", "0"), "--steps: found '0', expected 2 to 1,000"),
    ],
)
def test_words_that_are_wrong_are_told_before_the_first_solve(place: Path, words: tuple[str, ...], said: str) -> None:
    done = call("rules", *words, "--folder", "a")
    assert done.exit_code == 2
    assert said in done.stderr, done.stderr
    assert not (place / "a").exists()


def test_a_case_without_sweeps_is_told(place: Path) -> None:
    written(place / "bare", with_levers())
    done = call("rules", case="bare")
    assert done.exit_code == 2
    assert "sweeps.csv: found no row, expected at least one sweep. orefolio schema sweeps" in done.stderr


def test_fewer_than_two_values_with_a_plan_say_no_more(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = planning._row
    monkeypatch.setattr(planning, "_row", lambda case, *rest: planning._without_plan("infeasible", "") if case.turned
                        else real(case, *rest))  # fmt: skip
    done = call("rules", "--only", "china", "--steps", "2", "--folder", "a")
    assert "Fewer than two of its values have a plan." in done.stdout
    assert "price=15: no plan exists." in done.stdout


@pytest.mark.parametrize("name", ["japan", "us"])
def test_the_articles_questions_stand_in_the_case_and_cite_the_register(name: str) -> None:
    case: Case = load_case(INPUTS / name)
    known = load_facts()
    asked = {row.sweep: row for row in case.rows("sweeps")}
    assert list(asked) == ["content_rule", "us_cost", "price_floor", "lead_time", "embargo"]
    for row in asked.values():
        cited, _, assumed = row.source.partition("; ")
        assert [fact for fact in cited.split() if fact not in known] == []
        assert not assumed or assumed.startswith("assumption: ")
    ends = {key: (row.from_value, row.to_value) for key, row in asked.items()}
    assert ends == {
        "content_rule": (0, 1), "us_cost": (1, 15), "price_floor": (1, 3), "lead_time": (5, 12), "embargo": (0, 36),
    }  # fmt: skip
