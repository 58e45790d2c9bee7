"""What the tests verify, counted: `pytest --verification=FILE` writes the table of docs/verification.md.

A test that verifies something says what: `@pytest.mark.verifies("fault")`. It counts once, or as often as it says with
the fixture `tried`; what was tried and means nothing is counted apart.
"""

from __future__ import annotations

import signal
from collections import defaultdict
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

KINDS = {
    "bad input": "bad inputs tried and refused properly",
    "fault": "faults injected and survived",
    "mutant": "mutants of the formulation killed",
    "code mutant": "mutants of the code killed (sampled)",
    "tampering": "tampered results caught",
    "audit": "runs audited and passed",
    "optimum": "outside optima met",
    "property": "properties held",
    "numerics": "numerical traps caught",
    "security": "security promises held",
}

PREFACE = """# What is verified

Made by `./setup-and-test --verification=docs/verification.md`, never by hand; with `-m 'long or not long'` the tests
that take minutes are counted too. A count is one bad input, one fault, one mutant, one changed result, one plan or one
drawn case; void means that a change said nothing wrong, for a reason that its test states.

`.ci/coverage` measures which branches of the model the everyday tests take, and asks for 95 %. What they leave out
stands in `tests/uncovered.csv`, function by function, each with its reason.

This page counts the tests selected by `-m '{selection}'`.
"""


@dataclass
class Tally:
    """How often a kind was tried, how much of it meant nothing, and which tests failed or did not run."""

    tests: int = 0
    tried: int = 0
    void: int = 0
    failures: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


class Counting:
    """Collects the outcome of every test that says what it verifies."""

    def __init__(self, path: Path, selection: str) -> None:
        self.path = path
        self.selection = selection
        self.tallies: dict[str, Tally] = {kind: Tally() for kind in KINDS}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test once, at its call, or where it ended before."""
        said: dict[str, list[object]] = defaultdict(list)
        for name, value in report.user_properties:
            said[name].append(value)
        for kind in said["verifies"]:
            tally = self.tallies[str(kind)]
            if report.failed:
                tally.failures.append(report.nodeid)
            elif report.skipped:
                tally.skipped.append(report.nodeid)
            elif report.when == "call":
                counts = [entry for entry in said["tried"] if isinstance(entry, list | tuple) and entry[0] == kind]
                tally.tests += 1
                tally.tried += sum(int(entry[1]) for entry in counts) if counts else 1
                tally.void += sum(int(entry[2]) for entry in counts)

    def pytest_sessionfinish(self) -> None:
        """Write the page with the table."""
        lines = [
            PREFACE.format(selection=self.selection),
            "| verified | count | void | tests | failures |",
            "|---|---:|---:|---:|---:|",
        ]
        for kind, words in KINDS.items():
            tally = self.tallies[kind]
            failures = f"{len(tally.failures)}" + (f", {len(tally.skipped)} not run" if tally.skipped else "")
            lines.append(f"| {words} | {tally.tried:,} | {tally.void or ''} | {tally.tests} | {failures} |")
        self.path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--verification", metavar="FILE", type=Path, help="write what was verified, counted, to FILE")


def pytest_configure(config: pytest.Config) -> None:
    # A shell's background job ignores Ctrl-C, and a child would inherit that.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    path = config.getoption("--verification")
    if path is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Counting(path, config.option.markexpr))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for marker in item.iter_markers("verifies"):
            assert marker.args[0] in KINDS, f"{item.nodeid}: no such kind: {marker.args[0]}"
            item.user_properties.append(("verifies", marker.args[0]))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Pencil cases are solved a second time, without presolve and from another seed: count those that agree."""
    from pencil import CONFIRMED

    before = len(CONFIRMED)
    result = yield
    if len(CONFIRMED) > before:
        marked = ("verifies", "numerics")
        item.user_properties += [] if marked in item.user_properties else [marked]
        item.user_properties.append(("tried", ("numerics", len(CONFIRMED) - before, 0)))
    return result


@pytest.fixture
def tried(request: pytest.FixtureRequest) -> Callable[..., None]:
    """`tried(kind, count, void=0)`: how often a test tried what it verifies."""

    def say(kind: str, count: int, void: int = 0) -> None:
        request.node.user_properties.append(("tried", (kind, count, void)))

    return say
