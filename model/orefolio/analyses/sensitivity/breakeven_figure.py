"""The panels of break-evens: what is known of the difference of cost over the lever, and where it turns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from math import isfinite
from typing import TYPE_CHECKING, Any

from .drawing import BLUE, GOLD, GREY, HOLLOW, axis, layout
from .flips import PROVED
from .levers import short

if TYPE_CHECKING:
    from .breakeven import Breakeven, Subject

MOST_PANELS = 6
ACROSS, DOWN = 0.06, 0.2  # of the figure, between panels
TITLE = 44  # letters
LEVER = 84  # letters of the lever's name under all panels of a row
BAND = "rgba(86,180,233,0.35)"


def figure(question: Breakeven, subjects: Sequence[Subject]) -> dict[str, Any]:
    """A panel for each subject, at most six, those that flip first."""
    shown = sorted(subjects, key=lambda subject: not subject.course.flips())[:MOST_PANELS]
    columns = len(shown) if len(shown) < 4 else (len(shown) + 1) // 2
    lines = -(-len(shown) // columns)
    width, height = (1 + ACROSS) / columns - ACROSS, (1 + DOWN) / lines - DOWN
    data: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    notes, shapes = [], []
    for number, subject in enumerate(shown):
        down, across = divmod(number, columns)
        tail = "" if number == 0 else str(number + 1)
        left, top = across * (width + ACROSS), 1 - down * (height + DOWN)
        data += [trace | {"xaxis": f"x{tail}", "yaxis": f"y{tail}", "showlegend": number == 0}
                 for trace in _traces(question, subject)]  # fmt: skip
        below = number + columns >= len(shown)
        axes[f"xaxis{tail}"] = axis(
            _lever(question, LEVER // columns) if below else "", domain=[left, left + width], anchor=f"y{tail}"
        )
        axes[f"yaxis{tail}"] = axis("" if across else "cost in less out, million USD", domain=[top - height, top],
                                    anchor=f"x{tail}", tickformat=",.6~g", rangemode="tozero", zeroline=True,
                                    zerolinecolor="#000000", zerolinewidth=2)  # fmt: skip
        notes.append({"x": left + width / 2, "y": top, "xref": "paper", "yref": "paper", "showarrow": False,
                      "xanchor": "center", "yanchor": "bottom", "text": short(subject.title, TITLE),
                      "font": {"size": 12}})  # fmt: skip
        shapes += [
            {"type": "rect", "xref": f"x{tail}", "yref": f"y{tail} domain", "x0": flip.low, "x1": flip.high, "y0": 0,
             "y1": 1, "fillcolor": GOLD, "opacity": 0.35, "line": {"color": GOLD, "width": 1}, "layer": "below"}
            for flip in subject.course.flips()
        ]  # fmt: skip
    more = f" ({len(shown)} of {len(subjects)}, the rest in the table)" if len(shown) < len(subjects) else ""
    return {
        "data": data,
        "layout": layout(
            f"Where it flips: below 0 it is cheaper with, above 0 without; shaded: between two proofs{more}",
            **axes,
            annotations=notes,
            shapes=shapes,
            legend={"orientation": "h", "x": 0, "y": -0.14},
            margin={"t": 80, "b": 110, "r": 20, "l": 80},
        ),
    }


def _lever(question: Breakeven, most: int) -> str:
    lever = question.lever
    return f"{short(lever.name or lever.lever, most)}{',' if question.unit else ''}{question.unit}"


def _traces(question: Breakeven, subject: Subject) -> list[dict[str, Any]]:
    """The band of what is known, and the difference of the best plans: filled where one is proved to be cheaper."""
    pairs = subject.course.pairs
    known = [(value, gap) for value in subject.course.values if (gap := pairs[value].difference) is not None]
    x: list[float | None] = []
    y: list[float | None] = []
    for bounded, run in groupby(known, key=lambda each: isfinite(each[1].low) and isfinite(each[1].high)):
        if bounded:
            own = list(run)
            x += [value for value, _ in own] + [value for value, _ in reversed(own)] + [None]
            y += [gap.low for _, gap in own] + [gap.high for _, gap in reversed(own)] + [None]
    band = {"type": "scatter", "mode": "lines", "name": "what is known of the difference", "x": x[:-1], "y": y[:-1],
            "fill": "toself", "fillcolor": BAND, "line": {"color": BAND, "width": 2}, "hoverinfo": "skip"}  # fmt: skip
    filled = [pairs[value].state in PROVED for value, _ in known]
    points = {
        "type": "scatter",
        "mode": "lines+markers",
        "name": "best plans; filled: proved which is cheaper",
        "x": [value for value, _ in known],
        "y": [gap.best for _, gap in known],
        "line": {"color": GREY, "width": 1},
        "marker": {"color": [BLUE if fill else HOLLOW for fill in filled], "size": 7,
                   "line": {"color": BLUE, "width": 1.5}},
        "hovertext": [f"{question.lever.lever} = {value:.6g}: {gap.best:+,.6g} million USD, {pairs[value].state}"
                      for value, gap in known],
        "hoverinfo": "text",
    }  # fmt: skip
    return [band, points]
