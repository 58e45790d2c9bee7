"""Try mutants: each in a process of its own, with the tests that pass through the changed lines, the quickest first.

Tests are collected once. A first process runs them all and notes which lines each passes through. Then, for every
mutant, a process takes the changed code in the place of the old one and runs until a test fails. Nothing is written
to the tree.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import itertools
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import _lru_cache_wrapper
from pathlib import Path
from types import FunctionType
from typing import Any

import coverage
import pytest

from .changes import Mutant, codes_of

LONGEST_TEST_S = 1.0
"""Tests that need more processor time are left out: they would cost more than they tell."""
FIRST_SECONDS = 4.0
"""Processor time of the tests that a mutant meets first."""
LEFT_OUT = float("inf")
"""The time of a test that fails with the sound code: it tells nothing of a mutant."""
PATIENCE, LONG_PATIENCE = 5.0, 50.0
"""Times the processor time of a test with the sound code, and 0.2 s, after which a mutant is taken to hang: it is tried
again with the long one, since a machine with much else to do takes its time too."""
ENDED = "its process ended"
MEMORY_BYTES = 6_000_000_000
FAULT_OF_OURS = 70

SURVIVED, KILLED, UNTESTED = "survived", "killed", "untested"


@dataclass
class Passing:
    """Which tests pass through which line of which file, and the processor seconds that each takes."""

    tests: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    killers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def of(self, mutant: Mutant, path: str) -> tuple[list[str], list[str]]:
        """The tests of the lines of a mutant: FIRST_SECONDS of them, and the others for what these do not notice. What
        killed its neighbours comes first, then those that go where few go in its function, for the time they take."""
        lines = self.tests.get(path, {})
        found = {test for line in range(mutant.first_line, mutant.last_line + 1) for test in lines.get(line, ())}
        known = [*self.killers[mutant.function], *self.killers[mutant.file]]
        rank = {test: number for number, test in reversed(list(enumerate(known)))}
        rarity: dict[str, float] = defaultdict(float)
        for line in mutant.lines_of_function:
            for test in lines.get(line, ()):
                rarity[test] += 1 / len(lines[line])
        order = sorted(
            (test for test in found if self.seconds[test] <= LONGEST_TEST_S),
            key=lambda test: (rank.get(test, len(known)), -rarity[test] / max(self.seconds[test], 1e-3), test),
        )
        spent = itertools.accumulate(self.seconds[test] for test in order)
        soon = sum(so_far <= FIRST_SECONDS for so_far in spent)
        return order[:soon], order[soon:]

    def learn(self, mutant: Mutant, killer: str) -> None:
        """Note which test noticed a mutant: it will notice its neighbours."""
        if killer in self.seconds:
            for name in (mutant.function, mutant.file):
                before = self.killers[name]
                self.killers[name] = [killer, *(test for test in before if test != killer)]


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant, and the test that noticed it or the number of tests that did not."""

    mutant: Mutant
    outcome: str
    told: str


class Trial:
    """A pytest plugin that tries mutants where pytest would run its tests."""

    def __init__(
        self, root: Path, mutants: Sequence[Mutant], tell: Callable[[Verdict], None], ready: Sequence[str]
    ) -> None:
        self.root = root
        self.mutants = mutants
        self.tell = tell
        self.ready = ready
        self.verdicts: list[Verdict] = []
        self.failed: str | None = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note the first failure."""
        if report.failed and self.failed is None:
            self.failed = report.nodeid

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Note what the tests pass through, then try every mutant."""
        files = sorted({str(self.root / mutant.file) for mutant in self.mutants})
        for name in self.ready:
            module, _, function = name.partition(":")
            getattr(importlib.import_module(module), function)()
        functions = _functions_of(files)
        gc.collect()
        gc.freeze()
        passing = self._passing(session, files)
        items = {item.nodeid: item for item in session.items}
        for mutant in self.mutants:
            path = str(self.root / mutant.file)
            told, tried = "", 0
            for tests in filter(None, passing.of(mutant, path)):
                tried += len(tests)
                told = self._told(
                    mutant, [(items[test], passing.seconds[test]) for test in tests], functions[path], path
                )
                if told:
                    break
            passing.learn(mutant, told)
            outcome = KILLED if told else SURVIVED if tried else UNTESTED
            verdict = Verdict(mutant, outcome, told or f"{tried} tests")
            self.verdicts.append(verdict)
            self.tell(verdict)
        return True

    def _told(
        self, mutant: Mutant, tests: list[tuple[pytest.Item, float]], functions: list[FunctionType], path: str
    ) -> str:
        """The test that notices a mutant, or how its process ended; blank where none does."""
        told = ""
        for patience in (PATIENCE, LONG_PATIENCE):
            limits = [(item, patience * (0.2 + seconds)) for item, seconds in tests]
            whole = sum(limit for _, limit in limits)
            told = _in_child(lambda chosen=limits: self._try(mutant, chosen, functions, path), whole)
            if not told.startswith(ENDED):
                break
        return told

    def _try(
        self, mutant: Mutant, items: list[tuple[pytest.Item, float]], functions: list[FunctionType], path: str
    ) -> str:
        _forget()
        mutant.apply()
        _take_code(mutant, functions, path)
        for position, (item, patience) in enumerate(items):
            signal.setitimer(signal.ITIMER_PROF, patience)
            following = items[position + 1][0] if position + 1 < len(items) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                return self.failed
        return ""

    def _passing(self, session: pytest.Session, files: list[str]) -> Passing:
        def watch() -> str:
            watching = coverage.Coverage(data_file=None, config_file=False, include=files)
            watching.start()
            seconds = {}
            for item in session.items:
                _forget()
                watching.switch_context(item.nodeid)
                start = time.process_time()
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
                seconds[item.nodeid] = LEFT_OUT if self.failed else time.process_time() - start
                self.failed = None
            watching.stop()
            data = watching.get_data()
            tests = {
                file: {str(line): names for line, names in data.contexts_by_lineno(file).items()} for file in files
            }
            return json.dumps({"tests": tests, "seconds": seconds})

        told = json.loads(_in_child(watch, 1200.0))
        tests = {
            file: {int(line): [name for name in names if name] for line, names in lines.items()}
            for file, lines in told["tests"].items()
        }
        return Passing(tests, told["seconds"])


def try_mutants(
    root: Path,
    mutants: Sequence[Mutant],
    tests: Sequence[str],
    tell: Callable[[Verdict], None] = lambda _: None,
    ready: Sequence[str] = (),
) -> list[Verdict]:
    """What becomes of each mutant.

    root: of the repository; tests: files or folders, relative to it. ready: functions of tests that remember what they
    make with the sound code, `module:name`; they are called once, before any trial.
    """
    trial = Trial(root, mutants, tell, ready)
    options = ["-p", "no:cacheprovider", "-p", "no:terminal", f"--rootdir={root}"]
    code = pytest.main([*options, *(str(root / test) for test in tests)], plugins=[trial])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED) or len(trial.verdicts) != len(mutants):
        raise RuntimeError(f"the tests of the mutants ended with {code!r}")
    return trial.verdicts


def _functions_of(files: Sequence[str]) -> dict[str, list[FunctionType]]:
    found: dict[str, list[FunctionType]] = defaultdict(list)
    gc.unfreeze()  # what an earlier run set aside is not among the objects
    for thing in gc.get_objects():
        if type(thing) is FunctionType and thing.__code__.co_filename in files:
            found[thing.__code__.co_filename].append(thing)
    return found


def _take_code(mutant: Mutant, functions: Sequence[FunctionType], path: str) -> None:
    codes = codes_of(mutant.tree, Path(path))
    mine = [one for one in functions if one.__code__.co_qualname == mutant.function]
    if not mine:
        raise LookupError(f"no function {mutant.function} is loaded from {path}")
    for function in mine:
        if mutant.is_default:
            value = mutant.new.value  # type: ignore[attr-defined]
            _take_default(function, mutant, value)
        else:
            function.__code__ = codes[function.__code__.co_qualname, function.__code__.co_firstlineno]


def _take_default(function: FunctionType, mutant: Mutant, value: Any) -> None:
    assert mutant.position is not None
    if mutant.field == "defaults":
        values = list(function.__defaults__ or ())
        values[mutant.position] = value
        function.__defaults__ = tuple(values)
    else:
        name = mutant.owner.kwonlyargs[mutant.position].arg  # type: ignore[attr-defined]
        function.__kwdefaults__ = {**(function.__kwdefaults__ or {}), name: value}


def _forget() -> None:
    """Empty what the functions of the product remember."""
    for module in [module for name, module in sys.modules.items() if name.startswith("orefolio")]:
        for thing in vars(module).values():
            if isinstance(thing, _lru_cache_wrapper):
                thing.cache_clear()


def _in_child(work: Callable[[], str], seconds: float) -> str:
    """What a process of its own answers; where it dies or takes too long, how it ended."""
    scratch = tempfile.mkdtemp()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _answer(work, writing, scratch, seconds)
    os.close(writing)
    try:
        with _deadline(child, seconds * 3), os.fdopen(reading, "rb") as pipe:
            answer = pipe.read()
        _, status = os.waitpid(child, 0)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    code = os.waitstatus_to_exitcode(status)
    if code == FAULT_OF_OURS:
        raise RuntimeError(f"a mutant could not be tried: {answer.decode()}")
    return answer.decode() if code == 0 else f"{ENDED} with {code}"


def _answer(work: Callable[[], str], writing: int, scratch: str, seconds: float) -> None:
    code = FAULT_OF_OURS
    try:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = scratch
        tempfile.tempdir = scratch
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        answer = work().encode()
        while answer:
            answer = answer[os.write(writing, answer) :]
        code = 0
    except BaseException as error:
        os.write(writing, repr(error).encode())
    finally:
        os._exit(code)


@contextlib.contextmanager
def _deadline(child: int, seconds: float) -> Iterator[None]:
    def end(*_: object) -> None:
        os.kill(child, signal.SIGKILL)  # not yet waited for: the number is still its own

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
