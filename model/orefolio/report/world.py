"""A map of the world that shades countries by a share, without a network: the countries stand in `atlas`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ATLAS = Path(__file__).parent / "atlas" / "countries.json"
SCALE = ((255, 255, 204), (161, 218, 180), (65, 182, 196), (44, 127, 184), (37, 52, 148))
"""From no share to the greatest, ever darker: ColorBrewer's YlGnBu, which everybody can tell apart."""
LAND, BORDER, OUTLINE = "#DDDDDD", "#FFFFFF", "#222222"
WEST, EAST, SOUTH, NORTH = -180, 180, -57, 84
STRETCH = 1.2
"""A degree of latitude over one of longitude: equirectangular, true to shape 34° from the equator."""
HEIGHT, MARKER = 500, 9


@dataclass(frozen=True)
class Country:
    """Rings are closed: longitudes and latitudes in degrees. at: where the marker of a small country stands."""

    name: str
    rings: tuple[tuple[list[float], list[float]], ...]
    at: tuple[float, float] | None


@cache
def countries() -> dict[str, Country]:
    """Countries by their ISO 3166 code of two letters; those too small for the map have no rings."""
    lines = json.loads(ATLAS.read_text(encoding="utf-8"))
    return {code: _country(line) for code, line in lines.items()}


def _country(line: Mapping[str, Any]) -> Country:
    """A country of the file, whose numbers are tenths of a degree, longitude and latitude in turn."""
    rings = [[part / 10 for part in ring] for ring in line.get("rings", ())]
    at = (line["at"][0] / 10, line["at"][1] / 10) if "at" in line else None
    return Country(line["name"], tuple((ring[::2], ring[1::2]) for ring in rings), at)


def figure(shares: Mapping[str, float], measure: str, tonnes: Mapping[str, float] | None = None) -> dict[str, Any]:
    """What plotly draws. shares, tonnes: by ISO 3166 code; measure: what is shared, above the bar of colours.

    The darkest is the greatest share. A country without a share is grey. What has no place here, `unmapped` names.
    """
    shown = {code: share for code, share in shares.items() if code in countries()}
    most = max(shown.values(), default=0.0) or 1.0
    told = {code: _told(code, share, tonnes) for code, share in shown.items()}
    rest = (country for code, country in countries().items() if code not in shown)
    shaded = [
        _land([countries()[code]], _colour(share / most), OUTLINE, hoveron="fills", text=told[code], hoverinfo="text")
        for code, share in shown.items()
        if countries()[code].rings
    ]
    grey = _land(rest, LAND, BORDER, name="no share", showlegend=True, hoverinfo="skip")
    return {"data": [grey, *shaded, _markers(shown, told, most, measure)], "layout": _layout()}


def unmapped(shares: Mapping[str, float]) -> str:
    """A sentence that names what the map cannot show, empty where it shows all."""
    missing = [f"{code} ({_percent(share)})" for code, share in shares.items() if code not in countries()]
    return f"Not on the map: {', '.join(missing)}." if missing else ""


def _told(code: str, share: float, tonnes: Mapping[str, float] | None) -> str:
    """What is told of a country that is pointed at."""
    told = f"{countries()[code].name}<br>{_percent(share)}"
    if tonnes is None or code not in tonnes:
        return told
    amount = tonnes[code]
    return f"{told}, {amount:,.0f} t" if amount >= 100 else f"{told}, {amount:.3g} t"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _land(land: Iterable[Country], fill: str, line: str, **more: Any) -> dict[str, Any]:
    """One trace of all rings, with a gap between two."""
    x: list[float | None] = []
    y: list[float | None] = []
    for country in land:
        for longitudes, latitudes in country.rings:
            x += [*longitudes, None]
            y += [*latitudes, None]
    look = {"mode": "lines", "fill": "toself", "fillcolor": fill, "line": {"color": line, "width": 0.7}}
    return {"type": "scatter", "x": x[:-1], "y": y[:-1], "showlegend": False, **look, **more}


def _markers(shown: Mapping[str, float], told: Mapping[str, str], most: float, measure: str) -> dict[str, Any]:
    """The small countries as dots, and the bar of colours, which an empty point keeps where no dot is."""
    places = {code: at for code in shown if (at := countries()[code].at)}
    bar = {
        "orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom", "len": 0.5, "thickness": 12,
        "title": {"text": measure, "side": "top"}, "tickformat": ".2~%", "nticks": 5, "outlinewidth": 0.5,
    }  # fmt: skip
    scale = [[place / (len(SCALE) - 1), _rgb(colour)] for place, colour in enumerate(SCALE)]
    marker = {
        "color": [*(shown[code] for code in places), 0], "colorscale": scale, "cmin": 0, "cmax": most, "colorbar": bar,
        "showscale": True, "size": MARKER, "line": {"color": OUTLINE, "width": 1},
    }  # fmt: skip
    return {
        "type": "scatter", "mode": "markers", "marker": marker, "showlegend": False, "hoverinfo": "text",
        "x": [*(x for x, _ in places.values()), None], "y": [*(y for _, y in places.values()), None],
        "text": [*(told[code] for code in places), ""],
    }  # fmt: skip


def _colour(part: float) -> str:
    """The colour of a share over the greatest, as plotly reckons it on the bar."""
    below = min(int(part * (len(SCALE) - 1)), len(SCALE) - 2)
    way = part * (len(SCALE) - 1) - below
    return _rgb([round(a + (b - a) * way) for a, b in zip(SCALE[below], SCALE[below + 1], strict=True)])


def _rgb(colour: Iterable[int]) -> str:
    return f"rgb({','.join(map(str, colour))})"


def _layout() -> dict[str, Any]:
    """As wide as the page; the map keeps its shape and hangs under the bar of colours.

    A dot is pointed at only from upon it: it would take the place of its neighbours else.
    """
    bare = {"visible": False, "constrain": "domain"}
    return {
        "autosize": True, "height": HEIGHT, "margin": {"t": 75, "b": 5, "l": 20, "r": 20}, "hovermode": "closest",
        "hoverdistance": 1, "dragmode": False, "xaxis": {**bare, "range": [WEST, EAST]},
        "yaxis": {
            **bare, "range": [SOUTH, NORTH], "scaleanchor": "x", "scaleratio": STRETCH, "constraintoward": "top",
        },
        "legend": {"orientation": "h", "x": 1, "xanchor": "right", "y": 1.02, "yanchor": "bottom"},
    }  # fmt: skip
