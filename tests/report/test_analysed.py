"""Sections on analyses: what is kept with the run is shown, what was changed is refused, what is missing is made."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from pathlib import Path

import pytest

from command_line import call
from orefolio import audit
from orefolio.analyses.sweep.run import Standing
from orefolio.analyses.sweep.sealed import opened, sealed
from orefolio.api import report
from orefolio.errors import InputError
from orefolio.report import analysed as part
from orefolio.report.page import page
from orefolio.report.reading import Read
from orefolio.report.section import Table
from orefolio.report.words import label

from .conftest import SCRIPT
from .parsed import parsed

ANSWER = "answer.json"


@pytest.fixture(scope="module")
def analysed(run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run with a tornado of the case in its folder."""
    folder = Path(shutil.copytree(run, tmp_path_factory.mktemp("analysed") / "run"))
    words = ("--jobs", "0", "--abs-gap", "0", "--folder", str(folder / "analyses" / "tornado"))
    done = call("sensitivity", str(folder / "case"), "tornado", *words)
    assert done.exit_code == 0, done.output
    return folder


def test_an_analysis_keeps_its_sentences_with_the_hashes_of_its_files(analysed: Path) -> None:
    place = analysed / "analyses" / "tornado"
    content = opened(place / ANSWER)
    assert content["schema"] == "orefolio/answer/1"
    assert content["tables"] == ["tornado", "band"]
    assert set(content["sha256"]) == {"tornado.csv", "band.csv", "figure.json"}
    assert "At base the plan costs 8 to 8 million USD." in content["sentences"]
    assert content["case"] == json.loads((analysed / "run.json").read_text(encoding="utf-8"))["case"]["hash"]


def test_a_section_shows_sentences_figure_and_tables(analysed: Path) -> None:
    shown = parsed(page([analysed]))
    assert "1 of 1 levers are proved to move cost" in shown.texts["change"]
    # at 20 USD/kg without the contract 2.6 + 0.14 x 20; at 90: 7.9 + 0.03 x 40
    rows = shown.tables["tornado: tornado"]
    place = rows[0].index("cost musd")
    assert [float(row[place]) for row in rows[1:]] == pytest.approx([5.4, 9.1])
    assert "tornado: band" in shown.tables
    assert not any("“tornado”" in words for words in shown.empty)
    assert "Take care" not in shown.texts["change"]
    figures = [figure for figure in shown.figures() if figure["layout"].get("barmode") == "overlay"]
    assert len(figures) == 1
    assert "width" not in figures[0]["layout"]
    title = "Assumptions that a lever turns: those whose change flips a decision first, then those that move the cost"
    # at 20 USD/kg the contract is not worth its price any more
    assert shown.tables[f"{title} most; the first 1 of 1"][1][:3] == ["1", "in the plans found", "loss by shortage"]


@pytest.mark.parametrize("traces", [[], [{"type": "scatter", "x": [], "y": []}]], ids=["no trace", "an empty one"])
def test_a_figure_of_nothing_keeps_its_place_and_says_so(traces: list[object], analysed: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(analysed, tmp_path / "run"))
    place = folder / "analyses" / "tornado"
    empty = json.dumps({"data": traces, "layout": {"barmode": "overlay"}}).encode()
    (place / "figure.json").write_bytes(empty)
    content = opened(place / ANSWER)
    content["sha256"]["figure.json"] = hashlib.sha256(empty).hexdigest()
    (place / ANSWER).write_bytes(sealed(content))
    shown = parsed(page([folder]))
    assert [figure for figure in shown.figures() if figure["layout"].get("barmode") == "overlay"] == []
    assert any("“tornado” found nothing to draw" in words for words in shown.empty)


def test_an_analysis_of_another_case_or_grid_says_so(analysed: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(analysed, tmp_path / "run"))
    path = folder / "analyses" / "tornado" / ANSWER
    content = opened(path)
    content["case"], content["point"]["grid"] = "0" * 64, "years"
    path.write_bytes(sealed(content))
    text = parsed(page([folder])).texts["change"]
    assert "Take care: the analysis “tornado” is of another case than this run" in text
    assert "The plans of “tornado” tell time by the grid years, this run by blocks." in text


@pytest.mark.parametrize("name", [ANSWER, "tornado.csv", "figure.json"])
def test_a_changed_file_of_an_analysis_is_refused(name: str, analysed: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(analysed, tmp_path / "run"))
    path = folder / "analyses" / "tornado" / name
    path.write_bytes(path.read_bytes().replace(b"1", b"2"))
    with pytest.raises(InputError, match=name):
        page([folder])
    path.unlink()
    if name != ANSWER:
        with pytest.raises(InputError, match="cannot be read"):
            page([folder])


def test_an_analysis_that_has_not_ended_is_as_missing(analysed: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(analysed, tmp_path / "run"))
    (folder / "analyses" / "tornado" / ANSWER).unlink()
    assert any("“tornado”" in words for words in parsed(page([folder])).empty)


def test_analyses_in_the_folder_of_a_run_are_nothing_to_the_audit(analysed: Path) -> None:
    # would fail if the audit took them for files that somebody added to the run
    assert audit.audit_folder(analysed).passed


def test_what_is_missing_is_made_once_and_what_does_not_fit_is_told(run: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(run, tmp_path / "run"))
    said: list[str] = []
    made = report.analyse(folder, jobs=0, say=said.append)
    wanted = {"tornado", "breakeven-loss", "frontier", "alternatives", "stress", "value", "discover"}
    assert {*made.made} == wanted
    assert "rules" in made.left  # the case has no sweeps
    assert any(line.startswith("rules is left out") for line in said)
    again = report.analyse(folder, jobs=0)
    assert again.made == []
    assert again.there == made.made
    shown = parsed(page([folder]))
    assert "contract" in shown.texts["alternatives"]
    assert [words for words in shown.empty if "has no analysis" in words][-1].startswith(
        "The run has no analysis “rules”"
    )


def test_a_run_with_a_lever_turned_is_analysed_from_where_it_stands(dearer: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(dearer, tmp_path / "run"))
    assert "tornado" in report.analyse(folder, jobs=0).made
    assert "is of another case" not in parsed(page([folder])).texts["change"]
    cost = json.loads((folder / "run.json").read_text(encoding="utf-8"))["objective"]
    rows = list(csv.DictReader((folder / "analyses" / "tornado" / "tornado.csv").open(encoding="utf-8")))
    stands = [row for row in rows if row["lever"] == "loss" and row["value"] == "90"]
    assert [float(row["cost_musd"]) for row in stands] == [pytest.approx(cost, rel=1e-6)]


def test_what_was_interrupted_goes_on_with_what_is_missing(run: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(run, tmp_path / "run"))

    def stopping(standing: Standing) -> None:
        if standing.ended == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        report.analyse(folder, jobs=0, heard=stopping)
    assert not (folder / "analyses" / "tornado" / ANSWER).exists()
    standings: list[Standing] = []
    made = report.analyse(folder, jobs=0, heard=standings.append)
    assert made.there == []
    assert made.made[0] == "tornado"
    assert standings[0].kept == 2
    assert len(list((folder / "analyses" / "tornado" / "points").glob("*.json"))) == standings[0].points


def test_seconds_and_nodes_go_to_every_plan(run: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(run, tmp_path / "run"))
    report.analyse(folder, jobs=0, seconds=7.0)
    options = {path.parent.name: opened(path)["point"]["options"] for path in folder.glob(f"analyses/*/{ANSWER}")}
    assert {one["time_limit"] for one in options.values()} == {7.0}
    # rules are held against each other by branching, everything else by dives, which no clock stops
    assert {name for name, one in options.items() if one["node_limit"] > 0} == {"value"}


def test_a_sentence_names_decisions_and_a_file_without_its_folder_and_has_true_minus_signs(run: Path) -> None:
    read = Read.of(run)
    said = part._said(read, "In all: contract:lynas, contract:none; project:x.")
    assert said == f"In all: “{SCRIPT}”, contract:none; project:x."
    assert part._said(read, f"{SCRIPT} (contract:lynas): flips; at 2.") == f"{SCRIPT}: flips; at 2."
    said = part._said(read, "low=-1: failed: /home/me/case/events.csv:3: found 1.06 on 2027-01; -2,748 to +1.2 in S-1")
    assert said == "low=−1: failed: events.csv:3: found 1.06 on 2027-01; −2,748 to +1.2 in S-1"


def test_a_figure_and_a_table_have_the_names_of_decisions_and_nothing_of_them_is_markup(run: Path) -> None:
    read = Read.of(run)
    drawn = part._drawn(read, {"data": [{"y": ["contract:lynas", "contract:none", 1.0]}]})
    assert drawn == {"data": [{"y": [label(SCRIPT), "contract:none", 1.0]}]}
    assert "<script>" not in drawn["data"][0]["y"][0]
    shown = part._named_in(read, Table("t", ("decision", "n"), [["contract:lynas", "1"], [None, "contract lynas"]]))
    assert shown.rows == [[SCRIPT, "1"], [None, "contract lynas"]]
