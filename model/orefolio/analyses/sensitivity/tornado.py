"""Turn each lever to its low and its high end: which of them move cost and plan, and how far that is proved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from orefolio.analyses.sweep.analysis import Analysis, Answer, Asked, Option, Table

from . import tornado_figure
from .intervals import Interval, finite, words
from .levers import Place, even, known, moved, short, standing
from .planned import BASE, FIGURES, Planned
from .words import real, whole

MOST_LEVERS, MOST_STEPS = 10_000, 1000
ENDS = ("low", "high")
SAID = 3  # of the widest levers, in sentences where none were proved in a second part
NAME, PLAN = 60, 50  # letters of a lever's name and of a plan's changes on the screen


@dataclass(frozen=True)
class Bar:
    """A lever, where it stands, and the places of its low and its high end."""

    lever: Any
    base: float
    low: Place
    high: Place

    def end(self, end: str) -> tuple[float, Place]:
        """Value and place of an end."""
        return (float(self.lever.low), self.low) if end == "low" else (float(self.lever.high), self.high)


@dataclass(frozen=True)
class Jump:
    """A step of a lever. share: what its cost per unit is of the lever's mean; None where there is no cost."""

    lever: Any
    start: float
    stop: float
    difference: Interval | None
    share: Interval | None
    cost_jumps: bool
    plan: str


def _run(asked: Asked) -> Answer:
    prove, steps = whole(asked, "prove", 0, MOST_LEVERS), whole(asked, "steps", 2, MOST_STEPS)
    gap, jump = real(asked, "prove_gap", 0, float("inf")), real(asked, "jump", 1, float("inf"))
    proof = {"abs_gap": gap, "gap": None, "time_limit": real(asked, "prove_seconds", 0, float("inf"))}
    shown, prove_band = whole(asked, "bars", 1, MOST_LEVERS), whole(asked, "prove_band", 0, MOST_LEVERS)
    named = asked.words["levers"]
    every = [row.lever for row in asked.case.rows("levers")]
    rows = known(asked, (text.strip() for text in named.split(",")) if named else every, "--levers")
    stands = standing(asked)
    bars = [
        Bar(row, stands[row.lever], *(moved({row.lever: float(getattr(row, end))}, stands) for end in ENDS))
        for row in rows
    ]
    planned = Planned(asked, [row.lever for row in rows])
    swept = planned.sweep([BASE, *(place for bar in bars for place in (bar.low, bar.high))], node_limit=0)
    top = _ranked(planned, bars)[:prove]
    if top:
        ends = [place for bar in top for place in (bar.low, bar.high) if not planned.state(place)]
        planned.sweep([BASE], "proved-base", abs_gap=gap, gap=None)
        swept = planned.sweep(ends, "proved", **proof) if ends else swept
    values = {bar.lever.lever: even(float(bar.lever.low), float(bar.lever.high), steps) for bar in top}
    inner = [[moved({name: value}, stands) for value in held[1:-1]] for name, held in values.items()]
    for part, held, options in (
        ("band", inner[prove_band:], {"node_limit": 0}),
        ("band-proved", inner[:prove_band], proof),
    ):
        between = [place for places in held for place in places if place != BASE]
        if between:
            swept = planned.sweep(between, part, **options)
    ranked = _ranked(planned, bars)
    jumps = [found for bar in top for found in _jumps(planned, bar, values[bar.lever.lever], stands, jump)]
    tables = {"tornado": _table(planned, ranked)} | ({"band": _band(jumps)} if jumps else {})
    return Answer(
        swept,
        ("lever", "from", "low", "to", "high", "plan at low", "plan at high"),
        [_line(planned, bar) for bar in ranked[:shown]],
        {name: [dict(zip(table.headings, row, strict=True)) for row in table.rows] for name, table in tables.items()},
        _sentences(planned, ranked, top, jumps),
        tables,
        tornado_figure.figure(planned, ranked[:shown], len(ranked)),
    )


def _span(planned: Planned, bar: Bar) -> float:
    """Million USD between the best plans of the two ends and base."""
    costs = [cost.best for place in (BASE, bar.low, bar.high) if (cost := planned.cost(place)) is not None]
    return max(costs) - min(costs) if costs else 0.0


def _ranked(planned: Planned, bars: Sequence[Bar]) -> list[Bar]:
    """The widest first; of the same width in the order of the case."""
    return sorted(bars, key=lambda bar: -_span(planned, bar))


def _elasticity(planned: Planned, bar: Bar, end: str) -> Interval | None:
    """Per cent of the cost at base for a per cent of the lever; None where the lever or the cost is 0 at base."""
    value, place = bar.end(end)
    difference, cost = planned.difference(place), planned.cost(BASE)
    if difference is None or cost is None or bar.base == 0 or cost.best == 0 or value == bar.base:
        return None
    change = (value - bar.base) / abs(bar.base) * abs(cost.best)
    ends = sorted((difference.low / change, difference.high / change))
    return Interval(ends[0], difference.best / change, ends[1])


def _table(planned: Planned, ranked: Sequence[Bar]) -> Table:
    """Two rows for each lever, the widest lever first."""
    found = {(bar.lever.lever, end): _elasticity(planned, bar, end) for bar in ranked for end in ENDS}
    most = {
        bar.lever.lever: max((abs(e.best) for end in ENDS if (e := found[bar.lever.lever, end])), default=None)
        for bar in ranked
    }
    order = sorted((name for name, value in most.items() if value is not None), key=lambda name: -(most[name] or 0.0))
    rank = {name: place for place, name in enumerate(order, 1)}
    rows: list[tuple[object, ...]] = []
    for number_, bar in enumerate(ranked, 1):
        row, name = bar.lever, bar.lever.lever
        for end in ENDS:
            value, place = bar.end(end)
            elastic = found[name, end]
            three = (None, None, None) if elastic is None else (elastic.best, finite(elastic.low), finite(elastic.high))
            rows.append((number_, name, row.name, row.unit, bar.base, end, value, *planned.figures(place), *three,
                         rank.get(name), planned.row(place)["china_share"], planned.state(place),
                         planned.flipped(place), planned.changed(place)))  # fmt: skip
    headings = ("rank", "lever", "name", "unit", "base", "end", "value", *FIGURES, "elasticity", "elasticity_low",
                "elasticity_high", "elasticity_rank", "china_share", "failure", "decisions_flipped",
                "plan_against_base")  # fmt: skip
    return Table(headings, rows)


def _jumps(planned: Planned, bar: Bar, values: Sequence[float], stands: dict[str, float], factor: float) -> list[Jump]:
    """The steps of a lever. Cost jumps where it changes by `factor` times its mean per unit over the whole range."""
    name = bar.lever.lever
    places = [moved({name: value}, stands) for value in values]
    found: list[tuple[float, float, Place, Place, Interval | None]] = [
        (start, stop, one, other, planned.difference(other, one))
        for (start, one), (stop, other) in pairwise(zip(values, places, strict=True))
    ]
    told = [difference for *_, difference in found if difference is not None]
    mean = sum(abs(difference.best) for difference in told) / len(told) if told else 0.0
    most = sum(max(abs(difference.low), abs(difference.high)) for difference in told) / len(told) if told else 0.0
    jumps = []
    for start, stop, one, other, difference in found:
        share = None if difference is None or mean == 0 else difference.over(mean)
        sure = difference is not None and most > 0 and abs(difference.sure) > factor * most
        plan = planned.changed(other, one)
        jumps.append(Jump(bar.lever, start, stop, difference, share, sure, plan))
    return jumps


def _band(jumps: Sequence[Jump]) -> Table:
    rows = [
        (jump.lever.lever, jump.lever.name, jump.lever.unit, jump.start, jump.stop,
         *((None, None, None, "") if (d := jump.difference) is None else
           (d.best, finite(d.low), finite(d.high), "yes" if d.proved else "no")),
         None if jump.share is None else jump.share.best, "yes" if jump.cost_jumps else "no", jump.plan)
        for jump in jumps
    ]  # fmt: skip
    headings = ("lever", "name", "unit", "from", "to", "difference_musd", "difference_low_musd",
                "difference_high_musd", "proved", "share_of_mean", "cost_jumps_proved", "plan_changes")  # fmt: skip
    return Table(headings, rows)


def _line(planned: Planned, bar: Bar) -> tuple[str, ...]:
    (low, at_low), (high, at_high) = bar.end("low"), bar.end("high")
    plans = [short(planned.changed(place), PLAN) for place in (at_low, at_high)]
    name = short(bar.lever.name or bar.lever.lever, NAME)
    return (name, f"{low:.6g}", planned.told(at_low), f"{high:.6g}", planned.told(at_high), *plans)


def _sentences(planned: Planned, ranked: Sequence[Bar], top: Sequence[Bar], jumps: Sequence[Jump]) -> list[str]:
    sentences = []
    cost = planned.cost(BASE)
    if cost is None:
        sentences.append(f"At base: {planned.state(BASE)}, so that no lever can be held against it.")
    else:
        low = f"{cost.low:,.0f}" if finite(cost.low) is not None else "an unknown bound"
        sentences.append(f"At base the plan costs {low} to {cost.high:,.0f} million USD.")
    names = {end: [bar for bar in ranked if (d := planned.difference(bar.end(end)[1])) and d.proved] for end in ENDS}
    moving = [bar for bar in ranked if any(bar in names[end] for end in ENDS)]
    second = f" {len(top)} were proved in a second part." if top else ""
    sentences.append(f"{len(moving)} of {len(ranked)} levers are proved to move cost at one of their ends; for the "
                     f"others the gaps leave it open.{second}")  # fmt: skip
    for bar in top or ranked[:SAID]:
        said = []
        for end in ENDS:
            value, place = bar.end(end)
            if place != BASE:
                said.append(f"at {value:.6g}: {planned.told(place)}")
        sentences.append(f"{bar.lever.name or bar.lever.lever}: {'; '.join(said)}.")
    sentences += [
        f"{jump.lever.name or jump.lever.lever}: cost jumps between {jump.start:.6g} and {jump.stop:.6g}, "
        f"by {words(jump.difference)}; plan: {jump.plan}."
        for jump in jumps
        if jump.cost_jumps and jump.difference is not None
    ]
    return sentences + planned.missing()


ANALYSIS = Analysis(
    _run,
    options=(
        Option("levers", "A,B,…", "Turn these levers only."),
        Option("prove", "N", "Solve the N levers with the widest bars again, to --prove-gap.", "10"),
        Option("prove_gap", "MUSD", "Gap of these solves, million USD.", "2"),
        Option("prove_seconds", "S", "Most seconds for each of them but base; what is proved by then stands.", "25"),
        Option("steps", "N", "Values of those levers from low to high, to see where cost or plan jumps.", "5"),
        Option("prove_band", "N", "Levers whose inner values are solved to that gap too; those of others dive.", "0"),
        Option("jump", "FACTOR", "Cost jumps where a step is proved to change it by so many mean steps.", "2"),
        Option("bars", "N", "Levers in the figure and on the screen, the widest first.", "20"),
    ),
)
