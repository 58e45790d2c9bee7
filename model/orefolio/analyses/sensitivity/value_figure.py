"""The bars of what things are worth: what is proved is filled, and a line goes over all that it may be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .drawing import BLUE, GOLD, GREEN, HOLLOW, ORANGE, PURPLE, axis, layout
from .intervals import Interval, finite, words
from .levers import short
from .sampled_figure import spread

COLOURS = {"information": BLUE, "solution": ORANGE, "rules": GREEN, "systems": PURPLE, "waiting": GOLD}
TITLE = "worth, million USD (filled: proved; line: all that it may be)"
NAME = 56  # letters beside a bar


def figure(things: Sequence[tuple[str, str, Interval | None]], most: int) -> dict[str, Any]:
    """Bars of million USD. things: kind, name and worth, the most worth first. most: of each kind that are drawn."""
    valued = [(kind, what, worth) for kind, what, worth in things if worth is not None]
    kept = [thing for kind in COLOURS for thing in [one for one in valued if one[0] == kind][:most]]
    shown = [thing for thing in valued if thing in kept][::-1]
    data = []
    for kind in COLOURS:
        own = [(place, what, worth) for place, (of, what, worth) in enumerate(shown) if of == kind]
        if own:
            data += _traces(kind, own)
    many = f", the {most} most worth of each kind" if len(shown) < len(valued) else ""
    return {
        "data": data,
        "layout": layout(
            f"What it is worth{many}",
            barmode="overlay",
            xaxis=axis(TITLE, tickformat=",", zeroline=True, zerolinecolor="#000000"),
            yaxis=axis("", tickmode="array", tickvals=list(range(len(shown))), automargin=True,
                       tickfont={"size": 11},
                       ticktext=[f"{short(what, NAME)}<br>{_span(worth)}" for _, what, worth in shown],
                       range=[-0.6, len(shown) - 0.4]),
            legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
            margin={"t": 80, "b": 60, "r": 20},
            height=max(280, 170 + 40 * len(shown)),
        ),
    }  # fmt: skip


def _span(worth: Interval) -> str:
    """From and to beside a bar."""
    return words(worth).removesuffix(", not proved").removesuffix(" million USD")


def _traces(kind: str, own: Sequence[tuple[int, str, Interval]]) -> list[dict[str, Any]]:
    """The bars of a kind, and over them the best plans' differences with their intervals; hollow where not proved."""
    colour, places = COLOURS[kind], [place for place, _, _ in own]
    worths = [worth for *_, worth in own]
    text = [f"{what}: {words(worth)}" for _, what, worth in own]
    return [
        {
            "type": "bar", "orientation": "h", "name": kind, "y": places, "width": 0.6,
            "x": [worth.sure for worth in worths], "hovertext": text, "hoverinfo": "text",
            "marker": {"color": colour, "line": {"color": colour, "width": 1.2}},
        },
        {
            "type": "scatter", "mode": "markers", "name": f"{kind}: of the plans found", "showlegend": False,
            "y": places,
            "x": [worth.best for worth in worths], "hovertext": text, "hoverinfo": "text",
            "marker": {"size": 5, "color": [colour if worth.proved else HOLLOW for worth in worths],
                       "line": {"color": colour, "width": 1.5}},
            "error_x": spread([worth.best for worth in worths], [finite(worth.low) for worth in worths],
                              [finite(worth.high) for worth in worths]),
        },
    ]  # fmt: skip
