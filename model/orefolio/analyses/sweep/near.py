"""Plans by the dive alone, near the plan of a base: for points that differ from it in numbers, not in what there is.

The relaxation starts from the base's basis. The base's decisions stay where they are as close to the new bound as they
were to the base's own; else a dive begins at them, and one among all where that finds nothing better. So a plan hangs
on the point and the base alone, never on points that were planned before.
"""

from __future__ import annotations

import math
import threading

from orefolio.program.merge import Merged
from orefolio.solve import Options, Session, Solution
from orefolio.solve.solution import gap_between


class Near:
    """The plan of a base, and where its linear programs ended. Raises SolverError as `solve` does."""

    def __init__(self, merged: Merged, options: Options, stop: threading.Event) -> None:
        self.rows, self.columns = merged.program.rows, merged.program.columns
        session = Session(merged.program, options, stop)
        self.plan = session.solve()
        if self.plan.has_plan:
            bound = session.relaxed().objective
            self.relaxed = session.engine.basis
            gap = gap_between(session.fixed(self.plan.values).objective, bound)
            self.fixed = session.engine.basis
            self.enough = max(gap if math.isfinite(gap) else 0.0, options.abs_gap)

    def planned(self, merged: Merged, options: Options, stop: threading.Event) -> Solution | None:
        """The plan of a point; None where its rows or columns are others, or none is found this way."""
        same = merged.program.rows == self.rows and merged.program.columns == self.columns
        if not same or not self.plan.has_plan:
            return None
        session = Session(merged.program, options, stop)
        found = session.replanned(self.plan.values, self.relaxed, self.fixed, self.enough)
        return None if found.status == "no_plan" else found
