"""The look of the page: words can be read by people who see less contrast."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

CSS = files("orefolio.app").joinpath("page.css").read_text(encoding="utf-8")
NAMED = dict(re.findall(r"--([a-z]+): (#[0-9a-f]+);", CSS))
LEAST_OF_TEXT, LEAST_OF_MARKS = 4.5, 3.0  # WCAG 2.2, AA: 1.4.3 and 1.4.11


def colours(properties: str) -> set[str]:
    """The colours that the page gives to some properties, each as #rgb or #rrggbb."""
    found = re.findall(rf"(?<![-\w])(?:{properties}):[^;}}]*?(#[0-9a-f]+|var\(--[a-z]+\))", CSS)
    return {NAMED[each[6:-1]] if each.startswith("var") else each for each in found}


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1, as WCAG defines it."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("one", "other", "ratio"), [("#000", "#fff", 21.0), ("#777777", "#fff", 4.48)])
def test_contrast_is_that_of_the_guidelines(one: str, other: str, ratio: float) -> None:
    """The two examples that everybody quotes: black on white, and the lightest grey that fails."""
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)


def test_every_text_stands_out_from_every_paper() -> None:
    texts, papers = colours("color"), colours("background")
    assert len(texts) >= 4
    assert papers >= {"#fff", "#f4f4f4"}
    low = {(text, paper) for text in texts for paper in papers if contrast(text, paper) < LEAST_OF_TEXT}
    assert low == set()


def test_focus_sliders_and_borders_of_boxes_stand_out_from_the_paper() -> None:
    marks = colours("outline|accent-color") | {"#767676"}
    assert NAMED["mark"] in marks
    assert {mark for mark in marks if contrast(mark, NAMED["paper"]) < LEAST_OF_MARKS} == set()


def test_nothing_is_made_paler_by_opacity() -> None:
    assert "opacity" not in CSS
