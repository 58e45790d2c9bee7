"""Results that were tampered with are rejected: single changes in every table and column, the plan and the record."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path

import pytest

from audit import runs
from audit.tampering import BY_FILES, Change, cells_of, changes, every_column
from orefolio.audit import audit_folder
from orefolio.errors import InputError
from orefolio.tables import TABLES

PENCIL = {"simple": runs.simple, "everything": runs.everything}
VOID_SHARE = 0.02


def rejected(change: Change) -> bool:
    """Whether the audit disagrees, by reckoning alone. A run that cannot be read any more is rejected too."""
    try:
        return not change.texts.report().passed
    except InputError:
        return True


def missed(tried: Callable[..., None], several: Iterable[Change]) -> tuple[list[str], int]:
    """The changes that pass though they are not void, and how many were tried that are not. Says how many were void."""
    count, void, found = 0, [], []
    for change in several:
        if rejected(change):
            count += 1
        elif change.void:
            void.append(change.what)
        else:
            count += 1
            found.append(change.what)
    tried("tampering", count, len(void))
    assert len(void) <= VOID_SHARE * (count + len(void)), void
    return found, count


@pytest.mark.verifies("tampering")
@pytest.mark.parametrize(("name", "seed"), [(name, seed) for name in PENCIL for seed in range(10)])
def test_single_changes_are_rejected(name: str, seed: int, tried: Callable[..., None]) -> None:
    assert missed(tried, changes(PENCIL[name](), 10, seed))[0] == []


@pytest.mark.verifies("tampering")
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("name", PENCIL)
def test_a_change_in_any_column_of_any_table_is_rejected(name: str, table: str, tried: Callable[..., None]) -> None:
    texts = PENCIL[name]()
    assert _columns(table, texts.tables[table]) - set(cells_of(texts)) <= BY_FILES
    assert missed(tried, every_column(texts, seed=6, table=table))[0] == []


def _columns(table: str, text: str) -> set[tuple[str, str]]:
    rows = runs.split(text)
    return {(table, column) for column in rows[0] if len(rows) > 1}


@pytest.mark.long
@pytest.mark.verifies("tampering")
def test_single_changes_to_japan_are_rejected(tried: Callable[..., None]) -> None:
    several = chain(changes(runs.japan(), 100, seed=5), changes(runs.japan_in_years(), 60, seed=7))
    assert missed(tried, several)[0] == []


@pytest.mark.long
@pytest.mark.verifies("tampering")
def test_a_change_in_any_column_of_japans_tables_is_rejected(tried: Callable[..., None]) -> None:
    assert missed(tried, every_column(runs.japan(), seed=8))[0] == []


@pytest.mark.long
@pytest.mark.verifies("tampering")
@pytest.mark.parametrize(("grid", "count"), [("half_yearly", 60), ("quarterly", 40)])
def test_single_changes_to_all_futures_of_japan_are_rejected(grid: str, count: int, tried: Callable[..., None]) -> None:
    assert missed(tried, changes(runs.all_of_japan(grid), count, seed=9))[0] == []


@pytest.mark.verifies("tampering")
@pytest.mark.parametrize(("table", "column"), sorted(BY_FILES))
def test_what_only_the_program_knows_is_held_by_the_manifest(table: str, column: str, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(runs.everything().folder, folder)
    place = folder / "tables" / f"{table}.csv"
    rows = runs.split(place.read_text(encoding="utf-8"))
    rows[1][rows[0].index(column)] = "12"
    place.write_text(runs.joined(rows), encoding="utf-8")
    failed = {result.name: result.tally.findings for result in audit_folder(folder).failed}
    assert failed["files"] == [f"tables/{table}.csv was changed after the run was written"]
