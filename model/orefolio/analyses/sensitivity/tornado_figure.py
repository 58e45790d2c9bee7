"""The bars of a tornado: what is proved of a difference is filled, the rest of it hollow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .drawing import BLUE, HOLLOW, ORANGE, axis, layout
from .levers import short
from .planned import Planned

if TYPE_CHECKING:
    from .tornado import Bar

NAME = 50  # letters of a lever's name beside its bar
LANES = {"low": (BLUE, 0.02), "high": (ORANGE, -0.4)}
"""Colour of an end, and where its half of the bar begins above the lever's line."""
WIDTH = 0.38


def figure(planned: Planned, bars: Sequence[Bar], every: int) -> dict[str, Any]:
    """Bars of million USD against base, the widest on top. every: how many levers there are."""
    shown = list(reversed(bars))
    names = [f"{short(bar.lever.name or bar.lever.lever, NAME)} ({bar.lever.low:g} – {bar.lever.high:g})"
             for bar in shown]  # fmt: skip
    data = [trace for end in LANES for trace in _traces(planned, shown, end)]
    if len(bars) < every:
        title = f"What moves the cost: the {len(bars)} widest of {every} levers, each alone from low to high"
    else:
        title = "What moves the cost: each lever alone from low to high"
    places = list(range(len(shown)))
    return {
        "data": data,
        "layout": layout(
            title,
            barmode="overlay",
            xaxis=axis("cost less that at base, million USD", tickformat=",", zeroline=True, zerolinecolor="#000000"),
            yaxis=axis("lever (low – high)", tickmode="array", tickvals=places, ticktext=names, automargin=True,
                       range=[-0.6, len(shown) - 0.4], tickfont={"size": 11}),
            legend={"orientation": "h", "x": 0, "y": -0.12},
            margin={"t": 50, "b": 90, "r": 20},
            height=max(600, 170 + 24 * len(shown)),
        ),
    }  # fmt: skip


def _traces(planned: Planned, bars: Sequence[Bar], end: str) -> list[dict[str, Any]]:
    """The whole difference as a hollow bar, and what is proved of it as a filled one over it."""
    colour, offset = LANES[end]
    found = [planned.difference(bar.end(end)[1]) for bar in bars]
    whole = [None if difference is None else difference.best for difference in found]
    proved = [None if difference is None else difference.sure for difference in found]
    common = {"type": "bar", "orientation": "h", "y": list(range(len(bars))), "offset": offset, "width": WIDTH}
    text = [f"{bar.lever.lever} = {bar.end(end)[0]:g}: {planned.told(bar.end(end)[1])}" for bar in bars]
    line = {"color": colour, "width": 1.2}
    return [
        {**common, "name": f"{end}: not proved", "x": whole, "hovertext": text, "hoverinfo": "text",
         "marker": {"color": HOLLOW, "line": line}},
        {**common, "name": f"{end}: proved", "x": proved, "hovertext": text, "hoverinfo": "text",
         "marker": {"color": colour, "line": line}},
    ]  # fmt: skip
