"""What committing nothing would cost: the measure of what a plan saves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from orefolio.program.merge import Merged
from orefolio.solve import Session, Solution

COMMITMENTS = frozenset({"start", "size", "sign", "volume", "tranche", "level_on"})
GRACE_SHARE = 0.1  # of the time limit that this may take once the limit is reached


def committing_nothing(session: Session, merged: Merged, solution: Solution) -> tuple[float | None, str]:
    """What committing nothing costs, at least (million USD, from its linear relaxation), or why it is not known.

    Nothing is signed, no plant is started and no programme decided; makers go on adding modules to their lines.
    """
    if not solution.has_plan or solution.status == "interrupted":
        return None, "the solve was stopped"
    limit = session.options.time_limit
    left = max(limit - sum(solution.seconds.values()), GRACE_SHARE * limit)
    program = merged.program
    modules = {row.project for row in merged.tree.case.rows("projects") if not row.binary}
    open_ = np.array(
        [label.name not in COMMITMENTS or label.index[0] in modules for label in program.columns], dtype=bool
    )
    lower = np.where(open_, program.column_lower, np.minimum(program.column_lower, 0.0))
    session.update(replace(program, column_lower=lower, column_upper=np.where(open_, program.column_upper, 0.0)))
    session.options = replace(session.options, time_limit=left)
    relaxed = session.relaxed()
    if relaxed.status == "interrupted":
        return None, "the solve was stopped"
    if relaxed.status == "infeasible":
        return None, "committing nothing leaves no plan"
    if relaxed.status != "optimal":
        return None, "no time was left for it"
    return relaxed.objective, ""
