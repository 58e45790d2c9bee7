"""`orefolio sensitivity CASE frontier`: a frontier that is known by hand, what is proved of it, and how it is drawn."""

from __future__ import annotations

import csv
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from orefolio import cli
from orefolio.analyses.questions.answered import Answered, answered
from orefolio.analyses.questions.measures import MEASURES
from orefolio.analyses.sensitivity import frontier
from orefolio.analyses.sensitivity.frontier import Place
from orefolio.program.build import build
from orefolio.solve import Options
from sweep.files import contents
from test_api import with_levers, written
from test_tables import case_of as case_of_tables
from test_tables import hand_tables

MOST = 260 / 370  # the Chinese share of the cheapest plan, as in tests/questions


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
    assert any(text.startswith("The least that any plan reaches is 0 %, ") for text in sentences)
    assert sum(text.endswith("more (proved).") for text in sentences) == 4


def test_the_figure_shows_the_table(place: Path) -> None:
    assert call("--points", 2, "--folder", "f").exit_code == 0
    figure = json.loads((place / "f" / "figure.json").read_text(encoding="utf-8"))
    rows = table(place / "f" / "frontier.csv")
    upper, lower = figure["data"]
    assert upper["x"] == lower["x"] == pytest.approx([float(row["china_share (share)"]) for row in rows], abs=1e-8)
    assert upper["y"] == pytest.approx([float(row["frontier_upper_musd"]) for row in rows])
    assert lower["y"] == pytest.approx([float(row["frontier_lower_musd"]) for row in rows])
    assert figure["layout"]["xaxis"] == {"title": {"text": MEASURES["china_direct"].name}, "tickformat": ".0%"}
    assert figure["layout"]["yaxis"]["title"]["text"] == "cost (million USD)"


def test_what_more_money_buys_is_the_frontier_the_other_way_round(place: Path) -> None:
    """By hand: 1.3 million USD buy 65 t from Lynas at 20 USD/kg more, so that 195 of 370 t come from China. 2.6 buy all
    130 t, and 2.6 more let 65 of the other 130 t from China go short at 40: 65 of 305 t. 10 buy the least there is."""
    done = call("--points", 1, "--more", "5.2,1.3,10,1.3", "--measure-gap", "1e-6", "--folder", "f", "--json")
    assert done.exit_code == 0, done.output
    rows = table(place / "f" / "bought.csv")
    assert [float(row["more_musd"]) for row in rows] == [1.3, 5.2, 10.0]
    assert [float(row["cap_musd"]) for row in rows] == pytest.approx([9.2, 13.1, 17.9])
    shares = [195 / 370, 65 / 305, 0.0]
    assert [float(row["china_share (share)"]) for row in rows] == pytest.approx(shares, rel=1e-5, abs=1e-8)
    assert [float(row["at_least (share)"]) for row in rows] == pytest.approx(shares, rel=1e-5, abs=1e-8)
    costs = [float(row["cost_musd"]) for row in rows]
    assert costs == pytest.approx([9.2, 13.1, 15.7], rel=1e-5)
    assert costs == pytest.approx([by_hand(share) for share in shares], rel=1e-5)
    points = table(place / "f" / "frontier.csv")
    assert [row["point"] for row in points] == [
        "least cost", "for 1.3 more", f"at most {MOST / 2:.6g}", "for 5.2 more", "for 10 more", "least measure",
    ]  # fmt: skip
    limits = [float(row["limit"]) for row in points[1:]]
    assert limits == sorted(limits, reverse=True)
    for row in points:
        assert float(row["frontier_lower_musd"]) == pytest.approx(float(row["frontier_upper_musd"]), rel=1e-5)
    said = json.loads(done.stdout)["sentences"]
    assert any(text.startswith("For 1.3 million USD more than the least cost found: 52.7 %, ") for text in said)


def test_the_least_measure_for_a_cost_costs_that_by_a_limit_on_the_measure(place: Path) -> None:
    """The limit at the share that was bought costs what could be spent, and a tighter one costs more (proved)."""
    case = case_of_tables(hand_tables())
    merged = build(case)

    def ask(*questions: tuple[Any, ...]) -> Answered:
        return answered(merged, questions, Options(abs_gap=0.0), threading.Event())

    for cap in (8.3, 9.9, 11.7, 14.1):
        bought = ask(("within", cap), ("least", "china_direct", 1e-6))
        assert bought.value is not None
        assert bought.bound is not None
        assert bought.bound <= bought.value <= bought.bound * (1 + 1e-5)
        assert ask(("most", "china_direct", bought.value)).solution.objective == pytest.approx(cap, rel=1e-5)
        assert ask(("most", "china_direct", 0.99 * bought.bound)).solution.bound > cap


def test_no_more_than_the_least_cost_buys_the_least_of_what_costs_that(place: Path) -> None:
    # 30 t go short whatever is paid.
    assert call("--x", "short_t", "--points", 0, "--more", "0", "--folder", "f").exit_code == 0
    (row,) = table(place / "f" / "bought.csv")
    assert [float(row[name]) for name in ("cap_musd", "short_t (t)", "cost_musd")] == pytest.approx([7.9, 30.0, 7.9])


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
        (("--more", "500,much"), "--more: found 'much', expected a number"),
        (("--more", "-1"), "--more: found '-1', expected 0 or more"),
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


def test_what_is_proved_of_more_money_holds_for_less() -> None:
    cheapest = ended("least cost", 0.5, 10.0, 10.0)
    few, many = (
        Place(
            f"for {more:g} more", share, {**ended("", share, 10 + more, 10 + more).row, "aim_bound": bound}, more=more
        )
        for more, share, bound in ((1.0, 0.4, 0.2), (2.0, 0.3, 0.25))
    )
    assert [frontier._at_least([cheapest, few, many], place) for place in (few, many)] == [0.25, 0.25]
    said = frontier._buys(MEASURES["china_direct"], [cheapest, few, many], few)
    assert said == "For 1 million USD more than the least cost found: 40 %, proved to be at least 25 %."
    assert frontier._at_least([cheapest], cheapest) is None


def test_a_step_within_the_gaps_is_not_proved() -> None:
    one, two, three = frontier._proved(
        [ended("a", 0.5, 10.0, 9.0), ended("b", 0.4, 11.0, 9.5), ended("c", 0.3, 20.0, 18.0)]
    )
    axis = MEASURES["china_direct"]
    assert frontier._step(axis, one, two).endswith("at most 2 million USD more; that it costs more is not proved.")
    assert frontier._step(axis, two, three) == "From 40 % to 30 %: 7 to 10.5 million USD more (proved)."
