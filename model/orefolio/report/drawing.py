"""What the figures of a page share: one look, sizes that follow the page, menus of years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orefolio.analyses.sensitivity.drawing import BLACK, BLUE, COLOURS, GOLD, GREEN, ORANGE, PURPLE, SKY, axis

from .figure import FONT, TEMPLATE

__all__ = [
    "BLACK", "BLUE", "COLOURS", "GOLD", "GREEN", "GREY", "ORANGE", "PURPLE", "SKY", "axis", "dropdown", "layout",
    "look", "template",
]  # fmt: skip

GREY = "#999999"
MARGIN = {"t": 50, "b": 60, "l": 70, "r": 20}
LEAST_HEIGHT, ROW_HEIGHT = 300, 24


def layout(rows: int = 0, **more: Any) -> dict[str, Any]:
    """A layout of its page's width. rows: how many lines of bars it has to hold."""
    height = max(LEAST_HEIGHT, 130 + ROW_HEIGHT * rows) if rows else 430
    legend = {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "traceorder": "normal"}
    return {"autosize": True, "height": height, "margin": MARGIN, "legend": legend, **more}


def look(figure: Mapping[str, Any], template: Mapping[str, Any]) -> dict[str, Any]:
    """A figure as the page draws it: in its look, as wide as the page, without a title, which the page writes."""
    given = dict(figure.get("layout", {}))
    for name in ("width", "title", "template"):
        given.pop(name, None)
    given |= {
        "autosize": True,
        "template": template,
        "font": {**given.get("font", {}), "family": FONT, "color": "#222"},
    }
    return {"data": list(figure.get("data", [])), "layout": given}


def dropdown(labels: Sequence[str], updates: Sequence[Mapping[str, Any]], active: int = 0) -> list[dict[str, Any]]:
    """A menu above a figure that changes its first trace. updates: attribute to value, one of each label."""
    buttons = [
        {"label": label, "method": "restyle", "args": [{name: [value] for name, value in update.items()}, [0]]}
        for label, update in zip(labels, updates, strict=True)
    ]
    place = {"x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "pad": {"t": 2, "b": 4}}
    return [{"type": "dropdown", "direction": "down", "buttons": buttons, "active": active, **place}]


def template() -> dict[str, Any]:
    """The look of all figures, as plotly has it."""
    import plotly.io

    found: dict[str, Any] = plotly.io.templates[TEMPLATE].to_plotly_json()
    for name in ("xaxis", "yaxis"):
        found["layout"][name] = {**found["layout"].get(name, {}), "exponentformat": "none"}
    return found
