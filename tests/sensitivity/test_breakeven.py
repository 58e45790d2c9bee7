"""`orefolio sensitivity CASE breakeven LEVER`: where a decision flips, where a rule binds, and what is proved of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from orefolio.analyses.sensitivity import breakeven_figure
from orefolio.analyses.sensitivity.breakeven import Subject, answer_of
from orefolio.analyses.sensitivity.flips import IN, NOTHING, OPEN, OUT, Course, Flip, Pair, Stretch
from orefolio.analyses.sweep import planning
from orefolio.case.case import Case
from orefolio.tables.folder.case_files import case_files
from pencil import Piece, case_of, must, offtake, spot
from sensitivity.gapped import a_gap_of

from .hand_case import NAME, call, table, write
from .three_levers import TURNS, everything

LYNAS = "contract:lynas"


def on_disk(folder: Path, case: Case) -> None:
    folder.mkdir()
    for name, text in case_files(case).items():
        (folder / name).write_text(text, encoding="utf-8")


def lever(name: str, base: float, low: float, high: float, *cells: tuple[str, str, str, str]) -> Piece:
    """A lever on cells, each as table, selector, column and operation."""
    columns = ("table", "where", "column", "operation")
    return {
        "levers": [{"lever": name, "base": base, "low": low, "high": high, "source": "assumption: by hand"}],
        "lever_adjustments": [{"lever": name, **dict(zip(columns, cell, strict=True))} for cell in cells],
    }


def with_two_flips(least: float = 10_000.0) -> Case:
    """10,000 t, of which `cheap` sells 1,000 L at 0.5 USD/kg and `dear` the rest at L, or all of it from `sure` at 2.

    In million USD: 20 with `sure`, 0.5 L + L (10 - L) = 10.5 L - L^2 without it, which is 20 at L = 2.5 and at L = 8.
    least: of `sure` in a year, t.
    """
    return case_of(
        must("d", "oxide", 10_000.0),
        spot("cheap", "oxide", 0.5, 1000.0),
        spot("dear", "oxide", 1.0),
        offtake("sure", "oxide", 2.0, 10_000.0, years=(2027, 2027), volume_min_t_per_year=least,
                take_or_pay_share=1.0),
        lever("level", 1.0, 1.0, 9.5, ("contracts", "contract=cheap", "volume_max_t_per_year", "multiply"),
              ("contract_items", "contract=dear", "price_usd_per_kg", "multiply")),
    )  # fmt: skip


def with_a_cap() -> Case:
    """A demand of 60 to 110 t, 80 t of it at 10 USD/kg under a cap, all of it so with ten caps, the rest at 31."""
    return case_of(
        must("d", "oxide", 70.0),
        spot("china", "oxide", 10.0, 80.0),
        spot("dear", "oxide", 31.0),
        lever("demand", 70.0, 60.0, 110.0, ("demands", "demand=d", "t_per_year", "set")),
        lever("cap", 1.0, 1.0, 10.0, ("contracts", "contract=china", "volume_max_t_per_year", "multiply")),
    )


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path)
    on_disk(tmp_path / "twice", with_two_flips())
    on_disk(tmp_path / "sized", with_two_flips(0.0))
    on_disk(tmp_path / "capped", with_a_cap())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def without_a_plan(monkeypatch: pytest.MonkeyPatch, loss: float, way: str, status: str) -> None:
    """From now on the decision that is forced in or out at a value of the loss ends so."""
    real = planning.Planner.__call__

    def refuses(planner: planning.Planner, point: Mapping[str, Any]) -> dict[str, Any]:
        if point["levers"].get("loss", 50.0) == loss and any(way in question for question in point["questions"]):
            return planning._without_plan(status, "")
        return real(planner, point)

    monkeypatch.setattr(planning.Planner, "__call__", refuses)


def interval(row: Mapping[str, str]) -> tuple[float, float]:
    return float(row["from"]), float(row["to"])


def test_the_flip_is_where_the_pencil_says_and_where_a_fine_grid_has_it(place: Path) -> None:
    done = call("breakeven", "loss", "--folder", "a")
    assert done.exit_code == 0, done.output
    (flip,) = table(place / "a" / "flips.csv")
    low, high = interval(flip)
    # By hand: 7.9 + 0.03 (L - 50) with the contract, 2.6 + 0.14 L without, alike at 3.8 / 0.11.
    assert low < TURNS < high
    assert high - low <= 0.02 * 70
    # The step of the scan is 70 / 6, and a sixteenth of it is the first half that is less than 1.4.
    assert high - low == pytest.approx(70 / 6 / 16)
    assert float(flip["estimate"]) == pytest.approx(TURNS)
    assert (flip["asked_about"], flip["name"], flip["answer"]) == (LYNAS, NAME, "flips")
    assert (flip["cheaper_below"], flip["cheaper_above"]) == ("out", "in")
    words = ("--from", "30", "--to", "40", "--steps", "11", "--width", "1")
    assert call("breakeven", "loss", *words, "--folder", "fine").exit_code == 0
    (fine,) = table(place / "fine" / "flips.csv")
    assert interval(fine) == (34.0, 35.0)
    assert {row["value"]: row["cheaper"] for row in table(place / "fine" / "breakeven.csv")} == {
        f"{value}": "out" if value < TURNS else "in" for value in range(30, 41)
    }


def test_both_costs_stand_at_every_value(place: Path) -> None:
    assert call("breakeven", "loss", "--steps", "3", "--width", "1", "--folder", "a").exit_code == 0
    rows = table(place / "a" / "breakeven.csv")
    # By hand: below the contract's price of 30 nothing is bought of it, and 0.5 is prepaid on 2.6 + 0.14 L.
    assert [tuple(float(row[name]) for name in ("value", "cost_in_musd", "cost_out_musd")) for row in rows] == [
        pytest.approx((20, 5.9, 5.4)), pytest.approx((55, 8.05, 10.3)), pytest.approx((90, 9.1, 15.2)),
    ]  # fmt: skip
    assert [float(row["bound_in_musd"]) for row in rows] == pytest.approx([5.9, 8.05, 9.1])


def test_several_flips_are_all_told(place: Path) -> None:
    done = call("breakeven", "level", "--folder", "a", case="twice")
    assert done.exit_code == 0, done.output
    flips = table(place / "a" / "flips.csv")
    assert [(row["asked_about"], row["cheaper_below"], row["cheaper_above"]) for row in flips] == [
        ("contract:sure", "out", "in"), ("contract:sure", "in", "out"),
    ]  # fmt: skip
    for row, level in zip(flips, (2.5, 8.0), strict=True):
        low, high = interval(row)
        assert low < level < high
        assert high - low <= 0.02 * 8.5
        assert float(row["estimate"]) == pytest.approx(level, abs=0.02)
    assert (
        "sure (contract:sure): flips; proved cheaper without it from 1 to 2.41667; proved cheaper with it"
        in done.stdout
    )
    assert done.stdout.count("Break-even lies between") == 2


def test_a_decision_counts_as_in_from_the_share_of_its_size_that_was_asked_for(place: Path) -> None:
    words = ("--decisions", "contract:sure", "--counts-from", "0.25", "--steps", "2", "--width", "1")
    assert call("breakeven", "level", *words, "--folder", "a", case="sized").exit_code == 0
    first = table(place / "a" / "breakeven.csv")[0]
    # By hand at L = 1, million USD: 1,000 t at 0.5 and 9,000 t at 1; with it 2,500 t at 2 in place of as many at 1.
    assert float(first["cost_out_musd"]) == pytest.approx(9.5)
    assert float(first["cost_in_musd"]) == pytest.approx(12.0)


@pytest.mark.parametrize(
    ("ends", "answer"), [(("20", "30"), "never in"), (("40", "90"), "always in"), (("20", "90"), "flips")]
)
def test_a_decision_that_never_flips_is_an_answer(place: Path, ends: tuple[str, str], answer: str) -> None:
    words = ("--from", ends[0], "--to", ends[1], "--decisions", LYNAS, "--width", "1")
    done = call("breakeven", "loss", *words, "--folder", "a")
    assert done.exit_code == 0
    (row,) = table(place / "a" / "flips.csv")
    assert row["answer"] == answer
    assert f"{NAME} ({LYNAS}): {answer}; " in done.stdout
    assert (row["flip"] == "") == (answer != "flips")
    assert not (place / "a" / "plans").exists()


def test_without_names_only_decisions_in_which_the_plans_differ_are_asked_about(place: Path) -> None:
    done = call("breakeven", "price", "--folder", "a")
    assert done.exit_code == 0
    assert "The plans that were found make the same decisions at all values" in done.stdout
    assert table(place / "a" / "flips.csv") == []
    assert not (place / "a" / "scan").exists()
    assert not (place / "a" / "figure.json").exists()


def test_wide_gaps_prove_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_gap_of(10.0, monkeypatch)
    done = call("breakeven", "loss", "--folder", "a")
    (row,) = table(place / "a" / "flips.csv")
    assert (row["answer"], row["flip"]) == ("not proved anywhere", "")
    assert f"{NAME} ({LYNAS}): not proved anywhere." in done.stdout
    assert not (place / "a" / "round-1").exists()
    figure = json.loads((place / "a" / "figure.json").read_text(encoding="utf-8"))
    assert all(colour.startswith("rgba") for colour in figure["data"][1]["marker"]["color"])


def test_the_break_even_interval_is_where_the_intervals_overlap(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_gap_of(0.22, monkeypatch)
    done = call("breakeven", "loss", "--width", "0.001", "--folder", "a")
    (row,) = table(place / "a" / "flips.csv")
    low, high = interval(row)
    # By hand: costs differ by 3.8 - 0.11 L from L = 30 on, which is 0.22 at 2 under and 2 over 3.8 / 0.11.
    assert low == pytest.approx(TURNS - 2, abs=0.07)
    assert high == pytest.approx(TURNS + 2, abs=0.07)
    assert low < TURNS - 2 < TURNS + 2 < high
    assert float(row["estimate"]) == pytest.approx(TURNS)
    inside = [each for each in table(place / "a" / "breakeven.csv") if low < float(each["value"]) < high]
    assert {each["cheaper"] for each in inside} == {"not proved"}
    assert f"Not proved at {len(inside)} of " in done.stdout


def test_a_rule_binds_from_where_its_cap_does(place: Path) -> None:
    done = call("breakeven", "demand", "--rule", "cap=10", "--folder", "a", case="capped")
    assert done.exit_code == 0, done.output
    (row,) = table(place / "a" / "flips.csv")
    low, high = interval(row)
    # By hand: up to 80 t all is bought at 10 under the cap too, and each further tonne costs 21 thousand more.
    assert low <= 80.0 <= high
    assert high - low <= 0.02 * 50
    assert (row["answer"], row["cheaper_below"], row["cheaper_above"]) == ("differs in part", "not proved", "out")
    assert row["estimate"] == ""
    last = table(place / "a" / "breakeven.csv")[-1]
    assert float(last["difference_musd"]) == pytest.approx(0.03 * 21)
    assert "cap (cap=10): differs in part; no difference proved from 60 to " in done.stdout
    assert f"proved cheaper at cap=10 from {high:.6g} to 110." in done.stdout


@pytest.mark.parametrize(("ends", "answer"), [(("60", "75"), "not proved anywhere"), (("90", "110"), "always differs")])
def test_a_rule_that_never_or_always_binds_is_an_answer(place: Path, ends: tuple[str, str], answer: str) -> None:
    words = ("--rule", "cap=10", "--steps", "3", "--from", ends[0], "--to", ends[1])
    done = call("breakeven", "demand", *words, "--folder", "a", case="capped")
    (row,) = table(place / "a" / "flips.csv")
    assert row["answer"] == answer
    assert f"cap (cap=10): {answer}; " in done.stdout


@pytest.mark.parametrize(("way", "cheaper"), [("in", "out"), ("out", "in")])
def test_no_plan_at_all_is_dearer_than_any(
    place: Path, monkeypatch: pytest.MonkeyPatch, way: str, cheaper: str
) -> None:
    without_a_plan(monkeypatch, 55.0, way, "infeasible")
    words = ("--steps", "3", "--width", "1", "--decisions", LYNAS)
    done = call("breakeven", "loss", *words, "--folder", "a")
    row = table(place / "a" / "breakeven.csv")[1]
    assert (row["value"], row["cheaper"], row[f"failure_{way}"]) == ("55", cheaper, "no plan exists")
    assert f"{LYNAS} {way}: no plan exists at 55." in done.stdout


def test_a_solve_without_an_answer_proves_nothing_and_is_named(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_a_plan(monkeypatch, 55.0, "in", "no_plan")
    done = call("breakeven", "loss", "--steps", "3", "--width", "1", "--decisions", LYNAS, "--folder", "a")
    assert [row["cheaper"] for row in table(place / "a" / "breakeven.csv")] == ["out", "no answer", "in"]
    (flip,) = table(place / "a" / "flips.csv")
    assert interval(flip) == (20.0, 90.0)
    assert f"{LYNAS} in: no plan found at 55." in done.stdout


def test_a_value_at_which_no_plan_was_found_is_named(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = planning._row
    monkeypatch.setattr(planning, "_row", lambda case, *rest: planning._without_plan("infeasible", "")
                        if case.turned.get("loss") == 90.0 else real(case, *rest))  # fmt: skip
    done = call("breakeven", "loss", "--steps", "3", "--width", "1", "--folder", "a")
    assert "loss=90: no plan exists." in done.stdout
    assert [row["cheaper"] for row in table(place / "a" / "breakeven.csv")] == ["out", "in", "no answer"]


def test_a_case_without_any_plan_says_so_and_asks_about_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "_row", lambda *_: planning._without_plan("infeasible", ""))
    done = call("breakeven", "loss", "--steps", "2", "--folder", "a")
    assert "loss=20: no plan exists." in done.stdout
    assert "the same decisions" not in done.stdout
    assert table(place / "a" / "breakeven.csv") == []


def test_a_run_that_goes_on_ends_with_the_same_bytes(place: Path) -> None:
    assert call("breakeven", "loss", "--folder", "a").exit_code == 0
    before = everything(place / "a")
    assert {"plans/table.csv", "scan/table.csv", "round-1/table.csv", "round-4/table.csv"} <= set(before)
    for gone in ("round-1/manifest.json", "round-1/points/000001.json", "flips.csv", "breakeven.csv", "figure.json"):
        (place / "a" / gone).unlink()
    assert call("breakeven", "loss", "--folder", "a", "--resume").exit_code == 0
    assert everything(place / "a") == before


def test_the_figure_has_the_table_s_numbers_under_titles_with_units(place: Path) -> None:
    assert call("breakeven", "loss", "--folder", "a").exit_code == 0
    figure = json.loads((place / "a" / "figure.json").read_text(encoding="utf-8"))
    rows = table(place / "a" / "breakeven.csv")
    band, points = figure["data"]
    assert points["x"] == pytest.approx([float(row["value"]) for row in rows])
    assert points["y"] == pytest.approx([float(row["difference_musd"]) for row in rows])
    ends = [float(row["difference_low_musd"]) for row in rows] + [
        float(row["difference_high_musd"]) for row in reversed(rows)
    ]
    assert band["y"] == pytest.approx(ends)
    assert figure["layout"]["xaxis"]["title"]["text"] == "loss by shortage, USD/kg"
    assert figure["layout"]["yaxis"]["title"]["text"] == "cost in less out, million USD"
    (shade,) = figure["layout"]["shapes"]
    (flip,) = table(place / "a" / "flips.csv")
    assert (shade["x0"], shade["x1"]) == pytest.approx(interval(flip))


def test_a_bound_that_is_not_known_leaves_a_gap_in_the_band(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = planning._row
    monkeypatch.setattr(planning, "_row", lambda case, *rest: real(case, *rest) | (
        {"bound_musd": None} if case.turned.get("loss") == 55.0 else {}))  # fmt: skip
    words = ("--steps", "5", "--width", "1", "--decisions", LYNAS)
    assert call("breakeven", "loss", *words, "--folder", "a").exit_code == 0
    band, points = json.loads((place / "a" / "figure.json").read_text(encoding="utf-8"))["data"]
    assert band["x"] == [20.0, 37.5, 37.5, 20.0, None, 72.5, 90.0, 90.0, 72.5]
    assert points["x"] == [20.0, 37.5, 55.0, 72.5, 90.0]
    assert [row["cheaper"] for row in table(place / "a" / "breakeven.csv")] == ["out", "in", "not proved", "in", "in"]


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("los",), "LEVER: found the lever 'los', expected a lever of the case. Did you mean loss?"),
        (("loss", "--decisions", "contract:lyna"), "--decisions: found 'contract:lyna', expected a decision of the "
         "case. Did you mean contract:lynas?"),
        (("loss", "--from", "90", "--to", "20"), "--from --to: found 90 to 20, expected values upwards"),
        (("loss", "--from", "x"), "--from: found 'x'"),
        (("loss", "--steps", "1"), "--steps: found '1', expected 2 to 1,000"),
        (("loss", "--width", "0"), "--width: found '0', expected 1e-06 to 1"),
        (("loss", "--counts-from", "0"), "--counts-from: found 0, expected a share above 0"),
        (("loss", "--rule", "price"), "--rule: found 'price', expected LEVER=VALUE"),
        (("loss", "--rule", "pric=3"), "--rule: found the lever 'pric', expected a lever of the case. Did you mean"),
        (("loss", "--rule", "price=x"), "--rule: found 'x'"),
        (("loss", "--rule", "loss=3"), "--rule: found the lever 'loss' that is scanned, expected another lever"),
    ],
)  # fmt: skip
def test_words_that_are_wrong_are_told_before_the_first_solve(place: Path, words: tuple[str, ...], said: str) -> None:
    done = call("breakeven", *words, "--folder", "a")
    assert done.exit_code == 2
    assert said in done.stderr, done.stderr
    assert not (place / "a").exists()


def pair(state: str) -> Pair:
    """Costs that prove a state: with it 10 to 12, without it so that they overlap or do not."""
    without = {IN: 20.0, OUT: 5.0, OPEN: 11.0, NOTHING: None}[state]
    bound = None if without is None else without - 2.0
    with_ = {"status": "optimal", "cost_musd": 12.0, "bound_musd": 10.0}
    return Pair(with_, {"status": "no_plan", "cost_musd": without, "bound_musd": bound})


def course(*states: str, every: bool = False) -> Course:
    """One state at each of 0, 1, 2, …"""
    return Course(every, {float(value): pair(state) for value, state in enumerate(states)})


def test_only_steps_at_the_edge_of_what_is_proved_are_halved_and_only_within_a_bracket() -> None:
    assert course(IN, OPEN, OPEN, OUT, OPEN).between(0.5) == [0.5, 2.5]
    assert course(IN, OPEN, NOTHING, OUT).between(0.5) == [0.5, 2.5]
    assert course(IN, IN, OUT, IN).between(0.5) == [1.5, 2.5]
    assert course(IN, OUT).between(1.0) == []
    assert course(IN, OPEN, IN).between(0.5) == []
    assert course(IN, OPEN, IN, every=True).between(0.5) == [0.5, 1.5]


def test_a_flip_lies_between_the_last_proof_and_the_first_of_the_other_side() -> None:
    # With it 12 at best: less 20 is -8, less 11 is 1, less 5 is 7; from -8 to 1 the line crosses 0 at 8/9.
    assert course(IN, OPEN, OUT, OPEN).flips() == [Flip(IN, OUT, 0.0, 2.0, pytest.approx(8 / 9))]
    assert course(OPEN, NOTHING).flips() == []
    assert course(IN, OPEN, every=True).flips() == [Flip(IN, OPEN, 0.0, 1.0, None)]


def test_what_is_proved_is_told_in_runs_that_end_where_nothing_is_proved() -> None:
    first, second = Stretch(IN, 0.0, 1.0), Stretch(IN, 3.0, 3.0)
    assert course(IN, IN, OPEN, IN, OUT).stretches() == [first, second, Stretch(OUT, 4.0, 4.0)]
    assert course(IN, IN, OPEN, IN, every=True).stretches() == [first, Stretch(OPEN, 2.0, 2.0), second]


def test_six_panels_are_drawn_those_that_flip_first() -> None:
    question: Any = SimpleNamespace(lever=SimpleNamespace(lever="price", name="", unit="1"), unit="")
    still = [Subject(f"project:{number}", f"still {number}", None, course(IN, IN)) for number in range(5)]
    turning = [Subject(f"contract:{number}", f"turning {number}", None, course(IN, OUT)) for number in range(3)]
    figure = breakeven_figure.figure(question, still + turning)
    titles = [note["text"] for note in figure["layout"]["annotations"]]
    assert titles == ["turning 0", "turning 1", "turning 2", "still 0", "still 1", "still 2"]
    assert [shape["xref"] for shape in figure["layout"]["shapes"]] == ["x", "x2", "x3"]
    assert [figure["layout"][f"xaxis{tail}"]["title"]["text"] for tail in ("", "2", "3", "4", "5", "6")] == [
        "", "", "", "price", "price", "price",
    ]  # fmt: skip
    assert "(6 of 8, the rest in the table)" in figure["layout"]["title"]["text"]


@pytest.mark.parametrize(
    ("states", "answer"),
    [
        ((IN, IN), "always in"), ((OUT, OUT), "never in"), ((OPEN, NOTHING), "not proved anywhere"),
        ((IN, OPEN), "in where proved"), ((OUT, NOTHING), "out where proved"), ((IN, OPEN, OUT), "flips"),
    ],
)  # fmt: skip
def test_what_came_of_a_decision_is_told_in_two_or_three_words(states: tuple[str, ...], answer: str) -> None:
    assert answer_of(Subject("project:a", "a", None, course(*states))) == answer


def test_no_plan_on_one_side_of_a_flip_leaves_no_estimate() -> None:
    found = course(IN, OUT)
    found.pairs[1.0] = Pair({"status": "infeasible", "cost_musd": None, "bound_musd": None}, found.pairs[1.0].without)
    assert found.flips() == [Flip(IN, OUT, 0.0, 1.0, None)]
