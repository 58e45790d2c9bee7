"""Table traced is a table of the run like the others, though the audit makes it."""

from __future__ import annotations

import json

import pytest

from audit import runs
from orefolio import api
from orefolio.cli import main
from orefolio.errors import InputError


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> api.Run:
    return api.solve(runs.everything_case(), out=tmp_path_factory.mktemp("runs"), abs_gap=0.0)


def test_it_is_in_the_folder_and_listed_with_its_columns(run: api.Run) -> None:
    assert run.folder is not None
    listed = json.loads((run.folder / "run.json").read_text(encoding="utf-8"))["tables"]["traced"]
    rows = runs.split((run.folder / "tables" / "traced.csv").read_text(encoding="utf-8"))
    assert list(listed["columns"]) == rows[0]
    assert listed["columns"]["share"] == "number"
    assert listed["rows"] == len(rows) - 1 > 10


def test_the_call_gives_it_from_memory_and_from_the_folder(run: api.Run) -> None:
    assert run.folder is not None
    fresh, again = run.table("traced"), api.open_run(run.folder).table("traced")
    assert list(fresh.columns) == list(again.columns)
    assert again["t"].tolist() == pytest.approx(fresh["t"].tolist(), rel=1e-8)
    sums = fresh.groupby(["future", "year", "demand", "class", "element"])["share"].sum()
    assert sums.tolist() == pytest.approx([1.0] * len(sums))
    with pytest.raises(InputError, match="traced"):
        run.table("trace")


def test_the_command_shows_it(run: api.Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["show", str(run.folder), "traced", "--json"], standalone_mode=False) in (0, None)
    told = json.loads(capsys.readouterr().out)["rows"]
    assert {"AU", "CN"} <= {row["country"] for row in told}


@pytest.mark.verifies("tampering")
def test_a_row_that_is_left_out_of_it_is_found() -> None:
    texts = runs.everything()
    rows = runs.split(texts.tables["traced"])
    failed = {result.name for result in texts.with_table("traced", rows[:-1]).report().failed}
    assert failed == {"listing", "table_traced"}
