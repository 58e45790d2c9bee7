"""The run folder: complete or absent, the same bytes twice, safe cells, and the case in it can be solved again."""

from __future__ import annotations

import errno
import gzip
import hashlib
import json
import math
import os
import signal
import subprocess
import sys
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from orefolio.case.read import load_case
from orefolio.errors import InputError, SpaceError
from orefolio.tables import TABLES
from orefolio.tables.folder import RunFolder, folder_name, plan_text, record, write_run
from orefolio.tables.folder.case_files import case_files, case_hash
from orefolio.tables.folder.cells import csv_of, guarded, kinds_of, table_of, unguarded
from orefolio.tables.folder.durable import LARGE_BYTES, MANIFEST, read_large_text, whole_folder, write_large_text
from orefolio.tables.outcome import Outcome
from orefolio.tables.outcome.sheet import Sheet
from test_tables import case_of, hand_tables, solved

CONTENT: dict[str, Any] = {"schema": "orefolio/run/1", "status": "optimal"}


@pytest.fixture(scope="module")
def hand() -> Outcome:
    return solved(case_of(hand_tables()))


def write(parent: Path, outcome: Outcome, name: str = "run") -> Path:
    tables = {title: table(outcome) for title, table in TABLES.items()}
    parts = {"plan.csv": plan_text(outcome.merged, outcome.solution), "solver.log": "log\n"}
    return write_run(parent, name, CONTENT, tables, outcome.case, parts)


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_run_folder_is_complete_and_its_manifest_true(hand: Outcome, tmp_path: Path) -> None:
    folder = write(tmp_path, hand)
    found = hashes(folder)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    del found[MANIFEST]
    assert manifest["sha256"] == found
    assert {f"tables/{name}.csv" for name in TABLES} | {"run.json", "case/case.yaml", "solver.log"} <= set(found)
    assert (folder / "analyses").is_dir()
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_the_same_case_gives_the_same_bytes(hand: Outcome, tmp_path: Path) -> None:
    again = solved(case_of(hand_tables()))
    assert hashes(write(tmp_path, hand, "one")) == hashes(write(tmp_path, again, "two"))


def test_tables_come_back_as_they_were(hand: Outcome, tmp_path: Path) -> None:
    run = RunFolder(write(tmp_path, hand))
    for name in TABLES:
        before, after = TABLES[name](hand).frame, run.table(name)
        assert list(after.columns) == list(before.columns)
        assert len(after) == len(before)
    assert run.table("futures")["cost_musd"].tolist() == pytest.approx(
        TABLES["futures"](hand).frame["cost_musd"].tolist()
    )
    assert "平穏" in run.table("futures")["name"].tolist()
    with pytest.raises(InputError, match="Did you mean portfolio"):
        run.table("portfoli")


def test_the_case_in_a_run_reads_back_the_same(hand: Outcome, tmp_path: Path) -> None:
    case = hand.case
    copy = load_case(write(tmp_path, hand) / "case")
    assert {name: rows for name, rows in copy.tables.items() if rows} == case.tables
    assert (copy.title, copy.grids, copy.after_shock) == (case.title, case.grids, case.after_shock)
    assert case_hash(copy) == case_hash(case)
    assert case_hash(replace(case, base_year=2026)) != case_hash(case)


def test_unlimited_blank_and_tiny_numbers_keep_their_meaning() -> None:
    tables = hand_tables()
    tables["settings"][0]["value"] = 1e-7
    text = case_files(case_of(tables))
    assert "discount_rate,1e-07,," in text["settings.csv"]
    assert "inf" not in text["contracts.csv"]
    assert math.isinf(case_of(tables).row("contracts", "lynas").term_years)


def test_an_error_between_leaves_no_folder(tmp_path: Path) -> None:
    def breaks() -> None:
        with whole_folder(tmp_path, "run") as filling:
            (filling.folder / "half.csv").write_text("a\n")
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        breaks()
    assert list(tmp_path.iterdir()) == []


def test_a_kill_between_leaves_no_run(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys\nfrom pathlib import Path\n"
        "from orefolio.tables.folder.durable import whole_folder, write_text\n"
        "with whole_folder(Path(sys.argv[1]), 'run') as filling:\n"
        "    write_text(filling.folder / 'half.csv', 'a')\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "model")}
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], env=environment, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    left = [path.name for path in tmp_path.iterdir()]
    assert all(name.startswith(".partial-") for name in left)
    with pytest.raises(InputError, match="no complete run"):
        _ = RunFolder(tmp_path / left[0]).record


def test_a_run_of_that_name_is_left_alone(hand: Outcome, tmp_path: Path) -> None:
    before = hashes(write(tmp_path, hand))
    # two runs of one case that end in the same second
    assert write(tmp_path, hand).name == "run-2"
    assert write(tmp_path, hand).name == "run-3"
    assert hashes(tmp_path / "run") == before


def test_a_file_in_the_way_is_a_matter_of_space(hand: Outcome, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SpaceError, match="file"):
        write(tmp_path / "file", hand)


def test_large_tables_are_packed_without_a_clock(tmp_path: Path) -> None:
    text = "a\n" * LARGE_BYTES
    one = write_large_text(tmp_path / "one.csv", text)
    assert one.name == "one.csv.gz"
    assert gzip.decompress(one.read_bytes()).decode() == text
    assert one.read_bytes() == write_large_text(tmp_path / "two.csv", text).read_bytes()
    assert read_large_text(tmp_path / "one.csv") == text
    assert write_large_text(tmp_path / "small.csv", "a\n").name == "small.csv"


@pytest.mark.parametrize("text", ["=cmd|'/c calc'!A1", "+1+1", "-x", "@SUM", "\tx", "\rx", "\nx"])
def test_no_cell_is_run_by_a_spreadsheet(text: str) -> None:
    assert guarded(text) == "'" + text
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["-1.5", "+2", "-1e-5", "NA", "日本", "", "'quoted", "a=b"])
def test_harmless_cells_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text
    assert unguarded(text) == text


def test_countries_numbers_and_blanks_survive() -> None:
    table = Sheet.of(("country", "t", "n"), [("NA", 0.1 + 0.2, 1), ("NO", -0.0, 2), ("007", None, 3)])
    text = csv_of(table)
    assert text == "country,t,n\nNA,0.3,1\nNO,0,2\n007,,3\n"
    back = table_of(text, kinds_of(table))
    assert back["country"].tolist() == ["NA", "NO", "007"]
    assert back["t"].tolist()[:2] == [0.3, 0.0]
    assert math.isnan(back["t"].tolist()[2])


def test_cells_are_those_that_the_csv_dialect_and_nine_digits_give() -> None:
    # would fail if a column of one kind were worded otherwise than a mixed one, or a quote, comma or line left bare
    cells = ["a,b", 'say "x"', "two\nlines", "=1+1", "", None, "plain"]
    numbers = [1 / 3, -0.0, math.nan, math.inf, -1e-12, 123456789.25, 2.0]
    mixed: list[object] = [1, 2.5, None, "x", True, -0.0, math.nan]
    sheet = Sheet.of(("text, quoted", "number", "mixed"), zip(cells, numbers, mixed, strict=True))
    assert csv_of(sheet).splitlines(keepends=True) == [
        '"text, quoted",number,mixed\n', '"a,b",0.333333333,1\n', '"say ""x""",0,2.5\n', '"two\n', 'lines",,\n',
        "'=1+1,inf,x\n", ",-1e-12,True\n", ",123456789,0\n", "plain,2,\n",
    ]  # fmt: skip
    assert kinds_of(sheet) == {"text, quoted": "text", "number": "number", "mixed": "text"}
    assert csv_of(Sheet.of(("alone",), [("a",), ("",)])) == 'alone\na\n""\n'
    assert csv_of(Sheet.of(("a", "b"), [])) == "a,b\n"


def test_a_folder_is_named_by_time_case_and_hash() -> None:
    assert folder_name("2026-11-22T07:47:03+00:00", "a b/../c", "0123456789ab") == "20261122T074703Z-a-b----c-01234567"


@pytest.mark.parametrize("break_it", ["empty", "no manifest", "other schema", "no JSON"])
def test_what_is_no_run_is_refused(hand: Outcome, tmp_path: Path, break_it: str) -> None:
    folder = write(tmp_path, hand)
    if break_it == "empty":
        folder = tmp_path
    elif break_it == "no manifest":
        (folder / MANIFEST).unlink()
    else:
        (folder / "run.json").write_text('{"schema": "other/1"}' if break_it == "other schema" else "{")
    with pytest.raises(InputError):
        _ = RunFolder(folder).record


def test_a_name_that_is_taken_meanwhile_gives_way_to_the_next(
    hand: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def taken(self: Path, target: Path) -> Path:
        if target.name == "run":
            raise OSError(errno.ENOTEMPTY, "Directory not empty")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", taken)
    assert write(tmp_path, hand).name == "run-2"


def test_a_folder_that_cannot_get_its_name_is_told_and_removed(
    hand: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: Path, target: Path) -> Path:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(SpaceError, match="Input/output error"):
        write(tmp_path, hand)
    assert list(tmp_path.iterdir()) == []


def test_a_package_without_a_version_has_an_empty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> str:
        raise metadata.PackageNotFoundError

    monkeypatch.setattr(metadata, "version", missing)
    found = record.versions()
    assert found["highspy"] == ""
    assert found["orefolio"] != ""
