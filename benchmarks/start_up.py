"""What commands cost before they do anything: CPU seconds of the whole process."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path

from . import Options, Rows

INPUTS = Path(__file__).parents[1] / "inputs"
COMMAND = ["-c", "import sys; from orefolio.cli import main; sys.exit(main())"]
COMMANDS = {
    "nothing but Python": ["-c", "pass"],
    "orefolio --help": [*COMMAND, "--help"],
    "orefolio check inputs/japan": [*COMMAND, "check", str(INPUTS / "japan")],
}


def section(options: Options) -> Rows:
    """A row for each command: the median of its runs, once its modules are compiled."""
    return [
        {"command": name, "cpu_s": round(statistics.median(_seconds(given) for _ in range(options.runs + 2)), 3)}
        for name, given in COMMANDS.items()
        if _seconds(given)
    ]


def _seconds(given: list[str]) -> float:
    """User and system time of one run, with compiled modules kept, whatever this process was told."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = os.times()
    subprocess.run([sys.executable, *given], check=True, capture_output=True, env=kept)  # noqa: S603  our own module
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system
