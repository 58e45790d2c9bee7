"""Cases of other schemas: an older one is read in today's words, a newer one is refused with the way out.

The older schema is made up: in orefolio-case/0 a demand's `t_per_year` was called `tonnes`, and a contract item's
`price_usd_per_kg` was called `price`. The hand case costs 7.9 million USD (tests/test_tables.py).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from orefolio import api
from orefolio.case.read import load_case, load_case_with_warnings
from orefolio.case.schema_steps import STEPS, Step, in_todays_words, is_newer
from orefolio.case.structure import SCHEMA
from orefolio.errors import InputError
from orefolio.tables.folder.case_files import case_files
from sensitivity.three_levers import tables
from test_api import written

OLDER = "orefolio-case/0"
STEP = Step(SCHEMA, {"demands": {"t_per_year": "tonnes"}, "contract_items": {"price_usd_per_kg": "price"}})
FORWARD = Step(SCHEMA, {table: {old: new for new, old in names.items()} for table, names in STEP.columns.items()})


@pytest.fixture
def older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The hand case as orefolio-case/0 had it."""
    folder = written(tmp_path / "case", tables())
    monkeypatch.setitem(STEPS, SCHEMA, Step(OLDER, STEP.columns))
    for path in folder.glob("*.csv"):
        path.write_text(in_todays_words(path.read_text(encoding="utf-8"), path.stem, SCHEMA), encoding="utf-8")
    monkeypatch.delitem(STEPS, SCHEMA)
    page = folder / "case.yaml"
    page.write_text(page.read_text(encoding="utf-8").replace(SCHEMA, OLDER), encoding="utf-8")
    assert ",tonnes," in (folder / "demands.csv").read_text(encoding="utf-8").split("\n")[0]
    assert ",price," in (folder / "lever_adjustments.csv").read_text(encoding="utf-8")
    return folder


def test_an_older_case_is_read_as_the_same_case_of_today(
    older: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every table is the same, levers turn the renamed column, and it costs 7.9; a warning says what was read."""
    monkeypatch.setitem(STEPS, OLDER, FORWARD)
    loaded = load_case_with_warnings(older)
    assert case_files(loaded.case) == case_files(load_case(written(tmp_path / "today", tables())))
    (told,) = [each for each in loaded.warnings if "older schema" in each.found]
    assert (told.found, told.expected, told.line) == (f"the older schema {OLDER}", SCHEMA, 1)
    assert api.load(older).solve(abs_gap=0.0, saving=False).cost == pytest.approx(7.9)
    assert api.load(older).what_if(price=15.0).case.rows("contract_items")[0].price_usd_per_kg == pytest.approx(15.0)


def test_an_older_case_without_a_step_is_refused_by_line(older: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_case(older)
    told = next(fault for fault in caught.value.faults if "case.yaml" in fault.file)
    assert (told.line, told.expected) == (1, SCHEMA)
    assert told.remedy == f"This version of orefolio reads {SCHEMA}"


def test_a_newer_case_is_refused_with_the_way_out(tmp_path: Path) -> None:
    folder = written(tmp_path / "case", tables())
    page = folder / "case.yaml"
    page.write_text(page.read_text(encoding="utf-8").replace(SCHEMA, "orefolio-case/2"), encoding="utf-8")
    with pytest.raises(InputError, match="newer orefolio: pip install --upgrade orefolio"):
        load_case(folder)


@pytest.mark.parametrize(
    ("schema", "newer"),
    [("orefolio-case/2", True), ("orefolio-case/10", True), ("orefolio-case/1", False), ("orefolio-case/0", False),
     ("orefolio-case/x", False), ("orefolio-overlay/2", False), ("2", False)],
)  # fmt: skip
def test_a_schema_is_newer_by_its_number(schema: str, newer: bool) -> None:
    assert is_newer(schema, "orefolio-case/1") is newer


def test_steps_follow_each_other_and_touch_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """`a` became `b` and then `c` in the table x; a line keeps its quotes, blanks and ends where nothing is renamed."""
    monkeypatch.setitem(STEPS, "one", Step("two", {"x": {"a": "b"}}))
    monkeypatch.setitem(STEPS, "two", Step("three", {"x": {"b": "c"}}))
    assert in_todays_words('id,a\r\n"1, a",a\r\n\r\n', "x", "one") == 'id,c\r\n"1, a",a\r\n\r\n'
    assert in_todays_words("id,a\n", "y", "one") == "id,a\n"
    assert in_todays_words("id,b\n", "x", "three") == "id,b\n"
    pointing = 'table,where,column\nx,"a=1; aa=a, id=a",a\ny,a=1,a\nx,,*\nx,a\n'
    assert in_todays_words(pointing, "events", "one") == (
        'table,where,column\nx,"c=1; aa=a, id=a",c\ny,a=1,a\nx,,*\nx,a\n'
    )
    assert in_todays_words("table,column\nx,a\n", "basis", "one") == "table,column\nx,c\n"
