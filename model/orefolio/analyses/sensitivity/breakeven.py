"""The value of a lever at which a decision flips: where the plan with it and the plan without it cost the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from typing import Any

from orefolio.analyses.sweep.analysis import Analysis, Answer, Argument, Asked, Option, Table
from orefolio.analyses.sweep.point import Point
from orefolio.analyses.sweep.run import Swept
from orefolio.case.cells import CellError, plain_number
from orefolio.errors import Fault, InputError, nearest
from orefolio.program.build import build

from ..questions.answered import refuse_menu
from ..questions.decisions import decided, decisions
from . import breakeven_figure
from .flips import IN, OPEN, OUT, PROVED, Course, Flip, Pair
from .intervals import finite, state_of
from .levers import at, even, known, moved, standing
from .plans import names_of
from .words import named, real, whole

MOST_STEPS = 1000
LEAST_WIDTH = 1e-6  # share of the range
SIDES = ("in", "out")


@dataclass(frozen=True)
class Subject:
    """What is asked about. word: as it is typed; title: as people say it; rule: the lever's other value, if it is one.

    course: what was found.
    """

    word: str
    title: str
    rule: tuple[str, float] | None = None
    course: Course = field(default_factory=Course)

    @property
    def known(self) -> bool:
        """Whether at any value both sides have a plan, so that there is a difference to draw."""
        return any(pair.difference is not None for pair in self.course.pairs.values())

    @property
    def name(self) -> str:
        """Its title with its word."""
        return self.title if self.title == self.word else f"{self.title} ({self.word})"


@dataclass(frozen=True)
class Breakeven:
    """The question. lever: its row; stands: where levers stand; share: of its size from which a decision is made."""

    asked: Asked
    lever: Any
    stands: Mapping[str, float]
    share: float

    @property
    def unit(self) -> str:
        """After a value of the lever, with a space; blank for a plain number."""
        return f" {self.lever.unit}" if self.lever.unit not in ("", "1") else ""

    def at(self, value: float, *further: tuple[str, float]) -> Point:
        """The point at a value of the lever, with further levers."""
        return at(self.asked.point, moved({self.lever.lever: value, **dict(further)}, self.stands))

    def points(self, subject: Subject, value: float) -> tuple[Point, Point]:
        """With what is asked about, and without it."""
        if subject.rule is not None:
            return self.at(value), self.at(value, subject.rule)
        forced = (("forced", subject.word, "in", self.share), ("forced", subject.word, "out"))
        with_, without = (replace(self.at(value), questions=(question,)) for question in forced)
        return with_, without

    def sweep(self, wanted: Sequence[tuple[Subject, float]], part: str) -> Swept:
        """Plan both points of subjects at values, and keep what was found."""
        points = [point for subject, value in wanted for point in self.points(subject, value)]
        turned = [self.lever.lever, *dict.fromkeys(subject.rule[0] for subject, _ in wanted if subject.rule)]
        swept = self.asked.sweep(points, turned, part)
        rows = list(swept.rows())
        for (subject, value), with_, without in zip(wanted, rows[::2], rows[1::2], strict=True):
            subject.course.pairs[value] = Pair(with_, without)
        return swept


def _run(asked: Asked) -> Answer:
    steps = whole(asked, "steps", 2, MOST_STEPS)
    width = real(asked, "width", LEAST_WIDTH, 1)
    share = real(asked, "counts_from", 0, 1)
    if share == 0:
        raise InputError([Fault("--counts-from", str(asked.words["counts_from"]), "a share above 0")])
    (lever,) = known(asked, [str(asked.words["lever"])], "LEVER")
    low, high = _ends(asked, lever)
    question = Breakeven(asked, lever, standing(asked), share)
    rule = _rule(asked, lever)
    asked_for, notes = _named(asked), list[str]()
    if asked_for or not rule:
        refuse_menu(asked.case_at(asked.point))
    values = even(low, high, steps)
    if not asked_for and not rule:
        swept = asked.sweep([question.at(value) for value in values], [lever.lever], "plans")
        asked_for, notes = _differing(question, values, swept)
    names = names_of(asked.case)
    subjects = [Subject(word, names.get(word.replace(":", " ", 1), word)) for word in asked_for] + rule
    wanted, rounds = [(subject, value) for subject in subjects for value in values], 0
    while wanted:
        swept = question.sweep(wanted, f"round-{rounds}" if rounds else "scan")
        wanted = [(each, value) for each in subjects for value in each.course.between(width * (high - low))]
        rounds += 1
    return _answer(question, subjects, notes, swept)


def _ends(asked: Asked, lever: Any) -> tuple[float, float]:
    """The first and the last value of the scan. Raises InputError."""
    infinite = float("inf")
    low, high = (
        real(asked, name, -infinite, infinite) if asked.words[name] is not None else float(getattr(lever, end))
        for name, end in (("from", "low"), ("to", "high"))
    )
    if low >= high:
        raise InputError([Fault("--from --to", f"{low:g} to {high:g}", "values upwards", remedy="Exchange them")])
    return low, high


def _rule(asked: Asked, lever: Any) -> list[Subject]:
    """The rule of `--rule`; empty without one. Raises InputError."""
    text = asked.words["rule"]
    if text is None:
        return []
    name, sign, value = (part.strip() for part in text.partition("="))
    if not sign:
        raise InputError([Fault("--rule", repr(text), "LEVER=VALUE")])
    (row,) = known(asked, [name], "--rule")
    if name == lever.lever:
        raise InputError([Fault("--rule", f"the lever {name!r} that is scanned", "another lever")])
    try:
        other = plain_number(value)
    except CellError as error:
        raise InputError([Fault("--rule", error.found, error.expected, remedy=error.remedy)]) from None
    return [Subject(f"{name}={value}", row.name or name, (name, other), Course(every=True))]


def _named(asked: Asked) -> list[str]:
    """The decisions that were named. Raises InputError for one that the case does not have where it stands."""
    words = [text.strip() for text in (asked.words["decisions"] or "").split(",") if text.strip()]
    if not words:
        return []
    open_ = decisions(build(asked.case_at(asked.point), asked.point.grid, asked.point.futures))
    known_ = "They are KIND:ID of projects, contracts, tranches and programmes that are open"
    faults = [
        Fault("--decisions", repr(word), "a decision of the case", remedy=nearest(word, open_) or known_)
        for word in words
        if word not in open_
    ]
    if faults:
        raise InputError(faults)
    return list(dict.fromkeys(words))


def _differing(question: Breakeven, values: Sequence[float], swept: Swept) -> tuple[list[str], list[str]]:
    """Decisions that are in some of the plans found and not in others; and sentences on where and what was found."""
    rows = list(zip(values, swept.rows(), strict=True))
    plans = [decided(row) for _, row in rows if not state_of(row)]
    differing = frozenset[str]().union(*plans) - frozenset.intersection(*plans) if plans else frozenset[str]()
    notes = [f"{question.lever.lever}={value:.6g}: {state}." for value, row in rows if (state := state_of(row))]
    if plans and not differing:
        notes.insert(0, "The plans that were found make the same decisions at all values; --decisions asks about any.")
    return sorted(differing), notes


def answer_of(subject: Subject) -> str:
    """What came of a subject, in two or three words."""
    states = [pair.state for pair in subject.course.pairs.values()]
    proved = {state for state in states if state in PROVED}
    if not proved:
        return "not proved anywhere"
    if subject.rule is not None:
        return "always differs" if all(state in PROVED for state in states) else "differs in part"
    if len(proved) > 1:
        return "flips"
    if len(set(states)) == 1:
        return "always in" if proved == {IN} else "never in"
    return "in where proved" if proved == {IN} else "out where proved"


def _answer(question: Breakeven, subjects: Sequence[Subject], notes: Sequence[str], swept: Swept) -> Answer:
    tables = {"breakeven": _values(question, subjects), "flips": _flips(question, subjects)}
    sentences = [_sentence(question, subject) for subject in subjects]
    if subjects:
        sentences.append("Proved is what holds at the values that were solved; between two of them nothing was asked.")
    shown = []
    for subject in subjects:
        for flip in _told_of(subject):
            ends = (None,) * 3 if flip is None else (flip.low, flip.high, flip.estimate)
            shown.append((subject.name, answer_of(subject), *("" if end is None else f"{end:.6g}" for end in ends)))
    return Answer(
        swept,
        ("asked about", "answer", "from", "to", "best estimate"),
        shown,
        {name: [dict(zip(table.headings, row, strict=True)) for row in table.rows] for name, table in tables.items()},
        [*sentences, *notes, *(text for subject in subjects for text in _missing(subject))],
        tables,
        breakeven_figure.figure(question, drawn) if (drawn := [each for each in subjects if each.known]) else None,
    )


def _told_of(subject: Subject) -> Sequence[Flip | None]:
    """Its flips, or None alone where it has none."""
    return subject.course.flips() or (None,)


def _values(question: Breakeven, subjects: Sequence[Subject]) -> Table:
    """A row for each value of each subject."""
    rows = []
    for subject in subjects:
        for value in subject.course.values:
            pair = subject.course.pairs[value]
            costs = [cell for cost in pair.costs
                     for cell in ((None, None) if cost is None else (cost.best, finite(cost.low)))]  # fmt: skip
            gap = pair.difference
            three = (None, None, None) if gap is None else (gap.best, finite(gap.low), finite(gap.high))
            rows.append((subject.word, question.lever.lever, question.lever.unit, value, *costs, *three, pair.state,
                         state_of(pair.with_), state_of(pair.without)))  # fmt: skip
    headings = ("asked_about", "lever", "unit", "value", "cost_in_musd", "bound_in_musd", "cost_out_musd",
                "bound_out_musd", "difference_musd", "difference_low_musd", "difference_high_musd", "cheaper",
                "failure_in", "failure_out")  # fmt: skip
    return Table(headings, rows)


def _flips(question: Breakeven, subjects: Sequence[Subject]) -> Table:
    """A row for each flip, and one for a subject without any."""
    rows = []
    for subject in subjects:
        for place, flip in enumerate(_told_of(subject), 1):
            cells = (None,) * 6 if flip is None else (place, *astuple(flip))
            rows.append((subject.word, subject.title, question.lever.lever, question.lever.unit, answer_of(subject),
                         *cells))  # fmt: skip
    headings = ("asked_about", "name", "lever", "unit", "answer", "flip", "cheaper_below", "cheaper_above", "from",
                "to", "estimate")  # fmt: skip
    return Table(headings, rows)


def _sentence(question: Breakeven, subject: Subject) -> str:
    """What is proved of a subject, where it flips, and at how many values nothing is proved."""
    course, unit = subject.course, question.unit
    words = {IN: "proved cheaper with it", OUT: "proved cheaper without it"}
    if subject.rule is not None:
        words = {IN: "proved cheaper as it stands", OUT: f"proved cheaper at {subject.word}",
                 OPEN: "no difference proved"}  # fmt: skip
    said = [f"{words.get(each.state, each.state)} {_span(each.first, each.last)}{unit}" for each in course.stretches()]
    text = f"{subject.name}: {'; '.join([answer_of(subject), *said])}."
    for flip in course.flips():
        near = "" if flip.estimate is None else f", by a straight line at {flip.estimate:.6g}"
        what = "Break-even lies" if subject.rule is None else "That turns"
        text += f" {what} between {flip.low:.6g} and {flip.high:.6g}{unit}{near}."
    unproved = [f"{value:.6g}" for value in course.unproved()]
    if unproved and subject.rule is None:
        text += f" Not proved at {len(unproved)} of {len(course.pairs)} values: {named(unproved)}."
    return text


def _span(first: float, last: float) -> str:
    return f"at {first:.6g}" if first == last else f"from {first:.6g} to {last:.6g}"


def _missing(subject: Subject) -> list[str]:
    """A sentence for each way in which points of a subject have no plan."""
    found: dict[tuple[str, str], list[str]] = {}
    for value in subject.course.values:
        pair = subject.course.pairs[value]
        for side, row in zip(SIDES, (pair.with_, pair.without), strict=True):
            if state := state_of(row):
                found.setdefault((side, state), []).append(f"{value:.6g}")
    return [f"{subject.word} {side}: {state} at {named(values)}." for (side, state), values in found.items()]


ANALYSIS = Analysis(
    _run,
    (Argument("lever", "LEVER"),),
    (
        Option("decisions", "KIND:ID,…", "Ask about these decisions. Without it, and without --rule, about all that "
               "are in some of the plans found along the lever and not in others."),
        Option("rule", "LEVER=VALUE", "Ask where the case with this lever so is proved to cost other than as it is."),
        Option("steps", "N", "Values of the scan, equally spaced.", "7"),
        Option("from", "VALUE", "First value; without it the lever's low end."),
        Option("to", "VALUE", "Last value; without it the lever's high end."),
        Option("width", "SHARE", "Share of the range down to which a flip is bracketed.", "0.02"),
        Option("counts_from", "SHARE", "Share of its greatest size from which a decision counts as in.", "0.05"),
    ),
)  # fmt: skip
