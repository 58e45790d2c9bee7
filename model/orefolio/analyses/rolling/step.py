"""One step of a rolling plan: the program over what may follow, with all that is decided by then held.

A column is decided at its node: what flows in a period with all that has begun in it known, what is committed to at the
start of a period with all that began before. So a step decides the flows of a period and the commitments of the next.
Rows of nodes that lie behind hold nothing but what is decided, and are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from orefolio.errors import InfeasibleError, SolverError
from orefolio.program.merge import Merged
from orefolio.program.program import Floats, Integers, Label, Labelled, Labels, Program
from orefolio.program.support import with_support
from orefolio.solve import Options, Session, Solution

from ..out_of_sample.policy import ROOT, Policy
from ..out_of_sample.recourse import holding

ROOT_NODE = 0


@dataclass
class Decided:
    """What has been carried out along a future: by node the value of each column."""

    at: dict[int, dict[Label, float]] = field(default_factory=dict)

    def begin(self, merged: Merged, policy: Policy) -> None:
        """Take over what a plan commits to before anything is known."""
        plan = policy.at[ROOT]
        labels = _labels(merged.program.columns)
        self.at[ROOT_NODE] = {
            label: plan.get((label.name, "/".join(label.index), label.period), 0.0)
            for label in (labels[place] for place in np.flatnonzero(labels.node == ROOT_NODE).tolist())
        }

    def carry_out(self, merged: Merged, values: Floats, node: int) -> None:
        """Take over what a plan does at a node. values: of the merged columns."""
        labels = _labels(merged.program.columns)
        places = np.flatnonzero(labels.node == node).tolist()
        self.at[node] = {labels[place]: float(values[place]) for place in places}

    def places(self, program: Program) -> tuple[Integers, Floats]:
        """The columns of a program that are decided, (decided,), and their values."""
        labels = _labels(program.columns)
        places = np.flatnonzero(np.isin(labels.node, list(self.at)))
        found = (labels[place] for place in places.tolist())
        return places, np.array([self.at[label.node][label] for label in found], dtype=np.float64)

    def ahead(self, merged: Merged) -> Program:
        """The program of what is left to decide, in which investors ask about what they have not begun yet."""
        program = with_support(merged).program
        behind = np.isin(_labels(program.rows).node, list(self.at))
        held = holding(program, *self.places(program), loose=0.0)
        lower, upper = np.where(behind, -np.inf, held.row_lower), np.where(behind, np.inf, held.row_upper)
        return replace(held, row_lower=lower, row_upper=upper)


def _labels(labels: Labelled) -> Labels:
    """The labels of a merged program, with the node of each as an array."""
    assert isinstance(labels, Labels)
    return labels


def planned(program: Program, options: Options, what: str) -> Solution:
    """The best plan of a program. what: for an error.

    Raises InfeasibleError, SolverError, and KeyboardInterrupt where the solve was interrupted: half a step is none.
    """
    solution = Session(program, options).solve()
    if solution.status == "interrupted":
        raise KeyboardInterrupt
    if solution.status == "infeasible":
        raise InfeasibleError(f"What was decided before leaves no plan in {what}.")
    if not solution.has_plan:
        raise SolverError(f"No plan was found in {what}: {solution.status}.")
    return solution
