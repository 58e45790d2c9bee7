"""`solve`, `show`, `compare` and `algebra` on the hand case: exit codes, one JSON object, what the screen says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from orefolio import cli
from orefolio.families import FAMILIES
from orefolio.solve import Progress, Session
from test_api import with_levers, written
from test_tables import hand_tables


def call(*words: object) -> Result:
    return CliRunner().invoke(cli.main, [str(word) for word in words])


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return written(tmp_path / "case", with_levers())


@pytest.fixture
def run(case: Path, tmp_path: Path) -> Path:
    assert call("-q", "solve", case, "--out", tmp_path / "results").exit_code == 0
    return next((tmp_path / "results").iterdir())


def test_the_screen_has_what_a_planner_wants(case: Path, tmp_path: Path) -> None:
    done = call("solve", case, "--out", tmp_path / "results", "--abs-gap", "0")
    assert done.exit_code == 0
    folder = next((tmp_path / "results").iterdir())
    for words in (
        "By hand 手計算 · 2 futures · grid blocks",
        "Expected cost 7.9 million USD",
        "proved within 0.0",
        "Saving against committing nothing: at least 1.7",
        "Worst future: cut",
        "2027-01       60 fixed 30 USD/kg ",
        "豪州の契約",
        "平穏",
        "FROM CHINA",
        "money: 2027 0.2 of 1",
        str(folder),
    ):
        assert words in done.stdout, words
    assert len(done.stdout.splitlines()) <= 45
    wide = [line for line in done.stdout.splitlines() if cell_len(line) > 100 and str(folder) not in line]
    assert wide == []


def test_progress_goes_to_stderr(case: Path, tmp_path: Path) -> None:
    done = call("solve", case, "--out", tmp_path / "results")
    assert "plan" in done.stderr
    assert "gap" in done.stderr
    assert "million USD" in done.stderr


@pytest.mark.parametrize("words", [(), ("--deterministic",), ("--set", "loss=20"), ("--time-limit", "0")])
def test_json_is_exactly_one_object(case: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    done = call("solve", case, "--out", tmp_path / "results", "--json", *words)
    content = json.loads(done.stdout)
    assert content["schema"] == "orefolio/solve/1"
    assert content["exit_code"] == done.exit_code
    keys = {"status", "objective", "bound", "abs_gap", "gap", "audit", "run_dir", "wall_seconds", "warnings"}
    assert keys <= set(content)


def test_flags_reach_the_record(case: Path, tmp_path: Path) -> None:
    words = ("--set", "loss=45", "--seed", "7", "--grid", "years", "--gap", "0.001")
    assert call("solve", case, "--out", tmp_path, *words, "-h").exit_code == 0
    assert call("-q", "solve", case, "--out", tmp_path / "results", *words).exit_code == 0
    record = json.loads(next((tmp_path / "results").glob("*/run.json")).read_text(encoding="utf-8"))
    assert record["levers"] == {"loss": 45.0}
    assert record["options"]["seed"] == {"value": 7, "origin": "flag"}
    assert record["options"]["threads"] == {"value": 1, "origin": "default"}
    assert record["grid"] == "years"


def test_a_setting_of_the_case_comes_after_flags(tmp_path: Path) -> None:
    tables = hand_tables()
    tables["settings"] += [{"setting": "abs_gap", "value": 2.5}, {"setting": "seed", "value": 4.0}]
    case = written(tmp_path / "case", tables)
    assert call("-q", "solve", case, "--out", tmp_path / "results", "--seed", "7").exit_code == 0
    record = json.loads(next((tmp_path / "results").glob("*/run.json")).read_text(encoding="utf-8"))
    assert record["options"]["abs_gap"] == {"value": 2.5, "origin": "case"}
    assert record["options"]["seed"] == {"value": 7, "origin": "flag"}


def test_an_overlay_is_laid(case: Path, tmp_path: Path) -> None:
    (case / "overlays").mkdir()
    (case / "overlays" / "cheap.yaml").write_text("title: cheap\nlevers: {loss: 20}\n", encoding="utf-8")
    assert call("-q", "solve", case, "--out", tmp_path / "results", "--overlay", "cheap").exit_code == 0
    record = json.loads(next((tmp_path / "results").glob("*/run.json")).read_text(encoding="utf-8"))
    assert (record["overlays"], record["levers"]) == (["cheap.yaml"], {"loss": 20.0})


def test_a_limit_without_a_plan_ends_with_3_and_writes_nothing(case: Path, tmp_path: Path) -> None:
    done = call("solve", case, "--out", tmp_path / "results", "--time-limit", "0")
    assert done.exit_code == 3
    assert "No plan" in done.stdout
    assert list((tmp_path / "results").iterdir()) == []


@pytest.mark.parametrize(("status", "code"), [("feasible", 3), ("interrupted", 130), ("unknown", 5)])
def test_other_ends(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: Any, code: int) -> None:
    solve = Session.solve
    monkeypatch.setattr(Session, "solve", lambda self, *rest: replace(solve(self, *rest), status=status))
    done = call("solve", case, "--out", tmp_path / "results", "--json")
    assert done.exit_code == code
    saved = list((tmp_path / "results").iterdir())
    assert bool(saved) == (code != 5)
    if saved:
        assert json.loads((saved[0] / "run.json").read_text(encoding="utf-8"))["status"] == status


def test_no_plan_at_all_ends_with_4(tmp_path: Path) -> None:
    tables = hand_tables()
    tables["demands"][0]["value"] = "must"
    tables["loss_steps"] = []
    done = call("solve", written(tmp_path / "case", tables), "--out", tmp_path / "results", "--json")
    assert done.exit_code == 4
    assert json.loads(done.stdout)["exit_code"] == 4
    assert list((tmp_path / "results").glob("*")) == []


@pytest.mark.parametrize("words", [("--set", "loss"), ("--set", "lost=1"), ("--grid", "block"), ("--abs-gap", "x")])
def test_bad_words_end_with_2_and_write_nothing(case: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    assert call("solve", case, "--out", tmp_path / "results", *words).exit_code == 2
    assert not (tmp_path / "results").exists()


def test_a_folder_that_cannot_be_made_ends_with_6_before_the_solve(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(Session, "solve", lambda *_: pytest.fail("solved before the folder was checked"))
    assert call("solve", case, "--out", tmp_path / "file" / "results").exit_code == 6


def test_show_gives_the_screen_of_the_solve_again(case: Path, tmp_path: Path) -> None:
    done = call("-q", "solve", case, "--out", tmp_path / "results")
    again = call("show", next((tmp_path / "results").iterdir()))
    assert again.exit_code == 0
    assert again.stdout.startswith(done.stdout.rstrip("\n"))


def test_show_prints_a_table_and_its_json(run: Path) -> None:
    assert "豪州の契約" in call("show", run, "contracts").stdout
    content = json.loads(call("show", run, "shortage", "--json").stdout)
    assert content["table"] == "shortage"
    assert [row["short_t"] for row in content["rows"]] == pytest.approx([40.0] * 3)
    assert json.loads(call("show", run, "--json").stdout)["run"]["status"] == "optimal"


def test_show_refuses_what_is_none(run: Path, tmp_path: Path) -> None:
    assert call("show", tmp_path).exit_code == 2
    wrong = call("show", run, "portfoli")
    assert wrong.exit_code == 2
    assert "portfolio" in wrong.stderr


def test_compare_says_what_is_proved(case: Path, run: Path, tmp_path: Path) -> None:
    assert call("-q", "solve", case, "--out", tmp_path / "other", "--set", "loss=20").exit_code == 0
    other = next((tmp_path / "other").iterdir())
    same = call("compare", run, run)
    assert "no change proved" in same.stdout
    assert "no decision gained, lost or moved" in same.stdout
    found = call("compare", run, other).stdout
    assert "lost" in found
    assert "豪州の契約 (trunk)" in found
    assert json.loads(call("compare", run, other, "--json").stdout)["changes"][0]["decisions"]["lost"]
    assert call("compare", run).exit_code == 2


def test_algebra_prints_the_families_in_order() -> None:
    text = call("algebra").stdout
    heads = [line.partition(":")[0] for line in text.splitlines() if line[:4].rstrip(":").isupper() and ":" in line[:5]]
    assert len(heads) >= len(FAMILIES)
    assert heads[0] == "PRJ"
    assert heads[-1] == "RSK"


def test_algebra_counts_a_case(case: Path) -> None:
    done = call("algebra", case)
    assert done.exit_code == 0
    assert "DEM" in done.stdout
    size = json.loads(call("algebra", case, "--json").stdout)["size"]
    # demand: one row in the shared year, one in the block of each future
    assert size["rows"]["DEM"] == 3
    assert ["sign", 1, 1] in size["columns"]


def test_each_better_plan_is_a_line() -> None:
    from orefolio.cli.output import Output
    from orefolio.cli.solve import Telling

    said: list[str] = []
    telling = Telling(Output())
    telling.say = said.append
    for objective, bound, seconds in ((float("inf"), 1.0, 0.1), (9.0, 1.0, 0.2), (9.0, 2.0, 0.3), (9.0, 3.0, 9.0)):
        telling.heard(Progress("dive", objective, bound, seconds))
    # would fail if every report of the bound alone were a line
    assert len(said) == 3
    assert "no plan yet" in said[0]
    assert "gap 8.0 million USD" in said[1]


@pytest.mark.parametrize("locale", ["C", "de_DE.UTF-8"])
def test_names_survive_any_locale(case: Path, tmp_path: Path, locale: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "model"), "LC_ALL": locale}
    script = [sys.executable, "-c", "from orefolio.cli import main; main()", "-q", "solve", str(case)]
    done = subprocess.run(
        [*script, "--out", str(tmp_path / "results")], capture_output=True, env=environment, check=True, timeout=120
    )
    assert "豪州の契約" in done.stdout.decode("utf-8")
    table = next((tmp_path / "results").glob("*/tables/portfolio.csv")).read_text(encoding="utf-8")
    assert "豪州の契約" in table
