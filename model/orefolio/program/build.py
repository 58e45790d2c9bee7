"""From a case to its program: plant the tree, state each future, merge, add the rows of risk."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

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
    with _without_collection():
        flats: list[Flat] = []
        for path in tree.paths:
            if progress:
                progress(f"stating {path.future}")
            flats.append(flatten(stated(path)))
        return with_risk(merge(tree, flats))


@contextmanager
def _without_collection() -> Iterator[None]:
    """Stating a future makes millions of live objects and no cycles worth looking for: collecting took a third."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
