"""`orefolio sensitivity CASE discover`: a box known by hand, points of an earlier sweep, and words that are wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from orefolio.analyses.sweep import planning
from sensitivity.three_levers import TURNS, call, everything, rows, tables
from test_api import written


@pytest.fixture
def wide(place: Path) -> Path:
    """The loss from 20 on: under TURNS there is no contract with Australia, and 140 t are short instead of 30."""
    written(place / "wide", tables(loss=(20.0, 90.0)))
    return place


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The folder and the answer of a run on the same case."""
    folder = tmp_path_factory.mktemp("found")
    written(folder / "wide", tables(loss=(20.0, 90.0)))
    words = ("--fails", "short_t > 100", "--samples", 60, "--folder", folder / "a", "--json")
    done = call("discover", *words, case=str(folder / "wide"))
    assert done.exit_code == 0, done.output
    return folder, json.loads(done.stdout)


def test_the_box_ends_where_the_contract_is_no_longer_worth_its_prepayment(
    found: tuple[Path, dict[str, Any]],
) -> None:
    folder, answer = found
    table, judged = rows(folder / "a" / "box.csv"), rows(folder / "a" / "judged.csv")
    assert [(row["lever"], row["limit"]) for row in table] == [("loss", "at most")]
    losses = {fails: [float(row["lever_loss"]) for row in judged if row["fails"] == fails] for fails in "01"}
    assert max(losses["1"]) < TURNS < min(losses["0"])
    assert float(table[0]["value"]) == pytest.approx((max(losses["1"]) + min(losses["0"])) / 2, abs=1e-6)
    assert (answer["density"], answer["coverage"], answer["points_inside"]) == (1, 1, len(losses["1"]))
    assert float(table[0]["density_without"]) == pytest.approx(len(losses["1"]) / 60)
    assert {row["inside"] == row["fails"] for row in judged} == {True}
    said = answer["sentences"]
    assert said[0] == f"60 plans; {len(losses['1'])} fail: the shortage is above 100 t."
    assert said[1].startswith("It fails where loss by shortage (loss) is at most 3")
    assert "USD/kg: density 1.00" in said[1]
    assert "coverage 1.00 of the failing points." in said[1]
    path = rows(folder / "a" / "peeling.csv")
    assert (path[0]["limits"], path[0]["points_inside"], path[0]["coverage"]) == ("0", "60", "1")
    assert path[-1]["density"] == "1"


def test_the_figure_has_every_point_once_and_the_box(found: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = found
    figure = json.loads((folder / "a" / "figure.json").read_text(encoding="utf-8"))
    judged = rows(folder / "a" / "judged.csv")
    holds, fails = figure["data"]
    assert (holds["name"], fails["name"]) == ("does not fail", "fails")
    for drawn, flag in ((holds, "0"), (fails, "1")):
        of = [row for row in judged if row["fails"] == flag]
        assert drawn["x"] == pytest.approx([float(row["lever_loss"]) for row in of])
        assert drawn["y"] == pytest.approx([float(row["lever_price"]) for row in of])
    assert figure["layout"]["xaxis"]["title"]["text"] == "loss by shortage, USD/kg"
    assert figure["layout"]["yaxis"]["title"]["text"] == "price in China, USD/kg"
    (rectangle,) = figure["layout"]["shapes"]
    assert rectangle["x1"] == pytest.approx(float(rows(folder / "a" / "box.csv")[0]["value"]))
    assert rectangle["x0"] < 20
    assert (rectangle["y0"], rectangle["y1"]) == (pytest.approx(5 - 0.3), pytest.approx(15 + 0.3))


def test_points_of_an_earlier_sweep_are_taken_and_nothing_is_planned(found: tuple[Path, dict[str, Any]]) -> None:
    folder, first = found
    case, taken = str(folder / "wide"), ("--from", folder / "a", "--folder")
    again = call("discover", "--fails", "short_t > 100", *taken, folder / "b", "--json", case=case)
    assert again.exit_code == 0, again.output
    answer = json.loads(again.stdout)
    assert (answer["planned"], answer["points"]) == (0, 60)
    assert answer["table"] == str(folder / "a" / "table.csv")
    assert [(row["lever"], row["limit"]) for row in answer["box"]] == [("loss", "at most")]
    assert answer["box"][0]["value"] == pytest.approx(first["box"][0]["value"])
    assert (folder / "b" / "peeling.csv").read_bytes() == (folder / "a" / "peeling.csv").read_bytes()
    assert not (folder / "b" / "points").exists()
    other = call("discover", "--fails", "cost_musd > 8", *taken, folder / "c", "--levers", "price,loss", case=case)
    assert other.exit_code == 0
    judged = rows(folder / "c" / "judged.csv")
    costs = [float(row["cost_musd"]) for row in rows(folder / "a" / "table.csv")]
    assert [row["fails"] for row in judged] == [str(int(cost > 8)) for cost in costs]
    assert list(judged[0]) == ["point", "lever_price", "lever_loss", "fails", "within_gap", "inside"]


def test_a_limit_within_the_gap_is_not_proved(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = planning._row

    def row(*rest: Any) -> dict[str, Any]:
        made = real(*rest)
        return {**made, "bound_musd": made["cost_musd"] - 0.5}

    monkeypatch.setattr(planning, "_row", row)
    words = ("--fails", "cost_musd > 8.5", "--levers", "price,loss", "--samples", 40, "--folder", "a")
    done = call("discover", *words)
    costs = [float(row["cost_musd"]) for row in rows(place / "a" / "table.csv")]
    unsure = [cost for cost in costs if 8.5 < cost <= 9]
    assert f"Not proved at {len(unsure)} of them: the limit lies within the gap." in done.stdout
    judged = rows(place / "a" / "judged.csv")
    assert [row["within_gap"] for row in judged] == [str(int(cost in unsure)) for cost in costs]
    figure = json.loads((place / "a" / "figure.json").read_text(encoding="utf-8"))
    hollow = [drawn for drawn in figure["data"] if drawn["name"] == "fails, within the gap"]
    assert [len(drawn["x"]) for drawn in hollow] == [len(unsure)]
    assert hollow[0]["marker"]["symbol"].endswith("-open")


def test_failed_points_are_named_and_left_out(wide: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = planning._row

    def row(case: Any, *rest: Any) -> dict[str, Any]:
        if case.turned["price"] > 14:
            raise ZeroDivisionError
        return real(case, *rest)

    monkeypatch.setattr(planning, "_row", row)
    words = ("--fails", "short_t > 100", "--samples", 30, "--folder")
    done = call("discover", *words, "a", case="wide")
    assert done.exit_code == 3
    failed = [row["point"] for row in rows(wide / "a" / "table.csv") if row["state"] == "failed"]
    assert f"Left out: failed at points {', '.join(failed)}." in done.stdout
    assert len(rows(wide / "a" / "judged.csv")) == 30 - len(failed)
    again = call("discover", "--fails", "short_t > 100", "--from", "a", "--folder", "b", case="wide")
    assert again.exit_code == 3
    assert f"Left out: failed at points {', '.join(failed)}." in again.stdout


@pytest.mark.parametrize(("limit", "said"), [("0", "every point fails"), ("900", "no point fails")])
def test_without_both_kinds_of_points_there_is_nothing_to_tell_apart(place: Path, limit: str, said: str) -> None:
    done = call("discover", "--fails", f"short_t > {limit}", "--samples", 10, "--levers", "fund")
    assert done.exit_code == 0, done.output
    assert f"there is nothing to tell apart: {said}." in done.stdout


def test_where_no_lever_matters_that_is_said(wide: Path) -> None:
    words = ("--fails", "short_t > 100", "--samples", 40, "--significance", "1e-8")
    done = call("discover", *words, case="wide")
    assert "PRIM has found no limit that matters." in done.stdout


def test_the_same_words_are_the_same_bytes(place: Path) -> None:
    words = ("discover", "--fails", "cost_musd > 8.5", "--levers", "price,loss", "--method", "sobol", "--samples", 16)
    assert call(*words, "--folder", "a").exit_code == call(*words, "--folder", "b", "--jobs", 2).exit_code == 0
    assert everything(place / "a") == everything(place / "b")


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "--fails: found '', expected FIGURE < NUMBER"),
        (("--fails", "short_t = 5"), "--fails: found 'short_t = 5'"),
        (("--fails", "short > 5"), "--fails: found 'short', expected a figure of the table. Did you mean short_t"),
        (("--fails", "short_t > much"), "--fails: found 'much', expected a number"),
        (("--fails", "short_t > 5", "--alpha", "0"), "--alpha: found '0', expected a number above 0, at most 1"),
        (("--fails", "short_t > 5", "--support", "x"), "--support: found 'x'"),
        (("--fails", "short_t > 5", "--method", "sobel"), "Did you mean sobol?"),
        (("--fails", "short_t > 5", "--method", "sobol"), "--samples: found 200, expected a power of two, such as 128"),
        (("--fails", "short_t > 5", "--samples", "9"), "--samples: found '9', expected 10 to 100,000"),
        (("--fails", "short_t > 5", "--levers", "los"), "Did you mean loss?"),
        (("--fails", "short_t > 5", "--from", "nowhere"), "--from nowhere: found no head.json"),
    ],
)
def test_bad_words_end_with_2_and_write_nothing(place: Path, words: tuple[str, ...], said: str) -> None:
    done = call("discover", *words)
    assert done.exit_code == 2, done.output
    assert said in done.stderr, done.stderr
    assert not (place / "results").exists()


@pytest.mark.verifies("bad input")
def test_a_sweep_that_does_not_fit_is_refused(place: Path) -> None:
    words = ("discover", "--fails", "cost_musd > 8.5", "--samples", 10, "--levers", "price")
    assert call(*words, "--folder", "a").exit_code == 0
    (place / "dear.yaml").write_text("title: dear\nlevers: {loss: 60}\n", encoding="utf-8")
    taken = ("discover", "--fails", "cost_musd > 8.5", "--from", "a")
    refusals = {
        "--from a: found a sweep under other overlays": ("--overlay", "dear.yaml"),
        "--levers: found 'loss', expected a lever that varies in a": ("--levers", "loss"),
    }
    for said, more in refusals.items():
        done = call(*taken, *more)
        assert done.exit_code == 2
        assert said in done.stderr, done.stderr
    table = place / "a" / "table.csv"
    table.write_text(table.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert "found other bytes than were written" in call(*taken).stderr
    (place / "a" / "manifest.json").unlink()
    assert "found no finished sweep" in call(*taken).stderr
    Path("points.csv").write_text("loss\n50\n50\n", encoding="utf-8")
    assert call("points", "points.csv", "--folder", "still").exit_code == 0
    assert "--from still: found no lever that varies" in call(*taken[:-1], "still").stderr
