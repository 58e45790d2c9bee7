"""The program that a run has solved, built again from the case in its folder."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from orefolio.case.read import read_case
from orefolio.errors import Fault, InputError
from orefolio.program.build import build
from orefolio.program.program import Program
from orefolio.program.risk import regret
from orefolio.tables.folder import RunFolder
from orefolio.tables.folder.case_files import case_hash

from .solver_names import solver_names


class Limit(NamedTuple):
    """One side of a row. sense: `<=`, `>=` or `=`; row: its place in the matrix."""

    name: str
    row: int
    sense: str
    side: float


def program_of(run: RunFolder) -> Program:
    """The program with the run's grid, futures and objective. Raises InputError where its case was changed."""
    record = run.record
    case, _ = read_case(run.path / "case")
    if case_hash(case) != record["case"]["hash"]:
        remedy = "Take the folder from where it was written, or solve again"
        place = str(run.path / "case")
        raise InputError([Fault(place, "another case than was solved", "that of the run", remedy=remedy)])
    futures = [entry["future"] for entry in record["futures"]]
    merged = build(case, record["grid"], futures, size_limit=math.inf)
    if regret.asked(merged):
        best = [(entry["bound_musd"], entry["plan_musd"]) for entry in record["risk"]["own_best"]]
        merged = regret.with_own_best(merged, best)
    return merged.program


def limits(program: Program) -> Iterator[Limit]:
    """The sides of the rows, both of a row that has two apart; a row without a side is left out."""
    lower, upper = program.row_lower.tolist(), program.row_upper.tolist()
    for row, (name, low, high) in enumerate(zip(solver_names(program.rows), lower, upper, strict=True)):
        if low == high:
            yield Limit(name, row, "=", low)
            continue
        if math.isfinite(low):
            yield Limit(name, row, ">=", low)
        if math.isfinite(high):
            yield Limit(f"{name}.upper" if math.isfinite(low) else name, row, "<=", high)
