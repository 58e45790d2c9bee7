"""The audit of stockpiles: what lies there, how old it is, its limits and its cover, worked out by hand."""

from __future__ import annotations

import datetime
import math
from typing import Any

import pytest

from audit.findings import broken
from audit.written import Line, written
from orefolio.audit import stocks
from orefolio.audit.life import Life, lives
from orefolio.case.case import Case
from pencil import RULE, Piece, case_of, event, future, lane, process, project, spot, stockpile, tables, wanted

SPANS = {"only": ((datetime.date(2028, 1, 1), 6), (datetime.date(2029, 1, 1), 12))}
"""Two half-years and a year."""


def case(*more: Piece, **settings: Any) -> Case:
    return case_of(RULE, spot("m", "ore", 50.0), wanted("d", "ore", 5.0, 9.0), *more, years=2, grids=SPANS, **settings)


def apart(*more: Piece, years: int = 2, **settings: Any) -> Case:
    """Years in which the second of two futures bears events that are named `shock`."""
    return case_of(
        RULE,
        spot("m", "ore", 50.0),
        wanted("d", "ore", 5.0, 9.0),
        future("calm", 0.5),
        future("crash", 0.5, {"shock": "2027-01-01"}),
        *more,
        years=years,
        **settings,
    )


def off(excess: float, size: float) -> Any:
    """What is off, and its share as it is told: to two digits, of a tonne at least."""
    return pytest.approx(excess, rel=1e-5), pytest.approx(excess / size, rel=0.05)


# What lies there


def test_stock_is_what_was_there_less_decay_and_what_came_and_went() -> None:
    """19 % a year is 10 % in half a year. 9 + 4 - 1 - 2 - 0.5 = 9.5; 0.9 × 9.5 = 8.55; 0.81 × 8.55 = 6.9255, and 3."""
    case_ = case(stockpile("k", "ore", initial_t=10.0, decay_share_per_year=0.19))
    values: tuple[Line, ...] = (
        ("put", "k/free", 0, 4.0),
        ("take", "k/free", 0, 1.0),
        ("rotate", "k/free", 0, 2.0),
        ("expire", "k/free", 0, 0.5),
        ("put", "k/tagged", 2, 3.0),
    )
    right = (("stock", "k/free", 0, 9.5), ("stock", "k/free", 1, 8.55), ("stock", "k/free", 2, 6.9255))
    tally = stocks.recursion(written(case_, *values, *right, ("stock", "k/tagged", 2, 3.0)))
    assert (broken(tally), tally.items) == ({}, 6)
    wrong = (("stock", "k/free", 0, 9.0), ("stock", "k/free", 1, 7.0), ("stock", "k/free", 2, 6.0))
    tally = stocks.recursion(written(case_, *values, *wrong, ("stock", "k/tagged", 1, 0.5)))
    assert broken(tally) == {
        "only stock k/free/0": off(0.5, 9 + 4 + 1 + 2 + 0.5 + 9),
        "only stock k/free/1": off(1.1, 8.1 + 7),
        "only stock k/free/2": off(0.33, 5.67 + 6),
        "only stock k/tagged/1": off(0.5, 1.0),
        "only stock k/tagged/2": off(3.405, 0.405 + 3),
    }


def test_stock_that_does_not_carry_is_gone_at_the_end_of_its_period() -> None:
    case_ = case(stockpile("k", "ore", initial_t=10.0, carries=False), stockpile("n", "ore", initial_class="tagged"))
    tally = stocks.recursion(written(case_, ("stock", "k/free", 0, 10.0), ("put", "n/tagged", 1, 2.0)))
    assert broken(tally) == {"only stock n/tagged/1": off(2.0, 2.0)}
    assert tally.items == 12


# Ages


def aged(limit: float = 1.25, **columns: Any) -> Case:
    terms = {"initial_t": 10.0, "initial_age_years": 1.0, "decay_share_per_year": 0.19, **columns}
    return case(stockpile("o", "ore"), stockpile("k", "ore", age_limit_years=limit, **terms), spot("x", "ore", 1.0))


def test_stock_past_its_age_leaves_and_younger_stock_is_not_lost() -> None:
    """The limit is a year and a quarter; what lies there first is a year old.

    Mid-2027: 9 t are 1.5 years old, 5 leave. End of 2027: 3.6 t of them are left and leave, with 3.5 of the 3.6 t of
    the first half-year; 7 and 0.9 × 2 were lost, 8.1 of 13.7 t were ever too old. End of 2028, a limit of September
    2027: 0.081 t of June, half of 1.62 t, of which 0.5 leave; lost are 0.81 × 8.8 of 10.287 t."""
    values: tuple[Line, ...] = (
        ("buy", "m", 0, 99.0),
        ("buy", "m", 1, 99.0),
        ("buy", "m", 2, 99.0),
        ("put", "k/free", 0, 4.0),
        ("expire", "k/free", 0, 2.0),
        ("take", "k/free", 0, 3.0),
        ("put", "k/free", 1, 2.0),
        ("expire", "k/free", 1, 7.0),
        ("rotate", "k/free", 1, 0.1),
        ("put", "k/free", 2, 5.0),
        ("take", "k/free", 2, 0.5),
    )
    tally = stocks.ages(written(aged(), *values))
    assert broken(tally) == {
        "only past its age limit k/free/0": off(4.0, 13.0),
        "only lost before its age k/free/1": off(0.7, 13.7),
        "only past its age limit k/free/2": off(0.391, 6.561 + 2.916 + 1.62 + 5),
    }
    assert tally.items == 1 + 2 * 3 * 2 + 3


def test_what_is_lost_was_too_old_ever() -> None:
    """At the end of 2028 6.561 + 2.916 + 0.81 = 10.287 t were ever too old; 2 t were lost in mid-2027 and 9 now: with
    decay 0.9 × 0.81 × 2 + 9 = 10.458."""
    values = (("put", "k/free", 0, 4.0), ("put", "k/free", 1, 2.0), ("put", "k/free", 2, 5.0))
    lost = (("expire", "k/free", 0, 2.0), ("expire", "k/free", 2, 9.0))
    tally = stocks.ages(
        written(aged(), ("buy", "m", 0, 9.0), ("buy", "m", 1, 9.0), ("buy", "m", 2, 9.0), *values, *lost)
    )
    found = broken(tally)
    assert found["only lost before its age k/free/2"] == off(0.171, 16.097)


def test_each_class_has_its_own_ages() -> None:
    """10 t lie there untagged: nothing tagged was ever too old, and 1 t of it is lost."""
    tally = stocks.ages(written(aged(99.0), ("expire", "k/tagged", 1, 1.5)))
    assert broken(tally) == {
        "only lost before its age k/tagged/1": off(1.5, 1.0),
        "only lost before its age k/tagged/2": off(1.5 * 0.81, 1.0),
    }


def test_stock_without_an_age_limit_loses_nothing() -> None:
    case_ = case(stockpile("o", "ore"), stockpile("k", "ore", age_limit_years=9.0), stockpile("p", "ore"))
    tally = stocks.ages(written(case_, ("expire", "o/free", 1, 0.5), ("expire", "k/free", 1, 0.25)))
    assert list(broken(tally)) == [
        "only o loses stock for its age and has no age limit",
        "only lost before its age k/free/1",
        "only lost before its age k/free/2",
    ]
    assert tally.items == 2 + 2 * 3 * 2


def test_of_a_pile_what_came_before_a_moment_is_counted_evenly() -> None:
    before = stocks._before
    assert [before([2.0, 4.0, 8.0], edge) for edge in (1.0, 2.0, 2.5, 3.0, 4.0, 9.0)] == [0.0, 0.0, 2.0, 4.0, 8.0, 8.0]
    assert [before([3.0, 3.0, 8.0], edge) for edge in (2.0, 3.0, 3.0 + 5e-10, 3.0 + 2e-9, 4.0)] == [0, 0, 0, 8, 8]
    assert before([0.0, stocks.SLACK, 8.0], 0.5 * stocks.SLACK) == 0.0
    assert before([-stocks.SLACK, -stocks.SLACK, 8.0], 0.0) == 0.0


def test_the_oldest_pile_is_emptied_first_and_keeps_its_younger_part() -> None:
    piles = [[0.0, 0.0, 0.0], [0.0, 2.0, 3.0], [2.0, 6.0, 8.0], [6.0, 7.0, 5.0]]
    stocks._empty(piles, 5.0)
    assert piles == [[0.0, 0.0, 0.0], [2.0, 2.0, 0.0], [3.0, 6.0, 6.0], [6.0, 7.0, 5.0]]
    stocks._empty(piles, 0.5)
    assert piles[2] == [3.25, 6.0, 5.5]


def again(*values: Line) -> Any:
    """What is put in at home: 5 t free and 2.5 t tagged. The stock `u` has no age limit, `far` lies at the port."""
    case_ = case(
        lane("port", "home", "ore", loss_share=0.25),
        process("mill", {"ore": 2.0}, {"dust": 1.0}),
        stockpile("u", "ore"),
        stockpile("k", "ore", age_limit_years=9.0),
        stockpile("far", "ore", age_limit_years=9.0, place="port"),
        tables(places=[{"place": "port", "country": "AU"}, {"place": "home", "country": "JP"}]),
    )
    put = (("put", "k/free", 1, 5.0), ("put", "k/tagged", 1, 2.5), ("put", "u/free", 1, 70.0))
    return stocks.ages(written(case_, *put, *values))


def test_what_leaves_a_stockpile_does_not_go_in_again_as_new() -> None:
    """6 t come in; what stock gives, what gains a tag, is blended or fed on under another class comes from here. What
    the mill takes and the demand gets is nothing that comes."""
    here: tuple[Line, ...] = (
        ("take", "k/free", 1, 3.0),
        ("rotate", "u/free", 1, 2.0),
        ("downgrade", "home/ore/free/tagged", 1, 1.5),
        ("blend", "home/ore/free/tagged", 1, 1.25),
        ("feed", "mill/ore/free/tagged", 1, 0.5),
        ("activity", "mill/tagged", 1, 4.0),
        ("deliver", "d/free", 1, 0.75),
    )
    tally = again(("buy", "m", 1, 6.0), *here)
    assert broken(tally) == {"only put in again home/ore/1": off(1.5, 7.5 + 6 + 2 * 8.25)}
    assert tally.items == 1 + 2 * 2 * 3 * 2 + 1
    assert broken(again(("buy", "m", 1, 7.5), *here)) == {}
    assert broken(again(("ship", "port>home/free", 1, 10.0), *here)) == {}
    assert broken(again()) == {"only put in again home/ore/1": off(7.5, 7.5)}


@pytest.mark.parametrize(
    "value",
    [
        ("take", "k/free", 1, 7.5),
        ("rotate", "u/tagged", 1, 7.5),
        ("downgrade", "home/ore/free/tagged", 1, 7.5),
        ("blend", "home/ore/free/tagged", 1, 7.5),
        ("feed", "mill/ore/free/tagged", 1, 7.5),
    ],
)
def test_nothing_that_was_here_counts_as_come(value: Line) -> None:
    assert broken(again(value)) == {"only put in again home/ore/1": off(7.5, 7.5 + 7.5 + 7.5)}


def test_what_is_put_in_elsewhere_comes_there() -> None:
    tally = again(("buy", "m", 1, 7.5), ("put", "far/free", 0, 2.0))
    assert broken(tally) == {"only put in again port/ore/0": off(2.0, 2.0)}


# Limits


def test_stock_keeps_to_room_pace_and_rotation() -> None:
    """A warehouse of 20 t, in a crash of 12; 8 t a year; a tenth of the room may be sold in a year. Two half-years and
    a year, and in the last 6 t are built from the first day on."""
    case_ = case_of(
        RULE,
        spot("m", "ore", 50.0),
        wanted("d", "ore", 5.0, 9.0),
        stockpile("k", "ore", 20.0, pace_t_per_year=8.0, rotation_share_per_year=0.25),
        stockpile("n", "ore", 99.0),
        project("more", "k", 40.0),
        event("shock", "stockpiles", "stockpile=k", "warehouse_t", "set", 12.0, after_months=6),
        event("shock", "stockpiles", "stockpile=k", "pace_t_per_year", "set", 4.0, part=2, after_months=6),
        future("only", 1.0, {"shock": "2027-01-01"}),
        years=2,
        grids=SPANS,
    )
    values: tuple[Line, ...] = (
        ("stock", "k/free", 0, 16.0),
        ("stock", "k/tagged", 0, 5.0),
        ("put", "k/free", 0, 3.0),
        ("put", "k/tagged", 0, 1.5),
        ("rotate", "k/free", 0, 1.0),
        ("rotate", "k/tagged", 0, 3.0),
        ("put", "k/free", 1, 3.0),
        ("rotate", "k/free", 1, 2.0),
        ("size", "more", 2, 6.0),
        ("stock", "k/free", 2, 20.0),
        ("put", "k/free", 2, 5.0),
        ("rotate", "k/free", 2, 4.0),
        ("put", "n/free", 2, 50.0),
    )
    tally = stocks.limits(written(case_, *values))
    assert broken(tally) == {
        "only room of k/0": off(1.0, 41.0),
        "only pace of k/0": off(0.5, 8.5),
        "only rotation of k/0": off(1.5, 6.5),
        "only pace of k/1": off(1.0, 5.0),
        "only rotation of k/1": off(0.5, 3.5),
        "only room of k/2": off(2.0, 20 + 6 + 12.0),
        "only pace of k/2": off(1.0, 9.0),
        "only rotation of k/2": off(1.0, 7.0),
    }
    assert tally.items == 2 * 3 * 3


def test_public_stock_is_taken_in_a_declared_emergency_only() -> None:
    """In the crash an emergency holds for half of the second year; a millionth of a tonne is nothing."""
    case_ = apart(
        stockpile("p", "ore", owner="public"),
        stockpile("k", "ore"),
        tables(settings=[{"setting": "emergency_declared", "value": 0.0}]),
        event("shock", "settings", "setting=emergency_declared", "value", "set", 1.0, after_months=18),
    )
    values: tuple[Line, ...] = (
        ("take", "k/free", 0, 3.0),
        ("take", "p/free", 0, 1e-6, "calm"),
        ("take", "p/free", 0, 1.1e-6, "crash"),
        ("take", "p/free", 1, 2.0),
    )
    tally = stocks.limits(written(case_, *values))
    assert broken(tally) == {
        "calm p/free/1 public stock is taken in no emergency": None,
        "crash p/free/0 public stock is taken in no emergency": None,
    }
    assert tally.items == 2 * (2 * 2 * 3) + 2 * 3


# Cover


def covered(row: dict[str, Any], *more: Piece, declared: float = 1.0, **settings: Any) -> Life:
    """Four years; in the crash an emergency in the first half of the second."""
    terms = {"cover_days": 73.0, "cover_demand_t_per_year": 50.0, "cover_growth_share_per_year": 0.1, **row}
    case_ = apart(
        stockpile("k", "ore", **{"room": 99.0, **terms}),
        tables(settings=[{"setting": "emergency_declared", "value": 0.0}]),
        event(
            "shock",
            "settings",
            "setting=emergency_declared",
            "value",
            "set",
            declared,
            after_months=12,
            length_months=6,
        ),
        *more,
        years=4,
        **settings,
    )
    return list(lives(written(case_)))[1]


def floors(row: dict[str, Any], *more: Piece, **settings: Any) -> list[float]:
    life = covered(row, *more, **settings)
    return stocks._floors(life, life.case.row("stockpiles", "k"))


def test_the_wanted_cover_is_of_so_many_days_of_demand_and_fits_the_warehouse() -> None:
    """73 of 365 days of 50 t: 10 t, and a tenth more every year; waived in the emergency. No more than 11.5 fit in."""
    assert floors({"room": 11.5}) == pytest.approx([10.0, 0.0, 11.5, 11.5])
    assert floors({}, declared=0.0) == pytest.approx([10.0, 11.0, 12.1, 13.31])


def test_the_cover_is_waived_until_the_pace_could_have_refilled_it() -> None:
    """11 t are wanted in the emergency, which is over by the end of 2028: at 11 t a year they are there at the end of
    2029, at 10 t a year later; with no pace, or where it lasts beyond, never."""
    assert floors({"pace_t_per_year": 11.5}) == pytest.approx([10.0, 0.0, 12.1, 13.31])
    assert floors({"pace_t_per_year": 11.0}) == pytest.approx([10.0, 0.0, 0.0, 13.31])
    barely = floors({}, declared=0.0)[1] / (1.0 - stocks.SLACK)
    assert floors({"pace_t_per_year": barely}) == pytest.approx([10.0, 0.0, 0.0, 13.31])
    assert floors({"pace_t_per_year": 10.0}) == pytest.approx([10.0, 0.0, 0.0, 13.31])
    assert floors({"pace_t_per_year": 5.0}) == pytest.approx([10.0, 0.0, 0.0, 0.0])
    assert floors({"pace_t_per_year": 0.0}) == pytest.approx([10.0, 0.0, 0.0, 0.0])
    assert floors({"pace_t_per_year": 0.5, "cover_demand_t_per_year": 1.0}) == pytest.approx([0.2, 0.0, 0.242, 0.2662])


def test_the_cover_grows_from_the_base_year() -> None:
    life = covered({})
    object.__setattr__(life.case, "base_year", 2026)
    assert stocks._floors(life, life.case.row("stockpiles", "k"))[0] == pytest.approx(11.0)


def paid(row: dict[str, Any], *values: Line) -> Any:
    terms = {"cover_days": 73.0, "cover_demand_t_per_year": 50.0, "cover_penalty_usd_per_kg_year": 0.5, **row}
    case_ = case_of(RULE, wanted("d", "ore", 5.0, 9.0), stockpile("k", "ore", **terms), years=2)
    return stocks.cover(written(case_, *values))


def test_stock_of_all_classes_and_the_gap_reach_the_cover() -> None:
    """10 t: 3 + 2.5 and a gap of 4 are half a tonne too little; a gap of 12 is more than is wanted."""
    values: tuple[Line, ...] = (
        ("stock", "k/free", 0, 3.0),
        ("stock", "k/tagged", 0, 2.5),
        ("gap", "k", 0, 4.0),
        ("gap", "k", 1, 12.0),
    )
    tally = paid({}, *values)
    assert broken(tally) == {"only cover of k/0": off(0.5, 19.5), "only gap of k/1": off(2.0, 22.0)}
    assert tally.items == 4
    assert list(broken(paid({"cover_days": 1.0}))) == ["only cover of k/0", "only cover of k/1"]


@pytest.mark.parametrize("row", [{"cover_days": 0.0}, {"cover_penalty_usd_per_kg_year": 0.0}])
def test_a_cover_that_is_not_wanted_or_costs_nothing_has_no_gap(row: dict[str, Any]) -> None:
    tally = paid(row, ("gap", "k", 1, 0.25))
    assert broken(tally) == {"only gap of k/1": (0.25, 0.25)}
    assert tally.items == 2


def test_a_cover_that_is_wanted_later_only_is_not_paid_for() -> None:
    """Days that an event sets where none are wanted in the case."""
    later = event("shock", "stockpiles", "stockpile=k", "cover_days", "set", 73.0)
    terms = {"cover_demand_t_per_year": 50.0, "cover_penalty_usd_per_kg_year": 0.5}
    tally = stocks.cover(written(apart(stockpile("k", "ore", **terms), later)))
    assert (broken(tally), tally.items) == ({}, 4)
    assert math.isinf(covered({}).case.row("stockpiles", "k").pace_t_per_year)
