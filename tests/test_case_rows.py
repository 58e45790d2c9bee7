"""Rows of a table out of its records, and overlays with their levers, each at its edge."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bare_case import bare_case
from orefolio.case import overlay
from orefolio.case.adjust import Adjustment
from orefolio.case.case import Case
from orefolio.case.csv_text import MOST_FAULTS
from orefolio.case.rows import rows_of, sheet_of, titles
from orefolio.case.schema import TABLES
from orefolio.errors import Fault, InputError


def table(name: str, text: str) -> tuple[list[tuple[int, object]], list[Fault]]:
    """Line and row of each row, and the faults."""
    sheet = sheet_of(text, f"{name}.csv", TABLES[name])
    rows, lines = rows_of(sheet, TABLES[name])
    return list(zip(lines, rows, strict=True)), sheet.faults


def places(faults: list[Fault]) -> list[tuple[int, int, str]]:
    return [(fault.line, fault.column, fault.found) for fault in faults]


def test_columns_may_stand_in_any_order_and_optional_ones_be_left_out() -> None:
    rows, faults = table("classes", "tags,class\nx y,a\n,b\n")
    assert faults == []
    assert [(line, row.class_, row.tags) for line, row in rows] == [(2, "a", "x y"), (3, "b", "")]
    ((_, row),), _ = table("classes", "class\na\n")
    assert row.tags == ""
    assert titles(TABLES["classes"]) == {"class": "class_", "tags": "tags"}


def test_a_row_with_a_fault_is_left_out_and_every_fault_told() -> None:
    rows, faults = table("currencies", "currency,per_usd\nA,x\n,y\nC,3\n")
    assert [line for line, _ in rows] == [4]
    assert places(faults) == [
        (2, 3, "'x' in per_usd"),
        (3, 1, "a blank cell in currency"),
        (3, 2, "'y' in per_usd"),
    ]


def test_a_wrong_text_is_told_each_time_it_stands_there() -> None:
    _, faults = table("currencies", "currency,per_usd\nA,x\nB,x\n")
    assert [line for line, _, _ in places(faults)] == [2, 3]


def test_a_key_that_stands_there_already_is_told_with_its_first_line() -> None:
    text = "market,commodity\na,x\na,y\nb,x\na,x\na,x\n"
    rows, faults = table("prices", text)
    assert len(rows) == 5
    assert places(faults) == [(line, 1, "the market and commodity 'a/x' again") for line in (5, 6)]
    assert {fault.expected for fault in faults} == {"each once: it stands on line 2 already"}
    _, faults = table("classes", "class\na\na\n")
    assert places(faults) == [(3, 1, "the class 'a' again")]


def test_reading_stops_at_a_thousand_faults() -> None:
    header = "currency,per_usd\n"
    rows, faults = table("currencies", header + "A,x\n" * (MOST_FAULTS + 5) + "B,1\n")
    assert len(faults) == MOST_FAULTS + 1
    assert places(faults[-1:]) == [(MOST_FAULTS + 1, 0, f"{MOST_FAULTS} faults")]
    assert rows == []
    rows, faults = table("currencies", header + "A,x\n" * (MOST_FAULTS - 1) + "B,1\n")
    assert len(faults) == MOST_FAULTS - 1
    assert len(rows) == 1


# Overlays


def case(**turned: float) -> Case:
    one = bare_case(
        levers=[{"lever": "l", "low": 0.5, "base": 1.0, "high": 2.0}, {"lever": "m", "low": 0.0, "high": 0.0}],
        lever_adjustments=[{"lever": "l", "table": "lanes", "where": "*", "column": "cost_usd_per_kg"}],
        lanes=[{}],
    )
    return replace(one, turned=turned)


def test_a_lever_is_out_of_its_range_beyond_its_ends() -> None:
    assert overlay.levers_out_of_range(case(l=0.5)) == overlay.levers_out_of_range(case(l=2.0)) == []
    assert overlay.levers_out_of_range(case()) == []
    assert overlay.levers_out_of_range(case(l=0.4)) == ["l is set to 0.4, outside its range 0.5 to 2"]
    assert overlay.levers_out_of_range(case(l=2.1)) == ["l is set to 2.1, outside its range 0.5 to 2"]


@pytest.mark.parametrize(
    ("text", "place", "found"),
    [
        ("dear", "--set", "'dear'"),
        ("=2", "--set", "'=2'"),
        (" =2", "--set", "' =2'"),
        ("dear=", "--set dear", "''"),
        (" dear = 5%", "--set dear", "'5%'"),
    ],
)
def test_a_lever_that_is_not_name_and_value_is_told(text: str, place: str, found: str) -> None:
    with pytest.raises(InputError) as raised:
        overlay.parse_lever(text)
    (fault,) = raised.value.faults
    assert (fault.file, fault.found) == (place, found)


def test_levers_are_given_once_each() -> None:
    assert overlay.parse_levers([" a = 1 ", "b=2"]) == {"a": 1.0, "b": 2.0}
    with pytest.raises(InputError, match="--set a: found it twice"):
        overlay.parse_levers(["a=1", "a=1"])


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_an_overlay_is_found_by_name_or_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the overlays of the case, in the case, then from here; never outside the case by a way back."""
    here, folder = tmp_path / "here", tmp_path / "case"
    inside = write(folder, "overlays/a.yaml", "")
    beside = write(folder, "b.yml", "")
    exact = write(folder, "overlays/c", "")
    outside = write(tmp_path, "here/d.yaml", "")
    write(tmp_path, "here/a.yaml", "")
    (folder / "overlays" / "e.yaml").mkdir()
    fifth = write(tmp_path, "here/e.yaml", "")
    monkeypatch.chdir(here)
    assert overlay.find_overlay("a", folder) == overlay.find_overlay("a.yaml", folder) == inside
    assert overlay.find_overlay("overlays/a", folder) == inside
    assert overlay.find_overlay("b.yml", folder) == beside
    assert overlay.find_overlay("c", folder) == exact
    assert overlay.find_overlay("d", folder).resolve() == outside
    assert overlay.find_overlay("e", folder).resolve() == fifth
    assert overlay.find_overlay("a").resolve() == here / "a.yaml"
    assert overlay.find_overlay(outside, folder) == outside
    assert overlay.find_overlay("../case/b.yml", folder).resolve() == beside
    monkeypatch.chdir(folder / "overlays")
    with pytest.raises(InputError):
        overlay.find_overlay("../here/d.yaml", folder)


def test_an_overlay_that_is_nowhere_is_told_with_what_there_is(tmp_path: Path) -> None:
    def remedy(name: str, folder: Path | None) -> str:
        with pytest.raises(InputError) as raised:
            overlay.find_overlay(name, folder)
        return raised.value.faults[0].remedy

    assert remedy("dear", tmp_path) == remedy("dear", None) == ""
    write(tmp_path, "overlays/deer.yaml", "")
    write(tmp_path, "overlays/late.yaml", "")
    assert remedy("dear", tmp_path) == "Did you mean deer?"
    assert remedy("zzzzz", tmp_path) == "The case has: deer, late"
    assert remedy("x\0", tmp_path) == remedy("", tmp_path) == "The case has: deer, late"
    assert remedy("x" * 300, tmp_path) == "The case has: deer, late"


def test_a_place_that_may_not_be_looked_at_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside = write(tmp_path, "b.yml", "")
    exists = Path.exists

    def refuse(path: Path) -> bool:
        if path.parent.name == "overlays":
            raise PermissionError(13, "Permission denied")
        return exists(path)

    monkeypatch.setattr(Path, "exists", refuse)
    assert overlay.find_overlay("b.yml", tmp_path) == beside


def load(folder: Path, text: str) -> overlay.Overlay:
    write(folder, "o.yaml", text)
    return overlay.load_overlay("o.yaml", folder)


def test_what_an_overlay_leaves_out_is_nothing(tmp_path: Path) -> None:
    found = load(tmp_path, "title: t\n")
    assert (found.title, found.levers, found.adjustments, found.places) == ("t", {}, (), {})
    text = "schema: orefolio-overlay/1\ntitle: t\nlevers: {l: -1e12, m: 1e12}\nadjustments:\n"
    text += "  - {table: lanes, column: c, operation: multiply, value: 1e12}\n"
    text += "  - {table: lanes, column: c, operation: add, value: -1e12, where: '', because: why}\n"
    with pytest.raises(InputError, match=r"6:.*found a text ''"):
        load(tmp_path, text)
    found = load(tmp_path, text.replace("where: ''", "where: x=y"))
    assert found.levers == {"l": -1e12, "m": 1e12}
    assert [(one.where, one.operation, one.value, one.because) for one in found.adjustments] == [
        ("*", "multiply", 1e12, ""),
        ("x=y", "add", -1e12, "why"),
    ]
    assert found.places == {"l": (3, 10), "m": (3, 20), "adjustment 0": (5, 5), "adjustment 1": (6, 5)}


def test_an_overlay_of_another_schema_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="1:9: found a text 'orefolio-case/1', expected orefolio-overlay/1"):
        load(tmp_path, "schema: orefolio-case/1\ntitle: t\n")


def test_an_overlay_made_in_code_has_no_places() -> None:
    change = Adjustment("lanes", "*", "cost_usd_per_kg", "set", -2.0)
    with pytest.raises(InputError) as raised:
        overlay.adjusted_case(case(), [overlay.Overlay("t", {"k": 1.0}, (change,), Path("o.yaml"), {})], {})
    assert [(fault.line, fault.column) for fault in raised.value.faults] == [(0, 0), (0, 0)]


def test_the_adjusted_case_is_held_against_what_must_hold_but_not_against_its_own_levers() -> None:
    """The base of a lever is the case as written, which the overlay has left."""
    one = replace(case(), tables={**case().tables, **bare_case(settings=[{"setting": "discount_rate"}]).tables})
    change = Adjustment("lanes", "*", "cost_usd_per_kg", "set", 3.0)
    laid = overlay.Overlay("t", {}, (change,), Path("o.yaml"), {})
    with pytest.raises(InputError) as raised:
        overlay.adjusted_case(one, [laid], {"l": 2.0})
    files = {Path(fault.file).name for fault in raised.value.faults}
    assert "lever_adjustments.csv" not in files
    assert "lanes.csv" in files


def test_faults_of_overlays_and_of_levers_are_told_together(tmp_path: Path) -> None:
    text = "title: t\nlevers: {k: 1}\nadjustments:\n"
    text += "  - {table: lanes, column: cost_usd_per_kg, operation: set, value: 2}\n"
    text += "  - {table: lanes, column: cost_usd_per_kg, operation: set, value: -2}\n"
    one = load(tmp_path, text)
    with pytest.raises(InputError) as raised:
        overlay.adjusted_case(case(), [one, one], {"n": 1.0})
    told = [(Path(fault.file).name, fault.line, fault.column, fault.found) for fault in raised.value.faults]
    assert told == [
        ("o.yaml", 5, 5, "set -2 on 1 makes cost_usd_per_kg -2"),
        ("o.yaml", 2, 10, "the lever 'k'"),
        ("o.yaml", 0, 0, "the overlay twice"),
        ("o.yaml", 5, 5, "set -2 on 2 makes cost_usd_per_kg -2"),
        ("o.yaml", 2, 10, "the lever 'k'"),
        ("--set", 0, 0, "the lever 'n'"),
    ]
