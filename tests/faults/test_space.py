"""Disks that are full or read-only: told with path and bytes, exit 6, and nothing that stood there is touched.

Where the machine lets us mount a disk of our own, a small one is mounted; elsewhere a limit on the size of a file
stands for the full disk, and a folder without permission for the read-only one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from faults.cases import environment, small_case

MOUNTS = ("unshare", "--mount", "--map-root-user") if os.geteuid() else ("unshare", "--mount")

CHILD = """
import hashlib, json, os, resource, signal, subprocess, sys
from pathlib import Path
from orefolio.cli import main
from orefolio.solve import Session
how, case, place = sys.argv[1], sys.argv[2], Path(sys.argv[3])
def mount(*words):
    subprocess.run(["mount", *words, str(place)], check=True)
def call(*words):
    return main(["-q", "solve", case, "--out", str(place / "results"), *words], standalone_mode=False)
def there():
    found = {}
    for path in sorted(place.rglob("*")):
        if path.is_file() and path.name != "fill":
            found[str(path.relative_to(place))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
solved = []
solve = Session.solve
def then(do):
    def wrapped(self, *rest):
        solved.append(1)
        do()
        return solve(self, *rest)
    Session.solve = wrapped
def fill():
    free = os.statvfs(place).f_bavail * os.statvfs(place).f_frsize
    (place / "fill").write_bytes(bytes(free - LEFT))
LEFT = 12 * 1024
if how in ("full", "small", "read-only"):
    mount("-t", "tmpfs", "-o", "size=" + ("1M" if how == "small" else "60M"), "none")
first = call() if how != "small" else 6
before = there()
if how == "full":
    then(fill)
elif how == "small":
    then(lambda: None)
elif how == "read-only":
    mount("-o", "remount,ro")
    then(lambda: None)
elif how == "file size":
    def shrink():
        resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))
    then(shrink)
elif how == "no permission":
    os.chmod(place / "results", 0o555)
    if os.geteuid() == 0:
        os.chmod(place, 0o755)
        os.setresuid(65534, 65534, 65534)
    then(lambda: None)
solved.clear()
code = call()
left = sorted(path.name for path in (place / "results").iterdir())
print(json.dumps({"first": first, "code": code, "same": there() == before, "left": left, "solved": len(solved),
                  "files": len(before)}))
"""


@cache
def can_mount() -> bool:
    try:
        done = subprocess.run(
            [*MOUNTS, "sh", "-c", "mount -t tmpfs -o size=1M none /mnt"], capture_output=True, check=False, timeout=30
        )
    except OSError:
        return False
    return done.returncode == 0


def tried_with(how: str, tmp_path: Path) -> tuple[dict[str, Any], str]:
    """What the child found, and what it said."""
    place = tmp_path / "disk"
    place.mkdir()
    case = small_case(tmp_path / "case")
    if how == "no permission":  # another user has to get at the case
        root = Path(tempfile.gettempdir()).resolve()
        for folder in (case, *case.resolve().parents):
            if folder.is_relative_to(root) and folder != root:
                folder.chmod(0o755)
    words = [*(MOUNTS if how in ("full", "small", "read-only") else ()), sys.executable, "-c", CHILD, how]
    done = subprocess.run(
        [*words, str(case), str(place)], capture_output=True, encoding="utf-8", env=environment(PYTHONUTF8="1"),
        check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout.splitlines()[-1]), " ".join(done.stderr.split())


@pytest.mark.verifies("fault")
def test_a_disk_that_fills_while_a_run_is_written_is_told_with_path_and_bytes(tmp_path: Path) -> None:
    found, said = tried_with("full" if can_mount() else "file size", tmp_path)
    assert (found["first"], found["code"], found["solved"]) == (0, 6, 1)
    assert found["same"]
    assert found["files"] > 20
    assert len(found["left"]) == 1
    assert f"cannot write {tmp_path / 'disk' / 'results'}/20" in said
    assert ("No space left on device" if can_mount() else "File too large") in said
    assert "bytes were written and" in said


@pytest.mark.verifies("fault")
def test_a_file_that_may_not_grow_is_told_with_path_and_bytes(tmp_path: Path) -> None:
    found, said = tried_with("file size", tmp_path)
    assert (found["first"], found["code"], found["same"], len(found["left"])) == (0, 6, True, 1)
    assert f"cannot write {tmp_path / 'disk' / 'results'}/20" in said
    assert "File too large" in said
    assert "bytes were written and" in said


@pytest.mark.verifies("fault")
def test_too_little_space_is_told_before_the_solve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk of 1 MB; where none can be mounted, a run is said to need more than any disk has."""
    if can_mount():
        found, said = tried_with("small", tmp_path)
        assert (found["code"], found["solved"], found["left"]) == (6, 0, [])
    else:
        from orefolio.errors import SpaceError
        from orefolio.tables.folder import durable

        monkeypatch.setattr(durable, "LEAST_FREE_BYTES", 10**18)
        with pytest.raises(SpaceError) as raised:
            durable.ready(tmp_path / "disk" / "results")
        said = str(raised.value)
    assert f"cannot write into {tmp_path / 'disk' / 'results'}: " in said
    assert "bytes are left there, and a run needs up to" in said


@pytest.mark.verifies("fault")
def test_a_read_only_disk_is_told_before_the_solve(tmp_path: Path) -> None:
    found, said = tried_with("read-only" if can_mount() else "no permission", tmp_path)
    assert (found["first"], found["code"], found["solved"], found["same"]) == (0, 6, 0, True)
    reason = "its disk is read-only" if can_mount() else "no permission"
    assert f"cannot write into {tmp_path / 'disk' / 'results'}: {reason}" in said


@pytest.mark.verifies("fault")
def test_a_folder_without_permission_is_told_before_the_solve(tmp_path: Path) -> None:
    found, said = tried_with("no permission", tmp_path)
    assert (found["first"], found["code"], found["solved"], found["same"]) == (0, 6, 0, True)
    assert f"cannot write into {tmp_path / 'disk' / 'results'}: no permission" in said
