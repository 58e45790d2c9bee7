"""The maps of a grid of two levers: cost, China's share, and which plan is best where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .drawing import COLOURS, GREY, axis, layout
from .levers import short
from .planned import BASE

if TYPE_CHECKING:
    from .grid import Grid

PANELS = ((0.0, 0.27), (0.365, 0.635), (0.73, 1.0))
BOTTOM = 0.36  # of the figure, under which the regions are listed
LISTED = 7  # regions with a colour and a line of their own; the rest share one
LINE, LEVER = 140, 44  # letters


def figure(grid: Grid) -> dict[str, Any]:
    """Three panels over the list of regions. A cost in brackets is not proved to differ from that at base."""
    titles = ("cost, million USD", "China's share", "region")
    data = [_cost(grid), _share(grid), _region(grid)]
    axes: dict[str, Any] = {}
    for number, (left, right) in enumerate(PANELS, 1):
        tail = "" if number == 1 else str(number)
        data[number - 1] |= {"xaxis": f"x{tail}", "yaxis": f"y{tail}"}
        axes[f"xaxis{tail}"] = axis(_title(grid.first), type="category", domain=[left, right], anchor=f"y{tail}",
                                    tickangle=0)  # fmt: skip
        axes[f"yaxis{tail}"] = axis(_title(grid.second) if number == 1 else "", type="category",
                                    domain=[BOTTOM + 0.06, 1.0], anchor=f"x{tail}")  # fmt: skip
    notes = [_note((left + right) / 2, 1.0, title, xanchor="center", yanchor="bottom")
             for (left, right), title in zip(PANELS, titles, strict=True)]  # fmt: skip
    return {
        "data": data,
        "layout": layout(
            f"{grid.first.name or grid.first.lever} and {grid.second.name or grid.second.lever}",
            **axes,
            annotations=notes + _legend(grid),
            margin={"t": 80, "b": 20, "r": 20, "l": 70},
            height=650,
        ),
    }


def _title(lever: Any) -> str:
    unit = f", {lever.unit}" if lever.unit and lever.unit != "1" else ""
    return f"{short(lever.name or lever.lever, LEVER)}{unit}"


def _heat(grid: Grid, values: list[list[Any]], texts: list[list[str]], scale: Any) -> dict[str, Any]:
    return {
        "type": "heatmap",
        "x": [f"{value:.6g}" for value in grid.across],
        "y": [f"{value:.6g}" for value in grid.up],
        "z": values,
        "text": texts,
        "texttemplate": "%{text}",
        "textfont": {"size": 11},
        "hovertemplate": "%{x}, %{y}: %{text}<extra></extra>",
        "colorscale": scale,
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
    }


def _cost(grid: Grid) -> dict[str, Any]:
    planned = grid.planned
    costs = [[planned.figures(place)[0] for place in row] for row in grid.cells]
    texts = [[_cost_text(grid, place) for place in row] for row in grid.cells]
    return _heat(grid, costs, texts, "Blues")


def _cost_text(grid: Grid, place: Any) -> str:
    cost, difference = grid.planned.cost(place), grid.planned.difference(place)
    if cost is None:
        return "no plan"
    text = f"{cost.best:,.0f}" if abs(cost.best) >= 100 else f"{cost.best:.3g}"
    return text if difference is not None and (difference.proved or not place) else f"({text})"


def _share(grid: Grid) -> dict[str, Any]:
    shares = [[grid.planned.row(place)["china_share"] for place in row] for row in grid.cells]
    texts = [["" if share is None else f"{share:.1%}" for share in row] for row in shares]
    return _heat(grid, shares, texts, [[0, "#FFFFFF"], [1, "#E69F00"]])


def _region(grid: Grid) -> dict[str, Any]:
    numbers = {region.letter: min(number, LISTED) for number, region in enumerate(grid.regions)}
    letters = [[grid.letter(place) for place in row] for row in grid.cells]
    drawn = _heat(grid, [[numbers.get(letter) for letter in row] for row in letters], letters, _steps())
    return drawn | {"zmin": 0, "zmax": LISTED}


def _colour(number: int) -> str:
    """Without black, on which no letter shows; grey for what shares a line."""
    return COLOURS[number] if number < LISTED else GREY


def _steps() -> list[list[Any]]:
    every = LISTED + 1
    return [[(number + side) / every, _colour(number)] for number in range(every) for side in (0, 1)]


def _note(x: float, y: float, text: str, **more: Any) -> dict[str, Any]:
    return {"x": x, "y": y, "xref": "paper", "yref": "paper", "text": text, "showarrow": False, **more}


def _legend(grid: Grid) -> list[dict[str, Any]]:
    lines = [(f"<b>{region.letter}</b> {short(region.words, LINE)}", _colour(number))
             for number, region in enumerate(grid.regions[:LISTED])]  # fmt: skip
    rest = grid.regions[LISTED:]
    if rest:
        lines.append((f"<b>{rest[0].letter} …</b> {len(rest)} further plans, in the table regions", GREY))
    lines.append(
        (f"In brackets: not proved to cost other than base. A plan is the best that was found. {_base(grid)}", "")
    )
    step = (BOTTOM - 0.1) / (LISTED + 2)
    return [
        _note(0, BOTTOM - 0.1 - number * step, f"<span style='color:{colour}'>■</span> {text}" if colour else text,
              xanchor="left", yanchor="top", align="left", font={"size": 11})
        for number, (text, colour) in enumerate(lines)
    ]  # fmt: skip


def _base(grid: Grid) -> str:
    return f"Base: {grid.base[0]:.6g} across and {grid.base[1]:.6g} up, {_cost_text(grid, BASE)}."
