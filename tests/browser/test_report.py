"""The page of a run and of two runs, in a browser: drawn, reached by keyboard, narrow, printed."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from orefolio import api
from orefolio.api.report import report
from test_api import with_levers, written

NAME = "Australia's <script>alert(1)</script> & 豪州の契約"
SECTIONS = 11
DRAWN = "() => [...document.querySelectorAll('.plot')].every(plot => plot.querySelector('.main-svg'))"
SIDEWAYS = "() => document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A run at base, and one with a loss of 90 USD/kg by shortage instead of 50."""
    tables = with_levers()
    tables["contracts"][1]["name"] = NAME
    study = api.load(written(tmp_path_factory.mktemp("seen") / "case", tables))
    out = tmp_path_factory.mktemp("seen-runs")
    folders = [one.solve(abs_gap=0.0, out=out).folder for one in (study, study.what_if(loss=90.0))]
    assert folders[0] is not None
    assert folders[1] is not None
    return folders[0], folders[1]


@pytest.fixture(scope="module")
def one(runs: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report([runs[0]], tmp_path_factory.mktemp("pages") / "one.html")


@pytest.fixture(scope="module")
def two(runs: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report(runs, tmp_path_factory.mktemp("pages") / "two.html")


def opened(page: Page, place: Path) -> Page:
    page.goto(place.as_uri())
    page.wait_for_function(DRAWN)
    return page


def test_every_section_is_there_and_every_figure_is_drawn(page: Page, one: Path) -> None:
    opened(page, one)
    assert page.locator("main section h2").count() == SECTIONS
    assert page.locator(".plot").count() >= 5
    sizes = page.locator(".plot").evaluate_all("plots => plots.map(plot => plot.getBoundingClientRect().height)")
    assert all(height > 100 for height in sizes)


def test_a_name_is_text_and_nothing_of_it_runs(page: Page, one: Path) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    opened(page, one)
    assert NAME in page.inner_text("main")
    assert dialogs == []


def test_two_runs_are_held_against_each_other(page: Page, two: Path) -> None:
    opened(page, two)
    assert page.locator("main section h2").count() > 0
    assert "dearer" in page.inner_text("main") or "cheaper" in page.inner_text("main")


@pytest.mark.parametrize("width", [390, 768])
def test_no_width_scrolls_sideways(page: Page, one: Path, two: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for place in (one, two):
        opened(page, place)
        assert page.evaluate(SIDEWAYS) <= 0


def test_the_keyboard_reaches_every_link_table_and_menu(page: Page, one: Path) -> None:
    opened(page, one)
    wanted = page.locator("a[href], summary").count()
    seen = set()
    for _ in range(4 * wanted):
        page.keyboard.press("Tab")
        seen.add(page.evaluate(
            "() => { const all = [...document.querySelectorAll('a[href], summary')];"
            " return all.indexOf(document.activeElement); }"
        ))  # fmt: skip
    assert seen >= set(range(wanted))


def test_it_is_printed_as_pdf_with_a_page_for_each_section_at_least(
    runs: tuple[Path, Path], browser: Browser, tmp_path: Path
) -> None:
    assert browser.is_connected()  # so that a missing chromium is told as in the other tests
    made = report([runs[0]], tmp_path / "page.pdf").read_bytes()
    assert made.startswith(b"%PDF-")
    counts = [int(count) for count in re.findall(rb"/Count (\d+)", made)]
    assert max(counts) >= SECTIONS


@pytest.mark.parametrize("width", [390, 1100])
def test_five_answers_stand_at_the_top_and_lead_to_their_sections(page: Page, one: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    opened(page, one)
    links = page.locator(".brief a")
    assert links.count() == 5
    for number in range(5):
        links.nth(number).click()
        heading = page.locator(f"{links.nth(number).get_attribute('href')} h2")
        assert heading.evaluate("each => each.getBoundingClientRect().top < window.innerHeight")


def test_no_two_labels_of_commitments_lie_upon_each_other(page: Page, one: Path) -> None:
    opened(page, one)
    boxes = (
        page.locator("#timing .plot")
        .last.locator(".ytick text")
        .evaluate_all(
            "texts => texts.map(text => { const box = text.getBoundingClientRect(); return [box.top, box.bottom]; })"
        )
    )
    ordered = sorted(boxes)
    assert ordered
    assert all(below[0] >= above[1] - 2 for above, below in pairwise(ordered))
