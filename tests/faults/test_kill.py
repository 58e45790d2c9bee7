"""A solve that is killed at any moment leaves a whole run or none, and the next one has the same bytes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from faults.cases import environment, small_case


def killed(tmp_path: Path, tries: int, seed: int) -> dict[str, Any]:
    words = [str(small_case(tmp_path / "case")), str(tmp_path / "results"), str(tries), str(seed)]
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("killing.py")), *words],
        capture_output=True, text=True, env=environment(), check=False, timeout=900,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def assert_whole_or_none(found: dict[str, Any], tries: int) -> None:
    counts = found["counts"]
    assert found["faults"] == []
    assert counts["tries"] == tries
    assert counts["complete"] + counts["absent"] == tries
    # would fail if the kills came only before the writing, or after the end
    assert counts["in writing"] >= tries // 5, found
    assert counts["absent"] > counts["in writing"] // 2, found
    assert counts["killed"] >= tries // 2, found
    assert counts["stale locks"] >= counts["in writing"], found


@pytest.mark.verifies("fault")
def test_twenty_kills_leave_a_run_or_none(tmp_path: Path, tried: Callable[..., None]) -> None:
    assert_whole_or_none(killed(tmp_path, 20, seed=1), 20)
    tried("fault", 20)


@pytest.mark.long
@pytest.mark.verifies("fault")
def test_two_hundred_kills_leave_a_run_or_none(tmp_path: Path, tried: Callable[..., None]) -> None:
    assert_whole_or_none(killed(tmp_path, 200, seed=2), 200)
    tried("fault", 200)
