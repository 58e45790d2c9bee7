"""Start the ranks of a hedging with an MPI launcher, and read what they answer."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..errors import Fault, InputError, MissingExtraError, OrefolioError, SolverError

CYLINDERS = 3
INSTALL = "pip install 'orefolio[mpi]'"
LAUNCHER = "mpiexec -n {ranks}"
LOG, TASK, ANSWER = "mpi.log", "task.json", "answer.json"
TAIL = 2000  # characters of the log in a message
GRACE = 10.0  # seconds that ranks have to end
SINGLE = {"OMP_NUM_THREADS": "1"}  # a rank is one thread; more would only crowd the machine


class RefusedError(OrefolioError):
    """Rank 0 refused the case; its message and exit code are those of the error that it met."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def checked_ranks(ranks: int, futures: int) -> None:
    """Raise InputError for a number of ranks that is no multiple of three, or more than three for each future."""
    if ranks < CYLINDERS or ranks % CYLINDERS or ranks > CYLINDERS * futures:
        wanted = f"a multiple of {CYLINDERS} up to {CYLINDERS * futures}, {CYLINDERS} for each of the futures"
        raise InputError([Fault("--ranks", str(ranks), wanted)])


def command(launcher: str, ranks: int, folder: Path) -> list[str]:
    """The words that start the ranks. Raises MissingExtraError where mpi-sppy or the launcher is not there."""
    missing = [name for name in ("mpisppy", "mpi4py", "pyomo") if find_spec(name) is None]
    try:
        first, *rest = shlex.split(launcher.format(ranks=ranks))
    except (ValueError, KeyError, IndexError) as error:
        raise InputError([Fault("--launcher", repr(launcher), f"words such as {LAUNCHER!r}")]) from error
    beside = str(Path(sys.executable).parent)
    found = shutil.which(first, path=beside) or shutil.which(first)
    if missing or found is None:
        raise MissingExtraError(f"{', '.join(missing) or first} is not there. Install with: {INSTALL}")
    # -P: nothing that lies where the command was called is taken for a module.
    return [found, *rest, sys.executable, "-P", "-m", "orefolio.scale.rank", str(folder)]


def launched(words: list[str], folder: Path, task: Mapping[str, Any]) -> dict[str, Any]:
    """Run the ranks in a folder that all of them can reach, and give what rank 0 answers.

    The launcher is called where the command was: a file that its words name, such as one of hosts, lies there.

    Raises RefusedError for a case that is none of theirs, SolverError where they end without an answer.
    """
    (folder / TASK).write_text(json.dumps(task, indent=2), encoding="utf-8")
    with (folder / LOG).open("w", encoding="utf-8") as log:
        process = subprocess.Popen(  # noqa: S603  a list, no shell
            words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, **SINGLE}
        )
        try:
            process.wait()
        finally:
            _ended(process)
    return answered(folder)


def answered(folder: Path) -> dict[str, Any]:
    """The answer in a folder. Errors as those of `launched`."""
    try:
        answer: dict[str, Any] = json.loads((folder / ANSWER).read_text(encoding="utf-8"))
    except FileNotFoundError:
        said = (folder / LOG).read_text(encoding="utf-8", errors="replace")[-TAIL:]
        raise SolverError(f"The ranks ended without an answer; their log is {folder / LOG}.\n{said}") from None
    if "refused" in answer:
        raise RefusedError(answer["refused"], answer["exit_code"])
    return answer


def _ended(process: subprocess.Popen[bytes]) -> None:
    """No rank outlives the command."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
