"""Each check on investors at its edge, on a plan written by hand.

Two futures, of 0.75 and 0.25, that part in 2028; two years, and a block of two
(two years in the second future). An old line of 4 t a year, of which half
is available and which loses a fifth a year, and three projects: `plant` and `mill` are private, `extra` is not.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from audit.findings import counted
from audit.written import Line, by_column, life_of, written
from orefolio.audit import price_support
from orefolio.audit.life import lives
from orefolio.audit.tally import Tally
from orefolio.case.case import Case
from pencil import case_of, event, future, must, offtake, process, project, spot, tables

GRID = {"only": ((datetime.date(2029, 1, 1), 12), (datetime.date(2031, 1, 1), 24))}
WORN = 0.2 / math.log(1.25)
"""Mean of what is left over a year, of a thing that loses a fifth a year."""
WORN_TWO = 0.36 / (2 * math.log(1.25))


def case(private: bool = True, wear: float = 0.2) -> Case:
    floored = {"project": "plant", "item": {"price_rule": "floor"}}
    return case_of(
        spot("m", "ore", 1),
        must("d", "ore", 1),
        process("line", {}, {"ore": 1.0}, capacity=4.0, availability_share=0.5, wear_share_per_year=wear),
        process("other", {}, {"ore": 1.0}, capacity=3.0),
        project("plant", "line", 8.0, lead=1.0, size_min_t_per_year=2.0, ramp=(0.5, 1.0)),
        project("mill", "other", 6.0, size_min_t_per_year=3.0),
        project("extra", "line", 9.0, lead=1.0, ramp=(0.25, 1.0)),
        offtake("floored", "ore", 1.0, 5.0, years=(2027, 2030), **floored),
        offtake("fixed", "ore", 1.0, 5.0, years=(2027, 2030), project="plant"),
        offtake("extra", "ore", 1.0, 5.0, years=(2027, 2030), project="extra", item={"price_rule": "floor"}),
        tables(
            instruments=[
                {"instrument": "none", "kind": "none"},
                {"instrument": "low", "kind": "floor", "price_multiple": 1.5},
                {"instrument": "high", "kind": "floor", "price_multiple": 2.5},
            ],
            financed=[
                {**TERMS, "project": "plant", "private": private, "instruments": ("none", "low")},
                {**TERMS, "project": "mill", "private": private},
                {**TERMS, "project": "extra", "private": False},
            ],
            markets=[{"market": "world"}],
        ),
        event("slump", "processes", "process=other", "availability_share", "set", 0.25),
        future("a", 0.75),
        future("b", 0.25, {"slump": "2028-01-01"}, onset="2028-01-01"),
        years=4,
        grids=GRID,
    )


TERMS = {"rate_share_per_year": 0.1, "market": "world"}


def looked_at(check: Callable[[Tally, Any], None], *values: Line, future: int = 0, **columns: Any) -> tuple[int, int]:
    tally = Tally()
    check(tally, life_of(written(case(**columns), *values), future))
    return counted(tally)


# Choices


@pytest.mark.parametrize(
    ("values", "items", "fails"),
    [
        ((), 0, 0),
        ((("start", "plant", 0, 1.0), ("choose", "plant/low", 0, 1.0)), 2, 0),
        ((("start", "plant", 0, 1.0), ("choose", "plant/low", 0, 0.75), ("choose", "plant/none", 0, 0.25)), 3, 0),
        ((("start", "plant", 0, 1.0), ("choose", "plant/low", 0, 0.75), ("choose", "plant/none", 0, 0.3)), 3, 1),
        ((("start", "plant", 0, 1.0),), 1, 1),
        ((("choose", "plant/low", 0, 1.0),), 2, 1),
        ((("start", "plant", 0, 1.0), ("choose", "plant/low", 1, 1.0)), 3, 2),
        ((("start", "plant", 0, 1.0), ("choose", "mill/low", 0, 1.0)), 3, 2),
        ((("start", "extra", 0, 1.0),), 0, 0),
        ((("start", "extra", 0, 1.0), ("choose", "extra/low", 0, 1.0)), 2, 1),
        ((("start", "plant", 0, 1.0), ("choose", "plant/high", 0, 1.0)), 2, 1),
        ((("start", "mill", 0, 1.0), ("choose", "mill/high", 0, 1.0)), 2, 0),
        ((("size", "plant", 0, 5.0), ("backed", "plant/low", 0, 3.0), ("backed", "plant/none", 0, 2.0)), 1, 0),
        ((("size", "plant", 0, 5.0), ("backed", "plant/low", 0, 3.0), ("backed", "plant/none", 1, 2.0)), 2, 2),
        ((("size", "plant", 0, 5.0),), 1, 1),
    ],
)
def test_a_start_is_under_instruments_on_offer_and_of_their_size(
    values: tuple[Line, ...], items: int, fails: int
) -> None:
    assert looked_at(price_support._choices, *values) == (items, fails)


@pytest.mark.parametrize(
    ("size", "chosen", "fails"),
    [
        (8.0, 1.0, 0),
        (2.0, 1.0, 0),
        (8.1, 1.0, 1),
        (1.9, 1.0, 1),
        (4.0, 0.5, 0),
        (4.1, 0.5, 1),
        (1.0, 0.5, 0),
        (0.9, 0.5, 1),
    ],
)
def test_what_is_backed_keeps_to_the_sizes_of_the_project(size: float, chosen: float, fails: int) -> None:
    values = (("choose", "plant/low", 1, chosen), ("choose", "plant/none", 1, 1.0), ("backed", "plant/low", 1, size))
    assert looked_at(price_support._sizes, *values) == (2, fails)


# Output


def test_the_capacity_of_others_is_the_old_one_and_what_the_state_starts() -> None:
    """4 t that wear from the first day on and 6 t that are ready in 2028, by a quarter in that year; half is available.
    Of the second year 0.8 is left at its beginning, of the third 0.64."""
    values = (("size", "extra", 0, 6.0), ("size", "plant", 0, 5.0), ("size", "mill", 0, 5.0))
    found = price_support._capacity_of_others(life_of(written(case(), *values)), "line", ["plant"])
    assert found == pytest.approx(
        [
            0.5 * 4 * WORN,
            0.5 * (4 * 0.8 * WORN + 6 * 0.25 * WORN),
            0.5 * 2 * (4 * 0.64 * WORN_TWO + 6 * 0.8 * WORN_TWO),
        ]
    )
    both = price_support._capacity_of_others(life_of(written(case(wear=0.0), *values)), "line", [])
    assert both == [2.0, 0.5 * (4 + 1.5 + 2.5), 4 + 6 + 5]
    other = price_support._capacity_of_others(life_of(written(case(), *values), 1), "other", ["plant", "mill"])
    assert other == [3.0, 0.75, 0.75, 0.75]


RUN = (("backed", "plant/low", 0, 5.0), ("choose", "plant/low", 0, 1.0))
"""5 t a year, ready in 2028: half of it stands in that year, and half of that is available: 1.25 t; then 5 t in two
years. The old line gives 2 t a year."""
OUTPUT = ("supported", "plant/low/2027-01")


@pytest.mark.parametrize(
    ("values", "items", "fails"),
    [
        ((), 12, 0),
        (((*OUTPUT, 1, 1.25), ("activity", "line/free", 1, 3.25)), 13, 0),
        (((*OUTPUT, 1, 1.25), ("activity", "line/free", 1, 3.26)), 13, 1),
        (((*OUTPUT, 1, 1.26), ("activity", "line/free", 1, 3.25)), 13, 1),
        (((*OUTPUT, 1, 1.25), ("activity", "line/free", 1, 1.25)), 13, 0),
        (((*OUTPUT, 1, 1.25), ("activity", "line/free", 1, 1.24)), 13, 1),
        (((*OUTPUT, 1, 1.25),), 13, 1),
        (((*OUTPUT, 0, 0.1), ("activity", "line/free", 0, 0.2)), 13, 1),
        (((*OUTPUT, 2, 5.0), ("activity", "line/free", 2, 9.0)), 13, 0),
        (((*OUTPUT, 2, 5.1), ("activity", "line/free", 2, 9.0)), 13, 1),
        (((*OUTPUT, 2, 5.0), ("activity", "line/free", 2, 9.1)), 13, 1),
        (((*OUTPUT, 2, 2.0), ("activity", "line/free", 2, 5.0), ("activity", "line/tagged", 2, 1.0)), 13, 0),
        (((*OUTPUT, 2, 2.0), ("activity", "line/free", 2, 5.1), ("activity", "line/tagged", 2, 1.0)), 13, 1),
        ((("supported", "plant/none/2027-01", 2, 0.1), ("activity", "line/free", 2, 0.1)), 13, 1),
        ((("supported", "plant/low/2035-01", 2, 1.0), ("activity", "line/free", 2, 1.0)), 13, 1),
        ((("supported", "plant/low/2035-01", 2, 1.0), (*OUTPUT, 2, 5.1), ("activity", "line/free", 2, 6.0)), 14, 2),
        ((("activity", "other/free", 1, 3.0),), 12, 0),
        ((("activity", "other/free", 1, 3.1),), 12, 1),
        ((("activity", "line/free", 0, 2.1), ("size", "extra", 0, 6.0)), 12, 1),
        ((("activity", "line/free", 1, 2.75), ("size", "extra", 0, 6.0)), 12, 0),
    ],
)
def test_output_of_investors_stays_within_what_they_back_and_others_within_the_rest(
    values: tuple[Line, ...], items: int, fails: int
) -> None:
    assert looked_at(price_support._output, *RUN, *values, wear=0.0) == (items, fails)


def test_output_of_investors_wears_from_its_completion_on() -> None:
    """1.25 t in 2028, less what wears off in its first year."""
    for made, fails in ((1.25 * WORN, 0), (1.25 * WORN + 1e-4, 1)):
        values = (*RUN, (*OUTPUT, 1, made), ("activity", "line/free", 1, made))
        assert looked_at(price_support._output, *values) == (13, fails)


@pytest.mark.parametrize(
    ("values", "items", "fails"),
    [
        ((("sign", "floored", 0, 1.0),), 1, 0),
        ((("sign", "floored", 0, 1.0), ("choose", "plant/low", 0, 1.0)), 1, 1),
        ((("sign", "floored", 0, 0.5), ("choose", "plant/low", 1, 0.5)), 1, 0),
        ((("sign", "floored", 0, 0.5), ("choose", "plant/low", 1, 0.6)), 1, 1),
        ((("sign", "floored", 0, 1.0), ("choose", "plant/none", 0, 1.0)), 1, 0),
        ((("sign", "floored", 0, 1.0), ("choose", "mill/low", 0, 1.0)), 1, 0),
        ((("sign", "fixed", 0, 1.0), ("choose", "plant/low", 0, 1.0)), 0, 0),
        ((("sign", "extra", 0, 1.0), ("choose", "extra/low", 0, 1.0)), 0, 0),
    ],
)
def test_no_offtake_at_a_floor_stands_beside_a_support_at_a_floor(
    values: tuple[Line, ...], items: int, fails: int
) -> None:
    assert looked_at(price_support._floors, *values) == (items, fails)


# Starts


def test_a_start_is_that_of_the_futures_that_know_the_same() -> None:
    """What is started in 2028 rests on 2027, which both futures share; in 2029 each has its own."""
    shared = (("choose", "plant/low", 1, 1.0),)
    found = price_support._starts(written(case(), *shared, ("choose", "mill/none", 2, 1.0, "a")))
    named = {place[:3]: [life.name for life, _ in several] for place, several in found.items()}
    assert named == {("plant", "low", 1): ["a", "b"], ("mill", "none", 2): ["a"]}
    apart = price_support._starts(written(case(), *shared, ("choose", "plant/low", 2, 1.0, "b")))
    assert sorted(len(several) for several in apart.values()) == [1, 2]
    both = (("choose", "plant/low", 2, 1.0),)
    assert [len(several) for several in price_support._starts(written(case(), *both)).values()] == [1, 1]


def started(monkeypatch: pytest.MonkeyPatch, found: Any, **starts: list[tuple[list[float], list[float]]]) -> None:
    """Starts of 2028 by instrument with the worth and the outlay of each future; one alone is of the second future."""
    both = list(lives(found))
    several: dict[Any, Any] = {}
    for instrument, futures in starts.items():
        here = both if len(futures) > 1 else both[1:]
        several["plant", instrument, 1, 7] = [
            (life, SimpleNamespace(backed=5.0, npv=lambda w=worth: w, outlay=lambda p=paid: p))
            for life, (worth, paid) in zip(here, futures, strict=True)
        ]
    monkeypatch.setattr(price_support, "_starts", lambda _: several)


@pytest.mark.parametrize(
    ("calm", "crash", "fails"),
    [([3.0, -2.0], [-3.0], 0), ([3.0, -2.1], [-3.0], 1), ([-0.1], [0.1], 1), ([0.0], [-6e-6], 1), ([0.0], [-3e-6], 0)],
)
def test_a_start_pays_in_expectation(
    monkeypatch: pytest.MonkeyPatch, calm: list[float], crash: list[float], fails: int
) -> None:
    """Three quarters of the calm and a quarter of the crash. Two limits on output in two processes: three periods in
    the calm, and four in the crash, after which time is told by the year."""
    found = written(case())
    started(monkeypatch, found, low=[(calm, []), (crash, [])])
    tally = price_support.price_support(found)
    assert counted(tally) == (2 * 2 * 3 + 2 * 2 * 4 + 1, fails)
    assert all(text.startswith("worth of plant under low") for text in tally.findings)


@pytest.mark.parametrize(("worth", "fails"), [(-2e-6, 1), (-0.5e-6, 0)])
def test_a_start_in_one_future_pays_there(monkeypatch: pytest.MonkeyPatch, worth: float, fails: int) -> None:
    found = written(case())
    started(monkeypatch, found, low=[([worth], [])])
    assert price_support.price_support(found).failed == fails


def test_every_check_looks_at_every_future() -> None:
    """A choice that is not on offer, a size over the greatest, output of nothing and two floors, in the second future
    alone; and without an investor any of them."""
    wrong: tuple[Line, ...] = (
        ("start", "plant", 2, 1.0, "b"), ("choose", "plant/low", 2, 1.0, "b"), ("choose", "plant/high", 2, 0.1, "b"),
        ("backed", "plant/low", 2, 8.1, "b"), ("size", "plant", 2, 8.1, "b"), ("sign", "floored", 2, 1.0, "b"),
        ("supported", "plant/low/2029-01", 2, 99.0, "b"),
    )  # fmt: skip
    found = price_support.price_support(written(case(), *wrong)).findings
    for words in (
        "b choose and start of plant",
        "is not on offer",
        "b backed plant/low",
        "b output of plant/low",
        "at a floor",
    ):
        assert any(words in text for text in found), words
    nobody = price_support.price_support(written(case(private=False)))
    assert counted(nobody) == (6, 0)
    for variable, words in (("choose", "plant/low"), ("backed", "plant/low"), ("supported", "plant/low/2027-01")):
        tally = Tally()
        several = written(case(private=False), (variable, words, 2, 1.0))
        several.kept["lives"] = list(lives(several))
        tally = price_support.price_support(several)
        assert f"a {variable} and no investor" in tally.findings


# The table

ROWS = {
    "project": ["plant", "plant"],
    "instrument": ["low", "none"],
    "started": ["2028-01", "2028-01"],
    "futures": ["a b", "b"],
    "branch": ["every future", "b"],
    "largest_in": ["b", "b"],
    "size_t_per_year": ["5", "5"],
    "npv_musd": ["0.5", "-1"],
    "npv_least_musd": ["-4", "-1"],
    "outlay_musd": ["2.5", "0.25"],
    "outlay_largest_musd": ["4", "0.25"],
    "probability": ["1", "0.25"],
}
"""A floor: worth 3 - 1 = 2 in the calm and -4 in the crash, 0.75 x 2 - 0.25 x 4 = 0.5; paid 2 and 5 - 1 = 4, 2.5. None:
in the crash alone, -1 and 0.25."""


def told(monkeypatch: pytest.MonkeyPatch, **columns: list[str]) -> Tally:
    found = written(case(), tables={"price_support": by_column({**ROWS, **columns})})
    started(monkeypatch, found, low=[([3.0, -1.0], [2.0]), ([-4.0], [5.0, -1.0])], none=[([-1.0], [0.25])])
    return price_support.table(found)


def test_the_table_says_what_starts_are_worth_and_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    tally = told(monkeypatch)
    assert (tally.items, tally.findings) == (1 + 2 * 6 + 2 * 2, [])


@pytest.mark.parametrize("column", ROWS)
def test_each_cell_of_the_table_is_reckoned(monkeypatch: pytest.MonkeyPatch, column: str) -> None:
    for line in (0, 1):
        cells = list(ROWS[column])
        cells[line] = cells[line] + "1" if cells[line][-1].isdigit() else "a"
        assert told(monkeypatch, **{column: cells}).failed > 0


@pytest.mark.parametrize(
    ("column", "right", "wrong"),
    [
        ("npv_musd", "0.5000039", "0.5000041"),
        ("npv_least_musd", "-4.0000039", "-4.0000041"),
        ("outlay_musd", "2.5000029", "2.5000031"),
        ("outlay_largest_musd", "4.0000059", "4.0000061"),
    ],
)
def test_sums_agree_within_the_size_of_their_terms(
    monkeypatch: pytest.MonkeyPatch, column: str, right: str, wrong: str
) -> None:
    """0.75 x 4 + 0.25 x 4 = 4; 4; 0.75 x 2 + 0.25 x 6 = 3; and 6 million without signs."""
    assert told(monkeypatch, **{column: [right, ROWS[column][1]]}).failed == 0
    assert told(monkeypatch, **{column: [wrong, ROWS[column][1]]}).failed == 1
