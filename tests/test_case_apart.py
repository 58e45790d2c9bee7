"""Ids of a part kept apart: which get another name, what follows them, and what a row of the basis then says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bare_case import Rows, bare_case
from orefolio.case.apart import basis_keys, names_apart, renamed

GROUPS: Rows = [{"demand": "a", "group": "cars"}, {"demand": "b", "group": ""}, {"demand": "c", "group": "wind"}]


def rows(**tables: Rows) -> Mapping[str, tuple[Any, ...]]:
    return bare_case(**tables).tables


def demands(*names: str) -> Mapping[str, tuple[Any, ...]]:
    return rows(demands=[{"demand": name} for name in names])


def test_an_id_gets_another_name_where_it_is_asked_for_and_an_earlier_part_has_it() -> None:
    """`b` is not asked for, `new` is in no earlier part; either of two patterns and of two parts will do."""
    before = [demands("a1", "b"), demands("c")]
    names = names_apart("west", demands("a1", "new", "b", "c"), before, {"demands": ["a*", "new", "c"]})
    assert names == {"demands": {"a1": "a1_west", "c": "c_west"}}


def test_an_event_is_one_id_whatever_its_adjustments() -> None:
    events = rows(events=[{"event": "halt", "part": 1}, {"event": "halt", "part": 2}])
    assert names_apart("west", events, [events], {"events": ["*"]}) == {"events": {"halt": "halt_west"}}


def test_groups_of_demands_are_ids_too_but_no_group_is_none() -> None:
    names = names_apart("west", rows(demands=GROUPS), [rows(demands=GROUPS)], {"demand_groups": ["*"]})
    assert names == {"demand_groups": {"cars": "cars_west", "wind": "wind_west"}}


@pytest.mark.parametrize(
    ("table", "row", "of", "expected"),
    [
        ("demands", {"demand": "x", "sector": "x"}, "demands", {"demand": "x_west", "sector": "x"}),
        ("demands", {"demand": "x", "group": "x"}, "demand_groups", {"demand": "x", "group": "x_west"}),
        ("loss_steps", {"demand": "x"}, "demands", {"demand": "x_west"}),
        ("loss_steps", {"demand": "other"}, "demands", {"demand": "other"}),
        ("projects", {"adds_to": "x"}, "lanes", {"adds_to": "x_west"}),
        ("projects", {"adds_to": "x"}, "demands", {"adds_to": "x"}),
        ("projects", {"requires": ("x", "y")}, "projects", {"requires": ("x_west", "y")}),
        ("substitutions", {"programme": "x", "demand_group": "x"}, "programmes", {"programme": "x_west"}),
        ("substitutions", {"programme": "x", "demand_group": "x"}, "demand_groups", {"demand_group": "x_west"}),
        ("scrap", {"programme": "x"}, "programmes", {"programme": "x_west"}),
        ("chance", {"chance": "x", "group": "x"}, "demand_groups", {"chance": "x", "group": "x_west"}),
        ("shortage_tails", {"tail": "x", "group": "x"}, "demand_groups", {"tail": "x", "group": "x_west"}),
        ("future_events", {"event": "x"}, "events", {"event": "x_west"}),
        ("size_classes", {"project": "p", "size_class": "x"}, "size_classes", {"size_class": "x"}),
    ],
)
def test_what_names_an_id_follows_it_and_nothing_else_does(
    table: str, row: dict[str, Any], of: str, expected: dict[str, Any]
) -> None:
    (found,) = renamed(rows(**{table: [row]}), {of: {"x": "x_west"}})[table]
    assert {column: getattr(found, column) for column in expected} == expected


def test_rows_keep_their_order_and_those_without_a_new_name_are_the_same() -> None:
    before = rows(demands=[{"demand": "x"}, {"demand": "y"}], places=[{"place": "x"}])
    after = renamed(before, {"demands": {"x": "x_west"}})
    assert [row.demand for row in after["demands"]] == ["x_west", "y"]
    assert after["demands"][1] is before["demands"][1]
    assert after["places"] == before["places"]


@pytest.mark.parametrize(
    ("table", "row", "expected"),
    [
        ("demands", "cars", ["cars_west"]),
        ("demands", "wind", ["wind"]),
        ("demands", "c*", ["c*"]),
        ("demands", "*", ["*"]),
        ("demands", "?ars", ["?ars", "?ars_west"]),
        ("demands", "[bc]ars", ["[bc]ars", "[bc]ars_west"]),
        ("demands", "w*d", ["w*d"]),
        ("demands", "*s", ["*s", "*s_west"]),
        ("loss_steps", "cars/1", ["cars_west/1"]),
        ("loss_steps", "?ars/1", ["?ars/1", "?ars_west/1"]),
        ("loss_steps", "cars", ["cars"]),
        ("loss_steps", "cars/1/2", ["cars/1/2"]),
        ("case.yaml", "cars", ["cars"]),
        ("contract_items", "?ars/?xide", ["?ars/?xide", "?ars/?xide_west", "?ars_west/?xide", "?ars_west/?xide_west"]),
    ],
)
def test_a_row_of_the_basis_means_the_same_rows_under_the_new_names(table: str, row: str, expected: list[str]) -> None:
    """A pattern that goes on to match says no more; one that would lose an id stands once more with the ending, once
    for all that it would lose."""
    words = {"cars": "cars_west", "bars": "bars_west"}
    names = {"demands": words, "contracts": {"cars": "cars_west"}, "commodities": {"oxide": "oxide_west"}}
    (basis,) = rows(basis=[{"table": table, "row": row, "column": "*"}])["basis"]
    assert basis_keys(basis, names) == expected
