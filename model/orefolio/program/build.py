"""From a case to its program: plant the tree, state each future, merge, add the rows of risk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ..case.case import Case
from ..case.scenarios import plant
from ..collector import collector_at_rest
from .size import refuse_case_too_large

if TYPE_CHECKING:
    from .merge import Merged


def build(
    case: Case,
    grid: str | None = None,
    futures: Iterable[str] | None = None,
    progress: Callable[[str], None] | None = None,
    size_limit: float | None = None,
) -> Merged:
    """The merged program of a case on one of its grids, with all or some of its futures.

    size_limit: most rows of the case × periods × futures; where it is not given, the case's setting or the default.
    Raises InputError over that limit and where a yes-or-no decision switches more than a solver tells apart, SpaceError
    where more memory is needed than there is, ForeknowledgeError where a plan would know the future early.
    """
    kept = None if futures is None else frozenset(futures)
    refuse_case_too_large(case, grid, kept, size_limit)
    # Only now: what these import takes so much memory that it must be known to be there.
    from .flatten import each_flat
    from .merge import merge
    from .risk import with_risk
    from .risk.regimes import in_regime
    from .support import with_support
    from .switches import refuse_loose_switches

    if len(case.rows("regimes")) == 1:
        case = in_regime(case, case.rows("regimes")[0].regime)
    tree = plant(case, grid, kept)
    with collector_at_rest():
        merged = merge(tree, each_flat(tree.paths, progress))
    refuse_loose_switches(case, merged.program)
    return with_risk(with_support(merged))
