"""A solve by its futures, each by itself: what is asked for, and who answers."""

from __future__ import annotations

import hashlib
import threading
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from orefolio.errors import Fault, InputError

if TYPE_CHECKING:
    from orefolio.program.merge import Merged
    from orefolio.scale.decomposition.crew import Crew
    from orefolio.solve import Options, Solution
    from orefolio.solve.solution import Listener


@dataclass(frozen=True)
class Decompose:
    """How a case is solved by its futures.

    jobs: processes of this machine, 0 for this process itself. scheduler: of a dask.distributed cluster, in their
    place; insecure: whether it may be plain TCP to another machine. folder: where every round is written, so that a
    killed solve goes on with `resume`; None for one named after the case in the folder of runs, or none without that.
    """

    jobs: int = 2
    scheduler: str | None = None
    insecure: bool = False
    folder: Path | None = None
    resume: bool = False

    def crew(self, stop: threading.Event) -> Crew:
        """Who answers for the futures. Raises InputError for an address that is none, MissingExtraError."""
        from orefolio.scale.decomposition.crew import Here
        from orefolio.scale.decomposition.processes import Processes

        if self.scheduler is not None:
            from orefolio.scale.decomposition.machines import Machines

            return Machines(self.scheduler, self.insecure, stop)
        return Processes(self.jobs, stop) if self.jobs else Here(stop)


def solve_decomposed(
    how: Decompose,
    merged: Merged,
    options: Options,
    stop: threading.Event,
    progress: Listener | None,
    out: Path | None,
    grid: str,
) -> Solution:
    """The best plan of a merged program by its futures. Its rounds are kept until the plan is proved.

    Raises InputError for an objective that is solved in turns or a folder of another solve, and as `decomposed`.
    """
    from orefolio.program.risk import held
    from orefolio.scale.decomposition import Kept, decomposed
    from orefolio.tables.folder import slug

    case = merged.tree.case
    if case.rows("regimes") or held.binds_only_some(merged):
        what = "a menu of regimes" if case.rows("regimes") else "an objective that binds only some futures"
        remedy = "Solve it without --decompose, or with a risk_weight below 1"
        raise InputError([Fault("--decompose", what, "one objective over all futures", remedy=remedy)])
    futures = [flat.path.future for flat in merged.flats]
    place = how.folder
    if place is None and out is not None:
        name = hashlib.sha256("\n".join([grid, *futures]).encode()).hexdigest()[:8]
        place = out / "decomposed" / f"{slug(case.name)}-{name}"
    said = {"case": case.name, "grid": grid, "futures": futures}
    with nullcontext() if place is None else Kept(place, merged.program, said, how.resume) as kept:
        solution = decomposed(merged, options, how.crew(stop), stop, progress, kept)
        if kept is not None and solution.status == "optimal":
            kept.forget()
    return solution
