"""The command as a process of its own, in a folder of the test, that can be killed with all its workers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from sweep.test_interrupted import ENVIRONMENT, START, family, gone

CASE = Path(__file__).parents[2] / "inputs" / "minerals-us"
SILENT_SECONDS = 300
GAP = 20  # million USD, a thousandth of the cost


class Called:
    """`orefolio solve` by the futures, to a gap that takes some dozen rounds."""

    def __init__(self, place: Path, *words: str) -> None:
        self.place, self.folder = place, place / "rounds-of-it"
        given = ["solve", str(CASE), "--grid", "yearly", "--decompose", "--abs-gap", str(GAP), "--out", "results"]
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, *given, "--folder", str(self.folder), "--json", *words], cwd=place, text=True,
            env=ENVIRONMENT, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def rounds(self) -> dict[str, tuple[int, int]]:
        """The file of every round that has ended, by name: which it is and when it was written."""
        found = {}
        for path in (self.folder / "rounds").glob("[0-9]*.npz"):
            told = path.stat()
            found[path.name] = (told.st_ino, told.st_mtime_ns)
        return found

    def until(self, count: int) -> None:
        """Wait until so many rounds have ended."""
        until = time.monotonic() + SILENT_SECONDS
        while len(self.rounds()) < count:
            assert self.process.poll() is None, self.process.communicate()[1]
            assert time.monotonic() < until, "hangs"
            time.sleep(0.002)

    def kill(self) -> None:
        """Kill the coordinator alone, as a machine out of memory would; its workers must go by themselves."""
        children = family(self.process)
        assert len(children) >= 2
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.communicate()
        assert self.process.returncode == -signal.SIGKILL
        assert gone(children)
        (self.place / "results" / ".lock").unlink()  # of the run folders; the next call would say that it has to go

    def end(self) -> tuple[int, str, str]:
        """Exit code, stdout and stderr of a call that ends by itself."""
        said, told = self.process.communicate(timeout=SILENT_SECONDS)
        return self.process.returncode, said, told

    def answer(self) -> dict[str, Any]:
        """What --json says of a call that must succeed, its plan audited and proved."""
        code, said, told = self.end()
        assert code == 0, told
        found: dict[str, Any] = json.loads(said)
        assert found["status"] == "optimal"
        assert found["audit"]["passed"]
        assert found["abs_gap"] <= GAP
        return found
