"""The answers that most readers come for, at the top of the page, each with the section that it is from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .reading import Read
from .sections import change, rules, survival, todo
from .turned import NOTHING, turned
from .words import capital, count, exact, named

MOST_NAMED = 12
ALL = "orefolio report RUN -o PAGE --all"


class Short(NamedTuple):
    """A question in short, its answer, and the name of the section that says more."""

    question: str
    answer: str
    section: str


def brief(read: Read) -> Sequence[Short]:
    """What to do this year, what it costs, what the worst shock does, what rules cost, what matters most."""
    year = str(read.record["case"]["horizon"][0])[:4]
    return [
        Short(f"To do in {year}", _to_do(read, year), todo.SECTION.name),
        Short("What it costs", _cost(read), "cost"),
        Short("The worst shock", survival.worst(read) or "The case has one future alone.", survival.SECTION.name),
        Short("What rules cost", _rules(read), rules.SECTION.name),
        Short("What matters most", _matters(read), change.SECTION.name),
    ]


def _to_do(read: Read, year: str) -> str:
    rows = [row for row in read.rows("portfolio") if row["date"][:4] == year]
    told = [f"{verb} {named(names, MOST_NAMED)}" for kind, verb in todo.DONE.items()
            if (names := list(dict.fromkeys(row["name"] for row in rows if row["kind"] == kind)))]  # fmt: skip
    return ". ".join(map(capital, told)) + "." if told else "Nothing."


def _cost(read: Read) -> str:
    record = read.record
    gap = "how good that is, is not proved"
    if record["abs_gap"] is not None:
        gap = f"no plan is better by more than {exact(record['abs_gap'])} (proved)"
    return (
        f"{exact(record['expected_cost_musd'])} million USD, expected and discounted, over "
        f"{record['case']['horizon'][0][:4]}–{int(record['case']['horizon'][1][:4]) - 1}; {gap}."
    )


def _rules(read: Read) -> str:
    told = rules.costs(read)
    if told is None:
        return f"Not asked yet: “{ALL}” asks it."
    return "; ".join(f"{name}: {cost}" for name, cost in told) + "." if told else "The case has no rule in force."


def _matters(read: Read) -> str:
    found = turned(read)
    if not found:
        return f"Not asked yet: “{ALL}” asks it."
    first, *others = found
    flips = sum(one.flips != NOTHING for one in found)
    next_ = f" Then {named([one.name for one in others[:2]])}." if others else ""
    told = "; ".join(first.told()) or "its ends have no plan"
    return (
        f"{capital(first.name)}, of {count(len(found), 'lever')} turned alone: {told}.{next_} "
        f"{count(flips, 'lever')} {'flips' if flips == 1 else 'flip'} a decision at an end of the range, by "
        "the plans found."
    )
