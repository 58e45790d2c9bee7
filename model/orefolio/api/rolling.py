"""A plan that is made anew in every period along sampled futures: what is asked for, and where it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orefolio.analyses.rolling.outcome import Rolled
    from orefolio.api import Study
    from orefolio.solve import Options


def rolling(
    study: Study,
    *,
    paths: int = 5,
    fan: int = 8,
    grid: str | None = None,
    options: Options | None = None,
    folder: str | Path | None = None,
    out: str | Path | None = None,
    resume: bool = False,
    say: Callable[[str], None] | None = None,
    **asked: Any,
) -> Rolled:
    """Roll along so many sampled futures of a case, each plan on the way made for so many futures as `fan` says.

    options, or by name what they hold, as for `solve`; their seed is that of the draws too. folder: where the paths
    and the tables are kept; out: a folder of runs, in which it is then named after the case. A path that is there
    already is not solved again with `resume`. say: hears of each path.

    Raises InputError for a case without hazards, with another objective than expected cost, or a folder of another
    comparison; FolderInUseError, InfeasibleError, SolverError, SpaceError, KeyboardInterrupt.
    """
    from orefolio.analyses.rolling.compare import rolled
    from orefolio.analyses.rolling.kept import PATHS, Kept, head_of
    from orefolio.analyses.rolling.outcome import Rolling
    from orefolio.analyses.rolling.sheets import sheets
    from orefolio.analyses.sweep.lock import locked
    from orefolio.analyses.sweep.sealed import canonical, written_whole
    from orefolio.case.asked import grid_of
    from orefolio.solve import Options
    from orefolio.solve.interrupt import quitting
    from orefolio.tables.folder import slug
    from orefolio.tables.folder.cells import csv_of

    options = replace(options or Options(), **asked)
    wanted = Rolling(paths, fan, options.seed)
    grid = grid_of(study.case, grid)
    head = head_of(study.case, grid, wanted, options)
    place = None if folder is None else Path(folder)
    if place is None and out is not None:
        name = hashlib.sha256(canonical(head).encode()).hexdigest()[:8]
        place = Path(out) / "rolling" / f"{slug(study.case.name)}-{name}"
    if place is None:
        with quitting():
            return rolled(study.case, grid, wanted, options, None, say)
    with locked(place, PATHS, "a rolling comparison"), quitting():
        found = rolled(study.case, grid, wanted, options, Kept.at(place, head, resume), say)
        for name, sheet in sheets(found).items():
            written_whole(place / f"{name}.csv", csv_of(sheet).encode())
    return replace(found, folder=place)
