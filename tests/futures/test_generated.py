"""Generated futures as tables: written, read, edited, planned for."""

from __future__ import annotations

import datetime
import math
from pathlib import Path

import pytest

from orefolio.case.case import Case
from orefolio.case.scenarios import plant
from orefolio.errors import InputError
from orefolio.futures.folder import lay_futures, write_futures
from orefolio.futures.generated import Asked, Sample, generate, rows_of, sample, with_futures
from pencil import case_of, event, future, spot, tables

from .hazardous import LN2, drawable, hazard, lasting, newsvendor, nothing, several


def written(case: Case, place: Path, seed: int = 5) -> Path:
    return write_futures(place, case, rows_of(case, generate(case, Asked(40, seed))), {"seed": seed})


def texts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    one, again, other = (written(several(), tmp_path / name, seed) for name, seed in (("a", 5), ("b", 5), ("c", 6)))
    assert texts(one) == texts(again)
    assert texts(one)["futures.csv"] != texts(other)["futures.csv"]


def test_futures_are_read_as_they_were_written(tmp_path: Path) -> None:
    case = several()
    rows = rows_of(case, generate(case, Asked(40, 5)))
    laid = lay_futures(case, write_futures(tmp_path / "many", case, rows, {"seed": 5}))
    assert {name: laid.case.rows(name) for name in rows} == rows
    assert laid.record["seed"] == 5
    assert laid.warnings == ()


def test_a_folder_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    written(several(), tmp_path / "many")
    with pytest.raises(InputError, match="something there already"):
        written(several(), tmp_path / "many")


def test_an_edit_is_taken_and_told(tmp_path: Path) -> None:
    folder = written(several(), tmp_path / "many")
    place = folder / "future_events.csv"
    lines = place.read_text().splitlines()
    place.write_text("\n".join([lines[0], *lines[2:]]) + "\n")
    laid = lay_futures(several(), folder)
    assert len(laid.case.rows("future_events")) == len(lines) - 2
    assert [said for said in laid.warnings if "future_events.csv changed" in said]


def test_futures_of_another_state_of_the_case_are_told(tmp_path: Path) -> None:
    folder = written(several(), tmp_path / "many")
    (said,) = lay_futures(several().adjusted([]).with_levers({}), folder).warnings or ("",)
    assert said == ""
    other = drawable(*(nothing(name) for name in ("cut", "dear", "growth")), hazard("cut", 0.1), years=5)
    assert "another state of the case" in lay_futures(other, folder).warnings[0]


@pytest.mark.parametrize(
    ("file", "old", "new", "found"),
    [
        ("future_events.csv", ",cut,", ",cuts,", "the event 'cuts'"),
        ("future_events.csv", ",cut,20", ",cut,19", "start 19"),
        ("futures.csv", "trunk,", "trunk/,", "holds '/'"),
        ("futures.json", "orefolio-futures/1", "orefolio-futures/9", "another schema"),
    ],
)
def test_a_wrong_folder_is_told_by_file_and_line(tmp_path: Path, file: str, old: str, new: str, found: str) -> None:
    folder = written(several(), tmp_path / "many")
    place = folder / file
    place.write_text(place.read_text().replace(old, new, 1))
    with pytest.raises(InputError) as told:
        lay_futures(several(), folder)
    fault = next(fault for fault in told.value.faults if found in fault.found)
    assert fault.file == str(place)
    assert file.endswith(".json") or (fault.line > 1 and fault.column > 0)


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no futures\.json"):
        lay_futures(several(), tmp_path)


def test_a_case_without_hazards_says_so() -> None:
    with pytest.raises(InputError, match=r"hazards\.csv: found no hazards"):
        sample(case_of(spot("mine", "ore", 1)), Asked(5))


def test_futures_without_an_event_are_one_with_its_exact_probability() -> None:
    # ln 2 in the first year: a half. What is drawn shares the other half, however often it came.
    drawn = sample(newsvendor(), Asked(64, 1, "random", 12))
    assert [one.weight for one in drawn.quiet] == pytest.approx([0.5])
    (struck,) = drawn.struck
    assert [strike.event for strike in struck.strikes] == ["cheap", "cut"]
    assert drawn.draws == drawn.struck[struck] != 32
    assert [one.weight for one in drawn.futures] == pytest.approx([0.5, 0.5])


def test_outcomes_of_a_date_part_the_trunk_where_it_is_likely_and_not_where_it_is_rare() -> None:
    dated = hazard("fails", comes="date", chance=0.75, otherwise="works", first="2028-01-01")
    events = (nothing("fails"), nothing("works"), nothing("cut"), dated)
    often = sample(drawable(*events, hazard("cut", LN2 / 9.5)), Asked(40, 1, "random"))
    assert [one.weight for one in often.quiet] == pytest.approx([0.375, 0.125])
    rare = sample(drawable(*events, hazard("cut", 2.0)), Asked(40, 1, "random"))
    (only,) = rare.quiet
    assert only.drawn.strikes[0].event == "fails"
    assert only.weight == pytest.approx(1e-6)
    assert sum(one.weight for one in rare.futures) == pytest.approx(1.0)


def test_a_case_in_which_nothing_was_drawn_has_the_trunk_alone() -> None:
    drawn = sample(drawable(nothing("cut"), hazard("cut", 1e-9)), Asked(4))
    assert [one.weight for one in drawn.futures] == [1.0]
    assert drawn == Sample(drawn.quiet, {})


def test_no_event_begins_from_a_day_on() -> None:
    asked = Asked(200, 1, "random", 6, datetime.date(2029, 1, 1))
    onsets = {one.drawn.onset for one in generate(several(), asked)} - {None}
    assert onsets == {6, 12, 18}


def test_futures_that_share_a_history_share_its_nodes_and_tell_time_alike() -> None:
    # Both have the same first event; the second event of one lasts longer, and both are told in years until then.
    pieces = (
        future("calm", 0.5),
        future("short", 0.25, {"cut": ("2028-01-01", 12)}, onset="2028-01-01"),
        future("long", 0.25, {"cut": ("2028-01-01", 12), "dear": ("2033-01-01", 24)}, onset="2028-01-01"),
    )
    _, short, long = plant(drawable(nothing("cut"), nothing("dear"), *pieces)).paths
    assert [period.end for period in short.periods] == [period.end for period in long.periods]
    assert [len(crowd) for crowd in short.companions[:7]] == [3, 2, 2, 2, 2, 2, 1]


def shock(**columns: float) -> Case:
    """A licence shock of the shape of 2025, written for four months, with a price tail of a year."""
    parts = [
        {"event": "shock", "part": number, "table": "suppliers", "where": "supplier=mine",
         "column": "availability_share", "operation": "multiply", "value": value, "after_months": number - 1.0,
         "length_months": 1.0, "written_for_months": 4.0}
        for number, value in enumerate((0.5, 0.26, 0.62), 1)
    ]  # fmt: skip
    tail = event("shock", "contract_items", "contract=mine", "price_usd_per_kg", "multiply", 3.0, outlast_months=12.0)
    tail["events"][0]["part"] = 4
    row = {"future": "only", "event": "shock", "start": "2028-01-01", **columns}
    futures = [{"future": "only", "weight": 1.0}]
    return case_of(
        spot("mine", "ore", 3.0), tables(events=parts), tail, tables(futures=futures, future_events=[row]), years=5
    )


@pytest.mark.parametrize("length", [4.0, 8.0, 2.0])
def test_a_shock_keeps_its_shape_at_any_length_and_its_price_tail(length: float) -> None:
    (path,) = plant(shock(length_months=length)).paths
    for month, share in enumerate((0.5, 0.26, 0.62, 1.0)):
        middle = 1.0 + (month + 0.5) * length / 4 / 12
        assert path.at("suppliers", "mine", "availability_share", middle) == pytest.approx(share)
    before, after = (1.0 + (length + months) / 12 for months in (11.9, 12.1))
    assert path.at("contract_items", "mine/ore", "price_usd_per_kg", before) == pytest.approx(9.0)
    assert path.at("contract_items", "mine/ore", "price_usd_per_kg", after) == pytest.approx(3.0)


def test_the_strength_of_an_event_is_the_power_of_its_multiples() -> None:
    (path,) = plant(shock(length_months=4.0, strength=0.5)).paths
    assert path.at("suppliers", "mine", "availability_share", 1.01) == pytest.approx(math.sqrt(0.5))
    assert path.at("contract_items", "mine/ore", "price_usd_per_kg", 1.01) == pytest.approx(3 * math.sqrt(3))


def test_a_length_without_an_end_stretches_nothing() -> None:
    (path,) = plant(shock()).paths
    assert path.at("suppliers", "mine", "availability_share", 1.0 + 1.5 / 12) == pytest.approx(0.26)


def test_a_case_keeps_its_levers_but_for_those_of_futures_that_are_gone() -> None:
    lever = {"base": 1.0, "low": 0.5, "high": 2.0}
    rows = [
        {"lever": "cost", "table": "contract_items", "where": "*", "column": "price_usd_per_kg",
         "operation": "multiply"},
        {"lever": "length", "table": "future_events", "where": "future=old", "column": "length_months",
         "operation": "multiply"},
    ]  # fmt: skip
    basis = [
        {"table": table, "row": row, "column": "*", "derivation": "ours", "low_multiple": 1.0, "high_multiple": 1.0}
        for table, row in (("futures", "old"), ("futures", "*"), ("suppliers", "mine"))
    ]
    case = drawable(
        *(nothing("cut"), hazard("cut", 0.2, **lasting(3, 6, 9)), future("old", 1.0, {"cut": ("2028-01-01", 3)})),
        tables(lever_adjustments=rows, levers=[{"lever": name, **lever} for name in ("cost", "length")], basis=basis),
    )
    changed = with_futures(case, generate(case, Asked(10, 1)))
    assert [row.lever for row in changed.rows("lever_adjustments")] == ["cost"]
    assert [(row.table, row.row) for row in changed.rows("basis")] == [("futures", "*"), ("suppliers", "mine")]
