"""A folder as a case: what is missing, what is too much, and what is told besides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from orefolio.case.read import load_case, load_case_with_warnings
from orefolio.errors import Fault, InputError
from test_case_sound import SOUND, write_case


def told(folder: Path) -> list[Fault]:
    with pytest.raises(InputError) as raised:
        load_case(folder)
    return list(raised.value.faults)


def places(faults: list[Fault]) -> list[tuple[str, int, int, str]]:
    return [(Path(fault.file).name, fault.line, fault.column, fault.found) for fault in faults]


def test_a_path_that_no_folder_can_have_is_nothing() -> None:
    for name in ("a\0b", "x" * 300):
        assert [fault.found for fault in told(Path(name))] == ["nothing there"]


def test_a_folder_that_cannot_be_listed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> Iterator[Path]:
        raise PermissionError(13, "Permission denied")

    folder = write_case(tmp_path)
    monkeypatch.setattr(Path, "iterdir", refuse)
    assert [fault.found for fault in told(folder)] == ["a folder that cannot be listed ([Errno 13] Permission denied)"]


def test_all_tables_together_may_be_as_large_as_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = sum(len(text.encode()) for name, text in SOUND.items() if name.endswith(".csv"))
    folder = write_case(tmp_path)
    monkeypatch.setattr("orefolio.case.read.CASE_BYTES", size)
    assert load_case(folder).name == "pencil"
    monkeypatch.setattr("orefolio.case.read.CASE_BYTES", size - 1)
    (fault,) = told(folder)
    assert fault.found == f"{size:,} bytes, so much with the tables before it"


def test_bytes_are_counted_from_the_first_table_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two tables of 6 and 16 bytes in a folder that has nothing else."""
    (tmp_path / "classes.csv").write_text("class\n", encoding="utf-8")
    (tmp_path / "markets.csv").write_text("market,name\na,b\n", encoding="utf-8")
    for limit, sizes in ((22, []), (21, ["22 bytes, so much with the tables before it"])):
        monkeypatch.setattr("orefolio.case.read.CASE_BYTES", limit)
        assert [fault.found for fault in told(tmp_path) if "so much" in fault.found] == sizes


@pytest.mark.parametrize("change", [None, "", "place,name,country\n", "place,name,country\nchina\n"])
def test_a_table_that_was_not_read_whole_makes_no_id_unknown(change: str | None, tmp_path: Path) -> None:
    """Lanes, contracts and demands name places: they are not told besides."""
    found = told(write_case(tmp_path, {"places.csv": change}))
    assert {Path(fault.file).name for fault in found} == {"places.csv"}


def test_faults_of_lines_and_of_cells_are_told_together(tmp_path: Path) -> None:
    text = "currency,per_usd\nJPY,x\nUSD\nEUR,1\n"
    found = places(told(write_case(tmp_path, {"currencies.csv": text})))
    assert sorted(found) == [("currencies.csv", 2, 5, "'x' in per_usd"), ("currencies.csv", 3, 4, "1 cells")]


def test_a_header_only_is_told_with_the_way_out_where_there_is_one(tmp_path: Path) -> None:
    found = told(write_case(tmp_path, {"licences.csv": "licence,approval_share\n", "places.csv": "place,country\n"}))
    remedies = {Path(fault.file).name: fault.remedy for fault in found if fault.found == "a header only"}
    assert remedies == {"places.csv": "", "licences.csv": "Where the case has none, leave the file out"}


def test_files_that_are_no_tables_are_warned_of_but_not_what_may_stand_there(tmp_path: Path) -> None:
    names = ("README.md", ".hidden", "PLACES.CSV", "lane.csv", "zzz.txt")
    folder = write_case(tmp_path, dict.fromkeys(names, "x"))
    (folder / "overlays").mkdir()
    warnings = load_case_with_warnings(folder).warnings
    assert {Path(fault.file).name: fault.remedy for fault in warnings} == {
        "PLACES.CSV": "Name it places.csv: it is not read",
        "lane.csv": "Did you mean lanes.csv or places.csv or chance.csv?",
        "zzz.txt": "It is not read",
    }
    assert {fault.found for fault in warnings} == {"a file that is no table"}


def test_case_yaml_and_the_tables_are_told_together(tmp_path: Path) -> None:
    changes = {"case.yaml": SOUND["case.yaml"].replace("grid: yearly", "grid: x"), "currencies.csv": "currency\nJPY\n"}
    found = {Path(fault.file).name for fault in told(write_case(tmp_path, changes))}
    assert found == {"case.yaml", "currencies.csv"}
    lanes = SOUND["lanes.csv"].replace("china,japan", "chna,japan")
    found = {Path(fault.file).name for fault in told(write_case(tmp_path, {"lanes.csv": lanes, **changes}))}
    assert "currencies.csv" in found
