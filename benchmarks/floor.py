"""The floor of the road: arrays that are in memory already, passed to HiGHS and read back as arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import highspy
import numpy as np

from orefolio.program.program import Program

Arrays = dict[str, Any]


def write(program: Program, file: Path) -> None:
    """Keep the arrays of a program in a file, as HiGHS takes them."""
    matrix = program.matrix
    np.savez(
        file,
        cost=program.cost,
        lower=program.column_lower,
        upper=program.column_upper,
        row_lower=program.row_lower,
        row_upper=program.row_upper,
        starts=matrix.indptr.astype(np.int32),
        indices=matrix.indices.astype(np.int32),
        data=matrix.data,
        kinds=program.integer.astype(np.int32),
        offset=np.array([program.offset]),
    )


def read(file: Path) -> Arrays:
    """Those arrays in memory."""
    with np.load(file) as arrays:
        return dict(arrays)


def passed(arrays: Arrays) -> Any:
    """HiGHS with the arrays in it."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.silent()
    highs.passModel(
        len(arrays["cost"]), len(arrays["row_lower"]), len(arrays["data"]), int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize), float(arrays["offset"][0]), arrays["cost"], arrays["lower"], arrays["upper"],
        arrays["row_lower"], arrays["row_upper"], arrays["starts"], arrays["indices"], arrays["data"],
        arrays["kinds"],
    )  # fmt: skip
    return highs
