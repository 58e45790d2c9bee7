"""Little memory: the need is told before the solve, and where it runs out on the way that is told too, with exit 6."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from faults.cases import JAPAN, environment, small_case
from orefolio.cli import main
from orefolio.solve.background import Background

AMOUNTS = (1, 4, 8, 16, 30, 60, 120, 250)


@pytest.mark.verifies("fault")
def test_too_little_address_space_is_told_before_the_solve(tmp_path: Path, tried: Callable[..., None]) -> None:
    """Of a process that has loaded all it needs, and may take so many MB more."""
    script = str(Path(__file__).with_name("starving.py"))
    done = subprocess.run(
        [sys.executable, script, str(JAPAN), str(tmp_path), "guarded", *map(str, AMOUNTS)],
        capture_output=True, text=True, env=environment(), check=False, timeout=250,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert list(found) == [str(amount) for amount in AMOUNTS]
    for amount, end in found.items():
        words = " ".join(end["said"].split())
        assert end["code"] == 6, (amount, words)
        assert end["left"] == [], amount
        assert "memory" in words, (amount, words)
        assert "Traceback" not in words, (amount, words)
    assert "MB are free" in " ".join(found["250"]["said"].split())
    tried("fault", len(AMOUNTS))


@pytest.mark.verifies("fault")
@pytest.mark.parametrize(
    "fault",
    [MemoryError("std::bad_alloc"), RuntimeError("can't start new thread"), OSError(12, "Cannot allocate memory")],
)
def test_memory_that_runs_out_in_the_solver_ends_with_6(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    """The solver's own lack of memory reaches Python as a MemoryError on the thread that it runs on."""

    def starved(self: Background) -> None:
        self.fault = fault
        self._ended.set()

    monkeypatch.setattr(Background, "_run", starved)
    done = CliRunner().invoke(main, ["solve", str(small_case(tmp_path / "case")), "--out", str(tmp_path / "results")])
    assert done.exit_code == 6
    assert "memory ran out" in done.stderr
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "results").iterdir()) == []
