"""Checks of size classes, of what may be given up, of equipment, and of what is asked of all futures together."""

from __future__ import annotations

from typing import Any

import pytest

from bare_case import Rows, bare_case, lines, told
from orefolio.case.checks import plants, risk

PROJECT = {"project": "p", "binary": True, "size_min_t_per_year": 10.0, "size_max_t_per_year": 20.0}


def sized(*classes: dict[str, Any], private: bool = False, **columns: Any) -> list[tuple[int, str]]:
    rows: Rows = [{"size_class": str(number), **row} for number, row in enumerate(classes)]
    return told(
        plants.size_classes_fit_their_project,
        projects=[{**PROJECT, **columns}],
        financed=[{"project": "p", "private": private}],
        size_classes=rows,
    )


SMALL = {"project": "p", "from_t_per_year": 5.0, "to_t_per_year": 12.0}


def test_a_size_class_belongs_to_a_yes_or_no_decision_of_the_state() -> None:
    assert sized(SMALL) == []
    assert sized(SMALL, binary=False) == [(2, "a size class of 'p', whose start is no yes-or-no decision")]
    assert sized(SMALL, private=True) == [(2, "a size class of 'p', which an investor finances")]


def test_a_class_of_an_unknown_project_hides_no_other() -> None:
    assert [line for line, _ in sized({**SMALL, "project": "none"}, SMALL, binary=False)] == [3]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (20.0, 30.0, []),
        (20.5, 30.0, ["sizes from 20.5 to 30"]),
        (0.0, 10.0, []),
        (0.0, 9.5, ["sizes from 0 to 9.5"]),
        (0.0, 0.0, ["0", "sizes from 0 to 0"]),
    ],
)
def test_a_class_meets_the_sizes_of_its_project(first: float, last: float, expected: list[str]) -> None:
    row = {"project": "p", "from_t_per_year": first, "to_t_per_year": last}
    assert [found for _, found in sized(row)] == expected


@pytest.mark.parametrize("last", [0.5, 1.0])
def test_a_class_may_be_as_small_as_its_project(last: float) -> None:
    row = {"project": "p", "from_t_per_year": 0.0, "to_t_per_year": last}
    assert sized(row, size_min_t_per_year=0.0) == []
    assert [found for _, found in sized({**row, "to_t_per_year": 0.0}, size_min_t_per_year=0.0)] == ["0"]


def given_up(can_abandon: bool = True, **tables: Rows) -> list[str]:
    """A project p beside one that stays and whose start is no yes-or-no decision."""
    stays = {"project": "stays", "binary": False, "can_abandon": False}
    mine = {"project": "p", "binary": True, "can_abandon": can_abandon}
    projects = [mine, *tables.pop("projects", []), stays]
    found = told(plants.what_is_abandoned_stands_alone, projects=projects, **tables)
    return [f"{line}: {words}" for line, words in found]


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({"size_classes": [{"project": "p"}]}, "which has size classes"),
        ({"financed": [{"project": "p", "private": True}]}, "which an investor finances"),
        ({"projects": [{"project": "next", "requires": ("p",), "binary": True}]}, "which another project requires"),
    ],
)
def test_what_others_rest_on_cannot_be_given_up(tables: dict[str, Rows], words: str) -> None:
    assert given_up(**tables) == [f"2: can_abandon for 'p', {words}"]
    assert given_up(can_abandon=False, **tables) == []


def test_what_stands_alone_can_be_given_up_and_a_contract_may_end_with_it() -> None:
    assert given_up() == []
    assert given_up(financed=[{"project": "p", "private": False}]) == []
    assert given_up(contracts=[{"contract": "c", "project": "p"}]) == []
    parts = told(
        plants.what_is_abandoned_stands_alone, projects=[{"project": "p", "binary": False, "can_abandon": True}]
    )
    assert parts == [(2, "can_abandon for 'p', whose start is no yes-or-no decision")]


@pytest.mark.parametrize(
    ("project", "process", "expected"),
    [
        ({"equipment_origin": "CN"}, {"equipment_origin": "JP"}, ["equipment of CN for 'line'"]),
        ({"equipment_origin": "CN"}, {"equipment_origin": ""}, ["equipment of CN for 'line'"]),
        ({"equipment_origin": "CN"}, {"equipment_origin": "CN"}, []),
        ({"equipment_origin": ""}, {"equipment_origin": "CN"}, []),
        ({"equipment_origin": "CN", "adds_to": "lane"}, {"equipment_origin": "JP"}, []),
    ],
)
def test_a_project_has_the_equipment_of_the_process_that_it_enlarges(
    project: dict[str, Any], process: dict[str, Any], expected: list[str]
) -> None:
    case = bare_case(projects=[{"adds_to": "line", **project}], processes=[{"process": "line", **process}])
    assert [found for _, found in told(plants.projects_buy_the_equipment_of_their_process, case)] == expected


@pytest.mark.parametrize("table", ["chance", "shortage_tails"])
def test_a_demand_or_a_group_is_counted_not_both(table: str) -> None:
    rows: Rows = [{"demand": "d", "group": ""}, {"demand": "", "group": "g"}, {"demand": "d", "group": "g"}, {}]
    rows[3] = {"demand": "", "group": ""}
    assert lines(risk.one_thing_is_counted, bare_case(**{table: rows})) == [4]


def test_a_tail_leaves_some_futures_and_has_a_weight_or_a_cap() -> None:
    endless = float("inf")
    rows: Rows = [
        {"level": 0.999, "weight_musd": 0.5, "cap": endless},
        {"level": 0.0, "weight_musd": 0.0, "cap": 9.0},
        {"level": 1.0, "weight_musd": 1.0, "cap": 9.0},
        {"level": 0.5, "weight_musd": 0.0, "cap": endless},
    ]
    assert lines(risk.tails_ask_for_something, shortage_tails=rows) == [4, 5]


def test_the_weights_of_a_regime_sum_to_one_but_for_a_rounding() -> None:
    """Of four 1, 0.9, a little over 1 and a little more over 1; a millionth is let through."""
    weights = {"a": (0.25, 0.75), "b": (0.4, 0.5), "c": (1.0000009,), "d": (0.5, 0.500002)}
    rows: Rows = [{"regime": name, "weight": one} for name, several in weights.items() for one in several]
    found = lines(
        risk.weights_of_regimes_sum_to_one, regimes=[{"regime": name} for name in weights], regime_weights=rows
    )
    assert found == [3, 5]


def test_a_regime_that_allows_less_than_all_says_of_what() -> None:
    whole = {"stage": "oxide", "element": "Dy", "country": "CN"}
    rows: Rows = [
        {**whole, "max_share": 0.5},
        {"max_share": 0.99, "stage": "oxide", "element": "", "country": ""},
        {"max_share": 1.0, "stage": "", "element": "", "country": ""},
        {**whole, "max_share": 0.0, "stage": ""},
    ]
    assert lines(risk.limits_of_regimes_are_whole, regimes=rows) == [3, 3, 5]
