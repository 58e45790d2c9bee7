"""The panels of a stress: regret in each future, and cost over all probabilities that were drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .drawing import BLUE, COLOURS, HOLLOW, axis, layout
from .intervals import Interval, finite, words
from .sampled_figure import spread

LEFT, RIGHT = [0.0, 0.42], [0.56, 1.0]


def figure(
    regrets: Mapping[str, Interval | None], costs: Mapping[str, Sequence[float]], shares: Sequence[float]
) -> dict[str, Any]:
    """Bars of regret, hollow where it is not proved; lines of cost by plan over the share of the draws."""
    known = {name: regret for name, regret in regrets.items() if regret is not None}
    data: list[dict[str, Any]] = [_bars(known)]
    data += [
        {
            "type": "scatter", "mode": "lines+markers", "name": plan, "x": [100 * share for share in shares],
            "y": list(values), "xaxis": "x2", "yaxis": "y2", "line": {"color": COLOURS[number % len(COLOURS)]},
        }
        for number, (plan, values) in enumerate(costs.items())
    ]  # fmt: skip
    return {
        "data": data,
        "layout": layout(
            "How the plan fares in each future, and under other probabilities of them",
            xaxis=axis("future", type="category", domain=LEFT, anchor="y"),
            yaxis=axis("regret against its own best plan, million USD", tickformat=",", anchor="x"),
            xaxis2=axis("share of the draws that cost no more, %", domain=RIGHT, anchor="y2"),
            yaxis2=axis("expected cost, million USD", tickformat=",", anchor="x2"),
            legend={"orientation": "h", "x": 0.56, "y": 1.0, "yanchor": "bottom"},
            margin={"t": 90, "b": 70, "l": 80, "r": 20},
        ),
    }


def _bars(known: Mapping[str, Interval]) -> dict[str, Any]:
    values = list(known.values())
    best = [regret.best for regret in values]
    return {
        "type": "bar", "name": "regret", "x": list(known), "y": best, "showlegend": False,
        "error_y": spread(best, [finite(one.low) for one in values], [finite(one.high) for one in values]),
        "marker": {"color": [BLUE if regret.proved else HOLLOW for regret in values],
                   "line": {"color": BLUE, "width": 1.2}},
        "hovertext": [f"{name}: {words(regret)}" for name, regret in known.items()], "hoverinfo": "text",
    }  # fmt: skip
