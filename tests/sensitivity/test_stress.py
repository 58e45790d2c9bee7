"""`orefolio sensitivity CASE stress`: regret in each future, cost under other probabilities, as a pencil has them."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from orefolio.analyses.questions import answered as asking
from orefolio.analyses.sensitivity.stress import extreme_weights, quantiles
from orefolio.analyses.sweep import planning
from orefolio.errors import InfeasibleError
from sweep.files import contents
from test_api import with_levers, written

from .hand_case import NAME, call, table

FARMER = Path(__file__).parents[1] / "outside" / "birge_farmer"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    written(tmp_path / "case", with_levers())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def stress(*words: object, folder: str = "a") -> Any:
    """A shortage costs 35 USD/kg: the plan signs the contract and costs 6.1 in the calm future and 11.5 in the cut; one
    made for the calm one does not, 6 and 12 (tests/sensitivity/test_value.py). The cut has the probability 0.25."""
    return call("stress", "--folder", folder, "--set", "loss=35", *words)


def under(folder: Path) -> dict[tuple[str, str], float]:
    return {(row["plan"], row["under"]): float(row["cost_musd"]) for row in table(folder / "weights.csv")}


def test_regret_is_what_the_plan_costs_more_than_knowing(place: Path) -> None:
    done = stress()
    assert done.exit_code == 0, done.output
    calm, cut = table(place / "a" / "regret.csv")
    assert (calm["future"], cut["future"], calm["name"]) == ("calm", "cut", "平穏")
    assert [float(row["plan_musd"]) for row in (calm, cut)] == pytest.approx([6.1, 11.5])
    assert [float(row["alone_musd"]) for row in (calm, cut)] == pytest.approx([6.0, 11.5])
    assert [float(row["regret_musd"]) for row in (calm, cut)] == pytest.approx([0.1, 0.0], abs=1e-9)
    assert (calm["proved"], cut["proved"]) == ("yes", "no")
    assert "The plan regrets most in calm: +0.1 to +0.1 million USD against the best plan for it alone." in done.stdout
    assert "In 1 of 2 futures it is proved that knowing it would save money." in done.stdout


def test_costs_under_other_probabilities_are_those_of_the_two_futures(place: Path) -> None:
    done = stress("--draws", 20000)
    assert done.exit_code == 0
    found = under(place / "a")
    plans = {"the plan": (6.1, 11.5), "made for calm": (6.0, 12.0)}
    for plan, (calm, cut) in plans.items():
        assert found[plan, "own probabilities"] == pytest.approx(0.75 * calm + 0.25 * cut)
        # The cut has from 0.125 to 0.375; the calm future may have all up to 1.
        assert found[plan, "least within 0.5"] == pytest.approx(calm + 0.125 * (cut - calm))
        assert found[plan, "greatest within 0.5"] == pytest.approx(calm + 0.375 * (cut - calm))
        # Of two probabilities that sum to 1, each is even between 0 and 1.
        for share in (0.05, 0.25, 0.5, 0.75, 0.95):
            assert found[plan, f"quantile {share:g}"] == pytest.approx(calm + share * (cut - calm), abs=0.15)
        assert found[plan, "mean of the draws"] == pytest.approx((calm + cut) / 2, abs=0.1)
    # 6.1 + 5.4 u is less than 6 + 6 u from u = 1/6 on.
    (share,) = re.findall(r"The plan is cheaper than the one made for calm under (\d+)% of the draws", done.stdout)
    assert int(share) / 100 == pytest.approx(5 / 6, abs=0.02)
    worst = [row for row in table(place / "a" / "worst_weights.csv") if row["plan"] == "the plan"]
    assert [float(row["worst_probability"]) for row in worst] == pytest.approx([0.625, 0.375])


@pytest.mark.parametrize("reach", [0.0, 0.3, 1.0])
def test_the_worst_probabilities_are_those_of_a_linear_program(reach: float) -> None:
    from scipy.optimize import linprog

    own, costs = np.array([0.4, 0.1, 0.2, 0.3]), np.array([5.0, 9.0, 9.0, 7.0])
    found = extreme_weights(own, costs, reach)
    best = linprog(
        -costs, A_eq=[[1.0] * 4], b_eq=[1.0], bounds=[(p * (1 - reach), min(1, p * (1 + reach))) for p in own]
    )
    assert float(found @ costs) == pytest.approx(-best.fun)
    assert found.sum() == pytest.approx(1.0)
    assert (found >= own * (1 - reach) - 1e-12).all()
    assert (found <= own * (1 + reach) + 1e-12).all()


def test_quantiles_are_values_that_such_shares_do_not_exceed() -> None:
    assert quantiles(np.arange(101.0), (0.0, 0.05, 1.0)) == [0.0, 5.0, 100.0]


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(place: Path) -> None:
    assert stress("--draws", 50).exit_code == 0
    assert stress("--draws", 50, folder="b").exit_code == 0
    assert stress("--draws", 50, "--sample-seed", 1, folder="c").exit_code == 0
    assert contents(place / "a") == contents(place / "b")
    assert under(place / "a") != under(place / "c")


def test_the_farmer_s_plan_under_stress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The book: 170 acres of wheat, 80 of corn and 250 of beet earn 48,820, 109,350 and 167,000; knowing the yields
    59,950, 118,600 and 167,667. Thousand USD here."""
    shutil.copytree(FARMER, tmp_path / "case")
    monkeypatch.chdir(tmp_path)
    done = call("stress", "--folder", "a", "--rivals", "average,good")
    assert done.exit_code == 0, done.output
    found = {row["future"]: row for row in table(tmp_path / "a" / "regret.csv")}
    plan = {name: float(row["plan_musd"]) for name, row in found.items()}
    assert plan == pytest.approx({"average": -109.350, "dry": -48.820, "good": -167.000}, abs=2e-3)
    regret = {name: float(row["regret_musd"]) for name, row in found.items()}
    assert regret == pytest.approx({"average": 9.250, "dry": 11.130, "good": 0.667}, abs=2e-3)
    # What knowing is worth in the mean is 7,016, as in tests/sensitivity/test_value.py.
    assert sum(regret.values()) / 3 == pytest.approx(7.0156, abs=1e-3)
    # Planted for average yields: 55,120, 118,600 and 148,000, 107,240 in the mean.
    assert under(tmp_path / "a")["made for average", "own probabilities"] == pytest.approx(-107.240, abs=2e-3)
    assert {row["plan"] for row in table(tmp_path / "a" / "weights.csv")} == {
        "the plan", "made for average", "made for good",
    }  # fmt: skip


def test_the_plan_is_held_under_what_it_was_not_made_for(place: Path) -> None:
    # With 0.05 for the cut nobody would sign: 0.95 x 6 + 0.05 x 12 = 6.3, and 0.95 x 6.1 + 0.05 x 11.5 = 6.37 with the
    # contract. With 0.5 the plan made for 0.25 is the best one.
    folder = place / "case" / "overlays"
    folder.mkdir()
    for name, cut in (("seldom", 0.05), ("often", 0.5)):
        parts = "".join(
            f"  - {{table: futures, where: future={future}, column: weight, operation: set, value: {weight}}}\n"
            for future, weight in (("calm", 1 - cut), ("cut", cut))
        )
        (folder / f"{name}.yaml").write_text(f"title: {name}\nadjustments:\n{parts}", encoding="utf-8")
    done = stress("--against", "seldom,often")
    assert done.exit_code == 0, done.output
    seldom, often = table(place / "a" / "against.csv")
    assert [float(seldom[f"{name}_musd"]) for name in ("held", "anew", "regret")] == pytest.approx([6.37, 6.3, 0.07])
    assert [float(often[f"{name}_musd"]) for name in ("held", "anew")] == pytest.approx([8.8, 8.8])
    assert (seldom["proved"], often["proved"]) == ("yes", "no")
    assert seldom["anew_against_held"] == f"no longer: {NAME}"
    said = "Under seldom the plan, as committed to while nobody knows yet, costs +0.07 to +0.07 million USD more than"
    assert said in done.stdout
    missing = stress("--against", "seldm", folder="b")
    assert missing.exit_code == 2
    assert "Did you mean seldom?" in missing.stderr


def test_commitments_that_cannot_be_kept_are_told(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "case" / "overlays").mkdir()
    (place / "case" / "overlays" / "other.yaml").write_text("title: other\n", encoding="utf-8")
    real = asking.answered

    def refusing(merged: Any, questions: Any, *rest: Any) -> Any:
        if questions and questions[0][0] == "as_committed":
            raise InfeasibleError("by hand")
        return real(merged, questions, *rest)

    monkeypatch.setattr(asking, "answered", refusing)
    done = stress("--against", "other")
    (row,) = table(place / "a" / "against.csv")
    assert (row["held_musd"], row["regret_musd"], row["failure"]) == ("", "", "held: no plan exists")
    assert float(row["anew_musd"]) == pytest.approx(7.45)
    assert "Under other the plan, as committed to while nobody knows yet: held: no plan exists." in done.stdout


def test_the_figure_has_the_tables_numbers(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = planning._row
    gapped: Any = lambda *given: (row := real(*given)) | {"bound_musd": row["cost_musd"] - 0.06}  # noqa: E731
    monkeypatch.setattr(planning, "_row", gapped)
    assert stress("--rivals", "").exit_code == 0
    figure = json.loads((place / "a" / "figure.json").read_text(encoding="utf-8"))
    bars, line = figure["data"]
    rows = table(place / "a" / "regret.csv")
    assert bars["x"] == ["calm", "cut"]
    assert bars["y"] == pytest.approx([float(row["regret_musd"]) for row in rows], abs=1e-8)
    # Only the cost of the best plan is uncertain, by 0.06: it may be less, and the regret more.
    assert bars["error_y"]["array"] == pytest.approx([0.06] * 2, abs=1e-5)
    assert bars["error_y"]["arrayminus"] == pytest.approx([0.0] * 2, abs=1e-5)
    assert [row["proved"] for row in rows] == ["yes", "no"]
    assert bars["marker"]["color"][1].startswith("rgba")
    assert line["x"] == [0.0, 5.0, 25.0, 50.0, 75.0, 95.0, 100.0]
    assert line["y"] == pytest.approx([v for (_, what), v in under(place / "a").items() if what.startswith("quantile")])
    assert figure["layout"]["yaxis"]["title"]["text"] == "regret against its own best plan, million USD"
    assert figure["layout"]["yaxis2"]["title"]["text"] == "expected cost, million USD"


def test_what_has_no_plan_is_named(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = planning._row
    monkeypatch.setattr(planning, "_row", lambda case, merged, *rest: real(case, merged, *rest)
                        if len(merged.flats) > 1 else planning._without_plan("infeasible", ""))  # fmt: skip
    done = stress()
    assert "calm: no plan exists." in done.stdout
    assert [row["failure"] for row in table(place / "a" / "regret.csv")] == ["no plan exists"] * 2
    monkeypatch.setattr(planning, "_row", lambda *_: planning._without_plan("infeasible", ""))
    done = stress(folder="b")
    assert "The case has no plan to put under stress: no plan exists." in done.stdout


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--rivals", "clam"), "--rivals: found 'clam', expected a future of the case. Did you mean calm?"),
        (("--draws", "0"), "--draws: found '0', expected 1 to 10,000,000"),
        (("--range", "1.5"), "--range: found '1.5', expected 0 to 1"),
    ],
)
def test_words_that_are_wrong_are_told_before_the_first_solve(place: Path, words: tuple[str, ...], said: str) -> None:
    done = stress(*words)
    assert done.exit_code == 2
    assert said in done.stderr, done.stderr
    assert not (place / "a").exists()


@pytest.mark.verifies("bad input")
def test_a_case_that_asks_for_more_than_expected_cost_is_refused(place: Path) -> None:
    made = with_levers()
    made["settings"].append({"setting": "worst_case", "value": 1.0})
    written(place / "b", made)
    done = call("stress", case="b")
    assert done.exit_code == 2
    assert "settings.csv: found worst_case 1, expected 0, so that expected cost alone is minimised" in done.stderr
