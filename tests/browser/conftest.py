"""Pages in Debian's chromium. A page that says an error, misses a file or asks beyond this machine fails its test.

A picture of each page stands in `results/screenshots` afterwards, or in the folder that SCREENSHOTS names.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "The tests of pages need a chromium: apt-get install chromium fonts-noto-cjk"
SCREENSHOTS = Path(os.environ.get("SCREENSHOTS") or Path(__file__).parents[2] / "results" / "screenshots")
ALLOWED = {"file", "data", "blob", "about"}
PATIENCE = 60_000  # milliseconds that a page may take on a busy machine


class Watched:
    """What went wrong on a page: errors on its console, requests that failed or went elsewhere."""

    def __init__(self, page: Page) -> None:
        self.wrong: list[str] = []
        page.on("console", self.said)
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.on("request", self.asked)
        page.on("requestfailed", lambda request: self.wrong.append(f"failed: {request.url} {request.failure}"))
        page.on("response", self.answered)

    def said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(f"{message.type}: {message.text}")

    def asked(self, request: Request) -> None:
        place = urlsplit(request.url)
        if place.scheme not in ALLOWED and place.hostname != "127.0.0.1":
            self.wrong.append(f"elsewhere: {request.url}")

    def answered(self, response: Response) -> None:
        if response.status >= 400:
            self.wrong.append(f"{response.status}: {response.url}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def watched(browser: Browser, request: pytest.FixtureRequest) -> Iterator[tuple[Page, Watched]]:
    """A page of its own, and what goes wrong on it; a picture is kept."""
    with browser.new_context(viewport={"width": 1200, "height": 900}) as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        yield page, Watched(page)
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^\w-]+", "-", request.node.name)
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


@pytest.fixture
def page(watched: tuple[Page, Watched]) -> Iterator[Page]:
    """A page on which nothing may go wrong."""
    page, heard = watched
    yield page
    assert heard.wrong == []
