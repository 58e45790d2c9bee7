"""A case of many cells: what the benchmark writes is sound, and reading and checking it grows with its cells alone."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType
from typing import Any

from benchmarks.large_case import TABLES, LargeCase
from orefolio.case.read import load_case_with_warnings


def lines_run(folder: Path) -> int:
    """Lines of Python that reading and checking a case runs through."""
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        load_case_with_warnings(folder)
    finally:
        sys.settrace(before)
    return count


def test_the_large_case_is_sound_and_the_same_for_a_seed(tmp_path: Path) -> None:
    cells = LargeCase(10_000, 3).write(tmp_path / "one")
    LargeCase(10_000, 3).write(tmp_path / "two")
    assert 9_000 < cells < 11_000
    loaded = load_case_with_warnings(tmp_path / "one")
    assert (loaded.warnings, loaded.infeasible) == ((), ())
    assert {path.stem for path in (tmp_path / "one").glob("*.csv")} == set(TABLES)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_work_grows_with_the_cells_and_not_with_their_square(tmp_path: Path) -> None:
    """Twice the cells are at most a tenth more than twice the work. Would fail if some table were scanned for each row
    of another: then the second doubling would add near four times what the first did."""
    work = []
    for cells in (20_000, 40_000, 80_000):
        LargeCase(cells).write(tmp_path / str(cells))
        work.append(lines_run(tmp_path / str(cells)))
    assert work[2] - work[1] < 2.2 * (work[1] - work[0])
