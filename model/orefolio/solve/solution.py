"""What a solve gives back: the plan, what is proved about it, what each limit is worth, and how it was found."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np

from orefolio.program.program import Floats

Status = Literal["optimal", "feasible", "infeasible", "unbounded", "interrupted", "no_plan", "unknown"]
STATUSES: tuple[Status, ...] = get_args(Status)


def nothing() -> Floats:
    """An empty array, shape (0,): there is no plan."""
    return np.empty(0)


@dataclass(frozen=True)
class Progress:
    """How far a solve is. objective: million USD of the best plan, infinite before the first. bound: proved lower
    bound in million USD, minus infinite before the first. seconds: wall time since the solve began."""

    step: str
    objective: float
    bound: float
    seconds: float

    @property
    def abs_gap(self) -> float:
        """Million USD between the plan and the proved bound."""
        return gap_between(self.objective, self.bound)


Listener = Callable[[Progress], None]


def gap_between(objective: float, bound: float) -> float:
    """Million USD between a plan and a bound, never below zero; infinite where either is missing."""
    if not (math.isfinite(objective) and math.isfinite(bound)):
        return math.inf
    return max(0.0, objective - bound)


@dataclass(frozen=True)
class Solution:
    """The end of a solve.

    status: "optimal" (plan within the asked gap), "feasible" (a limit was reached, there is a plan), "infeasible",
    "unbounded", "interrupted" (the best plan so far is kept, if there was one), "no_plan" (a limit was reached before
    a plan), "unknown" (the solver's state cannot be trusted).
    objective, bound: million USD; infinite and minus infinite where there is none. An infeasible program has both
    infinite.
    values: (columns,) in the program's order, binaries exactly 0 or 1; shape (0,) where there is no plan.
    duals: (rows,) million USD by which cost rises when the row's limit rises by one unit; reduced_costs: (columns,) the
    same for a column's bound. Both come from the linear program with the binaries fixed at the plan; shape (0,)
    where there is no plan.
    seconds: wall seconds by step. first_plan_seconds: until the first plan, None where there is none.
    regimes: of a case that has a menu of them, each with its status, objective and bound, the chosen first.
    second_bound: million USD, proved of the expected cost of every plan that is as good, None where not asked for.
    method: the steps that were taken, in words. log: the solver's own log. nodes: branch-and-bound nodes.
    """

    status: Status
    objective: float = math.inf
    bound: float = -math.inf
    values: Floats = field(default_factory=nothing)
    duals: Floats = field(default_factory=nothing)
    reduced_costs: Floats = field(default_factory=nothing)
    seconds: dict[str, float] = field(default_factory=dict)
    first_plan_seconds: float | None = None
    method: str = ""
    log: str = ""
    nodes: int = 0
    second_bound: float | None = None
    regimes: tuple[tuple[str, str, float, float], ...] = ()

    @property
    def has_plan(self) -> bool:
        """Whether `values` holds a plan."""
        return self.values.size > 0

    @property
    def abs_gap(self) -> float:
        """Million USD between the plan and the proved bound; infinite without both."""
        return gap_between(self.objective, self.bound)

    @property
    def gap(self) -> float:
        """The same as a share of the objective; infinite without both, or where the objective is zero."""
        if self.abs_gap == 0.0:
            return 0.0
        return self.abs_gap / abs(self.objective) if self.objective and math.isfinite(self.objective) else math.inf
