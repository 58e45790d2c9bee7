"""Where the tests of the sampled analyses work."""

from __future__ import annotations

from pathlib import Path

import pytest

from sensitivity.three_levers import tables
from test_api import written


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with the case of `three_levers` in the folder `case`."""
    written(tmp_path / "case", tables())
    monkeypatch.chdir(tmp_path)
    return tmp_path
