"""case.yaml at its edges: years, the horizon, the grids and what they must add up to."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from orefolio.case import structure
from orefolio.case.case import AfterShock
from orefolio.case.structure import MOST_PERIODS, Structure, read_structure
from orefolio.errors import InputError

LINES = {
    "schema": "orefolio-case/1",
    "name": "bare",
    "title": "a bare case",
    "importer": "[JP]",
    "base_year": "2026",
    "horizon": "{from: 2027-01-01, to: 2031-01-01}",
    "grid": "only",
    "grids": "{only: [{until: 2031-01-01, months: 12}]}",
}


def read(folder: Path, **changes: str | None) -> Structure:
    lines = {**LINES, **changes}
    text = "".join(f"{key}: {value}\n" for key, value in lines.items() if value is not None)
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    return read_structure(folder)


def told(folder: Path, **changes: str | None) -> list[tuple[int, int, str, str]]:
    """Line, column, what was found and what was expected, of every fault."""
    with pytest.raises(InputError) as raised:
        read(folder, **changes)
    return [(fault.line, fault.column, fault.found, fault.expected) for fault in raised.value.faults]


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert found.reaction_years == 2.0
    assert found.after_shock == AfterShock()
    shock = "{fine_months: 0, single_years: 0, block_years: 1}"
    found = read(tmp_path, reaction_years="0.5", after_shock=shock)
    assert found.reaction_years == 0.5
    assert found.after_shock == AfterShock(0, 0, 1)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("base_year", "1900"),
        ("base_year", "2031"),
        ("reaction_years", "0"),
        ("reaction_years", "100"),
        ("after_shock", "{fine_months: 1200, single_years: 100, block_years: 100}"),
        ("importer", "[JP, NO]"),
        ("grids", "{only: [{until: 2027-02-01, months: 1}, {until: 2031-01-01, months: 47}]}"),
        ("grids", "{only: [{until: 2031-01-01, months: 48}]}"),
    ],
)
def test_the_last_that_is_allowed_is_read(key: str, text: str, tmp_path: Path) -> None:
    assert read(tmp_path, **{key: text}).name == "bare"


@pytest.mark.parametrize(
    ("key", "text", "line", "column", "found", "expected"),
    [
        ("schema", "orefolio-case/2", 1, 9, "a text 'orefolio-case/2'", "orefolio-case/1"),
        ("base_year", "1899", 5, 12, "1899", "a number from 1900 to 2200 (year)"),
        ("base_year", "2201", 5, 12, "2201", "a number from 1900 to 2200 (year)"),
        ("base_year", "2032", 5, 12, "2032", "a year not after the horizon, which ends on 2031-01-01"),
        ("reaction_years", "-0.1", 9, 17, "-0.1", "a number from 0 to 100 (years)"),
        ("reaction_years", "100.1", 9, 17, "100.1", "a number from 0 to 100 (years)"),
        ("importer", "[]", 4, 11, "no country", "at least one country"),
        ("importer", "[JP, NO, JP]", 4, 20, "'JP' twice", "each country once"),
        ("grid", "onyl", 7, 7, "the grid 'onyl'", "a grid of this file"),
        ("horizon", "{from: 2027-01-02, to: 2031-01-01}", 6, 17, "2027-01-02", "the first day of a month"),
        ("horizon", "{from: 2027-01-01, to: 2031-01-31}", 6, 33, "2031-01-31", "the first day of a month"),
        (
            "horizon",
            "{from: 2027-01-01, to: 2027-01-01}",
            6,
            33,
            "the end 2027-01-01",
            "a date after the start 2027-01-01",
        ),
        ("horizon", "{from: 2027-01-01, to: 2128-01-01}", 6, 33, "a horizon of 101 years", "at most 100 years"),
        ("horizon", "{from: 2027-01-01}", 6, 10, "no key 'to'", "it in this map"),
        ("after_shock", "{fine_months: 1, single_years: 1, block_years: 0}", 9, 61, "0", "1 to 100 (years)"),
        ("after_shock", "{fine_months: 1, single_years: 101, block_years: 1}", 9, 45, "101", "0 to 100 (years)"),
        ("after_shock", "{fine_months: 1201, single_years: 1, block_years: 1}", 9, 28, "1201", "0 to 1200 (months)"),
        ("after_shock", "{fine_months: 1, single_years: 1, block_years: 101}", 9, 61, "101", "1 to 100 (years)"),
        ("after_shock", "{fine_months: -1, single_years: 1, block_years: 1}", 9, 28, "-1", "0 to 1200 (months)"),
        ("after_shock", "{fine_months: 1, single_years: -1, block_years: 1}", 9, 45, "-1", "0 to 100 (years)"),
    ],
)
def test_the_first_that_is_not_allowed_is_told(
    key: str, text: str, line: int, column: int, found: str, expected: str, tmp_path: Path
) -> None:
    ((at_line, at_column, was_found, was_expected),) = told(tmp_path, **{key: text})
    assert (at_line, at_column, was_found) == (line, column, found)
    assert was_expected.endswith(expected)


def grid(*spans: tuple[str, int]) -> str:
    return "{only: [" + ", ".join(f"{{until: {until}, months: {months}}}" for until, months in spans) + "]}"


@pytest.mark.parametrize(
    ("spans", "found", "expected"),
    [
        ([("2030-01-01", 12)], "the grid 'only' to 2030-01-01", "spans that reach the end of the horizon, 2031-01-01"),
        ([("2031-02-01", 49)], "2031-02-01", "at most the end of the horizon, 2031-01-01"),
        ([("2027-01-01", 12)], "2027-01-01", "a date after 2027-01-01, where this span starts"),
        ([("2028-01-01", 12), ("2028-01-01", 12)], "2028-01-01", "a date after 2028-01-01, where this span starts"),
        ([("2028-01-15", 12)], "2028-01-15", "the first day of a month"),
        ([("2028-07-01", 12)], "12 months", "a divisor of the span's 18 months"),
        ([("2028-07-01", 18), ("2031-01-01", 12)], "12 months", "a divisor of the span's 30 months"),
        ([("2031-01-01", 0)], "0", "a number from 1 to 1200 (months)"),
        ([("2031-01-01", 1201)], "1201", "a number from 1 to 1200 (months)"),
    ],
)
def test_a_grid_is_whole_periods_to_the_end(
    spans: list[tuple[str, int]], found: str, expected: str, tmp_path: Path
) -> None:
    assert [fault[2:] for fault in told(tmp_path, grids=grid(*spans))] == [(found, expected)]


def test_faults_of_a_grid_stand_at_what_is_wrong(tmp_path: Path) -> None:
    places = {
        grid(("2030-01-01", 12)): (8, 15),
        grid(("2031-02-01", 49)): (8, 24),
        grid(("2028-07-01", 12)): (8, 44),
        grid(("2028-01-01", 12), ("2028-01-01", 12)): (8, 57),
    }
    for text, place in places.items():
        assert [fault[:2] for fault in told(tmp_path, grids=text)] == [place]


def test_a_thousand_periods_are_allowed_and_no_more(tmp_path: Path) -> None:
    """Of months over 83 years and four months; a second grid is counted for itself."""
    assert MOST_PERIODS == 1000
    horizon = "{from: 2027-01-01, to: 2110-05-01}"
    spans = read(tmp_path, horizon=horizon, grids=grid(("2110-05-01", 1))).grids["only"]
    assert spans == ((datetime.date(2110, 5, 1), 1),)
    horizon = "{from: 2027-01-01, to: 2110-06-01}"
    ((_, _, found, expected),) = told(tmp_path, horizon=horizon, grids=grid(("2110-06-01", 1)))
    assert (found, expected) == ("1001 periods in the grid 'only'", "at most 1000")
    halves = grid(("2110-05-01", 1), ("2110-06-01", 1))
    ((_, _, found, _),) = told(tmp_path, horizon=horizon, grids=halves)
    assert found == "1001 periods in the grid 'only'"


def test_grids_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structure, "MOST_GRIDS", 2)
    span = "[{until: 2031-01-01, months: 12}]"
    assert len(read(tmp_path, grids=f"{{only: {span}, b: {span}}}").grids) == 2
    found = told(tmp_path, grids=f"{{only: {span}, b: {span}, c: {span}}}")
    assert found[0] == (8, 8, "3 grids", "at most 2")


def test_the_base_year_may_be_as_late_as_2200(tmp_path: Path) -> None:
    horizon, grids = "{from: 2190-01-01, to: 2202-01-01}", "{only: [{until: 2202-01-01, months: 12}]}"
    assert read(tmp_path, base_year="2200", horizon=horizon, grids=grids).base_year == 2200


def test_a_hundred_years_are_allowed(tmp_path: Path) -> None:
    horizon = "{from: 2027-01-01, to: 2127-12-01}"
    assert read(tmp_path, horizon=horizon, grids=grid(("2127-12-01", 1211 // 7))).horizon_to.year == 2127


def test_a_wrong_horizon_brings_no_fault_of_its_grids_with_it(tmp_path: Path) -> None:
    for horizon in ("{from: 2027-13-01, to: 2031-01-01}", "{from: 2027-01-01, to: 2026-01-01}"):
        ((line, *_),) = told(tmp_path, horizon=horizon)
        assert line == 6
    ((line, *_),) = told(tmp_path, horizon=None)
    assert line == 1


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    found = told(tmp_path, schema="x", name="7", importer="JP", base_year="soon", grid="other", title=None)
    assert sorted((line, column) for line, column, *_ in found) == [(1, 1), (1, 9), (2, 7), (3, 11), (4, 12), (6, 7)]
    assert told(tmp_path, grids="{only: [{until: 2031-01-01}]}")[0][2] == "no key 'months'"


def test_every_span_is_read_though_one_before_it_is_wrong(tmp_path: Path) -> None:
    found = told(tmp_path, grids="{only: [{until: soon, months: 12}, {until: 2031-01-01, months: 0}]}")
    assert [was_found for _, _, was_found, _ in found] == ["a text 'soon'", "0"]


def test_the_grid_is_the_one_that_is_named(tmp_path: Path) -> None:
    assert read(tmp_path).grid == "only"


def test_parts_ids_kept_apart_and_partners_are_read(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        parts="[east, west]",
        apart="{west: {demands: ['*', need], places: [x]}}",
        partners="{lynas: {name: Lynas, suppliers: [lynas, iluka]}}",
    )
    assert found.parts == ("east", "west")
    assert found.apart == {"west": {"demands": ("*", "need"), "places": ("x",)}}
    assert found.partners == {"lynas": structure.Partner("Lynas", ("lynas", "iluka"))}
    alone = read(tmp_path)
    assert (alone.parts, alone.apart, alone.partners) == ((), {}, {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[]", [(9, 8, "no part", "at least one part")]),
        ("east", [(9, 8, "a text 'east'", "a list of names of cases beside this one")]),
        ("[east, a b]", [(9, 15, "the part 'a b'", "a plain name of a folder beside this one, no path")]),
        ("[east, _x]", [(9, 15, "the part '_x'", "a plain name of a folder beside this one, no path")]),
        ("[east, west, east]", [(9, 21, "'east' twice", "each part once")]),
        ("[east, east, east]", [(9, 15, "'east' twice", "each part once"), (9, 21, "'east' twice", "each part once")]),
        ("['', '']", [(9, 9, "a text ''", "a text"), (9, 13, "a text ''", "a text")]),
    ],
)
def test_parts_that_cannot_be_are_told_once_and_in_their_place(
    text: str, expected: list[tuple[int, int, str, str]], tmp_path: Path
) -> None:
    assert told(tmp_path, parts=text) == expected
