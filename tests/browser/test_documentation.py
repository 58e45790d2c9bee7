"""The documentation in a browser, from its files alone: wide and narrow, searched, with its equations drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from docs import MENU
from docs.pages import build

from .conftest import Watched

SIDEWAYS = "() => document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    build(MENU, out)
    return out


@pytest.mark.parametrize("width", [1100, 390])
def test_every_page_opens_from_its_file_and_asks_for_nothing_else(browser: Browser, site: Path, width: int) -> None:
    """Not sideways either: what is wide scrolls in a box of its own."""
    with browser.new_context(viewport={"width": width, "height": 800}, offline=True) as context:
        page = context.new_page()
        heard = Watched(page)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for path in sorted(site.glob("*.html")):
            page.goto(path.as_uri())
            assert page.evaluate(SIDEWAYS) <= 0, path.name
            assert page.locator("main h1").count() == 1, path.name
        assert heard.wrong == []
        assert {url for url in asked if not url.startswith((site.as_uri(), "data:"))} == set()


def test_search_finds_a_column_by_name(page: Page, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    page.fill("#search", "import_caps.csv")
    page.get_by_role("link", name="import_caps.csv").first.click()
    assert page.url.endswith("case-format.html#import_caps-csv")


def test_equations_take_room_and_names_stand_upright(page: Page, site: Path) -> None:
    page.goto((site / "formulation.html").as_uri())
    equations = page.locator(".equation math")
    assert equations.count() > 60
    assert equations.first.bounding_box()["height"] > 10  # type: ignore[index]
    assert page.locator(".equation mtext", has_text="activity").count() > 0
