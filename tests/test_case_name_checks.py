"""Checks of ids, of what they point to and of origins, each at its edge."""

from __future__ import annotations

from pathlib import Path

import pytest

from bare_case import bare_case, lines, told
from orefolio.case.case import Case
from orefolio.case.checks import ids, references
from orefolio.case.checks.place import fault_at, fault_of_case, fault_of_table


@pytest.mark.parametrize(
    ("identity", "sound"),
    [
        ("a" * 100, True),
        ("a" * 101, False),
        ("a b", False),
        ("a=b", False),
        ("日本", True),
        ("🧑\u200d🔧", True),
        ("a\u200db", False),
        ("e\u0301", False),
        ("\u00e9", True),
        ("..", False),
        ("a.", True),
    ],
)
def test_an_id_is_plain(identity: str, sound: bool) -> None:
    assert lines(ids.ids_are_plain, places=[{"place": "x"}, {"place": identity}]) == ([] if sound else [3])


def test_a_pattern_is_no_id() -> None:
    assert lines(ids.ids_are_plain, basis=[{"table": "a", "row": "*", "column": "*"}]) == []
    assert lines(ids.ids_are_plain, basis=[{"table": "a*", "row": "*", "column": "*"}]) == [2]


def test_ids_that_look_alike_are_told_apart() -> None:
    places = ["Tokyo", "tokyo", "ＴＯＫＹＯ", "Kyoto", "Ky\u043eto", "\u041a\u044b", "日本", "a日"]
    found = told(ids.ids_look_different, places=[{"place": place} for place in places])
    assert [line for line, _ in found] == [3, 4, 6]
    assert found[2][1].endswith("with letters of Cyrillic and Latin")
    twins = [{"programme": "P"}, {"programme": "p"}]
    assert lines(ids.ids_look_different, programmes=twins, suppliers=[{"supplier": "S"}, {"supplier": "s"}]) == [3, 3]


def test_countries_are_two_capital_letters_or_blank() -> None:
    places = [{"country": country} for country in ("JP", "jp", "JPN", "", "J1")]
    assert lines(ids.countries_are_codes, places=places) == [3, 4, 6]


def test_an_importer_has_a_place() -> None:
    case = bare_case(importer=("JP", "US", "NO"), places=[{"country": "JP"}, {"country": "NO"}])
    assert told(ids.importer_has_places, case) == [(0, "the importer 'US'")]
    remedies = [
        next(ids.importer_has_places(bare_case(importer=(country,), places=[{"country": "NO"}, {"country": "JP"}])))
        for country in ("JPN", "US")
    ]
    assert [fault.remedy for fault in remedies] == ["Did you mean JP?", "Known: JP, NO"]


def test_a_limit_on_shares_is_on_a_stage_of_the_chain() -> None:
    assert lines(ids.stages_are_known, diversification=[{"stage": "oxide"}, {"stage": "oxid"}]) == [3]


def test_origin_is_asked_for_where_a_rule_or_a_limit_looks_at_it() -> None:
    suppliers = [{"country": "CN"}, {"country": ""}]
    assert lines(ids.suppliers_have_a_country, suppliers=suppliers, rules=[{}, {"enabled": False}]) == [3]
    assert lines(ids.suppliers_have_a_country, suppliers=suppliers, diversification=[{}]) == [3]
    assert lines(ids.suppliers_have_a_country, suppliers=suppliers, rules=[{"enabled": False}]) == []


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ({}, ["technology_origin", "equipment_origin"]),
        ({"counts_technology": False}, ["equipment_origin"]),
        ({"counts_equipment": False}, ["technology_origin"]),
        ({"enabled": False}, []),
    ],
)
def test_a_process_has_the_origins_that_a_rule_counts(rule: dict[str, bool], found: list[str]) -> None:
    processes = [
        {"process": "p", "stage": "metal"},
        {"process": "q", "stage": "product"},
        {"process": "r", "stage": "metal", "technology_origin": "CN", "equipment_origin": "CN"},
    ]
    case = bare_case(processes=processes, rules=[{"enabled": False}, rule])
    assert told(ids.processes_have_an_origin, case) == [(2, f"no {column} of 'p'") for column in found]


def test_references_point_at_one_row() -> None:
    case = bare_case(
        processes=[{"process": "line", "place": "here"}, {"process": "both", "place": "there"}],
        places=[{"place": "here"}],
        lanes=[{"lane": "both", "from_place": "here", "to_place": "here", "commodity": "c"}],
        commodities=[{"commodity": "c"}],
        projects=[{"adds_to": "line"}, {"adds_to": "both"}, {"adds_to": "line", "requires": ("x", "z")}],
    )
    assert told(references.references_are_known, case) == [
        (3, "the place 'there'"),
        (3, "the adds to 'both', which stands in processes and lanes"),
        (4, "the requires 'z'"),
    ]
    broken = references.references_are_known(case, {"places", "processes"})
    assert [fault.found for fault in broken] == ["the requires 'z'"]


def test_names_of_programmes_groups_and_events_exist() -> None:
    case = bare_case(
        scrap=[{"programme": "p"}, {"programme": "q"}, {"programme": ""}],
        programmes=[{"programme": "p"}],
        substitutions=[{"demand_group": "g", "programme": "p"}, {"demand_group": "h", "programme": ""}],
        demands=[{"group": "g"}, {"group": ""}],
    )
    assert told(references.names_are_known, case) == [(3, "the programme 'q'"), (3, "the demand group 'h'")]
    assert [f.found for f in references.names_are_known(case, {"demands"})] == ["the programme 'q'"]


def test_the_first_twenty_unknown_ids_come_with_an_offer() -> None:
    lanes = [{"from_place": "hare", "to_place": "here", "commodity": "c"} for _ in range(22)]
    case = bare_case(lanes=lanes, places=[{"place": "here"}], commodities=[{"commodity": "c"}])
    offers = [fault.remedy for fault in references.references_are_known(case)]
    assert offers == ["Did you mean here?"] * 20 + [""] * 2


def test_known_ids_are_listed_up_to_twelve() -> None:
    def remedy(count: int) -> str:
        places = [{"place": f"p{number}"} for number in range(count)]
        lanes = [{"from_place": "zzz", "to_place": "p0", "commodity": "c"}]
        case = bare_case(lanes=lanes, places=places, commodities=[{"commodity": "c"}])
        return next(fault.remedy for fault in references.references_are_known(case) if "zzz" in fault.found)

    assert remedy(12).startswith("Known: p0, p1, p10")
    assert remedy(13) == ""
    case = bare_case(scrap=[{"programme": "q"}])
    assert [fault.remedy for fault in references.names_are_known(case)] == ["There is none"]


def in_folder(case: Case, folder: Path) -> Case:
    return Case(**{**{name: getattr(case, name) for name in case.__dataclass_fields__}, "folder": folder})


def test_a_fault_of_case_yaml_stands_at_its_key_where_the_file_can_be_read(tmp_path: Path) -> None:
    def place(name: str, text: str | None) -> tuple[int, int]:
        folder = tmp_path / name
        folder.mkdir()
        if text is not None:
            (folder / "case.yaml").write_text(text, encoding="utf-8")
        fault = fault_of_case(in_folder(bare_case(), folder), "importer", "x", "y")
        return fault.line, fault.column

    assert place("sound", "\ufeffname: a\nimporter: [JP]\n") == (2, 1)
    assert place("other", "name: a\n") == (0, 0)
    assert place("none", None) == (0, 0)
    assert place("wrong", "[") == (0, 0)


def test_a_fault_of_a_cell_stands_at_its_column_where_the_file_can_be_read(tmp_path: Path) -> None:
    """Rows stand on lines 2 and 3; the class of the second table is read from the column `class`."""
    (tmp_path / "places.csv").write_text('place,name,country\r\n"a,b",c,JP\r\nd,e,NO', encoding="utf-8")
    (tmp_path / "classes.csv").write_text("tags,class\nx,y\n", encoding="utf-8")
    case = in_folder(bare_case(places=[{}, {}, {}], classes=[{}], lanes=[{}]), tmp_path)

    def place(table: str, number: int, column: str) -> tuple[int, int]:
        fault = fault_at(case, table, number, column, "x", "y")
        assert fault.file == str(tmp_path / f"{table}.csv")
        return fault.line, fault.column

    assert [place("places", row, "country") for row in (0, 1)] == [(2, 9), (3, 5)]
    assert [place("places", row, "place") for row in (0, 1)] == [(2, 1), (3, 1)]
    assert place("places", 2, "place") == (4, 0)
    assert place("places", 3, "place") == (0, 0)
    assert place("places", 0, "nowhere") == (2, 0)
    assert place("classes", 0, "class_") == (2, 3)
    assert place("lanes", 0, "lane") == (2, 0)
    titles = [fault_of_table(case, table, "name", "x", "y") for table in ("places", "levers")]
    assert [(fault.line, fault.column) for fault in titles] == [(1, 7), (0, 0)]
