"""Plans by the dive alone, near the plan of a base: for points whose levers are turned.

The relaxation starts from the base's basis, each row and column from its counterpart there. Where the program has the
same rows and columns, the base's decisions stay as they are if they are as close to the new bound as they were to the
base's own; else a dive begins among those on which the relaxation disagrees with them, and one among all where that
finds nothing better. So a plan hangs on the point and the base alone, never on points that were planned before.
"""

from __future__ import annotations

import math
import threading

import numpy as np

from orefolio.program.counterparts import Counterparts
from orefolio.program.merge import Merged
from orefolio.solve import Options, Session, Solution
from orefolio.solve.basis import basis_from
from orefolio.solve.solution import gap_between


class Near:
    """The plan of a base, and where its linear programs ended. Raises SolverError as `solve` does."""

    def __init__(self, merged: Merged, options: Options, stop: threading.Event) -> None:
        self.rows, self.columns = merged.program.rows, merged.program.columns
        self.counterparts = Counterparts(merged)
        session = Session(merged.program, options, stop)
        self.plan = session.solve()
        if self.plan.has_plan:
            bound = session.relaxed().objective
            self.relaxed = session.engine.basis
            gap = gap_between(session.fixed(self.plan.values).objective, bound)
            self.fixed = session.engine.basis
            self.enough = max(gap if math.isfinite(gap) else 0.0, options.abs_gap)

    def planned(self, merged: Merged, options: Options, stop: threading.Event) -> Solution | None:
        """The plan of a point; None where the base has no plan, or none is found this way."""
        if not self.plan.has_plan:
            return None
        session = Session(merged.program, options, stop)
        if merged.program.rows == self.rows and merged.program.columns == self.columns:
            found = session.replanned(self.plan.values, self.relaxed, self.fixed, self.enough)
        else:
            columns, rows = self.counterparts.of(merged)
            start = basis_from(self.relaxed, merged.program, columns, rows)
            found = session.replanned(np.where(columns < 0, 0.0, self.plan.values[columns]), start, None, self.enough)
        return None if found.status == "no_plan" else found
