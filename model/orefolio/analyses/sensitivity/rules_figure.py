"""The panels of the case's sweeps: the interval of cost over the values of the lever, and where the plan changes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .drawing import BLUE, HOLLOW, ORANGE, axis, layout
from .intervals import finite
from .levers import short
from .planned import BASE, Planned

if TYPE_CHECKING:
    from .rules import Course

GAP = 0.03  # of the width, between panels
TITLE = 30  # letters


def figure(planned: Planned, courses: Sequence[Course]) -> dict[str, Any]:
    """One panel for each sweep, side by side, on one scale of cost."""
    width = (1 + GAP) / len(courses) - GAP
    data: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    notes = []
    for number, course in enumerate(courses, 1):
        tail = "" if number == 1 else str(number)
        left = (number - 1) * (width + GAP)
        told = {trace["name"] for trace in data}
        data += [trace | {"xaxis": f"x{tail}", "yaxis": "y", "showlegend": trace["name"] not in told}
                 for trace in _traces(planned, course) if trace["x"]]  # fmt: skip
        unit = course.lever.unit if course.lever.unit not in ("", "1") else "multiple"
        texts = [step.text for step in course.steps]
        axes[f"xaxis{tail}"] = axis(unit, domain=[left, left + width], type="category", categoryorder="array",
                                    categoryarray=texts, tickangle=-60, range=[-0.6, len(texts) - 0.4])  # fmt: skip
        notes.append({"x": left + width / 2, "y": 1.0, "xref": "paper", "yref": "paper", "showarrow": False,
                      "xanchor": "center",
                      "yanchor": "bottom", "text": short(course.name, TITLE), "font": {"size": 12}})  # fmt: skip
    return {
        "data": data,
        "layout": layout(
            "What the case's questions cost: two points differ where their intervals do not overlap",
            **axes,
            yaxis=axis("cost, million USD", tickformat=",.6~g"),
            annotations=notes,
            legend={"orientation": "h", "x": 0, "y": -0.25},
            margin={"t": 80, "b": 130, "r": 20},
        ),
    }


def _traces(planned: Planned, course: Course) -> list[dict[str, Any]]:
    """Best plans with the interval down to the bound, filled where proved to differ from base; turns of the plan."""
    shown = [(step, cost) for step in course.steps if (cost := planned.cost(step.place)) is not None]
    turned = {other.text for one, other in pairwise(course.steps) if planned.changes(other.place, one.place)}
    filled = [
        step.place == BASE or ((d := planned.difference(step.place)) is not None and d.proved) for step, _ in shown
    ]
    line = {"color": BLUE, "width": 1.5}
    points = {
        "type": "scatter",
        "mode": "markers",
        "name": "best plan, and down to what is proved; hollow: not proved to differ from base",
        "x": [step.text for step, _ in shown],
        "y": [cost.best for _, cost in shown],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [0.0 for _ in shown],
            "arrayminus": [finite(cost.best - cost.low) for _, cost in shown],
            "color": BLUE,
            "thickness": 1.5,
        },
        "marker": {"color": [BLUE if fill else HOLLOW for fill in filled], "size": 8, "line": line},
        "hovertext": [f"{step.text}: {planned.told(step.place)}" for step, _ in shown],
        "hoverinfo": "text",
    }
    rings = [(step.text, cost.best) for step, cost in shown if step.text in turned]
    marks = {
        "type": "scatter",
        "mode": "markers",
        "name": "another plan than at the value before",
        "x": [text for text, _ in rings],
        "y": [cost for _, cost in rings],
        "hoverinfo": "skip",
        "marker": {"symbol": "diamond-open", "size": 15, "color": ORANGE, "line": {"width": 2}},
    }
    return [points, marks]
