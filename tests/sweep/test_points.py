"""`orefolio sensitivity CASE points FILE.csv`: what a file of points may say, and what is answered."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from orefolio import api, cli
from orefolio.analyses.sweep import planning, points
from orefolio.analyses.sweep.point import Point
from orefolio.analyses.sweep.run import Standing, cell
from orefolio.cli.sensitivity import ANALYSES, report
from test_api import with_levers, written
from test_tables import hand_tables


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    tables = with_levers()
    tables["levers"].append({"lever": "price", "name": "price in China", "base": 10.0, "low": 5.0, "high": 40.0,
                             "unit": "USD/kg", "source": "assumption: by hand"})  # fmt: skip
    tables["lever_adjustments"].append({"lever": "price", "table": "contract_items", "where": "contract=china",
                                        "column": "price_usd_per_kg", "operation": "set"})  # fmt: skip
    written(tmp_path / "case", tables)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(text: str, *words: object, case: str = "case") -> Result:
    Path("points.csv").write_text(text, encoding="utf-8")
    given = ["sensitivity", case, "points", "points.csv", "--jobs", "0", "--abs-gap", "0", *map(str, words)]
    return CliRunner().invoke(cli.main, given)


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "table.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_row_is_a_point_and_a_blank_leaves_the_lever(place: Path) -> None:
    done = call("loss,price\n20,\n50,\n,12\n", "--json")
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert (answer["schema"], answer["points"], answer["done"], answer["failed"]) == ("orefolio/sensitivity/1", 3, 3, 0)
    table = rows(place / "results" / "sweeps" / "hand-points")
    assert [(row["lever_loss"], row["lever_price"]) for row in table] == [("20", "10"), ("50", "10"), ("50", "12")]
    # By hand: 5.4 as in tests/test_api.py, 7.9 as in the case; 80 t in each of the four calm years (the first of the
    # cut future is calm) at 2 USD/kg more.
    costs = [float(row["cost_musd"]) for row in table]
    assert costs == pytest.approx([5.4, 7.9, 7.9 + 0.08 * 2 * (0.75 * 4 + 0.25)])
    assert [row["audit"] for row in table] == ["passed"] * 3
    assert [row["contracts"] for row in table] == ["0", "1", "1"]
    assert table[1]["commitments"] == "contract lynas 2027-01 60 t/year"
    assert table[1]["commitments_digest"] == table[2]["commitments_digest"] != table[0]["commitments_digest"]
    assert [row["cost_musd"] for row in answer["rows"]] == pytest.approx(costs)


def test_a_point_has_the_figures_of_its_run(place: Path) -> None:
    assert call("loss\n45\n").exit_code == 0
    row = rows(place / "results" / "sweeps" / "hand-points")[0]
    run = api.load("case").what_if(loss=45.0).solve(abs_gap=0.0)
    futures = run.table("futures").set_index("future")
    assert float(row["cost_musd"]) == pytest.approx(run.cost)
    assert float(row["tail_cost_musd"]) == pytest.approx(run.record["tail_cost_musd"])
    assert float(row["short_t"]) == pytest.approx(futures.loc["expected", "short_t"])
    supply = run.table("dependence").query(
        "future == 'expected' and stage == 'all stages' and element == 'all elements'"
    )
    china = supply.query("country == 'CN'")["t"].sum() / supply["t"].sum()
    assert float(row["china_share"]) == pytest.approx(china)
    # By hand: China sells 80 of 100 t in the calm years and nothing in the three years of the cut, of 60 t.
    assert china == pytest.approx((0.75 * 320 + 0.25 * 80) / (0.75 * 400 + 0.25 * (100 + 180)))


def test_a_lever_beyond_its_range_is_noted_in_its_row(place: Path) -> None:
    assert call("loss\n45\n100\n").exit_code == 0
    notes = [row["note"] for row in rows(place / "results" / "sweeps" / "hand-points")]
    assert notes == ["", "loss is set to 100, outside its range 20 to 90"]


def test_levers_and_overlays_of_the_command_hold_at_all_points(place: Path) -> None:
    (place / "case" / "overlays").mkdir()
    (place / "case" / "overlays" / "dear.yaml").write_text("title: dear\nlevers: {price: 12}\n", encoding="utf-8")
    done = call("loss\n20\n\n45\n", "--set", "loss=30", "--overlay", "dear", "--folder", "a", "--json")
    assert done.exit_code == 0
    assert "points.csv:3:1: found a blank line" in done.stderr
    shown = [(row["lever_loss"], row["cost_musd"]) for row in json.loads(done.stdout)["rows"]]
    more = 0.08 * 2 * (0.75 * 4 + 0.25)
    assert shown == [(20.0, pytest.approx(5.4 + more)), (45.0, pytest.approx(7.75 + more))]
    assert call("price\n10\n", "--set", "loss=20", "--folder", "b").exit_code == 0
    assert float(rows(place / "b")[0]["cost_musd"]) == pytest.approx(5.4)


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("los\n20\n", "points.csv:1:1: found the column 'los', expected a column of this table. Did you mean loss?"),
        ("loss,price\n20,1\n,x\n", "points.csv:3:2: found 'x', expected a number or a blank (price)"),
        ("loss\nnan\n", "points.csv:2:1: found 'nan', expected a number"),
        ("loss,loss\n1,2\n", "points.csv:1:6: found the column 'loss' again"),
        ("loss,price\n1\n", "found 1 cells, expected 2. Cells are missing from price"),
        ("loss\n", "points.csv:2: found a header only, expected at least one point"),
        ("", "points.csv: found an empty file"),
        ("loss\n-5\n", "points.csv:2: found case/loss_steps.csv:2:12: found loss_usd_per_kg -5"),
        ("loss;price\n1;2\n", "points.csv:1:5: found semicolons between the columns, expected commas"),
    ],
)
def test_a_bad_file_ends_with_2_and_writes_nothing(place: Path, text: str, said: str) -> None:
    done = call(text)
    assert done.exit_code == 2
    assert said in done.stderr, done.stderr
    assert not (place / "results").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--set", "los=1"), "Did you mean loss"),
        (("--grid", "block"), "Did you mean blocks"),
        (("--overlay", "none"), "no such file"),
        (("--redo",), "--redo goes with --resume"),
        (("--abs-gap", "x"), "--abs-gap: found 'x'"),
        (("--jobs", "-1"), "--jobs"),
    ],
)
def test_bad_words_end_with_2_and_write_nothing(place: Path, words: tuple[str, ...], said: str) -> None:
    done = call("loss\n20\n", *words)
    assert done.exit_code == 2
    assert said in done.stderr
    assert not (place / "results").exists()


def test_another_case_in_the_folder_is_refused(place: Path) -> None:
    assert call("loss\n20\n30\n").exit_code == 0
    again = call("loss\n20\n30\n")
    assert again.exit_code == 2
    assert "found a finished sweep, 2 of 2 points ended" in again.stderr
    assert call("loss\n20\n30\n", "--resume").exit_code == 0
    path = place / "case" / "demands.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",100", ",90"), encoding="utf-8")
    other = call("loss\n20\n30\n", "--resume")
    assert other.exit_code == 2
    assert "head.json: found case " in other.stderr
    assert "--resume does the rest" not in other.stderr


def test_a_point_without_a_plan_is_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = hand_tables()
    tables["demands"][0]["value"] = "must"
    tables["loss_steps"] = []
    tables["levers"] = [{"lever": "need", "name": "need", "base": 60.0, "low": 10.0, "high": 90.0, "unit": "t/year",
                         "source": "assumption: by hand"}]  # fmt: skip
    tables["lever_adjustments"] = [{"lever": "need", "table": "demands", "where": "*", "column": "t_per_year",
                                    "operation": "set"}]  # fmt: skip
    tables["demands"][0]["t_per_year"] = 60.0
    written(tmp_path / "case", tables)
    monkeypatch.chdir(tmp_path)
    # 60 t a year come from Australia when China sells nothing; 70 t have no source then.
    assert call("need\n60\n70\n", "--folder", "a").exit_code == 0
    assert [row["status"] for row in rows(tmp_path / "a")] == ["optimal", "infeasible"]
    assert rows(tmp_path / "a")[1]["cost_musd"] == ""


@pytest.mark.parametrize(("status", "audit", "code"), [("feasible", "passed", 3), ("optimal", "disagrees: stock", 5)])
def test_what_is_not_proved_or_not_agreed_shows_in_the_exit_code(
    place: Path, monkeypatch: pytest.MonkeyPatch, status: str, audit: str, code: int
) -> None:
    real = planning._row
    monkeypatch.setattr(planning, "_row", lambda *rest: {**real(*rest), "status": status, "audit": audit})
    done = call("loss\n20\n30\n")
    assert done.exit_code == code
    assert "warning: " in done.stderr


def test_a_plan_that_a_limit_ended_passes_the_audit(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from orefolio.solve import Session

    solve = Session.solve
    monkeypatch.setattr(Session, "solve", lambda *given: replace(solve(*given), status="feasible"))
    assert call("loss\n20\n30\n", "--folder", "a").exit_code == 3
    assert [(row["status"], row["audit"]) for row in rows(place / "a")] == [("feasible", "passed")] * 2


def test_a_failed_point_shows_and_ends_with_3(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "figures", lambda *_: 1 / 0)
    done = call("loss\n20\n30\n", "--folder", "a")
    assert done.exit_code == 3
    assert "2 of 2 points; 2 failed" in done.stderr
    assert "2 points have failed; the column failure says why" in done.stderr
    assert [row["failure"] for row in rows(place / "a")] == ["ZeroDivisionError: division by zero"] * 2


def test_an_interrupted_solve_is_no_end_of_a_point(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from orefolio.solve import Session

    solve = Session.solve
    monkeypatch.setattr(Session, "solve", lambda *given: replace(solve(*given), status="interrupted"))
    done = call("loss\n20\n30\n", "--folder", "a")
    assert done.exit_code == 130
    assert "0 of 2 points have ended and are kept in a. The same command with --resume does the rest" in done.stderr
    monkeypatch.undo()
    monkeypatch.chdir(place)
    assert call("loss\n20\n30\n", "--folder", "a", "--resume").exit_code == 0


def test_an_unknown_analysis_is_told_with_those_there_are(place: Path) -> None:
    done = CliRunner().invoke(cli.main, ["sensitivity", "case", "point"])
    assert done.exit_code == 2
    assert "There is no analysis 'point'. Did you mean points?" in done.stderr
    listed = CliRunner().invoke(cli.main, ["sensitivity", "--help"]).stdout
    assert all(name in listed for name in ANALYSES)


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing(10, 0, 0, 0, 0.0), "0 of 10 points; 0 failed"),
        (Standing(10, 3, 1, 2, 8.0), "4 of 10 points, 2 of them before; 1 failed; about 24 s left"),
        (Standing(1000, 10, 0, 0, 20.0), "10 of 1,000 points; 0 failed; about 33 min left"),
        (Standing(10, 10, 0, 0, 8.0), "10 of 10 points; 0 failed"),
    ],
)
def test_progress_says_how_far_and_how_long(standing: Standing, words: str) -> None:
    assert report(standing) == words


@pytest.mark.parametrize(("value", "text"), [(None, ""), (-0.0, "0"), (1 / 3, "0.333333333"), (3, "3"), ("=1", "'=1")])
def test_a_cell_is_written_as_in_every_table(value: Any, text: str) -> None:
    assert cell(value) == text


def test_a_file_of_too_many_points_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(points, "MOST_POINTS", 2)
    done = call("loss\n20\n30\n40\n")
    assert done.exit_code == 2
    assert "found 3 points, expected at most 2" in done.stderr


def test_points_need_a_case_with_levers(place: Path) -> None:
    written(place / "bare", hand_tables())
    done = call("loss\n20\n", case="bare")
    assert done.exit_code == 2
    assert "found no lever, expected at least one to turn" in done.stderr


def test_a_part_of_the_points_is_made_as_each_of_them() -> None:
    common = Point(levers={"price": 10.0})
    read = points.Points(("loss",), ((20.0,), (None,), (30.0,)), (2, 3, 4), common)
    assert [dict(point.levers) for point in read[1:]] == [{"price": 10.0}, {"price": 10.0, "loss": 30.0}]
    assert list(read)[0:1] == read[:1]
