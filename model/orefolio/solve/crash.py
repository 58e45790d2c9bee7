"""Where to start the relaxation of many futures: at the optimum of one of them, laid over all."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import highspy
import numpy as np
from numpy.typing import NDArray

from orefolio.program.implied import with_implied_bounds
from orefolio.program.program import Floats, Integers, Program
from orefolio.program.twin import Twin
from orefolio.solve.engine import Basis, Engine

_STATUS = highspy.HighsBasisStatus


def crash(program: Program, twin: Twin, threads: int, stop: threading.Event, seconds: float) -> Basis | None:
    """A basis to start a program from; None where its one future by itself has no optimum within the seconds."""
    engine = Engine(with_implied_bounds(twin.program), threads=threads, stop=stop)
    if engine.run_cold(seconds, presolve=True) != "optimal":
        return None
    small, basis = engine.basis, highspy.HighsBasis()
    basis.col_status = _laid(small.col_status, twin.column, program.column_lower, program.column_upper, _STATUS.kLower)
    basis.row_status = _laid(small.row_status, twin.row, program.row_lower, program.row_upper, _STATUS.kBasic)
    basis.valid = basis.alien = True  # as many are basic as it happens: the solver makes a basis of them
    return basis


def _laid(
    small: Sequence[highspy.HighsBasisStatus],
    place: Integers,
    lower: Floats,
    upper: Floats,
    otherwise: highspy.HighsBasisStatus,
) -> list[highspy.HighsBasisStatus]:
    """The status of each column or row by that of its like, at a limit that it has. otherwise: where it has no like."""
    statuses: NDArray[np.object_] = np.array([*small, otherwise], dtype=object)
    padded = np.full(len(lower), -1)
    padded[: len(place)] = place[: len(lower)]
    found = statuses[padded]
    low, high = found == _STATUS.kLower, found == _STATUS.kUpper
    found[(low | high) & np.isinf(lower) & np.isinf(upper)] = _STATUS.kZero
    found[low & np.isinf(lower) & np.isfinite(upper)] = _STATUS.kUpper
    found[high & np.isinf(upper) & np.isfinite(lower)] = _STATUS.kLower
    return list(found)
