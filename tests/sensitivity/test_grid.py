"""`orefolio sensitivity CASE grid LEVER LEVER`: cost, China's share and the best plan over two levers."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from orefolio.analyses.sensitivity.grid import _letter
from orefolio.analyses.sweep import planning

from .hand_case import NAME, call, table, write


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


# By hand, for loss 20 and 90 at prices 5 and 40: 5.4 - 1.3 without the contract; 9.1 - 1.3 with it; nobody buys at 40
# what it costs 20 to miss, so 4 years x 100 t x 20; at 90 and 40 calm 4 x (60 x 30 + 40 x 40 = 3.4) = 13.6, cut
# 3.4 + 3 x (1.8 + 40 x 90 = 5.4) = 19.6, and 0.5 prepaid.
COSTS = {(20, 5): 4.1, (90, 5): 7.8, (20, 40): 8.0, (90, 40): 0.75 * 13.6 + 0.25 * 19.6 + 0.5}


def test_cells_cost_what_the_pencil_says_and_regions_are_plans(place: Path) -> None:
    done = call("grid", "loss", "price", "--steps", "2", "--folder", "a")
    assert done.exit_code == 0, done.output
    rows = {(float(row["loss"]), float(row["price"])): row for row in table(place / "a" / "grid.csv")}
    assert {key: float(row["cost_musd"]) for key, row in rows.items()} == pytest.approx(COSTS)
    assert {key: row["region"] for key, row in rows.items()} == {
        (20, 5): "B", (90, 5): "A", (20, 40): "B", (90, 40): "A",
    }  # fmt: skip
    # By hand: without the contract China sells all that is sold; where nothing is sold there is no share.
    assert float(rows[20, 5]["china_share"]) == pytest.approx(1.0)
    assert rows[20, 40]["china_share"] == ""
    regions = [(row["region"], row["cells"], row["plan_against_base"]) for row in table(place / "a" / "regions.csv")]
    assert regions == [("A", "2", "the plan at base"), ("B", "2", f"no longer: {NAME}")]
    assert "Cheapest: loss=20, price=5, at -3.8 to -3.8 million USD against base." in done.stdout
    assert "Between the two lie +11.5 to +11.5 million USD." in done.stdout
    assert "2 different plans are best of those that were found" in done.stdout


def test_the_figure_has_the_table_s_numbers_in_three_panels(place: Path) -> None:
    assert call("grid", "loss", "price", "--steps", "3", "--steps-second", "2", "--folder", "a").exit_code == 0
    rows = table(place / "a" / "grid.csv")
    assert [(row["loss"], row["price"]) for row in rows[:4]] == [("20", "5"), ("55", "5"), ("90", "5"), ("20", "40")]
    figure = json.loads((place / "a" / "figure.json").read_text(encoding="utf-8"))
    cost, share, region = figure["data"]
    assert [*chain(*cost["z"])] == pytest.approx([float(row["cost_musd"]) for row in rows])
    assert [value if value is not None else "" for value in chain(*share["z"])] == [
        pytest.approx(float(row["china_share"])) if row["china_share"] else "" for row in rows
    ]
    assert [*chain(*region["text"])] == [row["region"] for row in rows]
    assert figure["layout"]["xaxis"]["title"]["text"] == "loss by shortage, USD/kg"
    assert figure["layout"]["yaxis"]["title"]["text"] == "price in China, USD/kg"
    notes = [note["text"] for note in figure["layout"]["annotations"]]
    assert {"cost, million USD", "China's share", "region"} <= set(notes)
    assert notes[-1].endswith("Base: 50 across and 10 up, 7.9.")


def test_a_cost_that_is_not_proved_to_differ_stands_in_brackets(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = planning._row
    gapped: Any = lambda *given: (row := real(*given)) | {"bound_musd": row["cost_musd"] - 1.0}  # noqa: E731
    monkeypatch.setattr(planning, "_row", gapped)
    done = call("grid", "loss", "price", "--steps", "2", "--folder", "a")
    # By hand: against 7.9 at base, 7.8 and 8.0 are within 1.0, 4.1 and 15.6 are not.
    assert [row["proved"] for row in table(place / "a" / "grid.csv")] == ["yes", "no", "no", "yes"]
    assert "In 2 of 4 places the cost is proved to differ from that at base." in done.stdout
    figure = json.loads((place / "a" / "figure.json").read_text(encoding="utf-8"))
    assert figure["data"][0]["text"] == [["4.1", "(7.8)"], ["(8)", "15.6"]]


def test_plans_may_be_one_region_by_what_they_commit_to(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = planning._row

    def resized(case: Any, *rest: Any) -> dict[str, Any]:
        row, price = real(case, *rest), case.turned.get("price", 10.0)
        words = row["commitments"].replace("60 t/year", f"{60 - price:g} t/year")
        return {**row, "commitments": words, "commitments_digest": words}

    monkeypatch.setattr(planning, "_row", resized)
    assert call("grid", "loss", "price", "--steps", "2", "--like", "exact", "--folder", "a").exit_code == 0
    assert [row["cells"] for row in table(place / "a" / "regions.csv")] == ["0", "2", "1", "1"]
    assert table(place / "a" / "regions.csv")[2]["plan_against_base"] == "1 resized"
    assert call("grid", "loss", "price", "--steps", "2", "--folder", "b").exit_code == 0
    assert [row["cells"] for row in table(place / "b" / "regions.csv")] == ["2", "2"]


def test_a_place_without_a_plan_is_named_and_has_no_region(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = planning._row
    monkeypatch.setattr(planning, "_row", lambda case, *rest: real(case, *rest) if case.turned != {
        "loss": 90.0, "price": 40.0} else planning._without_plan("infeasible", ""))  # fmt: skip
    done = call("grid", "loss", "price", "--steps", "2", "--folder", "a")
    assert "4 places of loss by shortage and price in China; 3 have a plan." in done.stdout
    assert "loss=90, price=40: no plan exists." in done.stdout
    row = table(place / "a" / "grid.csv")[-1]
    assert (row["cost_musd"], row["region"], row["failure"]) == ("", "", "no plan exists")
    figure = json.loads((place / "a" / "figure.json").read_text(encoding="utf-8"))
    assert figure["data"][0]["text"][1][1] == "no plan"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("loss", "pric"), "LEVER LEVER: found the lever 'pric', expected a lever of the case. Did you mean price?"),
        (("loss", "loss"), "LEVER LEVER: found the lever 'loss' twice"),
        (("loss", "price", "--like", "id"), "--like: found 'id', expected exact or ids. Did you mean ids?"),
        (("loss", "price", "--steps-second", "1"), "--steps-second: found '1', expected 2 to 300"),
    ],
)
def test_words_that_are_wrong_are_told_before_the_first_solve(place: Path, words: tuple[str, ...], said: str) -> None:
    done = call("grid", *words, "--folder", "a")
    assert done.exit_code == 2
    assert said in done.stderr, done.stderr
    assert not (place / "a").exists()


@pytest.mark.parametrize(("number", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (27, "AB"), (702, "AAA")])
def test_regions_are_lettered_as_columns_of_a_sheet(number: int, letter: str) -> None:
    assert _letter(number) == letter
