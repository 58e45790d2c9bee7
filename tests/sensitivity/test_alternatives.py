"""`orefolio sensitivity CASE alternatives`: portfolios that can be counted, and what all of them have or lack."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from orefolio import cli
from orefolio.analyses.questions.decisions import decided, used
from orefolio.analyses.sweep import planning
from orefolio.case.case import Case
from orefolio.tables.folder.case_files import case_files
from pencil import offtake
from questions.choosing import choice


def on_disk(folder: Path, case: Case) -> None:
    folder.mkdir()
    for name, text in case_files(case).items():
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    on_disk(tmp_path / "case", choice())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*words: object) -> Result:
    given = ["sensitivity", "case", "alternatives", "--jobs", "0", "--abs-gap", "0", "--folder", "f", *map(str, words)]
    return CliRunner().invoke(cli.main, given)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_alternatives_are_all_that_there_are(place: Path) -> None:
    # a and b cost 1,055 thousand USD with e; a and c 1,060; b and c 1,065; all others 1,550 or more. One per cent more
    # than the least is 1,065.55.
    done = call("--within", 1, "--count", 5, "--differ", 2, "--json")
    assert done.exit_code == 0, done.output
    rows = table(place / "f" / "portfolios.csv")
    assert [float(row["cost_musd"]) for row in rows] == pytest.approx([1.055, 1.060, 1.065])
    assert [float(row["over_bound_percent"]) for row in rows] == pytest.approx([0, 100 * 5 / 1055, 100 * 10 / 1055])
    plans = [decided(row) for row in rows]
    assert plans == [{f"contract:{name}" for name in names} for names in ("abe", "ace", "bce")]
    assert [row["audit"] for row in rows] == ["passed"] * 3
    assert (rows[1]["with_beside_best"], rows[1]["without_of_best"]) == ("contract:c", "contract:b")
    assert [int(row["decisions"]) for row in table(place / "f" / "differences.csv")] == [2, 2, 2]
    said = json.loads(done.stdout)["sentences"]
    assert "2 of 5 other portfolios" in said[1]
    assert "none is left: it is proved" in said[2]


def options_that_cost_nothing(folder: Path) -> None:
    """The case with two more contracts, f and g, at a hundred times the price and free to sign."""
    more = [offtake(name, "oxide", 1000.0, 50.0, years=(2027, 2027)) for name in "fg"]
    on_disk(folder, choice(*more))


def test_contracts_that_are_signed_and_never_used_are_no_difference(place: Path) -> None:
    """As without f and g: would fail if signing them made a b e another portfolio at the cost of the best."""
    options_that_cost_nothing(place / "options")
    done = CliRunner().invoke(cli.main, ["sensitivity", "options", "alternatives", "--jobs", "0", "--abs-gap", "0",
                                         "--folder", "f", "--within", "1", "--count", "5", "--differ", "2",
                                         "--levels", "none"])  # fmt: skip
    assert done.exit_code == 0, done.output
    rows = table(place / "f" / "portfolios.csv")
    assert [float(row["cost_musd"]) for row in rows] == pytest.approx([1.055, 1.060, 1.065])
    assert [used(row) for row in rows] == [{f"contract:{name}" for name in names} for names in ("abe", "ace", "bce")]
    assert [decided(row) - used(row) <= {"contract:f", "contract:g"} for row in rows] == [True] * 3
    assert [int(row["decisions"]) for row in table(place / "f" / "differences.csv")] == [2, 2, 2]


def test_what_every_portfolio_has_or_lacks_is_proved(place: Path) -> None:
    done = call("--within", 1, "--count", 2, "--differ", 2, "--level-gap", 1e-6, "--json")
    assert json.loads(done.stdout)["verdicts"] == {
        "contract:a": "free", "contract:b": "free", "contract:c": "free", "contract:d": "must-avoid",
        "contract:e": "must-have",
    }  # fmt: skip
    ranges = {row["decision"]: row for row in table(place / "f" / "ranges.csv")}
    # 10.55 thousand USD over the least cost buy 10.55 / 495 t at the dear price in place of e.
    least = 10 - 10.55 / 495
    assert float(ranges["contract:e"]["least_found"]) == pytest.approx(least)
    assert float(ranges["contract:e"]["least_proved"]) == pytest.approx(least, rel=1e-5)
    assert float(ranges["contract:e"]["greatest_found"]) == pytest.approx(10.0)
    assert [ranges[f"contract:{name}"]["greatest_found"] for name in "abcd"] == ["50", "50", "50", "0"]
    assert [ranges[f"contract:{name}"]["least_found"] for name in "abcd"] == ["0", "0", "0", "0"]


def test_relaxed_levels_are_no_narrower_than_those_of_plans(place: Path) -> None:
    assert call("--within", 1, "--count", 0, "--levels", "relaxed").exit_code == 0
    ranges = {row["decision"]: row for row in table(place / "f" / "ranges.csv")}
    assert float(ranges["contract:e"]["least_proved"]) <= 10 - 10.55 / 495 + 1e-6
    assert float(ranges["contract:a"]["greatest_proved"]) == pytest.approx(50.0)
    # Without another portfolio or a plan at its least level, nothing shows that a may be left out.
    assert (ranges["contract:a"]["verdict"], ranges["contract:e"]["verdict"]) == ("undecided", "must-have")


def test_without_levels_the_figure_shows_what_each_portfolio_has(place: Path) -> None:
    assert call("--within", 1, "--count", 2, "--differ", 2, "--levels", "none").exit_code == 0
    figure = json.loads((place / "f" / "figure.json").read_text(encoding="utf-8"))
    ranges = {row["decision"]: row for row in table(place / "f" / "ranges.csv")}
    filled: dict[str, dict[str, int]] = {}
    for trace in figure["data"]:
        for name, colour in zip(trace["y"], trace["marker"]["color"], strict=True):
            made = filled.setdefault(trace["name"], {})
            made[name] = made.get(name, 0) + (colour != "rgba(255,255,255,0)")
    assert filled["in all (proved)"] == {"contract:e": 3}
    assert set(filled["in some"]) == {f"contract:{name}" for name in "abc"}
    assert all(str(count) == ranges[name]["in_portfolios"] for name, count in filled["in some"].items())
    assert "contract:d" not in figure["layout"]["yaxis"]["categoryarray"]  # in none, which the table says
    assert figure["layout"]["xaxis"]["categoryarray"] == ["best", "alternative 1", "alternative 2"]


def test_with_levels_the_figure_shows_those_that_are_not_ruled_out(place: Path) -> None:
    assert call("--within", 1, "--count", 0, "--levels", "relaxed").exit_code == 0
    figure = json.loads((place / "f" / "figure.json").read_text(encoding="utf-8"))
    bars = {bar["name"]: bar for bar in figure["data"]}
    assert "contract:e" in bars["must-have"]["y"]
    assert bars["undecided"]["marker"]["color"] == "rgba(255,255,255,0)"
    assert figure["layout"]["xaxis"]["title"]["text"] == "expected level (share of the greatest at one node)"


def test_nothing_but_the_best_is_within_nought_per_cent(place: Path) -> None:
    # The least cost is proved to be 1.055 and no less, and the next costs 1.060.
    done = call("--within", 0, "--count", 2, "--differ", 1, "--levels", "none", "--json")
    answer = json.loads(done.stdout)
    assert (done.exit_code, answer["limit_musd"]) == (0, pytest.approx(1.055))
    assert [float(row["cost_musd"]) for row in table(place / "f" / "portfolios.csv")] == pytest.approx([1.055])
    assert list(answer["verdicts"].values()) == ["must-have", "must-have", "must-avoid", "must-avoid", "must-have"]


def test_a_best_plan_with_too_wide_a_gap_proves_no_alternative(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = planning._row
    monkeypatch.setattr(planning, "_row", lambda *rest: {**real(*rest), "bound_musd": 0.9})
    answer = json.loads(call("--within", 1, "--json").stdout)
    assert "the best plan's own gap is wider than --within" in answer["sentences"][1]
    assert (answer["rows"], answer["limit_musd"]) == ([], pytest.approx(0.909))


def test_a_case_without_a_plan_says_so(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = planning._row
    monkeypatch.setattr(planning, "_row", lambda *rest: {**real(*rest), "status": "infeasible", "bound_musd": None})
    done = call("--json")
    assert json.loads(done.stdout)["sentences"] == ["The case has no plan to begin with: infeasible."]
    assert done.exit_code == 0


@pytest.mark.parametrize(("status", "said"), [("infeasible", "none is left"), ("no_plan", "was not found: no_plan")])
def test_the_search_ends_where_the_next_has_no_plan(
    place: Path, monkeypatch: pytest.MonkeyPatch, status: str, said: str
) -> None:
    real = planning.Planner.__call__

    def ends(self: planning.Planner, point: Mapping[str, Any]) -> dict[str, Any]:
        row = real(self, point)
        return {**row, "status": status} if len(point["questions"]) > 1 and point["questions"][1][0] == "apart" else row

    monkeypatch.setattr(planning.Planner, "__call__", ends)
    answer = json.loads(call("--within", 1, "--differ", 2, "--levels", "none", "--json").stdout)
    assert said in answer["sentences"][2]
    assert len(answer["rows"]) == 1


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--levels", "relax"), "--levels: found 'relax', expected how levels are found. Did you mean relaxed?"),
        (("--within", "-1"), "--within: found '-1', expected 0 or more"),
        (("--differ", "0"), "--differ: found '0', expected 1 or more"),
        (("--counts-from", "0"), "--counts-from: found 0, expected a share above 0"),
        (("--count", "many"), "--count: found 'many'"),
    ],
)
def test_wrong_words_end_with_2(place: Path, words: tuple[str, ...], said: str) -> None:
    done = call(*words)
    assert done.exit_code == 2
    assert said in done.stderr
    assert not (place / "f").exists()
