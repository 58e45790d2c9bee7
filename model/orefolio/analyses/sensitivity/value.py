"""What knowing the future, planning for all of them, each rule, each source of supply and acting now are worth.

Each worth is a difference between the cost of the plan and that of a case in which one thing is otherwise. It lies
in an interval that follows from what is proved of both costs. Knowing is worth what the plan costs more than the mean
of the plans for each future alone; planning for all saves what it costs to hold the first decisions of a plan for one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from orefolio.case.adjust import Adjustment
from orefolio.case.case import Case
from orefolio.errors import Fault, InputError, nearest
from orefolio.program.build import build

from ..questions.answered import refuse_menu
from ..questions.decisions import decisions
from ..sweep.analysis import Analysis, Answer, Asked, Option, Table
from ..sweep.point import Point
from . import value_figure
from .futures import known_futures, refuse_other_objectives, weights_of
from .intervals import Interval, cost_of, finite, state_of, words
from .levers import short
from .planned import MOST_NAMES
from .plans import changes, held_in, names_of
from .words import real, whole

INFORMATION, SOLUTION, RULES, SYSTEMS, WAITING = KINDS = ("information", "solution", "rules", "systems", "waiting")
MOST_BARS, MOST_YEARS = 10_000, 100
NAME, PLAN = 60, 70  # letters on the screen
SAID = 3  # of a kind, in sentences


@dataclass(frozen=True)
class Part:
    """What is planned to value a thing: a point, and its probability among the parts. futures: None for all."""

    name: str
    probability: float
    point: Point

    @property
    def futures(self) -> tuple[str, ...] | None:
        """Those that it is planned for."""
        return self.point.futures


@dataclass(frozen=True)
class Thing:
    """What is valued. how: what is otherwise. saves: its worth is what the plan costs more than the parts do."""

    kind: str
    what: str
    how: str
    parts: tuple[Part, ...]
    saves: bool = False


@dataclass(frozen=True)
class Valued:
    """Things, and the rows of their points by key; base: the row of the plan."""

    things: Sequence[Thing]
    base: Mapping[str, Any]
    rows: Mapping[str, Mapping[str, Any]]
    names: Mapping[str, str]

    def row(self, part: Part) -> Mapping[str, Any]:
        """What was found of a part."""
        return self.rows[part.point.key()]

    def worth(self, thing: Thing) -> Interval | None:
        """Million USD; None where the plan or a part has no cost."""
        base, costs = cost_of([self.base]), [cost_of([self.row(part)]) for part in thing.parts]
        known = [(part.probability, cost) for part, cost in zip(thing.parts, costs, strict=True) if cost is not None]
        if base is None or len(known) < len(costs):
            return None
        mean = Interval(
            *(sum(chance * getattr(cost, name) for chance, cost in known) for name in ("low", "best", "high"))
        )
        return base.less(mean) if thing.saves else mean.less(base)

    def state(self, thing: Thing) -> str:
        """Which parts have no plan; blank where all have one."""
        found = [(part.name, state_of(self.row(part))) for part in thing.parts]
        return "; ".join(f"{name}: {state}" if name else state for name, state in found if state)

    def otherwise(self, part: Part) -> str:
        """What the plan of a part does otherwise than the plan for all, in words."""
        if state_of(self.base) or state_of(self.row(part)):
            return ""
        before, after = self.base["commitments"], self.row(part)["commitments"]
        if part.futures is None:
            return changes(before, after).words(self.names, MOST_NAMES) or "as the plan"
        found = replace(changes(held_in(before, part.futures), held_in(after, part.futures)), resized=(), elsewhere=())
        return found.words(self.names, MOST_NAMES) or "as the plan"

    def plan(self, thing: Thing) -> str:
        """The same of all parts of a thing; where they are many, how many of them plan otherwise."""
        said = [(part.name, self.otherwise(part)) for part in thing.parts]
        if len(said) > 2:
            other = sum(text not in ("", "as the plan") for _, text in said)
            return f"another plan in {other} of {len(said)} futures"
        return " | ".join(f"{name}: {text}" if name else text for name, text in said if text)


def _run(asked: Asked) -> Answer:
    kinds, bars = _kinds(asked), whole(asked, "bars", 1, MOST_BARS)
    years = real(asked, "years", 0, MOST_YEARS)
    case = asked.case_at(asked.point)
    things = list(_things(asked, case, kinds, years))
    if any(part.point.questions for thing in things for part in thing.parts):
        refuse_menu(case)
    points = {point.key(): point for point in (asked.point, *(p.point for thing in things for p in thing.parts))}
    swept = asked.sweep(list(points.values()), ())
    rows = dict(zip(points, swept.rows(), strict=True))
    valued = Valued(things, rows[asked.point.key()], rows, names_of(case))
    ranked = _ranked(valued)
    tables = {"value": _table(valued, ranked), "parts": _parts(valued)}
    return Answer(
        swept,
        ("kind", "what", "worth, million USD", "what the plan then does"),
        [
            (thing.kind, short(thing.what, NAME), _told(valued, thing), short(valued.plan(thing), PLAN))
            for thing in ranked
        ],
        {name: [dict(zip(table.headings, row, strict=True)) for row in table.rows] for name, table in tables.items()},
        _sentences(valued, ranked, case, kinds),
        tables,
        value_figure.figure([(thing.kind, thing.what, valued.worth(thing)) for thing in ranked], bars),
    )


def _kinds(asked: Asked) -> list[str]:
    """The parts that are asked for. Raises InputError."""
    named = [text.strip() for text in str(asked.words["parts"]).split(",") if text.strip()]
    wrong = [
        Fault("--parts", repr(name), "a part", remedy=nearest(name, KINDS) or f"It is one of {', '.join(KINDS)}")
        for name in named
        if name not in KINDS
    ]
    if wrong or not named:
        raise InputError(wrong or [Fault("--parts", "nothing", f"some of {', '.join(KINDS)}")])
    return [kind for kind in KINDS if kind in named]


def _things(asked: Asked, case: Case, kinds: Sequence[str], years: float) -> Iterator[Thing]:
    """What is valued, kind by kind. Raises InputError for a case or a future that does not allow it."""
    if INFORMATION in kinds or SOLUTION in kinds:
        remedy = f"Set it so in an overlay, or ask for --parts {','.join((RULES, SYSTEMS, WAITING))}"
        refuse_other_objectives(case, remedy)
    for_one = known_futures(asked, case, "planned_for") if SOLUTION in kinds else ()
    several = len(weights_of(case)) > 1
    if INFORMATION in kinds and several:
        yield from _information(asked.point, case)
    for name in for_one if several else ():
        how = f"what the plan for {name} alone commits to where others share its nodes is held"
        held = _asking(asked.point, ("planned_for", name))
        yield _one(SOLUTION, f"planning for all futures, not {name} alone", how, held)
    if RULES in kinds:
        yield from _rules(asked.point, case)
    if SYSTEMS in kinds:
        yield from _systems(asked.point, case)
    if WAITING in kinds:
        length = f"{years:g} year{'s' * (years != 1)}"
        how = f"nothing is committed to for {length}"
        yield _one(WAITING, f"not waiting {length}", how, _asking(asked.point, ("wait", years)))


def _asking(point: Point, *questions: tuple[Any, ...]) -> Point:
    return replace(point, questions=(*point.questions, *questions))


def _one(kind: str, what: str, how: str, point: Point, saves: bool = False) -> Thing:
    return Thing(kind, what, how, (Part("", 1.0, point),), saves)


def _information(point: Point, case: Case) -> Iterator[Thing]:
    """Knowing which future comes; then, for each event that tells some futures from others, whether it comes."""
    weights = weights_of(case)

    def part(name: str, futures: Sequence[str]) -> Part:
        return Part(name, sum(weights[each] for each in futures), replace(point, futures=tuple(futures)))

    alone = tuple(part(name, [name]) for name in weights)
    yield Thing(INFORMATION, "knowing which future comes", "each future is planned for by itself", alone, saves=True)
    for event in dict.fromkeys(row.event for row in case.rows("future_events")):
        struck = {row.future for row in case.rows("future_events") if row.event == event}
        with_, without = [name for name in weights if name in struck], [name for name in weights if name not in struck]
        if with_ and without:
            parts = (part(f"with {event}", with_), part(f"without {event}", without))
            how = f"planned for {' '.join(with_)}, and apart from that for {' '.join(without)}"
            yield Thing(INFORMATION, f"knowing whether {event} comes", how, parts, saves=True)


def _rules(point: Point, case: Case) -> Iterator[Thing]:
    for row in case.rows("rules"):
        if row.enabled:
            off = Adjustment("rules", f"rule={row.rule}", "enabled", "set", 0.0, "the rule is off")
            changed = replace(point, adjustments=(*point.adjustments, off))
            yield _one(RULES, f"taking off {row.name or row.rule}", f"rule {row.rule}: enabled 0", changed, saves=True)


def _systems(point: Point, case: Case) -> Iterator[Thing]:
    """Suppliers, programmes, and groups of projects, each without what may be committed to of it."""
    for row in case.rows("suppliers"):
        gone = Adjustment("suppliers", f"supplier={row.supplier}", "availability_share", "set", 0.0, "it is removed")
        changed = replace(point, adjustments=(*point.adjustments, gone))
        how = f"supplier {row.supplier}: availability_share 0{_brought_back(case, row)}"
        yield _one(SYSTEMS, row.name or row.supplier, how, changed)
    grouped: dict[str, list[str]] = {f"group {row.group}": [] for row in case.rows("groups")}
    names = {f"group {row.group}": row.name or row.group for row in case.rows("groups")}
    for row in case.rows("group_members"):
        grouped[f"group {row.group}"].append(f"project:{row.project}")
    for row in case.rows("programmes"):
        grouped.setdefault(f"programme {row.programme}", []).append(f"programme:{row.programme}/{row.level}")
    open_ = decisions(build(case, point.grid, point.futures)) if grouped else {}
    for name, members in grouped.items():
        there = list(dict.fromkeys(member for member in members if member in open_))
        if there:
            out = _asking(point, *(("forced", member, "out") for member in there))
            yield _one(SYSTEMS, names.get(name, name), f"{name}: never {', '.join(there)}", out)


def _brought_back(case: Case, supplier: Any) -> str:
    """A warning where an event gives a removed supplier something to sell."""
    back = [
        row.event
        for row in case.rows("events")
        if (row.table, row.column) == ("suppliers", "availability_share")
        and row.operation != "multiply"
        and row.value > 0
        and supplier.supplier in case.selected("suppliers", row.where)
    ]
    return f", but {', '.join(dict.fromkeys(back))} brings it back" if back else ""


def _ranked(valued: Valued) -> list[Thing]:
    """The most worth first; what has no worth last, in the order of the case."""
    worths = [(thing, valued.worth(thing)) for thing in valued.things]
    with_ = sorted(((thing, worth) for thing, worth in worths if worth is not None), key=lambda pair: -pair[1].best)
    return [thing for thing, _ in with_] + [thing for thing, worth in worths if worth is None]


def _told(valued: Valued, thing: Thing) -> str:
    worth = valued.worth(thing)
    return words(worth) if worth is not None else valued.state(thing) or "the plan has no cost"


def _table(valued: Valued, ranked: Sequence[Thing]) -> Table:
    rows = []
    for thing in ranked:
        worth = valued.worth(thing)
        known = (None, None, None, "") if worth is None else (
            worth.best, finite(worth.low), finite(worth.high), "yes" if worth.proved else "no")  # fmt: skip
        rows.append((thing.kind, thing.what, *known, thing.how, valued.state(thing), valued.plan(thing)))
    headings = ("kind", "what", "worth_musd", "worth_low_musd", "worth_high_musd", "proved", "how", "failure", "plan")
    return Table(headings, rows)


def _parts(valued: Valued) -> Table:
    """Every part with its cost and bound, in the order in which they were asked."""
    rows = [
        (thing.kind, thing.what, part.name, part.probability, row["cost_musd"], row["bound_musd"], state_of(row),
         valued.otherwise(part))
        for thing in valued.things
        for part in thing.parts
        for row in (valued.row(part),)
    ]  # fmt: skip
    headings = ("kind", "what", "part", "probability", "cost_musd", "bound_musd", "failure", "plan_against_all")
    return Table(headings, rows)


def _sentences(valued: Valued, ranked: Sequence[Thing], case: Case, kinds: Sequence[str]) -> list[str]:
    cost = cost_of([valued.base])
    if cost is None:
        return [f"The case has no plan to hold anything against: {state_of(valued.base)}."]
    low = f"{cost.low:,.6g}" if finite(cost.low) is not None else "an unknown bound"
    said = [f"The plan for all futures costs {low} to {cost.high:,.6g} million USD."]
    opening = {
        INFORMATION: "What it is worth to know from the first day",
        SOLUTION: "What planning for all futures saves",
        RULES: "What each rule costs",
        SYSTEMS: "What each source of supply saves",
        WAITING: "What acting now saves",
    }
    for kind in kinds:
        own = [thing for thing in ranked if thing.kind == kind and valued.worth(thing) is not None]
        listed = "; ".join(f"{thing.what} {_told(valued, thing)}" for thing in own[:SAID])
        proved = sum(worth.proved for thing in own if (worth := valued.worth(thing)) is not None)
        more = f" ({proved} of {len(own)} proved to differ from 0)" if len(own) > 1 else ""
        said.append(f"{opening[kind]}: {listed or 'nothing to value'}{more}.")
    if INFORMATION in kinds or SOLUTION in kinds:
        said += ["The case has one future: nothing is to be known."] if len(case.rows("futures")) < 2 else []
    return said + [f"{thing.what}: {state}." for thing in ranked if (state := valued.state(thing))]


ANALYSIS = Analysis(
    _run,
    options=(
        Option("parts", "A,B,…", f"Value these: {', '.join(KINDS)}.", ",".join(KINDS)),
        Option("planned_for", "A,B,…", "Futures to plan for alone; without it the trunk's own continuation."),
        Option("years", "N", "How long nothing is committed to, where waiting is valued.", "1"),
        Option("bars", "N", "Things of each kind in the figure, those most worth first.", "10"),
    ),
)
