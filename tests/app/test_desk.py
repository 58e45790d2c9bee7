"""Questions to the desk: which levers stand first, what is refused, what a newer question does to an older one."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bare_case import bare_case
from orefolio import api
from orefolio.app.answer import changes, without_plan
from orefolio.app.desk import Desk, Question, opened
from orefolio.app.levers import MOST_MAIN, levers_of
from orefolio.errors import InputError
from orefolio.solve import Solution
from sensitivity.hand_case import write

DECISION = {"kind": "project", "id": "a", "name": "A", "date": "2027-01", "branch": "every future", "size": 10.0}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> api.Study:
    return api.load(write(tmp_path_factory.mktemp("desk")))


@pytest.fixture(scope="module")
def run(study: api.Study, tmp_path_factory: pytest.TempPathFactory) -> api.Run:
    return study.solve(abs_gap=0.0, saving=False, out=tmp_path_factory.mktemp("results"))


@pytest.fixture
def desk(study: api.Study, run: api.Run) -> Iterator[Desk]:
    desk = Desk(study, run)
    yield desk
    desk.close()


def test_levers_of_sweeps_stand_first_then_those_of_the_case_in_their_order() -> None:
    levers = [{"lever": f"l{number}", "low": 0.0, "high": 2.0} for number in range(15)]
    sweeps = [{"sweep": "s", "lever": "l14"}, {"sweep": "t", "lever": "l3"}, {"sweep": "u", "lever": "l14"}]
    found = levers_of(bare_case(levers=levers, sweeps=sweeps), {"l2": 3.0})
    assert found.main() == ["l14", "l3", "l0", "l1", "l2", *(f"l{n}" for n in range(4, 11))]
    assert [row["main"] for row in found.rows()] == [True] * MOST_MAIN + [False] * 3
    assert next((row["start"], row["high"]) for row in found.rows() if row["lever"] == "l2") == (3.0, 3.0)


@pytest.mark.parametrize("asked", [{"los": 1.0}, {"loss": 19.0}, {"loss": "50"}, {"loss": True}, {"loss": None}])
def test_a_lever_that_there_is_not_or_a_value_beyond_its_range_is_refused(asked: dict[str, object], desk: Desk) -> None:
    with pytest.raises(InputError):
        desk.levers.turned(asked)


def test_a_lever_at_its_start_is_not_turned(desk: Desk) -> None:
    assert desk.levers.turned({"price": 10.0, "loss": 60}) == {"loss": 60.0}


def test_answers_cost_what_the_pencil_says(desk: Desk) -> None:
    """At a loss of 30: without the contract 2.6 + 4.2, with it unused for 30 USD/kg the prepayment of 0.5 more."""
    question = Question("page", 1, {"loss": 30.0})
    kept, again = desk.ask(question, "fixed"), desk.ask(question, "replanned")
    assert (kept["cost_musd"], again["cost_musd"]) == pytest.approx((7.3, 6.8))
    assert again["gap_musd"] == pytest.approx(0.0, abs=1e-6)
    assert sum(row["probability"] * row["cost_musd"] for row in again["futures"][:2]) == pytest.approx(6.8)
    assert [row["change"] for row in again["decisions"]] == ["dropped"]
    assert {row["country"] for row in again["origins"]} == {"CN"}


def test_a_newer_question_of_a_page_ends_its_older_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The older solve ends by `stop` alone; another page's question does not end it."""
    begun = threading.Event()
    plain = desk.warm.replanned

    def endless(levers: Mapping[str, float]) -> Solution:
        if levers != {"loss": 40.0}:
            return plain(levers)
        begun.set()
        assert desk.warm.stop.wait(60)
        return Solution("interrupted")

    monkeypatch.setattr(desk.warm, "replanned", endless)
    older: list[object] = []
    waiting = threading.Thread(
        target=lambda: older.append(desk.ask(Question("page", 1, {"loss": 40.0}), "replanned")["status"])
    )
    waiting.start()
    assert begun.wait(60)
    elsewhere = threading.Thread(target=desk.ask, args=(Question("other", 1, {"loss": 70.0}), "fixed"))
    elsewhere.start()
    elsewhere.join(0.3)
    assert not desk.warm.stop.is_set()
    newer = desk.ask(Question("page", 2, {"loss": 60.0}), "replanned")
    waiting.join(60)
    elsewhere.join(60)
    assert older == ["superseded"]
    assert newer["cost_musd"] == pytest.approx(8.2)


def test_an_older_question_that_comes_late_is_superseded(desk: Desk) -> None:
    desk.ask(Question("page", 5, {"loss": 60.0}), "fixed")
    assert desk.ask(Question("page", 4, {"loss": 61.0}), "fixed")["status"] == "superseded"


def test_the_lever_that_a_hand_is_on_is_learnt_next(desk: Desk) -> None:
    desk.near("price")
    assert desk.ask(Question("page", 1, {"price": 15.0}), "fixed")["cost_musd"] == pytest.approx(9.2)
    desk.near("no lever")
    assert desk.ask(Question("page", 2, {}), "fixed")["cost_musd"] == pytest.approx(7.9)


def test_what_the_case_refuses_is_told_in_words(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: object) -> Solution:
        raise InputError([])

    monkeypatch.setattr(desk.warm, "fixed", refused)
    assert desk.ask(Question("page", 1, {"loss": 77.0}), "fixed")["status"] == "refused"
    monkeypatch.setattr(desk.warm, "fixed", lambda _: Solution("infeasible"))
    assert "contradict" in desk.ask(Question("page", 2, {"loss": 78.0}), "fixed")["words"]
    assert "No plan was found" in without_plan(Solution("no_plan"))["words"]


def test_decisions_without_a_place_are_counted_with_the_plan_as_it_stands_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "left_out" not in desk.ask(Question("page", 1, {"loss": 61.5}), "fixed")
    monkeypatch.setattr(desk.warm, "left_out", lambda _: 2)
    question = Question("page", 2, {"loss": 62.5})
    assert desk.ask(question, "fixed")["left_out"] == 2
    assert "left_out" not in desk.ask(question, "replanned")


def test_changes_tell_what_is_new_dropped_moved_or_as_before() -> None:
    base = {"decisions": [{**DECISION, "unit": "t/year"}, {**DECISION, "unit": "t/year", "id": "b"}]}
    moved = {**DECISION, "unit": "t/year", "date": "2028-01", "size": 20.0}
    told = changes(base, {"decisions": [moved, {**DECISION, "unit": "t/year", "id": "c"}]})
    assert {row["id"]: row["change"] for row in told} == {
        "a": "was 2027-01, was 10 t/year", "b": "dropped", "c": "new"
    }  # fmt: skip
    assert {row["change"] for row in changes(base, base)} == {"as before"}


def test_a_run_that_was_written_is_laid_out_again(study: api.Study, run: api.Run) -> None:
    assert run.folder is not None
    again = opened(study, api.open_run(run.folder))
    assert again.outcome is not None
    assert again.outcome.solution.objective == pytest.approx(7.9)
    assert again.outcome.solution.bound == pytest.approx(7.9)
    with pytest.raises(InputError, match="a run of another case"):
        opened(study.what_if(loss=60.0), api.open_run(run.folder))


def test_the_case_in_the_run_folder_serves_as_well(run: api.Run) -> None:
    assert isinstance(run.folder, Path)
    again = opened(api.load(run.folder / "case"), api.open_run(run.folder))
    assert again.outcome is not None
    assert again.outcome.expected_cost == pytest.approx(7.9)
