"""The case of a run whose levers were turned, or that lay under an overlay, is read again as it was solved."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from orefolio import api, cli
from orefolio.case.read import load_case
from orefolio.errors import InputError
from orefolio.tables.folder.case_files import case_files, case_hash
from test_api import with_levers, written

OVERLAY = """title: dear
adjustments:
  - {table: loss_steps, operation: set, column: loss_usd_per_kg, value: 30}
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """The hand-worked case, in which the lever `loss` sets what a tonne of shortage costs."""
    return written(tmp_path / "case", with_levers())


def again(study: api.Study, place: Path) -> tuple[Any, api.Study]:
    """A run of a case, and what its folder holds."""
    run = study.solve(abs_gap=0.0, out=place)
    return run, api.load(run.folder / "case")


def hash_of(run: Any) -> str:
    return str(json.loads((run.folder / "run.json").read_text(encoding="utf-8"))["case"]["hash"])


def test_a_turned_case_is_read_as_it_was_solved(case: Path, tmp_path: Path) -> None:
    run, found = again(api.load(case).what_if(loss=45.0), tmp_path)
    assert dict(found.case.turned) == {"loss": 45.0}
    assert found.case.stands_at("loss") == 45.0
    assert case_hash(found.case) == hash_of(run)
    solved = found.solve(abs_gap=0.0)
    assert solved.cost == pytest.approx(run.cost)
    assert solved.record["levers"] == {"loss": 45.0}


def test_a_lever_can_be_turned_back_and_keeps_its_range(case: Path, tmp_path: Path) -> None:
    base = load_case(case)
    lever = base.row("levers", "loss")
    _, found = again(api.load(case).what_if(loss=45.0), tmp_path)
    assert found.case.row("levers", "loss") == lever
    back = found.what_if(loss=lever.base).case
    assert {name: back.rows(name) for name in back.tables} == {name: base.rows(name) for name in back.tables}
    assert case_files(back)["loss_steps.csv"] == case_files(base)["loss_steps.csv"]


def test_a_case_under_an_overlay_is_read_as_it_was_solved(case: Path, tmp_path: Path) -> None:
    (case / "overlays").mkdir()
    (case / "overlays" / "dear.yaml").write_text(OVERLAY, encoding="utf-8")
    run, found = again(api.load(case).what_if("dear"), tmp_path)
    assert dict(found.case.turned) == {}
    assert not found.case.as_written
    assert case_hash(found.case) == hash_of(run)
    assert found.solve(abs_gap=0.0).cost == pytest.approx(run.cost)


def test_a_case_as_written_says_nothing_of_it(case: Path, tmp_path: Path) -> None:
    _, found = again(api.load(case).what_if(loss=load_case(case).row("levers", "loss").base), tmp_path)
    assert found.case.as_written
    assert "turned" not in (found.case.folder / "case.yaml").read_text()


def test_analyses_of_a_turned_run_begin_where_it_stands(case: Path, tmp_path: Path) -> None:
    """The bar of a lever is held against the run's own cost, and its ends are those of the case."""
    run, _ = again(api.load(case).what_if(loss=45.0), tmp_path)
    place, words = run.folder / "analyses" / "tornado", ("tornado", "--levers", "loss", "--prove", "0")
    asked = ["-q", "sensitivity", str(run.folder / "case"), *words, "--folder", str(place)]
    done = CliRunner().invoke(cli.main, asked)
    assert done.exit_code in (0, 3), done.stderr
    rows, points = (
        list(csv.DictReader((place / f"{name}.csv").open(encoding="utf-8"))) for name in ("tornado", "table")
    )
    lever = load_case(case).row("levers", "loss")
    assert {float(row["value"]) for row in rows} == {lever.low, lever.high}
    assert float(points[0]["cost_musd"]) == pytest.approx(run.cost)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("turned: {los: 3}", "Did you mean loss"),
        ("turned: {loss: dear}", "a number"),
        ("turned: [loss]", "a map of names"),
    ],
)
def test_what_is_no_lever_or_no_number_is_told_with_its_place(case: Path, line: str, said: str) -> None:
    file = case / "case.yaml"
    text = file.read_text(encoding="utf-8") + line + "\n"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said) as raised:
        load_case(case)
    assert f"case.yaml:{len(text.splitlines())}:" in str(raised.value)
