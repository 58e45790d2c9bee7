"""The command line as the tests call it: in this process, or as a program of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from orefolio import cli

REPOSITORY = Path(__file__).parents[1]
CALL = [sys.executable, "-c", "from orefolio.cli import main; main()"]


def call(*words: str) -> Result:
    return CliRunner().invoke(cli.main, list(words))


def spawn(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "model"), **changes}
    return subprocess.run([*CALL, *words], capture_output=True, text=True, env=environment, check=False, timeout=60)
