"""Pieces of figures in the form in which plotly has them, in colours of Okabe and Ito for the colour-blind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

BLUE, ORANGE, GREEN, PINK, BLACK = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000"
COLOURS = (BLUE, ORANGE, GREEN, PINK, "#E69F00", "#56B4E9", "#F0E442", BLACK)
GREY = "#BBBBBB"
ROW, MARGIN = 28, 190  # pixels


def bars(names: Sequence[str], size: Sequence[float], label: str, colour: str, error: dict[str, Any]) -> dict[str, Any]:
    """Horizontal bars with error bars, the first at the bottom."""
    return {"type": "bar", "orientation": "h", "name": label, "x": list(size), "y": list(names), "error_x": error,
            "marker": {"color": colour}}  # fmt: skip


def spread(value: Sequence[float], low: Sequence[float | None], high: Sequence[float | None]) -> dict[str, Any]:
    """Error bars from low to high; none where an end is missing."""
    over = [0.0 if end is None else max(0.0, end - at) for at, end in zip(value, high, strict=True)]
    under = [0.0 if end is None else max(0.0, at - end) for at, end in zip(value, low, strict=True)]
    return {"type": "data", "symmetric": False, "array": over, "arrayminus": under, "color": BLACK, "thickness": 1}


def layout(title: str, x: str, y: str, rows: int) -> dict[str, Any]:
    """A layout whose legend stands above, high enough for so many bars."""
    return {
        "title": {"text": title, "x": 0.01, "xanchor": "left"},
        "xaxis": {"title": {"text": x}, "rangemode": "tozero", "tickformat": ",~g"},
        "yaxis": {"title": {"text": y}, "automargin": True, "type": "category"},
        "legend": {"orientation": "h", "x": 0.0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        "height": max(600, rows * ROW + MARGIN),
        "barmode": "group",
        "margin": {"t": 110, "l": 60, "r": 30, "b": 60},
    }
