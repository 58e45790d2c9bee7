"""Names in Chinese and Japanese, and names that are markup, come out as they are: page, tables, Excel, files, labels.

The case is that of tests/test_tables.py under other names. Australia, from which the contract is, bears a name too that
no map knows.
"""

from __future__ import annotations

import csv
import html
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import python_calamine

import orefolio
from orefolio import api
from orefolio.exports import EXPORTS, export
from orefolio.report.plots import PLOTS
from orefolio.tables.folder import RunFolder
from report.parsed import parsed
from test_api import with_levers, written

CHINESE, JAPANESE, MARKUP = "包头稀土合同", "豪州の契約「磁石」", "<script>alert(1)</script> & <b>x</b>"
LAND = "<b>豪州</b>"


def renamed() -> dict[str, list[dict[str, Any]]]:
    """The hand-worked tables under names that are hard; those who deliver, what it is for, and the futures."""
    tables = with_levers()
    tables["contracts"][0]["name"], tables["contracts"][1]["name"] = CHINESE, MARKUP
    tables["demands"][0]["name"] = JAPANESE
    tables["suppliers"][1] |= {"name": MARKUP, "country": LAND}
    tables["elements"][0]["name"], tables["elements"][1]["name"] = MARKUP, CHINESE
    tables["futures"][0]["name"], tables["futures"][1]["name"] = JAPANESE, MARKUP
    tables["levers"][0]["name"] = MARKUP
    return tables


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> api.Run:
    """A run of the case, whose own name is a hard one."""
    folder = written(tmp_path_factory.mktemp("names") / "case", renamed())
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    said = text.replace("name: 'hand'", f"name: '{MARKUP}磁石'").replace("title: 'By", f"title: '{MARKUP} By")
    (folder / "case.yaml").write_text(said, encoding="utf-8")
    return api.load(folder).solve(abs_gap=0.0, out=tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def folder(run: api.Run) -> Path:
    assert run.folder is not None
    return run.folder


def texts(drawn: Any) -> Iterator[str]:
    """Every text in a figure, wherever it stands."""
    if isinstance(drawn, str):
        yield drawn
    for part in drawn.values() if isinstance(drawn, dict) else drawn if isinstance(drawn, list | tuple) else ():
        yield from texts(part)


def test_names_stand_in_the_page_as_text(folder: Path, tmp_path: Path) -> None:
    written_page = orefolio.report(folder, tmp_path / "磁石 <b>.html").read_text(encoding="utf-8")
    assert "<script>alert" not in written_page
    shown = parsed(written_page)
    assert shown.headings[0] == (1, f"{MARKUP} By hand 手計算")
    cells = {cell for rows in shown.tables.values() for row in rows for cell in row}
    assert {MARKUP, JAPANESE} <= cells
    assert f"Not on the map: {LAND}" in shown.texts["exposure"]
    assert LAND in shown.texts["origin"]


def test_names_stand_in_the_tables_and_their_files_as_they_are(run: api.Run, folder: Path) -> None:
    assert list(run.table("contracts")["name"]) == [CHINESE, MARKUP]
    assert {row["country"] for row in run.rows("supply")} == {"CN", LAND}
    with (folder / "tables" / "contracts.csv").open(encoding="utf-8", newline="") as file:
        assert [row["name"] for row in csv.DictReader(file)] == [CHINESE, MARKUP]
    again = api.open_run(folder)
    assert list(again.table("contracts")["name"]) == [CHINESE, MARKUP]


def test_names_stand_in_excel_as_text(folder: Path, tmp_path: Path) -> None:
    book = python_calamine.CalamineWorkbook.from_path(str(export(folder, "xlsx", tmp_path / "out.xlsx")))
    header, *rows = book.get_sheet_by_name("contracts").to_python()
    assert [row[header.index("name")] for row in rows] == [CHINESE, MARKUP]
    assert f"{MARKUP} By hand 手計算" in {cell for row in book.get_sheet_by_name("about").to_python() for cell in row}


@pytest.mark.parametrize("form", EXPORTS)
def test_files_bear_names_that_every_system_takes(
    folder: Path, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name of the case is part of the run's: of markup letters are left, of CJK all."""
    assert "-script-alert-1---script" in folder.name
    assert "磁石" in folder.name
    monkeypatch.chdir(tmp_path)
    place = export(folder, form)
    for path in (folder, place):
        assert not set(path.name) & set('/\\<>:"|?*&= \n')


def test_no_label_of_a_figure_is_taken_for_markup(run: api.Run) -> None:
    """Plotly takes tags in labels for markup; `label` writes them so that they are seen."""
    drawn = [getattr(run.plot, name)() for name in PLOTS if name != "stock"]  # the case has no stockpile
    found = {text for figure in drawn for text in texts(figure.to_plotly_json())}
    assert not any("<script" in text or "<b>" in text for text in found)


def test_the_sankey_names_where_material_is_bought_and_each_element(run: api.Run) -> None:
    sankey = run.plot.sankey()
    named = {html.unescape(text.replace("<br>", " ")) for text in sankey.data[0].node.label}  # lines are wrapped
    assert {f"Bought in {LAND}", "Bought in China"} <= named


def test_a_name_is_text_in_the_rich_display_of_a_notebook(run: api.Run, folder: Path) -> None:
    study = api.load(folder / "case")
    for shown in (study, run, study.what_if(loss=20.0), api.compare(run, run)):
        said = shown._repr_html_()  # what a notebook asks for
        assert "<script" not in said
        assert "<b>" not in said
    assert MARKUP in html.unescape(run._repr_html_())
    assert RunFolder(folder).record["case"]["title"].startswith(MARKUP)
