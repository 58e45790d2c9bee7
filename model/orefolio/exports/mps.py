"""The program as a free MPS file, for other solvers; minimised, in million USD."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import scipy.sparse as sp

from orefolio.program.program import Program
from orefolio.tables.folder import RunFolder

from .program_of_run import Limit, limits, program_of
from .solver_names import solver_names

ENDING = ".mps"
COST = "cost"
SENSES = {"<=": "L", ">=": "G", "=": "E"}


def write(run: RunFolder, place: Path) -> None:
    """Write the program that a run has solved. Raises InputError."""
    with place.open("w", encoding="ascii", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines(program_of(run)))


def lines(program: Program) -> Iterator[str]:
    """The lines of the file; numbers as exact as they are."""
    names, sides = solver_names(program.columns), list(limits(program))
    yield "* cost in million USD, quantities in tonnes; name(index)@node of the tree of futures"
    yield "NAME orefolio"
    yield "ROWS"
    yield f" N {COST}"
    yield from (f" {SENSES[limit.sense]} {limit.name}" for limit in sides)
    yield "COLUMNS"
    yield from _columns(program, names, sides)
    yield "RHS"
    yield f" RHS {COST} {-float(program.offset)!r}"
    yield from (f" RHS {limit.name} {limit.side!r}" for limit in sides if limit.side)
    yield "BOUNDS"
    for name, low, high in zip(names, program.column_lower.tolist(), program.column_upper.tolist(), strict=True):
        yield from _bounds(name, low, high)
    yield "ENDATA"


def _columns(program: Program, names: list[str], sides: list[Limit]) -> Iterator[str]:
    """What each column enters, whole-number columns between markers."""
    named = defaultdict(list)
    for limit in sides:
        named[limit.row].append(limit.name)
    matrix = sp.csc_matrix(program.matrix)
    starts = matrix.indptr.tolist()
    within = False
    for place, (name, cost, whole) in enumerate(
        zip(names, program.cost.tolist(), program.integer.tolist(), strict=True)
    ):
        if whole != within:
            yield f" MARKER{place} 'MARKER' '{'INTORG' if whole else 'INTEND'}'"
            within = whole
        yield f" {name} {COST} {cost!r}"
        span = slice(starts[place], starts[place + 1])
        for row, number in zip(matrix.indices[span].tolist(), matrix.data[span].tolist(), strict=True):
            yield from (f" {name} {limit} {number!r}" for limit in named[row])
    if within:
        yield " MARKEREND 'MARKER' 'INTEND'"


def _bounds(name: str, low: float, high: float) -> Iterator[str]:
    """Both bounds said in full: readers differ in what they take for granted."""
    if low == high:
        yield f" FX BOUND {name} {low!r}"
    elif math.isinf(low) and math.isinf(high):
        yield f" FR BOUND {name}"
    else:
        yield f" MI BOUND {name}" if math.isinf(low) else f" LO BOUND {name} {low!r}"
        yield f" PL BOUND {name}" if math.isinf(high) else f" UP BOUND {name} {high!r}"
