"""`orefolio sensitivity CASE value`: what information, rules, supply and waiting are worth, as a pencil has it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from families.test_programmes import case as thrift
from families.test_programmes import level
from orefolio.analyses.sweep import planning
from pencil import case_of, must, spot, tables
from test_api import with_levers, written

from .hand_case import NAME, call, table
from .test_alternatives import on_disk

FARMER = Path(__file__).parents[1] / "outside" / "birge_farmer"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    written(tmp_path / "case", with_levers())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def value(*words: object, loss: float = 35.0) -> Any:
    return call("value", "--folder", "a", "--set", f"loss={loss:g}", *words)


def worths(folder: Path) -> dict[str, float]:
    return {row["what"]: float(row["worth_musd"]) for row in table(folder / "value.csv")}


# By hand, million USD, where a shortage costs 35 USD/kg. With the contract: calm 4 x (0.8 + 0.6) + 0.5 = 6.1, cut
# 1.4 + 3 x (1.8 + 1.4) + 0.5 = 11.5, expected 7.45. Without it: calm 4 x (0.8 + 0.7) = 6, cut 1.5 + 3 x 3.5 = 12,
# expected 7.5. It can be signed in the first year only.
PLAN, KNOWING, CALM_PLAN = 7.45, 0.75 * 6.0 + 0.25 * 11.5, 7.5
WITHOUT_CHINA = 4 * (1.8 + 1.4) + 0.5  # in every future


def test_each_thing_is_worth_what_the_pencil_says(place: Path) -> None:
    done = value()
    assert done.exit_code == 0, done.output
    assert worths(place / "a") == pytest.approx(
        {
            "中国": WITHOUT_CHINA - PLAN,
            "knowing which future comes": PLAN - KNOWING,
            "knowing whether stop comes": PLAN - KNOWING,
            "planning for all futures, not calm alone": CALM_PLAN - PLAN,
            "au": CALM_PLAN - PLAN,
            "not waiting 1 year": CALM_PLAN - PLAN,
        }
    )
    rows = table(place / "a" / "value.csv")
    assert [float(row["worth_musd"]) for row in rows] == sorted(worths(place / "a").values(), reverse=True)
    assert {row["proved"] for row in rows} == {"yes"}
    for row in rows:
        assert float(row["worth_low_musd"]) <= float(row["worth_musd"]) <= float(row["worth_high_musd"])
    assert "The plan for all futures costs 7.45 to 7.45 million USD." in done.stdout
    assert "knowing which future comes +0.075 to +0.075 million USD" in done.stdout


def test_what_is_planned_for_a_part_is_told_with_its_cost(place: Path) -> None:
    assert value("--parts", "information,waiting").exit_code == 0
    rows = {row["part"]: row for row in table(place / "a" / "parts.csv")}
    assert {name: float(row["probability"]) for name, row in rows.items()} == pytest.approx(
        {"calm": 0.75, "cut": 0.25, "with stop": 0.25, "without stop": 0.75, "": 1.0}
    )
    assert {name: float(row["cost_musd"]) for name, row in rows.items()} == pytest.approx(
        {"calm": 6.0, "cut": 11.5, "with stop": 11.5, "without stop": 6.0, "": 7.5}
    )
    assert [rows[name]["plan_against_all"] for name in ("calm", "cut", "")] == [
        f"no longer: {NAME}", "as the plan", f"no longer: {NAME}",
    ]  # fmt: skip
    # The points of one set of futures are planned once: the plan, two futures, and waiting.
    assert len(table(place / "a" / "table.csv")) == 4


def test_information_is_worth_nothing_where_the_plan_is_the_same(place: Path) -> None:
    # At 50 USD/kg the contract is signed in each future by itself: 6.1 and 13.3, as in the case.
    done = value("--parts", "information", loss=50.0)
    assert done.exit_code == 0
    assert worths(place / "a") == pytest.approx(
        {"knowing which future comes": 0.0, "knowing whether stop comes": 0.0}, abs=1e-9
    )
    assert {row["proved"] for row in table(place / "a" / "value.csv")} == {"no"}


def test_the_farmer_s_values_are_those_of_the_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """USD of the book are thousand USD here: 7,016 is what perfect information is worth, 1,150 the stochastic plan."""
    shutil.copytree(FARMER, tmp_path / "case")
    monkeypatch.chdir(tmp_path)
    done = call("value", "--folder", "a", "--parts", "information,solution,waiting", "--planned-for", "average")
    assert done.exit_code == 0, done.output
    found = worths(tmp_path / "a")
    assert found["knowing which future comes"] == pytest.approx(7.0156, abs=2e-4)
    assert found["planning for all futures, not average alone"] == pytest.approx(1.150, abs=2e-4)
    # Who does not plant in the only year buys 200 t at 238 and 240 t at 210.
    assert found["not waiting 1 year"] == pytest.approx((200 * 238 + 240 * 210 + 108390) / 1000, abs=2e-3)


def test_the_trunk_is_what_one_would_plan_for_by_default(place: Path) -> None:
    assert value("--parts", "solution").exit_code == 0
    assert value("--parts", "solution", "--planned-for", "cut", "--folder", "b").exit_code == 0
    assert worths(place / "a") == pytest.approx({"planning for all futures, not calm alone": 0.05})
    # Who plans for the cut alone signs the contract, as the plan for both does.
    assert worths(place / "b") == pytest.approx({"planning for all futures, not cut alone": 0.0}, abs=1e-9)


def test_a_rule_costs_what_its_absence_saves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As in tests/program/test_rule_switches.py: the market pays 60 thousand USD, and the floor of the rule is 110.
    item = {"price_rule": "floor", "market": "china", "floor_rule": "act", "floor_usd_per_kg": 110}
    rule = {"kind": "price_floor", "in_force_share": 1.0}
    case = case_of(
        tables(rules=[{"rule": "act", **rule}, {"rule": "idle", "enabled": False, **rule}]),
        tables(markets=[{"market": "china"}],
               prices=[{"market": "china", "commodity": "oxide", "fee_usd_per_kg": 60}]),
        spot("mine", "oxide", 0, item=item, country="AU"), must("d", "oxide", 1),
    )  # fmt: skip
    on_disk(tmp_path / "case", case)
    monkeypatch.chdir(tmp_path)
    done = call("value", "--folder", "a", "--parts", "rules,systems")
    assert done.exit_code == 0, done.output
    rule_, mine = table(tmp_path / "a" / "value.csv")
    assert (rule_["what"], float(rule_["worth_musd"])) == ("taking off act", pytest.approx(0.050))
    assert rule_["how"] == "rule act: enabled 0"
    # Without the mine the demand that must be met has no source: that has no worth, and is named.
    assert (mine["what"], mine["worth_musd"], mine["failure"]) == ("mine", "", "no plan exists")
    assert "mine: no plan exists." in done.stdout


def test_a_group_of_projects_is_removed_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(FARMER, tmp_path / "case")
    monkeypatch.chdir(tmp_path)
    done = call("value", "--folder", "a", "--parts", "systems")
    assert done.exit_code == 0, done.output
    (land,) = [row for row in table(tmp_path / "a" / "value.csv") if row["what"] == "acres of the farm"]
    assert land["how"] == "group land: never project:acres_wheat, project:acres_corn, project:acres_beet"
    # Without any acre all feed is bought.
    assert float(land["worth_musd"]) == pytest.approx((98_000 + 108_390) / 1000, abs=2e-3)
    assert land["plan"] == "no longer: acres_beet, acres_corn, acres_wheat"


def test_a_programme_is_removed_with_all_its_levels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As in tests/families/test_programmes.py: 420 thousand USD with both levels, 3 x 10 t at 20 without.
    on_disk(tmp_path / "case", thrift(level(1, 0.3, 10), level(2, 0.2, 10)))
    monkeypatch.chdir(tmp_path)
    done = call("value", "--folder", "a", "--parts", "systems")
    assert done.exit_code == 0, done.output
    (saving,) = [row for row in table(tmp_path / "a" / "value.csv") if row["what"] == "programme thrift"]
    assert saving["how"] == "programme thrift: never programme:thrift/1, programme:thrift/2"
    assert float(saving["worth_musd"]) == pytest.approx(0.600 - 0.420)


def test_a_gap_makes_the_worth_an_interval_that_is_drawn(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = planning._row
    gapped: Any = lambda *given: (row := real(*given)) | {"bound_musd": row["cost_musd"] - 0.06}  # noqa: E731
    monkeypatch.setattr(planning, "_row", gapped)
    assert value("--parts", "information,waiting,systems").exit_code == 0
    rows = {row["what"]: row for row in table(place / "a" / "value.csv")}
    knowing, china = rows["knowing which future comes"], rows["中国"]
    # By hand: 0.075, 0.06 less and 0.06 more; waiting costs 0.05, which the gaps leave open.
    assert [float(knowing[f"worth_{end}_musd"]) for end in ("low", "high")] == pytest.approx([0.015, 0.135], abs=1e-5)
    assert (knowing["proved"], rows["not waiting 1 year"]["proved"]) == ("yes", "no")
    figure = json.loads((place / "a" / "figure.json").read_text(encoding="utf-8"))
    assert figure["layout"]["xaxis"]["title"]["text"].startswith("worth, million USD")
    # 5.85, 0.06 less and 0.06 more.
    assert figure["layout"]["yaxis"]["ticktext"][-1] == "中国<br>+5.79 to +5.91"
    bars = {trace["name"]: trace for trace in figure["data"]}
    assert bars["systems"]["x"][-1] == pytest.approx(float(china["worth_low_musd"]))
    assert bars["waiting"]["x"] == [0.0]
    found = bars["waiting: of the plans found"]
    assert found["x"] == pytest.approx([0.05])
    assert found["error_x"]["arrayminus"] == pytest.approx([0.06], abs=1e-5)
    assert found["marker"]["color"][0].startswith("rgba")


def test_bars_are_those_most_worth_of_each_kind(place: Path) -> None:
    assert value("--bars", "1").exit_code == 0
    figure = json.loads((place / "a" / "figure.json").read_text(encoding="utf-8"))
    named = [text.partition("<br>")[0] for text in figure["layout"]["yaxis"]["ticktext"]]
    assert sorted(named) == [
        "knowing which future comes", "not waiting 1 year", "planning for all futures, not calm alone", "中国",
    ]  # fmt: skip
    assert figure["layout"]["title"]["text"] == "What it is worth, the 1 most worth of each kind"


def test_one_future_leaves_nothing_to_know(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_of(must("d", "oxide", 1), spot("mine", "oxide", 60))
    on_disk(tmp_path / "case", case)
    monkeypatch.chdir(tmp_path)
    done = call("value", "--parts", "information,solution")
    assert done.exit_code == 0, done.output
    assert "The case has one future: nothing is to be known." in done.stdout


def test_what_an_event_gives_back_is_told(place: Path) -> None:
    made = with_levers()
    made["events"] += [{"event": "stop", "part": 2, "table": "suppliers", "where": "supplier=cn", "operation": "set",
                        "column": "availability_share", "value": 0.5, "after_months": 12}]  # fmt: skip
    written(place / "b", made)
    assert call("value", "--parts", "systems", "--folder", "c", case="b").exit_code == 0
    how = {row["what"]: row["how"] for row in table(place / "c" / "value.csv")}
    assert how == {
        "中国": "supplier cn: availability_share 0, but stop brings it back", "au": "supplier au: availability_share 0",
    }  # fmt: skip


def test_a_case_without_a_plan_says_so(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "_row", lambda *_: planning._without_plan("infeasible", ""))
    done = value()
    assert "The case has no plan to hold anything against: no plan exists." in done.stdout


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--parts", "rule"), "--parts: found 'rule', expected a part. Did you mean rules?"),
        (("--parts", ","), "--parts: found nothing, expected some of information"),
        (("--planned-for", "clam"), "--planned-for: found 'clam', expected a future of the case. Did you mean calm?"),
        (("--years", "-1"), "--years: found '-1', expected 0 to 100"),
        (("--bars", "0"), "--bars: found '0', expected 1 to 10,000"),
    ],
)
def test_words_that_are_wrong_are_told_before_the_first_solve(place: Path, words: tuple[str, ...], said: str) -> None:
    done = value(*words)
    assert done.exit_code == 2
    assert said in done.stderr, done.stderr
    assert not (place / "a").exists()


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize("name", ["risk_weight", "worst_case"])
def test_information_is_refused_where_more_than_expected_cost_counts(place: Path, name: str) -> None:
    made = with_levers()
    made["settings"].append({"setting": name, "value": 0.5})
    written(place / "b", made)
    done = call("value", case="b")
    assert done.exit_code == 2
    assert f"settings.csv: found {name} 0.5, expected 0, so that expected cost alone is minimised" in done.stderr
    assert call("value", "--parts", "waiting", case="b").exit_code == 0


@pytest.mark.verifies("bad input")
def test_information_is_refused_where_futures_are_limited_together(place: Path) -> None:
    made = with_levers()
    made["chance"] = [{"chance": "seldom_short", "limit_share": 0.5, "probability": 0.5}]
    written(place / "b", made)
    done = call("value", case="b")
    assert done.exit_code == 2
    assert "chance.csv: found 1 row, asked over the futures together, expected none" in done.stderr
