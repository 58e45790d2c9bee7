"""Questions of pages, answered one at a time by a thread that keeps the program warm; a newer one ends an older one."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from orefolio.collector import collector_at_rest
from orefolio.errors import OrefolioError
from orefolio.solve import Solution
from orefolio.tables.outcome import Outcome

from .ahead import KINDS, Ahead, Key, Kind, key_of
from .answer import Answer, answer, changes, without_plan
from .levers import levers_of

if TYPE_CHECKING:
    from orefolio.analyses.warm import Warm
    from orefolio.api import Run, Study

MOST_KEPT = 500  # answers
SUPERSEDED: Answer = {"status": "superseded"}


@dataclass(frozen=True)
class Question:
    """What a page wants to know. number: of the page's questions, the newest counts."""

    page: str
    number: int
    levers: Mapping[str, float]

    def key(self, kind: Kind) -> Key:
        """Under which its answer is kept."""
        return key_of(kind, self.levers)


class Desk:
    """A run's case kept warm, the answers that were given, and the questions that wait. Raises what `Study.warm` does.

    Between questions it learns how the program moves with each main lever, and works out the marks of those without a
    map, the lever that a hand is on first. case: what a page shows before it asks.
    """

    def __init__(self, study: Study, run: Run) -> None:
        assert run.outcome is not None
        self.levers = levers_of(study.case, study.levers)
        self.base = answer(run.outcome)
        self.case = {
            "title": study.case.title, "grid": run.record["grid"], "levers": self.levers.rows(), "base": self.base,
        }  # fmt: skip
        self.warm: Warm = study.warm(run)
        self.doing = ""
        as_it_stands = {**self.base, "decisions": changes(self.base, self.base)}
        self._answers: dict[Key, Answer] = {(kind, ()): as_it_stands for kind in KINDS}
        self._questions: dict[str, Question] = {}
        self._current = ""
        self._at_work: Key | None = None
        self._ahead = Ahead(self.levers)
        self._ahead.done.update(self._answers)
        self._closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def ask(self, question: Question, kind: Kind) -> Answer:
        """Wait for an answer; `superseded` where the page asks something newer meanwhile, or the desk closes."""
        key = question.key(kind)
        with self._changed:
            if self._newest(question.page) < question.number:
                self._questions[question.page] = question
                self._ahead.at = question.levers
                first = next((wanted for each in KINDS if (wanted := question.key(each)) not in self._answers), None)
                if self._current in (question.page, "") and (first is None or self._at_work != first):
                    self.warm.stop.set()
                self._changed.notify_all()
            self._changed.wait_for(
                lambda: key in self._answers or self._closed or self._newest(question.page) > question.number
            )
            return self._answers.get(key, SUPERSEDED)

    def near(self, lever: str) -> None:
        """Work ahead for this lever first: a hand is on its slider."""
        with self._changed:
            self._ahead.hand = lever
            self._changed.notify_all()

    def close(self) -> None:
        """End the thread, and the solve that it may be in."""
        with self._changed:
            self._closed = True
            self.warm.stop.set()
            self._changed.notify_all()
        self._thread.join()

    def _newest(self, page: str) -> int:
        return self._questions[page].number if page in self._questions else -1

    def _next(self) -> tuple[Question, Kind] | None:
        """The first question without an answer, each page's plan as it stands before any plan made anew."""
        waiting = ((q, kind) for kind in KINDS for q in self._questions.values() if q.key(kind) not in self._answers)
        return next(waiting, None)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(
                    lambda: self._closed or self._next() is not None or self._ahead.next() is not None
                )
                if self._closed:
                    return
                found = self._next()
                task = found[0].key(found[1]) if found else self._ahead.next()
                self.warm.stop.clear()
                self._current = found[0].page if found else ""
                self._at_work = None if isinstance(task, str) else task
            if isinstance(task, str):
                self._learn(task)
            elif task is not None:
                self._keep(task, self._answers.get(task) or self._answer(*task, told=found is not None))

    def _keep(self, key: Key, made: Answer) -> None:
        """Keep an answer, unless the solve was ended for a newer question."""
        with self._changed:
            self.doing = ""
            self._at_work = None
            if not self.warm.stop.is_set():
                self._ahead.done.add(key)
                self._answers[key] = made
                while len(self._answers) > MOST_KEPT + len(KINDS):
                    del self._answers[next(key for key in self._answers if key[1])]
            self._changed.notify_all()

    def _learn(self, lever: str) -> None:
        try:
            with collector_at_rest():
                mapped = self.warm.learn(lever)
        except OrefolioError:
            mapped = False  # told when the lever is turned
        with self._changed:
            if not self.warm.stop.is_set():
                self._ahead.mapped[lever] = mapped

    def _answer(self, kind: Kind, turned: tuple[tuple[str, float], ...], told: bool) -> Answer:
        """told: whether a page waits, so that it is said what is being done."""
        levers = dict(turned)
        if told:
            self.doing = "choosing again within the plan as it stands" if kind == "fixed" else "planning anew"
        try:
            with collector_at_rest():
                solution = self.warm.fixed(levers) if kind == "fixed" else self.warm.replanned(levers)
                found = self._told(levers, solution)
                left_out = self.warm.left_out(levers) if kind == "fixed" else None
                return found if left_out is None else {**found, "left_out": left_out}
        except OrefolioError as error:
            return {"status": "refused", "words": str(error)}

    def _told(self, levers: Mapping[str, float], solution: Solution) -> Answer:
        if not solution.has_plan:
            return without_plan(solution)
        outcome = Outcome(self.warm.merged_at(levers), solution, self.warm.options)
        found = answer(outcome)
        return {**found, "decisions": changes(self.base, found)}


def opened(study: Study, run: Run) -> Run:
    """A run that was read, with its plan laid out again. Raises InputError where it is of another case."""
    from orefolio.errors import Fault, InputError
    from orefolio.program.build import build
    from orefolio.solve import fixed
    from orefolio.tables.folder import RunFolder, plan_values
    from orefolio.tables.folder.case_files import case_hash

    assert run.folder is not None
    if case_hash(study.case) != run.record["case"]["hash"]:
        raise InputError([Fault(str(run.folder), "a run of another case", f"one of {study.case.name} as it stands")])
    futures = [entry["future"] for entry in run.record["futures"]]
    merged = build(study.case, str(run.record["grid"]), futures)
    solution = fixed(merged.program, plan_values(merged.program, RunFolder(run.folder).plan()))
    if not solution.has_plan:
        raise InputError([Fault(str(run.folder), "a plan that does not fit", "the plan of a run")])
    known = replace(solution, bound=run.bound)
    return replace(run, outcome=Outcome(merged, known))
