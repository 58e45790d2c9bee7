"""What the MPI ranks do together: hedge over the futures of the case that task.json in a folder names.

Rank 0 writes answer.json, and plan.csv where there is a plan. Every rank checks the bound on some of the futures.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mpi4py import MPI

from ..case.case import Case
from ..case.overlay import adjusted_case, load_overlay
from ..case.read import load_case_with_warnings
from ..case.scenarios import Tree, plant
from ..errors import OrefolioError
from ..program.build import build
from ..program.merge import Merged
from ..solve import Options, Solution
from ..tables.folder import plan_text
from .certified import Certified, balanced, cost_of, disagreements, least_cost
from .mpi_sppy import Hedging, Part, spun
from .scenarios import Creator
from .staged import Staged, penalties, refuse_coupled, staged


def main(folder: Path) -> None:
    """Hedge on this rank. What rank 0 refuses is written as the answer; any other error ends all ranks."""
    world = MPI.COMM_WORLD
    task = json.loads((folder / "task.json").read_text(encoding="utf-8"))
    began = time.monotonic()
    case, merged, shared = case_of(task), None, None
    if world.rank == 0:
        try:
            merged = build(case, task["grid"])
            refuse_coupled(merged)
            plan = staged(merged)
            shared = plan, penalties(merged, plan, task["rho"])
        except OrefolioError as error:
            _write(folder, {"refused": str(error), "exit_code": error.exit_code})
    shared = world.bcast(shared)
    if shared is None:
        return
    plan, penalty = shared
    tree = plant(case, task["grid"])
    part = spun(Creator(tree, plan), penalty, Hedging(**task["hedging"]))
    parts: list[Part] = world.allgather(part)
    answer = _judged(tree, plan, parts, merged, Options(**task["options"]), folder)
    if world.rank == 0:
        _write(folder, {**answer, "ranks": world.size, "wall_seconds": time.monotonic() - began})


def _write(folder: Path, answer: Mapping[str, Any]) -> None:
    (folder / "answer.json").write_text(json.dumps(answer, indent=2), encoding="utf-8")


def case_of(task: Mapping[str, Any]) -> Case:
    """The case of a task, under its overlays and levers."""
    case = load_case_with_warnings(task["case"]).case
    overlays = [load_overlay(name, case.folder) for name in task["overlays"]]
    return adjusted_case(case, overlays, task["levers"]) if overlays or task["levers"] else case


def _judged(
    tree: Tree, plan: Staged, parts: Sequence[Part], merged: Merged | None, options: Options, folder: Path
) -> dict[str, Any]:
    """The answer, on rank 0 alone; the others help to prove the bound."""
    world = MPI.COMM_WORLD
    given = {name: weights for part in parts for name, weights in part.weights.items()}
    weights, uncancelled = balanced(tree, plan, given)
    mine = range(world.rank, len(tree.paths), world.size)
    found = {number: least_cost(tree, number, weights[tree.paths[number].future], options) for number in mine}
    every = {number: pair for share in world.allgather(found) for number, pair in share.items()}
    if merged is None:
        return {}
    bound = sum(path.weight * every[number][0] for number, path in enumerate(tree.paths))
    relaxed = sum(path.weight * every[number][1] for number, path in enumerate(tree.paths))
    cost, values, faults = cost_of(merged, {n: v for part in parts for n, v in part.values.items()})
    own = Certified(bound, relaxed, cost, faults)
    if math.isfinite(cost):
        text = plan_text(merged, Solution("feasible", cost, bound, values))
        (folder / "plan.csv").write_text(text, encoding="utf-8")
    hub = parts[0]
    heard = next(part.heard for part in parts if part.heard)
    return {
        "objective": cost if math.isfinite(cost) else None,
        "bound": bound if math.isfinite(bound) else None,
        "disagreements": disagreements(hub.outer, hub.inner, own, uncancelled),
        "reported": {"outer": _finite(hub.outer), "inner": _finite(hub.inner), "heard": [*map(_finite, heard)]},
        "iterations": hub.iterations,
        "futures": len(tree.paths),
        "shared_columns": len({label for stages in plan.stages.values() for s in stages for label in s.shared}),
    }


def _finite(amount: float) -> float | None:
    return amount if math.isfinite(amount) else None
