"""Limits of what runs, is sent, left behind, adopted and collected: each met exactly, then broken by a known amount.

Most cases have periods of 0.5, 0.5, 2 and 1 years.
"""

from __future__ import annotations

import datetime
import math
from typing import Any

import pytest

from audit.findings import checked, found
from audit.written import LABELS, UNEVEN, life_of, stated
from orefolio.audit import capacities
from orefolio.case.case import Case
from pencil import Piece, case_of, event, future, lane, must, process, project, tables

CLASSES = tables(classes=[{"class_": "free"}, {"class_": "tagged", "tags": "china"}])
MORE = project("more", "line", 40.0, lead=0.25, ramp=(0.5, 1.0))
"""Of what is begun on the first day 0.25, 0.5, 0.9375 and 1 stand."""


def line(capacity: float = 10.0, **columns: Any) -> Piece:
    return process("line", {}, {"ore": 1.0}, capacity=capacity, **columns)


def each_period_breaks(check: Any, case: Case, values: dict[str, Any], name: str, words: str) -> None:
    """Whatever runs in a period at its limit is at its limit: half a tonne more is half a tonne too much."""
    for number, label in enumerate(LABELS):
        more = [value + 0.5 * (place == number) for place, value in enumerate(values[name])]
        assert f"{words.format(label)}: off by 0.5" in found(check, case, {**values, name: more})


def test_output_stays_within_what_stands_and_is_available() -> None:
    """0.8 of 10 t/year, from 2030 on of 5, and of 4 t/year more: 0.4 x 11, 0.4 x 12, 1.6 x 13.75, 0.8 x 9."""
    less = event("less", "processes", "process=line", "capacity_t_per_year", "set", 5.0)
    case = case_of(
        line(availability_share=0.8), MORE, CLASSES, less, future("only", 1.0, {"less": "2030-01-01"}), **UNEVEN
    )
    values = {
        "size more": [4],
        "activity line/free": [3.4, 4.3, 20.0, 5.2],
        "activity line/tagged": [1.0, 0.5, 2.0, 2.0],
    }
    assert checked(capacities.capacities, case, values) == (4, [])
    each_period_breaks(capacities.capacities, case, values, "activity line/tagged", "only capacity line/{}")


def test_output_stays_within_what_wear_leaves() -> None:
    """exp(-t) is left: 10 x (exp(-1) - exp(-3)) over the years 1 to 3."""
    case = case_of(line(wear_share_per_year=1.0 - math.exp(-1.0)), **UNEVEN)
    most = 10.0 * (math.exp(-1.0) - math.exp(-3.0))
    assert checked(capacities.capacities, case, {"activity line/free": [0, 0, most]}) == (1, [])
    assert found(capacities.capacities, case, {"activity line/free": [0, 0, most + 1.5]}) == [
        "only capacity line/2028-01: off by 1.5"
    ]


def test_output_rises_no_faster_than_it_can() -> None:
    """From 2 t/year by 5 a year between the middles of periods: 3.25, 5.75, 12 and 19.5 t/year. What is added comes on
    top in every period, 1, 2, 3.75 and 4: 4.25, 8.75, 18.75 and 30.25. After a rest it rises from nothing."""
    terms = {"capacity": 100.0, "ramp_up_share_per_year": 0.05, "initial_t_per_year": 2.0}
    other = process("other", {}, {"ore": 1.0}, capacity=50.0)
    case = case_of(other, line(**terms), MORE, **UNEVEN)
    plain = {"activity line/free": [1.625, 2.875, 24.0, 19.5], "activity other/free": [0, 25]}
    assert checked(capacities.capacities, case, plain) == (4 + 1 + 4, [])
    each_period_breaks_rate(case, plain, (1.0, 1.0, 0.25, 0.5))
    more = {"size more": [4], "activity line/free": [2.125, 4.375, 37.5, 30.25]}
    assert checked(capacities.capacities, case, more) == (4 + 4, [])
    each_period_breaks_rate(case, more, (1.0, 1.0, 0.25, 0.5))
    rest = {"activity line/free": [0, 0, 12.5, 13.75]}
    assert checked(capacities.capacities, case, rest) == (2 + 2, [])


def each_period_breaks_rate(case: Case, values: dict[str, Any], over: tuple[float, ...]) -> None:
    """Half a tonne too much in a period of so many years is a rate too high by so much."""
    for number, label in enumerate(LABELS):
        run = [value + 0.5 * (place == number) for place, value in enumerate(values["activity line/free"])]
        findings = found(capacities.capacities, case, {**values, "activity line/free": run})
        assert findings == [f"only rise line/{label}: off by {over[number]:g}"]


ENDING: dict[str, Any] = {
    "years": 4,
    "grids": {"ending": ((datetime.date(2029, 1, 1), 12), (datetime.date(2031, 1, 1), 24))},
}
"""Periods of one, one and two years."""


def ending() -> Case:
    return case_of(
        line(100.0),
        project("more", "line", 40.0, lead=1.0, ramp=(0.5, 1.0)),
        project("other", "line", 40.0),
        **ENDING,
    )


KEPT = {
    "size more": [0, 8],
    "given_up more/2028-01": [0, 0, 2],
    "size other": [3],
    "activity line/free": [0, 0, 11],
    "kept more/2028-01": [0, 0, 4.5],
    "kept other/2027-01": [0, 0, 1],
}
"""Of 8 t/year 2 are given up; a year of the last two runs at half, so 0.75 x 6 = 4.5; with 1 of the other one 5.5,
which is what 11 t in two years are."""


def test_what_is_kept_stands_and_runs() -> None:
    assert checked(capacities.capacities, ending(), KEPT) == (1 + 2 + 1, [])
    for name, value, finding in (
        ("kept more/2028-01", [0, 0, 5.0], "only kept more/2028-01: off by 0.5"),
        ("kept other/2027-01", [0, 0, 3.25], "only kept and not running line: off by 2.25"),
        ("activity line/free", [0, 0, 10], "only kept and not running line: off by 0.5"),
        ("given_up more/2028-01", [0, 0, 3], "only kept more/2028-01: off by 0.75"),
    ):
        assert finding in found(capacities.capacities, ending(), {**KEPT, name: value})


def test_what_is_kept_is_worn() -> None:
    """exp(-t) is left t years after completion in 2029: (1 - exp(-2)) / 2 of 8 t/year."""
    worn = line(100.0, wear_share_per_year=1.0 - math.exp(-1.0))
    case = case_of(worn, project("more", "line", 40.0, lead=1.0), **ENDING)
    most = 4.0 * (1.0 - math.exp(-2.0))
    values = {"size more": [0, 8], "activity line/free": [0, 0, 15], "kept more/2028-01": [0, 0, most]}
    assert found(capacities.capacities, case, values) == []
    values["kept more/2028-01"] = [0, 0, most + 0.5]
    assert found(capacities.capacities, case, values) == ["only kept more/2028-01: off by 0.5"]


def test_what_is_kept_was_begun_and_is_kept_at_the_end() -> None:
    values = {**KEPT, "kept more/2026-01": [0, 0, 1], "kept other/2028-01": [0, 1]}
    words = "is kept from no period of the future or before its end"
    findings = found(capacities.capacities, ending(), values)
    assert sorted(findings) == [f"only more/2026-01 {words}", f"only other/2028-01 {words}"]


def test_each_period_of_running_is_paid() -> None:
    """A millionth of a tonne is no running."""
    case = case_of(line(campaign_musd=0.5), process("other", {}, {"ore": 1.0}, capacity=9.0), CLASSES, **UNEVEN)
    values = {"activity line/free": [1, 0, 1e-6], "run line": [1], "activity other/free": [1]}
    assert checked(capacities.capacities, case, values) == (3 + 4, [])
    changed = {**values, "activity line/tagged": [0, 0, 1e-6, 3]}
    assert found(capacities.capacities, case, changed) == [
        "only line/2028-01 runs and is not paid",
        "only line/2030-01 runs and is not paid",
    ]
    assert found(capacities.capacities, case, {**values, "run line": [2]}) == ["only line/2027-01 runs and is not paid"]


def test_a_lane_carries_what_it_can() -> None:
    """10 t/year, 8 from 2030 on, and 6 more from 2028 on: 5, 5, 32 and 14 t. Another lane carries whatever comes."""
    less = event("less", "lanes", "lane=a>b", "capacity_t_per_year", "set", 8.0)
    case = case_of(
        lane("a", "b", "ore", capacity_t_per_year=10.0),
        lane("a", "c", "ore"),
        project("road", "a>b", 9.0),
        CLASSES,
        less,
        future("only", 1.0, {"less": "2030-01-01"}),
        **UNEVEN,
    )
    values = {
        "ship a>b/free": [3, 4, 30, 9],
        "ship a>b/tagged": [2, 1, 2, 5],
        "ship a>c/free": [900],
        "size road": [0, 0, 6],
    }
    assert checked(capacities.lanes, case, values) == (4 + 1, [])
    each_period_breaks(capacities.lanes, case, values, "ship a>b/tagged", "only lane a>b/{}")


LICENCE = tables(licences=[{"licence": "civil", "approval_share": 0.6, "tags": "china"}])


def ban(share: float) -> Piece:
    return tables(rules=[{"rule": "ban", "kind": "ban", "in_force_share": share}])


def licensed(*pieces: Piece, **columns: Any) -> Case:
    return case_of(lane("a", "b", "ore", **columns), CLASSES, LICENCE, *pieces, **UNEVEN)


def test_a_licence_lets_a_share_of_tagged_trade_through() -> None:
    """0.6 of 10 t/year: 3, 3, 12 and 6 t; what has no tag needs no licence."""
    case = licensed(capacity_t_per_year=10.0, licence="civil")
    values = {"ship a>b/tagged": [3, 3, 12, 6], "ship a>b/free": [1, 1, 1, 1]}
    assert checked(capacities.lanes, case, values) == (4 + 4, [])
    for number in range(4):
        more = [value + 0.5 * (place == number) for place, value in enumerate(values["ship a>b/tagged"])]
        findings = found(capacities.lanes, case, {**values, "ship a>b/tagged": more})
        assert findings == [f"only licence or ban of a lane a>b/tagged/{number}: off by 0.5"]


@pytest.mark.parametrize(
    ("share", "licence", "free", "tagged"),
    [(0.25, "", 15.0, 15.0), (0.25, "civil", 15.0, 12.0), (0.7, "civil", 6.0, 6.0), (1.0, "civil", 0.0, 0.0)],
)
def test_a_ban_stops_a_share_of_all_trade(share: float, licence: str, free: float, tagged: float) -> None:
    """Two years of 10 t: what the ban leaves of it, and no more of tagged material than the licence lets through."""
    case = licensed(ban(share), capacity_t_per_year=10.0, licence=licence, ban_rule="ban")
    for name, most in (("free", free), ("tagged", tagged)):
        assert found(capacities.lanes, case, {f"ship a>b/{name}": [0, 0, most]}) == []
        assert found(capacities.lanes, case, {f"ship a>b/{name}": [0, 0, most + 1.5]}) == [
            f"only licence or ban of a lane a>b/{name}/2: off by 1.5"
        ]


def test_a_licence_holds_while_a_ban_is_not_in_force() -> None:
    case = licensed(ban(0.0), capacity_t_per_year=10.0, licence="civil", ban_rule="ban")
    assert found(capacities.lanes, case, {"ship a>b/tagged": [0, 0, 12], "ship a>b/free": [0, 0, 8]}) == []
    assert found(capacities.lanes, case, {"ship a>b/tagged": [0, 0, 13.5]}) == [
        "only licence or ban of a lane a>b/tagged/2: off by 1.5"
    ]


def test_trade_without_a_ban_or_a_licence_is_only_within_the_lane() -> None:
    case = licensed(ban(0.0), capacity_t_per_year=10.0, ban_rule="ban")
    assert checked(capacities.lanes, case, {"ship a>b/tagged": [5, 5]}) == (2, [])


def test_normal_trade_of_a_lane_is_what_its_origin_makes() -> None:
    """0.9 t of which half is kept per tonne of 20 t/year, and 0.5 t per tonne of 6: 12 t/year, 0.6 of which for two
    years are 14.4 t."""
    makers = (
        process("far", {}, {"ore": 1.0}, capacity=50.0, place="b"),
        process("dig", {"rock": 3.0}, {"metal": 1.0, "ore": 0.9}, yields={"ore": 0.5}, capacity=20.0, place="a"),
        process("wash", {"ore": 2.0}, {"metal": 1.0}, capacity=30.0, place="a"),
        process("side", {}, {"metal": 1.0, "ore": 0.5}, capacity=6.0, place="a"),
    )
    case = licensed(*makers, licence="civil")
    assert found(capacities.lanes, case, {"ship a>b/tagged": [0, 0, 14.4]}) == []
    assert found(capacities.lanes, case, {"ship a>b/tagged": [0, 0, 14.4 + 1.5]}) == [
        "only licence or ban of a lane a>b/tagged/2: off by 1.5"
    ]


def test_a_licence_of_a_lane_from_where_nothing_is_made_limits_nothing_but_a_ban_does() -> None:
    case = licensed(licence="civil")
    assert checked(capacities.lanes, case, {"ship a>b/tagged": [0, 900]}) == (2, [])
    case = licensed(ban(1.0), licence="civil", ban_rule="ban")
    assert found(capacities.lanes, case, {"ship a>b/tagged": [0, 900]}) == [
        "only licence or ban of a lane a>b/tagged/1: off by 900"
    ]


def test_residue_stays_within_the_cap_of_its_country_in_every_year() -> None:
    """2.5 and 0.5 t of water per tonne of two plants in Japan, within 60 t/year and 30 from 2030 on; a plant in China
    and another residue do not count; a cap without an end limits nothing."""
    less = event("less", "residue_caps", "residue=water", "t_per_year", "multiply", 0.5)
    case = case_of(
        line(),
        process("second", {}, {"ore": 1.0}),
        process("third", {}, {"ore": 1.0}, place="away"),
        tables(
            places=[{"place": "away", "country": "CN"}],
            residues=[
                {"process": "line", "residue": "water", "t_per_t": 2.5},
                {"process": "second", "residue": "water", "t_per_t": 0.5},
                {"process": "second", "residue": "dust", "t_per_t": 70.0},
                {"process": "third", "residue": "water", "t_per_t": 80.0},
            ],
            residue_caps=[
                {"country": "CN", "residue": "water"},
                {"country": "JP", "residue": "water", "t_per_year": 60.0},
            ],
        ),
        less,
        future("only", 1.0, {"less": "2030-01-01"}),
        **UNEVEN,
    )
    values = {
        "activity line/free": [10, 8, 40, 10],
        "activity second/free": [20, 10, 40, 10],
        "activity third/free": [9, 9, 9, 9],
    }
    assert checked(capacities.residues, case, values) == (3, [])
    for number, label in enumerate(("2027", "2027", "2028-2029", "2030")):
        more = [value + 2 * (place == number) for place, value in enumerate(values["activity line/free"])]
        findings = found(capacities.residues, case, {**values, "activity line/free": more})
        assert findings == [f"only residue JP/water/{label}: off by 5"]


def programme(*increments: float) -> Piece:
    terms = {"up_front_musd": 0.0, "lead_time_years": 0.25, "ramp": (0.5, 1.0), "start_from": 2027, "start_to": 2030}
    return tables(
        programmes=[
            {"programme": "p", "level": level, "increment_share": share, **terms}
            for level, share in enumerate(increments, 1)
        ]
    )


def test_a_substitute_makes_no_more_than_is_adopted() -> None:
    """30 t/year of the group: of 15, 15, 60 and 30 t 0.1, and 0.2 in 2030, and of 0.2 more 0.25, 0.5, 0.9375 and all:
    0.15 x 15, 0.2 x 15, 0.2875 x 60 and 0.4 x 30. Another substitute has its 0.1 of 40 t/year and no programme."""
    twice = event("twice", "substitutions", "process=line", "initial_share", "multiply", 2.0)
    case = case_of(
        line(),
        process("other", {}, {"ore": 1.0}),
        must("d1", "ore", 10.0, group="g"),
        must("d2", "ore", 20.0, group="g"),
        must("d3", "ore", 40.0, group="h"),
        programme(0.2),
        tables(
            substitutions=[
                {"process": "line", "demand_group": "g", "initial_share": 0.1, "programme": "p"},
                {"process": "other", "demand_group": "h", "initial_share": 0.1},
            ]
        ),
        twice,
        future("only", 1.0, {"twice": "2030-01-01"}),
        **UNEVEN,
    )
    values = {"activity line/free": [2.25, 3.0, 17.25, 12.0], "activity other/free": [2, 2, 8, 4], "level_on p/1": [1]}
    assert checked(capacities.adoption, case, values) == (8, [])
    each_period_breaks(capacities.adoption, case, values, "activity line/free", "only adopted line/{}")
    each_period_breaks(capacities.adoption, case, values, "activity other/free", "only adopted other/{}")


def alive(*ages: float) -> list[float]:
    """The share still in use by a Weibull life of shape 2 and scale 4."""
    return [math.exp(-((age / 4.0) ** 2)) for age in ages]


def scrap() -> Case:
    terms = {"place": "home", "commodity": "ore", "weibull_shape": 2.0, "weibull_scale_years": 4.0,
             "collection_usd_per_kg": 1.0, "rate_share": 0.1}  # fmt: skip
    return case_of(
        programme(0.2),
        tables(
            scrap=[{"scrap": "motors", "programme": "p", **terms}, {"scrap": "tools", **terms}],
            past_sales=[
                {"scrap": "motors", "year": 2025, "t": 80.0},
                {"scrap": "tools", "year": 2020, "t": 900.0},
                {"scrap": "motors", "year": 2027, "t": 50.0},
                {"scrap": "motors", "year": 2029, "t": 30.0},
            ],
        ),
        event("twice", "scrap", "scrap=motors", "rate_share", "multiply", 2.0),
        future("only", 1.0, {"twice": "2030-01-01"}),
        **UNEVEN,
    )


def arising() -> list[float]:
    """What was sold in 2025 is 2, 2.5, 3, 5 and 6 years old at the ends of the periods; that of 2029 is sold within
    the third."""
    old, new, young = alive(2, 2.5, 3, 5, 6), alive(0, 0.5, 1, 3, 4), alive(0, 0, 0, 1, 2)
    return [
        80.0 * (old[n] - old[n + 1]) + 50.0 * (new[n] - new[n + 1]) + 30.0 * (young[n] - young[n + 1]) for n in range(4)
    ]


def test_what_was_sold_comes_to_the_end_of_its_life() -> None:
    life = life_of(stated(scrap(), {}))
    for _ in range(2):
        assert [capacities._arising(life, "motors", number) for number in range(4)] == pytest.approx(arising())
    old = alive(7, 7.5)
    assert capacities._arising(life, "tools", 0) == pytest.approx(900.0 * (old[0] - old[1]))


def test_no_more_scrap_is_collected_than_arises_and_is_reached() -> None:
    """0.1, and 0.2 in 2030, and of 0.2 more 0.25, 0.5, 0.9375 and all."""
    rates = (0.15, 0.2, 0.2875, 0.4)
    values = {"level_on p/1": [1], "collect motors": [t * rate for t, rate in zip(arising(), rates, strict=True)]}
    assert checked(capacities.collection, scrap(), values) == (8, [])
    each_period_breaks(capacities.collection, scrap(), values, "collect motors", "only collected motors/{}")
