"""`orefolio sensitivity CASE tornado`: bars, what is proved of them, what plans change, and where cost jumps."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from orefolio.analyses.sweep import planning
from orefolio.solve import Session
from orefolio.solve.solution import nothing
from sensitivity.gapped import a_gap_of

from .hand_case import NAME, call, table, write


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def by_end(path: Path) -> dict[tuple[str, str], dict[str, str]]:
    return {(row["lever"], row["end"]): row for row in table(path)}


def dives_that_end(monkeypatch: pytest.MonkeyPatch, **otherwise: Any) -> None:
    """From now on every solve without nodes ends so, and no other does."""
    for name in ("solve", "replanned"):
        real = getattr(Session, name)

        def ends(session: Session, *given: Any, real: Any = real) -> Any:
            return replace(real(session, *given), **(otherwise if session.options.node_limit == 0 else {}))

        monkeypatch.setattr(Session, name, ends)


# By hand: 7.9 at base; loss 20: 2.6 + 2.8 = 5.4 without the contract, loss 90: 7.9 + 1.2; price 5: 7.9 - 1.3. At a
# price of 40 the contract is the cheaper one and used whole: calm 4 x (60 x 30 + 40 x 40 = 3.4) = 13.6, cut
# 3.4 + 3 x 3.8 = 14.8, and 0.5 prepaid: 14.4.
COSTS = {("loss", "low"): 5.4, ("loss", "high"): 9.1, ("price", "low"): 6.6, ("price", "high"): 14.4}


def test_bars_are_what_the_pencil_says_the_widest_first(place: Path) -> None:
    done = call("tornado", "--folder", "a", "--prove-gap", "0")
    assert done.exit_code == 0, done.output
    found = by_end(place / "a" / "tornado.csv")
    assert list(found) == [("price", "low"), ("price", "high"), ("loss", "low"), ("loss", "high")]
    assert {key: float(row["cost_musd"]) for key, row in found.items()} == pytest.approx(COSTS)
    assert {key: float(row["difference_musd"]) for key, row in found.items()} == pytest.approx(
        {key: cost - 7.9 for key, cost in COSTS.items()}
    )
    assert {row["proved"] for row in found.values()} == {"yes"}
    assert "At base the plan costs 8 to 8 million USD." in done.stdout
    assert "2 of 2 levers are proved to move cost" in done.stdout


def test_elasticity_is_per_cent_of_cost_for_a_per_cent_of_the_lever(place: Path) -> None:
    assert call("tornado", "--folder", "a", "--prove-gap", "0").exit_code == 0
    found = by_end(place / "a" / "tornado.csv")
    # By hand: -2.5 of 7.9 for -30 of 50, 1.2 of 7.9 for 40 of 50, -1.3 of 7.9 for -5 of 10, 6.5 of 7.9 for 30 of 10.
    assert {key: float(row["elasticity"]) for key, row in found.items()} == pytest.approx({
        ("loss", "low"): 2.5 / 7.9 / 0.6, ("loss", "high"): 1.2 / 7.9 / 0.8,
        ("price", "low"): 1.3 / 7.9 / 0.5, ("price", "high"): 6.5 / 7.9 / 3,
    })  # fmt: skip
    assert {key[0]: row["elasticity_rank"] for key, row in found.items()} == {"loss": "1", "price": "2"}


def test_the_change_of_the_plan_is_named(place: Path) -> None:
    assert call("tornado", "--folder", "a", "--prove-gap", "0").exit_code == 0
    found = by_end(place / "a" / "tornado.csv")
    assert found["loss", "low"]["plan_against_base"] == f"no longer: {NAME}"
    assert found["loss", "high"]["plan_against_base"] == "as before"


def test_cost_jumps_where_a_step_is_dearer_than_two_mean_steps(place: Path) -> None:
    done = call("tornado", "--folder", "a", "--prove-gap", "0", "--prove-band", "9", "--levers", "loss")
    band = table(place / "a" / "band.csv")
    assert [(float(row["from"]), float(row["to"])) for row in band] == [(20, 37.5), (37.5, 55), (55, 72.5), (72.5, 90)]
    # By hand: 5.4 without the contract, then 7.9 + 0.03 (L - 50): 7.525, 8.05, 8.575, 9.1; a mean step is 0.925.
    assert [float(row["difference_musd"]) for row in band] == pytest.approx([2.125, 0.525, 0.525, 0.525])
    assert [row["cost_jumps_proved"] for row in band] == ["yes", "no", "no", "no"]
    assert [row["plan_changes"] for row in band] == [f"new: {NAME}", "as before", "as before", "as before"]
    assert f"loss by shortage: cost jumps between 20 and 37.5, by +2.12 to +2.13 million USD; plan: new: {NAME}." in (
        done.stdout
    )
    patient = call("tornado", "--folder", "b", "--prove-gap", "0", "--levers", "loss", "--jump", "2.3")
    assert patient.exit_code == 0
    assert "cost jumps" not in patient.stdout  # 2.125 / 0.925 = 2.297


def test_what_the_gap_leaves_open_is_not_proved_and_hollow(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_gap_of(1.5, monkeypatch)
    done = call("tornado", "--folder", "a", "--steps", "2")
    found = by_end(place / "a" / "tornado.csv")
    # By hand: each difference may be 1.5 more or less.
    assert {key: row["proved"] for key, row in found.items()} == {
        ("price", "low"): "no", ("price", "high"): "yes", ("loss", "low"): "yes", ("loss", "high"): "no",
    }  # fmt: skip
    ends = [float(found["loss", "low"][f"difference_{end}_musd"]) for end in ("low", "high")]
    assert ends == pytest.approx([-4.0, -1.0])
    assert "at 90: -0.3 to +2.7 million USD, not proved" in done.stdout
    figure = json.loads((place / "a" / "figure.json").read_text(encoding="utf-8"))
    bars = {trace["name"]: trace["x"] for trace in figure["data"]}
    assert bars["low: not proved"] == pytest.approx([-2.5, -1.3])
    assert bars["low: proved"] == pytest.approx([-1.0, 0.0], abs=1e-5)
    assert bars["high: proved"] == pytest.approx([0.0, 5.0], abs=1e-5)


def test_the_figure_has_the_table_s_numbers_under_titles_with_units(place: Path) -> None:
    assert call("tornado", "--folder", "a", "--prove-gap", "0").exit_code == 0
    figure = json.loads((place / "a" / "figure.json").read_text(encoding="utf-8"))
    found = by_end(place / "a" / "tornado.csv")
    assert figure["layout"]["xaxis"]["title"]["text"] == "cost less that at base, million USD"
    assert figure["layout"]["yaxis"]["ticktext"] == ["loss by shortage (20 – 90)", "price in China (5 – 40)"]
    for end in ("low", "high"):
        whole = next(trace for trace in figure["data"] if trace["name"] == f"{end}: not proved")
        wanted = [float(found[lever, end]["difference_musd"]) for lever in ("loss", "price")]
        assert whole["x"] == pytest.approx(wanted)


def test_only_the_widest_are_proved_and_drawn(place: Path) -> None:
    assert call("tornado", "--folder", "a", "--prove", "1", "--bars", "1", "--steps", "2").exit_code == 0
    assert [row["lever_price"] for row in table(place / "a" / "proved" / "table.csv")] == ["5", "40"]
    assert [row["lever_price"] for row in table(place / "a" / "proved-base" / "table.csv")] == ["10"]
    figure = json.loads((place / "a" / "figure.json").read_text(encoding="utf-8"))
    assert figure["layout"]["yaxis"]["ticktext"] == ["price in China (5 – 40)"]
    assert "the 1 widest of 2 levers" in figure["layout"]["title"]["text"]
    assert not (place / "a" / "band").exists()


def test_an_end_without_a_plan_is_named(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = planning.Planner.__call__

    def refuses(planner: Any, point: Any) -> dict[str, Any]:
        if point["levers"].get("price") == 40.0:
            return planning._without_plan("infeasible", "")
        return real(planner, point)

    monkeypatch.setattr(planning.Planner, "__call__", refuses)
    done = call("tornado", "--folder", "a", "--steps", "2")
    assert "price=40: no plan exists." in done.stdout
    row = by_end(place / "a" / "tornado.csv")["price", "high"]
    assert (row["cost_musd"], row["failure"], row["proved"]) == ("", "no plan exists", "")


def test_a_run_that_goes_on_ends_with_the_same_bytes(place: Path) -> None:
    assert call("tornado", "--folder", "a", "--prove-gap", "0").exit_code == 0
    names = ("tornado.csv", "band.csv", "figure.json", "proved/table.csv")
    before = {name: (place / "a" / name).read_bytes() for name in names}
    for gone in ("proved/manifest.json", "proved/points/000002.json", "tornado.csv", "band.csv"):
        (place / "a" / gone).unlink()
    assert call("tornado", "--folder", "a", "--prove-gap", "0", "--resume").exit_code == 0
    assert {name: (place / "a" / name).read_bytes() for name in names} == before


def test_dives_that_leave_a_gap_have_met_no_limit_where_the_proofs_were_reached(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dives_that_end(monkeypatch, status="feasible")
    done = call("tornado", "--folder", "a", "--prove-gap", "0")
    assert done.exit_code == 0, done.output
    assert "met a limit" not in done.stderr
    assert [row["status"] for row in table(place / "a" / "table.csv")] == ["feasible"] * 5
    assert {row["note"] for row in table(place / "a" / "table.csv")} == {planning.DIVED}
    assert {row["status"] for row in table(place / "a" / "proved" / "table.csv")} == {"optimal"}


@pytest.mark.parametrize(
    ("words", "end"),
    [
        (("--node-limit", "0"), {"status": "feasible"}),  # the user's own limit
        ((), {"status": "feasible", "seconds": {"dive": 1e6}}),  # the clock's
        ((), {"status": "no_plan", "values": nothing()}),
    ],
)
def test_dives_that_the_user_or_the_clock_ended_have_met_a_limit(
    place: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], end: dict[str, Any]
) -> None:
    dives_that_end(monkeypatch, **end)
    done = call("tornado", "--folder", "a", "--prove", "0", *words)
    assert done.exit_code == 3, done.output
    assert "5 points met a limit before the proof; another run may differ there" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--levers", "los"), "--levers: found the lever 'los', expected a lever of the case. Did you mean loss?"),
        (("--levers", "loss,loss"), "--levers: found the lever 'loss' twice"),
        (("--prove", "x"), "--prove: found 'x'"),
        (("--prove", "1.5"), "--prove: found '1.5', expected a whole number"),
        (("--steps", "1"), "--steps: found '1', expected 2 to 1,000"),
        (("--prove-gap", "-1"), "--prove-gap: found '-1', expected 0 or more"),
    ],
)
def test_words_that_are_wrong_are_told_before_the_first_solve(place: Path, words: tuple[str, ...], said: str) -> None:
    done = call("tornado", "--folder", "a", *words)
    assert done.exit_code == 2
    assert said in done.stderr, done.stderr
    assert not (place / "a").exists()
