"""The audit of a folder begins with its files: what was changed, taken away or added since is named, and it goes on."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from audit import runs
from orefolio.audit import audit_folder
from orefolio.cli import main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "run"
    shutil.copytree(runs.everything().folder, copy)
    return copy


def findings(folder: Path) -> dict[str, list[str]]:
    return {result.name: result.tally.findings for result in audit_folder(folder).failed}


@pytest.mark.verifies("tampering")
def test_a_changed_file_is_named_and_the_reckoning_goes_on(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A blank at the end of the log means nothing to the plan, so that the files are all that fails."""
    log = folder / "solver.log"
    log.write_bytes(log.read_bytes() + b" ")
    assert main.main(["audit", str(folder)], standalone_mode=False) == 5
    said = capsys.readouterr().out
    assert "files: solver.log was changed after the run was written" in said
    assert findings(folder) == {"files": ["solver.log was changed after the run was written"]}
    assert len(audit_folder(folder).results) > 30


@pytest.mark.verifies("tampering")
def test_a_file_that_was_taken_away_is_named(folder: Path) -> None:
    (folder / "solver.log").unlink()
    assert findings(folder) == {"files": ["solver.log was taken away after the run was written"]}


@pytest.mark.verifies("tampering")
def test_a_file_that_was_added_is_named(folder: Path) -> None:
    (folder / "case" / "notes.txt").write_text("of mine", encoding="utf-8")
    found = findings(folder)
    assert found["files"][0] == "case/notes.txt was added after the run was written"
    assert "hash" in found["files"][1]


@pytest.mark.verifies("tampering")
@pytest.mark.parametrize("name", ["plan.csv", "tables/cost.csv", "run.json"])
def test_a_run_that_cannot_be_read_any_more_is_a_disagreement(name: str, folder: Path) -> None:
    (folder / name).unlink()
    assert main.main(["audit", str(folder), "--json"], standalone_mode=False) == 5
    assert findings(folder)["files"][0] == f"{name} was taken away after the run was written"


@pytest.mark.verifies("tampering")
def test_a_case_that_was_exchanged_together_with_its_hash_in_the_manifest_is_named(folder: Path) -> None:
    place = folder / "case" / "settings.csv"
    text = place.read_text(encoding="utf-8")
    assert "discount_rate,0.05" in text
    place.write_text(text.replace("discount_rate,0.05", "discount_rate,0.06"), encoding="utf-8")
    _seal_again(folder)
    assert findings(folder)["files"] == ["case is not the one whose hash run.json gives"]


@pytest.mark.verifies("tampering")
def test_a_manifest_that_no_longer_says_anything_is_named(folder: Path) -> None:
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    assert "manifest.json" in findings(folder)["files"][0]


def test_a_folder_without_a_manifest_is_bad_input(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    assert main.main(["audit", str(folder)], standalone_mode=False) == 2


def _seal_again(folder: Path) -> None:
    """Give the manifest the hashes of the files as they are now."""
    place = folder / "manifest.json"
    content = json.loads(place.read_text(encoding="utf-8"))
    content["sha256"] = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in content["sha256"]}
    place.write_text(json.dumps(content), encoding="utf-8")
