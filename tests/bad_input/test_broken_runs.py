"""Run folders that were cut, changed or forged: refused with exit code 2, never shown, compared or begun from."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from told import call, content

from test_case_sound import write_case


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder of the sound case, which stands beside it."""
    folder = tmp_path_factory.mktemp("runs")
    write_case(folder / "case")
    call("solve", folder / "case", "--out", folder / "out")
    (run,) = (path for path in (folder / "out").iterdir() if (path / "run.json").is_file())
    return run.rename(folder / "good")


def forged(run: Path, name: str, text: bytes) -> None:
    """Change a file and its hash in the manifest."""
    (run / name).write_bytes(text)
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    manifest["sha256"][name] = hashlib.sha256(text).hexdigest()
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def recorded(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def forge(run: Path) -> None:
        record = json.loads((run / "run.json").read_text(encoding="utf-8"))
        change(record)
        forged(run, "run.json", json.dumps(record).encode())

    return forge


TABLE = "tables/portfolio.csv"
BROKEN: dict[str, Callable[[Path], object]] = {
    "record cut": lambda run: (run / "run.json").write_bytes((run / "run.json").read_bytes()[:500]),
    "record of bytes": lambda run: (run / "run.json").write_bytes(bytes(range(256))),
    "record of depth": lambda run: (run / "run.json").write_text("[" * 100_000),
    "record changed": lambda run: (run / "run.json").write_text(
        (run / "run.json").read_text().replace('"optimal"', '"feasible"')
    ),
    "record gone": lambda run: (run / "run.json").unlink(),
    "record a folder": lambda run: ((run / "run.json").unlink(), (run / "run.json").mkdir()),
    "record a pipe": lambda run: ((run / "run.json").unlink(), os.mkfifo(run / "run.json")),
    "manifest cut": lambda run: (run / "manifest.json").write_text("{"),
    "manifest a list": lambda run: (run / "manifest.json").write_text("[]"),
    "manifest of depth": lambda run: (run / "manifest.json").write_text("[" * 100_000),
    "manifest gone": lambda run: (run / "manifest.json").unlink(),
    "forged to a list": lambda run: forged(run, "run.json", b"[]"),
    "forged to depth": lambda run: forged(run, "run.json", b"[" * 100_000),
    "forged of another schema": recorded(lambda record: record.update(schema="x")),
    "forged tables": recorded(lambda record: record.update(tables=["portfolio"])),
}
TABLES: dict[str, Callable[[Path], object]] = {
    "table gone": lambda run: (run / TABLE).unlink(),
    "table empty": lambda run: (run / TABLE).write_text(""),
    "table of other columns": lambda run: (run / TABLE).write_text("a,b\n1,2\n"),
    "table of bytes": lambda run: (run / TABLE).write_bytes(bytes(range(256))),
    "table longer": lambda run: (run / TABLE).write_text((run / TABLE).read_text() + "1,2,3\n"),
    "table a pipe": lambda run: ((run / TABLE).unlink(), os.mkfifo(run / TABLE)),
    "table a link": lambda run: ((run / TABLE).unlink(), (run / TABLE).symlink_to("/etc/passwd")),
    "forged empty": lambda run: forged(run, TABLE, b""),
}
PLANS: dict[str, Callable[[Path], object]] = {
    "plan gone": lambda run: (run / "plan.csv").unlink(),
    "plan of other columns": lambda run: (run / "plan.csv").write_text("a,b\n1,2\n"),
    "plan of bytes": lambda run: (run / "plan.csv").write_bytes(bytes(range(256))),
    "plan changed": lambda run: (run / "plan.csv").write_text((run / "plan.csv").read_text() + "x,y,0,0,1\n"),
    "forged words": lambda run: forged(run, "plan.csv", b"variable,index,period,node,value\nx,y,a,b,c\n"),
    "forged nan": lambda run: forged(run, "plan.csv", b"variable,index,period,node,value\nx,y,0,0,nan\n"),
    "forged columns": lambda run: forged(run, "plan.csv", b"a,b\n1,2\n"),
}


def assert_refused(*words: object) -> None:
    result = call(*words)
    assert result.exit_code == 2, result.output[:2000]
    assert ": found " in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize("name", list(BROKEN))
def test_a_broken_run_is_neither_shown_nor_compared_nor_begun_from(name: str, good: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(good, tmp_path / "run"))
    BROKEN[name](run)
    assert_refused("show", run)
    assert_refused("compare", good, run)
    assert_refused("solve", good.parent / "case", "--warm", run, "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize("name", list(TABLES))
def test_a_broken_table_is_neither_shown_nor_compared(name: str, good: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(good, tmp_path / "run"))
    TABLES[name](run)
    assert_refused("show", run, "portfolio")
    assert_refused("compare", good, run)


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize("name", list(PLANS))
def test_no_solve_begins_with_a_broken_plan(name: str, good: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(good, tmp_path / "run"))
    PLANS[name](run)
    assert_refused("solve", good.parent / "case", "--warm", run, "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


AUDITED = {**BROKEN, **TABLES, **PLANS}
UNREADABLE = {"manifest gone", "forged to a list", "forged to depth", "forged words", "forged columns"}
"""What cannot be read and stands as the manifest has it: bad input. All else is a run that was changed."""


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize("name", list(AUDITED))
def test_an_audit_of_a_broken_run_refuses_it_or_disagrees(name: str, good: Path, tmp_path: Path) -> None:
    """Would hang if a pipe were read, and end with exit code 1 if depth were not looked for."""
    run = Path(shutil.copytree(good, tmp_path / "run"))
    AUDITED[name](run)
    result = call("audit", run)
    assert result.exit_code == (2 if name in UNREADABLE else 5), result.output[:2000]
    assert "Traceback" not in result.stderr
    assert name not in UNREADABLE or ": found " in result.stderr


@pytest.mark.verifies("bad input")
@pytest.mark.parametrize("name", ["solver.log", TABLE, "plan.csv"])
def test_an_audit_names_a_file_that_has_become_a_pipe(name: str, good: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(good, tmp_path / "run"))
    (run / name).unlink()
    os.mkfifo(run / name)
    result = call("audit", run)
    assert result.exit_code == 5
    assert f"{name} was changed after the run was written" in result.output


@pytest.mark.verifies("security")
def test_a_table_outside_the_run_is_not_audited(good: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(good, tmp_path / "run"))
    (tmp_path / "secret.csv").write_text("a,b\n1,secret\n")
    recorded(lambda record: record["tables"].update({"../../secret": {"rows": 1, "columns": {}}}))(run)
    forged(run, "tables/../../secret.csv", b"a,b\n1,secret\n")
    result = call("audit", run)
    assert result.exit_code in (2, 5)
    assert "leaves the run folder" in result.output + result.stderr


@pytest.mark.verifies("security")
def test_a_table_outside_the_run_is_not_shown(good: Path, tmp_path: Path) -> None:
    """Would fail if the name of a forged table were joined to the folder as it is."""
    run = Path(shutil.copytree(good, tmp_path / "run"))
    (tmp_path / "secret.csv").write_text("a,b\n1,secret\n")
    recorded(lambda record: record["tables"].update({"../../secret": {"rows": 1, "columns": {}}}))(run)
    forged(run, "tables/../../secret.csv", b"a,b\n1,secret\n")
    result = call("show", run, "../../secret")
    assert result.exit_code == 2
    assert "secret\n" not in result.stdout


@pytest.mark.verifies("bad input")
def test_a_broken_run_among_the_results_does_not_stop_a_check(good: Path, tmp_path: Path) -> None:
    for number, change in enumerate(BROKEN.values()):
        change(Path(shutil.copytree(good, tmp_path / "out" / str(number))))
    before = content(tmp_path)
    result = call("check", good.parent / "case", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert content(tmp_path) == before
