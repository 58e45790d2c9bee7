"""What tables of cost, shortage, futures, stock, flows and public money should say, worked out by hand."""

from __future__ import annotations

import datetime
import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from audit.findings import reckoned
from audit.written import Line, costing, named, written
from orefolio.audit import reported, timing
from orefolio.audit.costs import Bill, Spending
from orefolio.audit.life import lives
from orefolio.case.case import AfterShock, Case
from pencil import RULE, Piece, case_of, event, lane, offtake, spot, stockpile, tables, wanted

SPANS = {"only": ((datetime.date(2028, 1, 1), 6), (datetime.date(2030, 1, 1), 24))}
"""Two half-years and a block of two years."""
BLOCKS = AfterShock(fine_months=6, single_years=0, block_years=2)
NONE = pytest.approx(math.nan, nan_ok=True), 0.0


def case(*more: Piece, **settings: Any) -> Case:
    """Two futures that differ from the first day: a calm of 60 %, the trunk's own, and a crash of 40 %, named Ban,
    which parts by 2028. 30 USD/kg are lost with a second tenth, in the crash 50."""
    return case_of(
        RULE,
        spot("m", "ore", 50.0),
        named("Motors", "demands", wanted("d", "ore", 100.0, 10.0, 30.0, sector="cars")),
        wanted("e", "ore", 100.0, 20.0),
        event("boom", "loss_steps", "demand=d; step=2", "loss_usd_per_kg", "set", 50.0),
        tables(
            futures=[
                {"future": "crash", "name": "Ban", "weight": 0.4, "onset": "2027-07-01"},
                {"future": "calm", "weight": 0.6},
            ]
        ),
        tables(future_events=[{"future": "crash", "event": "boom", "start": "2027-01-01"}]),
        *more,
        **{"grids": SPANS, "after_shock": BLOCKS, "years": 3, **settings},
    )


def number(value: float, size: float | None = None) -> Any:
    return pytest.approx((value, abs(value) if size is None else size))


# Cost


def test_cost_is_told_by_future_and_year_and_as_it_is_expected() -> None:
    """7 - 2 in the first half-year and 3 in the second; 8 over 2028 and 2029. The crash weighs 0.4. A number is
    rounded as the sum of its terms and of what each part comes to."""
    evidence = written(case())
    both = list(lives(evidence))
    parts = {("freight", 0): [7.0, -2.0], ("freight", 1): [3.0], ("capital", 2): [8.0]}
    evidence.kept["bills"] = [Bill(both[0], parts), Bill(both[1], {("capital", 2): [-5.0, 1.0]})]
    assert reckoned(reported, reported.cost, evidence)["cost"] == {
        ("crash", "freight", "2027"): {"cost_musd": number(8.0, 5 + 9 + 3 + 3)},
        ("crash", "capital", "2028"): {"cost_musd": number(4.0, 8.0)},
        ("crash", "capital", "2029"): {"cost_musd": number(4.0, 8.0)},
        ("calm", "capital", "2028"): {"cost_musd": number(-2.0, 2.0 + 3.0)},
        ("calm", "capital", "2029"): {"cost_musd": number(-2.0, 2.0 + 3.0)},
        ("expected", "freight", "2027"): {"cost_musd": number(3.2, 8.0)},
        ("expected", "capital", "2028"): {"cost_musd": number(0.4 * 4 - 0.6 * 2, 0.4 * 8 + 0.6 * 5)},
        ("expected", "capital", "2029"): {"cost_musd": number(0.4 * 4 - 0.6 * 2, 0.4 * 8 + 0.6 * 5)},
    }


# Shortage

SHORT: tuple[Line, ...] = (
    ("short", "d/1", 0, 4.0, "crash"),
    ("short", "d/2", 1, 8.0, "crash"),
    ("short", "d/1", 2, 6.0, "crash"),
    ("short", "d/1", 0, 3.0, "calm"),
    ("short", "d/2", 1, 2.0, "calm"),
    ("short", "e/1", 2, 5.0, "calm"),
    ("short", "e/1", 1, 1e-6, "calm"),
)


def test_shortage_is_told_by_year_and_by_branch() -> None:
    """A loss in million USD is a thousandth of tonnes times USD/kg. The crash parts from mid-2027 on."""
    motors, other = {"name": "Motors", "sector": "cars"}, {"name": "e", "sector": ""}
    assert reckoned(reported, reported.shortage, written(case(), *SHORT))["shortage"] == {
        ("crash", "d", "2027", "trunk"): {"short_t": number(4.0), "loss_musd": number(0.04), **motors},
        ("crash", "d", "2027", "branch"): {"short_t": number(8.0), "loss_musd": number(0.4), **motors},
        ("crash", "d", "2028", "branch"): {"short_t": number(3.0), "loss_musd": number(0.03), **motors},
        ("crash", "d", "2029", "branch"): {"short_t": number(3.0), "loss_musd": number(0.03), **motors},
        ("calm", "d", "2027", "trunk"): {"short_t": number(5.0), "loss_musd": number(0.03 + 0.06), **motors},
        ("calm", "e", "2028", "trunk"): {"short_t": number(2.5), "loss_musd": number(0.05), **other},
        ("calm", "e", "2029", "trunk"): {"short_t": number(2.5), "loss_musd": number(0.05), **other},
    }


def test_a_future_has_parted_where_a_period_ends_after_its_onset() -> None:
    for onset, end, parted in (
        (1.0, 1.0, False),
        (1.0, 1.0 + timing.SLACK, False),
        (1.0, 1.5, True),
        (None, 9.0, False),
    ):
        life: Any = SimpleNamespace(path=SimpleNamespace(onset=onset, periods=[SimpleNamespace(end=end)]))
        assert reported._parted(life, 0) is parted


# Futures


def test_futures_say_what_each_costs_lacks_and_releases_and_their_mean_tail_and_worst() -> None:
    """The calm, the second, is the trunk's own: the crash costs 9 more. The worst half: the crash and a sixth of the
    calm. Private stock is released, but not the public's."""
    case_ = case(stockpile("p", "ore", owner="public"), stockpile("k", "ore"), risk_level=0.5)
    taken: tuple[Line, ...] = (
        ("take", "p/free", 0, 2.0, "crash"),
        ("take", "p/free", 2, 1.5, "crash"),
        ("take", "k/free", 1, 4.0, "crash"),
        ("take", "k/free", 1, 7.0, "calm"),
    )
    evidence = costing(written(case_, *SHORT, *taken), [25.0, -4.0], [14.0, -2.0])
    columns = ("cost", "extra", "short", "on trunk", "loss", "released", "public")
    crash = dict(zip(columns, (21.0, 9.0, 18.0, 4.0, 0.5, 7.5, 3.5), strict=True))
    calm = dict(zip(columns, (12.0, 0.0, 10.0, 10.0, 0.19, 7.0, 0.0), strict=True))
    sizes = {"crash": {"cost": 29.0, "extra": 29.0 + 16}, "calm": {"cost": 16.0, "extra": 32.0}}
    largest = {
        name: max(sizes["crash"].get(name, crash[name]), sizes["calm"].get(name, calm[name])) for name in columns
    }
    mean = {name: 0.4 * crash[name] + 0.6 * calm[name] for name in columns}
    tail = {  # of released stock and of what is public the crash has more, of shortage on the trunk the calm
        name: 0.8 * crash[name] + 0.2 * calm[name] if crash[name] > calm[name] else calm[name] for name in columns
    }
    worst = {name: max(crash[name], calm[name]) for name in columns}
    found = reckoned(reported, reported.futures, evidence)["futures"]
    assert found == {
        ("future", "crash"): figures(0.4, crash, {**crash, **sizes["crash"]}, "Ban", "2027-07-01"),
        ("future", "calm"): figures(0.6, calm, {**calm, **sizes["calm"]}, "calm", ""),
        ("summary", "expected"): figures(1.0, mean, largest, "mean over the futures", ""),
        ("summary", "tail"): figures(0.5, tail, largest, "mean of the worst 50%", ""),
        ("summary", "worst"): figures(0.0, worst, largest, "the worst of each", ""),
    }


def figures(
    probability: float, values: dict[str, float], sizes: dict[str, float], name: str, onset: str
) -> dict[str, Any]:
    columns = {
        "cost": "cost_musd",
        "extra": "extra_cost_musd",
        "short": "short_t",
        "on trunk": "short_on_trunk_t",
        "loss": "short_musd",
        "released": "released_t",
        "public": "released_public_t",
    }
    cells = {columns[each]: number(values[each], sizes[each]) for each in columns}
    return {"probability": number(probability), **cells, "name": name, "onset": onset}


def test_the_tail_is_of_the_worst_tenth_where_no_level_is_set() -> None:
    found = reckoned(reported, reported.futures, costing(written(case()), [25.0], [12.0]))["futures"]
    assert found["summary", "tail"]["name"] == "mean of the worst 10%"
    assert found["summary", "tail"]["probability"] == number(0.1)
    assert found["summary", "tail"]["cost_musd"] == number(25.0)


# Stock


def stock_case() -> Case:
    terms = {"cover_demand_t_per_year": 0.5, "cover_growth_share_per_year": 0.1}
    public: dict[str, Any] = {"owner": "public", "initial_t": 3.0, "initial_class": "tagged"}
    return case(
        named("Store", "stockpiles", stockpile("p", "ore", **public, **terms)),
        stockpile("k", "ore", age_limit_years=9.0),
    )


STORED: tuple[Line, ...] = (
    ("stock", "p/free", 0, 6.0, "crash"),
    ("put", "p/free", 0, 2.0, "crash"),
    ("take", "p/free", 2, 1.25, "crash"),
    ("rotate", "p/tagged", 2, 1.5, "crash"),
    ("stock", "k/free", 1, 4.0, "calm"),
    ("take", "k/free", 1, 5.0, "calm"),
    ("expire", "k/free", 2, 0.5, "calm"),
    ("expire", "k/free", 1, 1e-6, "calm"),
)


def test_stock_is_told_from_the_first_day_with_the_days_that_it_covers() -> None:
    """Half a tonne is wanted a year, 0.55 in 2028: 3 t are 6 years of it, 6 t twelve. The nodes: 1 to 3 in the crash,
    4 to 6 in the calm."""
    found = reckoned(reported, reported.stock, written(stock_case(), *STORED))["stock"]
    store: dict[str, Any] = {"name": "Store", "owner": "public", "commodity": "ore"}
    other: dict[str, Any] = {"name": "k", "owner": "private", "commodity": "ore"}
    assert found == {
        ("crash", "p", "tagged", "opening", "2027-01"): lying(0, 3.0, days=6 * 365.0, **store),
        ("crash", "k", "free", "opening", "2027-01"): lying(0, 0.0, **other),
        ("calm", "p", "tagged", "opening", "2027-01"): lying(0, 3.0, days=6 * 365.0, **store),
        ("calm", "k", "free", "opening", "2027-01"): lying(0, 0.0, **other),
        ("crash", "p", "free", "2027-01", "2027-07"): lying(1, 6.0, 2.0, days=12 * 365.0, **store),
        ("crash", "p", "free", "2028-01", "2030-01"): lying(3, 0.0, 0.0, 1.25, days=0.0, **store),
        ("crash", "p", "tagged", "2028-01", "2030-01"): lying(3, 0.0, 0.0, 0.0, 1.5, days=0.0, **store),
        ("calm", "k", "free", "2027-07", "2028-01"): lying(5, 4.0, 0.0, 5.0, **other),
    }


def lying(
    node: int,
    stock: float,
    added: float = 0.0,
    taken: float = 0.0,
    rotated: float = 0.0,
    days: float | None = None,
    **words: str,
) -> dict[str, Any]:
    cells = {"node": node, "stock_t": stock, "added_t": added, "taken_t": taken, "rotated_t": rotated}
    cover = NONE if days is None else number(days)
    return {**{name: number(value) for name, value in cells.items()}, "days_of_cover": cover, **words}


def test_the_stock_of_the_first_day_covers_days_of_the_first_year() -> None:
    """In years: 3 t are six years of half a tonne, whatever the second year wants."""
    yearly = replace(stock_case(), grids={"only": ((datetime.date(2030, 1, 1), 12),)})
    found = reckoned(reported, reported.stock, written(yearly))["stock"]
    assert found["calm", "p", "tagged", "opening", "2027-01"]["days_of_cover"] == number(6 * 365.0)


def test_releases_say_how_and_when_stock_leaves() -> None:
    store, other = {"name": "Store", "owner": "public"}, {"name": "k", "owner": "private"}
    assert reckoned(reported, reported.stock, written(stock_case(), *STORED))["releases"] == {
        ("crash", "p", "free", "taken", "2028-01"): {"year": number(2028.0), "t": number(1.25), **store},
        ("crash", "p", "tagged", "rotated", "2028-01"): {"year": number(2028.0), "t": number(1.5), **store},
        ("calm", "k", "free", "taken", "2027-07"): {"year": number(2027.0), "t": number(5.0), **other},
        ("calm", "k", "free", "expired", "2028-01"): {"year": number(2028.0), "t": number(0.5), **other},
    }


def test_the_days_of_cover_are_of_the_demand_of_the_year() -> None:
    """0.55 t in 2028: 1.1 t are two years of it."""
    life = next(iter(lives(written(stock_case()))))
    assert reported._days(life, "p", 2, 1.1) == pytest.approx(730.0)
    assert reported._days(life, "p", 1, 1.0) == pytest.approx(730.0)
    object.__setattr__(life.case, "base_year", 2026)
    assert reported._days(life, "p", 0, 1.1) == pytest.approx(730.0)
    assert reported._days(life, "k", 0, 1.1) is None


# Flows


def test_flows_are_told_by_calendar_year() -> None:
    """Both half-years of 2027 together, a block of two years in halves; an offtake's year of signing is not told."""
    case_ = case(lane("port", "home", "ore"), offtake("o", "ore", 40.0, 9.0, take_or_pay_share=0.5))
    values: tuple[Line, ...] = (
        ("buy", "m", 0, 4.0, "crash"),
        ("buy", "m", 1, -3.0, "crash"),
        ("buy", "m", 2, 7.0, "crash"),
        ("ship", "port>home/free", 1, 5.0, "crash"),
        ("downgrade", "home/ore/free/tagged", 0, 6.0, "calm"),
        ("unused", "o/2027", 0, 2.0, "calm"),
        ("unused", "o/2028", 2, 8.0, "calm"),
        ("buy", "m", 0, 1e-6, "calm"),
        ("put", "k/free", 0, 9.0, "calm"),
    )
    assert reckoned(reported, reported.flows, written(case_, *values))["flows"] == {
        ("crash", "2027", "buy", "m", ""): {"t": number(1.0, 7.0)},
        ("crash", "2028", "buy", "m", ""): {"t": number(3.5)},
        ("crash", "2029", "buy", "m", ""): {"t": number(3.5)},
        ("crash", "2027", "ship", "port>home", "free"): {"t": number(5.0)},
        ("calm", "2027", "downgrade", "home", "ore free tagged"): {"t": number(6.0)},
        ("calm", "2027", "unused", "o", ""): {"t": number(2.0)},
        ("calm", "2028", "unused", "o", ""): {"t": number(4.0)},
        ("calm", "2029", "unused", "o", ""): {"t": number(4.0)},
    }


# Public money


def test_budgets_say_what_is_spent_and_left() -> None:
    """5 and -1 million of 0.5 × 16 in the crash; nothing of it in the calm; 2 million where there is nothing."""
    terms = {"from_date": "2027-01-01", "currency": "EUR"}
    case_ = case(
        tables(
            currencies=[{"currency": "EUR", "per_usd": 2.0}],
            envelopes=[
                {"envelope": "state", "to_date": "2029-01-01", "amount_million": 16.0, "name": "Fund", **terms},
                {"envelope": "none", "to_date": "2030-01-01", "amount_million": 0.0, **terms},
                {"envelope": "small", "to_date": "2030-01-01", "amount_million": 1.0, **terms},
            ],
        )
    )
    evidence = costing(written(case_), [1.0], [1.0])
    crash, calm = evidence.kept["bills"]
    crash.spendings += [Spending("state", 5.0, 0.0, 1.0), Spending("state", -1.0, 0.5, 0.5)]
    calm.spendings += [Spending("none", 2.0, 0.0, 1.0), Spending("small", 0.125, 0.0, 1.0)]
    found = reckoned(reported, reported.budgets, evidence)["budgets"]
    fund = {"name": "Fund", "to_date": "2029-01-01"}
    nothing, small = ({"name": name, "to_date": "2030-01-01"} for name in ("none", "small"))
    assert found == {
        ("crash", "state", "2027-01-01"): spent(number(4.0, 6.0), 8.0, number(4.0, 8 + 6), 0.5, **fund),
        ("crash", "none", "2027-01-01"): spent(number(0.0, 0.0), 0.0, number(0.0, 0.0), 0.0, **nothing),
        ("crash", "small", "2027-01-01"): spent(number(0.0, 0.0005), 0.5, number(0.5, 0.5), 0.0, **small),
        ("calm", "state", "2027-01-01"): spent(number(0.0, 0.008), 8.0, number(8.0, 8.0), 0.0, **fund),
        ("calm", "none", "2027-01-01"): spent(number(2.0, 2.0), 0.0, number(-2.0, 2.0), 0.0, **nothing),
        ("calm", "small", "2027-01-01"): spent(number(0.125, 0.125), 0.5, number(0.375, 0.625), 0.25, **small),
    }


def spent(used: Any, amount: float, left: Any, share: float, **words: str) -> dict[str, Any]:
    return {"used_musd": used, "amount_musd": number(amount), "left_musd": left, "used_share": number(share), **words}
