"""A rolling comparison as tables: costs by path and policy, what was committed to, and the plans on the way."""

from __future__ import annotations

from collections.abc import Iterable

from orefolio.tables.outcome.sheet import Sheet

from .outcome import POLICIES, Decision, Rolled

COSTS = ("path", "events", "policy", "cost_musd", "bound_musd", "short_t", "commitments", "begun")
DECISIONS = ("path", "policy", "year", "variable", "index", "value")
STEPS = ("path", "year", "futures", "cost_musd", "bound_musd")
BEGUN = ("start", "sign")
"""Commitments of yes or no that are named beside the costs."""


def sheets(rolled: Rolled) -> dict[str, Sheet]:
    """By name: `rolling` with a row for each path and policy, `rolling_decisions`, `rolling_steps`."""
    costs, decisions, steps = [], [], []
    for path, walk in enumerate(rolled.walks, 1):
        steps += [(path, step.year, step.futures, step.cost, step.bound) for step in walk.steps]
        for policy in POLICIES:
            one = walk.outcomes[policy]
            figures = (one.high, one.low, one.short_t, len(one.decisions), _begun(one.decisions))
            costs.append((path, walk.happens, policy, *figures))
            decisions += [(path, policy, d.year, d.variable, d.index, d.value) for d in one.decisions]
    return {
        "rolling": Sheet.of(COSTS, costs),
        "rolling_decisions": Sheet.of(DECISIONS, decisions),
        "rolling_steps": Sheet.of(STEPS, steps),
    }


def _begun(decisions: Iterable[Decision]) -> str:
    return "; ".join(f"{one.variable} {one.index} {one.year}" for one in decisions if one.variable in BEGUN)
