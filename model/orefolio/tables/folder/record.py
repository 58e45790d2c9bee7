"""What run.json says: how the run ended, what is proved, with what it was made."""

from __future__ import annotations

import math
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import metadata
from typing import Any

from orefolio import __version__
from orefolio.case.case import Case
from orefolio.program.merge import Merged
from orefolio.solve import Options, Solution

from ..outcome import Outcome
from .case_files import case_hash

SCHEMA = "orefolio/run/1"
PACKAGES = ("highspy", "numpy", "pandas", "pyomo", "scipy")


LIMITED = "A limit was reached before the proof; another run may end with another plan."
"""The warning in the record of a plan without a proof."""


@dataclass(frozen=True)
class Circumstances:
    """What a run was asked for beside its case, and what happened on the way.

    settings: name to value and origin. started: UTC, ISO 8601. nothing_note: why the saving is not known, if it is not.
    seconds: wall seconds by step, the reading of the case first; writing the folder is not among them, for the record
    is a part of it. solver: the wall seconds of these that were spent inside the solver's own calls, whatever the step.
    """

    grid: str
    overlays: tuple[str, ...] = ()
    settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    nothing_note: str = ""
    started: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict)
    solver: float = 0.0

    def timing(self) -> dict[str, object]:
        """Wall seconds so far: all in all, inside the solver, and by step."""
        steps = {name: round(seconds, 3) for name, seconds in self.seconds.items()}
        whole = round(sum(self.seconds.values()), 3)
        return {"wall_seconds": whole, "solver_seconds": round(self.solver, 3), "seconds": steps}


def record(
    merged: Merged, solution: Solution, options: Options, nothing: float | None, at: Circumstances
) -> dict[str, Any]:
    """The content of run.json; the block `timing` is all that may differ between two runs of the same."""
    case = merged.tree.case
    outcome = Outcome(merged, solution, options, nothing) if solution.has_plan else None
    return {
        "schema": SCHEMA,
        "case": {"name": case.name, "title": case.title, "hash": case_hash(case), "horizon": _horizon(case)},
        "status": solution.status,
        "objective": _finite(solution.objective),
        "bound": _finite(solution.bound),
        "abs_gap": _finite(solution.abs_gap),
        "gap": _finite(solution.gap),
        "audit": None,
        "content": [],
        "nothing_musd": nothing,
        "saving_musd": None if nothing is None or outcome is None else nothing - solution.objective,
        "saving_note": at.nothing_note,
        **(_plan_figures(outcome) if outcome else {}),
        "warnings": list(at.warnings),
        "options": dict(at.settings) or _options(options),
        "seed": options.seed,
        "threads": options.threads,
        "levers": dict(case.turned),
        "overlays": list(at.overlays),
        "grid": at.grid,
        "futures": [{"future": flat.path.future, "weight": flat.path.weight} for flat in merged.flats],
        "risk": _risk(merged, solution),
        "program": _size(merged),
        "method": solution.method,
        "nodes": solution.nodes,
        "versions": versions(),
        "timing": {
            "started_utc": at.started,
            **at.timing(),
            "solve_seconds": {name: round(seconds, 3) for name, seconds in solution.seconds.items()},
            "first_plan_seconds": solution.first_plan_seconds,
        },
    }


def versions() -> dict[str, str]:
    """Versions of orefolio, Python and what the numbers depend on."""
    found = {"orefolio": __version__, "python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = ""
    return found


def _horizon(case: Case) -> list[str]:
    return [case.horizon_from.isoformat(), case.horizon_to.isoformat()]


def _risk(merged: Merged, solution: Solution) -> dict[str, Any]:
    """How futures are weighed; expected_bound_musd: proved of the expected cost of every plan that is as good.

    own_best: what each future costs by itself, its proved bound and its plan, where regret is the objective.
    """
    case = merged.tree.case
    asked = {"risk_weight": "tail", "worst_case": "worst case", "least_regret": "least regret"}
    names = [words for setting, words in asked.items() if case.setting(setting, 0.0) > 0]
    return {
        "objective": (names or ["expected cost"])[0],
        "weight": case.setting("risk_weight", 0.0),
        "level": case.setting("risk_level", 0.9),
        "expected_bound_musd": solution.second_bound,
        "regimes": [
            {"regime": name, "status": status, "objective": _finite(objective), "bound": _finite(bound)}
            for name, status, objective, bound in solution.regimes
        ],
        "own_best": [
            {"future": flat.path.future, "bound_musd": bound, "plan_musd": plan}
            for flat, (bound, plan) in zip(merged.flats, merged.own_best, strict=False)
        ],
    }


def _plan_figures(outcome: Outcome) -> dict[str, Any]:
    worst = outcome.worst
    return {
        "trunk": outcome.trunk.name,
        "expected_cost_musd": outcome.expected_cost,
        "tail_cost_musd": outcome.tail_cost,
        "worst": {"future": worst.name, "cost_musd": worst.cost, "short_t": worst.short_t},
    }


def _size(merged: Merged) -> dict[str, int]:
    rows, columns, nonzeros = merged.program.shape
    return {"rows": rows, "columns": columns, "nonzeros": nonzeros, "binaries": int(merged.program.integer.sum())}


def _options(options: Options) -> dict[str, Any]:
    names = ("abs_gap", "gap", "time_limit", "threads", "seed", "node_limit")
    return {name: {"value": getattr(options, name), "origin": "call"} for name in names}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
