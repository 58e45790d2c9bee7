"""Questions put to a program: what a pencil says of limits, least shares, forced decisions and distances."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from orefolio.analyses.questions import QUESTIONS, turned_by
from orefolio.analyses.questions.answered import Answered, answered
from orefolio.analyses.questions.decisions import decided, decisions
from orefolio.analyses.questions.held import told as told_of
from orefolio.analyses.questions.measures import MEASURES
from orefolio.analyses.sweep.figures import PASSED, figures
from orefolio.analyses.sweep.planning import Planner, setup_of
from orefolio.analyses.sweep.point import Point
from orefolio.case.adjust import Adjustment
from orefolio.case.case import Case
from orefolio.case.read import load_case
from orefolio.errors import InputError
from orefolio.program.alone import of_future
from orefolio.program.build import build
from orefolio.program.merge import Merged
from orefolio.solve import Options
from orefolio.tables.folder.record import Circumstances
from pencil import case_of, event, future, must, offtake, process, spot, tables, wanted
from questions.choosing import choice
from test_api import with_levers, written
from test_tables import case_of as case_of_tables
from test_tables import hand_tables

EXACT = Options(abs_gap=0.0)
JAPAN = Path(__file__).parents[2] / "inputs" / "japan"
ELEMENTS = tables(
    elements=[{"element": "Nd"}],
    content=[{"commodity": name, "element": "Nd", "share": 1.0} for name in ("oxide", "other")],
)


def ask(merged: Merged, *questions: tuple[Any, ...]) -> Answered:
    return answered(merged, questions, EXACT, threading.Event())


def told(case: Case, merged: Merged, answer: Answered) -> dict[str, Any]:
    """The figures of a plan, which the audit has agreed with."""
    made, audit = figures(case, merged, answer.solution, EXACT, Circumstances(case.grid))
    assert audit == PASSED
    return made


@pytest.fixture(scope="module")
def hand() -> tuple[Case, Merged]:
    case = case_of_tables(hand_tables())
    return case, build(case)


@pytest.fixture(scope="module")
def choosing() -> tuple[Case, Merged]:
    case = choice()
    return case, build(case)


@pytest.mark.parametrize("share", [0.6, 130 / 370, 0.2, 0.0])
def test_a_limit_on_the_chinese_share_costs_what_the_pencil_says(hand: tuple[Case, Merged], share: float) -> None:
    # 3.25 calm years are expected, and 0.75 of the cut, of 60 t from Lynas: 260 t of 370 t come from China. A tonne
    # from Lynas in its place costs 20 USD/kg more, up to 60 t a year: 130 t. From there a tonne goes short, at 40 more.
    case, merged = hand
    china = 370 * share if share >= 130 / 370 else 240 * share / (1 - share)
    cost = 7.9 + 0.02 * (260 - china) if china >= 130 else 10.5 + 0.04 * (130 - china)
    answer = ask(merged, ("most", "china_direct", share))
    assert answer.solution.objective == pytest.approx(cost)
    assert answer.solution.bound == pytest.approx(cost)
    assert told(case, merged, answer)["china_share"] == pytest.approx(share, abs=1e-9)


def test_the_least_share_is_found_where_it_is_not_that_of_the_least_amount() -> None:
    # 40 t have to come from China, whatever comes of the other good, of which up to 100 t are taken: 40 of 200 t.
    # It costs 40 x 10 + 60 x 30 + 100 x 20 = 4,200 thousand USD; the least cost is 100 x 10 and 100 t short at 5.
    case = case_of(
        must("d", "oxide", 100.0), spot("china", "oxide", 10.0, country="CN"), wanted("o", "other", 100.0, 5.0),
        spot("lynas", "oxide", 30.0, 60.0, country="AU"), spot("au", "other", 20.0, country="AU"), ELEMENTS,
    )  # fmt: skip
    merged = build(case)
    assert ask(merged).solution.objective == pytest.approx(1.5)
    answer = ask(merged, ("least", "china_direct", 0.001))
    assert answer.value == pytest.approx(0.2)
    assert answer.bound is not None
    assert 0.2 * 0.999 <= answer.bound <= 0.2 + 1e-9
    assert answer.solution.objective == pytest.approx(4.2, rel=1e-5)
    assert told(case, merged, answer)["china_share"] == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("word", "least", "cost"),
    [
        # Without a signature nothing is prepaid; then 20 t a year go short, 100 t in a year of the cut.
        ("public_musd", 0.0, 9.6),
        # 40 t go short in each of three years of the cut, whatever is bought: 120 t at 50 USD/kg, one time in four.
        ("short_t", 30.0, 7.9),
        ("short_musd", 1.5, 7.9),
        # The cut is the worst tenth: 13.3 as in tests/test_tables.py, and nothing makes it cheaper.
        ("tail_musd", 13.3, 7.9),
    ],
)
def test_a_least_measure_is_held_while_cost_is_least(
    hand: tuple[Case, Merged], word: str, least: float, cost: float
) -> None:
    case, merged = hand
    answer = ask(merged, ("least", word, 1e-6))
    assert answer.value == pytest.approx(least, abs=1e-6)
    assert answer.bound == pytest.approx(least, abs=1e-4)
    assert answer.solution.objective == pytest.approx(cost, rel=1e-5)
    made = told(case, merged, answer)
    assert made[MEASURES[word].figure] == pytest.approx(least, rel=1e-5, abs=1e-6)


def test_a_limit_under_the_least_of_a_measure_leaves_no_plan(hand: tuple[Case, Merged]) -> None:
    assert ask(hand[1], ("most", "tail_musd", 13.2)).solution.status == "infeasible"
    assert ask(hand[1], ("most", "short_t", 29.9)).solution.status == "infeasible"


@pytest.mark.verifies("property")
def test_measures_of_a_real_plan_are_the_figures_of_its_tables() -> None:
    case = load_case(JAPAN)
    merged = build(case, "yearly", ["S00", "S03"])
    plan = answered(merged, (), Options(gap=0.05), threading.Event()).solution
    made, audit = figures(case, merged, plan, Options(gap=0.05), Circumstances("yearly"))
    assert audit == PASSED
    for word in ("china_direct", "short_t", "short_musd", "residue_t", "public_musd"):
        stated = MEASURES[word].state(turned_by(merged, ()))
        value = stated.amount @ plan.values / (1.0 if stated.of is None else stated.of @ plan.values)
        assert value == pytest.approx(made[MEASURES[word].figure]), word
        assert value > 0, word


def test_residue_is_what_processes_leave_over_the_horizon() -> None:
    # 10 t of metal take 10 t of ore; a clean way leaves 0.5 t/t and costs 3, a dirty one leaves 2 t/t and costs 1.
    residues = tables(
        residue_kinds=[{"residue": "tailings", "treatment_usd_per_t": 0.0}],
        residues=[{"process": "clean", "residue": "tailings", "t_per_t": 0.5},
                  {"process": "dirty", "residue": "tailings", "t_per_t": 2.0}],
    )  # fmt: skip
    ways = [process(name, {"ore": 1.0}, {"metal": 1.0}, capacity=10.0, cost=cost)
            for name, cost in (("clean", 3.0), ("dirty", 1.0))]  # fmt: skip
    case = case_of(must("d", "metal", 10.0), spot("ore", "ore", 1.0), *ways, residues)
    merged = build(case)
    assert told(case, merged, ask(merged))["residue_t"] == pytest.approx(20.0)
    # At most 12.5 t: half by each way, 10 + 5 x 3 + 5 x 1 thousand USD.
    half = ask(merged, ("most", "residue_t", 12.5))
    assert half.solution.objective == pytest.approx(0.030)
    assert told(case, merged, half)["residue_t"] == pytest.approx(12.5)


@pytest.mark.parametrize(
    ("questions", "cost", "contracts"),
    [
        ((), 1.055, "abe"),
        ((("forced", "contract:d", "in", 0.01),), 1.550, "ade"),
        ((("forced", "contract:a", "out"),), 1.065, "bce"),
        ((("apart", 2, 0.01, ["contract:a", "contract:b", "contract:e"]),), 1.060, "ace"),
        ((("apart", 4, 0.01, ["contract:a", "contract:b", "contract:e"]),), 1.560, "cde"),
        ((("forced", "contract:a", "out"), ("forced", "contract:b", "out")), 1.560, "cde"),
    ],
)
def test_decisions_are_forced_and_plans_kept_apart(
    choosing: tuple[Case, Merged], questions: tuple[Any, ...], cost: float, contracts: str
) -> None:
    case, merged = choosing
    answer = ask(merged, *questions)
    assert answer.solution.objective == pytest.approx(cost)
    assert answer.solution.bound == pytest.approx(cost)
    assert decided(told(case, merged, answer)) == {f"contract:{name}" for name in contracts}


def test_a_signature_without_a_volume_is_no_other_decision(choosing: tuple[Case, Merged]) -> None:
    # d is signed with 0.5 t at least, 1 % of its greatest volume, so that its least volume makes it 50 t.
    # e has no least volume: without the rule on sizes it could be signed for nothing and count as another decision.
    _, merged = choosing
    plan = ["contract:a", "contract:b"]
    answer = ask(merged, ("within", 6.5), ("towards", "farthest", 0.5, plan))
    # From a and b without e: c, d and e differ, and a and b are gone; e counts from 5 t.
    assert answer.value == pytest.approx(5.0)
    dear = ask(merged, ("forced", "contract:e", "out"), ("towards", "farthest", 0.5, plan))
    assert dear.value == pytest.approx(4.0)


def test_levels_range_as_far_as_the_cost_allows(choosing: tuple[Case, Merged]) -> None:
    # 10.55 thousand USD over the least cost buy 10.55 / 495 t of the good at the dear price instead of from e.
    case, merged = choosing
    answer = ask(merged, ("within", 1.06555), ("towards", "least", "contract:e", 1e-6))
    assert answer.value == pytest.approx(10 - 10.55 / 495)
    assert answer.bound == pytest.approx(10 - 10.55 / 495, rel=1e-5)
    assert answer.solution.objective == pytest.approx(1.06555)
    assert (answer.solution.bound, answer.solution.duals.size) == (float("-inf"), 0)
    assert told(case, merged, answer)["contracts"] == 3
    most = ask(merged, ("within", 1.06555), ("towards", "greatest", "contract:c", 1e-6))
    assert most.value == pytest.approx(50.0)


def test_a_level_is_expected_over_the_futures(hand: tuple[Case, Merged]) -> None:
    # 60 t a year are signed on the first day, in every future.
    answer = ask(hand[1], ("towards", "greatest", "contract:lynas", 1e-6))
    assert answer.value == pytest.approx(60.0)


def test_a_relaxation_has_a_bound_and_no_plan(choosing: tuple[Case, Merged]) -> None:
    answer = ask(choosing[1], ("forced", "contract:d", "in", 0.01), ("relaxed",))
    assert answer.relaxed
    assert not answer.solution.has_plan
    # Relaxed, 50 t of d are bought at 20 all the same: one signature is one, and brings its least volume.
    assert answer.solution.bound == pytest.approx(1.550)
    level = ask(choosing[1], ("within", 1.06555), ("towards", "greatest", "contract:a", 0.0), ("relaxed",))
    assert level.bound == pytest.approx(50.0)


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize(
    ("question", "said"),
    [
        (("mots", "short_t", 1), "Did you mean most"),
        (("most", "china_dirct", 1), "Did you mean china_direct"),
        (("forced", "contract:f", "out"), "expected a decision of the case"),
        (("forced", "contract:a", "on"), "expected KIND:ID out, or KIND:ID in SHARE"),
        (("towards", "up", "contract:a"), "expected least or greatest"),
        (("planned_for", "onyl"), "Did you mean only"),
        (("wait", -1), "expected years, 0 or more"),
        (("wait", "long"), "expected years, 0 or more"),
    ],
)
def test_wrong_words_are_told(choosing: tuple[Case, Merged], question: tuple[Any, ...], said: str) -> None:
    with pytest.raises(InputError, match=said):
        turned_by(choosing[1], [question])
    assert question[0] == "mots" or question[0] in QUESTIONS


def test_a_contract_is_another_decision_only_where_it_delivers_its_share() -> None:
    """f is free to sign and asks 1,000 USD/kg. It differs from a b e from a fifth of its 50 t on: 10 t, for 10 million
    USD beside a and b, which are paid for in any case. Would fail if signing counted, which costs nothing."""
    merged = build(choice(offtake("f", "oxide", 1000.0, 50.0, years=(2027, 2027))))
    held: list[tuple[Any, ...]] = [("forced", f"contract:{name}", "in", 1.0) for name in "abe"]
    held += [("forced", f"contract:{name}", "out") for name in "cd"]
    plan = ["contract:a", "contract:b", "contract:e"]
    assert ask(merged, *held).solution.objective == pytest.approx(1.055)
    assert ask(merged, ("apart", 1, 0.2, plan), *held).solution.objective == pytest.approx(11.055)


def test_a_contract_that_can_never_deliver_is_no_other_decision() -> None:
    case = choice(offtake("f", "oxide", 1.0, 50.0, years=(2027, 2027)))
    closed = [replace(row, availability_share=0.0) if row.supplier == "f" else row for row in case.rows("suppliers")]
    merged = build(replace(case, tables={**case.tables, "suppliers": tuple(closed)}))
    held: list[tuple[Any, ...]] = [("forced", f"contract:{name}", "in", 1.0) for name in "abef"]
    held += [("forced", f"contract:{name}", "out") for name in "cd"]
    plan = ["contract:a", "contract:b", "contract:e"]
    assert ask(merged, *held).solution.objective == pytest.approx(1.055)
    assert ask(merged, ("apart", 1, 0.2, plan), *held).solution.status == "infeasible"


def test_open_decisions_are_named_by_kind_and_id(choosing: tuple[Case, Merged]) -> None:
    assert list(decisions(choosing[1])) == [f"contract:{name}" for name in "abcde"]


def test_a_point_takes_questions_as_json_has_them(tmp_path: Path) -> None:
    case = load_case(written(tmp_path / "case", with_levers()))
    point = Point(
        options={"abs_gap": 0.0}, questions=(("most", "china_direct", 0.2), ("forced", "contract:lynas", "out"))
    )
    assert point.plain()["questions"] == [["most", "china_direct", 0.2], ["forced", "contract:lynas", "out"]]
    assert point.key() != Point(options={"abs_gap": 0.0}).key()
    row = Planner(setup_of(case, (), [point]))(point.plain())
    # China alone supplies, so that its share is at most a fifth only where nothing is bought: 100 t at 50, four years.
    assert (row["status"], row["audit"]) == ("optimal", "passed")
    assert row["cost_musd"] == pytest.approx(20.0)


def test_a_point_takes_adjustments_on_top_of_levers(tmp_path: Path) -> None:
    case = load_case(written(tmp_path / "case", with_levers()))
    dear = Adjustment("loss_steps", "demand=motors", "loss_usd_per_kg", "multiply", 0.5, "a test")
    point = Point({"loss": 70.0}, options={"abs_gap": 0.0}, adjustments=(dear,))
    (plain,) = point.plain()["adjustments"]
    assert plain == {
        "table": "loss_steps", "where": "demand=motors", "column": "loss_usd_per_kg", "operation": "multiply",
        "value": 0.5, "because": "a test",
    }  # fmt: skip
    assert point.key() != replace(point, adjustments=()).key()
    plan = Planner(setup_of(case, (), [point]))
    # 35 USD/kg short, as above; half of the lever's 70.
    assert plan(point.plain())["cost_musd"] == pytest.approx(7.45)
    for wrong, said in (
        (replace(dear, where="demand=motor"), "demand=motor, which no row has"),
        (replace(dear, value=-1.0), "makes loss_usd_per_kg -70"),
    ):
        with pytest.raises(InputError, match=said):
            plan(replace(point, adjustments=(wrong,)).plain())


def test_the_audit_agrees_with_a_plan_that_a_limit_ended(tmp_path: Path) -> None:
    case = load_case(written(tmp_path / "case", with_levers()))
    point = Point(options={"abs_gap": 0.0, "node_limit": 0}, questions=(("most", "china_direct", 0.3),))
    row = Planner(setup_of(case, (), [point]))(point.plain())
    assert row["audit"] == "passed"
    assert (row["status"] == "feasible") == row["note"].startswith("a limit came before the proof")


def test_a_plan_for_one_future_is_held_where_others_share_its_nodes() -> None:
    # At 35 USD/kg short the calm future alone signs nothing, 4 x 1.5; the cut alone signs, and so does the plan for
    # both: 0.75 x 6.1 + 0.25 x 11.5 = 7.45 million USD, and without the contract 0.75 x 6 + 0.25 x 12 = 7.5.
    rows = hand_tables()
    rows["loss_steps"][0]["loss_usd_per_kg"] = 35.0
    merged = build(case_of_tables(rows))
    costs = {name: ask(merged, ("planned_for", name)).solution.objective for name in ("calm", "cut")}
    assert costs == pytest.approx({"calm": 7.5, "cut": 7.45})
    alone = {flat.path.future: of_future(merged, number) for number, flat in enumerate(merged.flats)}
    assert {name: ask(one).solution.objective for name, one in alone.items()} == pytest.approx(
        {"calm": 6.0, "cut": 11.5}
    )


def test_what_a_future_commits_to_alone_is_paid_in_the_others_too() -> None:
    # 10 t in 2028 with a chance of one half: at 15 USD/kg on the spot, or by a deal at 10 that has to be paid for in
    # either future. Who knows that they are wanted signs: 100 thousand USD, in both futures; the plan for both is 75.
    deal = offtake("deal", "oxide", 10.0, 10.0, years=(2028, 2028), volume_min_t_per_year=10.0, take_or_pay_share=1.0)
    case = case_of(
        must("d", "oxide", 0.0), spot("spot", "oxide", 15.0), deal, future("calm", 0.5),
        event("boom", "demands", "demand=d", "t_per_year", "set", 10.0),
        future("boom", 0.5, {"boom": "2028-01-01"}, onset="2028-01-01"), years=2,
    )  # fmt: skip
    merged = build(case)
    assert ask(merged).solution.objective == pytest.approx(0.075)
    held = ask(merged, ("planned_for", "boom"))
    assert held.solution.objective == pytest.approx(0.100)
    assert told(case, merged, held)["commitments"] == "contract deal 2028-01 10 t/year"


def test_a_future_without_a_plan_of_its_own_leaves_none_to_hold() -> None:
    case = case_of(
        must("d", "oxide", 10.0), spot("s", "oxide", 1.0, 20.0), future("calm", 0.5),
        event("boom", "demands", "demand=d", "t_per_year", "set", 30.0),
        future("boom", 0.5, {"boom": "2027-01-01"}, onset="2027-01-01"),
    )  # fmt: skip
    answer = ask(build(case), ("planned_for", "boom"))
    assert (answer.solution.status, answer.solution.has_plan) == ("infeasible", False)
    assert answer.solution.bound == float("-inf")


def test_what_is_told_of_a_plan_holds_it_in_another_case(hand: tuple[Case, Merged]) -> None:
    # The contract of the case, 60 t a year at 30 USD/kg, where a shortage costs 20: calm 4 x (0.8 + 20 x 0.02), cut
    # 1.2 + 3 x 100 x 0.02, expected 5.4. Nothing is bought from it, and it is signed all the same, for 0.5.
    held = json.loads(json.dumps(told_of(hand[1], ask(hand[1]).solution.values)))
    assert held == [2, [["sign", ["lynas"], 0, 1.0], ["volume", ["lynas"], 0, pytest.approx(60.0)]]]
    rows = hand_tables()
    rows["loss_steps"][0]["loss_usd_per_kg"] = 20.0
    merged = build(case_of_tables(rows))
    assert ask(merged).solution.objective == pytest.approx(5.4)
    assert ask(merged, ("as_committed", *held)).solution.objective == pytest.approx(5.9)
    assert ask(merged, ("as_committed", held[0], [])).solution.objective == pytest.approx(5.4)
    one = build(hand[0], futures=["calm"])
    assert told_of(one, ask(one).solution.values)[0] == len(one.flats[0].path.periods)


def test_waiting_leaves_what_may_be_committed_to_later() -> None:
    # The contract can be signed in 2027 alone: 7.45 with it and 7.5 without, as above. A deal at 10 USD/kg that is open
    # until 2028 saves 30 x 10 thousand USD in each of three years, or in two where it has to wait.
    rows = hand_tables()
    rows["loss_steps"][0]["loss_usd_per_kg"] = 35.0
    merged = build(case_of_tables(rows))
    costs = [ask(merged, ("wait", years)).solution.objective for years in (0, 0.5, 1)]
    assert costs == pytest.approx([7.45, 7.5, 7.5])
    deal = offtake("deal", "oxide", 10.0, 10.0, years=(2027, 2028))
    later = build(case_of(must("d", "oxide", 10.0), spot("s", "oxide", 40.0), deal, years=3))
    costs = [ask(later, ("wait", years)).solution.objective for years in (0, 1, 2)]
    assert costs == pytest.approx([0.300, 0.600, 1.200])
