"""The map of the world: its countries are where and as large as they are, and it shows the shares that it was given."""

from __future__ import annotations

import csv
import json
import math
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import pytest

from orefolio.report.world import ATLAS, Country, countries, figure, unmapped

from .natural_earth import SMALL, Ring, area, cut, inside, joined, middle

REPOSITORY = Path(__file__).parents[2]
EARTH_KM = 6371.0
SHARES = {"CN": 0.6, "AU": 0.24, "SG": 0.1, "EE": 0.06}
"""The greatest is 0.6. Singapore is a dot alone, Estonia land and dot."""


def rings(country: Country) -> list[Ring]:
    return [list(zip(x, y, strict=True)) for x, y in country.rings]


def km2(ring: Ring) -> float:
    """Area on the sphere, positive where the ring runs clockwise."""
    turned = [(math.radians(x), math.sin(math.radians(y))) for x, y in ring]
    return EARTH_KM**2 * sum((x1 - x0) * (y0 + y1) / 2 for (x0, y0), (x1, y1) in pairwise(turned))


def codes_of_cases() -> set[str]:
    """Every country that a table of an example case or of the register names."""
    found: set[str] = set()
    for path in (*REPOSITORY.glob("inputs/*/*.csv"), *REPOSITORY.glob("seeds/**/*.csv")):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"\bcountry=([A-Z]{2})\b", text))
        for row in csv.DictReader(text.splitlines()):
            cells = [cell for name, cell in row.items() if name and (name == "country" or name.endswith("origin"))]
            found |= {cell for cell in cells if cell and re.fullmatch("[A-Z]{2}", cell)}
    return found


def test_every_country_of_the_cases_and_the_register_is_on_the_map() -> None:
    codes = codes_of_cases()
    assert {"JP", "CN", "GL", "EE", "CD", "TR"} <= codes
    assert unmapped(dict.fromkeys(codes, 0.1)) == ""


@pytest.mark.parametrize(
    ("code", "thousand_km2"),
    [("RU", 17_098), ("CA", 9_985), ("US", 9_526), ("CN", 9_597), ("BR", 8_516), ("AU", 7_692), ("IN", 3_287),
     ("GL", 2_166), ("ZA", 1_221), ("TZ", 947), ("UA", 604), ("SO", 638), ("MY", 331), ("VN", 331)],
)  # fmt: skip
def test_a_country_is_as_large_as_it_is_known_to_be(code: str, thousand_km2: int) -> None:
    assert sum(map(km2, rings(countries()[code]))) == pytest.approx(1000 * thousand_km2, rel=0.05)


def test_all_countries_are_the_land_of_the_earth_without_antarctica() -> None:
    land = sum(km2(ring) for country in countries().values() for ring in rings(country))
    assert land == pytest.approx(148.9e6 - 14.0e6, rel=0.01)


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("CN", (109.97, 41.77)),  # Bayan Obo
        ("US", (-115.53, 35.48)),  # Mountain Pass
        ("AU", (122.54, -28.86)),  # Mount Weld
        ("BR", (-46.94, -19.59)),  # Araxá
        ("JP", (138.19, 36.65)),  # Nagano
        ("SE", (20.23, 67.86)),  # Kiruna
        ("LS", (28.2, -29.6)),  # within the hole of South Africa
        ("SO", (44.07, 9.56)),  # Hargeisa
        ("CY", (33.36, 35.2)),  # Nicosia
        ("UA", (34.1, 44.95)),  # Simferopol
        ("RU", (104.3, 52.3)),  # Irkutsk
        ("RU", (-175.0, 66.8)),  # east of 180°
    ],
)
def test_a_place_lies_in_its_country_alone(code: str, place: tuple[float, float]) -> None:
    around = [name for name, country in countries().items() if sum(inside(place, ring) for ring in rings(country)) % 2]
    assert around == [code]


def test_no_ring_is_smeared_over_the_map() -> None:
    for code, country in countries().items():
        for ring in rings(country):
            x = [x for x, _ in ring]
            assert -180 <= min(x) <= max(x) <= 180, code
            assert max(x) - min(x) < 180, code
            assert ring[0] == ring[-1], code
            assert all(here != there for here, there in pairwise(ring)), code


def test_the_only_hole_is_lesotho_in_south_africa() -> None:
    holes = [(code, ring) for code, country in countries().items() for ring in rings(country) if area(ring) < 0]
    ((code, hole),) = holes
    assert code == "ZA"
    assert inside((28.2, -29.6), hole)


def test_what_is_small_has_a_marker_and_nothing_else_has() -> None:
    small = {code for code, country in countries().items() if sum(map(area, rings(country))) < 0.97 * SMALL}
    large = {code for code, country in countries().items() if sum(map(area, rings(country))) > 1.03 * SMALL}
    assert {"SG", "EE", "NL", "KR", "TW"} <= small
    assert all(countries()[code].at for code in small)
    assert not any(countries()[code].at for code in large)
    assert countries()["SG"].at == pytest.approx((103.8, 1.35), abs=0.1)
    assert countries()["EE"].at == pytest.approx((25.5, 58.7), abs=0.5)


def test_names_are_written_in_full() -> None:
    names = {code: country.name for code, country in countries().items()}
    assert [name for name in names.values() if "." in name] == ["U.S. Virgin Islands"]
    assert len(set(names.values())) == len(names)
    assert [names[code] for code in ("CD", "CY", "SO", "MK", "BA")] == [
        "Congo (Kinshasa)", "Cyprus", "Somalia", "North Macedonia", "Bosnia and Herzegovina",
    ]  # fmt: skip


def test_the_file_is_small_and_its_licence_stands_beside_it() -> None:
    assert ATLAS.stat().st_size < 120_000
    licence = (ATLAS.parent / "LICENCE.txt").read_text(encoding="utf-8")
    assert "public domain" in licence
    assert "Permission to use, copy, modify" in licence


def drawn(**given: Any) -> tuple[dict[str, Any], dict[str, dict[str, Any]], dict[str, Any]]:
    """The trace of the grey land, those of shaded countries by what is told of them, the dots."""
    grey, *shaded, dots = figure(SHARES, "share in 2030", **given)["data"]
    return grey, {trace["text"]: trace for trace in shaded}, dots


def test_a_country_tells_its_share_and_its_tonnes() -> None:
    _, shaded, dots = drawn(tonnes={"CN": 12345.6, "AU": 4938.0, "SG": 0.25})
    assert list(shaded) == ["China<br>60.0 %, 12,346 t", "Australia<br>24.0 %, 4,938 t", "Estonia<br>6.0 %"]
    assert dots["text"] == ["Singapore<br>10.0 %, 0.25 t", "Estonia<br>6.0 %", ""]
    assert all(trace["hoveron"] == "fills" and trace["hoverinfo"] == "text" for trace in shaded.values())


def test_a_shade_is_the_share_on_the_bar_of_colours() -> None:
    """0.24 of 0.6 is 0.4 of the bar, 0.6 of the way from the second to the third of five colours.

    161 − 0.6 × 96 = 103.4; 218 − 0.6 × 36 = 196.4; 180 + 0.6 × 16 = 189.6. For 0.06 it is 0.4 from the first to the
    second: 255 − 0.4 × 94 = 217.4; 255 − 0.4 × 37 = 240.2; 204 − 0.4 × 24 = 194.4.
    """
    _, shaded, dots = drawn()
    colours = {told.partition("<")[0]: trace["fillcolor"] for told, trace in shaded.items()}
    assert colours == {"China": "rgb(37,52,148)", "Australia": "rgb(103,196,190)", "Estonia": "rgb(217,240,194)"}
    marker = dots["marker"]
    assert (marker["color"], marker["cmin"], marker["cmax"]) == ([0.1, 0.06, 0], 0, 0.6)
    assert marker["colorscale"][0] == [0.0, "rgb(255,255,204)"]
    assert marker["colorscale"][-1] == [1.0, "rgb(37,52,148)"]
    assert marker["colorbar"]["title"]["text"] == "share in 2030"


def test_darker_means_more_also_without_colour() -> None:
    """Brightness as the eye weighs red, green and blue falls from each colour of the bar to the next."""
    _, _, dots = drawn()
    scale = [tuple(map(int, re.findall(r"\d+", colour))) for _, colour in dots["marker"]["colorscale"]]
    brightness = [0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in scale]
    assert all(here > there + 20 for here, there in pairwise(brightness))


def test_land_without_a_share_is_grey_and_every_ring_is_drawn_once() -> None:
    grey, shaded, _ = drawn()
    outlines = sum(trace["x"].count(None) + 1 for trace in (grey, *shaded.values()))
    assert outlines == sum(len(country.rings) for country in countries().values())
    assert grey["x"].count(None) + 1 == sum(len(one.rings) for code, one in countries().items() if code not in SHARES)
    assert grey["fillcolor"] == "#DDDDDD"
    assert grey["hoverinfo"] == "skip"


@pytest.mark.parametrize("shares", [{}, {"CN": 0.0}, {"XX": 0.5}])
def test_a_map_without_any_share_to_show_is_still_a_map(shares: dict[str, float]) -> None:
    given = figure(shares, "share")
    assert json.loads(json.dumps(given, allow_nan=False)) == given
    assert given["data"][-1]["marker"]["cmax"] == 1.0


def test_a_code_that_the_map_lacks_is_named_with_its_share() -> None:
    given = {"CN": 0.5, "XX": 0.375, "GI": 0.125}
    assert unmapped(given) == "Not on the map: XX (37.5 %), GI (12.5 %)."
    assert len(figure(given, "share")["data"]) == len(figure({"CN": 0.5}, "share")["data"])


def test_plotly_takes_the_figure_and_has_nothing_to_fetch() -> None:
    given = figure(SHARES, "share")
    taken = go.Figure(given)
    assert {trace.type for trace in taken.data} == {"scatter"}
    assert not {"geo", "map", "mapbox", "images"} & set(given["layout"])


def test_the_map_keeps_its_shape_whatever_its_width() -> None:
    look = figure(SHARES, "share")["layout"]
    assert look["yaxis"]["scaleanchor"] == "x"
    assert look["yaxis"]["scaleratio"] == pytest.approx(1 / math.cos(math.radians(34)), abs=0.01)
    assert {look[name]["constrain"] for name in ("xaxis", "yaxis")} == {"domain"}
    assert "width" not in look


def test_a_dot_is_met_only_from_upon_it_so_that_its_neighbours_are_met_too() -> None:
    """Japan is as near to South Korea's dot as plotly's own 20 pixels on a map 1,000 wide."""
    assert figure({"JP": 0.5, "KR": 0.5}, "share")["layout"]["hoverdistance"] == 1


# ---- how the file was made

SQUARE: Ring = [(170, 0), (170, 10), (-170, 10), (-170, 0), (170, 0)]


def test_a_ring_over_180_degrees_is_cut_in_two() -> None:
    """Twenty degrees wide and ten high, half of it on each side."""
    west, east = sorted(cut(SQUARE))
    assert {x for x, _ in west} == {-180, -170}
    assert {x for x, _ in east} == {170, 180}
    assert area(west) == area(east) == 100
    assert west[0] == west[-1]
    assert east[0] == east[-1]


def test_a_ring_that_crosses_nothing_stays_as_it_is() -> None:
    ring: Ring = [(0, 0), (0, 2), (3, 2), (3, 0), (0, 0)]
    assert cut(ring) == [ring]
    assert (area(ring), area(ring[::-1])) == (6, -6)
    assert middle(ring) == middle(ring[::-1]) == (1.5, 1)


def test_arcs_join_at_their_ends_and_run_backwards_where_the_file_says_so() -> None:
    arcs: list[Ring] = [[(0, 0), (1, 0)], [(0, 0), (0, 1), (1, 0)]]
    assert joined([0, ~1], arcs) == [(0, 0), (1, 0), (0, 1), (0, 0)]
