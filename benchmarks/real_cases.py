"""The example cases: where the time goes, and how far HiGHS alone comes on the same matrix in the time of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from . import Options, Row, Rows
from .apart import told_by

INPUTS = Path(__file__).parents[1] / "inputs"
GAPS = {"japan": 10.0, "us": 10.0, "minerals-us": 2.0, "allies": 25.0}
"""Million USD that each case is proved to."""


def section(_: Options) -> Rows:
    """A row for each case: wall seconds by step, inside and outside the solver, and HiGHS alone for as long."""
    return [_row(case, gap) for case, gap in GAPS.items()]


def _row(case: str, gap: float) -> Row:
    ours = told_by(ours_in_seconds, str(INPUTS / case), gap)
    alone = told_by(highs_alone, str(INPUTS / case), ours["solve"])
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
        "highs_alone_gap_musd": None if alone["gap"] is None else round(alone["gap"], 2),
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
        "solve": timing["seconds"]["solve"],
        "solver": timing["solver_seconds"],
        "first": timing["first_plan_seconds"],
        "gap": run.abs_gap,
    }


def highs_alone(folder: str, seconds: float) -> dict[str, Any]:
    """HiGHS with its own defaults on the same program for so many seconds; no gap where it has no plan."""
    from orefolio import api
    from orefolio.solve.engine import Engine

    engine = Engine(api.built(api.load(folder)).program, integer=True)
    engine.run(seconds)
    return {"gap": engine.objective - engine.search_bound if engine.has_values else None}
