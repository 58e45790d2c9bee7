"""What an adjustment, a lever and a lookup do to the numbers of a case, worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from bare_case import bare_case
from orefolio.case.adjust import Adjustment, selects
from orefolio.case.basis import Cell, Support, numeric_cells, support
from orefolio.case.case import Case
from orefolio.case.read import load_case
from orefolio.errors import InputError
from test_case_sound import SOUND, write_case


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return load_case(write_case(tmp_path))


def changed(case: Case, table: str, key: str, column: str, operation: str, value: float) -> object:
    """What one adjustment makes of a cell."""
    after = case.adjusted([Adjustment(table, "*", column, operation, value)])
    return getattr(after.row(table, key), column)


def test_every_number_of_a_list_is_changed(case: Case) -> None:
    assert changed(case, "projects", "grow", "ramp", "multiply", 2) == (0.6, 1.4, 2.0)


@pytest.mark.parametrize(("value", "heavy"), [(0.0, False), (0.5, False), (0.51, True), (1.0, True)])
def test_a_flag_is_yes_above_a_half(value: float, heavy: bool, case: Case) -> None:
    assert changed(case, "elements", "Dy", "heavy", "set", value) is heavy


def test_a_whole_number_stays_whole(case: Case) -> None:
    found = changed(case, "projects", "grow", "start_from", "add", 0.6)
    assert found == 2028
    assert isinstance(found, int)


def test_an_adjustment_changes_the_rows_that_it_selects_and_no_others(case: Case) -> None:
    after = case.adjusted([Adjustment("contracts", "class=cont*; kind=spot", "take_or_pay_share", "set", 0.25)])
    assert [row.take_or_pay_share for row in after.rows("contracts")] == [0.25, 0.8]


def test_flags_are_selected_as_yes_and_no(case: Case) -> None:
    element = case.row("elements", "Dy")
    assert selects("heavy=yes", element)
    assert not selects("heavy=no", element)
    assert not selects("heavy=True", element)


def test_a_lever_turned_again_takes_its_value_from_the_case_as_written(case: Case) -> None:
    """A cost of 12, a share of 0.8 and a lead time of 1.5, each turned twice."""
    once = case.with_levers({"dear": 2.0, "licence": 0.5, "late": 1.0})
    twice = once.with_levers({"dear": 3.0, "licence": 0.25, "late": 0.5})
    for turned, dear, licence, late in ((once, 24.0, 0.5, 2.5), (twice, 36.0, 0.25, 2.0)):
        assert turned.row("processes", "reduce").operating_usd_per_kg == pytest.approx(dear)
        assert turned.row("licences", "export").approval_share == licence
        assert turned.row("projects", "grow").lead_time_years == pytest.approx(late)


def test_a_factor_turned_to_zero_can_be_turned_no_more_but_others_can(case: Case) -> None:
    gone = case.with_levers({"dear": 0.0, "late": 0.0, "licence": 0.0})
    with pytest.raises(InputError, match="the lever 'dear' at 0"):
        gone.with_levers({"dear": 1.0})
    again = gone.with_levers({"late": 1.0, "licence": 0.5})
    assert again.row("projects", "grow").lead_time_years == 2.5
    assert again.row("licences", "export").approval_share == 0.5
    assert case.with_levers({"dear": 1.0}).with_levers({"dear": 2.0}).turned == {"dear": 2.0}


def test_an_unknown_lever_is_refused(case: Case) -> None:
    with pytest.raises(InputError, match=r"levers\.csv: found the lever 'deer'.*Did you mean dear"):
        case.with_levers({"deer": 2.0})


def test_rows_are_found_by_key_or_told_missing(case: Case) -> None:
    assert case.has("recipes", "reduce/oxide/in")
    assert not case.has("recipes", "reduce/oxide/out")
    assert not case.has("nowhere", "reduce")
    assert case.where("places", "NO") == "places.csv:5"
    assert case.where("places", "nowhere") == "places.csv"


def test_rows_are_grouped_by_a_column_in_their_order() -> None:
    days = [("b", "x"), ("a", "y"), ("b", "z")]
    case = bare_case(future_events=[{"future": future, "event": event} for future, event in days])
    found = case.grouped("future_events", "future")
    assert {name: [row.event for row in rows] for name, rows in found.items()} == {"b": ["x", "z"], "a": ["y"]}
    assert case.grouped("future_events", "future") is found
    assert set(case.grouped("future_events", "event")) == {"x", "y", "z"}
    assert case.grouped("draws", "future") == {}


def test_a_setting_has_its_value_or_the_default_that_is_given(case: Case) -> None:
    assert case.setting("discount_rate") == 0.04
    assert case.setting("discount_rate", 0.5) == 0.04
    assert case.setting("risk_level", 0.5) == 0.5
    with pytest.raises(KeyError):
        case.setting("risk_level")


def test_shares_of_support_are_of_all_inputs() -> None:
    found = Support(on_facts=5, on_assumptions=2, uncovered=(Cell("lanes", 0, "sea", "cost_usd_per_kg"),))
    assert found.total == 8
    assert found.share(2) == 0.25
    assert Support(0, 0, ()).share(0) == 0.0


def test_the_numbers_that_need_a_basis_are_those_of_every_table_but_the_ones_that_are_one(case: Case) -> None:
    """Tables of words have no numbers; levers, their rows, and what is itself a basis carry their own source. A
    commodity's stage, a name or a flag is no number; a step's number is part of its key."""
    cells = {(cell.table, cell.row, cell.column) for cell in numeric_cells(case)}
    tables = {table for table, _, _ in cells}
    silent = {"case", "places", "elements", "classes", "markets", "suppliers", "levers", "lever_adjustments"}
    assert tables == {name.partition(".")[0] for name in SOUND} - silent - {"basis", "future_events"}
    assert {cell for cell in cells if cell[0] == "outlets"} == {
        ("outlets", f"japan/oxide/{step}", column) for step in (1, 2) for column in ("t_per_year", "price_share")
    }
    assert ("lanes", "sea", "capacity_t_per_year") not in cells
    assert ("projects", "grow", "ramp") in cells
    assert ("projects", "grow_more", "ramp") not in cells
    assert ("contracts", "offtake", "sign_to") in cells


def test_a_cell_rests_on_the_basis_of_its_own_row(tmp_path: Path) -> None:
    """Two rows of one table, one on a fact and one on nothing: the second does not borrow the first's basis."""
    basis = "table,row,column,facts,derivation,low_multiple,high_multiple\n"
    found = support(load_case(write_case(tmp_path, {"basis.csv": basis + "content,oxide/*,*,F1,,1,1\n"})))
    assert (found.on_facts, found.on_assumptions) == (1, 0)
    assert Cell("content", 1, "metal/Dy", "share") in found.uncovered
    assert not [cell for cell in found.uncovered if (cell.table, cell.row) == ("content", "oxide/Dy")]
