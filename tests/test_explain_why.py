"""`orefolio explain --why`: what an option adds, at which price it enters, which limit keeps it out; by pencil."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from orefolio.analyses.explain.why import Why, why
from orefolio.case.adjust import Adjustment
from orefolio.case.case import Case
from orefolio.errors import InputError
from orefolio.solve import Options
from pencil import (
    Piece,
    case_of,
    lane,
    must,
    offtake,
    plan,
    process,
    project,
    spot,
    stockpile,
    tables,
    wanted,
)  # fmt: skip
from test_explain import call, group, money, on_disk, said, ways

EXACT = Options(abs_gap=0.0)


def asked(case: Case, name: str) -> Why:
    return why(case, name, options=EXACT)


# why an option is left


def lines(*more: Piece, price: float = 30) -> tuple[Piece, ...]:
    """10 t at 30 thousand USD each on the spot, or from a plant that costs nothing to run."""
    return process("p", {}, {"x": 1}), must("d", "x", 10), spot("s", "x", price), *more


def test_the_entry_cost_is_capital_less_what_it_saves() -> None:
    found = why(case_of(*lines(project("a", "p", 10, capital=500))), "a", options=EXACT)
    assert not found.taken
    assert found.cost == pytest.approx((0.3, 0.3))
    assert found.adds == pytest.approx((0.2, 0.2))  # 500 − 10 × 30 thousand USD
    assert found.openings == ()


def test_what_leaving_an_option_adds() -> None:
    found = why(case_of(*lines(project("a", "p", 10, capital=100))), "a", options=EXACT)
    assert found.taken
    assert found.adds == pytest.approx((0.2, 0.2))


def test_a_limit_that_keeps_an_option_out() -> None:
    # a earns 200 and b 180; each alone serves half of the demand, so without the limit both are built
    plants = project("a", "p", 5, capital=50), project("b", "p", 5, capital=70)
    found = why(case_of(*lines(*plants, group("g", "at_most", 1, "a", "b"))), "b", options=EXACT)
    assert not found.taken
    assert found.adds == pytest.approx((0.02, 0.02))
    (opening,) = found.openings
    assert str(opening.limit) == "group g takes at most 1 start (groups.csv)"
    assert opening.saving == pytest.approx((0.08, 0.08))  # b's 5 × 30 − 70


def test_an_option_that_no_plan_can_take(tmp_path: Path) -> None:
    plant = project("a", "p", 10, capital=100, public_share=1.0, envelope="money")
    found = why(on_disk(tmp_path / "case", *lines(plant, money(12.0))), "a", options=EXACT)
    assert found.adds is None
    assert found.reason is not None
    assert said(found.reason.causes) == {
        "project a is taken, as was asked",
        "envelope money has 12 million yen for its span from 2027-01-01 (envelopes.csv:2)",
    }
    way = "raise the span of envelope money from 2027-01-01 by 3 million yen (envelopes.csv:2)"
    assert ways(found.reason) == {frozenset({way})}


def test_an_option_without_an_open_date() -> None:
    found = why(case_of(*lines(project("a", "p", 10, lead=5))), "a", options=EXACT)
    assert found.adds is None
    assert "lead time" in found.note


def test_a_name_that_is_no_option() -> None:
    with pytest.raises(InputError, match=r"a project, programme, contract.*Did you mean plant_of_north"):
        why(case_of(*lines(project("plant_of_north", "p", 10))), "north-plant", options=EXACT)


def test_a_limit_that_keeps_an_option_out_is_on_the_page(tmp_path: Path) -> None:
    plants = project("a", "p", 5, capital=50_000), project("b", "p", 5, capital=70_000)
    limit = group("g", "at_most", 1, "a", "b")
    folder = on_disk(tmp_path / "case", *lines(*plants, limit, price=30_000)).folder
    done = call("-q", "explain", folder, "--why", "b", "--abs-gap", "0")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "The plan leaves the project b; it costs 200.00 million USD.",
        "Taking it adds 20.00 million USD (solved anew, proved).",
        # by halves 5 t a year of b stand in place of a's: 70 million USD in place of 50, so 4 for a tonne a year
        "The first of it adds, for each t a year: 4e+06 USD in the linear relaxation and with the plan's other choices "
        "fixed there is no room for it.",
        "It enters when its capital and fixed operation falls by 28.57%: then the plan made to take it is cheaper than "
        "any without it.",
        "Without this limit, at all its times, the plan takes it and costs 80.00 million USD less (proved): "
        "group g takes at most 1 start (groups.csv:2)",
        "That plan asks for no more than this:",
        "  - raise the limit of group g by 1 start (groups.csv:2)",
    ]


# each kind of option, and the price at which it enters


def turned(case: Case, table: str, where: str, column: str, multiple: float) -> Case:
    return case.adjusted([Adjustment(table, where, column, "multiply", multiple)])


Enters = tuple[Callable[[], Case], str, float, float, tuple[str, str, str], Callable[[Case], float]]

KINDS: dict[str, Enters] = {
    # 500 for a plant that saves 300: it enters when 200 of 500 fall away
    "project": (
        lambda: case_of(*lines(project("a", "p", 10, capital=500))), "a", 0.2, 0.4,
        ("projects", "project=a", "capital_musd"), lambda case: plan(case).value("start", "a")),
    # a tenth of the 10 t a year at 40 in place of 30
    "purchase": (
        lambda: case_of(*lines(spot("dear", "x", 40, 10))), "dear", 0.01, 0.25,
        ("contract_items", "contract=dear", "price_usd_per_kg"), lambda case: plan(case).value("buy", "dear")),
    "supplier": (
        lambda: case_of(*lines(spot("dear", "x", 40, 10))), "supplier:dear", 0.01, 0.25,
        ("contract_items", "contract=dear", "price_usd_per_kg"), lambda case: plan(case).value("buy", "dear")),
    # at least 4 t a year, all to be paid for, at 50 in place of 30
    "contract": (
        lambda: case_of(*lines(offtake("o", "x", 50, 10, years=(2027, 2027), term_years=9, volume_min_t_per_year=4,
                                       take_or_pay_share=1.0))), "o", 0.08, 0.4,
        ("contract_items", "contract=o", "price_usd_per_kg"), lambda case: plan(case).value("buy", "o")),
    # a tenth of 10 t over a lane at 15, where what it brings saves 10
    "lane": (
        lambda: case_of(*lines(spot("far", "x", 20, place="port"),
                               lane("port", "home", "x", 15, capacity_t_per_year=10))), "port>home", 0.005, 1 / 3,
        ("lanes", "lane=port>home", "cost_usd_per_kg"), lambda case: plan(case).value("ship", "port>home")),
    # a tenth of 10 t made at 45 in place of 30
    "process": (
        lambda: case_of(*lines(process("q", {}, {"x": 1}, capacity=10, cost=45))), "q", 0.015, 1 / 3,
        ("processes", "process=q", "operating_usd_per_kg"), lambda case: plan(case).value("activity", "q")),
}  # fmt: skip


@pytest.mark.verifies("property")
@pytest.mark.parametrize("kind", KINDS)
def test_an_option_enters_at_the_price_that_is_told_and_not_before(kind: str, tried: Callable[..., None]) -> None:
    make, name, adds, share, cell, amount = KINDS[kind]
    case = make()
    found = asked(case, name)
    assert (found.option[0], found.taken) == (kind, False)
    assert found.adds == pytest.approx((adds, adds), abs=1e-7)
    assert found.fall is not None
    assert found.fall.share == pytest.approx(share)
    assert amount(case) == pytest.approx(0, abs=1e-6)
    assert amount(turned(case, *cell, 1 - share + 0.02)) == pytest.approx(0, abs=1e-6)
    assert amount(turned(case, *cell, 1 - share - 0.02)) > 0.9
    tried("property", 2)


def test_the_price_is_told_in_usd_a_kilogram() -> None:
    found = asked(case_of(*lines(spot("dear", "x", 40, 10)), years=3, discount=0.05), "dear")
    assert found.fall is not None
    assert (found.fall.price, found.fall.below) == (pytest.approx(40), pytest.approx(30))
    assert found.reduced is not None
    # a tonne in one of the years costs 10 thousand USD more, less where it is paid later
    assert 10_000 / 1.05**3 < found.reduced.relaxation < 10_000
    assert found.reduced.relaxation == pytest.approx(found.reduced.fixed)


def test_a_programme_that_does_not_pay() -> None:
    rows = {"programme": "g", "level": 1, "increment_share": 0.5, "up_front_musd": 3.0, "lead_time_years": 0.0}
    found = asked(case_of(*lines(tables(programmes=[{**rows, "start_from": 2027, "start_to": 2027}]))), "g")
    assert found.option == ("programme", "g/1")
    assert found.adds == pytest.approx((3.0, 3.0))
    assert found.fall is not None
    assert found.fall.share == pytest.approx(1.0)  # it does nothing here, so only as a gift


def test_a_stockpile_that_nobody_needs() -> None:
    # a tenth of the 10 t that may be put, held to the end: bought at 30, handled at 1, then worth nothing
    store = stockpile("k", "x", 100, pace_t_per_year=10, handling_usd_per_kg=1.0)
    found = asked(case_of(*lines(store)), "k")
    assert not found.taken
    assert found.adds == pytest.approx((0.031, 0.031))
    assert found.fall is not None
    assert found.fall.share == pytest.approx(31.0)  # of handling alone: even free of it, it would not pay
    assert found.reduced is not None
    assert found.reduced.relaxation == pytest.approx(31_000)


def test_what_a_stockpile_that_is_filled_is_worth() -> None:
    # 5 t bought at 10 in the first year in place of 30 in the second
    cheap = spot("cheap", "x", 10, last_delivery="2028-01-01")
    store = stockpile("k", "x", 10, initial_t=1)
    found = asked(case_of(must("d", "x", 5), cheap, spot("s", "x", 30), store, years=2), "k")
    assert found.taken
    # 1 t lies there from the first day either way: it serves for 30 in the second year, or for 10 in the first
    assert found.adds == pytest.approx((0.08, 0.08))


def test_a_demand_that_goes_short() -> None:
    # 7 t wanted at a loss of 20, 30 to buy: each tonne served adds 10, a tenth of the shortage 7
    found = asked(case_of(wanted("d", "x", 7, 20.0), spot("s", "x", 30)), "d")
    assert not found.taken
    assert found.adds == pytest.approx((0.007, 0.007))
    assert found.reduced is not None
    assert found.reduced.relaxation == pytest.approx(10_000)
    assert found.fall is None


def test_a_demand_kept_short_by_a_market_says_which_and_by_how_much(tmp_path: Path) -> None:
    case = on_disk(tmp_path / "case", wanted("d", "x", 7, 50.0), spot("s", "x", 30, 4))
    found = asked(case, "d")
    assert found.adds is None  # no more is to be had
    assert found.reason is not None
    assert "contract s sells at most 4 t in 2027 (contracts.csv:2)" in said(found.reason.causes)


def test_a_budget_that_keeps_an_option_out_says_how_much_more(tmp_path: Path) -> None:
    # a serves 5 t for 50 and b 5 t for 70 thousand USD, each saves 150; the envelope has 100
    public = {"public_share": 1.0, "envelope": "money"}
    plants = project("a", "p", 5, capital=50, **public), project("b", "p", 5, capital=70, **public)
    case = on_disk(tmp_path / "case", *lines(*plants, money(15.0)))
    found = asked(case, "b")
    assert found.adds == pytest.approx((0.02, 0.02))
    (opening,) = found.openings
    assert opening.saving == pytest.approx((0.08, 0.08))
    step = "raise the span of envelope money from 2027-01-01 by 3 million yen (envelopes.csv:2)"
    assert [str(each) for each in opening.steps] == [step]
    more = case.adjusted([Adjustment("envelopes", "envelope=money", "amount_million", "add", 3.0)])
    assert plan(more).value("start", "b") == 1
    less = case.adjusted([Adjustment("envelopes", "envelope=money", "amount_million", "add", 2.9)])
    assert plan(less).value("start", "b") == 0


def test_a_difference_within_the_gap_is_no_finding(tmp_path: Path) -> None:
    folder = on_disk(tmp_path / "case", *lines(project("a", "p", 10, capital=301))).folder
    case = case_of(*lines(project("a", "p", 10, capital=301)))
    found = why(case, "a", options=Options(abs_gap=5.0))
    assert found.adds is not None
    assert found.adds[0] <= 0.001 + 1e-9 <= found.adds[1] + 2e-9  # the truth lies within what is said
    said_now = call("-q", "explain", folder, "--why", "a", "--abs-gap", "5").stdout
    assert ("no finding" in said_now) == (found.adds[0] <= 0.0)


@pytest.mark.parametrize(
    ("word", "near"),
    [("us-refinery", "x_us_refinery"), ("refinery", "x_us_refinery"), ("supplier:ss", "Did you mean s?")],
)  # fmt: skip
def test_a_name_that_is_nearly_one_gets_the_nearest(word: str, near: str) -> None:
    with pytest.raises(InputError, match=near.replace("?", r"\?")):
        asked(case_of(*lines(project("x_us_refinery", "p", 10))), word)


def test_json_tells_every_part(tmp_path: Path) -> None:
    folder = on_disk(tmp_path / "case", *lines(project("a", "p", 10, capital=500))).folder
    content = json.loads(call("explain", folder, "--why", "a", "--abs-gap", "0", "--json").stdout)
    assert content["why"]["fall"]["share"] == pytest.approx(0.4)
    assert content["why"]["reduced"]["unit"] == "t a year"
    assert content["why"]["gap"] == pytest.approx(0.0, abs=1e-9)
