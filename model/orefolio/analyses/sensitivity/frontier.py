"""Cost against one measure of the plan: the least of each, and plans between them, each with its proved bound.

Every point between is the least cost with the measure at most at a value. A plan under a tighter limit keeps a looser
one, and no plan under a tighter limit is cheaper than the bound of a looser one, so the points prove a lower and an
upper frontier together. The other way round, what so much money over the least cost can buy is the least measure with
cost at most at a value, then the least cost at that measure; such a point is one of the frontier too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from orefolio.program.build import build

from ..questions.answered import refuse_menu
from ..questions.decisions import decided, decisions
from ..questions.measures import MEASURES, Measure, measure
from ..sweep.analysis import Analysis, Answer, Asked, Option, Table
from ..sweep.run import Swept
from .words import named, number, real, reals, whole

BETWEEN = 1e-6  # share of the range of a measure, below which its ends are the same
ROUNDING = 1e-9  # share of the least cost, by which what may be spent is more, so that its own plan keeps nought more
TIGHTEST = "least measure"
SHARE = "share"
WITH_PLAN = ("optimal", "feasible")
UPPER, LOWER = "#0072B2", "#D55E00"
FIGURES = tuple(each.figure for each in MEASURES.values())


@dataclass(frozen=True)
class Place:
    """A point of the frontier. limit: on the measure, None for the least cost. lower, upper: proved of the least cost
    under that limit, million USD, None where it is not known. more: million USD over the least cost found, where it was
    asked what these can buy."""

    name: str
    limit: float | None
    row: dict[str, Any]
    lower: float | None = None
    upper: float | None = None
    more: float | None = None

    @property
    def has_plan(self) -> bool:
        """Whether a plan was found."""
        return self.row["status"] in WITH_PLAN


def _run(asked: Asked) -> Answer:
    word = str(asked.words["x"])
    axis = measure(word, "--x")
    count, gap, more = whole(asked, "points", 0), real(asked, "measure_gap", 0.0), reals(asked, "more", 0.0)
    case = asked.case_at(asked.point)
    refuse_menu(case)
    open_ = decisions(build(case, asked.point.grid, asked.point.futures))
    least = replace(asked.point, questions=(("least", word, gap),))
    swept = asked.sweep([asked.point, least], (), "ends")
    cheapest, tightest = swept.rows()
    places = [Place("least cost", None, cheapest)]
    between = _between(cheapest, tightest, axis, count)
    if between:
        points = [replace(asked.point, questions=(("most", word, limit),)) for limit in between]
        swept = asked.sweep(points, (), "between")
        places += [Place(f"at most {limit:.6g}", limit, row) for limit, row in zip(between, swept.rows(), strict=True)]
    if more and places[0].has_plan:
        cost = cheapest["cost_musd"] + ROUNDING * abs(cheapest["cost_musd"])
        points = [replace(asked.point, questions=(("within", cost + each), ("least", word, gap))) for each in more]
        swept = asked.sweep(points, (), "bought")
        rows = zip(more, swept.rows(), strict=True)
        places += [Place(f"for {each:g} more", row["aim_value"], row, more=each) for each, row in rows]
    places.append(Place(TIGHTEST, tightest["aim_value"], tightest))
    places = _proved(_loosest_first(places))
    commitments = _no_regret(places, open_)
    return _answer(swept, axis, places, commitments)


def _between(cheapest: dict[str, Any], tightest: dict[str, Any], axis: Measure, count: int) -> list[float]:
    """Limits between the ends, the loosest first; none where an end is missing or the two are the same."""
    loose, tight = cheapest[axis.figure], tightest["aim_value"]
    if loose is None or tight is None or loose - tight <= BETWEEN * max(1e-9, abs(loose)):
        return []
    return [loose - (loose - tight) * number / (count + 1) for number in range(1, count + 1)]


def _loosest_first(places: Sequence[Place]) -> list[Place]:
    """By their limits, the least cost first; a point that found none proves nothing of the others, and stands last."""
    first, *rest = places
    return [first, *sorted(rest, key=lambda place: -math.inf if place.limit is None else place.limit, reverse=True)]


def _proved(places: Sequence[Place]) -> list[Place]:
    """Every point with what is proved of the least cost under its limit, from all points."""
    result, lower = [], None
    for place in places:
        bound = place.row["bound_musd"]
        lower = bound if lower is None else max(lower, bound if bound is not None else lower)
        result.append(replace(place, lower=lower))
    upper, uppers = None, []
    for place in reversed(result):
        if place.has_plan:
            cost = place.row["cost_musd"]
            upper = cost if upper is None else min(upper, cost)
        uppers.append(upper)
    return [replace(place, upper=upper) for place, upper in zip(result, reversed(uppers), strict=True)]


def _no_regret(places: Sequence[Place], open_: Sequence[str] | dict[str, Any]) -> list[tuple[str, str, int, str]]:
    """What can be decided: how often it is, at how many points, and at which."""
    plans = [(place.name, decided(place.row)) for place in places if place.has_plan]
    found = []
    for name in sorted({*open_, *(each for _, plan in plans for each in plan)}):
        where = [place for place, plan in plans if name in plan]
        often = "every" if len(where) == len(plans) else "some" if where else "none"
        found.append((name, often, len(where), "; ".join(where)))
    return found


def _answer(swept: Swept, axis: Measure, places: list[Place], commitments: list[tuple[str, str, int, str]]) -> Answer:
    headings = (
        "point", "limit", "status", f"{axis.figure} ({axis.unit})", "cost_musd", "bound_musd", "frontier_lower_musd",
        "frontier_upper_musd", *(name for name in FIGURES if name != axis.figure), "commitments_digest", "audit",
        "failure",
    )  # fmt: skip
    rows = [
        (
            place.name, place.limit, place.row["status"] or place.row["state"], place.row[axis.figure],
            place.row["cost_musd"], place.row["bound_musd"], place.lower, place.upper,
            *(place.row[name] for name in FIGURES if name != axis.figure), place.row["commitments_digest"],
            place.row["audit"], place.row["failure"],
        )
        for place in places
    ]  # fmt: skip
    tables = {
        "frontier": Table(headings, rows),
        "decisions": Table(("decision", "decided_at", "points", "which"), commitments),
    }
    if any(place.more is not None for place in places):
        tables["bought"] = _bought(axis, places)
    shown = [[number(cell) if cell is not None else "" for cell in row[:8]] for row in rows]
    content = {"rows": [place.row for place in places], "measure": axis.figure}
    sentences = _sentences(axis, places, commitments)
    return Answer(swept, headings[:8], shown, content, sentences, tables, _figure(axis, places))


def _sentences(axis: Measure, places: list[Place], commitments: list[tuple[str, str, int, str]]) -> list[str]:
    found = [place for place in places if place.has_plan]
    lost = [f"{place.name} ({place.row['failure'] or place.row['status']})" for place in places if not place.has_plan]
    said = [f"No plan at: {'; '.join(lost)}."] if lost else []
    if not found:
        return said
    first, last = found[0], next((place for place in found if place.name == TIGHTEST), None)
    said.append(
        f"{'The least cost' if first.limit is None else f'The least cost {first.name}'} is "
        f"{number(first.row['cost_musd'])} million USD, proved to be at least {number(first.lower)}; {axis.name}: "
        f"{_measured(axis, first.row[axis.figure])}."
    )
    if last is not None:
        said.append(
            f"The least that any plan reaches is {_measured(axis, last.limit)}, proved to be at least "
            f"{_measured(axis, last.row['aim_bound'])}; it costs {number(last.row['cost_musd'])} million USD, and at "
            f"least {number(last.lower)} is proved."
        )
    said += [_buys(axis, places, place) for place in found if place.more is not None]
    for one, other in pairwise(found):
        said.append(_step(axis, one, other))
    for often, words in (("every", "Decided in every plan found"), ("some", "In some"), ("none", "In none")):
        names = [name for name, how, *_ in commitments if how == often]
        said.append(f"{words}: {named(names)}.")
    return said


def _at_least(places: Sequence[Place], place: Place) -> float | None:
    """What is proved of the least of the measure for the money of a place: a bound for more money holds for less."""
    bounds = [each.row["aim_bound"] for each in places
              if each.name == TIGHTEST or (each.more is not None and each.more >= (place.more or 0.0))]  # fmt: skip
    return max((bound for bound in bounds if bound is not None), default=None)


def _measured(axis: Measure, value: float | None) -> str:
    """A value of the measure with its unit; a share as per cent."""
    if value is not None and axis.unit == SHARE:
        return f"{100 * value:.3g} %"
    return f"{number(value)} {axis.unit}"


def _buys(axis: Measure, places: Sequence[Place], place: Place) -> str:
    """What the money of a place buys."""
    proved = _at_least(places, place)
    bought = _measured(axis, place.row[axis.figure])
    least = "how little it may be is not proved"
    if proved is not None:
        least = f"proved to be at least {_measured(axis, proved)}"
    return f"For {number(place.more)} million USD more than the least cost found: {bought}, {least}."


def _bought(axis: Measure, places: Sequence[Place]) -> Table:
    """What each sum over the least cost buys, the smallest sum first."""
    asked_for = sorted((place for place in places if place.more is not None), key=lambda place: place.more or 0.0)
    rows = [
        (place.more, places[0].row["cost_musd"] + place.more, place.row["status"] or place.row["state"],
         place.row[axis.figure], _at_least(places, place), place.row["cost_musd"], place.lower, place.row["failure"])
        for place in asked_for
    ]  # fmt: skip
    headings = ("more_musd", "cap_musd", "status", f"{axis.figure} ({axis.unit})", f"at_least ({axis.unit})",
                "cost_musd", "frontier_lower_musd", "failure")  # fmt: skip
    return Table(headings, rows)


def _step(axis: Measure, one: Place, other: Place) -> str:
    """What a step to a tighter limit costs, as far as it is proved."""
    ends = f"From {_measured(axis, one.row[axis.figure])} to {_measured(axis, other.row[axis.figure])}"
    if other.lower is None or one.upper is None or one.lower is None or other.upper is None:
        return f"{ends}: what it costs is not proved."
    least, greatest = other.lower - one.upper, other.upper - one.lower
    if least <= 0:
        return f"{ends}: at most {number(greatest)} million USD more; that it costs more is not proved."
    return f"{ends}: {number(least)} to {number(greatest)} million USD more (proved)."


def _figure(axis: Measure, places: list[Place]) -> dict[str, Any]:
    """Steps, for between two limits no more is proved than that cost lies between the bound of the looser and the plan
    of the tighter."""
    found = [place for place in places if place.has_plan]
    at = [place.row[axis.figure] for place in found]
    words = [place.name for place in found]

    def drawn(name: str, values: list[float | None], color: str, symbol: str, shape: str) -> dict[str, Any]:
        return {
            "type": "scatter", "mode": "lines+markers", "name": name, "x": at, "y": values, "text": words,
            "line": {"color": color, "shape": shape}, "marker": {"symbol": symbol, "size": 9, "color": color},
        }  # fmt: skip

    return {
        "data": [
            drawn("plans found: it costs at most so much", [place.upper for place in found], UPPER, "circle", "vh"),
            drawn("proved: it costs at least so much", [place.lower for place in found], LOWER, "circle-open", "hv"),
        ],
        "layout": {
            "title": {
                "text": f"Least cost, by how much may be {axis.name}"
                if axis.unit == SHARE
                else f"Least cost, by {axis.name}"
            },
            "xaxis": {"title": {"text": axis.name}, "tickformat": ".0%"}
            if axis.unit == SHARE
            else {"title": {"text": f"{axis.name} ({axis.unit})"}},
            "yaxis": {"title": {"text": "cost (million USD)"}, "tickformat": ",.6~g"},
            "legend": {"orientation": "h", "y": -0.2},
            "margin": {"t": 20, "r": 20},
        },
    }


ANALYSIS = Analysis(
    _run,
    options=(
        Option("x", "MEASURE", f"Against which measure: {', '.join(MEASURES)}.", "china_direct"),
        Option("points", "N", "Points between the two ends.", "7"),
        Option("more", "MUSD,…", "Ask too for the least of the measure that so much over the least cost can buy."),
        Option("measure_gap", "SHARE", "Share of the least measure that may stay unproved.", "0.001"),
    ),
)
