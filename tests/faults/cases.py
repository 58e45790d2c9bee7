"""What the tests of faults share: a small case with names from everywhere, and orefolio as a process of its own."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from orefolio.tables.folder.case_files import case_files
from test_api import with_levers
from test_tables import case_of

REPOSITORY = Path(__file__).parents[2]
JAPAN = REPOSITORY / "inputs" / "japan"
START = "from orefolio.cli import main; main()"
CASE = "日本🧲 Iğdır"
TRUNK = ("--grid", "yearly", "--deterministic", "--abs-gap", "0")
"""Of Japan's case: a search of some seconds with a plan after the first."""


def small_case(folder: Path) -> Path:
    """The hand case of the tables' tests, solved in a blink, with names in CJK, emoji and a dotless i."""
    tables = with_levers()
    tables["suppliers"][1]["name"] = "Iğdır 磁石🧲"
    tables["elements"][0] |= {"name": "ジスプロシウム"} if "name" in tables["elements"][0] else {}
    folder.mkdir(parents=True)
    for name, text in case_files(replace(case_of(tables), name=CASE, title="小さな🧲 vaka")).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def environment(**more: str) -> dict[str, str]:
    """The process's, so that a child finds the program of this checkout and the tests beside it."""
    paths = (REPOSITORY / "model", REPOSITORY / "tests")
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths)), "COLUMNS": "100", **more}


def orefolio(
    *words: object, script: str = START, timeout: float = 120, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        command(*words, script=script), capture_output=True, encoding="utf-8", errors="replace",
        env=environment(**more), check=False, timeout=timeout,
    )  # fmt: skip


def command(*words: object, script: str = START) -> list[str]:
    return [sys.executable, "-c", script, *map(str, words)]


def runs(parent: Path) -> list[Path]:
    """The run folders in a folder: all that does not start with a dot."""
    return sorted(path for path in parent.iterdir() if not path.name.startswith(".")) if parent.exists() else []


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a run but its clocks: run.json counts without `timing`, the log and manifest not."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in ("solver.log", "manifest.json", "run.json"):
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    record = {key: value for key, value in read_record(folder).items() if key != "timing"}
    return {**found, "run.json": hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()}


def read_record(folder: Path) -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return content


def faults_of(folder: Path) -> list[str]:
    """What a run folder lacks, by its own manifest: files that are missing, changed or not listed."""
    if not (folder / "manifest.json").is_file():
        return [f"{folder.name} has no manifest"]
    listed: dict[str, str] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["sha256"]
    there = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    return [name for name in sorted({*listed, *there}) if listed.get(name) != there.get(name)]
