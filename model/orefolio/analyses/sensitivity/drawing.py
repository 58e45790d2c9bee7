"""What the figures of these analyses share: colours that everybody can tell apart, a layout, how words are cut."""

from __future__ import annotations

from typing import Any

BLUE, ORANGE, GREEN, PURPLE, GOLD, SKY, YELLOW, BLACK = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#000000"
)  # fmt: skip
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, GOLD, SKY, YELLOW, BLACK)
"""Of Okabe and Ito."""
GREY = "#BBBBBB"
HOLLOW = "rgba(255,255,255,0)"


def layout(title: str, **more: Any) -> dict[str, Any]:
    """A layout with a title."""
    return {"title": {"text": title, "font": {"size": 15}}, "width": 1000, "height": 600, **more}


def axis(title: str, **more: Any) -> dict[str, Any]:
    """An axis with a title."""
    return {"title": {"text": title}, **more}
