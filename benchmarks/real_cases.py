"""The example cases: where the time goes, by step, inside the solver and outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from . import Options, Row, Rows
from .apart import told_by

INPUTS = Path(__file__).parents[1] / "inputs"
GAPS = {"japan": 10.0, "us": 10.0, "minerals-us": 2.0, "allies": 25.0}
"""Million USD that each case is proved to."""


def section(_: Options) -> Rows:
    """A row for each case: wall seconds by step, inside and outside the solver; imports come before."""
    return [_row(case, gap) for case, gap in GAPS.items()]


def _row(case: str, gap: float) -> Row:
    ours = told_by(ours_in_seconds, str(INPUTS / case), gap)
    outside = sum(ours["seconds"].values()) - ours["solver"]
    return {
        "case": case,
        "columns": ours["columns"],
        "binaries": ours["binaries"],
        **{f"{step}_s": round(seconds, 2) for step, seconds in ours["seconds"].items()},
        "solver_s": round(ours["solver"], 2),
        "outside_of_inside": round(outside / ours["solver"], 2),
        "first_plan_s": round(ours["first"], 2),
        "gap_musd": round(ours["gap"], 2),
    }


def ours_in_seconds(folder: str, gap: float) -> dict[str, Any]:
    """Solve a case as the command does, but for writing the run."""
    from orefolio import api

    run = api.load(folder).solve(abs_gap=gap)
    assert run.outcome is not None
    program, timing = run.outcome.merged.program, run.record["timing"]
    return {
        "columns": program.shape[1],
        "binaries": int(program.integer.sum()),
        "seconds": timing["seconds"],
        "solver": timing["solver_seconds"],
        "first": timing["first_plan_seconds"],
        "gap": run.abs_gap,
    }
