"""What-ifs on the warm program of Japan, beside the same from nothing: CPU seconds of each, and that both agree.

Each lever is turned half of the way to an end of its range. A plan that is fixed keeps every yes-or-no decision; one
made anew relaxes and dives, without branching. From nothing, the program is built anew and then solved in the same way.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np

from orefolio import api
from orefolio.analyses.warm import Warm
from orefolio.case.case import Case
from orefolio.program.build import build
from orefolio.program.program import Program
from orefolio.solve import Solution, fixed, solve

from . import DisagreementError, MissingError, Options, Row, Rows
from .apart import told_by
from .real_cases import GAPS, INPUTS
from .road import SAME

CASE = "japan"
GRIDS = (None, "yearly")
"""None for the case's own."""
LEVERS = (
    "holding_cost",  # costs of stock
    "transport_multiple",  # costs of lanes
    "price_dy",  # costs; coefficients of budgets and of the rule on Chinese content
    "shortage_value_multiple",  # costs of what is short
    "lynas_availability",  # sides, bounds; coefficients of what its offtakes deliver
    "demand_industry_multiple",  # sides, bounds; coefficients of substitution
)
TURN = 0.5
"""How far a lever is turned from its base to the upper end of its range; to the lower where it stands at the upper."""
NO_BRANCHING = 0  # nodes: the relaxation and its dives give plan and gap
ARRAYS = ("cost", "column_lower", "column_upper", "row_lower", "row_upper")

Answer = TypeVar("Answer")


def section(options: Options) -> Rows:
    """A row for each grid and lever. Raises MissingError for a lever that the case no longer has."""
    folder = INPUTS / CASE
    present(api.load(folder).case, LEVERS)
    found = (told_by(on_grid, str(folder), grid, options.runs)["rows"] for grid in GRIDS)
    return [row for rows in found for row in rows]


def present(case: Case, levers: tuple[str, ...]) -> None:
    """Raise MissingError where a case lacks a lever."""
    lacking = [lever for lever in levers if not case.has("levers", lever)]
    if lacking:
        raise MissingError(f"The case {case.name} has no lever {', '.join(lacking)}: what-ifs are measured with it")


def on_grid(folder: str, grid: str | None, runs: int) -> dict[str, Rows]:
    """The rows of a grid, one lever after another on one warm program: each relaxation starts at the one before it."""
    study = api.load(folder)
    warm = study.warm(study.solve(grid=grid, abs_gap=GAPS[CASE], saving=False))
    return {"rows": [turned(warm, lever, runs) for lever in LEVERS]}


def turned(warm: Warm, lever: str, runs: int) -> Row:
    """A lever turned on the warm program and from nothing. runs: of what is short, of which the median is told.

    Raises DisagreementError where the answers differ.
    """
    levers = {lever: value(warm.base, lever)}
    learning, mapped = timed(lambda: warm.learn(lever))
    mapping = statistics.median(timed(lambda: warm.program(levers))[0] for _ in range(runs))
    fixing, kept = from_base(warm, warm.fixed, levers, runs)
    replanning, made = from_base(warm, warm.replanned, levers, 1)
    building, program = timed(lambda: built(warm, levers))
    cold_fixing, cold_kept = timed(lambda: fixed(program, warm.values, warm.options))
    cold_solving, cold_made = timed(lambda: solve(program, replace(warm.options, node_limit=NO_BRANCHING)))
    same_plan(lever, kept, cold_kept)
    overlapping(lever, made, cold_made)
    cold_fixing, cold_solving = building + cold_fixing, building + cold_solving
    return {
        "grid": warm.grid,
        "lever": lever,
        "value": levers[lever],
        "moves": ", ".join(moved(warm.merged.program, program)),
        "learn_s": round(learning, 2) if mapped else None,
        "map_s": round(mapping, 5) if mapped else None,
        "fixed_s": round(fixing, 3),
        "fixed_per_s": round(1 / fixing, 2),
        "replanned_s": round(replanning, 3),
        "replanned_per_s": round(1 / replanning, 2),
        "gap_musd": round(made.abs_gap, 2),
        "cold_fixed_s": round(cold_fixing, 2),
        "cold_replanned_s": round(cold_solving, 2),
        "cold_gap_musd": round(cold_made.abs_gap, 2),
        "fixed_of_cold": round(fixing / cold_fixing, 3),
        "replanned_of_cold": round(replanning / cold_solving, 3),
    }


def value(case: Case, lever: str) -> float:
    """Where a lever is turned to."""
    row = case.row("levers", lever)
    end = row.high if row.high > row.base else row.low
    return float(row.base + TURN * (end - row.base))


def from_base(
    warm: Warm, ask: Callable[[dict[str, float]], Solution], levers: dict[str, float], runs: int
) -> tuple[float, Solution]:
    """The median of CPU seconds of an answer, and the last, each time with the base's program put back before."""
    found = []
    for _ in range(runs):
        warm.fixed({})
        found.append(timed(lambda: ask(levers)))
    return statistics.median(seconds for seconds, _ in found), found[-1][1]


def built(warm: Warm, levers: dict[str, float]) -> Program:
    """The program with levers turned, of the same futures, stated anew."""
    return build(warm.turned(levers), warm.grid, [path.future for path in warm.merged.tree.paths]).program


def moved(base: Program, other: Program) -> list[str]:
    """Which arrays of a program differ; what they are of, where its size or the places of its coefficients do."""
    if base.shape != other.shape or not np.array_equal(base.matrix.indices, other.matrix.indices):
        return ["structure"]
    found = [] if np.array_equal(base.matrix.data, other.matrix.data) else ["coefficients"]
    return found + [name for name in ARRAYS if not np.array_equal(getattr(base, name), getattr(other, name))]


def timed(answer: Callable[[], Answer]) -> tuple[float, Answer]:
    """CPU seconds of an answer, and the answer."""
    began = time.process_time()
    found = answer()
    return time.process_time() - began, found


def same_plan(lever: str, warm: Solution, cold: Solution) -> None:
    """Raise DisagreementError unless the fixed plan has the same status and costs the same."""
    apart = abs(warm.objective - cold.objective) > SAME * max(1.0, abs(cold.objective))
    if warm.status != cold.status or (cold.has_plan and apart):
        raise DisagreementError(
            f"{lever}, plan fixed: {warm.status} {warm.objective!r} warm, {cold.status} {cold.objective!r} from nothing"
        )


def overlapping(lever: str, warm: Solution, cold: Solution) -> None:
    """Raise DisagreementError unless each bound lies below both plans, so that one optimum may lie in both gaps."""
    for proved in (warm, cold):
        for found in (warm, cold):
            if proved.bound > found.objective + SAME * max(1.0, abs(found.objective)):
                raise DisagreementError(
                    f"{lever}, made anew: {warm.bound!r} to {warm.objective!r} warm, "
                    f"{cold.bound!r} to {cold.objective!r} from nothing"
                )
