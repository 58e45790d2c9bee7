"""What the audit reads: tables and plans as text, futures under the plan, and what it refuses to read."""

from __future__ import annotations

import gzip
import json
import math
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from audit import runs
from audit.written import Line, written
from orefolio.audit import evidence as reading
from orefolio.audit.evidence import Evidence, Item, Label, evidence_of, read_evidence
from orefolio.case.case import Case
from orefolio.errors import InputError
from pencil import case_of, event, future, must, spot

CASE = case_of(spot("m", "ore", 1), must("d", "ore", 1), years=2)
RECORD = {"futures": [{"future": "only"}], "grid": "only"}
PLAN = "variable,index,period,node,value\nbuy,m,0,1,2.5\n"


def table(text: str) -> reading.Table:
    return evidence_of(CASE, RECORD, PLAN, {"t": text}).tables["t"]


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,x\n2.5,y\n,z\n",
        "a,b\n1,x\n2.5,y\n,z",
        'a,b\n1,"x"\n2.5,y\n,z\n',
        "a,b\r\n1,x\r\n2.5,y\r\n,z\r\n",
    ],
)
def test_a_table_is_read_by_columns(text: str) -> None:
    read = table(text)
    assert {name: list(column) for name, column in read.columns.items()} == {
        "a": ["1", "2.5", ""],
        "b": ["x", "y", "z"],
    }
    assert read.rows == 3
    assert list(read.numbers("a")) == [1.0, 2.5, None]
    assert math.isnan(read.numbers("b")[0] or 0.0)
    assert list(read.texts("c")) == ["", "", ""]
    assert list(read.numbers("c")) == [None, None, None]


def test_numbers_are_read_once_and_of_one_column() -> None:
    read = table("a,b\n1,5\n2,6\n")
    assert list(read.numbers("a")) == [1.0, 2.0]
    assert read.numbers("a") is read.numbers("a")
    assert list(read.numbers("b")) == [5.0, 6.0]


@pytest.mark.parametrize(("text", "columns"), [("a,b\n", ["a", "b"]), ('"a",b\n', ["a", "b"]), ("", [])])
def test_a_table_may_have_no_rows(text: str, columns: list[str]) -> None:
    read = table(text)
    assert [name for name in read.columns if name] == columns
    assert read.rows == 0


def test_commas_and_line_breaks_in_quotes_are_part_of_a_cell() -> None:
    read = table('a,b\n"1,5","x\ny"\n2,z\n')
    assert [list(read.texts(name)) for name in "ab"] == [["1,5", "2"], ["x\ny", "z"]]


@pytest.mark.parametrize("text", ["a,b\n1\n", "a,b\n1,2,3\n4,5,6\n", "a,b\n1,2\n3,4,5\n", 'a,"b"\n1,2,3\n'])
def test_rows_of_another_length_are_refused(text: str) -> None:
    with pytest.raises(InputError):
        table(text)


def test_a_column_that_stands_twice_counts_once() -> None:
    assert list(table("a,a\n1,2\n").columns) == ["a"]


def test_cells_that_a_spreadsheet_would_run_are_read_without_their_guard() -> None:
    """The apostrophe is a guard before =, +, -, @ and white space alone."""
    for first in ("a", "'"):
        read = table(f"{first},b\n'=1,'x\n'-2,'@y\n+3,'\n")
        assert [list(column) for column in read.columns.values()] == [["=1", "-2", "+3"], ["'x", "@y", "'"]]
    assert list(table("a,b\n1,'=x\n").texts("b")) == ["=x"]
    assert list(table("a,b\n'=x,1\n").texts("a")) == ["=x"]
    assert list(table('a,b\n"\'=x",1\n').texts("a")) == ["=x"]


def test_the_plan_is_read_label_by_label_and_repeated_ones_are_kept() -> None:
    lines = 'buy,m,0,1,2.5\nput,"k/free",1,2,-1\nbuy,m,0,1,3\nbuy,m,1,1,4\n'
    read = evidence_of(CASE, RECORD, PLAN.splitlines()[0] + "\n" + lines, {})
    assert read.plan == {
        Label("buy", "m", 0, 1): 3.0, Label("put", "k/free", 1, 2): -1.0, Label("buy", "m", 1, 1): 4.0,
    }  # fmt: skip
    assert read.repeated == (Label("buy", "m", 0, 1),)
    assert not read.written


@pytest.mark.parametrize(
    "text", ["", "variable,index,period,node\n", PLAN.replace("0,1,2.5", "x,1,2.5"), PLAN + "buy,m\n"]
)
def test_a_plan_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="plan"):
        evidence_of(CASE, RECORD, text, {})


def parting() -> Case:
    cut = event("cut", "suppliers", "supplier=m", "availability_share", "set", 0.0)
    crisis = future("crisis", 0.4, {"cut": "2028-01-01"}, onset="2028-01-01")
    return case_of(spot("m", "ore", 1), must("d", "ore", 1), cut, crisis, future("calm", 0.6), years=3)


@pytest.mark.parametrize("names", [["calm", "crisis"], ["calm", "other"], ["crisis", "crisis"]])
def test_futures_are_those_of_the_case_in_its_order(names: list[str]) -> None:
    record = {"futures": [{"future": name} for name in names], "grid": "only"}
    with pytest.raises(InputError, match="futures"):
        evidence_of(parting(), record, PLAN, {})


def test_a_record_without_its_entries_is_refused() -> None:
    for record in (
        {"futures": []},
        {"grid": "only"},
        {"futures": [{}], "grid": "only"},
        {"futures": 5, "grid": "only"},
    ):
        with pytest.raises(InputError):
            evidence_of(CASE, record, PLAN, {})


def test_a_future_sees_what_stands_at_its_nodes_and_commitments_at_their_parents() -> None:
    lines: tuple[Line, ...] = (
        ("buy", "m", 0, 1.0), ("buy", "m", 1, 2.0, "crisis"), ("buy", "m", 1, 3.0, "calm"),
        ("buy", "n", 1, 4.0, "calm"), ("sign", "m/a", 1, 5.0), ("sign", "m/b", 1, 6.0), ("sign", "m", 2, 7.0, "calm"),
        ("put", "k/free/x", 0, 8.0), ("put", "k/tagged/x", 0, 9.0),
    )  # fmt: skip
    run = written(parting(), *lines)
    run = replace(run, plan={**run.plan, Label("eta", "cost", 0, 0): 99.0})
    crisis, calm = run.walks
    assert [walk.path.future for walk in run.walks] == ["crisis", "calm"]
    assert calm.items == {
        "buy": [Item(("m",), 0, 1.0), Item(("m",), 1, 3.0), Item(("n",), 1, 4.0)],
        "sign": [Item(("m", "a"), 1, 5.0), Item(("m", "b"), 1, 6.0), Item(("m",), 2, 7.0)],
        "put": [Item(("k", "free", "x"), 0, 8.0), Item(("k", "tagged", "x"), 0, 9.0)],
    }
    assert crisis.items["buy"] == [Item(("m",), 0, 1.0), Item(("m",), 1, 2.0)]
    assert [item.value for item in crisis.items["sign"]] == [5.0, 6.0]
    assert (crisis.of("buy"), crisis.of("none")) == (crisis.items["buy"], [])
    assert calm.value("buy", "m", 1) == 3.0
    assert [calm.value(*key) for key in (("buy", "m", 2), ("none", "m", 1), ("sign", "m", 1))] == [0.0, 0.0, 0.0]
    assert calm.summed("put", 1) == {("k", 0): [8.0, 9.0]}
    assert calm.summed("put", 2) == {("k", "free", 0): [8.0], ("k", "tagged", 0): [9.0]}
    assert calm.summed("none", 1) == {}


def test_a_line_of_the_plan_holds_for_the_futures_through_its_node() -> None:
    """They part after the first year; what is committed for the second is committed in both."""
    run = written(parting())
    nodes, parents = run.tree.node, run.tree.parent
    assert run.who(Label("buy", "m", 0, nodes[0][0])) == (0, 1)
    assert [run.who(Label("buy", "m", 1, nodes[number][1])) for number in (0, 1)] == [(0,), (1,)]
    assert run.who(Label("sign", "m", 1, parents[0][1])) == (0, 1)
    assert [run.who(Label("sign", "m", 2, parents[number][2])) for number in (0, 1)] == [(0,), (1,)]
    assert run.who(Label("buy", "m", 2, nodes[0][0])) == ()


def test_the_trunk_is_the_first_future_without_an_onset() -> None:
    assert written(parting()).trunk == 1
    assert written(CASE).trunk == 0
    cut = event("cut", "suppliers", "supplier=m", "availability_share", "set", 0.0)
    both = [
        future(name, 0.5, {"cut": f"{year}-01-01"}, onset=f"{year}-01-01") for name, year in (("a", 2028), ("b", 2029))
    ]
    assert written(case_of(spot("m", "ore", 1), must("d", "ore", 1), cut, *both, years=3)).trunk == 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(runs.simple().folder, tmp_path / "run"))


def read(folder: Path) -> Evidence:
    return read_evidence(folder)


def test_a_folder_is_read_as_it_was_written(folder: Path) -> None:
    found = read(folder)
    assert found.written
    assert found.files.passed
    assert set(found.tables) == set(found.record["tables"])
    assert len(found.plan) == len(runs.split(runs.simple().plan)) - 1


def test_a_packed_file_is_read(folder: Path) -> None:
    place = folder / "tables" / "stock.csv"
    before = read(folder).tables["stock"]
    (folder / "tables" / "stock.csv.gz").write_bytes(gzip.compress(place.read_bytes()))
    place.unlink()
    assert read(folder).tables["stock"].columns == before.columns


@pytest.mark.parametrize("name", ["run.json", "manifest.json"])
def test_a_folder_without_record_or_manifest_is_no_run(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(InputError, match="no complete run"):
        read(folder)


@pytest.mark.parametrize("name", ["plan.csv", "tables/stock.csv"])
def test_a_run_with_a_file_missing_cannot_be_read(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(InputError, match="cannot be read"):
        read(folder)


def test_a_case_is_the_one_whose_hash_the_record_gives(folder: Path) -> None:
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    record["case"]["hash"] = "0"
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    assert "case is not the one whose hash run.json gives" in read(folder).files.findings


def test_a_text_without_quotes_is_cut_at_once_where_its_rows_are_as_long_as_its_header() -> None:
    assert reading._plain_columns("a,b,c\n1,2,3\n4,,6\n") == {"a": ["1", "4"], "b": ["2", ""], "c": ["3", "6"]}
    assert reading._plain_columns("a,b\n") == {"a": [], "b": []}
    for text in ("a,b\n1\n2,3,4\n", "a,b\n1,2,3\n", "a,a\n1,2\n"):
        assert reading._plain_columns(text) is None
