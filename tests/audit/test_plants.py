"""The audit sees a plan that breaks what a case says of its plants, stock and projects: one limit at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from audit.runs import solved
from families.test_abandonment import begun
from families.test_closing import REST, SHUT, line
from families.test_size_classes import LARGE, SMALL, built
from orefolio.case.case import Case
from pencil import case_of, must, process, spot, stockpile


def mine(**columns: Any) -> Case:
    dig = process("mine", {}, {"ore": 1}, capacity=10, **columns)
    return case_of(spot("market", "ore", 50), dig, must("d", "ore", 10), years=2)


def pile(**columns: Any) -> Case:
    held = stockpile("k", "ore", initial_t=9, **columns)
    return case_of(spot("market", "ore", 50), held, must("d", "ore", 3), years=3)


STRICTER = {
    "a reserve": ("reserves", mine(), mine(reserve_t=15)),
    "wear": ("capacities", mine(), mine(wear_share_per_year=0.1)),
    "skills": ("skills", mine(availability_share=0.5), mine(availability_share=0.5, idle_loss_share_per_year=0.5)),
    "an age limit": ("stock_ages", pile(), pile(age_limit_years=1)),
    "no closing": ("states", line(**SHUT), line(**{**SHUT, "can_close": False})),
    "no mothballing": ("states", line(**REST), line(**{**REST, "can_mothball": False})),
    "a larger least size": ("projects", built(), built(classes=(SMALL, {**LARGE, "from_t_per_year": 11}))),
    "no abandonment": ("projects", begun(), begun(can_abandon=False)),
}


@pytest.mark.verifies("tampering")
@pytest.mark.parametrize("what", STRICTER)
def test_a_plan_is_rejected_by_a_stricter_case(what: str) -> None:
    """Would fail if the check that is named for a limit did not look at it."""
    check, loose, strict = STRICTER[what]
    run = solved(loose)
    assert run.report().passed
    failed = {result.name for result in replace(run, case=strict).report().failed}
    assert check in failed
