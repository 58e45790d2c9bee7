"""When projects and programmes begin, how large, in which order: each limit met exactly, then broken by a known amount.

Periods of 0.5, 0.5, 2 and 1 years; commitments are made at the start of the first, third and fourth.
"""

from __future__ import annotations

from typing import Any

import pytest

from audit.findings import checked, found
from audit.written import UNEVEN
from orefolio.audit import commitments
from orefolio.case.case import Case
from pencil import Piece, case_of, process, project, spot, tables


def built(*more: Piece, **columns: Any) -> Case:
    """A project of 4 to 10 t/year that may be started until 2029, and two others."""
    terms = {"size_min_t_per_year": 4.0, "start_to": 2029, **columns}
    return case_of(
        process("line", {}, {"ore": 1.0}),
        project("more", "line", 10.0, **terms),
        project("late", "line", 10.0, requires=("more",)),
        project("free", "line", 10.0, binary=False),
        *more,
        **UNEVEN,
    )


BUILT = {"start more": [1], "size more": [6]}


def test_projects_start_in_time_and_in_size() -> None:
    """Five statements for a start, two for a size without one."""
    assert checked(commitments.projects, built(), BUILT) == (5, [])
    for size in (4, 10):
        assert found(commitments.projects, built(), {**BUILT, "size more": [size]}) == []
    assert checked(commitments.projects, built(), {"size free": [10]}) == (2, [])


@pytest.mark.parametrize(
    ("values", "findings"),
    [
        ({**BUILT, "size more": [10.5]}, ["only greatest size of more/2027-01: off by 0.5"]),
        ({**BUILT, "size more": [3.5]}, ["only least size of more/2027-01: off by 0.5"]),
        ({"start more": [1]}, ["only least size of more/2027-01: off by 4"]),
        ({"size more": [6]}, ["only greatest size of more/2027-01: off by 6"]),
        ({"start more": [0, 1], "size more": [0, 6]}, ["only more/2027-07 is outside its window"]),
        ({"start more": [0, 0, 0, 1], "size more": [0, 0, 0, 6]}, ["only more/2030-01 is outside its window"]),
        ({"start more": [1, 0, 1], "size more": [6, 0, 4]}, ["only starts of more: off by 1"]),
        ({"size free": [0, 0, 10.5]}, ["only greatest size of free/2028-01: off by 0.5"]),
        ({"size free": [3], "start free": [1]}, ["only free is started and no yes-or-no decision"]),
    ],
)
def test_projects_out_of_time_or_size_are_seen(values: dict[str, Any], findings: list[str]) -> None:
    assert found(commitments.projects, built(), values) == findings


def test_a_project_starts_after_what_it_requires_or_with_it() -> None:
    late = {"start late": [0, 0, 1], "size late": [0, 0, 5]}
    assert checked(commitments.projects, built(), {**BUILT, **late}) == (5 + 5 + 1, [])
    same = {"start more": [0, 0, 1], "size more": [0, 0, 6]}
    assert found(commitments.projects, built(), {**same, **late}) == []
    after = {"start late": [1], "size late": [5]}
    assert found(commitments.projects, built(), {**same, **after}) == ["only late without more: off by 1"]
    assert found(commitments.projects, built(), late) == ["only late without more: off by 1"]


def group(sense: str, counts: str, limit: float) -> Piece:
    """Half of what counts of one project and twice of another; another group has a third."""
    return tables(
        groups=[
            {"group": "other", "sense": "at_most", "counts": "sizes", "limit": 7.0},
            {"group": "g", "sense": sense, "counts": counts, "limit": limit},
        ],
        group_members=[
            {"group": "other", "project": "free"},
            {"group": "g", "project": "more", "coefficient": 0.5},
            {"group": "g", "project": "late", "coefficient": 2.0},
        ],
    )


@pytest.mark.parametrize(("counts", "total"), [("sizes", 0.5 * 6 + 2.0 * 5), ("starts", 0.5 + 2.0)])
def test_groups_count_starts_or_sizes(counts: str, total: float) -> None:
    values = {**BUILT, "start late": [0, 0, 1], "size late": [0, 0, 5], "size free": [7]}
    statements = 5 + 5 + 1 + 2 + 1
    broken = ["only group g: off by 0.5"]
    for sense, number, within, beyond in (
        ("at_most", 1, True, False),
        ("at_least", 1, False, True),
        ("exactly", 2, False, False),
    ):
        case = built(group(sense, counts, total))
        assert checked(commitments.projects, case, values) == (statements + number, [])
        below, above = (built(group(sense, counts, total + off)) for off in (-0.5, 0.5))
        assert found(commitments.projects, below, values) == ([] if beyond else broken)
        assert found(commitments.projects, above, values) == ([] if within else broken)


CLASSES = tables(
    size_classes=[
        {"project": "more", "size_class": "small", "from_t_per_year": 1.0, "to_t_per_year": 5.0},
        {"project": "more", "size_class": "large", "from_t_per_year": 5.5, "to_t_per_year": 8.0},
    ]
)
LARGE = {**BUILT, "in_class more/large": [1], "size_in_class more/large": [6]}


@pytest.mark.parametrize("size", [5.5, 6.0, 8.0])
def test_a_start_is_made_in_one_class_of_size(size: float) -> None:
    """Four statements more than without classes, and none for a project that has no class."""
    values = {**LARGE, "size more": [size], "size_in_class more/large": [size], "size free": [3]}
    assert checked(commitments.projects, built(CLASSES), values) == (5 + 4 + 2, [])


@pytest.mark.parametrize(
    ("changed", "findings"),
    [
        ({"size more": [5], "size_in_class more/large": [5]}, ["only least size in class more/large: off by 0.5"]),
        (
            {"size more": [8.5], "size_in_class more/large": [8.5]},
            ["only greatest size in class more/large: off by 0.5"],
        ),
        (
            {"in_class more/large": []},
            ["only greatest size in class more/large: off by 6", "only in_class more: off by 1"],
        ),
        (
            {"in_class more/large": [], "size_in_class more/large": []},
            ["only in_class more: off by 1", "only size_in_class more: off by 6"],
        ),
        ({"size_in_class more/large": [5.75]}, ["only size_in_class more: off by 0.25"]),
        (
            {
                "in_class more/small": [1],
                "size_in_class more/small": [1],
                "size_in_class more/large": [5.5],
                "size more": [6.5],
            },
            ["only in_class more: off by 1"],
        ),
        (
            {"in_class more/small": [0, 0, 1], "size_in_class more/small": [0, 0, 2]},
            ["only in_class more: off by 1", "only size_in_class more: off by 2"],
        ),
    ],
)
def test_a_start_in_no_or_another_class_is_seen(changed: dict[str, Any], findings: list[str]) -> None:
    assert found(commitments.projects, built(CLASSES), {**LARGE, **changed}) == findings


def test_half_a_start_has_half_of_the_least_size_of_its_class() -> None:
    half = {"start more": [0.5], "size more": [2.75], "in_class more/large": [0.5], "size_in_class more/large": [2.75]}
    assert found(commitments.projects, built(CLASSES), half) == []
    half |= {"size more": [2.25], "size_in_class more/large": [2.25]}
    assert found(commitments.projects, built(CLASSES), half) == ["only least size in class more/large: off by 0.5"]


def long_work(lead: float = 2.5, **columns: Any) -> Case:
    terms = {"can_abandon": True, **columns}
    works = [project(name, "line", 10.0, lead=lead, **terms) for name in ("plant", "mill")]
    return case_of(process("line", {}, {"ore": 1.0}), *works, **UNEVEN)


BEGUN = {"start plant": [1], "size plant": [6]}
GIVEN = {**BEGUN, "abandon plant/2027-01": [0, 0, 1], "given_up plant/2027-01": [0, 0, 6]}


def test_a_project_is_given_up_once_and_as_a_whole() -> None:
    assert checked(commitments.projects, long_work(), GIVEN) == (5 + 1 + 4, [])
    later = {"start plant": [0, 0, 1], "size plant": [0, 0, 6], "abandon plant/2028-01": [0, 0, 0, 1],
             "given_up plant/2028-01": [0, 0, 0, 6]}  # fmt: skip
    assert found(commitments.projects, long_work(), later) == []
    other = {"start mill": [1], "size mill": [3], "abandon mill/2027-01": [0, 0, 1], "given_up mill/2027-01": [0, 0, 3]}
    assert checked(commitments.projects, long_work(), {**GIVEN, **other}) == (20, [])


def given(number: int, abandoned: float = 1.0) -> dict[str, Any]:
    """Given up in another period."""
    before = [0.0] * number
    return {**BEGUN, "abandon plant/2027-01": [*before, abandoned], "given_up plant/2027-01": [*before, 6]}


@pytest.mark.parametrize(("lead", "number"), [(2.5, 0), (2.5, 1), (2.5, 3), (3.0, 3), (1.0, 2)])
def test_a_project_is_given_up_while_it_is_built_at_the_start_of_a_year(lead: float, number: int) -> None:
    """The periods begin at 0, 0.5, 1 and 3: what is paid when it is given up is not given up."""
    assert found(commitments.projects, long_work(lead), given(number)) == ["only plant/2027-01 cannot be given up then"]


@pytest.mark.parametrize(("lead", "number"), [(3.5, 3), (1.5, 2)])
def test_a_project_may_be_given_up_until_it_is_paid(lead: float, number: int) -> None:
    assert found(commitments.projects, long_work(lead), given(number)) == []


@pytest.mark.parametrize(
    ("values", "findings"),
    [
        ({**GIVEN, "given_up plant/2027-01": [0, 0, 5.5]}, ["only given up of plant/2027-01: off by 0.5"]),
        ({**GIVEN, "given_up plant/2027-01": []}, ["only given up of plant/2027-01: off by 6"]),
        ({**GIVEN, "abandon plant/2027-01": []}, ["only plant/2027-01 is given up in part"]),
        (given(2, 0.5), ["only plant/2027-01 is given up in part"]),
        ({**BEGUN, "given_up plant/2027-01": [0, 0, 1e-6]}, []),
        ({**BEGUN, "given_up plant/2027-01": [0, 0, 2e-6]}, ["only plant/2027-01 is given up in part"]),
        ({"abandon plant/2027-01": [0, 0, 1]}, ["only plant/2027-01 was not started"]),
        (
            {"abandon mill/2026-01": [0, 0, 1], "abandon plant/2027-01": [0, 0, 1]},
            ["only mill/2026-01 was started in no period of the future", "only plant/2027-01 was not started"],
        ),
    ],
)
def test_a_project_given_up_in_part_or_never_begun_is_seen(values: dict[str, Any], findings: list[str]) -> None:
    assert found(commitments.projects, long_work(), values) == findings


def test_a_project_given_up_twice_is_seen() -> None:
    twice = {**GIVEN, "abandon plant/2027-01": [0, 0, 1, 1]}
    assert found(commitments.projects, long_work(3.5), twice) == ["only plant/2027-01 is given up once: off by 1"] * 2


def test_a_project_that_is_not_said_to_is_not_given_up() -> None:
    assert found(commitments.projects, long_work(can_abandon=False), GIVEN) == [
        "only plant/2027-01 cannot be given up then"
    ]


def levels(**columns: Any) -> Case:
    terms = {"increment_share": 0.1, "up_front_musd": 0.0, "lead_time_years": 0.5, "start_from": 2027,
             "start_to": 2030, **columns}  # fmt: skip
    rows = [{"programme": "p", "level": level, **terms} for level in (1, 2)]
    return case_of(spot("m", "ore", 5.0), tables(programmes=rows), **UNEVEN)


def test_levels_of_a_programme_are_decided_one_after_another() -> None:
    assert checked(commitments.programmes, levels(), {"level_on p/1": [1], "level_on p/2": [0, 0, 1]}) == (6, [])
    assert found(commitments.programmes, levels(), {"level_on p/1": [0, 0, 1], "level_on p/2": [0, 0, 1]}) == []


@pytest.mark.parametrize(
    ("values", "findings"),
    [
        ({"level_on p/1": [1, 0, 1]}, ["only p/1 is decided more than once"]),
        ({"level_on p/1": [1, 0, 0, 1], "level_on p/2": [0, 0, 1]}, ["only p/1 is decided more than once"]),
        ({"level_on p/2": [0, 0, 1]}, ["only p/2 skips a level"]),
        ({"level_on p/1": [0, 0, 1], "level_on p/2": [1]}, ["only p/2 skips a level"]),
        ({"level_on p/1": [0, 1]}, ["only p/1 is decided outside its window"]),
    ],
)
def test_levels_out_of_order_are_seen(values: dict[str, Any], findings: list[str]) -> None:
    assert found(commitments.programmes, levels(), values) == findings


@pytest.mark.parametrize(
    ("columns", "number", "fine"),
    [
        ({"start_from": 2028}, 0, False),
        ({"start_from": 2028}, 2, True),
        ({"start_to": 2028}, 2, True),
        ({"start_to": 2028}, 3, False),
        ({"lead_time_years": 1.0}, 3, False),
        ({"lead_time_years": 0.9}, 3, True),
        ({"lead_time_years": 3.0}, 2, False),
    ],
)
def test_a_level_is_decided_in_its_window_and_in_time(columns: dict[str, Any], number: int, fine: bool) -> None:
    """It works before the end of the fourth year; the periods begin at 0, 0.5, 1 and 3."""
    findings = found(commitments.programmes, levels(**columns), {"level_on p/1": [*[0] * number, 1]})
    assert findings == ([] if fine else ["only p/1 is decided outside its window"])
