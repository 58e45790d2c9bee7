"""Readers that leave, streams that are closed or full: no traceback, and an exit code that says what happened."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from faults.cases import START, environment, faults_of, orefolio, runs, small_case

CALL = f"{shlex.quote(sys.executable)} -c {shlex.quote(START)}"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("streams")
    done = orefolio("-q", "solve", small_case(folder / "case"), "--out", folder / "results", PYTHONUTF8="1")
    assert done.returncode == 0, done.stderr
    return runs(folder / "results")[0]


def shell(line: str, unbuffered: bool = False) -> tuple[int, str, str]:
    """Exit code of the first command of a pipe, and what both streams got."""
    done = subprocess.run(
        ["bash", "-c", f"{line}; exit ${{PIPESTATUS[0]}}"], capture_output=True, encoding="utf-8", errors="replace",
        env=environment(PYTHONUNBUFFERED="1" if unbuffered else ""), check=False, timeout=120,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.mark.verifies("fault")
@pytest.mark.parametrize("unbuffered", [False, True])
@pytest.mark.parametrize("words", ["show {run} supply --all", "facts", "facts --json", "--help", "schema"])
def test_a_reader_that_leaves_is_no_error(run: Path, words: str, unbuffered: bool) -> None:
    code, said, complaint = shell(f"{CALL} {words.format(run=run)} | head -1", unbuffered)
    assert code == 0, complaint
    assert "Traceback" not in complaint
    assert "Broken" not in complaint
    assert len(said.splitlines()) == 1


@pytest.mark.verifies("fault")
@pytest.mark.long
@pytest.mark.parametrize(
    ("redirect", "code"),
    [("| head -1", 0), (">&-", 0), ("2>&-", 0), (">&- 2>&-", 0), ("<&- >&- 2>&-", 0), ("2>/dev/full", 0),
     (">/dev/full", 6), (">/dev/full 2>&-", 6), (">/dev/full 2>/dev/full", 6)],
)  # fmt: skip
def test_a_solve_survives_its_streams(run: Path, tmp_path: Path, redirect: str, code: int) -> None:
    """The plan is written in any case, and no file of it gets what was meant for a closed stream."""
    out = tmp_path / "results"
    found, _, complaint = shell(f"{CALL} solve {run / 'case'} --out {out} {redirect}")
    assert found == code, complaint
    assert "Traceback" not in complaint
    assert "Exception" not in complaint
    assert ("standard output" in complaint) == (redirect == ">/dev/full")
    (folder,) = runs(out)
    assert faults_of(folder) == []
    for name in ("tables/supply.csv", "tables/portfolio.csv", "plan.csv", "case/case.yaml"):
        assert (folder / name).read_bytes() == (run / name).read_bytes()
    assert [path.name for path in out.iterdir()] == [folder.name]


@pytest.mark.verifies("fault")
@pytest.mark.parametrize("words", ["show {run} supply", "facts", "facts --json", "--help", "--version"])
def test_a_full_stdout_is_told(run: Path, words: str) -> None:
    code, _, complaint = shell(f"{CALL} {words.format(run=run)} >/dev/full")
    assert code == 6, complaint
    assert "No space left on device" in complaint
    assert "Traceback" not in complaint
    assert len(complaint.strip().splitlines()) == 1


@pytest.mark.verifies("fault")
@pytest.mark.parametrize("redirect", ["2>&-", ">&- 2>&-", "2>/dev/full"])
def test_an_error_that_nobody_can_hear_keeps_its_exit_code(tmp_path: Path, redirect: str) -> None:
    assert shell(f"{CALL} solve {tmp_path / 'nowhere'} {redirect}")[0] == 2
