"""`python -m tests.report.natural_earth 110m.json 50m.json ISO.json`: make the report's countries.json anew.

The first two are `countries-110m.json` and `countries-50m.json` of the npm package world-atlas 2.0.2, which are Natural
Earth's countries as TopoJSON; the third is `iso_3166-1.json` of Debian's iso-codes, for the two letters of a number.

Every country has rings in tenths of a degree, longitude and latitude in turn, cut at 180° and closed: outer rings run
clockwise, holes the other way. One too small to be seen has `at`, where its marker stands; one that the coarser map
leaves out has nothing else. Land belongs to the country that ISO 3166 counts it to.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

Ring = list[tuple[float, float]]

OUTPUT = Path(__file__).parents[2] / "model" / "orefolio" / "report" / "atlas" / "countries.json"
SMALL = 12.0
"""Square degrees under which a country gets a marker: about ten pixels by ten on a map 1,000 wide."""
LEFT_OUT = {"AQ"}
WITHOUT_NUMBER = {"Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO"}
CRIMEA = (34.0, 45.2)
SPELT = {
    "Is.": "Islands", "I.": "Island", "Br.": "British", "Fr.": "French", "St.": "Saint", "Rep.": "Republic",
    "Eq.": "Equatorial", "Herz.": "Herzegovina", "Vin.": "Vincent", "Gren.": "the Grenadines", "Barb.": "Barbuda",
    "Ter.": "Territory", "N.": "Northern", "S.": "South", "W.": "Western", "Geo.": "Georgia", "Faeroe": "Faroe",
}  # fmt: skip
NAMES = {
    "BL": "Saint Barthélemy", "CD": "Congo (Kinshasa)", "GS": "South Georgia and the South Sandwich Islands",
    "MF": "Saint Martin", "MK": "North Macedonia", "SZ": "Eswatini", "TF": "French Southern Territories",
    "TR": "Türkiye", "US": "United States", "VN": "Viet Nam",
}  # fmt: skip


def main() -> None:
    """Write the file."""
    coarse, fine, codes = (json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:4])
    letters = {entry["numeric"]: entry["alpha_2"] for entry in codes["3166-1"]}
    found: dict[str, dict[str, Any]] = {}
    for code, name, rings in countries(coarse, letters):
        found.setdefault(code, {"name": name, "rings": []})["rings"] += rings
    crimea = next(ring for ring in found["RU"]["rings"] if len(ring) < 30 and inside(CRIMEA, ring))
    found["RU"]["rings"].remove(crimea)
    found["UA"]["rings"].append(crimea)
    for code, name, rings in countries(fine, letters):
        if code not in found:
            found[code] = {"name": name, "at": middle(max(rings, key=area))}
    lines = [f"{json.dumps(code)}:{written(entry)}" for code, entry in sorted(found.items())]
    OUTPUT.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def countries(topology: Mapping[str, Any], letters: Mapping[str, str]) -> Iterator[tuple[str, str, list[Ring]]]:
    """ISO code, name and rings in degrees; a code may come more than once, first the land that bears its name."""
    arcs = list(degrees(topology))
    for shape in sorted(topology["objects"]["countries"]["geometries"], key=lambda shape: "id" not in shape):
        name = shape["properties"]["name"]
        code = WITHOUT_NUMBER.get(name) or letters.get(shape.get("id", ""), "")
        if not code or code in LEFT_OUT:
            continue
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        yield code, name_of(code, name), [
            piece for polygon in polygons for line in polygon for piece in cut(joined(line, arcs))
        ]  # fmt: skip


def name_of(code: str, name: str) -> str:
    """A name as it is written in full today."""
    return NAMES.get(code) or " ".join(SPELT.get(word, word) for word in name.split())


def degrees(topology: Mapping[str, Any]) -> Iterator[Ring]:
    """Arcs, of which the file has steps on a grid."""
    (wide, high), (west, south) = topology["transform"]["scale"], topology["transform"]["translate"]
    for steps in topology["arcs"]:
        x = y = 0
        arc = []
        for right, up in steps:
            x, y = x + right, y + up
            arc.append((x * wide + west, y * high + south))
        yield arc


def joined(line: list[int], arcs: list[Ring]) -> Ring:
    """A closed ring of arcs, each beginning where the last ended; ~number is an arc backwards."""
    ring: Ring = []
    for number in line:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += arc[1:] if ring else arc
    return ring


def cut(ring: Ring) -> list[Ring]:
    """The parts of a closed ring on either side of the line at 180°, each between -180° and 180°."""
    ahead = [ring[0]]
    for x, y in ring[1:]:
        ahead.append((x - 360 * round((x - ahead[-1][0]) / 360), y))
    parts = [(shift, within(ahead, shift - 180, shift + 180)) for shift in (-360, 0, 360)]
    return [[(x - shift, y) for x, y in part] for shift, part in parts if abs(area(part)) > 1e-6]


def within(ring: Ring, west: float, east: float) -> Ring:
    """The part of a closed ring between two meridians, after Sutherland and Hodgman."""
    for limit, side in ((west, 1), (east, -1)):
        kept: Ring = []
        for (x0, y0), (x1, y1) in pairwise(ring):
            if side * (x0 - limit) >= 0:
                kept.append((x0, y0))
            if (x0 - limit) * (x1 - limit) < 0:
                kept.append((limit, y0 + (y1 - y0) * (limit - x0) / (x1 - x0)))
        ring = [*kept, kept[0]] if kept else []
    return ring


def area(ring: Ring) -> float:
    """Square degrees, positive where a closed ring runs clockwise."""
    return sum(x1 * y0 - x0 * y1 for (x0, y0), (x1, y1) in pairwise(ring)) / 2


def middle(ring: Ring) -> tuple[float, float]:
    """The centre of what a closed ring holds, reckoned from its first point, so that a small ring loses no digits."""
    (x, y), whole = ring[0], area(ring)
    near = [(a - x, b - y) for a, b in ring]
    steps = [(a, b, (a[0] + b[0]) / 6, (a[1] + b[1]) / 6) for a, b in pairwise(near)]
    right = sum((b[0] * a[1] - a[0] * b[1]) * across for a, b, across, _ in steps)
    up = sum((b[0] * a[1] - a[0] * b[1]) * along for a, b, _, along in steps)
    return x + right / whole, y + up / whole


def inside(point: tuple[float, float], ring: Ring) -> bool:
    """Whether a closed ring goes round a point."""
    x, y = point
    return sum(
        (y0 > y) != (y1 > y) and x < x0 + (x1 - x0) * (y - y0) / (y1 - y0)
        for (x0, y0), (x1, y1) in pairwise(ring)
    ) % 2 == 1  # fmt: skip


def written(entry: Mapping[str, Any]) -> str:
    """One country as a line of JSON: tenths of a degree, points that fall together left out, a marker where small."""
    line: dict[str, Any] = {"name": entry["name"]}
    rings = entry.get("rings", [])
    at = entry.get("at")
    if sum(map(area, rings)) < SMALL:
        at = at or middle(max(rings, key=area))
        line["at"] = [round(10 * part) for part in at]
    if rings:
        line["rings"] = []
    for ring in rings:
        points = [(round(10 * x), round(10 * y)) for x, y in ring]
        points = [point for point, last in zip(points, [None, *points[:-1]], strict=True) if point != last]
        if len(points) > 3:
            line["rings"].append([part for point in points for part in point])
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    main()
