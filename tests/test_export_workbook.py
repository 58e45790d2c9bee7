"""A case as a workbook and back: the same case, drop-downs and notes, and clear words for a broken workbook."""

from __future__ import annotations

import datetime
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine

from command_line import REPOSITORY, call
from orefolio.case.columns import declared
from orefolio.case.read import read_case
from orefolio.case.rows import titles
from orefolio.case.schema import TABLES
from orefolio.errors import InputError
from orefolio.exports import export
from orefolio.exports.workbook.read import case_of_book
from orefolio.tables.folder.case_files import case_files, case_hash
from pencil import case_of, must, spot, tables

EXAMPLES = sorted(path.parent.name for path in (REPOSITORY / "inputs").glob("*/case.yaml"))
Changing = Callable[..., Path]
NAMES = ["磁石, 強い", '<script>alert("1")</script>', "=1+1", "-1", "@SUM", "+", "#N/A", "007", "1e3", "TRUE", "yes"]
NUMBERS = [0.1 + 0.2, 1 / 3, 1e-7, 123456789.123456789, 5e11, 0.30, 7.0]


def book_of(folder: Path, place: Path) -> Path:
    return export(folder, "xlsx", place)


def written(files: dict[str, str], folder: Path) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case whose names are awkward and whose numbers need all their digits, as a folder."""
    pieces = [spot(f"市場{n}", "oxide", price) for n, price in enumerate(NUMBERS)]
    named = tables(elements=[{"element": f"e{number}", "name": name} for number, name in enumerate(NAMES)])
    case = case_of(*pieces, must("motors", "oxide", 10), named)
    return written(case_files(case), tmp_path_factory.mktemp("awkward"))


@pytest.fixture(scope="module")
def book(awkward: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The awkward case as a workbook."""
    return book_of(awkward, tmp_path_factory.mktemp("book") / "book.xlsx")


@pytest.fixture
def broken(book: Path, tmp_path: Path) -> Changing:
    """The workbook after something in it was changed."""

    def make(change: Callable[[Any], object], name: str = "book.xlsx") -> Path:
        changed = openpyxl.load_workbook(book)
        change(changed)
        changed.save(tmp_path / name)
        return tmp_path / name

    return make


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_comes_back_as_the_same_case(name: str, tmp_path: Path) -> None:
    case, _ = read_case(REPOSITORY / "inputs" / name)
    book = book_of(REPOSITORY / "inputs" / name, tmp_path / "book.xlsx")
    done = call("new", str(tmp_path / "mine"), "--from", str(book), "--json")
    assert done.exit_code == 0
    again, _ = read_case(tmp_path / "mine")
    assert case_hash(again) == case_hash(case)
    overlays = [path.relative_to(REPOSITORY / "inputs" / name) for path in case.folder.glob("overlays/*.yaml")]
    for place in overlays:
        assert (tmp_path / "mine" / place).read_text() == (case.folder / place).read_text()
    assert {"case.yaml", *map(str, overlays)} <= set(json.loads(done.stdout)["files"])


def test_awkward_names_and_numbers_come_back_as_they_were(awkward: Path, book: Path, tmp_path: Path) -> None:
    files = case_of_book(book)
    again, _ = read_case(written(files, tmp_path / "mine"))
    assert [row.name for row in again.rows("elements")] == NAMES
    assert [row.price_usd_per_kg for row in again.rows("contract_items")] == NUMBERS
    assert [row.contract for row in again.rows("contracts")] == [f"市場{n}" for n in range(len(NUMBERS))]
    assert case_hash(again) == case_hash(read_case(awkward)[0])


def test_calamine_finds_in_the_workbook_what_the_case_has(awkward: Path, book: Path) -> None:
    held = python_calamine.CalamineWorkbook.from_path(str(book))
    case, _ = read_case(awkward)
    for name, declaration in TABLES.items():
        header, *rows = held.get_sheet_by_name(name).to_python()
        assert header == list(titles(declaration))
        assert len([row for row in rows if any(cell != "" for cell in row)]) == len(case.rows(name))
    assert [row[1] for row in held.get_sheet_by_name("elements").to_python()[1:]][: len(NAMES)] == NAMES
    header, *rows = held.get_sheet_by_name("contract_items").to_python()
    assert [row[header.index("price_usd_per_kg")] for row in rows][: len(NUMBERS)] == NUMBERS


def test_whole_numbers_are_the_same_however_a_spreadsheet_writes_them(broken: Changing) -> None:
    def as_fractions(book: Any) -> None:
        for cell in (cell for row in book["contract_items"].iter_rows(min_row=2) for cell in row):
            if isinstance(cell.value, int):
                cell.value = float(cell.value)

    table = "contract_items.csv"
    assert case_of_book(broken(as_fractions, "one.xlsx"))[table] == case_of_book(broken(id, "two.xlsx"))[table]


def test_every_table_has_a_sheet_with_a_note_on_every_heading(book: Path) -> None:
    held = openpyxl.load_workbook(book)
    assert held.sheetnames == ["about", "texts", "lists", *TABLES]
    assert held["lists"].sheet_state == "hidden"
    for name, declaration in TABLES.items():
        header = held[name][1]
        assert [cell.value for cell in header] == list(titles(declaration))
        for cell, column in zip(header, declared(declaration).values(), strict=True):
            assert cell.comment.text.startswith(column.meaning)
            assert (f"unit: {column.unit}" in cell.comment.text) == bool(column.unit)
    note = next(cell for cell in held["contract_items"][1] if cell.value == "price_usd_per_kg").comment.text
    assert "USD/kg" in note


def test_references_and_words_have_drop_downs_that_point_at_what_they_name(book: Path) -> None:
    held = openpyxl.load_workbook(book)
    seen = 0
    for name, declaration in TABLES.items():
        rules: dict[str, Any] = {
            str(rule.sqref).partition("2:")[0]: rule for rule in held[name].data_validations.dataValidation
        }
        for cell, column in zip(held[name][1], declared(declaration).values(), strict=True):
            rule: Any = rules.get(cell.column_letter)
            if column.kind == "choice":
                assert rule.formula1 == f'"{",".join(column.choices)}"'
                assert len(rule.formula1) <= 255
            elif column.kind == "flag":
                assert rule.formula1 == '"yes,no"'
            elif column.kind == "reference":
                sheet, _, area = rule.formula1.partition("!")
                first = held[sheet.strip("'")][area.replace("$", "").partition(":")[0].replace("2", "1")]
                targets = column.table.split()
                assert sheet.strip("'") == (targets[0] if len(targets) == 1 else "lists")
                assert len(targets) > 1 or first.value == next(iter(titles(TABLES[targets[0]])))
                seen += 1
            elif column.kind in ("number", "whole") and column.low is not None:
                assert float(rule.formula1) == column.low
    assert seen > 30
    supplier = next(cell for cell in held["contracts"][1] if cell.value == "supplier")
    rule = next(r for r in held["contracts"].data_validations.dataValidation if supplier.column_letter in str(r.sqref))
    assert rule.formula1.startswith("'suppliers'!$A$2:$A$")


def cell_of(book: Any, sheet: str, column: str, row: int) -> Any:
    return next(cell for cell in book[sheet][1] if cell.value == column).offset(row - 1)


def put(sheet: str, column: str, row: int, value: Any) -> Callable[[Any], object]:
    def change(book: Any) -> None:
        cell_of(book, sheet, column, row).value = value

    return change


BROKEN = {
    "a word for a number": (put("demands", "t_per_year", 2, "ten"), "demands, cell ", "found 'ten'"),
    "a formula": (put("demands", "t_per_year", 2, "=5+5"), "demands, cell ", "Paste its value"),
    "an error": (put("demands", "t_per_year", 2, "#N/A"), "demands, cell ", "the error #N/A"),
    "a negative tonnage": (put("demands", "t_per_year", 2, -1), "demands, cell ", "found -1"),
    "a number as a flag": (put("elements", "heavy", 3, 5), "elements, cell C3", "found '5'"),
    "two lines in a cell": (put("elements", "name", 2, "a\nb"), "elements, cell B2", "U+000A"),
    "a time": (put("futures", "onset", 2, datetime.time(1, 2)), "futures, cell ", "found 01:02:00"),
    "a file outside": (lambda book: book["texts"].append(["../x", "y"]), "texts, cell A", "found the file '../x'"),
    "a hidden file": (lambda book: book["texts"].append(["overlays/.x.yaml", "y"]), "texts, cell A", "overlays/NAME"),
    "another sheet": (lambda book: book.create_sheet("contract"), "sheet contract:", "Did you mean contracts"),
    "no texts": (lambda book: book.remove(book["texts"]), "book.xlsx:", "no case.yaml"),
    "a heading renamed": (
        lambda book: setattr(book["elements"]["B1"], "value", "nam"),
        "elements, cell B1",
        "the column 'nam', expected a column of this table. Did you mean name",
    ),
    "a heading twice": (lambda book: setattr(book["elements"]["B1"], "value", "element"), "cell B1", "again"),
    "a heading gone": (
        lambda book: setattr(book["elements"]["A1"], "value", "name"),
        "elements, cell",
        "no column 'element'",
    ),
    "a cell beside the table": (lambda book: setattr(book["elements"]["H2"], "value", 1), "cell H2", "no heading"),
    "a cell far away": (lambda book: setattr(book["elements"]["A40000"], "value", "x"), "cell A40000", "at most"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_wrong_is_told_by_file_sheet_and_cell(broken: Changing, tmp_path: Path, what: str) -> None:
    change, place, words = BROKEN[what]
    path = broken(change)
    done = call("new", str(tmp_path / "mine"), "--from", str(path), "--json")
    assert done.exit_code == 2
    told = json.loads(done.stdout)["message"]
    assert str(path) in told
    assert place in told
    assert words in told
    assert not (tmp_path / "mine").exists()


def test_every_fault_is_told_at_once(broken: Changing) -> None:
    def change(book: Any) -> None:
        put("demands", "t_per_year", 2, "ten")(book)
        put("elements", "heavy", 3, "maybe")(book)

    with pytest.raises(InputError) as caught:
        case_of_book(broken(change))
    assert [fault.found for fault in caught.value.faults] == ["'maybe'", "'ten'"]


def test_dates_and_ticks_of_a_spreadsheet_are_understood(broken: Changing) -> None:
    def change(book: Any) -> None:
        put("futures", "onset", 2, datetime.datetime(2028, 1, 1))(book)  # noqa: DTZ001
        put("elements", "heavy", 2, True)(book)

    files = case_of_book(broken(change))
    assert "2028-01-01" in files["futures.csv"]
    assert files["elements.csv"].splitlines()[1].endswith(",yes")


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "no workbook"), (b"PK\x03\x04", "no workbook"), (None, "no such file")]
)
def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "book.xlsx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=words):
        case_of_book(path)


def test_a_workbook_whose_inside_is_broken_is_refused(book: Path, tmp_path: Path) -> None:
    for number, name in enumerate(("xl/workbook.xml", "xl/worksheets/sheet5.xml", "[Content_Types].xml")):
        changed = tmp_path / f"broken{number}.xlsx"
        with zipfile.ZipFile(book) as old, zipfile.ZipFile(changed, "w") as new:
            for entry in old.namelist():
                new.writestr(entry, old.read(entry)[:200] if entry == name else old.read(entry))
        with pytest.raises(InputError, match="cannot be read"):
            case_of_book(changed)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * 2_000_000)
    monkeypatch.setattr("orefolio.exports.workbook.read.MOST_BYTES", 1_000_000)
    with pytest.raises(InputError, match="2,000,000 bytes, unpacked"):
        case_of_book(path)


def test_a_case_is_exported_as_a_workbook_only_and_under_a_safe_name(
    awkward: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="Solve it, and export the run"):
        export(awkward, "lp")
    text = (awkward / "case.yaml").read_text(encoding="utf-8")
    files = {path.name: path.read_text(encoding="utf-8") for path in awkward.iterdir()}
    files["case.yaml"] = text.replace("name: 'pencil'", "name: '<script>/磁石'")
    export(written(files, tmp_path / "case"), "xlsx")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["-script--磁石.xlsx", "case"]
