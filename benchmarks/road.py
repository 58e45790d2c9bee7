"""The road from a validated case to the solver and back, each way in a fresh process, imports excluded."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from . import DisagreementError, Options, Row, Rows
from .resident import matrix_bytes
from .synthetic import SIZES

WAYS = ("ours", "linopy", "pyomo", "floor")
SMALL, LARGE = ("7 k", "28 k"), ("1.7 M",)
SOLVED = ("7 k", "28 k")
"""Sizes at which the linear program of every way is also solved; at all, the numbers of the programs are compared."""
SAME = 1e-6
"""Relative difference up to which what the ways state is the same."""


def section(options: Options) -> Rows:
    """A row for each size and way. Raises DisagreementError where two ways do not state the same program."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    sizes = [size for size in SIZES if options.large or size not in LARGE]
    for size in sizes:
        arrays = options.scratch / f"{size.replace(' ', '-')}.npz"
        for way in WAYS:
            if not (way == "pyomo" and size in LARGE):
                found[size, way] = [_run(way, size, arrays, "relaxed" if size in SOLVED else "no")]
                again = options.runs - 1 if size in SMALL else 0
                found[size, way] += [_run(way, size, arrays, "no") for _ in range(again)]
    for size in sizes:
        agree({way: figures[0] for (at, way), figures in found.items() if at == size})
    return [_row(size, way, found) for size, way in found]


def _run(way: str, size: str, arrays: Path, solved: str) -> dict[str, Any]:
    """One run of a way in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.one_way", way, size, str(arrays), solved]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  our own module
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def agree(figures: dict[str, dict[str, Any]]) -> None:
    """Raise DisagreementError unless all ways have the same shape, the same numbers and the same optimum."""
    first, *others = figures
    for other in others:
        for name, number in figures[first]["program"].items():
            theirs = figures[other]["program"][name]
            if abs(number - theirs) > SAME * max(1.0, abs(number)):
                raise DisagreementError(f"{name}: {number!r} in {first}, {theirs!r} in {other}")


def _row(size: str, way: str, found: dict[tuple[str, str], list[dict[str, Any]]]) -> Row:
    figures = found[size, way]
    seconds = statistics.median(each["seconds"] for each in figures)
    others = {
        other: statistics.median(each["seconds"] for each in found[size, other])
        for other in ("linopy", "pyomo", "floor")
        if (size, other) in found
    }
    program = figures[0]["program"]
    matrix = matrix_bytes(program["rows"], program["nonzeros"])
    return {
        "size": size,
        "columns": program["columns"],
        "rows": program["rows"],
        "nonzeros": program["nonzeros"],
        "way": way,
        "cpu_s": round(seconds, 4),
        "of_linopy": round(seconds / others["linopy"], 4),
        "of_pyomo": round(seconds / others["pyomo"], 4) if "pyomo" in others else None,
        "of_floor": round(seconds / others["floor"], 2),
        "peak_mb": round(max(each["peak"] for each in figures) / 1e6, 1),
        "peak_of_matrix": round(max(each["peak"] for each in figures) / matrix, 2),
        "peak_before_solver_of_matrix": round(max(each["before_solver"] for each in figures) / matrix, 2),
    }
