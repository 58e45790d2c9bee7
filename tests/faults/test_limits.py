"""A solve that meets its time limit says what it has: a plan with its gap, or that none was found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from faults.cases import JAPAN, TRUNK, faults_of, orefolio, read_record, runs, small_case


@pytest.mark.verifies("fault")
def test_a_limit_before_any_plan_says_so_and_writes_none(tmp_path: Path) -> None:
    out = tmp_path / "results"
    done = orefolio("solve", JAPAN, *TRUNK, "--out", out, "--time-limit", "0.01")
    assert (done.returncode, "Traceback" in done.stderr) == (3, False)
    assert "No plan was found before the limit" in done.stdout
    assert list(out.iterdir()) == []


@pytest.mark.verifies("fault")
def test_a_limit_before_any_plan_is_one_json_object(tmp_path: Path) -> None:
    done = orefolio(
        "solve", small_case(tmp_path / "case"), "--out", tmp_path / "results", "--time-limit", "0", "--json"
    )
    content = json.loads(done.stdout)
    assert (done.returncode, content["exit_code"], content["status"], content["run_dir"]) == (3, 3, "no_plan", None)
    assert (content["objective"], content["bound"]) == (None, None)


@pytest.mark.verifies("fault")
@pytest.mark.long
def test_a_limit_after_a_plan_keeps_it_with_gap_and_bound(tmp_path: Path) -> None:
    """The limit is taken from a first run, so that it lies between the first plan and the proof on any machine."""
    hard = ("--grid", "yearly", "--abs-gap", "0")
    whole = orefolio("solve", JAPAN, *hard, "--out", tmp_path / "whole", "--node-limit", "1")
    assert whole.returncode == 3, whole.stderr
    (folder,) = runs(tmp_path / "whole")
    first = read_record(folder)["timing"]["first_plan_seconds"]
    out = tmp_path / "results"
    done = orefolio("solve", JAPAN, *hard, "--out", out, "--time-limit", f"{1.5 * first + 0.2:.2f}")
    assert done.returncode == 3, done.stderr
    (folder,) = runs(out)
    record = read_record(folder)
    assert record["status"] == "feasible"
    assert 0 < record["bound"] < record["objective"]
    assert record["abs_gap"] == pytest.approx(record["objective"] - record["bound"])
    assert record["audit"]["passed"]
    assert any("limit was reached" in warning for warning in record["warnings"])
    assert faults_of(folder) == []
    assert "stopped by a limit" in done.stdout
