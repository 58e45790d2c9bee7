"""Parts of a case: where they lie, what case.yaml of each must say alike, and selectors beside other parts."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from bare_case import Rows, bare_case
from orefolio.case.apart import Names
from orefolio.case.case import AfterShock
from orefolio.case.parts import Part, laid_together, overlays_of_parts, part_folders
from orefolio.case.reach_of_parts import Reach, key_of
from orefolio.case.schema import TABLES
from orefolio.case.structure import Structure
from orefolio.errors import InputError

END = datetime.date(2029, 1, 1)
CASE_YAML = """\
schema: orefolio-case/1
name: both
title: both
importer: [JP]
base_year: 2026
horizon: {from: 2027-01-01, to: 2029-01-01}
grid: only
grids: {only: [{until: 2029-01-01, months: 12}]}
"""


def form(**entries: Any) -> Structure:
    """What case.yaml says, each entry on a line of its own; `parts` and `importer` are written in any case."""
    plain: dict[str, Any] = {
        "name": "both",
        "title": "both",
        "importer": ("JP",),
        "base_year": 2026,
        "horizon_from": datetime.date(2027, 1, 1),
        "horizon_to": END,
        "grid": "only",
        "grids": {"only": ((END, 12),)},
        "after_shock": AfterShock(3, 2, 1),
        "reaction_years": 2.0,
        "places": {"parts": (4, 8), "importer": (5, 11), "base_year": (6, 12), "apart": (7, 3)},
    }
    return Structure(**{**plain, **entries})


def part(name: str, **entries: Any) -> Part:
    blank = dict.fromkeys(TABLES, ())
    return Part(Path(name), form(**entries), blank, blank)


def told(own: Part, *parts: Part) -> list[tuple[str, int, int, str, str]]:
    faults = laid_together(own, parts).faults
    return [(fault.file, fault.line, fault.column, fault.found, fault.expected) for fault in faults]


# where parts lie


def lie(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).mkdir()
        (folder / name / "case.yaml").write_text(CASE_YAML)
    return folder


def test_parts_are_called_as_the_case_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a way that starts here or at the root, and beside the case itself where the case is reached by a link."""
    (tmp_path / "cases").mkdir()
    cases = lie(tmp_path / "cases", "both", "east")
    monkeypatch.chdir(cases)
    assert part_folders(Path("both"), form(parts=("east",))) == [Path("east")]
    assert part_folders(cases / "both", form(parts=("east",))) == [cases / "east"]
    (tmp_path / "link").symlink_to(cases / "both")
    assert part_folders(tmp_path / "link", form(parts=("east",))) == [(cases / "east").resolve()]


def test_a_part_that_cannot_be_is_told_where_parts_are_named(tmp_path: Path) -> None:
    lie(tmp_path, "both", "east")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    names = ("east", "eas", "loop", "both")
    with pytest.raises(InputError) as raised:
        part_folders(tmp_path / "both", form(parts=names))
    assert [(fault.line, fault.column, fault.found) for fault in raised.value.faults] == [
        (4, 8, "the part 'eas', no such folder"),
        (4, 8, "the part 'loop', a link that leads back to itself"),
        (4, 8, "the part 'both', the case itself"),
    ]
    assert raised.value.faults[0].remedy == "Did you mean east?"


def test_an_overlay_may_lie_in_any_part_or_in_the_one_that_is_named(tmp_path: Path) -> None:
    lie(tmp_path, "both", "east", "west")
    both = tmp_path / "both"
    (both / "case.yaml").write_text(CASE_YAML + "parts: [east, west]\n")
    east, west = (tmp_path / name / "overlays" / "more.yaml" for name in ("east", "west"))
    assert overlays_of_parts(Path("more.yaml"), both) == [("east/more", east), ("west/more", west)]
    assert overlays_of_parts(Path("west/more.yaml"), both) == [("west/more", west)]
    assert overlays_of_parts(Path("north/more.yaml"), both) == []
    assert overlays_of_parts(Path("west/deep/more.yaml"), both) == []
    assert overlays_of_parts(Path("more.yaml"), tmp_path / "east") == []
    assert overlays_of_parts(Path("more.yaml"), tmp_path) == []


# what case.yaml says alike


def test_parts_that_say_the_same_have_no_fault() -> None:
    assert told(part("both"), part("east"), part("west")) == []


def test_where_an_entry_is_left_out_the_whole_file_is_named() -> None:
    east = part("east", base_year=2025)
    own = part("both", base_year=2024, places={})
    expected = "the same base_year as in both/case.yaml, 2024"
    assert told(own, east) == [("east/case.yaml", 6, 12, "the base_year 2025", expected)]
    bare = part("east", base_year=2025, places={})
    expected = "the same base_year as in both/case.yaml:6, 2026"
    assert told(part("both"), bare) == [("east/case.yaml", 0, 0, "the base_year 2025", expected)]


@pytest.mark.parametrize(
    ("entries", "found", "expected"),
    [
        ({"horizon_from": datetime.date(2026, 1, 1)}, "horizon 2026-01-01 to 2029-01-01", "2027-01-01 to 2029-01-01"),
        ({"horizon_to": datetime.date(2030, 1, 1)}, "horizon 2027-01-01 to 2030-01-01", "2027-01-01 to 2029-01-01"),
        (
            {"grids": {"b": ((END, 6),), "a": ((datetime.date(2028, 1, 1), 3), (END, 12))}},
            "grids a (3 months until 2028-01-01, 12 months until 2029-01-01); b (6 months until 2029-01-01)",
            "only (12 months until 2029-01-01)",
        ),
        (
            {"after_shock": AfterShock(3, 2, 4)},
            "after_shock fine_months 3 single_years 2 block_years 4",
            "fine_months 3 single_years 2 block_years 1",
        ),
        ({"reaction_years": 2.5}, "reaction_years 2.5", "2"),
    ],
)
def test_what_a_part_says_otherwise_is_told_in_full(entries: dict[str, Any], found: str, expected: str) -> None:
    (fault,) = told(part("both"), part("east"), part("west", **entries))
    assert fault[3] == f"the {found}"
    assert fault[4].endswith(f" as in both/case.yaml, {expected}")


def test_parts_of_a_part_importers_and_unknown_names_are_told_at_their_entries() -> None:
    own = part("both", importer=("US",), parts=("east",), apart={"east": {"demnds": ("*",)}, "west": {"demands": ()}})
    assert told(own, part("east", parts=("deep",))) == [
        ("east/case.yaml", 4, 8, "parts of a part", "a case with tables of its own"),
        ("both/case.yaml", 5, 11, "the importer US", "those of its parts, JP"),
        ("both/case.yaml", 7, 3, "'demnds' under apart", "a table with ids"),
        ("both/case.yaml", 7, 3, "'west' under apart", "a part"),
    ]


def test_importers_may_stand_in_any_order() -> None:
    own = part("both", importer=("US", "JP", "EU"))
    assert told(own, part("east", importer=("JP", "EU")), part("west", importer=("US", "JP"))) == []


# selectors beside other parts


def reach(mine: Rows, others: Rows, names: Names | None = None, called: dict[str, str] | None = None) -> Reach:
    """Selectors of a part with these demands beside others. called: its demands under their new names."""
    before = bare_case(demands=mine).tables["demands"]
    after = [[((called or {}).get(row.demand, row.demand),)] for row in before]
    renamed = [{**row, "demand": key[0][0]} for row, key in zip(mine, after, strict=True)]
    beside = {key_of("demands", row): row for row in bare_case(demands=[*others, *renamed]).tables["demands"]}
    return Reach({"demands": before}, {"demands": after}, {"demands": beside}, names or {})


MINE: Rows = [{"demand": "a", "sector": "cars"}, {"demand": "b", "sector": "wind"}]


@pytest.mark.parametrize(
    ("others", "where", "expected"),
    [
        ([], "*", ["*"]),
        ([], "sector=c*", ["sector=c*"]),
        ([{"demand": "c", "sector": "cars"}], "sector=c*", ["demand=a"]),
        ([{"demand": "c", "sector": "cars"}], "sector=w*", ["sector=w*"]),
        ([{"demand": "c", "sector": "cars"}], "*", ["demand=a", "demand=b"]),
        ([{"demand": "c", "sector": "cars"}], "sector=none", ["sector=none"]),
        ([{"demand": "c", "sector": "rail"}], "sector=r*", ["sector=r*"]),
        ([{"demand": "c", "sector": "cars"}], "colour=red", ["colour=red"]),
    ],
)
def test_a_selector_is_written_out_only_where_it_would_reach_more(
    others: Rows, where: str, expected: list[str]
) -> None:
    """One that reaches nothing of its own part stays as it is, also where a row of another would answer to it."""
    assert reach(MINE, others).selectors("demands", where) == expected


def test_a_selector_of_a_table_that_is_none_stays_for_the_check_to_refuse() -> None:
    assert reach(MINE, []).selectors("demnds", "a=b") == ["a=b"]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("demand=a", ["demand=a_west"]),
        ("demand=b", ["demand=b"]),
        (" demand = b ;sector=*", [" demand = b ;sector=*"]),
        ("sector=cars;demand=a", ["sector=cars; demand=a_west"]),
        ("demand=?", ["demand=a_west", "demand=b"]),
    ],
)
def test_a_selector_follows_the_new_names(where: str, expected: list[str]) -> None:
    """Another part has an `a` of its own. A selector that names nothing new keeps its spelling."""
    called = {"a": "a_west"}
    found = reach(MINE, [{"demand": "a", "sector": "cars"}], {"demands": called}, called)
    assert found.selectors("demands", where) == expected


def test_idle_rows_are_not_written_out_unless_there_are_no_others() -> None:
    found = reach(MINE, [{"demand": "c", "sector": "cars"}])
    assert found.selectors("demands", "*", lambda row: row.demand == "a") == ["demand=b"]
    assert found.selectors("demands", "*", lambda _: True) == ["demand=a", "demand=b"]
