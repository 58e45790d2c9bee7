"""Exports of a run's tables, each read back by another reader than the one that wrote it."""

from __future__ import annotations

import csv
import hashlib
import json
import math
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import duckdb
import openpyxl
import pandas as pd
import polars as pl
import pytest
import python_calamine

from command_line import call
from orefolio import api
from orefolio.audit import MADE
from orefolio.errors import InputError, MissingExtraError
from orefolio.exports import EXPORTS, export
from orefolio.exports.fields import FIELDS, title
from orefolio.tables import TABLES
from orefolio.tables.folder import RunFolder, slug
from pencil import Piece, case_of, must, offtake, spot, stockpile, tables

FORMULA, SCRIPT, MAGNET = "=1+1", "<script>alert(1)</script>", "磁石"


SERIES = (
    ("cost", "Cost", "cost_musd"),
    ("supply", "Supply", "t"),
    ("flows", "Flow", "t"),
    ("traced", "Traced Origin", "t"),
    ("shortage", "Shortage", "short_t"),
    ("importers", "Delivery", "delivered_t"),
    ("dependence", "Share of Supply", "share"),
    ("concentration", "Herfindahl Index", "herfindahl_index"),
)


def named(piece: Piece, table: str, name: str) -> Piece:
    return {**piece, table: [{**row, "name": name} for row in piece[table]]}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """10 t wanted of 磁石 in each of two years; 6 t at 2 USD/kg may be signed for, the rest is bought at 3."""
    case = case_of(
        named(offtake("lasting", MAGNET, 2.0, 6, years=(2027, 2027)), "contracts", FORMULA),
        named(spot("outside", MAGNET, 3.0, country="AU"), "contracts", SCRIPT),
        must("motors", MAGNET, 10),
        named(stockpile("shed", MAGNET), "stockpiles", "@shed"),
        tables(elements=[{"element": "Nd"}], content=[{"commodity": MAGNET, "element": "Nd", "share": 0.3}]),
        years=2,
    )
    solved = api.solve(api.Study(case), out=tmp_path_factory.mktemp("runs"), abs_gap=0.0)
    assert solved.folder is not None
    return RunFolder(solved.folder)


def fetched(question: str) -> list[Any]:
    relation = duckdb.sql(question)
    assert relation is not None
    return list(relation.fetchall())


def numbers(run: RunFolder, table: str, column: str) -> float:
    return sum(float(row[column]) for row in run.rows(table) if row[column])


def columns_of(name: str) -> tuple[str, ...]:
    if name in MADE:
        return tuple(MADE[name])
    found: tuple[str, ...] = import_module(TABLES[name].__module__).COLUMNS
    return found


def test_every_column_of_every_table_has_a_meaning_and_headings_differ(run: RunFolder) -> None:
    for name in (*TABLES, *MADE):
        columns = columns_of(name)
        assert set(columns) <= set(FIELDS), name
        assert len({title(column) for column in columns}) == len(columns), name
    used = {column for name in (*TABLES, *MADE) for column in columns_of(name)}
    assert set(FIELDS) == used


def test_the_kind_of_a_column_is_that_of_its_cells(run: RunFolder) -> None:
    for name in run.names():
        for column, kind in run.record["tables"][name]["columns"].items():
            cells = [row[column] for row in run.rows(name) if row[column]]
            if cells:
                assert (FIELDS[column].kind != "text") == (kind == "number"), (name, column)


def test_csv_has_the_cells_of_the_run_under_headings_with_units(run: RunFolder, tmp_path: Path) -> None:
    folder = export(run.path, "csv", tmp_path / "out")
    assert {path.stem for path in folder.iterdir()} == set(run.names())
    with (folder / "cost.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["future", "name", "year", "cost (million USD)"]
    assert sum(float(row[3]) for row in rows if row[0] == "only") == pytest.approx(0.048)
    with (folder / "contracts.csv").open(encoding="utf-8", newline="") as file:
        names = {row["contract"]: row["name"] for row in csv.DictReader(file)}
    assert names == {"lasting": "'" + FORMULA, "outside": SCRIPT}


def test_parquet_has_texts_and_numbers_as_duckdb_reads_it(run: RunFolder, tmp_path: Path) -> None:
    folder = export(run.path, "parquet", tmp_path / "out")
    for name in run.names():
        place = str(folder / f"{name}.parquet")
        described = fetched(f"describe select * from read_parquet('{place}')")
        kinds = {"text": "VARCHAR", "whole": "BIGINT", "number": "DOUBLE"}
        assert [(row[0], row[1]) for row in described] == [(c, kinds[FIELDS[c].kind]) for c in columns_of(name)]
        found = fetched(f"select count(*) from read_parquet('{place}')")
        assert found == [(len(run.rows(name)),)]
    place = str(folder / "contracts.parquet")
    held = fetched(f"select contract, name, commodities from read_parquet('{place}') order by 1")
    assert held == [("lasting", FORMULA, MAGNET), ("outside", SCRIPT, MAGNET)]
    place = str(folder / "flows.parquet")
    bought = fetched(f"select sum(t) from read_parquet('{place}') where variable = 'deliver'")
    assert bought == [(20.0,)]


def test_xlsx_holds_numbers_as_numbers_and_runs_no_text(run: RunFolder, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(export(run.path, "xlsx", tmp_path / "out.xlsx"))
    assert book.sheetnames == ["about", *run.names()]
    told = {row[0]: row[1:] for row in book["about"].iter_rows(values_only=True, max_col=3)}
    assert told["cost"] == (len(run.rows("cost")), "What the plan costs, by name, calendar year and future; the "
                            "expected parts add up to the expected cost.")  # fmt: skip
    for name in run.names():
        sheet = book[name]
        assert sheet.freeze_panes == "A2"
        header = [cell.value for cell in sheet[1]]
        assert header == list(columns_of(name))
        assert all(cell.comment.text.startswith(FIELDS[cell.value].meaning) for cell in sheet[1])
        cells = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        assert cells == [[expected(c, row[c]) for c in header] for row in run.rows(name)]
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    found = {cell.value: cell.quotePrefix for row in book["contracts"].iter_rows() for cell in row}
    assert found[FORMULA]
    assert not found[SCRIPT]
    assert book["contracts"].column_dimensions["B"].width >= len(SCRIPT)


def expected(column: str, text: str) -> str | float | None:
    return None if not text else text if FIELDS[column].kind == "text" else float(text)


def test_xlsx_has_no_formula_in_its_xml_either(run: RunFolder, tmp_path: Path) -> None:
    place = export(run.path, "xlsx", tmp_path / "out.xlsx")
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    values, texts = [], set()
    with zipfile.ZipFile(place) as packed:
        for name in packed.namelist():
            if name.startswith("xl/worksheets/sheet"):
                root = ElementTree.fromstring(packed.read(name))
                assert list(root.iter(f"{space}f")) == []
                texts |= {text.text for text in root.iter(f"{space}t")}
                values += [cell for cell in root.iter(f"{space}c") if cell.get("t") in (None, "n")]
    assert {FORMULA, SCRIPT, MAGNET} <= texts
    assert all(math.isfinite(float(v.text or "")) for cell in values for v in cell.iter(f"{space}v"))


def test_iamc_adds_up_to_the_tables(run: RunFolder, tmp_path: Path) -> None:
    frame = pd.read_csv(export(run.path, "iamc", tmp_path / "out.csv"))
    assert list(frame.columns) == ["model", "scenario", "region", "variable", "unit", "year", "value"]
    assert not frame.duplicated(["model", "scenario", "region", "variable", "year"]).any()
    assert set(frame["scenario"]) == {"only", "expected"}
    root = frame["variable"].str.split("|").str[0]
    for table, name, column in SERIES:
        assert frame.loc[root == name, "value"].sum() == pytest.approx(numbers(run, table, column)), name
    bought = frame[(frame["variable"] == f"Supply|product|{MAGNET}|Nd") & (frame["scenario"] == "only")]
    assert set(bought["unit"]) == {"t/yr"}
    assert bought["value"].sum() == pytest.approx(0.3 * 20)
    stock = frame[frame["variable"] == f"Stockpile|{MAGNET}|shed"]
    ends = {int(r["until"][:4]) - 1: float(r["stock_t"]) for r in run.rows("stock") if r["period"] != "opening"}
    assert dict(zip(stock["year"], stock["value"], strict=True)) == ends


def parsed(text: str, kind: str) -> Any:
    """A cell as the standard's types read it."""
    return None if not text else {"string": str, "integer": int, "number": float}[kind](text)


def resources(folder: Path) -> Iterator[tuple[dict[str, Any], list[list[str]]]]:
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        with (folder / resource["path"]).open(encoding=resource["encoding"], newline="") as file:
            yield resource, list(csv.reader(file))


def test_datapackage_describes_its_files_as_they_are(run: RunFolder, tmp_path: Path) -> None:
    folder = export(run.path, "datapackage", tmp_path / "out")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["profile"] == "tabular-data-package"
    assert {path.name for path in (folder / "tables").iterdir()} == {f"{name}.csv" for name in run.names()}
    seen = defaultdict(list)
    for resource, (header, *rows) in resources(folder):
        content = (folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["description"].endswith(".")
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == header
        assert all(field["description"] for field in fields)
        for row in rows:
            seen[resource["name"]].append([parsed(c, f["type"]) for c, f in zip(row, fields, strict=True)])
    assert {name: len(rows) for name, rows in seen.items()} == {n: len(run.rows(n)) for n in run.names() if run.rows(n)}


def test_a_description_that_does_not_fit_is_seen(run: RunFolder, tmp_path: Path) -> None:
    folder = export(run.path, "datapackage", tmp_path / "out")
    (resource, (_, *rows)), *_ = ((r, t) for r, t in resources(folder) if r["name"] == "contracts")
    kinds = [field["type"] for field in resource["schema"]["fields"]]
    with pytest.raises(ValueError, match="lasting"):
        [parsed(rows[0][0], "number" if place == 0 else kind) for place, kind in enumerate(kinds)]


# ---- once more by readers written in another language: polars, calamine


def kinds_for_polars(name: str) -> dict[str, Any]:
    kinds = {"text": pl.String(), "whole": pl.Int64(), "number": pl.Float64()}
    return {column: kinds[FIELDS[column].kind] for column in columns_of(name)}


def cells_of(run: RunFolder, name: str, guarded: bool = False) -> list[tuple[str | float | None, ...]]:
    """The rows of a run's table; with `guarded`, an apostrophe before what a spreadsheet would run."""
    return [
        tuple(
            f"'{cell}" if guarded and cell in (FORMULA, "@shed") else expected(column, cell) for column, cell in items
        )
        for items in (row.items() for row in run.rows(name))
    ]


def test_polars_finds_in_parquet_what_the_run_has(run: RunFolder, tmp_path: Path) -> None:
    folder = export(run.path, "parquet", tmp_path / "out")
    for name in run.names():
        frame = pl.read_parquet(folder / f"{name}.parquet")
        assert dict(frame.schema) == kinds_for_polars(name)
        assert frame.rows() == [
            tuple(cell if FIELDS[column].kind == "text" else expected(column, cell) for column, cell in row.items())
            for row in run.rows(name)
        ], name


def test_polars_finds_in_csv_what_the_run_has(run: RunFolder, tmp_path: Path) -> None:
    folder = export(run.path, "csv", tmp_path / "out")
    for name in run.names():
        kinds = {title(column): kind for column, kind in kinds_for_polars(name).items()}
        frame = pl.read_csv(folder / f"{name}.csv", schema=kinds)
        assert frame.rows() == cells_of(run, name, guarded=True), name


def test_polars_reads_a_datapackage_by_what_describes_it(run: RunFolder, tmp_path: Path) -> None:
    folder = export(run.path, "datapackage", tmp_path / "out")
    kinds = {"string": pl.String(), "integer": pl.Int64(), "number": pl.Float64()}
    for resource, _ in resources(folder):
        said = resource["schema"]
        frame = pl.read_csv(
            folder / resource["path"],
            schema={field["name"]: kinds[field["type"]] for field in said["fields"]},
            null_values=said["missingValues"],
            separator=resource["dialect"]["delimiter"],
            quote_char=resource["dialect"]["quoteChar"],
        )
        assert frame.rows() == cells_of(run, resource["name"], guarded=True), resource["name"]


def test_calamine_finds_in_the_workbook_what_the_run_has(run: RunFolder, tmp_path: Path) -> None:
    book = python_calamine.CalamineWorkbook.from_path(str(export(run.path, "xlsx", tmp_path / "out.xlsx")))
    assert book.sheet_names == ["about", *run.names()]
    for name in run.names():
        header, *rows = book.get_sheet_by_name(name).to_python()
        assert tuple(header) == columns_of(name)
        assert [tuple(None if cell == "" else cell for cell in row) for row in rows] == cells_of(run, name), name


def test_iamc_keeps_the_rules_of_that_format_as_polars_reads_it(run: RunFolder, tmp_path: Path) -> None:
    """One unit for a variable, one value for an index, years whole, no empty level, no star (which its tools match)."""
    kinds = {name: pl.String() for name in ("model", "scenario", "region", "variable", "unit")}
    frame = pl.read_csv(
        export(run.path, "iamc", tmp_path / "out.csv"), schema={**kinds, "year": pl.Int64(), "value": pl.Float64()}
    )
    assert len(frame) > 0
    assert sum(frame.null_count().row(0)) == 0
    assert all(map(math.isfinite, frame["value"]))
    assert (
        frame.group_by("variable").agg(pl.col("unit").n_unique())["unit"].to_list()
        == [1] * frame["variable"].n_unique()
    )
    assert frame.select("model", "scenario", "region", "variable", "year").is_unique().all()
    variables = frame["variable"].unique().to_list()
    assert all(level.strip() == level != "" for variable in variables for level in variable.split("|"))
    assert not any("*" in variable for variable in variables)
    cost = frame.filter(pl.col("variable").str.starts_with("Cost|"), pl.col("scenario") == "only")
    assert cost["value"].sum() == pytest.approx(0.048)


# ---- what is refused


def test_a_format_that_there_is_not_gets_the_nearest_name(run: RunFolder) -> None:
    with pytest.raises(InputError, match="Did you mean parquet"):
        export(run.path, "parket")


@pytest.mark.parametrize("form", EXPORTS)
def test_a_folder_that_is_no_run_is_refused(form: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no complete run"):
        export(tmp_path, form, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_what_stands_at_the_place_is_left_alone(run: RunFolder, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("mine")
    with pytest.raises(InputError, match="there already"):
        export(run.path, "iamc", tmp_path / "mine.csv")
    assert (tmp_path / "mine.csv").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.csv"]


@pytest.mark.parametrize(("form", "library", "extra"), [("parquet", "duckdb", "store"), ("xlsx", "openpyxl", "excel")])
def test_a_library_that_is_missing_is_told_with_its_command(
    run: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, library: str, extra: str
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == library] + [library]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtraError, match=rf"pip install 'orefolio\[{extra}\]'"):
        export(run.path, form, tmp_path / "out")
    done = call("export", str(run.path), "--format", form, "-o", str(tmp_path / "out"), "--json")
    assert (done.exit_code, json.loads(done.stdout)["kind"]) == (8, "MissingExtraError")
    assert list(tmp_path.iterdir()) == []


# ---- names and the command


@pytest.mark.parametrize("name", ["日本", "稀土/磁石", SCRIPT, FORMULA, "../../x", "a b"])
def test_a_name_gives_a_safe_name_of_a_file(name: str) -> None:
    found = slug(name)
    assert found
    assert not set(found) & set('/\\<>:"|?*.= \n')


def test_the_command_writes_here_under_the_name_of_the_run(
    run: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = call("export", str(run.path), "--format", "iamc", "--json")
    assert done.exit_code == 0
    answer = json.loads(done.stdout)
    assert (answer["schema"], answer["format"]) == ("orefolio/export/1", "iamc")
    assert [path.name for path in tmp_path.iterdir()] == [answer["place"]] == [f"{run.path.name}.csv"]
