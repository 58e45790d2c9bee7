"""AGE: old stock leaves or is lost.

The plain case: a market at 10 closes at the end of 2027, another asks 50; 4 t a year are wanted for four years; a
stockpile costs nothing."""

from __future__ import annotations

import math
from typing import Any

import pytest

from pencil import RULE, case_of, event, future, must, optimum, plan, process, spot, stockpile, wanted

CLOSED = event("closed", "suppliers", "supplier=cheap", "availability_share", "set", 0)


def piled(*more: Any, years: int = 4, months: int = 12, **columns: Any) -> Any:
    return case_of(
        spot("cheap", "ore", 10),
        spot("m", "ore", 50),
        CLOSED,
        future("only", 1, {"closed": "2028-01-01"}),
        stockpile("k", "ore", **columns),
        must("d", "ore", 4),
        *more,
        years=years,
        months=months,
    )


def test_stock_leaves_before_it_is_too_old() -> None:
    """What is bought in 2027 may lie at the end of 2028, with a limit of two years, and has to leave in 2029: it
    serves 2027 to 2029: 12 x 10 + 4 x 50 = 320. With one year 8 x 10 + 8 x 50 = 480. Would fail without the limit,
    160; or with a year more or less."""
    assert optimum(piled(age_limit_years=2)) == pytest.approx(320)
    assert optimum(piled(age_limit_years=1)) == pytest.approx(480)
    assert optimum(piled()) == pytest.approx(160)


def test_the_limit_is_in_years_whatever_the_period() -> None:
    """In half-years with a limit of one: at the end of 2028 nothing of 2027 lies there. Of what is put in the second
    half of 2027 all may lie until mid-2028 and must have left by the end of 2028: it serves 2028: 8 x 10 + 8 x 50 =
    480. Would fail if a limit were counted in periods: 2 t less, 560."""
    assert optimum(piled(age_limit_years=1, months=6)) == pytest.approx(480)


def test_of_a_period_across_the_limit_the_younger_part_counts() -> None:
    """A limit of one and a quarter years: at the end of 2028 the last quarter of what 2027 put, y, may lie there. So y
    is bought at 10 and put in evenly, 4 t leave in each of 2027 and 2028, y / 4 serve 2029 and the rest is lost for
    nothing: 10 y + 50 (8 - y / 4), least at y = 16: 360. Would fail if the whole period were young, 320, or none of
    it, 480."""
    assert optimum(piled(age_limit_years=1.25)) == pytest.approx(360)


def test_old_stock_that_nobody_takes_is_lost() -> None:
    """9 t of the first day are a year old, the limit is two: they must have left by the end of 2028. 8 t are used, 1 t
    is lost at 3; 2029 and 2030 are bought at 50: 400 + 3. Would fail if the loss cost nothing, 400; if the stock
    were as new, 350; if it could not be lost, or not all of it counted as old, no plan."""
    old = {"initial_t": 9, "age_limit_years": 2, "expiry_usd_per_kg": 3}
    done = plan(dry(initial_age_years=1, **old))
    assert done.cost == pytest.approx(403)
    assert done.value("expire", "k") == pytest.approx(1)
    assert optimum(dry(**old)) == pytest.approx(350)


def dry(**columns: Any) -> Any:
    """The cheap market is closed from the first day."""
    return case_of(spot("m", "ore", 50), stockpile("k", "ore", **columns), must("d", "ore", 4), years=4)


def test_decay_does_not_count_twice() -> None:
    """5 t of the first day lose a fifth a year: 4 t after 2027, 3.2 after 2028, when they are two years old and the
    limit is two: nothing is too old then, and all of it in 2029. 4 t a year wanted in 2029 alone, of which 2.56
    come from stock; the rest at 50: 72. With a limit of one year the 3.2 t are lost in 2028 at 3: 9.6 + 200. Would
    fail if what is lost were told before its decay, 12 to 15 in place of 9.6."""

    def case(limit: float) -> Any:
        pile = stockpile("k", "ore", initial_t=5, decay_share_per_year=0.2, age_limit_years=limit, expiry_usd_per_kg=3)
        late = event("late", "demands", "demand=d", "multiple", "set", 1)
        happens = future("only", 1, {"late": "2029-01-01"})
        return case_of(spot("m", "ore", 50), pile, must("d", "ore", 4, multiple=0), late, happens, years=3)

    assert optimum(case(3)) == pytest.approx(72)
    assert optimum(case(1)) == pytest.approx(209.6)


def test_the_loss_is_discounted() -> None:
    """9 t, 4 t wanted in each of two years, limit two from a year on: 1 t is lost in the second year at 3; 25 %:
    3 x 0.16 / ln 1.25. Would fail undiscounted: 3."""
    pile = stockpile("k", "ore", initial_t=9, initial_age_years=1, age_limit_years=2, expiry_usd_per_kg=3)
    case = case_of(spot("m", "ore", 50), pile, must("d", "ore", 4), years=2, discount=0.25)
    assert optimum(case) == pytest.approx(3 * 0.16 / math.log(1.25))


def test_stock_does_not_grow_young_by_going_in_again() -> None:
    """9 t a year old with a limit of two would last for 2029 if they were taken out and put back: 4 x 4 - 9 = 7 t at
    50: 350. They may not: 403. What is new does go in while old stock leaves: at 10 in 2027, 4 t of it serve 2029
    beside 1 t of old that is lost: 40 + 3 + 200. Would fail if nothing could be put in where stock leaves: 403."""
    old = {"initial_t": 9, "initial_age_years": 1, "age_limit_years": 2, "expiry_usd_per_kg": 3}
    assert optimum(dry(**old)) == pytest.approx(403)
    assert optimum(piled(**old)) == pytest.approx(243)


def test_each_class_grows_old_by_itself() -> None:
    """2 t of tagged stock, a year old, and 4 t of fresh: a customer who refuses tagged material wants 2 t a year,
    another takes anything, 1 t a year. Limit two years, from 2027: tagged stock serves the other in 2027 and 2028,
    2 t; fresh ore at 10 bought in 2027 serves the strict one to 2029 and the other in 2029: 7 x 10. Would fail if
    classes shared their ages."""
    pile = stockpile("k", "ore", initial_t=2, initial_class="tagged", initial_age_years=1, age_limit_years=2)
    case = case_of(
        RULE,
        spot("cheap", "ore", 10),
        spot("m", "ore", 50),
        CLOSED,
        future("only", 1, {"closed": "2028-01-01"}),
        pile,
        must("strict", "ore", 2, refuses_tagged=True),
        must("other", "ore", 1),
        years=3,
    )
    assert optimum(case) == pytest.approx(70)


def test_only_what_is_too_old_is_lost() -> None:
    """A line makes 1 t of ore nobody wants with each tonne of metal, 2 t a year are wanted at a loss of 50 and the
    line runs for nothing. The stockpile has room for 3 t, and stock may be a year old: 2 t of 2027 leave in 2028,
    when 2 t come; so all is served and the 2 t that get too old cost 1 each to lose: 2. Would fail if what is fresh
    could be lost with a room of 1 t: then 2 t a year are served; as it is, 1 t in 2027 and 1 t in 2028: 100 + 1."""

    def case(room: float) -> Any:
        line = process("line", {}, {"metal": 1, "ore": 1}, capacity=2)
        pile = stockpile("k", "ore", room=room, age_limit_years=1, expiry_usd_per_kg=1)
        return case_of(line, pile, wanted("d", "metal", 2, 50), must("e", "ore", 0), years=2)

    assert optimum(case(3)) == pytest.approx(2)
    assert optimum(case(1)) == pytest.approx(101)


@pytest.mark.parametrize("initial", ["free", "tagged"])
def test_no_more_is_lost_than_is_left_of_what_is_old(initial: str) -> None:
    """The same line and a room of 1.2 t that holds 2 t on the first day, half of which decays in a year; limit a year.
    2027: 1 t is left, 0.2 t of ore go in and 0.2 t of metal are made. 2028: 0.5 and 0.1 t are left, too old and lost
    for 0.6; 1.2 t go in. Short 1.8 and 0.8 t at 50: 130.6. Would fail if the loss were bounded by what was there before
    it decayed, or by what is old in another class."""
    line = process("line", {}, {"metal": 1, "ore": 1}, capacity=2)
    columns = {"initial_t": 2, "decay_share_per_year": 0.5, "age_limit_years": 1, "expiry_usd_per_kg": 1}
    pile = stockpile("k", "ore", room=1.2, initial_class=initial, **columns)
    case = case_of(RULE, line, pile, wanted("d", "metal", 2, 50), must("e", "ore", 0), years=2)
    assert optimum(case) == pytest.approx(130.6)
