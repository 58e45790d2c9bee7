"""The what-if page on the case of tests/sensitivity/hand_case.py, whose cost at any place is worked out by hand.

The decisions kept, a loss L of 20 to 30 USD/kg leaves the contract unused, but prepaid: 2.6 + 0.14 L + 0.5 million USD.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, Route

from orefolio import api
from orefolio.app.desk import Desk
from orefolio.app.server import Server
from sensitivity.hand_case import tables
from test_api import written

NAME = "豪州の契約 <script>alert(1)</script> <b>"
DONE = "#replanned:not(.waiting)"
MONEY = re.compile(r"^(-?[\d,]+\.\d) M\$$")


@dataclass(frozen=True)
class Open:
    """A server that runs, and what it serves."""

    address: str
    study: api.Study
    run: api.Run


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    case = tables()
    case["contracts"][1]["name"] = NAME
    study = api.load(written(tmp_path_factory.mktemp("app") / "case", case))
    run = study.solve(abs_gap=0.0, saving=False)
    desk = Desk(study, run)
    with Server(desk) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield Open(server.address, study, run)
        server.shutdown()
        thread.join()
    desk.close()


def cost(page: Page, card: str) -> float:
    """Million USD on a card, as the page rounds it."""
    page.wait_for_selector(f"#{card}:not(.waiting)")
    found = MONEY.match(page.inner_text(f"#{card} .cost"))
    assert found is not None, page.inner_text(f"#{card}")
    return float(found[1].replace(",", ""))


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_selector(DONE)
    return page


def test_the_page_opens_with_the_base(page: Page, app: Open) -> None:
    opened(page, app.address)
    assert [cost(page, card) for card in ("base", "fixed", "replanned")] == [7.9, 7.9, 7.9]
    assert page.inner_text("#decisions-said") == "All 1 decisions are those of the base."
    assert page.inner_text("#title") == "By hand 手計算"
    cells = page.locator("#futures td").all_inner_texts()
    assert cells[:7] == ["平穏", "75.0 %", "6.1", "6.1", "0", "0", "0"]
    assert cells[7:14] == ["cut", "25.0 %", "13.3", "13.3", "120", "120", "0"]
    assert page.is_hidden("#held")


def test_a_name_is_shown_as_it_is_written(page: Page, app: Open) -> None:
    opened(page, app.address)
    page.click("text=Decisions that are as before")
    assert page.locator("#kept td").all_inner_texts()[:3] == ["2027-01", "contract", NAME]
    assert page.locator("table script, table b").count() == 0


def test_a_slider_turned_by_keyboard_gives_both_plans_and_their_gap(page: Page, app: Open) -> None:
    """From 50 to 20 USD/kg: the contract kept 2.6 + 2.8 + 0.5, not signed 2.6 + 2.8."""
    opened(page, app.address)
    page.focus("#lever-loss")
    page.keyboard.press("Home")
    page.wait_for_selector("#replanned.waiting")
    page.wait_for_selector(DONE)
    warm = app.study.warm(app.run)
    assert cost(page, "fixed") == pytest.approx(5.9)
    assert warm.fixed({"loss": 20.0}).objective == pytest.approx(5.9)
    assert cost(page, "replanned") == pytest.approx(5.4)
    assert page.inner_text("#replanned .gap").startswith("gap: at most 0.0 M$")
    assert page.inner_text("#fixed .gap") == "gap: at most 0.5 M$ above the best plan"
    assert page.locator("#decisions td").all_inner_texts()[-1] == "dropped"
    assert "5.4 M$, −2.5 M$ against the base" in page.inner_text("#said")


def test_each_press_of_an_arrow_moves_the_slider_and_the_figures(page: Page, app: Open) -> None:
    """Marks stand 5 USD/kg apart, each of which costs 0.03 million."""
    opened(page, app.address)
    page.focus("#lever-loss")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    assert page.input_value(".lever:has(#lever-loss) input[type=number]") == "70"
    assert page.get_attribute("#lever-loss", "aria-valuetext") == "70 USD/kg"
    page.wait_for_selector("#replanned.waiting")
    page.wait_for_selector(DONE)
    assert cost(page, "fixed") == pytest.approx(8.5)


def test_a_value_between_two_marks_is_taken_from_the_box_and_the_slider_rests_on_the_nearest(
    page: Page, app: Open
) -> None:
    """7.9 + 0.03 x 22: from 50, the fifth mark from the low end of 20, to 72, which is nearest to the eleventh."""
    opened(page, f"{app.address}#loss=72")
    assert page.input_value(".lever:has(#lever-loss) input[type=number]") == "72"
    assert page.input_value("#lever-loss") == "10"
    assert cost(page, "fixed") == pytest.approx(8.6)


def test_two_levers_at_once_are_answered(page: Page, app: Open) -> None:
    """7.9 + 0.03 x 20 + 0.26 x 10"""
    opened(page, f"{app.address}#loss=70&price=20")
    assert [cost(page, card) for card in ("fixed", "replanned")] == pytest.approx([11.1, 11.1])


def test_the_link_holds_the_levers_and_restores_them(page: Page, app: Open) -> None:
    opened(page, app.address)
    page.fill(".lever:has(#lever-price) input[type=number]", "15")
    page.keyboard.press("Tab")
    page.wait_for_selector(DONE)
    link = page.url
    assert link == f"{app.address}#price=15"
    page.goto("about:blank")
    opened(page, link)
    assert page.input_value(".lever:has(#lever-price) input[type=number]") == "15"
    assert cost(page, "replanned") == pytest.approx(9.2)
    page.click("#all-back")
    page.wait_for_selector(DONE)
    assert page.url == app.address
    assert cost(page, "replanned") == pytest.approx(7.9)


def test_tab_reaches_every_control(page: Page, app: Open) -> None:
    opened(page, app.address)
    wanted = page.locator("button, input, summary, select").evaluate_all(
        "all => all.filter((one) => one.checkVisibility()).filter((one) => one.type !== 'radio' || one.checked).length"
    )
    page.evaluate(
        "document.querySelectorAll('button, input, summary, select').forEach((one, n) => one.dataset.number = n)"
    )
    reached = set()
    for _ in range(4 * wanted):
        page.keyboard.press("Tab")
        number, outline = page.evaluate(
            "[document.activeElement.dataset.number ?? '', getComputedStyle(document.activeElement).outlineStyle]"
        )
        reached.add(number)
        assert number == "" or outline == "solid"
    assert len(reached - {""}) == wanted
    assert page.locator(".lever label").count() == page.locator("input[type=range]").count() == 2


@pytest.mark.parametrize("width", [390, 1200])
def test_no_width_scrolls_sideways(width: int, page: Page, app: Open) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    opened(page, f"{app.address}#loss=20")
    page.wait_for_selector("#origins-now svg")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_cannot_be_answered_is_said_in_words(page: Page, app: Open) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(json={"status": "infeasible", "words": "No plan meets every limit."})

    page.route("**/replanned", refuse)
    opened(page, f"{app.address}#loss=60")
    assert page.inner_text("#replanned .cost") == "no plan"
    page.wait_for_function("document.getElementById('said').textContent.includes('No plan meets every limit.')")
    assert cost(page, "fixed") == pytest.approx(8.2)


def test_the_way_of_the_material_stands_beside_that_of_the_base_by_origin_and_class(page: Page, app: Open) -> None:
    """Tonnes a year, over four: China sells 80 in 3.25 of them. The contract brings 20 where China sells and 60 in the
    0.75 to expect of the cut, and nothing once it is not signed."""
    opened(page, f"{app.address}#loss=20")
    for place in ("way-base", "way-now"):
        page.wait_for_selector(f"#{place} svg .sankey-link")
    page.click("#way summary")
    assert page.locator("#way-table th").all_inner_texts() == ["from", "to", "class", "base, t/year", "now, t/year"]
    rows = page.locator("#way-table tbody tr").evaluate_all(
        "all => all.map((row) => [...row.cells].map((cell) => cell.innerText))"
    )
    bought = {row[0]: row[3:] for row in rows if row[0].startswith("Bought in")}
    assert bought == {"Bought in China": ["65", "65"], "Bought in Australia": ["28", "0"]}
    page.select_option("#way-year", "2027")
    assert page.locator("#way-table tbody tr").count() >= 1


def test_where_there_are_other_decisions_to_take_the_page_says_what_became_of_the_base(page: Page, app: Open) -> None:
    def other(route: Route) -> None:
        route.fulfill(json={**route.fetch().json(), "left_out": 2})

    page.route("**/fixed", other)
    opened(page, f"{app.address}#loss=60")
    said = "each is as its counterpart in the base. 2 of the base have no place and are left out."
    page.wait_for_function(f"document.querySelector('#fixed .note').textContent.endsWith({said!r})")
    assert cost(page, "fixed") == pytest.approx(8.2)
