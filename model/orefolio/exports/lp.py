"""The program as an LP file, to read and for other solvers; minimised, in million USD."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path

from orefolio.program.program import Program
from orefolio.tables.folder import RunFolder

from .program_of_run import limits, program_of
from .solver_names import solver_names

ENDING = ".lp"
TERMS = 4
"""Terms on a line: some readers take no line of more than 510 letters."""


def write(run: RunFolder, place: Path) -> None:
    """Write the program that a run has solved. Raises InputError."""
    with place.open("w", encoding="ascii", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines(program_of(run)))


def lines(program: Program) -> Iterator[str]:
    """The lines of the file; numbers as exact as they are."""
    names = solver_names(program.columns)
    yield "\\ cost in million USD, quantities in tonnes; name(index)@node of the tree of futures"
    yield "Minimize"
    cost = program.cost.tolist()
    yield " cost:"
    yield from _sum(zip(cost, names, strict=True), names)
    yield f"  {_signed(program.offset)}"
    yield "Subject To"
    starts, places, numbers = program.matrix.indptr.tolist(), program.matrix.indices, program.matrix.data
    for limit in limits(program):
        span = slice(starts[limit.row], starts[limit.row + 1])
        terms = zip(numbers[span].tolist(), (names[place] for place in places[span].tolist()), strict=True)
        yield f" {limit.name}:"
        yield from _sum(terms, names)
        yield f"  {limit.sense} {limit.side!r}"
    yield "Bounds"
    yield from map(_bound, names, program.column_lower.tolist(), program.column_upper.tolist())
    yield "Generals"
    yield from (f" {name}" for name, whole in zip(names, program.integer.tolist(), strict=True) if whole)
    yield "End"


def _sum(terms: Iterable[tuple[float, str]], names: list[str]) -> Iterator[str]:
    """Terms of a sum, line by line; one that is nought where there is none."""
    written = [f"{_signed(number)} {name}" for number, name in terms if number] or [f"+ 0.0 {names[0]}"]
    yield from ("  " + " ".join(written[place : place + TERMS]) for place in range(0, len(written), TERMS))


def _signed(number: float) -> str:
    return f"{'-' if number < 0 else '+'} {abs(float(number))!r}"


def _bound(name: str, low: float, high: float) -> str:
    if low == high:
        return f" {name} = {low!r}"
    if math.isinf(low) and math.isinf(high):
        return f" {name} free"
    if math.isinf(high):
        return f" {name} >= {low!r}"
    return f" {'-inf' if math.isinf(low) else repr(low)} <= {name} <= {high!r}"
