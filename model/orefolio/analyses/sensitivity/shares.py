"""Global indices (Sobol, PAWN): which share of a figure's spread each lever makes, alone and with the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import qmc

from orefolio.analyses.sweep.analysis import Analysis, Answer, Asked, Option, Table
from orefolio.analyses.sweep.points import MOST_POINTS
from orefolio.errors import Fault, InputError, nearest

from . import earlier, pawn, sobol
from .sampled import (
    COST,
    FIGURES,
    Floats,
    Sampled,
    affordable,
    digits,
    known_figure,
    levers_of,
    number_or_blank,
    planned,
    ranges_of,
    without,
)
from .sampled_figure import BLUE, COLOURS, GREEN, GREY, ORANGE, bars, layout, spread
from .screen import EFFECTS
from .words import whole

CONFIDENCE = 0.95
MOST_LEVERS = 8
METHODS = ("sobol", "pawn")
LABELLED = 3  # lines of the figure that bear the name of their lever; the others tell it on hover
LEAST_SAMPLES = 8  # a quarter of it is still two
SOBOL_HEADINGS = tuple(
    f"{index}{end}"
    for index in ("first", "total")
    for end in ("", "_low_95", "_high_95", "_gap_low", "_gap_high", "_least", "_most")
)
PAWN_HEADINGS = ("pawn_median", "pawn_largest", "pawn_gap_low", "pawn_gap_high", "pawn_noise_95")


@dataclass(frozen=True)
class Found:
    """What was worked out. steps: samples and their indices, the whole sample last; empty for PAWN alone."""

    figure: str
    steps: Sequence[tuple[int, sobol.Indices]]
    pawn: pawn.Pawn | None


def _run(asked: Asked) -> Answer:
    figure = known_figure(str(asked.words["of"]), "--of")
    method = str(asked.words["method"])
    if method not in METHODS:
        remedy = nearest(method, METHODS)
        raise InputError([Fault("--method", repr(method), " or ".join(METHODS), remedy=remedy)])
    samples = whole(asked, "samples", LEAST_SAMPLES, MOST_POINTS)
    if method == "sobol" and samples & (samples - 1):
        below = 2 ** (samples.bit_length() - 1)
        raise InputError([Fault("--samples", f"{samples:,}", f"a power of two, such as {below:,} or {2 * below:,}")])
    seed, resamples = whole(asked, "sample_seed", 0, 2**31), whole(asked, "resamples", 100, MOST_POINTS)
    slices, dummies = whole(asked, "slices", 2, MOST_POINTS), whole(asked, "dummies", 10, MOST_POINTS)
    ranges = ranges_of(asked, _names(asked, figure))
    levers = len(ranges.names)
    affordable(samples * (levers + 2 if method == "sobol" else 1))
    if method == "sobol":
        unit = sobol.sample(levers, samples, seed)
    else:
        unit = qmc.LatinHypercube(levers, rng=np.random.default_rng(seed)).random(samples)
    sampled = planned(asked, ranges, unit)
    low, high = sampled.interval(figure)
    steps = []
    for part in (samples // 4, samples // 2, samples) if method == "sobol" else ():
        rows = part * (levers + 2)
        found = sobol.indices(low[:rows], high[:rows], levers, resamples, seed, CONFIDENCE)
        steps += [(part, found)] if found else []
    distances = pawn.indices(sampled.values, low, high, slices, dummies, seed, CONFIDENCE)
    return _answer(asked, sampled, Found(figure, steps, distances), len(unit))


def _names(asked: Asked, figure: str) -> list[str]:
    """The levers that are named, else those of highest mu_star of a screen. Raises InputError."""
    place = asked.words["screen"]
    if asked.words["levers"] is None and place is None:
        remedy = "Run `screen` first and give its folder with --screen, or name levers with --levers"
        raise InputError([Fault("--levers", "no lever", f"at most {MOST_LEVERS} of them", remedy=remedy)])
    if asked.words["levers"] is not None:
        names = levers_of(asked)
        if len(names) > MOST_LEVERS:
            remedy = "Run `screen` first to see which matter"
            raise InputError([Fault("--levers", f"{len(names)} levers", f"at most {MOST_LEVERS}", remedy=remedy)])
        return names
    folder = Path(str(place))
    earlier.same_case(asked, folder, "--screen")
    rows = earlier.table(folder, EFFECTS, ("figure", "lever", "mu_star"), "--screen")
    of = [(float(row["mu_star"]), row["lever"]) for row in rows if row["figure"] == figure and row["mu_star"]]
    if not of:
        known = ", ".join(sorted({row["figure"] for row in rows}))
        raise InputError([Fault(f"--screen {folder}", f"effects on {known}", f"effects on {figure}",
                                remedy=f"Screen with --of {figure}")])  # fmt: skip
    return [lever for _, lever in sorted(of, key=lambda item: -item[0])[:MOST_LEVERS]]


def _answer(asked: Asked, sampled: Sampled, found: Found, places: int) -> Answer:
    names = {row.lever: row.name for row in asked.case.rows("levers")}
    rows = _rows(sampled.ranges.names, names, found)
    columns = tuple(rows[0])
    shown = [name for name in ("lever", "first", "first_least", "first_most", "total", "total_least", "total_most",
                               "pawn_median", "pawn_noise_95") if name in columns]  # fmt: skip
    steps = [
        (samples, indices.groups, lever, float(indices.first.value[number]), float(indices.total.value[number]))
        for samples, indices in found.steps
        for number, lever in enumerate(sampled.ranges.names)
    ]
    headings = ("samples", "groups_used", "lever", "first", "total")
    tables = {"indices": Table(columns, [tuple(row.values()) for row in rows])}
    if steps:
        tables["convergence"] = Table(headings, steps)
    return Answer(
        sampled.swept,
        shown,
        [tuple(digits(row[name]) if name != "lever" else row[name] for name in shown) for row in rows],
        {"figure": found.figure, "indices": rows, "convergence": [dict(zip(headings, s, strict=True)) for s in steps]},
        sentences=[*_sentences(sampled, found, rows, places), *without(sampled.rows, found.figure)],
        tables=tables,
        figure=_figure(found, rows),
    )


def _rows(levers: Sequence[str], names: Mapping[str, str], found: Found) -> list[dict[str, Any]]:
    """A row for each lever, the highest index first: what it is called, then its indices."""
    columns: dict[str, Floats] = {}
    if found.steps:
        last = found.steps[-1][1]
        for index in (last.first, last.total):
            ends = (index.value, index.low, index.high, index.gap_low, index.gap_high, index.least, index.most)
            columns |= dict(zip(SOBOL_HEADINGS[len(columns) :], ends, strict=False))
    if found.pawn is not None:
        parts = (found.pawn.median, found.pawn.largest, found.pawn.gap_low, found.pawn.gap_high, found.pawn.noise)
        columns |= dict(zip(PAWN_HEADINGS, parts, strict=True))
    by = columns.get("total", columns.get("pawn_median", np.zeros(len(levers))))
    return [
        {"figure": found.figure, "lever": levers[lever], "name": names[levers[lever]],
         **{name: number_or_blank(column[lever]) for name, column in columns.items()}}
        for lever in sorted(range(len(levers)), key=lambda lever: -by[lever])
    ]  # fmt: skip


def _sentences(sampled: Sampled, found: Found, rows: Sequence[Mapping[str, Any]], places: int) -> list[str]:
    words, unit = FIGURES[found.figure]
    said = [f"{len(sampled.rows):,} plans for {places:,} places in the ranges of {len(rows)} levers."]
    if not found.steps and found.pawn is None:
        return [*said, f"The {words} does not vary over them, or too few plans are left to say anything."]
    if found.steps:
        said += _of_variance(found, rows, words, unit)
    if found.pawn is not None:
        low = "pawn_median" if found.figure != COST else "pawn_gap_low"
        moving = [row["lever"] for row in rows if row[low] > row["pawn_noise_95"]]
        said.append(
            f"By PAWN the whole distribution of the {words} moves with: {', '.join(moving) or 'none'}. "
            "The others are not told apart from a dummy that does nothing."
        )
    if found.figure != COST:
        said.append(f"The {words} is that of the plans found; another plan within the gap may have another.")
    return said


def _of_variance(found: Found, rows: Sequence[Mapping[str, Any]], words: str, unit: str) -> list[str]:
    samples, last = found.steps[-1]
    said = [f"The {words} has a standard deviation of {digits(float(np.sqrt(last.variance)))} {unit} over them."]
    if rows[0]["total_least"] is None:
        return [*said, "The gaps may hide all of it: nothing is proved. Ask for a smaller gap."]
    top = rows[0]
    said.append(
        f"{top['name']} ({top['lever']}) has the largest share: {_percent(top['first'])} alone and "
        f"{_percent(top['total'])} with what it does together with others (between {_percent(top['total_least'])} and "
        f"{_percent(top['total_most'])}, sampling at 95 % and gaps together)."
    )
    behind = [row["lever"] for row in rows[1:] if row["total_most"] < top["total_least"]]
    beside = [row["lever"] for row in rows[1:] if row["total_most"] >= top["total_least"]]
    if behind:
        said.append(f"Less than it, at 95 % and whatever the gaps hide: {', '.join(behind)}.")
    if beside:
        said.append(f"Not proved to be less than it: {', '.join(beside)}.")
    if len(found.steps) > 1:
        before, earlier_one = found.steps[-2]
        moved = float(np.nanmax(np.abs(last.total.value - earlier_one.total.value)))
        said.append(f"From {before:,} to {samples:,} samples no total index moved by more than {moved:.2f}.")
    return said


def _percent(value: float) -> str:
    return f"{100 * min(max(value, 0.0), 1.0):.0f} %"


def _figure(found: Found, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Indices as bars; beside them, for Sobol's, how the totals settle with the number of samples."""
    words = FIGURES[found.figure][0]
    drawn = rows[::-1]
    names = [row["lever"] for row in drawn]
    data: list[dict[str, Any]] = []
    for index, label, colour in (("total", "total", BLUE), ("first", "alone (first order)", ORANGE)):
        if found.steps:
            value = [row[index] for row in drawn]
            error = spread(value, [row[f"{index}_least"] for row in drawn], [row[f"{index}_most"] for row in drawn])
            data.append(bars(names, value, label, colour, error))
    if found.pawn is not None:
        value = [row["pawn_median"] for row in drawn]
        error = spread(value, [row["pawn_gap_low"] for row in drawn], [row["pawn_gap_high"] for row in drawn])
        data.append({"type": "scatter", "mode": "markers", "name": "PAWN, median distance", "x": value, "y": names,
                     "error_x": error, "marker": {"symbol": "diamond", "size": 10, "color": GREEN}})  # fmt: skip
        data.append({"type": "scatter", "mode": "markers", "name": "PAWN of a dummy (95 %)", "y": names,
                     "x": [row["pawn_noise_95"] for row in drawn],
                     "marker": {"symbol": "line-ns", "size": 16, "line": {"width": 3, "color": GREY}}})  # fmt: skip
    drawn_layout = layout(f"What makes the spread of the {words}", "index, share", "lever", 3 * len(rows))
    drawn_layout["xaxis"]["range"] = [0, 1]
    if found.steps:
        data += _settling(found, [row["lever"] for row in rows])
        drawn_layout["xaxis"]["domain"] = [0, 0.6]
        at = [samples for samples, _ in found.steps]
        drawn_layout["xaxis2"] = {"title": {"text": "samples"}, "domain": [0.7, 1], "type": "log", "tickvals": at,
                                  "anchor": "y2"}  # fmt: skip
        drawn_layout["yaxis2"] = {"title": {"text": "total index, share"}, "anchor": "x2", "rangemode": "tozero"}
    return {"data": data, "layout": drawn_layout}


def _settling(found: Found, levers: Sequence[str]) -> list[dict[str, Any]]:
    """A line for each lever, the highest total first."""
    order = np.argsort(-found.steps[-1][1].total.value, kind="stable")
    return [
        {"type": "scatter", "mode": "lines+markers+text", "name": lever, "showlegend": False,
         "xaxis": "x2", "yaxis": "y2",
         "x": [samples for samples, _ in found.steps], "line": {"color": COLOURS[place % len(COLOURS)]},
         "text": [*[""] * (len(found.steps) - 1), lever if place < LABELLED else ""], "textposition": "top left",
         "y": [number_or_blank(indices.total.value[number]) for _, indices in found.steps]}
        for place, (lever, number) in enumerate(zip(levers, order, strict=True))
    ]  # fmt: skip


ANALYSIS = Analysis(
    _run,
    options=(
        Option("levers", "A,B", f"Turn these levers, {MOST_LEVERS} at most."),
        Option("screen", "FOLDER", f"Without --levers: the {MOST_LEVERS} that moved most in this folder of a screen."),
        Option("of", "FIGURE", "Figure of the table that is watched.", COST),
        Option("method", "NAME", "sobol, with PAWN on its sample; or pawn alone, on a Latin hypercube.", "sobol"),
        Option("samples", "N", "A power of two; sobol plans it times the number of levers and two more.", "64"),
        Option("slices", "N", "Slices of each range for PAWN.", "10"),
        Option("dummies", "N", "Dummies that PAWN is held against.", "100"),
        Option("resamples", "N", "Draws of the bootstrap.", "1000"),
        Option("sample_seed", "N", "Seed of the sample.", "1"),
    ),
)
