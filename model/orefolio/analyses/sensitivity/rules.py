"""Sweep the levers that the case's own questions name: what each costs, where the plan changes, and if it is proved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from orefolio.analyses.sweep.analysis import Analysis, Answer, Asked, Option, Table
from orefolio.errors import Fault, InputError, nearest

from . import rules_figure
from .intervals import Interval, words
from .levers import Place, even, moved, short, standing
from .planned import BASE, FIGURES, Planned
from .words import whole

MOST_STEPS = 1000
WIDE = 90  # letters of a plan's changes on the screen
OFF = "off"


@dataclass(frozen=True)
class Step:
    """A value of a sweep in words, and its place."""

    text: str
    value: float | None
    place: Place


@dataclass(frozen=True)
class Course:
    """A sweep of the case: its row, its lever, and its steps in order, that at base among them; off comes last."""

    row: Any
    lever: Any
    steps: tuple[Step, ...]

    @property
    def name(self) -> str:
        """As people say it."""
        return str(self.row.name or self.lever.name or self.row.lever)


def _run(asked: Asked) -> Answer:
    steps = whole(asked, "steps", 2, MOST_STEPS) if asked.words["steps"] else None
    courses = [_course(asked, row, steps) for row in _rows(asked)]
    planned = Planned(asked, list(dict.fromkeys(_levers(courses))))
    swept = planned.sweep([BASE, *(step.place for course in courses for step in course.steps)])
    table = _table(planned, courses)
    return Answer(
        swept,
        ("sweep", "value", "cost against base, million USD", "plan against the value before"),
        [
            (course.name, step.text, planned.told(step.place), short(changed, WIDE))
            for course in courses
            for step, changed in zip(course.steps, _turns(planned, course), strict=True)
        ],
        {"rules": [dict(zip(table.headings, row, strict=True)) for row in table.rows]},
        [" ".join(_sentences(planned, course)) for course in courses] + planned.missing(),
        {"rules": table},
        rules_figure.figure(planned, courses),
    )


def _rows(asked: Asked) -> list[Any]:
    """The sweeps that are asked for. Raises InputError."""
    rows = asked.case.rows("sweeps")
    if not rows:
        raise InputError([Fault("sweeps.csv", "no row", "at least one sweep", remedy="orefolio schema sweeps")])
    ids = {row.sweep: row for row in rows}
    named = [text.strip() for text in (asked.words["only"] or "").split(",") if text.strip()]
    faults = [
        Fault(
            "--only",
            f"the sweep {name!r}",
            "a sweep of the case",
            remedy=nearest(name, ids) or f"It has {', '.join(ids)}",
        )
        for name in named
        if name not in ids
    ]
    if faults:
        raise InputError(faults)
    return [row for row in rows if not named or row.sweep in named]


def _levers(courses: Sequence[Course]) -> list[str]:
    return [name for course in courses for name in (course.row.lever, course.row.off_lever) if name]


def _course(asked: Asked, row: Any, steps: int | None) -> Course:
    stands = standing(asked)
    lever = asked.case.row("levers", row.lever)
    values = {*even(row.from_value, row.to_value, steps or row.steps), stands[row.lever]}
    found = [
        Step(f"{value:.6g}", value, moved({row.lever: value}, stands))
        for value in sorted(values, reverse=row.to_value < row.from_value)
    ]
    if row.off_lever:
        found.append(Step(OFF, None, moved({row.off_lever: row.off_value}, stands)))
    return Course(row, lever, tuple(found))


def _turns(planned: Planned, course: Course) -> list[str]:
    """What the plan at each step does otherwise than at the step before; blank at the first, and where nothing."""
    found = [""]
    for one, other in pairwise(step.place for step in course.steps):
        said = planned.changed(other, one)
        found.append("" if said == "as before" else said)
    return found


def _moves(planned: Planned, course: Course) -> list[Interval | None]:
    """What each step costs more than the step before; None at the first, and where one has no plan."""
    return [None, *(planned.difference(other, one) for one, other in pairwise(s.place for s in course.steps))]


def _table(planned: Planned, courses: Sequence[Course]) -> Table:
    rows = []
    for course in courses:
        turns = zip(_turns(planned, course), _moves(planned, course), strict=True)
        for step, (turn, move) in zip(course.steps, turns, strict=True):
            row = planned.row(step.place)
            rows.append((course.row.sweep, course.row.lever, course.lever.unit, step.text,
                         "yes" if step.place == BASE else "no", *planned.figures(step.place), row["china_share"],
                         row["commitments_digest"], planned.state(step.place),
                         "" if move is None else "yes" if move.proved else "no", turn))  # fmt: skip
    headings = ("sweep", "lever", "unit", "value", "base", *FIGURES, "china_share", "commitments_digest", "failure",
                "cost_step_proved", "plan_against_step_before")  # fmt: skip
    return Table(headings, rows)


def _sentences(planned: Planned, course: Course) -> list[str]:
    """What a sweep says: its question, the difference between its ends, and where the plan changes."""
    sentences = [f"{course.name} ({course.row.lever}). {course.row.asks}".strip()]
    kept = [step for step in course.steps if not planned.state(step.place)]
    if len(kept) < 2:
        return [*sentences, "Fewer than two of its values have a plan."]
    first, last = kept[0], kept[-1]
    whole = planned.difference(last.place, first.place)
    if whole is not None:
        sentences.append(f"From {first.text} to {last.text} cost changes by {words(whole)}.")
    steps = [
        f"{one.text} to {other.text} by {words(move)}"
        for (one, other), move in zip(pairwise(course.steps), _moves(planned, course)[1:], strict=True)
        if move is not None and move.proved
    ]
    sentences.append(f"Steps in which it is proved to change: {'; '.join(steps) or 'none'}.")
    turns = [
        f"from {one.text} to {other.text} ({turn})"
        for (one, other), turn in zip(pairwise(course.steps), _turns(planned, course)[1:], strict=True)
        if turn and not planned.state(one.place) and not planned.state(other.place)
    ]
    if not turns:
        return [*sentences, "The plan that was found is the same throughout."]
    found = f"The plan that was found changes {'; '.join(turns)}."
    return [*sentences, found, "That is not proved: within the gap of a value another plan may be as good."]


ANALYSIS = Analysis(
    _run,
    options=(
        Option("only", "A,B,…", "These sweeps of the case only."),
        Option("steps", "N", "Values from first to last; without it as many as the case says."),
    ),
)
