"""A case made of parts: what is laid together, what must agree, what stands apart, and where faults are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from allies.pair import CAPACITY, EAST, STRUCTURE, WEST, joined, laid
from orefolio.case.adjust import Adjustment
from orefolio.case.overlay import adjusted_case, load_overlay
from orefolio.case.read import load_case, load_case_with_warnings
from orefolio.errors import InputError
from orefolio.tables.folder.case_files import case_files, case_hash
from pencil import Piece, tables


def messages(folder: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_case(folder)
    return [str(fault) for fault in caught.value.faults]


def lever(base: float, demand: str = "*", high: float = 3.0) -> Piece:
    return tables(
        levers=[{"lever": "need", "base": base, "low": 0.5, "high": high, "unit": "1"}],
        lever_adjustments=[
            {"lever": "need", "table": "demands", "where": demand, "column": "multiple", "operation": "multiply"}
        ],
    )


def with_need(part: Piece, multiple: float = 1.0) -> Piece:
    return {**part, "demands": [{**row, "multiple": multiple} for row in part["demands"]]}


def called(part: Piece, name: str) -> Piece:
    """A part whose demand has another id."""
    renamed = {table: [{**row, "demand": name} for row in part[table]] for table in ("demands", "loss_steps")}
    return {**part, **renamed}


# what is laid together


def test_rows_of_both_stand_and_the_cases_own_replaces_by_key(tmp_path: Path) -> None:
    case = load_case(laid(tmp_path))
    assert [row.demand for row in case.rows("demands")] == ["east_need", "west_need"]
    assert [row.supplier for row in case.rows("suppliers")] == ["east_dear", "lynas", "caremag", "west_dear"]
    assert {row.supplier: row.rivals_t_per_year for row in case.rows("supplier_capacity")} == {
        "lynas": 10,
        "caremag": 0,
    }
    assert case.importer == ("JP", "US")


def test_each_row_knows_its_own_file(tmp_path: Path) -> None:
    case = load_case(laid(tmp_path))
    assert case.where("demands", "west_need") == "west/demands.csv:2"
    assert case.where("supplier_capacity", "lynas/oxide/2026") == "both/supplier_capacity.csv:2"


def test_the_resolved_case_is_flat_and_reads_the_same(tmp_path: Path) -> None:
    """A run folder holds it; it needs no part."""
    case = load_case(laid(tmp_path))
    flat = tmp_path / "elsewhere" / "run"
    flat.mkdir(parents=True)
    for file, text in case_files(case).items():
        (flat / file).write_text(text, encoding="utf-8")
    assert "parts" not in (flat / "case.yaml").read_text()
    assert case_hash(load_case(flat)) == case_hash(case)


def test_a_row_that_differs_is_a_fault_at_both_places(tmp_path: Path) -> None:
    said = messages(laid(tmp_path, {"supplier_capacity.csv": CAPACITY.splitlines()[0] + "\ncaremag,oxide,2026,10,0\n"}))
    assert len(said) == 1
    assert "west/supplier_capacity.csv:2:1" in said[0]
    assert "'lynas/oxide/2026' with rivals_t_per_year 60.0, which is 50.0 in" in said[0]
    assert "east/supplier_capacity.csv:2" in said[0]
    assert "both/supplier_capacity.csv" in said[0]


def test_settings_of_the_parts_agree(tmp_path: Path) -> None:
    both = laid(tmp_path)
    file = tmp_path / "west" / "settings.csv"
    file.write_text(file.read_text().replace("discount_rate,0", "discount_rate,0.04"))
    assert any("west/settings.csv:2:1" in fault and "east/settings.csv:2" in fault for fault in messages(both))


@pytest.mark.parametrize(
    ("entry", "other"),
    [
        ("base_year: 2027", "base_year: 2026"),
        ("reaction_years: 99", "reaction_years: 2"),
        ("to: 2028-01-01}", "to: 2029-01-01}"),
    ],
)
def test_case_yaml_of_the_parts_agrees(tmp_path: Path, entry: str, other: str) -> None:
    both = laid(tmp_path)
    file = tmp_path / "west" / "case.yaml"
    assert entry in file.read_text()
    file.write_text(file.read_text().replace(entry, other).replace("until: 2028-01-01, months: 12", _until(other)))
    said = messages(both)
    assert any("west/case.yaml:" in fault and "both/case.yaml:" in fault for fault in said), said


def _until(other: str) -> str:
    return "until: 2029-01-01, months: 12" if "2029" in other else "until: 2028-01-01, months: 12"


def test_importers_are_those_of_the_parts(tmp_path: Path) -> None:
    both = laid(tmp_path, {"case.yaml": STRUCTURE.replace("[JP, US]", "[JP]")})
    assert any("both/case.yaml:5" in fault and "JP, US" in fault for fault in messages(both))


def test_a_fault_in_a_part_keeps_its_place(tmp_path: Path) -> None:
    both = laid(tmp_path)
    file = tmp_path / "west" / "demands.csv"
    file.write_text(file.read_text().replace("west_need,", "west_need ,"))
    assert any("west/demands.csv:2:1" in fault for fault in messages(both))
    file.write_text(file.read_text().replace("west_need ,", "west_need,").replace("united_states", "united_state"))
    assert any("west/demands.csv:2:" in fault and "united_state" in fault for fault in messages(both))


def test_what_is_odd_in_the_files_of_a_part_is_told_too(tmp_path: Path) -> None:
    both = laid(tmp_path)
    (tmp_path / "west" / "zzz.txt").write_text("x")
    assert [warning.file for warning in load_case_with_warnings(both).warnings if "no table" in warning.found] == [
        str(tmp_path / "west" / "zzz.txt")
    ]


# where parts may lie


@pytest.mark.parametrize("name", ["../west", "/etc", "west/..", ".", "..", "a\\b", ".hidden"])
def test_a_part_is_a_plain_name(tmp_path: Path, name: str) -> None:
    both = laid(tmp_path, {"case.yaml": STRUCTURE.replace("[east, west]", f"[east, '{name}']")})
    assert any("both/case.yaml:4" in fault and "plain name" in fault for fault in messages(both))


def test_a_link_to_a_part_elsewhere_is_refused(tmp_path: Path) -> None:
    both = laid(tmp_path / "cases")
    away = tmp_path / "away"
    (tmp_path / "cases" / "west").rename(away)
    (tmp_path / "cases" / "west").symlink_to(away)
    assert any("'west', a link that leads elsewhere" in fault for fault in messages(both))


def test_a_link_beside_the_case_is_followed_once(tmp_path: Path) -> None:
    both = laid(tmp_path, {"case.yaml": STRUCTURE.replace("[east, west]", "[east, west, again]")})
    (tmp_path / "again").symlink_to(tmp_path / "west")
    assert any("'again', a part that is there already" in fault for fault in messages(both))


@pytest.mark.parametrize(("names", "words"), [("east, north", "no such folder"), ("east, both", "the case itself")])
def test_a_part_is_another_case(tmp_path: Path, names: str, words: str) -> None:
    both = laid(tmp_path, {"case.yaml": STRUCTURE.replace("east, west", names)})
    assert any("both/case.yaml:4" in fault and words in fault for fault in messages(both))


def test_a_part_has_no_parts(tmp_path: Path) -> None:
    both = laid(tmp_path)
    file = tmp_path / "west" / "case.yaml"
    file.write_text(file.read_text() + "parts: [east]\n")
    assert any("west/case.yaml:" in fault and "parts of a part" in fault for fault in messages(both))


# ids of a part's own


def test_ids_kept_apart_end_in_the_name_of_their_part(tmp_path: Path) -> None:
    """Both call their demand `need`; its steps, its lever and the basis follow the new name."""
    own = {"case.yaml": STRUCTURE + "apart: {west: {demands: ['*']}}\n"}

    case = load_case(laid(tmp_path, own, called(EAST, "need"), joined(called(WEST, "need"), lever(1.0, "demand=need"))))
    assert [(row.demand, row.place) for row in case.rows("demands")] == [
        ("need", "japan"),
        ("need_west", "united_states"),
    ]
    assert [row.demand for row in case.rows("loss_steps")] == ["need", "need_west"]
    turned = case.with_levers({"need": 2.0})
    assert [row.multiple for row in turned.rows("demands")] == [1.0, 2.0]


def test_an_unknown_part_or_table_apart_is_a_fault(tmp_path: Path) -> None:
    own = {"case.yaml": STRUCTURE + "apart: {west: {demand: ['*']}, north: {demands: ['*']}}\n"}
    said = messages(laid(tmp_path, own))
    assert any("'demand' under apart" in fault for fault in said)
    assert any("'north' under apart" in fault for fault in said)


# levers, events, basis


def test_levers_of_the_same_range_are_one_and_their_adjustments_unite(tmp_path: Path) -> None:
    case = load_case(laid(tmp_path, None, joined(EAST, lever(1.0)), joined(WEST, lever(1.0))))
    assert [row.lever for row in case.rows("levers")] == ["need"]
    assert [row.multiple for row in case.with_levers({"need": 2.0}).rows("demands")] == [2.0, 2.0]


def test_levers_of_another_range_stand_apart_and_turn_their_own(tmp_path: Path) -> None:
    case = load_case(laid(tmp_path, None, joined(EAST, lever(1.0)), joined(WEST, lever(1.0, high=5.0))))
    assert [row.lever for row in case.rows("levers")] == ["need", "need_west"]
    assert [row.multiple for row in case.with_levers({"need": 2.0}).rows("demands")] == [2.0, 1.0]
    assert [row.multiple for row in case.with_levers({"need_west": 3.0}).rows("demands")] == [1.0, 3.0]


def test_a_sweep_follows_the_lever_of_its_part(tmp_path: Path) -> None:
    asked = tables(sweeps=[{"sweep": "s", "lever": "need", "from_value": 0.5, "to_value": 2.0, "steps": 3,
                            "off_lever": "need", "off_value": 1.0}])  # fmt: skip
    alike = load_case(laid(tmp_path / "one", None, joined(EAST, lever(1.0), asked), joined(WEST, lever(1.0), asked)))
    assert [row.lever for row in alike.rows("sweeps")] == ["need"]
    other = joined(WEST, lever(1.0, high=5.0), asked)
    apart = load_case(laid(tmp_path / "two", None, joined(EAST, lever(1.0), asked), other))
    assert [(row.lever, row.off_lever) for row in apart.rows("sweeps")] == [("need", "need"), ("need_west",) * 2]


def test_a_selector_of_one_part_reaches_no_rows_of_the_other(tmp_path: Path) -> None:
    case = load_case(laid(tmp_path, None, joined(EAST, lever(1.0, "demand=*need")), WEST))
    assert [row.multiple for row in case.with_levers({"need": 2.0}).rows("demands")] == [2.0, 1.0]


def test_a_selector_written_out_leaves_cells_without_a_limit_alone(tmp_path: Path) -> None:
    """West's lever doubles the volume of all its contracts; one has none that could be doubled, and is not named."""
    doubles = tables(
        levers=[{"lever": "volumes", "base": 1.0, "low": 1.0, "high": 2.0, "unit": "1"}],
        lever_adjustments=[
            {"lever": "volumes", "table": "contracts", "where": "*", "column": "volume_max_t_per_year",
             "operation": "multiply"}
        ],
    )  # fmt: skip
    bounded = {**WEST, "contracts": [{**row, **_most(row)} for row in WEST["contracts"]]}
    case = load_case(laid(tmp_path, None, EAST, joined(bounded, doubles)))
    assert [row.where for row in case.rows("lever_adjustments")] == ["contract=west_lynas"]
    assert case.with_levers({"volumes": 2.0}).row("contracts", "west_lynas").volume_max_t_per_year == 80.0


def _most(row: dict[str, object]) -> dict[str, float]:
    return {"volume_max_t_per_year": 40.0} if row["contract"] == "west_lynas" else {}


def event(*adjustments: tuple[int, str, float]) -> Piece:
    rows = [
        {"event": "halt", "part": part, "table": "suppliers", "where": where, "column": "availability_share",
         "operation": "multiply", "value": value}
        for part, where, value in adjustments
    ]  # fmt: skip
    return tables(events=rows, future_events=[{"future": "only", "event": "halt", "start": "2027-01-01"}])


def test_an_event_does_what_both_say_and_the_same_once(tmp_path: Path) -> None:
    """Both say that Lynas halves: it halves once. West numbers its own adjustment 1, which East has for another."""
    east = joined(EAST, event((1, "supplier=caremag", 0.8), (2, "supplier=lynas", 0.5)))
    west = joined(WEST, event((1, "supplier=lynas", 0.5), (2, "supplier=west_dear", 0.9)))
    case = load_case(laid(tmp_path, None, east, west))
    assert [(row.part, row.where, row.value) for row in case.rows("events")] == [
        (1, "supplier=caremag", 0.8),
        (2, "supplier=lynas", 0.5),
        (3, "supplier=west_dear", 0.9),
    ]


def test_an_event_that_does_another_thing_to_the_same_is_a_fault_unless_settled(tmp_path: Path) -> None:
    east = joined(EAST, event((1, "supplier=lynas", 0.5)))
    west = joined(WEST, event((4, "supplier=lynas", 0.7)))
    said = messages(laid(tmp_path / "open", None, east, west))
    assert any("west/events.csv:2:1" in fault and "east/events.csv:2" in fault for fault in said)
    header = "event,part,table,where,column,operation,value"
    own = f"{header}\nhalt,9,suppliers,supplier=lynas,availability_share,multiply,0.6\n"
    case = load_case(laid(tmp_path / "settled", {"events.csv": own}, east, west))
    assert [row.value for row in case.rows("events")] == [0.6]


def test_a_lever_on_an_event_follows_its_new_number(tmp_path: Path) -> None:
    turns = tables(
        levers=[{"lever": "depth", "base": 0.9, "low": 0.0, "high": 1.0, "unit": "1"}],
        lever_adjustments=[
            {"lever": "depth", "table": "events", "where": "event=halt; part=1", "column": "value", "operation": "set"}
        ],
    )
    east = joined(EAST, event((1, "supplier=lynas", 0.5)))
    west = joined(WEST, event((1, "supplier=west_dear", 0.9)), turns)
    case = load_case(laid(tmp_path, None, east, west))
    assert [row.value for row in case.with_levers({"depth": 0.2}).rows("events")] == [0.5, 0.2]


def test_adjustments_that_are_new_to_an_event_get_the_next_free_numbers_in_turn(tmp_path: Path) -> None:
    east = joined(EAST, event((1, "supplier=caremag", 0.8), (2, "supplier=lynas", 0.5)))
    west = joined(WEST, event((1, "supplier=west_dear", 0.9), (2, "supplier=west_d*", 0.9)))
    case = load_case(laid(tmp_path, None, east, west))
    assert [(row.part, row.where) for row in case.rows("events")][2:] == [
        (3, "supplier=west_dear"),
        (4, "supplier=west_d*"),
    ]


def depth(where: str) -> Piece:
    """A lever on the value of adjustments of events."""
    return tables(
        levers=[{"lever": "depth", "base": 0.9, "low": 0.0, "high": 1.0, "unit": "1"}],
        lever_adjustments=[
            {"lever": "depth", "table": "events", "where": where, "column": "value", "operation": "set"}
        ],
    )


def test_a_lever_on_all_of_an_event_turns_no_adjustment_of_the_other_part(tmp_path: Path) -> None:
    """West's own adjustment is the second of the event beside East's: East's lever then names the first."""
    east = joined(EAST, event((1, "supplier=east_dear", 0.9)), depth("event=halt"))
    west = joined(WEST, event((1, "supplier=west_dear", 0.9)))
    case = load_case(laid(tmp_path, None, east, west))
    assert [row.where for row in case.rows("lever_adjustments")] == ["event=halt; part=1"]
    assert [row.value for row in case.with_levers({"depth": 0.2}).rows("events")] == [0.2, 0.9]


def test_a_selector_that_reaches_its_own_rows_alone_stays_as_it_is_written(tmp_path: Path) -> None:
    case = load_case(laid(tmp_path, None, EAST, joined(WEST, lever(1.0, "demand=west_n*"))))
    assert [row.where for row in case.rows("lever_adjustments")] == ["demand=west_n*"]


def test_the_basis_of_an_adjustment_follows_its_new_number(tmp_path: Path) -> None:
    """And that of a step of losses does not take its demand for an event."""
    rows = [{"table": "events", "row": "halt/1"}, {"table": "events", "row": "halt/*"}]
    rows += [{"table": "loss_steps", "row": "west_need/1"}]
    guess = {"column": "*", "derivation": "a guess", "low_multiple": 0.5, "high_multiple": 2.0}
    basis = tables(basis=[{**row, **guess} for row in rows])
    west = joined(WEST, event((1, "supplier=west_dear", 0.9)), basis)
    own = {"case.yaml": STRUCTURE + "apart: {west: {demands: ['*']}}\n"}
    east = joined(called(EAST, "west_need"), event((1, "supplier=lynas", 0.5)))
    both = laid(tmp_path, own, east, west)
    assert [row.row for row in load_case(both).rows("basis")] == ["halt/2", "halt/*", "west_need_west/1"]


def test_a_basis_in_other_words_says_both(tmp_path: Path) -> None:
    def basis(fact: str, words: str, low: float) -> Piece:
        row = {"table": "demands", "row": "*", "column": "*", "facts": fact, "derivation": words}
        return tables(basis=[{**row, "low_multiple": low, "high_multiple": 10 * low}])

    case = load_case(
        laid(tmp_path, None, joined(EAST, basis("F1", "a count", 0.5)), joined(WEST, basis("F2", "a guess", 0.2)))
    )
    (row,) = case.rows("basis")
    assert (row.facts, row.derivation) == ("F1 F2", "a count | a guess")
    assert (row.low_multiple, row.high_multiple) == (0.2, 5.0)


# overlays


def overlay(folder: Path, name: str, multiple: float) -> None:
    (folder / "overlays").mkdir(exist_ok=True)
    text = f"title: {name}\nadjustments:\n  - {{table: demands, column: multiple, operation: set, value: {multiple}}}\n"
    (folder / "overlays" / f"{name}.yaml").write_text(text, encoding="utf-8")


def test_overlays_of_parts_are_at_hand_and_the_cases_own_come_first(tmp_path: Path) -> None:
    both = laid(tmp_path)
    overlay(tmp_path / "west", "more", 2.0)
    case = adjusted_case(load_case(both), [load_overlay("more", both)], {})
    assert [row.multiple for row in case.rows("demands")] == [2.0, 2.0]
    overlay(both, "more", 3.0)
    assert load_overlay("more", both).adjustments == (Adjustment("demands", "*", "multiple", "set", 3.0),)


def test_an_overlay_of_both_parts_is_asked_for_by_part(tmp_path: Path) -> None:
    both = laid(tmp_path)
    overlay(tmp_path / "east", "more", 2.0)
    overlay(tmp_path / "west", "more", 4.0)
    with pytest.raises(InputError, match=r"^more: found an overlay of several parts, .*Say east/more or west/more"):
        load_overlay("more", both)
    assert load_overlay("west/more", both).adjustments[0].value == 4.0


def test_an_overlay_of_the_case_itself_is_taken_whatever_its_parts_have(tmp_path: Path) -> None:
    both = laid(tmp_path)
    for folder in (tmp_path / "east", tmp_path / "west", both):
        overlay(folder, "more", 2.0)
    assert load_overlay("more", both).path == both / "overlays" / "more.yaml"
