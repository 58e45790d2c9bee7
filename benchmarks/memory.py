"""Peak memory of the example cases, above what was resident once the case was read: built, solved, told as tables."""

from __future__ import annotations

from importlib import import_module
from itertools import accumulate
from pathlib import Path
from typing import Any

from . import Options, Row, Rows
from .apart import told_by
from .real_cases import GAPS, INPUTS
from .resident import matrix_bytes, peak, resident

STEPS = ("build", "solve", "tables")
IMPORTED_LATE = (
    "case.asked",
    "program.flatten",
    "program.merge",
    "program.risk.regimes",
    "program.support",
    "program.switches",
)


def section(_: Options) -> Rows:
    """A row for each case, solved to the gap of the section on example cases."""
    return [row(case, told_by(peaks, str(INPUTS / case), gap)) for case, gap in GAPS.items()]


def peaks(folder: str, gap: float) -> dict[str, Any]:
    """Bytes at the peak so far after each step, above those before the first, and the shape of the program.

    What the steps import is imported before.
    """
    from orefolio import api
    from orefolio.analyses.objective import solve_in_turn
    from orefolio.solve import Options as Asked
    from orefolio.solve import Session
    from orefolio.tables import TABLES
    from orefolio.tables.outcome import Outcome

    for name in (*(f"tables.{table}" for table in TABLES), *IMPORTED_LATE):
        import_module(f"orefolio.{name}")
    study, asked = api.load(Path(folder)), Asked(abs_gap=gap)
    before = resident()
    merged = api.built(study)
    after = [peak() - before]
    merged, solution = solve_in_turn(Session(merged.program, asked), merged, study.case.grid)
    after.append(peak() - before)
    outcome = Outcome(merged, solution, asked, None)
    outcome.verify()
    made = [table(outcome) for table in TABLES.values()]
    after.append(peak() - before)
    rows, columns, nonzeros = merged.program.shape
    shape = {"rows": rows, "columns": columns, "nonzeros": nonzeros}
    return {
        **shape,
        "tables": len(made),
        "resident": before,
        "peaks": dict(zip(STEPS, accumulate(after, max), strict=True)),
    }


def row(case: str, found: dict[str, Any]) -> Row:
    """Peaks in MB and as multiples of the matrix."""
    matrix = matrix_bytes(found["rows"], found["nonzeros"])
    return {
        "case": case,
        **{name: found[name] for name in ("columns", "nonzeros")},
        "matrix_mb": round(matrix / 1e6, 2),
        "resident_before_mb": round(found["resident"] / 1e6, 1),
        **{f"peak_{step}_mb": round(found["peaks"][step] / 1e6, 1) for step in STEPS},
        **{f"peak_{step}_of_matrix": round(found["peaks"][step] / matrix, 1) for step in STEPS},
    }
