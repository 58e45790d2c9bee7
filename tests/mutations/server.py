"""Runs mutants: imports all once, then forks a child for each mutant that lays it and runs one file of tests.

It reads a line for each request, a file of tests and a mutant's name or nothing, and answers with a line of JSON. It
never solves anything itself, so that a child starts without threads.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from mutations import operators
from orefolio.errors import InfeasibleError
from orefolio.program.flatten import flatten, stated
from orefolio.program.merge import ForeknowledgeError

TESTS = Path(__file__).parents[1]
PATIENCE_S = 120
HONEST = (AssertionError, InfeasibleError, ForeknowledgeError, pytest.fail.Exception)
"""How a test says that an optimum, a plan or a refusal is not what it should be."""


class Watching:
    """Stops at the first test that fails as a test should, and notes what else went wrong."""

    def __init__(self) -> None:
        self.killers: list[str] = []
        self.errors: list[str] = []
        self.passed = 0

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        """Tell a wrong answer from a mutation that breaks the program."""
        yield
        if call.excinfo is None:
            self.passed += call.when == "call"
            return
        raised = Path(call.excinfo.traceback[-1].path)
        own = raised.is_relative_to(TESTS) or "_pytest" in raised.parts
        if isinstance(call.excinfo.value, HONEST) and (own or not isinstance(call.excinfo.value, AssertionError)):
            self.killers.append(item.name)
            item.session.shouldstop = "killed"
        else:
            self.errors.append(f"{item.name}: {call.excinfo.exconly()[:200]}")


def files_of(file: str) -> list[Path]:
    """A file of tests and those that go on with its subject: their names begin with its own and name no other part."""
    from mutations.table import MUTANTS

    first, others = TESTS / file, {TESTS / mutant.file for mutant in MUTANTS.values()}
    return [first, *(path for path in sorted(first.parent.glob(f"{first.stem}_*.py")) if path not in others)]


def run(file: str, mutant: str) -> dict[str, Any]:
    """Run a file of tests with a mutant laid, or with none; a name that begins with `watch ` only notes."""
    from mutations.table import MUTANTS

    watching = Watching()
    if mutant.startswith("watch "):
        operators.watched(mutant.removeprefix("watch "))()
    elif mutant:
        MUTANTS[mutant].mutation()
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:unraisableexception"]
    code = pytest.main([*map(str, files_of(file)), *options], [watching])
    return {
        "killers": watching.killers,
        "errors": watching.errors,
        "passed": watching.passed,
        "code": int(code),
        "struck": sum(operators.STRUCK.values()),
        "stated": sorted({f"{kind} {name}" for kind, name in operators.STATED}),
    }


def in_a_child(file: str, mutant: str) -> dict[str, Any]:
    """The same in a child, which is ended when it takes too long."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        try:
            answer = run(file, mutant)
        except BaseException as error:
            answer = {"killers": [], "errors": [f"{type(error).__name__}: {error}"], "passed": 0, "code": -1}
        with os.fdopen(writing, "w") as pipe:
            pipe.write(json.dumps(answer))
        os._exit(0)
    os.close(writing)
    ready, _, _ = select.select([reading], [], [], PATIENCE_S)
    if not ready:
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    missing = {"killers": [], "errors": ["the child ended without an answer"], "passed": 0, "code": -2}
    return {"struck": 0, "stated": [], **(json.loads(text) if text else missing)}


def serve() -> None:
    """Import what the children need, then answer until the input ends."""
    import pencil
    from orefolio.case.scenarios import plant

    for file in sorted(TESTS.glob("families/test_*.py")):
        importlib.import_module(f"families.{file.stem}")
    importlib.import_module("mutations.table")
    case = pencil.case_of(pencil.spot("m", "ore", 1), pencil.must("d", "ore", 1))
    flatten(stated(plant(case).paths[0]))
    vars(pencil)["_confirm"] = lambda *_: None  # one solve tells of a mutant
    gc.freeze()
    for line in sys.stdin:
        file, mutant = json.loads(line)
        sys.stdout.write(json.dumps(in_a_child(file, mutant)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
