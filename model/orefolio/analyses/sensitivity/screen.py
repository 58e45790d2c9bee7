"""Screen the levers (Morris): which of them move a figure over their ranges, and which cannot be told from nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from orefolio.analyses.sweep.analysis import Analysis, Answer, Asked, Option, Table
from orefolio.analyses.sweep.points import MOST_POINTS
from orefolio.errors import Fault, InputError

from . import morris
from .sampled import (
    COST,
    FIGURES,
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
from .sampled_figure import BLUE, GREY, ORANGE, bars, layout, spread
from .words import flag, whole

CONFIDENCE = 0.95
EFFECTS = "effects"
DRAWN = 20  # levers in the figure
TOLD = 3  # levers that a sentence is made about
HEADINGS = (
    "figure", "rank", "lever", "name", "low", "high", "unit", "mu_star", "mu_star_low_95", "mu_star_high_95",
    "mu_star_gap_low", "mu_star_gap_high", "mu", "sigma", "effects", "proved_share",
)  # fmt: skip


def _run(asked: Asked) -> Answer:
    figure = known_figure(str(asked.words["of"]), "--of")
    trajectories = whole(asked, "trajectories", 2, MOST_POINTS)
    levels = whole(asked, "levels", 2, 100)
    if levels % 2:
        raise InputError([Fault(flag("levels"), repr(asked.words["levels"]), "an even number")])
    seed = whole(asked, "sample_seed", 0, 2**31)
    resamples = whole(asked, "resamples", 100, MOST_POINTS)
    ranges = ranges_of(asked, levers_of(asked))
    affordable(trajectories * (len(ranges.names) + 1))
    unit = morris.sample(len(ranges.names), trajectories, levels, seed)
    sampled = planned(asked, ranges, unit)
    positions = ranges.positions(unit)
    ranked: dict[str, list[dict[str, Any]]] = {}
    for name in dict.fromkeys((figure, COST)):
        effects = morris.effects(positions, *sampled.interval(name))
        ranked[name] = _ranked(asked, sampled, name, morris.screened(effects, resamples, seed, CONFIDENCE))
    rows = ranked[figure]
    shown = ("rank", "lever", "mu_star", "mu_star_low_95", "mu_star_high_95", "sigma", "proved_share")
    return Answer(
        sampled.swept,
        shown,
        [tuple(digits(row[name]) if isinstance(row[name], float) else row[name] or "" for name in shown)
         for row in rows],
        {"figure": figure, EFFECTS: [row for part in ranked.values() for row in part]},
        sentences=_sentences(sampled, figure, rows, trajectories),
        tables={EFFECTS: Table(HEADINGS, [tuple(row.values()) for part in ranked.values() for row in part])},
        figure=_figure(figure, rows),
    )  # fmt: skip


def _ranked(asked: Asked, sampled: Sampled, figure: str, found: morris.Screened) -> list[dict[str, Any]]:
    """A row of HEADINGS for each lever, the largest mu_star first, those without an effect last."""
    declared = {row.lever: row for row in asked.case.rows("levers")}
    order = sorted(range(len(sampled.ranges.names)), key=lambda lever: -np.nan_to_num(found.mu_star[lever], nan=-1.0))
    rows = []
    for rank, lever in enumerate(order, 1):
        row = declared[sampled.ranges.names[lever]]
        numbers = (found.mu_star, found.low, found.high, found.gap_low, found.gap_high, found.mu, found.sigma)
        proved = found.proved[lever] if figure == COST else np.nan
        cells = (figure, rank, row.lever, row.name, row.low, row.high, row.unit,
                 *(number_or_blank(number[lever]) for number in numbers), int(found.count[lever]),
                 number_or_blank(proved))  # fmt: skip
        rows.append(dict(zip(HEADINGS, cells, strict=True)))
    return rows


def _sentences(sampled: Sampled, figure: str, rows: Sequence[Mapping[str, Any]], trajectories: int) -> list[str]:
    words, unit = FIGURES[figure]
    said = [
        f"{len(sampled.rows):,} plans on {trajectories} trajectories through the ranges of {len(rows)} levers. An "
        f"effect is what the whole range of a lever does to the {words}, in {unit}."
    ]
    moving = [row for row in rows if row["mu_star"] and row["proved_share"] != 0.0]
    said += [
        f"{row['name']} ({row['lever']}), from {row['low']:g} to {row['high']:g}: {digits(row['mu_star'])} on average "
        f"(95 %: {digits(row['mu_star_low_95'])} to {digits(row['mu_star_high_95'])}){_proof(row)}."
        for row in moving[:TOLD]
    ]
    bent = [row["lever"] for row in moving if row["sigma"] is not None and row["sigma"] > row["mu_star"]]
    if bent:
        said.append(f"What they do depends on the other levers, or is far from straight: {_listed(bent)}.")
    if figure == COST:
        still = [row["lever"] for row in rows if row["proved_share"] == 0.0]
        if still:
            said.append(
                f"Not proved that they move the cost at all, every effect lies within the gaps: {_listed(still)}."
            )
    else:
        still = [row["lever"] for row in rows if row["mu_star"] == 0.0]
        said.append(f"The {words} is that of the plans found; another plan within the gap may have another.")
        if still:
            said.append(f"Without any effect in this sample: {_listed(still)}.")
    return said + without(sampled.rows, figure)


def _proof(row: Mapping[str, Any]) -> str:
    if row["proved_share"] is None:
        return ""
    proved = round(row["proved_share"] * row["effects"])
    return f"; {proved} of its {row['effects']} effects are proved"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:DRAWN]) + (f" and {len(names) - DRAWN} more" if len(names) > DRAWN else "")


def _figure(figure: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """mu_star as bars with the ends of bootstrap and gaps together, hollow where nothing is proved; sigma as marks."""
    words, unit = FIGURES[figure]
    drawn = [row for row in rows if row["mu_star"] is not None][:DRAWN][::-1]
    more = f", the first {len(drawn)} of {len(rows)}" if len(drawn) < len(rows) else ""
    data = []
    for label, colour, proved in (("mu*: mean size of the effect", BLUE, True), ("mu*, not proved", GREY, False)):
        part = [row for row in drawn if (row["proved_share"] != 0.0) == proved]
        size = [row["mu_star"] for row in part]
        low = [max(0.0, row["mu_star_low_95"] - (row["mu_star"] - row["mu_star_gap_low"])) for row in part]
        high = [row["mu_star_high_95"] + (row["mu_star_gap_high"] - row["mu_star"]) for row in part]
        if part:
            data.append(bars([row["lever"] for row in part], size, label, colour, spread(size, low, high)))
    data.append({"type": "scatter", "mode": "markers", "name": "sigma: how much it differs from place to place",
                 "x": [row["sigma"] for row in drawn], "y": [row["lever"] for row in drawn],
                 "marker": {"symbol": "diamond", "color": ORANGE, "size": 9}})  # fmt: skip
    title = f"What the whole range of a lever does to the {words}{more}"
    drawn_layout = layout(title, f"effect on the {words}, {unit}", "lever", len(drawn))
    drawn_layout["yaxis"] |= {"categoryorder": "array", "categoryarray": [row["lever"] for row in drawn]}
    return {"data": data, "layout": drawn_layout}


ANALYSIS = Analysis(
    _run,
    options=(
        Option("levers", "A,B", "Turn these levers only; without it, all that have a range and that nothing holds."),
        Option("of", "FIGURE", "Figure of the table that is watched, beside the cost.", COST),
        Option("trajectories", "N", "Ways through the ranges; each takes one plan more than there are levers.", "10"),
        Option("levels", "N", "Places in each range, an even number.", "4"),
        Option("resamples", "N", "Draws of the bootstrap.", "1000"),
        Option("sample_seed", "N", "Seed of the sample.", "1"),
    ),
)
