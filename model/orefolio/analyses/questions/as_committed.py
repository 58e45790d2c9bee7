"""`as_committed PERIODS COMMITMENTS`: what the trunk commits to while others share it is as in a plan that is told.

COMMITMENTS are [variable, index, period, value]; what is not among them is not committed to in the first PERIODS.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .held import shared, trunk
from .turned import Turned


def asked(turned: Turned, words: Sequence[Any]) -> Turned:
    """The program with these commitments held."""
    periods, commitments = words
    said = {(name, tuple(index), period): value for name, index, period, value in commitments}
    number = trunk(turned.own)
    columns = turned.own.flats[number].columns
    places = [place for place in np.flatnonzero(shared(turned.own, number)) if columns[place].period < periods]
    values = [said.get(columns[place][:3], 0.0) for place in places]
    return turned.with_fixed(turned.own.column_of[number][places], np.array(values, dtype=np.float64))
