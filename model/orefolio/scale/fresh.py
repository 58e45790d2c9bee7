"""Bounds of subproblems that hold.

mpi-sppy keeps the bound of a subproblem from an earlier solve where the solver ends without a plan, and adds it to
bounds under later weights. Such a sum bounds nothing, and may lie above every plan (docs/mpi.md).
"""

from __future__ import annotations

import math
from typing import Any

from mpisppy.extensions.extension import Extension

PROVED = frozenset({"optimal", "maxTimeLimit", "maxIterations"})
"""Ends of a solve after which the bound that the solver names is proved."""


class Fresh(Extension):  # type: ignore[misc]  # mpi-sppy has no types
    """No bound of an earlier solve stands for a later one; what is proved at a limit counts, with a plan or without."""

    def pre_solve(self, subproblem: Any) -> None:
        """Nothing is proved yet."""
        subproblem._mpisppy_data.outer_bound = -math.inf

    def post_solve(self, subproblem: Any, results: Any) -> Any:
        """Take what the solver proved."""
        subproblem._mpisppy_data.outer_bound = proved(results)
        return results


def proved(results: Any) -> float:
    """The lower bound that a solve proved, −∞ where it proved none."""
    if results is None or str(results.solver.termination_condition) not in PROVED:
        return -math.inf
    bound = results.problem.lower_bound
    return float(bound) if bound is not None and bound < math.inf else -math.inf
