"""What the desk works out before it is asked: in which order, and that it is what an answer would be."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bare_case import bare_case
from orefolio import api
from orefolio.app.ahead import Ahead, key_of
from orefolio.app.desk import Desk, Question
from orefolio.app.levers import levers_of
from orefolio.app.way import drawn
from sensitivity.hand_case import write

PATIENCE = 60.0  # seconds


def ahead() -> Ahead:
    levers = [
        {"lever": "length", "base": 1.0, "low": 0.0, "high": 2.0, "unit": "months"},
        {"lever": "rule", "base": 1.0, "low": 0.0, "high": 1.0, "unit": "0 or 1"},
    ]
    return Ahead(levers_of(bare_case(levers=levers), {}))


def drained(found: Ahead, mapped: bool = False) -> list[object]:
    """All that it asks for, each done at once. mapped: whether every lever has a map."""
    asked: list[object] = []
    while (task := found.next()) is not None:
        asked.append(task)
        if isinstance(task, str):
            found.mapped[task] = mapped
        else:
            found.done.add(task)
    return asked


@pytest.mark.parametrize(
    ("low", "high", "base", "marks"),
    [
        (20.0, 90.0, 50.0, [20.0 + 5 * n for n in range(15)]),
        (0.0, 36.0, 12.0, [2.0 * n for n in range(19)]),
        (5.0, 12.0, 8.0, [5 + 0.5 * n for n in range(15)]),
        (0.9, 1.08, 1.0, [round(0.9 + 0.01 * n, 2) for n in range(19)]),
        (0.5, 0.5, 0.5, [0.5]),
        (0.0, 9.7, 3.3, [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.3, *(3.5 + 0.5 * n for n in range(13)), 9.7]),
    ],
)
def test_a_slider_rests_on_round_values_on_its_ends_and_where_it_starts(
    low: float, high: float, base: float, marks: list[float]
) -> None:
    levers = [{"lever": "l", "base": base, "low": low, "high": high, "unit": "t"}]
    assert levers_of(bare_case(levers=levers), {}).marks("l") == marks


def test_a_switch_has_two_marks() -> None:
    assert ahead().levers.marks("rule") == [0.0, 1.0]


def test_levers_are_learnt_and_then_done_in_turn_each_a_mark_further_out_with_both_answers_of_a_mark() -> None:
    asked = drained(ahead())
    assert asked[:5] == [
        "length", "rule", key_of("fixed", {}), key_of("replanned", {}), key_of("fixed", {"length": 0.9})
    ]  # fmt: skip
    assert asked[6:8] == [key_of("fixed", {"rule": 0.0}), key_of("replanned", {"rule": 0.0})]
    assert len(asked) == 2 + 2 * (21 + 1)


def test_a_lever_with_a_map_needs_no_marks() -> None:
    assert drained(ahead(), mapped=True) == ["length", "rule"]


def test_the_lever_under_the_hand_comes_first_with_the_others_as_the_page_has_them() -> None:
    found = ahead()
    found.hand, found.at = "rule", {"length": 2.0}
    both = {"length": 2.0, "rule": 0.0}
    assert drained(found)[:4] == [
        key_of("fixed", {"length": 2.0}), key_of("replanned", {"length": 2.0}),
        key_of("fixed", both), key_of("replanned", both),
    ]  # fmt: skip


def test_marks_are_worked_out_before_they_are_asked_and_are_what_an_answer_is(tmp_path: Path) -> None:
    """7.9 + 0.26 x 5 + 0.03 x 20, the price in China turned to 15 and then a hand laid on the loss."""
    study = api.load(write(tmp_path))
    desk = Desk(study, study.solve(abs_gap=0.0, saving=False))
    try:
        desk.ask(Question("page", 1, {"price": 15.0}), "replanned")
        desk.near("loss")
        wanted = [key_of(kind, {"price": 15.0, "loss": 70.0}) for kind in ("fixed", "replanned")]
        until = time.monotonic() + PATIENCE
        while not desk._ahead.done.issuperset(wanted) and time.monotonic() < until:
            time.sleep(0.02)
        assert [desk._answers[key]["cost_musd"] for key in wanted] == pytest.approx([9.8, 9.8])
    finally:
        desk.close()


def test_the_way_of_a_plan_is_that_of_its_flows(tmp_path: Path) -> None:
    """In 2027 China sells 80 t in the year; from 2028 on in three futures of four."""
    outcome = api.load(write(tmp_path)).solve(abs_gap=0.0, saving=False).outcome
    assert outcome is not None
    found = drawn(outcome)
    assert found is not None
    (trace,) = found["data"]
    names = [text.replace("<br>", " ") for text in trace["node"]["label"]]  # lines are wrapped
    china = trace["link"]["source"].index(names.index("Bought in China"))
    years = {
        each["label"]: each["args"][0]["link.value"][0][china] for each in found["layout"]["updatemenus"][0]["buttons"]
    }
    assert years == pytest.approx({"2027–2030": 65.0, "2027": 80.0, "2028": 60.0, "2029": 60.0, "2030": 60.0})
    assert trace["link"]["label"][china] == "free"
