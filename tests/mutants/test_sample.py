"""A sample of small wrong changes to the code that must not be wrong: each is noticed by a test, or judged."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from .judged import FOLDERS, HELD, ROOT, judged, mutants_under

SAMPLE = 60
SEED = 20


@pytest.mark.long
@pytest.mark.verifies("code mutant")
def test_a_sample_of_mutants_is_killed_or_judged(tried: Callable[..., None]) -> None:
    """In a process of its own, since it takes over the run of the tests."""
    command = [sys.executable, "-m", "tests.mutants", "--sample", str(SAMPLE), "--seed", str(SEED)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    *left, summary = ended.stdout.splitlines()
    assert summary == f"{SAMPLE} mutants, {len(left)} not killed, 0 of these not judged"
    tried("code mutant", SAMPLE - len(left), len(left))


def test_every_judged_mutant_is_one_that_is_tried() -> None:
    """A judgement of code that is gone, or given twice, judges nothing. Each says why in a sentence."""
    known = {mutant.key for mutant in mutants_under(HELD)}
    assert [key for key in judged() if key not in known] == []
    assert all(len(reason.split()) > 3 for reason in judged().values())
    assert len(judged()) <= 20


def test_mutants_have_names_of_their_own() -> None:
    keys = [mutant.key for mutant in mutants_under(list(FOLDERS))]
    assert len(keys) == len(set(keys))
    assert len(keys) > 4000
