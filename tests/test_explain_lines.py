"""What `orefolio explain` prints for each answer, also where time ran out: the answers are given, not solved for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from command_line import call
from orefolio.analyses import explain as explain_module
from orefolio.analyses.explain import Explanation, Reason, Way
from orefolio.analyses.explain import why as why_module
from orefolio.analyses.explain.why import Fall, Opening, Reduced, Why
from orefolio.analyses.explain.words import Sentence
from pencil import must, process, project, spot
from test_explain import on_disk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pieces = process("p", {}, {"x": 1}), must("d", "x", 10), spot("s", "x", 30), project("a", "p", 10)
    return on_disk(tmp_path / "case", *pieces).folder


def why_lines(folder: Path, monkeypatch: pytest.MonkeyPatch, **found: Any) -> list[str]:
    """The page about the option a, of a plan that leaves it and costs 5 million USD."""
    answer = Why(**{"option": ("project", "a"), "taken": False, "cost": (5.0, 5.0), "adds": (2.0, 3.0), **found})
    monkeypatch.setattr(why_module, "why", lambda *_: answer)
    return call("-q", "explain", str(folder), "--why", "a").stdout.splitlines()


def none_lines(folder: Path, monkeypatch: pytest.MonkeyPatch, reason: Reason | None) -> list[str]:
    """The page about a case without a plan."""
    monkeypatch.setattr(explain_module, "explain", lambda *_: Explanation("no plan", reason))
    done = call("-q", "explain", str(folder))
    assert done.exit_code == 4
    return done.stdout.splitlines()


def test_without_a_reason_it_says_that_time_ran_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = none_lines(folder, monkeypatch, None)
    assert found[1:] == ["Time ran out before the limits that contradict each other were found."]


def test_a_long_way_out_is_cut_and_halves_are_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = tuple(Sentence(f"step {number}") for number in range(15))
    found = none_lines(folder, monkeypatch, Reason((Sentence("a limit"),), (Way(steps, least=False),),
                                                   by_integrality=True))  # fmt: skip
    assert "since a choice is yes or no and cannot be halved" in found[2]
    assert found[-1] == "    and 3 steps more [at most: less may do]"
    assert sum("step " in line for line in found) == 12


def test_a_note_stands_for_the_answer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert why_lines(folder, monkeypatch, adds=None, note="time ran out") == [
        "The plan leaves the project a; it costs 5.00 million USD.",
        "Time ran out.",
    ]


def test_within_the_gap_nothing_is_found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = why_lines(folder, monkeypatch, adds=(0.0, 4.0))
    assert found[1] == "Taking it adds at most 4.00 million USD; that lies within the gap: no finding."
    assert found[2:] == ["No limit of the case was lifted: none stands in its way, or time ran out."]


def test_of_an_option_that_is_taken_only_its_loss_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert why_lines(folder, monkeypatch, taken=True, gap=0.5) == [
        "The plan takes the project a; it costs 5.00 million USD.",
        "Leaving it adds 2.00 to 3.00 million USD (solved anew, to a gap of 0.50 million USD).",
    ]


def test_an_option_that_is_too_dear_as_a_gift(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = why_lines(folder, monkeypatch, fall=Fall("capital", 7.0, 1.5), reduced=Reduced(0.2, 0.1, "t", partly=True))
    assert found[2].endswith("nothing in the linear relaxation, which takes some of it by halves, and nothing with the "
                             "plan's other choices fixed.")  # fmt: skip
    assert found[3] == "Even without its capital (7.00 million USD) the plan made to take it would not pay."


def test_a_limit_that_keeps_it_out_with_many_steps_and_its_worth(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = tuple(Sentence(f"raise {number}") for number in range(14))
    opening = Opening(Sentence("group g"), (1.0, 1.0), steps=steps, worth=0.004, unit="start")
    found = why_lines(folder, monkeypatch, openings=(opening,))
    assert "  - and 2 steps more" in found
    assert found[-1] == (
        "The plan as it is would save by each further start of it at most 4,000 USD, in the linear program with the "
        "plan's choices fixed."
    )
