"""Solves with little memory: `python starving.py CASE OUT MB …` forks a solve for each amount of further address space.

With the word `unguarded` before the amounts, the estimate before the solve is silenced, so that memory really runs out
on the way. Prints JSON: exit code, signal and words of each.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

from faults.killing import PRELOADED, finished
from orefolio.cli import main
from orefolio.program import size

LOADED = PRELOADED
LONGEST_SECONDS = 60
"""Of processor time: a solve that loops is killed, and told as a death by signal."""


def starved(case: str, out: Path, said: Path, megabytes: int) -> int:
    """Solve in a process of its own, which may take so much more address space than it has."""
    child = os.fork()
    if child:
        return finished(child)
    number = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(number, 1)
    os.dup2(number, 2)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    most = used + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_SECONDS, LONGEST_SECONDS))
    words = ["-q", "solve", case, "--grid", "yearly", "--deterministic", "--abs-gap", "20", "--out", str(out)]
    os._exit(main(words, standalone_mode=False))


if __name__ == "__main__":
    case, out, guard, *amounts = sys.argv[1:]
    if guard == "unguarded":
        size.available_bytes = lambda: None
    found = {}
    for amount in amounts:
        said, parent = Path(out) / f"said-{amount}", Path(out) / amount
        code = starved(case, parent, said, int(amount))
        words = said.read_text(encoding="utf-8", errors="replace")
        left = [path.name for path in parent.iterdir()] if parent.exists() else []
        found[amount] = {"code": code, "said": words, "left": left}
    sys.stdout.write(json.dumps(found))
