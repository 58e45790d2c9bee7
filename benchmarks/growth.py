"""How CPU time grows with futures, with periods and with sites: the synthetic case at four sizes along each.

The road is stating, merging and passing to the solver; the search is the relaxation and its dives, without branching.
An exponent is the slope of a straight line through the logarithms, by least squares: 1 where twice the size takes twice
the time.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from orefolio.program.build import build
from orefolio.solve import Options as Asked
from orefolio.solve import solve
from orefolio.solve.engine import Engine

from . import Options, Row, Rows
from .apart import told_by
from .synthetic import Size, synthetic

BASE = Size(futures=4, periods=10, sites=3, elements=3)
GROWN = {"futures": (4, 8, 16, 32), "periods": (10, 20, 40, 80), "sites": (3, 6, 12, 24)}
"""The sizes along each dimension; the others stay as in the base."""
NO_BRANCHING = Asked(abs_gap=0.0, node_limit=0)
FIRST = Size(futures=2, periods=6, sites=1, elements=2, sectors=1)
"""Built and solved before the clock, so that imports are not counted."""

Measured = dict[str, float]


def section(options: Options) -> Rows:
    """A row for each size, and after those of a dimension one with its exponents."""

    def measure(size: Size) -> Measured:
        return told_by(measured, size, options.runs)

    return [row for dimension, sizes in GROWN.items() for row in along(dimension, sizes, measure)]


def measured(size: Size, runs: int) -> Measured:
    """Columns, nonzeros and CPU seconds of the case of a size: of the road the median of its runs, of one search."""
    _road(FIRST)
    solve(build(synthetic(FIRST)).program, NO_BRANCHING)
    road = statistics.median(_road(size) for _ in range(runs))
    program = build(synthetic(size)).program
    began = time.process_time()
    solve(program, NO_BRANCHING)
    searched = time.process_time() - began
    return {"columns": program.shape[1], "nonzeros": program.shape[2], "road": road, "solve": searched}


def _road(size: Size) -> float:
    case = synthetic(size)
    began = time.process_time()
    Engine(build(case).program, integer=True)
    return time.process_time() - began


def along(dimension: str, sizes: Sequence[int], measure: Callable[[Size], Measured]) -> Rows:
    """The rows of a dimension. measure: a size to its figures."""
    found = [measure(replace(BASE, **{dimension: size})) for size in sizes]
    rows = [_row(dimension, replace(BASE, **{dimension: size}), each) for size, each in zip(sizes, found, strict=True)]
    slopes: Row = {
        f"exponent_{what}": round(exponent(sizes, [each[what] for each in found]), 2) for what in ("road", "solve")
    }
    return [*rows, {**dict.fromkeys(rows[0]), "dimension": dimension, **slopes}]


def _row(dimension: str, size: Size, found: Measured) -> Row:
    return {
        "dimension": dimension,
        "futures": size.futures,
        "periods": size.periods,
        "sites": size.sites,
        "columns": found["columns"],
        "nonzeros": found["nonzeros"],
        "road_cpu_s": round(found["road"], 4),
        "solve_cpu_s": round(found["solve"], 3),
        "exponent_road": None,
        "exponent_solve": None,
    }


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """The power of the size that the seconds grow with."""
    slope, _ = np.polyfit(np.log(sizes), np.log(seconds), 1)
    return float(slope)
