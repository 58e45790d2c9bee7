"""Every mutant of the formulation is killed by a test named for its family.

A mutant is killed when one of those tests gets a wrong optimum, no plan, or no refusal; a mutation that breaks the
program with any other error, or that changes nothing, is not counted as killed.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mutations.generic import CHANGES_NOTHING, FAMILY, mutations
from mutations.server import TESTS
from mutations.table import MUTANTS
from orefolio.families import FAMILIES

Ask = Callable[[str, str], dict[str, Any]]

EVERYDAY = frozenset(random.Random(2027).sample(sorted(MUTANTS), 10))
"""Tried in the everyday run too; the others take minutes."""


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """Ask the server what a file of tests says of a mutant."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), *filter(None, sys.path)])}
    command = [sys.executable, "-m", "mutations.server"]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=TESTS.parent, env=environment, **pipes) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        to_server, from_server = server.stdin, server.stdout

        def answer(file: str, mutant: str) -> dict[str, Any]:
            to_server.write(json.dumps([file, mutant]) + "\n")
            to_server.flush()
            return dict(json.loads(from_server.readline()))

        yield answer
        to_server.close()


def test_every_family_has_its_mutants() -> None:
    assert list(FAMILY) == list(FAMILIES)
    for part in (*FAMILIES, "merge", "risk", "risk_worst", "risk_chance", "risk_regret", "risk_regimes"):
        assert sum(mutant.part == part for mutant in MUTANTS.values()) >= 5, part
    for mutant in MUTANTS.values():
        assert (TESTS / mutant.file).is_file()


def test_what_is_left_out_would_be_a_mutant_otherwise() -> None:
    every = {f"{family}: {name}" for family in FAMILY for name, _ in mutations(family)}
    assert set(CHANGES_NOTHING) <= every


@pytest.mark.long
@pytest.mark.parametrize("family", FAMILY)
def test_the_table_names_what_a_family_states(ask: Ask, family: str) -> None:
    """Unchanged, the family's cases pass; each row, column, cost and account that they see is in the table."""
    told = ask(f"families/test_{family}.py", f"watch {family}")
    assert told["errors"] == []
    assert told["killers"] == []
    assert told["code"] == 0
    table = FAMILY[family]
    named = {f"rows {name}" for name in (*table.rows, *table.equal)}
    named |= {f"columns {name}" for name in (*table.columns, *table.binary)}
    named |= {f"binary {name}" for name in table.binary}
    named |= {f"costs {name}" for name in table.costs}
    named |= {f"posts {name}" for name in table.posts}
    assert {entry for entry in told["stated"] if not entry.startswith("equal ")} - {"posts cost"} == named
    assert {entry for entry in told["stated"] if entry.startswith("equal ")} >= {
        f"equal {name}" for name in table.equal
    }


@pytest.mark.long
@pytest.mark.parametrize("part", ["merge", "risk"])
def test_without_a_mutation_the_program_passes(ask: Ask, part: str) -> None:
    told = ask(f"program/test_{part}.py", "")
    assert (told["errors"], told["killers"], told["code"]) == ([], [], 0)


@pytest.mark.verifies("mutant")
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in EVERYDAY else pytest.mark.long) for name in MUTANTS]
)
def test_a_mutant_is_killed(ask: Ask, name: str) -> None:
    told = ask(MUTANTS[name].file, name)
    assert told["struck"] > 0, f"the mutation changed nothing: {told['errors'][:3]}"
    assert told["killers"], f"{MUTANTS[name].file} passes {told['passed']} cases; {told['errors'][:3]}"
