"""Kills solves: `python killing.py CASE OUT TRIES SEED` forks a solve for each try, kills it and looks at what is left.

Every second kill is aimed at the writing: it comes once the half-written folder is seen. Prints JSON: what was counted,
and `faults`, the list of what should not have been.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path

from faults.cases import digests, faults_of, runs
from orefolio.audit import audit_into
from orefolio.cli import main
from orefolio.errors import FolderInUseError, InputError
from orefolio.solve import engine
from orefolio.tables import TABLES
from orefolio.tables.folder import RunFolder
from orefolio.tables.outcome import Outcome

PRELOADED = (audit_into, engine, list(TABLES.items()), Outcome)
"""Imported before the fork, so that a try takes the time of a solve and not that of imports."""


def solving(case: Path, out: Path, said: Path) -> int:
    """Begin a solve in a process of its own; its pid."""
    child = os.fork()
    if child:
        return child
    number = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(number, 1)
    os.dup2(number, 2)
    os._exit(main(["solve", str(case), "--out", str(out)], standalone_mode=False))


def finished(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def partial(out: Path) -> bool:
    try:
        return any(name.startswith(".partial-2") for name in os.listdir(out))  # noqa: PTH208  as quick as can be
    except OSError:
        return False


def until_writing(out: Path, child: int) -> None:
    while not partial(out):
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return
        time.sleep(0.0003)


class Tries:
    """The tries so far. wanted: the bytes that every run must have. whole, writing: seconds of a solve, of its end."""

    def __init__(self, case: Path, out: Path, seed: int) -> None:
        self.case, self.out, self.said = case, out, out.with_name("said.txt")
        self.random = random.Random(seed)
        self.counts = dict.fromkeys(("tries", "killed", "in writing", "complete", "absent", "stale locks"), 0)
        self.faults: list[str] = []
        began = time.monotonic()
        child = solving(case, out, self.said)
        until_writing(out, child)
        seen = time.monotonic()
        assert finished(child) == 0, self.said.read_text()
        self.whole, self.writing = time.monotonic() - began, time.monotonic() - seen
        self.wanted = digests(runs(out)[0])

    def one(self, aimed: bool) -> None:
        """Kill a solve, look, run again, look."""
        shutil.rmtree(self.out, ignore_errors=True)
        child = solving(self.case, self.out, self.said)
        if aimed:
            until_writing(self.out, child)
            time.sleep(self.random.uniform(0.0, self.writing))
        else:
            time.sleep(self.random.uniform(0.0, self.whole))
        os.kill(child, signal.SIGKILL)
        self.counts["tries"] += 1
        self.counts["killed"] += finished(child) == -signal.SIGKILL
        self.look()
        self.again()

    def look(self) -> None:
        left = runs(self.out)
        self.counts["complete" if left else "absent"] += 1
        self.counts["in writing"] += partial(self.out)
        for folder in left:
            if faults_of(folder) or digests(folder) != self.wanted:
                self.faults.append(f"{folder.name} is not whole: {faults_of(folder)}")
        for path in self.out.glob(".partial-2*"):
            try:
                _ = RunFolder(path).record
            except InputError:
                continue
            self.faults.append(f"{path} is taken for a run")

    def again(self) -> None:
        """A rerun names the lock that was left, works once it is deleted, clears up, and has the same bytes."""
        before, lock = runs(self.out), self.out / ".lock"
        if lock.exists():
            self.counts["stale locks"] += 1
            code = finished(solving(self.case, self.out, self.said))
            words = " ".join(self.said.read_text().split())
            if code != FolderInUseError.exit_code or "which is gone" not in words or f"Delete {lock}" not in words:
                self.faults.append(f"a stale lock ended with {code}: {words}")
            if not lock.exists():
                self.faults.append("a stale lock was stolen")
            lock.unlink(missing_ok=True)
        code = finished(solving(self.case, self.out, self.said))
        new = [folder for folder in runs(self.out) if folder not in before]
        if code or len(new) != 1 or digests(new[0]) != self.wanted or faults_of(new[0]):
            self.faults.append(f"the rerun ended with {code} and {len(new)} runs: {self.said.read_text()}")
        left = [path.name for path in self.out.iterdir() if path.name.startswith(".")]
        if left:
            self.faults.append(f"the rerun left {left}")


if __name__ == "__main__":
    trying = Tries(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[4]))
    for number in range(int(sys.argv[3])):
        trying.one(aimed=number % 2 == 1)
    seconds = {"whole": trying.whole, "writing": trying.writing}
    sys.stdout.write(json.dumps({"counts": trying.counts, "faults": trying.faults, **seconds}))
