"""The audit of a folder begins with its files: what was changed, taken away or added since is named, and it goes on."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest

from audit import runs
from orefolio.audit import audit_folder
from orefolio.audit.files import hash_of_case, plain_bytes, unchanged
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


# A folder written by hand


def sealed(folder: Path) -> Path:
    """Two files, one of them in a folder, and their manifest."""
    (folder / "tables").mkdir(parents=True)
    (folder / "a.txt").write_bytes(b"one")
    (folder / "tables" / "b.csv").write_bytes(b"two")
    hashes = {name: hashlib.sha256(text).hexdigest() for name, text in (("a.txt", b"one"), ("tables/b.csv", b"two"))}
    (folder / "manifest.json").write_text(json.dumps({"sha256": hashes}), encoding="utf-8")
    return folder


def looked_at(folder: Path) -> tuple[int, list[str]]:
    tally = unchanged(folder)
    return tally.items, tally.findings


def test_every_file_of_the_manifest_is_looked_at_and_every_other_is_told(tmp_path: Path) -> None:
    folder = sealed(tmp_path / "run")
    assert looked_at(folder) == (2, [])
    (folder / "tables" / "d.csv").write_bytes(b"two")
    (folder / "c.txt").write_bytes(b"one")
    (folder / "a.txt").write_bytes(b"One")
    (folder / "tables" / "b.csv").unlink()
    after = "after the run was written"
    assert looked_at(folder) == (
        4,
        [f"a.txt was changed {after}", f"tables/b.csv was taken away {after}", f"c.txt was added {after}",
         f"tables/d.csv was added {after}"],
    )  # fmt: skip


def test_analyses_that_came_later_are_no_change_of_the_run(tmp_path: Path) -> None:
    """Only in the run's own folder of analyses; a file of that folder that the manifest has is looked at as any."""
    folder = sealed(tmp_path / "run")
    for place in (folder / "analyses" / "tornado", folder / "tables" / "analyses"):
        place.mkdir(parents=True)
        (place / "answer.json").write_text("{}", encoding="utf-8")
    assert looked_at(folder) == (3, ["tables/analyses/answer.json was added after the run was written"])


def test_a_folder_that_was_never_sealed_has_nothing_to_look_at(tmp_path: Path) -> None:
    folder = sealed(tmp_path / "run")
    (folder / "manifest.json").unlink()
    assert looked_at(folder) == (0, [])


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"sha256": 3}', "[" * 100_000, "\x00"])
def test_a_manifest_that_says_nothing_is_told_once(text: str, tmp_path: Path) -> None:
    folder = sealed(tmp_path / "run")
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    assert looked_at(folder) == (1, ["manifest.json cannot be read: it was changed after the run was written"])


def test_pipes_and_links_that_leave_the_folder_are_not_read(tmp_path: Path) -> None:
    folder = sealed(tmp_path / "run")
    (tmp_path / "b.csv").write_bytes(b"two")
    (folder / "a.txt").unlink()
    os.mkfifo(folder / "a.txt")
    (folder / "tables" / "b.csv").unlink()
    (folder / "tables" / "b.csv").symlink_to(tmp_path / "b.csv")
    assert [text.split()[:3] for text in looked_at(folder)[1]] == [
        ["a.txt", "was", "changed"],
        ["tables/b.csv", "was", "changed"],
    ]
    assert plain_bytes(sealed(tmp_path / "other") / "a.txt", tmp_path / "other") == b"one"
    with pytest.raises(OSError, match="no plain file"):
        plain_bytes(folder / "a.txt", folder)
    with pytest.raises(OSError, match="leaves the run folder"):
        plain_bytes(folder / "tables" / "b.csv", folder)


def test_the_hash_of_a_case_goes_over_names_and_texts_in_order(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    (folder / "inner").mkdir(parents=True)
    (folder / "b.csv").write_bytes(b"two")
    (folder / "a.csv").write_bytes(b"one")
    (folder / "inner" / "c.csv").write_bytes(b"three")
    assert hash_of_case(folder) == hashlib.sha256(b"a.csv\none\nb.csv\ntwo\n").hexdigest()


def _seal_again(folder: Path) -> None:
    """Give the manifest the hashes of the files as they are now."""
    place = folder / "manifest.json"
    content = json.loads(place.read_text(encoding="utf-8"))
    content["sha256"] = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in content["sha256"]}
    place.write_text(json.dumps(content), encoding="utf-8")
