"""From a case to its program: plant the tree, state each future, merge, add the rows of risk."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..case.case import Case
from ..case.scenarios import plant
from .flatten import Flat, flatten, stated
from .merge import Merged, merge
from .risk import with_risk


def build(
    case: Case,
    grid: str | None = None,
    futures: Iterable[str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Merged:
    """The merged program of a case on one of its grids, with all or some of its futures.

    Raises ForeknowledgeError where the case's data would let a plan know the future early.
    """
    tree = plant(case, grid, futures)
    flats: list[Flat] = []
    for path in tree.paths:
        if progress:
            progress(f"stating {path.future}")
        flats.append(flatten(stated(path)))
    return with_risk(merge(tree, flats))
