"""The picture in docs/architecture.svg shows the imports as they are."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

import architecture_picture
from architecture_picture import PICTURE, picture, uses
from test_architecture import FLOOR, FLOORS, PACKAGE

SVG = "{http://www.w3.org/2000/svg}"


def shown(text: str) -> set[tuple[str, str]]:
    """Who imports whom, as the words of the dots say."""
    titles = [title.text or "" for title in ElementTree.fromstring(text).iter(f"{SVG}title")]
    pairs = [match for title in titles if (match := re.fullmatch(r"(\w+) imports (\w+)", title))]
    return {(pair[1], pair[2]) for pair in pairs}


def test_the_picture_is_up_to_date() -> None:
    """Where it is not, `python tests/architecture_picture.py` draws it anew."""
    assert PICTURE.read_text(encoding="utf-8") == picture()


def test_every_room_and_every_use_is_drawn_once_and_downward() -> None:
    used = {(room, target) for room, targets in uses(PACKAGE).items() for target in targets}
    assert shown(picture()) == used
    assert all(FLOOR[room] > FLOOR[target] for room, target in used)
    names = [text.text for text in ElementTree.fromstring(picture()).iter(f"{SVG}text")][1:]
    assert sorted(map(str, names)) == sorted(uses(PACKAGE))


def test_the_picture_follows_the_imports(tmp_path: Path) -> None:
    """Three rooms of which two import: by hand two dots; an import more is a dot more."""
    package = tmp_path / "orefolio"
    for room in ("case", "families", "errors"):
        (package / room).mkdir(parents=True)
        (package / room / "__init__.py").write_text("")
    (package / "__init__.py").write_text("")
    (package / "case" / "read.py").write_text("from orefolio.errors import Fault\n")
    (package / "families" / "balance.py").write_text("def late():\n    from ..case import Case\n")
    assert shown(picture(package)) == {("case", "errors"), ("families", "case")}
    (package / "families" / "stock.py").write_text("from orefolio import errors\n")
    assert shown(picture(package)) == {("case", "errors"), ("families", "case"), ("families", "errors")}
    places = {room: picture(package).index(f">{room}<") for room in ("case", "families", "errors")}
    assert places["families"] < places["case"] < places["errors"], "the highest floor comes first"


def test_a_picture_that_is_not_drawn_anew_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(architecture_picture, "FLOORS", tuple(reversed(FLOORS)))
    assert PICTURE.read_text(encoding="utf-8") != picture()


def test_the_page_shows_the_picture() -> None:
    assert "](architecture.svg)" in PICTURE.with_suffix(".md").read_text(encoding="utf-8")
