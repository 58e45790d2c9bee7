"""Discover where a plan fails (PRIM): the box of levers in which a figure passes a limit, in words."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import qmc

from orefolio.analyses.sweep.analysis import Analysis, Answer, Asked, Option, Table
from orefolio.analyses.sweep.points import MOST_POINTS
from orefolio.analyses.sweep.run import LEVER, Swept
from orefolio.case.cells import CellError, plain_number
from orefolio.errors import Fault, InputError, nearest

from . import earlier, prim
from .prim import LOW, Box, Flags, Measured
from .sampled import (
    FIGURES,
    SWITCH,
    Floats,
    Ranges,
    digits,
    interval,
    known_figure,
    levers_of,
    planned,
    ranges_of,
    rows_of,
    without,
)
from .sampled_figure import BLUE, ORANGE, layout
from .words import share, whole

METHODS = ("hypercube", "sobol")
TESTS: dict[str, Callable[[Floats, float], Flags]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
CONDITION = re.compile(r"\s*(\w+)\s*(<=|>=|<|>)\s*(\S+)\s*")
BARE = ("", "1", SWITCH)  # units that are not worth a word
LIMITS = ("lever", "name", "unit", "limit", "value", "density_without", "quasi_p")
PATH = ("box", "limits", "points_inside", "failing_inside", "density", "coverage")


@dataclass(frozen=True)
class Condition:
    """A plan fails where its figure passes the limit."""

    figure: str
    sign: str
    limit: float

    def holds(self, values: Floats) -> Flags:
        """Where it fails, (points,)."""
        return TESTS[self.sign](values, self.limit)

    def __str__(self) -> str:
        words, unit = FIGURES[self.figure]
        said = {"<": "below", "<=": "at most", ">": "above", ">=": "at least"}[self.sign]
        return f"the {words} is {said} {self.limit:,.10g} {unit}"


@dataclass(frozen=True)
class Judged:
    """Points with a figure. numbers, values, fails, open: (points,), (points, levers), (points,), (points,).

    open: whether it fails or not lies within the gap of the plan.
    """

    levers: tuple[str, ...]
    numbers: Sequence[int]
    values: Floats
    fails: Flags
    open: Flags


def _run(asked: Asked) -> Answer:
    condition = _condition(asked)
    alpha, support = share(asked, "alpha"), share(asked, "support")
    density, significance = share(asked, "density"), share(asked, "significance")
    swept, ranges = _points(asked)
    rows = rows_of(swept)
    judged = _judged(swept, ranges, rows, condition)
    told = [f"{len(rows):,} plans; {int(judged.fails.sum()):,} fail: {condition}."]
    told += _open(judged) + without(rows, condition.figure)
    few = int(judged.fails.sum())
    if few in (0, len(judged.fails)):
        told.insert(1, "So there is nothing to tell apart: " + ("no point fails." if not few else "every point fails."))
        return Answer(swept, LIMITS, [], {"fails": few, "box": []}, sentences=told)
    box, path = prim.best_box(judged.values, judged.fails, alpha=alpha, support=support, density=density,
                              significance=significance)  # fmt: skip
    found = prim.measured(box, judged.values, judged.fails)
    limits = _limits(asked, judged, box)
    told[1:1] = _sentences(judged, found, limits, density)
    peeling = [_step(number, one, judged) for number, one in enumerate([*path, box], 1)]
    points = [
        (number, *place, int(fails), int(unsure), int(inside))
        for number, place, fails, unsure, inside in zip(
            judged.numbers, judged.values.tolist(), judged.fails, judged.open, box.inside(judged.values), strict=True
        )
    ]
    headings = ("point", *(LEVER + name for name in judged.levers), "fails", "within_gap", "inside")
    shown = ("lever", "limit", "value", "density_without", "quasi_p")
    return Answer(
        swept,
        shown,
        [tuple(digits(row[name]) if isinstance(row[name], float) else row[name] for name in shown) for row in limits],
        {"condition": str(condition), "fails": few, "box": limits, "points_inside": found.inside,
         "density": found.density, "coverage": found.coverage},
        sentences=told,
        tables={"box": Table(LIMITS, [tuple(row.values()) for row in limits]), "peeling": Table(PATH, peeling),
                "judged": Table(headings, points)},
        figure=_figure(judged, ranges, box, limits, condition,
                       {row.lever: row.name for row in asked.case.rows("levers")}),
    )  # fmt: skip


def _condition(asked: Asked) -> Condition:
    """Of the words `FIGURE SIGN NUMBER`. Raises InputError."""
    text = str(asked.words["fails"] or "")
    found = CONDITION.fullmatch(text)
    if found is None:
        raise InputError([Fault("--fails", repr(text), "FIGURE < NUMBER, or with <=, > or >=",
                                remedy="For example --fails 'short_t > 5000'")])  # fmt: skip
    figure = known_figure(found[1], "--fails")
    try:
        return Condition(figure, found[2], plain_number(found[3]))
    except CellError as error:
        raise InputError([Fault("--fails", error.found, error.expected, remedy=error.remedy)]) from None


def _points(asked: Asked) -> tuple[Swept, Ranges]:
    """The sweep to look at: of before, or of a sample that is drawn now. Raises InputError."""
    if asked.words["from"] is not None:
        place = Path(str(asked.words["from"]))
        swept = earlier.finished(asked, place, "--from")
        names = [name for name in swept.stands if len({row[LEVER + name] for row in swept.rows()}) > 1]
        if asked.words["levers"] is not None:
            wanted = levers_of(asked)
            for name in wanted:
                if name not in names:
                    raise InputError([Fault("--levers", repr(name), f"a lever that varies in {place}",
                                            remedy=nearest(name, names))])  # fmt: skip
            names = wanted
        if not names:
            raise InputError([Fault(f"--from {place}", "no lever that varies", "at least one")])
        return swept, ranges_of(asked, names)
    method = str(asked.words["method"])
    if method not in METHODS:
        remedy = nearest(method, METHODS)
        raise InputError([Fault("--method", repr(method), " or ".join(METHODS), remedy=remedy)])
    samples, seed = whole(asked, "samples", 10, MOST_POINTS), whole(asked, "sample_seed", 0, 2**31)
    if method == "sobol" and samples & (samples - 1):
        below = 2 ** (samples.bit_length() - 1)
        raise InputError([Fault("--samples", f"{samples:,}", f"a power of two, such as {below:,} or {2 * below:,}")])
    ranges = ranges_of(asked, levers_of(asked))
    maker = qmc.LatinHypercube if method == "hypercube" else qmc.Sobol
    unit = maker(len(ranges.names), rng=np.random.default_rng(seed)).random(samples)
    return planned(asked, ranges, unit).swept, ranges


def _judged(swept: Swept, ranges: Ranges, rows: Sequence[Mapping[str, object]], condition: Condition) -> Judged:
    """Every point that has the figure, by its plan, and whether the gap leaves it open."""
    ends = np.array([interval(row, condition.figure) for row in rows]).reshape(-1, 2)
    known = ~np.isnan(ends[:, 0])
    stands = np.array([[row[LEVER + name] for name in ranges.names] for row in swept.rows()], dtype=np.float64)
    low, high = condition.holds(ends[:, 0]), condition.holds(ends[:, 1])
    numbers = [int(str(row["point"])) for row, one in zip(rows, known, strict=True) if one]
    return Judged(ranges.names, numbers, stands[known], high[known], (low != high)[known])


def _limits(asked: Asked, judged: Judged, box: Box) -> list[dict[str, Any]]:
    """A row of LIMITS for each limit of a box, the most restricting first."""
    rows = {row.lever: row for row in asked.case.rows("levers")}
    doubts = prim.quasi_p(box, judged.values, judged.fails)
    made = []
    for (side, lever), doubt in doubts.items():
        row = rows[judged.levers[lever]]
        without_it = prim.measured(box.opened(side, lever), judged.values, judged.fails).density
        cells = (row.lever, row.name, row.unit, "at least" if side == LOW else "at most",
                 float(box.limits[side, lever]), without_it, doubt)  # fmt: skip
        made.append(dict(zip(LIMITS, cells, strict=True)))
    return sorted(made, key=lambda row: (row["density_without"], row["lever"], row["limit"]))


def _step(number: int, box: Box, judged: Judged) -> tuple[object, ...]:
    found = prim.measured(box, judged.values, judged.fails)
    return number, len(box.closed()), found.inside, found.failing, found.density, found.coverage


def _sentences(judged: Judged, found: Measured, limits: Sequence[Mapping[str, Any]], density: float) -> list[str]:
    if not limits:
        return ["No lever tells failing points from others: PRIM has found no limit that matters."]
    words = [
        f"{row['name']} ({row['lever']}) is {row['limit']} {row['value']:.3g}"
        + (f" {row['unit']}" if row["unit"] not in BARE else "")
        for row in limits
    ]
    said = [
        f"It fails where {' and '.join(words)}: density {found.density:.2f} ({found.failing:,} of the {found.inside:,} "
        f"points inside fail), coverage {found.coverage:.2f} of the failing points."
    ]
    if found.density < density:
        said.append(f"That is less dense than the {density:g} asked for.")
    share_of_all = judged.fails.mean()
    said.append(
        f"Over all points {share_of_all:.2f} fail, so inside it is {found.density / share_of_all:.1f} times as many."
    )
    return said


def _open(judged: Judged) -> list[str]:
    count = int(judged.open.sum())
    if not count:
        return []
    return [f"Not proved at {count:,} of them: the limit lies within the gap. They are judged by their plan."]


def _figure(
    judged: Judged,
    ranges: Ranges,
    box: Box,
    limits: Sequence[Mapping[str, Any]],
    condition: Condition,
    names: Mapping[str, str],
) -> dict[str, Any]:
    """The points over the two levers that restrict most, and the box as it is seen over them."""
    restricting = list(dict.fromkeys(row["lever"] for row in limits))
    pair = [judged.levers.index(name) for name in [*restricting, *judged.levers] if name in judged.levers]
    across, up = (*dict.fromkeys(pair), *pair)[:2]
    groups = (
        ("does not fail", ~judged.fails & ~judged.open, "circle-open", BLUE),
        ("does not fail, within the gap", ~judged.fails & judged.open, "diamond-open", BLUE),
        ("fails", judged.fails & ~judged.open, "circle", ORANGE),
        ("fails, within the gap", judged.fails & judged.open, "diamond-open", ORANGE),
    )
    data = [
        {"type": "scatter", "mode": "markers", "name": label, "marker": {"symbol": sign, "color": colour, "size": 8},
         "x": judged.values[which, across].tolist(), "y": judged.values[which, up].tolist()}
        for label, which, sign, colour in groups if which.any()
    ]  # fmt: skip
    ends = []
    for lever in (across, up):
        pad = 0.03 * (ranges.high[lever] - ranges.low[lever])
        open_ends = float(ranges.low[lever] - pad), float(ranges.high[lever] + pad)
        ends.append([float(limit) if np.isfinite(limit) else end
                     for limit, end in zip(box.limits[:, lever], open_ends, strict=True)])  # fmt: skip
    others = [name for name in restricting if name not in (judged.levers[across], judged.levers[up])]
    more = f"; the box is bounded in {', '.join(others)} too" if others else ""
    titles = _axis(names, ranges, across), _axis(names, ranges, up)
    drawn = layout(f"Where {condition}{more}", *titles, 0)
    drawn["yaxis"] |= {"type": "linear"}
    drawn["xaxis"] = {"title": drawn["xaxis"]["title"]}
    if restricting:
        (x0, x1), (y0, y1) = ends
        drawn["shapes"] = [{"type": "rect", "x0": x0, "x1": x1, "y0": y0, "y1": y1,
                            "line": {"color": "#000000", "width": 2}}]  # fmt: skip
    return {"data": data, "layout": drawn}


def _axis(names: Mapping[str, str], ranges: Ranges, lever: int) -> str:
    """The name of a lever as people say it, and its unit."""
    unit, name = ranges.units[lever], ranges.names[lever]
    return (names[name] or name) + (f", {unit}" if unit not in BARE else "")


ANALYSIS = Analysis(
    _run,
    options=(
        Option("fails", "'FIGURE > NUMBER'", "When a plan fails: a figure of the table, one of < <= > >=, a number."),
        Option("levers", "A,B", "Turn these levers only; without it, all that have a range and that nothing holds."),
        Option("samples", "N", "Points that are drawn.", "200"),
        Option("method", "NAME", "hypercube (Latin) or sobol, whose number of points is a power of two.", "hypercube"),
        Option("from", "FOLDER", "Take the points of this finished sweep, and plan nothing."),
        Option("alpha", "SHARE", "Share of the points inside that is cut off in a step.", "0.05"),
        Option("support", "SHARE", "Least share of all points that a box keeps.", "0.05"),
        Option("density", "SHARE", "Of boxes in which so many fail the one that covers most is taken.", "0.8"),
        Option("significance", "P", "A limit with a larger quasi-p-value is dropped.", "0.05"),
        Option("sample_seed", "N", "Seed of the sample.", "1"),
    ),
)
