"""Checks of what adjusts numbers and of what they rest on, each at its edge."""

from __future__ import annotations

import math
from typing import Any

import pytest

from bare_case import Rows, bare_case, lines, told
from orefolio.case.adjust import Adjustment
from orefolio.case.case import Case
from orefolio.case.checks import basis, faults_of, infeasible_parts_of, references, sweeps, targets, warnings_of
from orefolio.case.checks.place import fault_at, fault_of_table, near

PILES: Rows = [
    {"stockpile": "a", "place": "here", "warehouse_t": 10.0, "decay_share_per_year": 0.5},
    {"stockpile": "b", "place": "there", "warehouse_t": 0.0, "initial_class": "free"},
]


def case() -> Case:
    return bare_case(
        stockpiles=PILES,
        projects=[{"project": "p", "ramp": (0.5, 1.0), "start_from": 2027}],
        elements=[{"element": "Dy", "heavy": True}],
    )


def tables_of(one: Case) -> dict[str, Rows]:
    return {
        table: [{name: getattr(row, name) for name in row.__dataclass_fields__} for row in rows]
        for table, rows in one.tables.items()
    }


@pytest.mark.parametrize(
    ("table", "where", "column", "problem"),
    [
        ("stockpiles", "*", "warehouse_t", None),
        ("stockpiles", "", "warehouse_t", None),
        ("stockpiles", "stockpile=a", "warehouse_t", None),
        ("stockpiles", "stockpile=a;", "warehouse_t", None),
        ("stockpiles", "stockpile=a; place=h*", "warehouse_t", None),
        ("stockpile", "*", "warehouse_t", "table"),
        ("basis", "*", "low_multiple", "table"),
        ("levers", "*", "base", "table"),
        ("stockpiles", "*", "warehouse", "column"),
        ("stockpiles", "*", "place", "column"),
        ("elements", "*", "heavy", None),
        ("projects", "*", "ramp", None),
        ("stockpiles", ";", "warehouse_t", "where"),
        ("stockpiles", "a", "warehouse_t", "where"),
        ("stockpiles", "stockpile=a; b", "warehouse_t", "where"),
        ("stockpiles", "stock=a", "warehouse_t", "where"),
        ("stockpiles", "stockpile=c", "warehouse_t", "where"),
        ("stockpiles", "stockpile=a; place=there", "warehouse_t", "where"),
    ],
)
def test_an_adjustment_finds_its_numbers(table: str, where: str, column: str, problem: str | None) -> None:
    found = targets.target_problem(case(), table, where, column)
    assert (found and found[0]) == problem


@pytest.mark.parametrize("where", [";", "a", "stockpile=a; b", "b; stockpile=a"])
def test_a_selector_is_columns_and_values(where: str) -> None:
    problem = targets.target_problem(case(), "stockpiles", where, "warehouse_t")
    assert problem is not None
    assert problem[1] == f"the selector {where!r}"


@pytest.mark.parametrize(
    ("table", "column", "operation", "value", "expected"),
    [
        ("stockpiles", "decay_share_per_year", "set", 1.0, None),
        ("stockpiles", "decay_share_per_year", "set", 1.01, "0 to 1"),
        ("stockpiles", "decay_share_per_year", "add", 0.5, None),
        ("stockpiles", "decay_share_per_year", "multiply", 2.1, "0 to 1"),
        ("stockpiles", "warehouse_t", "set", 0.0, None),
        ("stockpiles", "warehouse_t", "set", -0.1, "at least 0"),
        ("stockpiles", "warehouse_t", "set", 1e12, None),
        ("stockpiles", "warehouse_t", "set", 1.1e12, "at most 1e+12"),
        ("stockpiles", "warehouse_t", "set", 1e-9, None),
        ("stockpiles", "warehouse_t", "set", 9e-10, "0, or at least 1e-09"),
        ("stockpiles", "warehouse_t", "multiply", 9e-11, "0, or at least 1e-09"),
        ("stockpiles", "pace_t_per_year", "set", 5.0, None),
        ("stockpiles", "pace_t_per_year", "multiply", 2.0, "a number in the case, or the operation set"),
        ("stockpiles", "pace_t_per_year", "set", math.inf, None),
        ("stockpiles", "warehouse_t", "set", math.inf, "at most 1e+12"),
        ("projects", "start_from", "add", 1.0, None),
        ("projects", "start_from", "add", 0.5, "a whole number"),
        ("projects", "ramp", "add", -0.5, None),
        ("projects", "ramp", "add", -0.6, "0 to 1"),
        ("elements", "heavy", "set", 0.0, None),
        ("elements", "heavy", "set", 1.0, None),
        ("elements", "heavy", "set", 0.5, "0 for no or 1 for yes"),
        ("elements", "heavy", "multiply", 2.0, "0 for no or 1 for yes"),
        ("processes", "capacity_t_per_year", "multiply", 2.0, None),
    ],
)
def test_an_adjustment_keeps_numbers_in_range(
    table: str, column: str, operation: Any, value: float, expected: str | None
) -> None:
    found = targets.value_problem(case(), Adjustment(table, "*", column, operation, value))
    assert (found and found[2]) == expected
    if found:
        assert found[0] == "value"


def test_the_way_out_of_a_wrong_target_is_offered() -> None:
    def remedy(table: str, where: str, column: str) -> str:
        problem = targets.target_problem(case(), table, where, column)
        assert problem is not None
        return problem[3]

    assert remedy("stockpile", "*", "warehouse_t") == "Did you mean stockpiles?"
    assert remedy("stockpiles", "*", "warehous_t") == "Did you mean warehouse_t?"
    assert remedy("elements", "*", "zzz") == "Known: heavy"
    assert remedy("stockpiles", "stockpil=a", "warehouse_t") == "Did you mean stockpile?"
    assert remedy("stockpiles", "place=her", "warehouse_t") == "Did you mean here or there?"


def test_a_blank_limit_among_numbers_may_be_multiplied() -> None:
    """Only where every number that is changed is blank does the adjustment do nothing."""
    mixed = bare_case(stockpiles=[{"pace_t_per_year": 3.0}, {}])
    change = Adjustment("stockpiles", "*", "pace_t_per_year", "multiply", 2.0)
    assert targets.value_problem(mixed, change) is None


def test_an_event_changes_what_follows_time_and_nothing_by_less_than_nothing() -> None:
    def part(column: str, operation: str, value: float, where: str = "*") -> dict[str, Any]:
        return {"table": "stockpiles", "where": where, "column": column, "operation": operation, "value": value}

    events = [
        part("warehouse_t", "multiply", 0.0),
        part("warehouse_t", "multiply", -1.0, "stockpile=b"),
        part("initial_t", "set", 1.0),
        part("warehouse_t", "set", -1.0),
        part("warehouse_t", "set", 1.0, "stockpile=c"),
        part("warehouse_t", "set", 1.0, "stockpile=a"),
    ]
    found = told(targets.events_find_their_target, stockpiles=PILES, events=events)
    assert [line for line, _ in found] == [3, 4, 5, 6]
    assert found[0][1] == "a multiple of -1"
    assert "read once for all time" in found[1][1]
    steady = [{"table": "elements", "where": "*", "column": "heavy"}, part("initial_t", "set", 1.0)]
    first, second = targets.events_find_their_target(bare_case(**tables_of(case()), events=steady))
    assert first.expected == "a column that follows time: none of this table"
    assert second.expected.startswith("a column that follows time: warehouse_t")


def test_every_row_of_levers_is_held_against_the_case() -> None:
    rows = [
        {"lever": "l", "table": "stockpiles", "where": where, "column": "warehouse_t", "operation": operation}
        for where, operation in (("*", "multiply"), ("*", "set"), ("stockpile=c", "set"), ("stockpile=a", "add"))
    ]
    one = bare_case(stockpiles=PILES, levers=[{"lever": "l", "base": 7.0}], lever_adjustments=rows)
    assert lines(targets.levers_reproduce_the_case, one) == [2, 3, 5]


def levers(base: float, operation: str, column: str = "warehouse_t", where: str = "stockpile=a", **ends: float) -> Case:
    return bare_case(
        stockpiles=PILES,
        projects=[{"project": "p", "ramp": (0.5, 1.0)}],
        levers=[{"lever": "other", "base": 7.0}, {"lever": "l", "base": base, **ends}],
        lever_adjustments=[
            {"lever": "none", "table": "stockpiles", "where": "*", "column": "warehouse_t"},
            {"lever": "l", "table": "stockpiles", "where": where, "column": column, "operation": operation},
        ],
    )


@pytest.mark.parametrize(
    ("base", "operation", "where", "sound"),
    [
        (10.0, "set", "stockpile=a", True),
        (10.0 * (1 + 5e-10), "set", "stockpile=a", True),
        (10.0 * (1 + 2e-9), "set", "stockpile=a", False),
        (10.0, "set", "*", False),
        (0.0, "set", "stockpile=b", True),
        (0.5e-12, "set", "stockpile=b", True),
        (2e-12, "set", "stockpile=b", False),
        (1.0, "multiply", "*", True),
        (0.0, "multiply", "*", False),
        (0.0, "add", "*", True),
        (1.0, "add", "*", False),
        (10.0, "set", "stockpile=c", True),
    ],
)
def test_a_lever_at_its_base_is_the_case_as_written(base: float, operation: str, where: str, sound: bool) -> None:
    found = lines(targets.levers_reproduce_the_case, levers(base, operation, where=where))
    assert found == ([] if sound else [3])


def test_each_cell_of_a_list_is_held_against_the_base() -> None:
    def found(base: float) -> list[int]:
        row = {"lever": "l", "table": "projects", "where": "*", "column": "ramp", "operation": "set"}
        projects = [{"ramp": (1.0,)}, {"ramp": (0.5, 1.0)}, {"ramp": (0.25,)}]
        found = bare_case(projects=projects, levers=[{"lever": "l", "base": base}], lever_adjustments=[row])
        return lines(targets.levers_reproduce_the_case, found)

    assert found(1.0) == [2]
    first = targets.levers_reproduce_the_case(bare_case())
    assert list(first) == []


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        (0.0, 1.0, []),
        (-0.1, 1.0, ["l at -0.1"]),
        (0.0, 1.1, ["l at 1.1"]),
        (-0.1, 1.1, ["l at -0.1"]),
    ],
)
def test_a_lever_keeps_numbers_in_range_at_both_ends(low: float, high: float, found: list[str]) -> None:
    one = levers(0.5, "set", "decay_share_per_year", low=low, high=high)
    texts = told(targets.levers_stay_in_range, one)
    assert [(line, text.partition(":")[0]) for line, text in texts] == [(3, words) for words in found]


def test_a_lever_finds_its_numbers_and_turns_something() -> None:
    assert lines(targets.levers_find_their_target, levers(1.0, "set", where="stockpile=c")) == [3]
    assert told(targets.levers_turn_something, levers(1.0, "set")) == [
        (2, "the lever 'other', which turns nothing"),
    ]


# The basis


def rows_of_basis(*rows: tuple[str, str, str]) -> Rows:
    return [{"table": table, "row": row, "column": column} for table, row, column in rows]


def test_a_row_of_the_basis_names_what_is_there() -> None:
    rows = rows_of_basis(
        ("nowhere", "*", "*"),
        ("stockpiles", "*", "warehouse_t"),
        ("stockpiles", "c", "warehouse_t"),
        ("stockpiles", "[ab]", "*_t"),
        ("stockpiles", "*", "place"),
        ("stockpiles", "c", "place"),
        ("outlets", "*", "*"),
        ("outlets", "x", "*"),
    )
    found = told(basis.basis_names_what_exists, stockpiles=PILES, basis=rows)
    assert found == [
        (2, "the table 'nowhere'"),
        (4, "the row 'c'"),
        (6, "the column 'place'"),
        (7, "the column 'place'"),
        (7, "the row 'c'"),
    ]


def test_a_row_of_the_basis_is_looked_for_in_its_own_table() -> None:
    for key, sound in (("a", True), ("c", False)):
        found = lines(basis.basis_names_what_exists, stockpiles=PILES, basis=rows_of_basis(("stockpiles", key, "*")))
        assert found == ([] if sound else [2])


def test_a_basis_cites_or_derives() -> None:
    rows = [{"facts": "F1"}, {"derivation": "ours"}, {"facts": " ", "derivation": " "}]
    assert lines(basis.basis_says_something, basis=rows) == [4]


def test_numbers_without_a_basis_are_told_once_a_table() -> None:
    rows = rows_of_basis(("stockpiles", "a", "*"))
    case = bare_case(stockpiles=PILES, content=[{}, {}, {}], basis=[{**rows[0], "derivation": "ours"}])
    assert told(basis.numbers_have_a_basis, case) == [
        (2, "3 numbers without a basis, first share of 'x/x'"),
        (3, "1 number without a basis, first warehouse_t of 'b'"),
    ]


# Weights and places


def test_faults_what_has_no_plan_and_warnings_are_kept_apart() -> None:
    """A place without a sound country is warned of; a demand that must be met has no source; a name is wrong."""
    sound: dict[str, Rows] = {
        "settings": [{"setting": "discount_rate", "value": 0.05}],
        "places": [{"place": "x", "country": "JP"}],
        "commodities": [{"commodity": "x"}],
        "classes": [{"class_": "free"}],
        "futures": [{"weight": 1.0}],
        "demands": [{"demand": "d", "value": "must"}],
        "basis": [
            {"table": table, "row": "*", "column": "*", "derivation": "ours"}
            for table in ("settings", "demands", "futures")
        ],
    }
    one = bare_case(**sound)
    assert faults_of(one) == ()
    assert [fault.file for fault in infeasible_parts_of(one)] == ["bare/demands.csv"]
    assert warnings_of(one) == ()
    odd = bare_case(**{**sound, "places": [{"place": "x", "country": "JP"}, {"place": "y", "country": "Japan"}]})
    assert [fault.found for fault in warnings_of(odd)] == ["the country 'Japan'"]
    assert faults_of(odd) == ()
    bare = bare_case(**{**sound, "basis": []})
    assert len(warnings_of(bare)) == 3
    assert warnings_of(bare, adjusted=True) == ()
    wrong = bare_case(**{**sound, "levers": [{"lever": "l"}], "lever_adjustments": [{"lever": "l", "table": "no"}]})
    assert [fault.found for fault in faults_of(wrong)] == ["the table 'no'"]
    assert faults_of(wrong, adjusted=True) == ()


def test_a_fault_stands_at_the_line_of_its_row_where_lines_are_known() -> None:
    one = case()
    assert fault_at(one, "stockpiles", 1, "place", "x", "y").line == 3
    assert fault_at(one, "stockpiles", 2, "place", "x", "y").line == 0
    assert fault_at(one, "lanes", 0, "lane", "x", "y").line == 0
    assert fault_of_table(one, "stockpiles", "place", "x", "y").line == 1
    assert fault_of_table(one, "lanes", "lane", "x", "y").line == 0


def test_of_very_many_names_those_that_begin_alike_are_offered() -> None:
    few = [f"ab{number}" for number in range(58)] + ["match", "zatch"]
    assert near("match_", few) == "Did you mean match or zatch?"
    assert near("match_", [*few, "other"]) == "Did you mean match?"
    assert near("xyzw", [*few, "other"]) == ""


# Sweeps


@pytest.mark.parametrize(
    ("ends", "column"),
    [
        ({"from_value": 0.0, "to_value": 1.0}, ""),
        ({"from_value": -0.1, "to_value": 1.0}, "from_value"),
        ({"from_value": 0.0, "to_value": 1.1}, "to_value"),
        ({"from_value": 0.0, "to_value": 1.0, "off_lever": "l", "off_value": 2.0}, "off_value"),
        ({"from_value": 0.0, "to_value": 1.0, "off_lever": "", "off_value": 2.0}, ""),
    ],
)
def test_a_sweep_keeps_numbers_in_range_at_both_ends_and_off(ends: dict[str, Any], column: str) -> None:
    one = levers(0.5, "set", "decay_share_per_year", low=0.2, high=0.8)
    asked = bare_case(**tables_of(one), sweeps=[{"sweep": "s", "lever": "l", "steps": 2, **ends}])
    texts = [text for _, text in told(sweeps.sweeps_keep_numbers_in_range, asked)]
    assert texts == ([f"l at {ends[column]:g}: set {ends[column]:g} on 0.5 makes decay_share_per_year {ends[column]:g}"]
                     if column else [])  # fmt: skip


def test_a_sweep_ends_elsewhere_than_it_begins() -> None:
    rows = [{"sweep": name, "lever": "l", "from_value": 1.0, "to_value": to} for name, to in (("a", 2.0), ("b", 1.0))]
    assert told(sweeps.sweeps_go_somewhere, bare_case(sweeps=rows)) == [(3, "1, as from_value")]


def test_a_sweep_turns_a_lever_that_exists() -> None:
    rows = [{"sweep": "s", "lever": "m", "off_lever": "k", "from_value": 1.0, "to_value": 2.0}]
    one = bare_case(levers=[{"lever": "l", "base": 1.0}], sweeps=rows)
    texts = [text for _, text in told(references.references_are_known, one)]
    assert [text for text in texts if "lever" in text] == ["the lever 'm'", "the off lever 'k'"]
