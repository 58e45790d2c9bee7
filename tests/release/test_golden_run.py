"""The run that is kept in results/japan is what a solve of the case as it stands gives.

Compared are the files, the columns, the status, the audit and what the page consists of. Cost is not compared with
cost: another machine may find another plan, but the intervals of plan and proved bound hold the same optimum, so that
they have to meet.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from command_line import call
from golden_run import KEPT, OUTLINE, PAGE, RUN, kept, outline, solved, untimed

MOST_BYTES = 3_000_000
ROUNDING = 1e-6
STALE = "python tests/golden_run.py makes the kept run anew"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run as it is made now, in the form that is kept."""
    folder = tmp_path_factory.mktemp("golden")
    return kept(solved(folder / "runs"), folder / RUN)


def record(run: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((run / "run.json").read_text(encoding="utf-8"))
    return content


def files(run: Path) -> set[str]:
    """Files of a run; one is the same whether it is packed or not."""
    return {path.relative_to(run).as_posix().removesuffix(".gz") for path in run.rglob("*") if path.is_file()}


def shape(content: Any) -> Any:
    """Keys of maps, and kinds of what they hold."""
    if isinstance(content, dict):
        return {name: shape(entry) for name, entry in content.items()}
    return "number" if isinstance(content, int | float) else type(content).__name__


def test_the_kept_run_has_the_files_columns_and_record_of_a_new_one(fresh: Path) -> None:
    assert files(KEPT / RUN) == files(fresh), STALE
    before, now = record(KEPT / RUN), record(fresh)
    assert before["case"] == now["case"], STALE
    columns = [{name: table["columns"] for name, table in each["tables"].items()} for each in (before, now)]
    assert columns[0] == columns[1], STALE
    assert shape({**before, "tables": {}}) == shape({**now, "tables": {}}), STALE
    for name in ("grid", "futures", "threads", "seed", "levers", "overlays"):
        assert before[name] == now[name], name


def test_both_runs_are_proved_and_their_intervals_meet(fresh: Path) -> None:
    """The optimum of the case lies between bound and plan of both."""
    before, now = record(KEPT / RUN), record(fresh)
    slack = ROUNDING * abs(before["objective"])
    for each in (before, now):
        assert each["status"] == "optimal"
        assert each["audit"]["passed"] is True
        assert each["bound"] - slack <= each["objective"] <= each["bound"] + 50.0 + slack
    assert before["bound"] <= now["objective"] + slack
    assert now["bound"] <= before["objective"] + slack


def test_the_page_consists_of_what_the_kept_one_does(fresh: Path) -> None:
    told = json.loads((KEPT / OUTLINE).read_text(encoding="utf-8"))
    assert outline(fresh) == told, STALE
    assert list(outline(fresh)) == list(told), STALE
    assert (KEPT / PAGE).read_bytes().startswith(b"%PDF-")


def test_the_kept_run_can_be_audited_and_shown() -> None:
    """The manifest fits the files, and the audit repeats: a newcomer may begin with this folder."""
    audited = call("audit", str(KEPT / RUN))
    assert audited.exit_code == 0, audited.stderr
    assert re.search(r"\d+ checks: all [\d,]+ statements hold", audited.stdout)
    assert "Japan, rare earths" in call("show", str(KEPT / RUN)).stdout


def test_what_is_kept_is_small_and_names_no_machine_and_no_time() -> None:
    every = [path for path in KEPT.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in every) < MOST_BYTES
    text = (KEPT / RUN / "run.json").read_text(encoding="utf-8")
    assert re.findall(r'"(?:/|[A-Z]:\\|~)[^"]*"', text) == []
    timing = record(KEPT / RUN)["timing"]
    assert timing == untimed(timing)
    assert not (KEPT / RUN / "solver.log").exists()
