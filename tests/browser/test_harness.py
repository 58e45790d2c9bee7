"""The browser of the tests sees what goes wrong on a page, and shows letters of every script."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from browser.conftest import Watched

WRONG = {
    "<script>console.error('x')</script>": "error: x",
    "<script>throw new Error('x')</script>": "error: x",
    "<img src='file:///nowhere/x.png'>": "failed: file:///nowhere/x.png",
    "<img src='http://192.0.2.1/x.png'>": "elsewhere: http://192.0.2.1/x.png",
}


@pytest.mark.parametrize("body", WRONG)
def test_what_goes_wrong_on_a_page_is_seen(body: str, watched: tuple[Page, Watched], tmp_path: Path) -> None:
    page, heard = watched
    file = tmp_path / "page.html"
    file.write_text(f"<!doctype html><title>x</title>{body}", encoding="utf-8")
    page.goto(f"file://{quote(str(file))}", wait_until="commit")
    page.wait_for_timeout(300)
    assert any(entry.startswith(WRONG[body]) for entry in heard.wrong), heard.wrong


def test_a_page_without_fault_leaves_nothing_to_say(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("<!doctype html><meta charset=utf-8><title>x</title><p>豪州の契約", encoding="utf-8")
    page.goto(f"file://{quote(str(file))}")
    assert page.inner_text("p") == "豪州の契約"
