"""Runs of the case of tests/test_tables.py, with names that a page must neither obey nor lose."""

from __future__ import annotations

from pathlib import Path

import pytest

from orefolio import api
from test_api import with_levers, written

SCRIPT = "Australia's <script>alert(1)</script> & 豪州の契約"


@pytest.fixture(scope="session")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tables = with_levers()
    tables["contracts"][1]["name"] = SCRIPT
    return written(tmp_path_factory.mktemp("report") / "case", tables)


@pytest.fixture(scope="session")
def run(case: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run at base, not to be changed."""
    folder = api.load(case).solve(abs_gap=0.0, out=tmp_path_factory.mktemp("runs")).folder
    assert folder is not None
    return folder


@pytest.fixture(scope="session")
def dearer(case: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with a loss of 90 USD/kg by shortage instead of 50."""
    folder = api.load(case).what_if(loss=90.0).solve(abs_gap=0.0, out=tmp_path_factory.mktemp("runs")).folder
    assert folder is not None
    return folder
