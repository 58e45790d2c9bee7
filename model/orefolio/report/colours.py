"""One colour for each country, the same in every figure of a page."""

from __future__ import annotations

from .drawing import BLACK, COLOURS, ORANGE
from .reading import Read, number

CHINA = "CN"


def colours(read: Read) -> dict[str, str]:
    """Colour by ISO code: China, the first country with a demand, then the greatest suppliers by tonnes.

    A country that is not among them is grey.
    """
    tonnes: dict[str, float] = {}
    for row in read.rows("supply"):
        if row["enters_chain"] == "yes":
            weight = read.weights[row["future"]]
            tonnes[row["country"]] = tonnes.get(row["country"], 0.0) + weight * number(row["t"])
    home = next(iter(homes(read)), "")
    ranked = [code for code in sorted(tonnes, key=lambda code: -tonnes[code]) if code not in (CHINA, home)]
    free = [colour for colour in COLOURS if colour not in (ORANGE, BLACK)]
    return {CHINA: ORANGE} | ({home: BLACK} if home not in ("", CHINA) else {}) | dict(zip(ranked, free, strict=False))


def homes(read: Read) -> list[str]:
    """Countries in which there is demand."""
    places = read.case_by("places", "place")
    return list(dict.fromkeys(places[row["place"]]["country"] for row in read.case_rows("demands")))
