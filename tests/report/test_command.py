"""From a case to its page by one command, and what it refuses. The case costs 7.9 million USD."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import call

from .parsed import parsed


def test_a_case_is_solved_and_shown_by_one_command(
    case: Path, run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run stands in the folder of runs, and beside it a run that was there is compared."""
    monkeypatch.setenv("OREFOLIO_OUT", str(tmp_path / "runs"))
    done = call("-q", "report", str(case), str(run), "-o", str(tmp_path / "page.html"), "--abs-gap", "0", "--json")
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    (made,) = (path for path in (tmp_path / "runs").iterdir() if path.is_dir())
    assert [Path(each) for each in answer["runs"]] == [made, run]
    assert json.loads((made / "run.json").read_text(encoding="utf-8"))["objective"] == pytest.approx(7.9)
    assert "7.9" in " ".join(parsed((tmp_path / "page.html").read_text(encoding="utf-8")).texts.values())


def test_all_analyses_go_with_one_run(case: Path, run: Path, tmp_path: Path) -> None:
    """Refused before anything is solved or written."""
    done = call("report", str(case), str(run), "-o", str(tmp_path / "page.html"), "--all")
    assert done.exit_code == 2
    assert "--all goes with one run" in done.output
    assert list(tmp_path.iterdir()) == []
