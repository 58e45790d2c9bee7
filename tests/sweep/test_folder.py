"""What a sweep takes up again: whole records of its own, and nothing else."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from orefolio.analyses.sweep.sealed import canonical, filled_whole, opened, sealed
from orefolio.errors import FolderInUseError, InputError, SpaceError
from sweep.files import contents
from sweep.stand_ins import ABOUT, swept

COUNT = 4


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An unfinished sweep: all points ended, the files of the end missing."""
    swept(tmp_path / "sweep", COUNT)
    for name in ("table.csv", "sweep.json", "manifest.json"):
        (tmp_path / "sweep" / name).unlink()
    return tmp_path / "sweep"


def again(folder: Path, **rest: object) -> int:
    return swept(folder, COUNT, resume=True, **rest).redone


def point(folder: Path, number: int) -> Path:
    return folder / "points" / f"{number:06}.json"


def refusal(folder: Path, **rest: object) -> str:
    with pytest.raises(InputError) as refused:
        again(folder, **rest)
    assert refused.value.exit_code == 2
    return str(refused.value)


def test_a_finished_sweep_has_a_manifest_of_all_its_files(tmp_path: Path) -> None:
    import hashlib

    swept(tmp_path / "a", COUNT)
    files = contents(tmp_path / "a")
    listed = json.loads(files.pop("manifest.json"))["sha256"]
    assert listed == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    assert json.loads(files["sweep.json"])["counts"] == {"points": 4, "done": 4, "failed": 0}
    # A cell that a spreadsheet would run is made harmless.
    assert files["table.csv"].decode().splitlines()[2] == "2,1,done,,1,'=1 二乗"


def test_a_sweep_is_taken_up_only_when_asked(folder: Path) -> None:
    with pytest.raises(
        InputError, match=r"found a sweep that was begun, 4 of 4 points ended, expected none\. .*--resume"
    ):
        swept(folder, COUNT)
    assert again(folder) == 0
    with pytest.raises(InputError, match="found a finished sweep, 4 of 4"):
        swept(folder, COUNT)
    before = contents(folder)
    assert again(folder) == 0
    assert contents(folder) == before


def test_only_what_is_missing_is_planned(folder: Path, tmp_path: Path) -> None:
    whole = contents(folder)
    point(folder, 2).unlink()
    (folder / "points" / ".partial-000003.json").write_text("half")
    assert again(folder, setup={"log": str(tmp_path / "log")}) == 1
    assert (tmp_path / "log").read_text() == "1\n"
    assert whole.items() <= contents(folder).items()
    assert not list(folder.rglob(".partial*"))


@pytest.mark.verifies("fault")
def test_a_checkpoint_with_any_byte_flipped_is_refused(folder: Path, tried: Callable[..., None]) -> None:
    path = point(folder, 3)
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(InputError, match=re.escape(f"{path}: found ")):
            opened(path)
    path.write_bytes(whole)
    assert opened(path)["number"] == 2
    tried("fault", len(whole))


@pytest.mark.verifies("fault")
def test_a_checkpoint_cut_short_anywhere_is_refused(folder: Path, tried: Callable[..., None]) -> None:
    path = point(folder, 3)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(InputError, match=re.escape(f"{path}: found ")):
            opened(path)
    path.write_bytes(whole[: len(whole) // 2])
    text = refusal(folder)
    assert text.startswith(f"{path}: found ")
    assert "expected a record as it was written. Add --redo to do it again" in text
    assert again(folder, redo=True) == 1
    assert path.read_bytes() == whole
    tried("fault", len(whole) + 1)


@pytest.mark.verifies("fault")
@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({**ABOUT, "case": "d" * 64}, "found case cccccccccccc, expected dddddddddddd"),
        ({**ABOUT, "versions": {"orefolio": "2"}}, 'found versions {"orefolio":"1"}, expected {"orefolio":"2"}'),
    ],
)
def test_a_sweep_of_another_case_or_version_is_refused_by_name(folder: Path, about: object, said: str) -> None:
    before = contents(folder)
    for redo in (False, True):
        text = refusal(folder, about=about, redo=redo)
        assert text.startswith(f"{folder / 'head.json'}: {said}. Give another folder")
    assert contents(folder) == before


@pytest.mark.verifies("fault")
def test_other_points_are_another_sweep(folder: Path) -> None:
    with pytest.raises(InputError, match="found count 4, expected 5"):
        swept(folder, COUNT + 1, resume=True)


@pytest.mark.verifies("fault")
@pytest.mark.parametrize("redo", [False, True])
def test_a_checkpoint_of_another_sweep_is_never_mixed_in(folder: Path, tmp_path: Path, redo: bool) -> None:
    swept(tmp_path / "other", COUNT, about={**ABOUT, "case": "d" * 64})
    mine = point(folder, 2).read_bytes()
    shutil.copy(point(tmp_path / "other", 2), point(folder, 2))
    if redo:
        assert again(folder, redo=True) == 1
        assert point(folder, 2).read_bytes() == mine
    else:
        assert re.search(
            r"000002\.json: found a point of the sweep \w{12}, expected one of the sweep \w{12}", refusal(folder)
        )


@pytest.mark.verifies("fault")
def test_a_checkpoint_under_another_name_is_refused(folder: Path) -> None:
    shutil.copy(point(folder, 1), point(folder, 2))
    shutil.copy(point(folder, 3), folder / "points" / "stray.json")
    text = refusal(folder)
    assert "000002.json: found the point 0, expected the point of its name" in text
    assert "stray.json: found the point 2" in text
    assert again(folder, redo=True) == 1


@pytest.mark.verifies("fault")
def test_a_checkpoint_whose_point_was_altered_and_sealed_again_is_refused(folder: Path) -> None:
    content = opened(point(folder, 2))
    point(folder, 2).write_bytes(sealed({**content, "point": "0" * 64}))
    assert "found the point 000000000000" in refusal(folder)


@pytest.mark.verifies("fault")
@pytest.mark.parametrize("name", ["table.csv", "sweep.json", "manifest.json", "points/000001.json"])
def test_an_altered_file_of_a_finished_sweep_is_refused(tmp_path: Path, name: str) -> None:
    swept(tmp_path / "a", COUNT)
    whole = contents(tmp_path / "a")
    (tmp_path / "a" / name).write_bytes(whole[name][:-9])
    assert str(tmp_path / "a" / name) in refusal(tmp_path / "a")
    again(tmp_path / "a", redo=True)
    assert contents(tmp_path / "a") == whole


@pytest.mark.verifies("fault")
def test_an_altered_head_is_refused(folder: Path) -> None:
    whole = (folder / "head.json").read_bytes()
    (folder / "head.json").write_bytes(whole.replace(b'"count":4', b'"count":5'))
    assert f"{folder / 'head.json'}: found content with SHA-256 " in refusal(folder)


def test_failed_points_are_kept_until_they_are_asked_for_again(tmp_path: Path) -> None:
    swept(tmp_path / "a", COUNT, setup={"broken": [2.0]})
    before = contents(tmp_path / "a")
    assert again(tmp_path / "a") == 0
    assert contents(tmp_path / "a") == before
    done = swept(tmp_path / "a", COUNT, resume=True, redo=True)
    assert (done.redone, done.standing.failed) == (1, 0)
    swept(tmp_path / "b", COUNT)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"found 'notes\.txt' and no head\.json, expected an empty folder"):
        swept(tmp_path, COUNT)
    (tmp_path / "file").write_text("")
    with pytest.raises(SpaceError, match="cannot make the folder"):
        swept(tmp_path / "file" / "sweep", COUNT)


@pytest.mark.verifies("fault")
def test_a_second_sweep_in_the_same_folder_is_refused_while_the_first_is_at_work(tmp_path: Path) -> None:
    script = f"import fcntl, sys\nf = open({str(tmp_path / '.lock')!r}, 'w')\nfcntl.flock(f, fcntl.LOCK_EX)\n"
    script += "f.write('pid 7 on elsewhere')\nf.flush()\nprint(flush=True)\nsys.stdin.read()\n"
    with subprocess.Popen([sys.executable, "-c", script], stdin=-1, stdout=-1) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(FolderInUseError, match="pid 7 on elsewhere") as refused:
            swept(tmp_path, COUNT)
        assert refused.value.exit_code == 7
        holder.kill()
    # The lock of a process that was killed is gone with it.
    assert swept(tmp_path, COUNT).standing.done == COUNT


@pytest.mark.verifies("fault")
def test_a_full_disk_is_told_with_the_path(tmp_path: Path) -> None:
    script = (
        "import resource, sys\nfrom pathlib import Path\nfrom sweep.stand_ins import swept\n"
        "from orefolio.errors import SpaceError\nimport signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "try:\n    swept(Path(sys.argv[1]), 3)\nexcept SpaceError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "a")], capture_output=True, text=True, timeout=60,
        env={"PYTHONPATH": str(Path(__file__).parents[1])}, check=True,
    )  # fmt: skip
    assert done.stdout.startswith(f"cannot write {tmp_path / 'a' / 'head.json'}: File too large")


def test_equal_contents_are_equal_texts() -> None:
    assert canonical({"b": 1.0, "a": [None, "é"]}) == '{"a":[null,"é"],"b":1.0}'
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical(float("nan"))


def test_a_record_that_cannot_be_read_or_written_is_told_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone: found a file that cannot be read \(No such file or directory\)"):
        opened(tmp_path / "gone")
    with pytest.raises(SpaceError, match=r"cannot write .*table: No such file or directory"):
        filled_whole(tmp_path / "nowhere" / "table", lambda _: None)
