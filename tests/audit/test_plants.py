"""The audit sees a plan that breaks what a case says of its plants, stock and projects: one limit at a time.

The plans of the second half are stated by hand. Skills wear by 0.19 a year, a tenth in half a year.
"""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from audit.findings import checked, found
from audit.runs import solved
from audit.written import UNEVEN, life_of, stated
from families.test_abandonment import begun
from families.test_closing import REST, SHUT, line
from families.test_size_classes import LARGE, SMALL, built
from orefolio.audit import plants
from orefolio.case.case import Case
from pencil import case_of, event, future, must, process, project, spot, stockpile


def mine(**columns: Any) -> Case:
    dig = process("mine", {}, {"ore": 1}, capacity=10, **columns)
    return case_of(spot("market", "ore", 50), dig, must("d", "ore", 10), years=2)


def pile(**columns: Any) -> Case:
    held = stockpile("k", "ore", initial_t=9, **columns)
    return case_of(spot("market", "ore", 50), held, must("d", "ore", 3), years=3)


STRICTER = {
    "a reserve": ("reserves", mine(), mine(reserve_t=15)),
    "wear": ("capacities", mine(), mine(wear_share_per_year=0.1)),
    "skills": ("skills", mine(availability_share=0.5), mine(availability_share=0.5, idle_loss_share_per_year=0.5)),
    "an age limit": ("stock_ages", pile(), pile(age_limit_years=1)),
    "no closing": ("states", line(**SHUT), line(**{**SHUT, "can_close": False})),
    "no mothballing": ("states", line(**REST), line(**{**REST, "can_mothball": False})),
    "a larger least size": ("projects", built(), built(classes=(SMALL, {**LARGE, "from_t_per_year": 11}))),
    "no abandonment": ("projects", begun(), begun(can_abandon=False)),
}


@pytest.mark.verifies("tampering")
@pytest.mark.parametrize("what", STRICTER)
def test_a_plan_is_rejected_by_a_stricter_case(what: str) -> None:
    """Would fail if the check that is named for a limit did not look at it."""
    check, loose, strict = STRICTER[what]
    run = solved(loose)
    assert run.report().passed
    failed = {result.name for result in replace(run, case=strict).report().failed}
    assert check in failed


def plant(name: str = "line", capacity: float = 10.0, **columns: Any) -> Any:
    return process(name, {}, {"ore": 1.0}, capacity=capacity, **columns)


def test_a_mine_gives_its_reserve_and_no_more() -> None:
    """4 + 5 + 3 + 3 = 15; a mine without a reserve gives what it likes."""
    case = case_of(plant("mine", reserve_t=15.0), plant("open"), **UNEVEN)
    dug = {"activity mine/free": [4, 5, 3, 3], "activity open/free": [9, 9, 9, 9]}
    assert checked(plants.reserves, case, dug) == (1, [])
    dug["activity mine/free"] = [4, 5, 3, 3.5]
    assert checked(plants.reserves, case, dug) == (1, ["only reserve of mine: off by 0.5"])


def test_a_plant_has_states_where_it_can_close_or_rest_or_costs_something_to_hold() -> None:
    nothing = {"can_close": False, "can_mothball": False, "standing_musd_per_year": 0.0}
    assert plants.asks(SimpleNamespace(**nothing)) is False
    for name, value in (("can_close", True), ("can_mothball", True), ("standing_musd_per_year", 0.5)):
        assert plants.asks(SimpleNamespace(**{**nothing, name: value})) is True


LIFE = {
    "stands line": [1, 0, 1, 0],
    "mothballed line": [0, 1, 0, 0],
    "restart line": [0, 0, 1, 0],
    "close line": [0, 0, 0, 1],
    "activity line/free": [5, 0, 15, 0],
}
"""A plant that stands, rests for half a year, stands again and is closed in 2030."""


def lifelong(**columns: Any) -> Case:
    return case_of(plant(can_close=True, can_mothball=True, **columns), **UNEVEN)


def test_a_plant_stands_rests_stands_again_and_closes() -> None:
    """Six statements for each of four periods."""
    assert checked(plants.states, lifelong(), LIFE) == (24, [])


@pytest.mark.parametrize(
    ("changed", "finding"),
    [
        ({"close line": [0, 0, 0, 0], "stands line": [1, 0, 1, 1]}, []),
        ({"mothballed line": [0, 0, 0, 0], "stands line": [1, 1, 1, 0]}, []),
        (
            {"close line": [0, 0, 1, 1], "stands line": [1, 0, 0, -1], "restart line": [], "activity line/free": []},
            ["only line/2030-01 is mothballed or closed, and once: off by 1"],
        ),
        (
            {"close line": [0, 1, 0, 0], "mothballed line": [], "stands line": [1, 0, 0, 0], "restart line": [],
             "activity line/free": [5]},
            ["only line/2027-07 cannot be closed then"],
        ),
        ({"mothballed line": [0, 1, 0, 1], "stands line": [1, 0, 1, -1]},
         ["only line/2030-01 is mothballed or closed, and once: off by 1"]),
        ({"stands line": [1, 0, 0, 0]}, ["only line/2028-01 stands: off by 1"]),
        ({"stands line": [1, 1, 1, 0]}, ["only line/2027-07 stands: off by 1"]),
        ({"activity line/free": [5, 1e-6, 15, 1e-6]}, []),
        ({"activity line/free": [5, 2e-6, 15, 0]}, ["only line/2027-07 runs and does not stand"]),
        ({"activity line/free": [5, 0, 15, 3]}, ["only line/2030-01 runs and does not stand"]),
        ({"restart line": [0, 0, 0.25, 0]}, ["only line/2028-01 stands again: off by 0.75"]),
    ],
)  # fmt: skip
def test_each_state_follows_from_the_one_before(changed: dict[str, list[float]], finding: list[str]) -> None:
    assert found(plants.states, lifelong(), {**LIFE, **changed}) == finding


def test_a_plant_that_half_rests_does_not_stand() -> None:
    """Half is not more than half: it may not run, and needs a restart to stand as a whole, but not to stand half."""
    half = {"mothballed line": [0.5, 1, 0.5, 0], "stands line": [0.5, 0, 0.5, 1], "activity line/free": [0, 0, 2, 2]}
    assert found(plants.states, lifelong(), half) == [
        "only line/2028-01 runs and does not stand",
        "only line/2030-01 stands again: off by 1",
    ]


def test_a_plant_closes_and_rests_only_where_it_can() -> None:
    findings = found(plants.states, case_of(plant(can_mothball=True), **UNEVEN), LIFE)
    assert findings == ["only line/2030-01 cannot be closed then"]
    findings = found(plants.states, case_of(plant(can_close=True), **UNEVEN), LIFE)
    assert findings == ["only line/2027-07 cannot be mothballed"]


def test_a_plant_without_states_has_none() -> None:
    case = case_of(plant(), plant("other", standing_musd_per_year=0.5), **UNEVEN)
    other = {"stands other": [1, 1, 1, 1]}
    assert checked(plants.states, case, other) == (4 + 24, [])
    for name in ("stands", "mothballed", "close", "restart"):
        findings = found(plants.states, case, {**other, f"{name} line": [0, 0, 1, 0]})
        assert findings == [f"only line {name} and no state is asked for"]


def skilled(**columns: Any) -> Case:
    """10 t/year stand, 11 from 2028 and 12.5 from 2030 on; 4 t/year more after a quarter of a year,
    half of them in the first year; a project of another line."""
    terms = {"availability_share": 0.9, "idle_loss_share_per_year": 0.19, "retrain_usd_per_t": 7.0}
    return case_of(
        plant(**{**terms, **columns}),
        plant("other"),
        project("aside", "other", 40.0),
        project("more", "line", 40.0, lead=0.25, ramp=(0.5, 1.0)),
        project("late", "line", 40.0, lead=0.25),
        event("add", "processes", "process=line", "capacity_t_per_year", "set", 11.0),
        event("grow", "processes", "process=line", "capacity_t_per_year", "set", 12.5),
        future("only", 1.0, {"add": "2028-01-01", "grow": "2030-01-01"}),
        **UNEVEN,
    )


SIZES = {"size more": [4], "size aside": [0, 0, 30]}
RUN = {"activity line/free": [3, 5.4, 10, 9], "retrained line": [0, 0.5]}
THIRD = 11.88 + 1.0 + 1.75
FOURTH = THIRD - (THIRD - 5.0) * (1.0 - 0.81**2) + 1.5 + 0.25
ABLE = {"able line": [11.0, 12.0, THIRD, FOURTH]}
"""Of the 4 t/year 1, 2, 3.75 and 4 stand in the four periods. First 10 + 1. 5 of 11 are idle at 3 t in half a year, a
tenth of which is lost, 1 is added, 0.5 taught: 12. 1.2 of 12 are idle, 0.12 lost, 1 and 1.75 added. In two years
1 - 0.81**2 of what is idle beyond 5 a year is lost, 1.5 and 0.25 are added. In the second period
0.9 x 0.5 x 12 = 5.4 t just run."""


def test_skills_follow_from_what_was_run_added_and_taught() -> None:
    assert checked(plants.skills, skilled(), {**SIZES, **RUN, **ABLE}) == (1 + 3 * 4, [])


def test_skills_that_people_do_not_have_are_seen() -> None:
    changed = {**SIZES, **RUN, **ABLE, "able line": [11.0, 12.5, THIRD, FOURTH]}
    assert found(plants.skills, skilled(), changed) == ["only line/2027-07 able: off by 0.5"]
    run = {**RUN, "activity line/free": [3, 5.4, 10, 0.9 * FOURTH + 1.5]}
    assert found(plants.skills, skilled(), {**SIZES, **run, **ABLE}) == [
        "only line/2030-01 runs beyond its skills: off by 1.5"
    ]
    early = {**RUN, "retrained line": [0.25, 0.5]}
    assert found(plants.skills, skilled(), {**SIZES, **early, **ABLE}) == ["only line/2027-01 is taught"]
    costless = skilled(retrain_usd_per_t=math.inf)
    assert found(plants.skills, costless, {**SIZES, **RUN, **ABLE}) == ["only line/2027-07 is taught"]
    for name in ("able", "retrained"):
        findings = found(plants.skills, skilled(), {**SIZES, **RUN, **ABLE, f"{name} other": [0, 1]})
        assert findings == ["only other has skills that it cannot lose"]


def test_people_stay_where_capacity_goes() -> None:
    """10 t/year stand, then 6: all of 10 are idle, so 1, 0.9 and 8.1 x 0.3439 are lost, and nothing for the fall."""
    case = case_of(
        plant(idle_loss_share_per_year=0.19),
        event("fall", "processes", "process=line", "capacity_t_per_year", "set", 6.0),
        future("only", 1.0, {"fall": "2027-07-01"}),
        **UNEVEN,
    )
    able = {"able line": [10.0, 9.0, 8.1, 8.1 * 0.81**2]}
    assert checked(plants.skills, case, able) == (12, [])


def test_what_is_given_up_takes_its_people_along() -> None:
    """Without what was begun in 2028 and given up in 2030 nothing is added to what stands."""
    given = {"size late": [0, 0, 8], "given_up late/2028-01": [0, 0, 0, 8]}
    able = [10.0, 9.0, 9.1, 9.1 * 0.81**2 + 1.5]
    assert found(plants.skills, skilled(), {**given, "able line": able}) == []
    part = {**given, "given_up late/2028-01": [0, 0, 0, 5]}
    assert found(plants.skills, skilled(), {**part, "able line": able})[0] == "only line/2028-01 able: off by 2.625"


def test_wear_takes_nobody_along() -> None:
    """Wear of 1 - 1/e a year leaves exp(-t). Of what is ready at once, a quarter in its first year and all of it later,
    0.25 x the mean of exp(-t) stands over the second half-year and its mean over the years 1 to 3 then: the first is
    less than over the first half-year, so nobody comes, the second more."""
    worn = plant(wear_share_per_year=1.0 - math.exp(-1.0))
    case = case_of(worn, project("more", "line", 40.0, ramp=(0.25, 1.0)), **UNEVEN)
    life = life_of(stated(case, {"size more": [4.0]}))
    then = 0.25 * (math.exp(-0.5) - math.exp(-1.0)) / 0.5
    assert plants._grown(life, "line", 1) == 0.0
    assert plants._grown(life, "line", 2) == pytest.approx(4.0 * ((math.exp(-1.0) - math.exp(-3.0)) / 2.0 - then))


COLUMNS = "future process name period until node state wear_left_share able_t_per_year reserve_left_t"


def test_the_table_of_plants_is_reckoned_row_by_row() -> None:
    """Four of five plants have something to tell. The mine of 15 t gives 4, 5 and 3; for two years half of what
    stands wears away in a year, so a mean of 0.5 / ln 2 is left, half of it, and then a quarter; the skilled one
    forgets a fifth of what it does not run."""
    case = case_of(
        plant("mine", reserve_t=15.0),
        plant("plain"),
        plant("rests", can_close=True, can_mothball=True),
        plant("wears"),
        plant("skilled", idle_loss_share_per_year=0.2),
        event("wear", "processes", "process=wears", "wear_share_per_year", "set", 0.5),
        future("only", 1.0, {"wear": ("2027-01-01", 24)}),
        years=3,
    )
    values = {
        "activity mine/free": [4, 5, 3],
        "mothballed rests": [1, 0, 0],
        "close rests": [0, 1, 0],
        "able skilled": [10, 8, 6.5],
    }
    worn = 0.5 / math.log(2.0), 0.25 / math.log(2.0), 0.25
    rows: list[list[Any]] = [COLUMNS.split()]
    for number in range(3):
        place = f"20{27 + number}-01", f"20{28 + number}-01", number + 1
        rows += [
            ["only", "mine", "mine", *place, "", "", "", (11, 6, 3)[number]],
            ["only", "rests", "rests", *place, ("mothballed", "closed", "closed")[number], "", "", ""],
            ["only", "wears", "wears", *place, "", worn[number], "", ""],
            ["only", "skilled", "skilled", *place, "", "", (10, 8, 6.5)[number], ""],
        ]
    tally = plants.table(stated(case, values, {"plants": rows}))
    assert (tally.items, tally.findings) == (1 + 12 * 6, [])
    idle = {**values, "mothballed rests": [0.5, 0, 0], "close rests": [0, 0.5, 0]}
    stands = [["stands" if cell in ("mothballed", "closed") else cell for cell in row] for row in rows]
    assert plants.table(stated(case, idle, {"plants": stands})).findings == []


def test_the_table_of_plants_gives_the_node_of_each_future() -> None:
    cut = event("cut", "processes", "process=mine", "availability_share", "set", 0.5)
    two = (future("calm", 0.5), future("cut", 0.5, {"cut": "2028-01-01"}, onset="2028-01-01"))
    case = case_of(plant("mine", reserve_t=15.0), cut, *two, years=2)
    rows: list[list[Any]] = [COLUMNS.split()]
    rows += [[name, "mine", "mine", "2027-01", "2028-01", 1, "", "", "", 11] for name in ("calm", "cut")]
    rows.append(["calm", "mine", "mine", "2028-01", "2029-01", 2, "", "", "", 6])
    rows.append(["cut", "mine", "mine", "2028-01", "2029-01", 3, "", "", "", 9])
    evidence = stated(case, {"activity mine/free": [4, 5]}, {"plants": rows}, cut={"activity mine/free": [4, 2]})
    assert plants.table(evidence).findings == []
