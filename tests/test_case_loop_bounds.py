"""The bound on Chinese content around a loop, worked out by hand: what a turn adds, and what earlier turns left."""

from __future__ import annotations

import math
from typing import Any

import pytest

from bare_case import Rows, bare_case
from orefolio.case.case import Case
from orefolio.case.checks import rule


def feed(process: str, commodity: str) -> dict[str, Any]:
    return {"process": process, "commodity": commodity, "direction": "in"}


def product(process: str, commodity: str, t_per_t: float = 1.0, kept: float = 1.0) -> dict[str, Any]:
    row = {"process": process, "commodity": commodity, "direction": "out"}
    return {**row, "t_per_t": t_per_t, "yield_share": kept}


def case(gains: dict[str, float], recipes: Rows, worth: dict[str, float]) -> Case:
    """Processes by their de-minimis share; worth: USD/kg of what has a price."""
    names = sorted({row["commodity"] for row in recipes})
    return bare_case(
        processes=[{"process": name, "de_minimis_share": gain} for name, gain in gains.items()],
        recipes=recipes,
        commodities=[{"commodity": name} for name in names],
        markets=[{"market": "china"}],
        prices=[
            {"market": "china", "commodity": name, "realisation_share": 0.0, "fee_usd_per_kg": value}
            for name, value in worth.items()
        ],
    )


def swarf(worth: dict[str, float], gain: float = 0.01) -> dict[str, float]:
    """A line makes `b` of `a`, and beside it swarf that comes back to it, and dust that has no price."""
    recipes = [
        feed("p", "a"),
        feed("p", "swarf"),
        product("p", "b"),
        product("p", "swarf", 0.25, 0.8),
        product("p", "dust", 0.5),
        feed("q", "b"),
        product("q", "c"),
    ]
    return rule.untagged_bounds(case({"q": 0.005, "p": gain}, recipes, worth))


def test_swarf_that_comes_back_carries_what_it_held() -> None:
    """Of 0.14 USD 0.04 is swarf, 2/7: earlier turns of 0.01 each leave 0.01 x 2/5 = 0.004 in the mix. A lot of nothing
    but swarf holds these 0.014 before it gets its own 0.01. What follows adds its own to the mix."""
    bounds = swarf({"a": 0.1, "b": 0.1, "swarf": 0.2})
    assert bounds == pytest.approx({"p": 0.024, "q": 0.019})


def test_a_loop_that_adds_nothing_leaves_nothing() -> None:
    assert swarf({"a": 0.1, "b": 0.1, "swarf": 0.2}, gain=0.0) == {"p": 0.0, "q": 0.005}
    assert swarf({}, gain=0.0) == {"p": 0.0, "q": 0.005}


def test_where_nothing_has_a_price_all_may_come_back() -> None:
    assert swarf({}) == {"p": math.inf, "q": math.inf}


def test_a_loop_of_two_steps_returns_the_product_of_their_shares() -> None:
    """The line's swarf is cleaned, 0.02, and comes back. One way through both adds 0.03. Of the line's 1.4 USD 0.4 is
    swarf; clean swarf has no price, so that all of it may come back: 2/7 in a turn, and 0.03 x 2/5 = 0.012 are left."""
    recipes = [
        feed("p", "a"),
        feed("p", "clean"),
        product("p", "b"),
        product("p", "swarf", 0.25, 0.8),
        feed("q", "swarf"),
        product("q", "clean"),
    ]
    found = rule.untagged_bounds(case({"p": 0.01, "q": 0.02}, recipes, {"a": 1.0, "b": 1.0, "swarf": 2.0}))
    assert found["p"] == pytest.approx(0.03 + 0.012)


def test_of_two_ways_back_the_one_that_returns_more_counts() -> None:
    """Swarf comes back as it is, 2/7 in a turn, or cleaned, of which half is waste: 1/7. One way through both adds
    0.03, and 0.03 x 2/5 = 0.012 are left: 0.042. A lot of nothing but swarf adds its own 0.01 to that, cleaned 0.02.
    Would fail by the smaller share: 0.035 and what is added."""
    recipes = [
        feed("p", "a"),
        feed("p", "swarf"),
        feed("p", "clean"),
        product("p", "b"),
        product("p", "swarf", 0.25, 0.8),
        feed("q", "swarf"),
        product("q", "clean"),
        product("q", "waste"),
    ]
    worth = {"a": 1.0, "b": 1.0, "swarf": 2.0, "clean": 1.0, "waste": 1.0}
    found = rule.untagged_bounds(case({"p": 0.01, "q": 0.02}, recipes, worth))
    assert found == pytest.approx({"p": 0.052, "q": 0.062})


def test_a_loop_of_main_products_has_no_bound() -> None:
    recipes = [feed("p", "a"), product("p", "b"), feed("q", "b"), product("q", "a")]
    assert rule.untagged_bounds(case({"p": 0.01, "q": 0.0}, recipes, {})) == {"p": math.inf, "q": math.inf}


def test_the_largest_of_the_feeds_counts() -> None:
    recipes = [
        *(row for name, given in (("one", "x"), ("two", "y")) for row in (feed(name, "a"), product(name, given))),
        *(feed("join", name) for name in ("x", "y", "z")),
        product("join", "end"),
    ]
    found = rule.untagged_bounds(case({"join": 0.001, "one": 0.05, "two": 0.01}, recipes, {}))
    assert found == pytest.approx({"one": 0.05, "two": 0.01, "join": 0.051})
