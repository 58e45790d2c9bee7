"""`orefolio sensitivity CASE frontier`: a frontier that is known by hand, what is proved of it, and how it is drawn."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from orefolio import cli
from orefolio.analyses.questions.measures import MEASURES
from orefolio.analyses.sensitivity import frontier
from orefolio.analyses.sensitivity.frontier import Place
from sweep.files import contents
from test_api import with_levers, written
from test_tables import hand_tables

MOST = 260 / 370  # the Chinese share of the cheapest plan, as in tests/questions
TITLE = "directly from China, of all that enters the chain (share)"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    written(tmp_path / "case", with_levers())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*words: object) -> Result:
    given = ["sensitivity", "case", "frontier", "--jobs", "0", "--abs-gap", "0", *map(str, words)]
    return CliRunner().invoke(cli.main, given)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_hand(share: float) -> float:
    """The least cost with a Chinese share: 20 USD/kg more for each tonne until Lynas gives all it has, then 40."""
    china = 370 * share if share >= 130 / 370 else 240 * share / (1 - share)
    return 7.9 + 0.02 * (260 - china) if china >= 130 else 10.5 + 0.04 * (130 - china)


def test_the_frontier_is_the_one_that_the_pencil_draws(place: Path) -> None:
    done = call("--points", 3, "--folder", "f", "--json")
    assert done.exit_code == 0, done.output
    rows = table(place / "f" / "frontier.csv")
    shares = [MOST, 0.75 * MOST, 0.5 * MOST, 0.25 * MOST, 0.0]
    assert [float(row["china_share (share)"]) for row in rows] == pytest.approx(shares, abs=1e-8)
    costs = [float(row["cost_musd"]) for row in rows]
    assert costs == pytest.approx([by_hand(share) for share in shares])
    assert [costs[0], costs[-1]] == pytest.approx([7.9, 15.7])
    for name in ("bound_musd", "frontier_lower_musd", "frontier_upper_musd"):
        assert [float(row[name]) for row in rows] == pytest.approx(costs)
    assert [row["audit"] for row in rows] == ["passed"] * 5
    decisions = {row["decision"]: row for row in table(place / "f" / "decisions.csv")}
    assert (decisions["contract:lynas"]["decided_at"], decisions["contract:lynas"]["points"]) == ("every", "5")
    sentences = json.loads(done.stdout)["sentences"]
    assert any(text.startswith("The least that any plan reaches is 0 share") for text in sentences)
    assert sum(text.endswith("more (proved).") for text in sentences) == 4


def test_the_figure_shows_the_table(place: Path) -> None:
    assert call("--points", 2, "--folder", "f").exit_code == 0
    figure = json.loads((place / "f" / "figure.json").read_text(encoding="utf-8"))
    rows = table(place / "f" / "frontier.csv")
    upper, lower = figure["data"]
    assert upper["x"] == lower["x"] == pytest.approx([float(row["china_share (share)"]) for row in rows], abs=1e-8)
    assert upper["y"] == pytest.approx([float(row["frontier_upper_musd"]) for row in rows])
    assert lower["y"] == pytest.approx([float(row["frontier_lower_musd"]) for row in rows])
    assert figure["layout"]["xaxis"]["title"]["text"] == TITLE
    assert figure["layout"]["yaxis"]["title"]["text"] == "cost (million USD)"


def test_a_measure_that_nothing_lowers_has_no_points_between(place: Path) -> None:
    # 30 t go short in the cheapest plan, and in every other: see tests/questions.
    assert call("--x", "short_t", "--folder", "f").exit_code == 0
    rows = table(place / "f" / "frontier.csv")
    assert [row["point"] for row in rows] == ["least cost", "least measure"]
    assert [float(row["cost_musd"]) for row in rows] == pytest.approx([7.9, 7.9])


def test_public_money_buys_less_shortage(place: Path) -> None:
    # With all of the 0.2 million USD of the state the contract is signed, and 30 t are short; with less it is not:
    # 20 t a year in 3.25 calm years and 100 t in 0.75 of the cut.
    assert call("--x", "public_musd", "--points", 1, "--folder", "f").exit_code == 0
    rows = table(place / "f" / "frontier.csv")
    assert [float(row["public_musd (million USD)"]) for row in rows] == pytest.approx([0.2, 0.0, 0.0])
    assert [float(row["short_t"]) for row in rows] == pytest.approx([30.0, 140.0, 140.0])
    assert [row["which"] for row in table(place / "f" / "decisions.csv")] == ["least cost"]


def test_a_frontier_that_was_stopped_ends_with_the_same_bytes(place: Path) -> None:
    assert call("--points", 2, "--folder", "f").exit_code == 0
    assert call("--points", 2, "--folder", "g").exit_code == 0
    (place / "g" / "between" / "manifest.json").unlink()
    (place / "g" / "between" / "points" / "000002.json").unlink()
    (place / "g" / "frontier.csv").unlink()
    assert call("--points", 2, "--folder", "g", "--resume").exit_code == 0
    assert contents(place / "f") == contents(place / "g")


def test_a_case_without_a_plan_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = hand_tables()
    tables["demands"][0]["value"], tables["loss_steps"] = "must", []
    written(tmp_path / "case", tables)
    monkeypatch.chdir(tmp_path)
    done = call("--folder", "f", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["sentences"] == ["No plan at: least cost (infeasible); least measure (infeasible)."]


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--x", "china_dirct"), "--x: found 'china_dirct', expected a measure. Did you mean china_direct?"),
        (("--points", "-1"), "--points: found '-1', expected 0 or more"),
        (("--points", "1.5"), "--points: found '1.5', expected a whole number"),
        (("--measure-gap", "nan"), "--measure-gap: found 'nan', expected a number"),
    ],
)
def test_wrong_words_end_with_2(place: Path, words: tuple[str, ...], said: str) -> None:
    done = call(*words)
    assert done.exit_code == 2
    assert said in done.stderr
    assert not (place / "results").exists()


def ended(name: str, share: float, cost: float, bound: float) -> Place:
    row: dict[str, Any] = {"status": "optimal", "cost_musd": cost, "bound_musd": bound, "china_share": share}
    return Place(name, share, row)


def test_points_prove_the_frontier_together() -> None:
    # The second plan is dearer than the third, which keeps its limit too; its bound holds for the third.
    places = frontier._proved([ended("a", 0.5, 10.0, 9.0), ended("b", 0.4, 12.0, 10.5), ended("c", 0.3, 11.0, 9.5)])
    assert [place.lower for place in places] == [9.0, 10.5, 10.5]
    assert [place.upper for place in places] == [10.0, 11.0, 11.0]


def test_a_step_within_the_gaps_is_not_proved() -> None:
    one, two, three = frontier._proved(
        [ended("a", 0.5, 10.0, 9.0), ended("b", 0.4, 11.0, 9.5), ended("c", 0.3, 20.0, 18.0)]
    )
    axis = MEASURES["china_direct"]
    assert frontier._step(axis, one, two).endswith("at most 2 million USD more; that it costs more is not proved.")
    assert frontier._step(axis, two, three) == "From 0.4 to 0.3 share: 7 to 10.5 million USD more (proved)."
