"""BAL: what comes in goes out, in each class, and class is only ever given up."""

from __future__ import annotations

import pytest

from pencil import RULE, TAGGED, case_of, must, optimum, process, spot, status, stockpile, tables


def test_a_chain_of_yields_divides_one_after_the_other() -> None:
    """7 t of magnet through yields 0.8, 0.9, 0.95 and 0.7 take 7 / (0.8 x 0.9 x 0.95 x 0.7) = 14.62 t of ore at 1.
    Would fail if a yield were inverted (7 x 0.4788 = 3.35) or left out (10.2 without the last)."""
    chain = [("ore", "oxide", 0.8), ("oxide", "metal", 0.9), ("metal", "alloy", 0.95), ("alloy", "magnet", 0.7)]
    steps = [process(f"to {b}", {a: 1}, {b: 1}, capacity=1e3, yields={a: kept}) for a, b, kept in chain]
    case = case_of(spot("mine", "ore", 1), *steps, must("d", "magnet", 7))
    assert optimum(case) == pytest.approx(7 / (0.8 * 0.9 * 0.95 * 0.7))


def test_a_yield_on_what_comes_out_multiplies() -> None:
    """7 t wanted, 2 t of ore a tonne of activity, 80 % of what comes out kept: activity 8.75, ore 17.5 at 1, running at
    3: 43.75. Would fail if the yield divided the output (activity 5.6: 28) or also the input (21.875 + 26.25)."""
    case = case_of(
        spot("mine", "ore", 1),
        process("smelt", {"ore": 2}, {"metal": 1}, capacity=1e3, cost=3, yields={"metal": 0.8}),
        must("d", "metal", 7),
    )
    assert optimum(case) == pytest.approx(43.75)


def test_products_come_out_together() -> None:
    """20 t of neodymium at a fifth of the feed take 100 t of feed at 20, whatever becomes of the lanthanum: 2000. Would
    fail if the products could be chosen (20 t of feed: 400)."""
    case = case_of(
        spot("mine", "feed", 20),
        process("separate", {"feed": 1}, {"nd": 0.2, "la": 0.8}, capacity=1e3),
        must("d", "nd", 20),
        tables(commodities=[{"commodity": "la", "stage": "oxide", "discardable": True}]),
    )
    assert optimum(case) == pytest.approx(2000)


def test_a_surplus_must_go_somewhere() -> None:
    """Where the co-product may not be discarded there is no plan. Would fail if balances were `at least`: 2000."""
    case = case_of(
        spot("mine", "feed", 20),
        process("separate", {"feed": 1}, {"nd": 0.2, "la": 0.8}, capacity=1e3),
        must("d", "nd", 20),
    )
    assert status(case) == "infeasible"


def test_free_material_may_be_used_as_tagged_and_never_the_reverse() -> None:
    """A customer who refuses tagged material takes 3 t free at 9; another 2 t of anything, 1 t tagged at 2 and 1 t
    free at 9: 27 + 2 + 9 = 38. Would fail if free material could not serve the second (infeasible). With tagged
    material without end it is 27 + 4 = 31; would fail if tags could be given up: 5 x 2 = 10."""
    case = case_of(
        RULE,
        spot("cheap", "ore", 2, most=1, class_="tagged"),
        spot("clean", "ore", 9),
        must("strict", "ore", 3, refuses_tagged=True),
        must("any", "ore", 2),
    )
    assert optimum(case) == pytest.approx(38)
    case = case_of(
        RULE,
        spot("cheap", "ore", 2, class_="tagged"),
        spot("clean", "ore", 9),
        must("strict", "ore", 3, refuses_tagged=True),
        must("any", "ore", 2),
    )
    assert optimum(case) == pytest.approx(3 * 9 + 2 * 2)


def test_a_class_goes_down_only_into_one_that_has_all_its_tags() -> None:
    """Two tags of different rules: a process fed by ore mined in China and by ore made with Chinese technology puts
    out a class that bears both: 4 t of each, at 3 and 5, give 4 t: 32. Would fail if the classes did not mix
    (infeasible)."""
    case = case_of(
        tables(
            classes=[
                {"class_": "free"},
                {"class_": "mined", "tags": "china-stage"},
                {"class_": "made", "tags": TAGGED},
                {"class_": "both", "tags": f"{TAGGED} china-stage"},
            ]
        ),
        spot("a", "ore", 3, class_="mined"),
        spot("b", "acid", 5, class_="made"),
        process("leach", {"ore": 1, "acid": 1}, {"oxide": 1}, capacity=9),
        must("d", "oxide", 4),
    )
    assert optimum(case) == pytest.approx(32)


def test_each_period_balances_on_its_own() -> None:
    """4 t in each half-year at 5 and 7 USD, no stock: 48. Would fail if one period could use another's purchases,
    40."""
    case = case_of(
        spot("early", "ore", 5, last_delivery="2027-07-01"),
        spot("late", "ore", 7, first_delivery="2027-07-01"),
        must("d", "ore", 8),
        months=6,
    )
    assert optimum(case) == pytest.approx(48)
    held = case_of(
        spot("early", "ore", 5, last_delivery="2027-07-01"),
        spot("late", "ore", 7, first_delivery="2027-07-01"),
        must("d", "ore", 8),
        stockpile("k", "ore"),
        months=6,
    )
    assert optimum(held) == pytest.approx(40)
