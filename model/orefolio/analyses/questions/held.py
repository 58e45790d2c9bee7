"""What the trunk commits to while several futures are possible, told as JSON has it, so that it can be held."""

from __future__ import annotations

from typing import Any

import numpy as np

from orefolio.program.merge import Merged
from orefolio.program.program import Booleans, Floats

SHARED = -1  # of Program.branch
TINY = 1e-9  # of a commitment, below which there is none


def trunk(merged: Merged) -> int:
    """The number of the trunk's own continuation; of the first future where each one parts."""
    return next((number for number, flat in enumerate(merged.flats) if flat.path.onset is None), 0)


def shared(merged: Merged, number: int) -> Booleans:
    """Which of a future's own columns are commitments that others share, (columns,); all where there are no others."""
    flat, branch = merged.flats[number], merged.program.branch
    if branch is None or len(merged.flats) == 1:
        return flat.commitment
    found: Booleans = flat.commitment & (branch[merged.column_of[number]] == SHARED)
    return found


def told(merged: Merged, values: Floats) -> list[Any]:
    """In how many periods what the trunk commits to is shared, and [variable, index, period, value] of each that is.

    values: of the merged columns.
    """
    number = trunk(merged)
    flat, own = merged.flats[number], merged.values_of(number, values)
    parents = merged.tree.parent
    others = {node for row in (*parents[:number], *parents[number + 1 :]) for node in row}
    periods = sum(node in others for node in parents[number]) if others else len(parents[number])
    places = np.flatnonzero(shared(merged, number) & (np.abs(own) > TINY)).tolist()
    labels = [flat.columns[place] for place in places]
    return [periods, [[x.name, list(x.index), x.period, float(own[p])] for x, p in zip(labels, places, strict=True)]]
