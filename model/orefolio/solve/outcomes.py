"""How a run of the solver ended, in our words."""

from __future__ import annotations

from typing import Literal

import highspy

Outcome = Literal["optimal", "infeasible", "unbounded", "undecided", "cutoff", "limit", "interrupted", "unknown"]

_MODEL = highspy.HighsModelStatus
OUTCOMES: dict[highspy.HighsModelStatus, Outcome] = {
    _MODEL.kOptimal: "optimal",
    _MODEL.kModelEmpty: "optimal",
    _MODEL.kInfeasible: "infeasible",
    _MODEL.kUnbounded: "unbounded",
    _MODEL.kUnboundedOrInfeasible: "undecided",
    _MODEL.kObjectiveBound: "cutoff",
    _MODEL.kObjectiveTarget: "limit",
    _MODEL.kTimeLimit: "limit",
    _MODEL.kIterationLimit: "limit",
    _MODEL.kSolutionLimit: "limit",
    _MODEL.kMemoryLimit: "limit",
    _MODEL.kInterrupt: "interrupted",
    _MODEL.kHighsInterrupt: "interrupted",  # type: ignore[attr-defined]
    _MODEL.kNotset: "unknown",
    _MODEL.kLoadError: "unknown",
    _MODEL.kModelError: "unknown",
    _MODEL.kPresolveError: "unknown",
    _MODEL.kSolveError: "unknown",
    _MODEL.kPostsolveError: "unknown",
    _MODEL.kUnknown: "unknown",
}
EMPTY = _MODEL.kModelEmpty

CERTAIN: frozenset[Outcome] = frozenset({"optimal", "infeasible", "unbounded", "cutoff"})
"""Ends that say something about the program. The solver never warns with them: where it does, they are not believed."""


def outcome_of(status: object) -> Outcome:
    """Our word for the solver's model status; "unknown" for one that is not listed."""
    return OUTCOMES.get(status, "unknown") if isinstance(status, _MODEL) else "unknown"
