"""What mpi-sppy says, held against our own arrays and our own solver. What is reported as bound and cost is ours.

A Lagrangian bound is proved by weights that cancel in every node: what each future costs at least under them, in
expectation, no plan undercuts. An incumbent is a plan of the merged program, whose rows, bounds and cost are computed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..case.scenarios import Tree
from ..program.alone import certain
from ..program.flatten import each_flat
from ..program.merge import Merged
from ..program.program import Floats, Label
from ..solve import Options, solve
from ..solve.check import broken
from .staged import Staged

TOLERANCE = 1e-6  # of the larger of 1 and the amount
SHOWN = 5
Weights = Mapping[str, Mapping[Label, float]]


@dataclass(frozen=True)
class Certified:
    """bound: proved by our solver; relaxed: best that it found under the same weights, which no true bound is above.

    cost: of the plan, ∞ where there is none or it breaks something; broken: what it breaks, in words. Million USD.
    """

    bound: float
    relaxed: float
    cost: float
    broken: tuple[str, ...] = ()


def balanced(tree: Tree, plan: Staged, weights: Weights) -> tuple[dict[str, dict[Label, float]], float]:
    """Weights that cancel in expectation over the futures of each node, and by how much those given did not.

    By how much: the largest mean as a share of the larger of 1 and the largest weight of the column.
    """
    holders: dict[Label, list[int]] = {}
    for number, stages in plan.stages.items():
        for label in (label for stage in stages for label in stage.shared):
            holders.setdefault(label, []).append(number)
    names, chance = [path.future for path in tree.paths], [path.weight for path in tree.paths]
    found: dict[str, dict[Label, float]] = {name: {} for name in names}
    worst = 0.0
    for label, numbers in holders.items():
        given = {number: weights.get(names[number], {}).get(label, 0.0) for number in numbers}
        mean = sum(chance[n] * given[n] for n in numbers) / sum(chance[n] for n in numbers)
        worst = max(worst, abs(mean) / max(1.0, *map(abs, given.values())))
        for number in numbers:
            found[names[number]][label] = given[number] - mean
    return found, worst


def least_cost(tree: Tree, number: int, weights: Mapping[Label, float], options: Options) -> tuple[float, float]:
    """What one future costs under weights, million USD: the proved bound, and the best that was found."""
    (flat,) = each_flat([tree.paths[number]])
    program = certain(tree, number, flat).program
    extra = np.array([weights.get(label, 0.0) for label in program.columns])
    solution = solve(replace(program, cost=program.cost + extra), options)
    return solution.bound, solution.objective


def assembled(merged: Merged, values: Weights) -> tuple[Floats, list[str]]:
    """The plan that the futures' own columns make up, (columns,), and where futures that share a column disagree.

    A column of which nothing is said stands at the limit that is nearest to 0.
    """
    program = merged.program
    plan = np.clip(0.0, program.column_lower, program.column_upper)
    known = np.full(len(plan), np.nan)
    apart = []
    for flat, places, nodes, parents in zip(
        merged.flats, merged.column_of, merged.tree.node, merged.tree.parent, strict=True
    ):
        own = values.get(flat.path.future, {})
        at = (parents if resting else nodes for resting in flat.commitment.tolist())
        said = [own.get(label._replace(node=here[label.period])) for label, here in zip(flat.columns, at, strict=True)]
        mine = np.array([math.nan if value is None else value for value in said])
        differ = np.abs(known[places] - mine) > TOLERANCE * np.maximum(1.0, np.abs(mine))
        apart += [f"column {program.columns[place]}: futures disagree" for place in places[differ].tolist()]
        known[places] = np.where(np.isnan(mine), known[places], mine)
    plan = np.where(np.isnan(known), plan, known)
    plan = np.where(program.integer & (np.abs(plan - np.round(plan)) < TOLERANCE), np.round(plan), plan)
    return np.clip(plan, *_widened(program.column_lower, program.column_upper, plan)), apart


def _widened(lower: Floats, upper: Floats, plan: Floats) -> tuple[Floats, Floats]:
    """Bounds, but for what breaks them by more than rounding: that is left for the check to find."""
    slack = TOLERANCE * np.maximum(1.0, np.abs(plan))
    return np.where(plan < lower - slack, -np.inf, lower), np.where(plan > upper + slack, np.inf, upper)


def cost_of(merged: Merged, values: Weights) -> tuple[float, Floats, tuple[str, ...]]:
    """What a plan costs in expectation, ∞ where it breaks something, the plan (columns,), and what it breaks."""
    if not values:
        return math.inf, np.empty(0), ()
    plan, faults = assembled(merged, values)
    faults += broken(merged.program, plan)
    return (math.inf if faults else merged.program.objective(plan)), plan, tuple(faults)


def disagreements(outer: float, inner: float, own: Certified, uncancelled: float) -> tuple[str, ...]:
    """Where mpi-sppy's bounds and ours contradict each other, in words. outer, inner: as it reports them."""
    slack = TOLERANCE * max(1.0, abs(own.relaxed) if math.isfinite(own.relaxed) else 1.0)
    found = []
    if uncancelled > TOLERANCE:
        found.append(f"the weights of its outer bound do not cancel, by a share of {uncancelled:.2g}")
    if outer > own.relaxed + slack:
        found.append(f"its outer bound {outer:.6f} lies above {own.relaxed:.6f}, which its weights allow")
    if outer > own.cost + slack:
        found.append(f"its outer bound {outer:.6f} lies above a plan that costs {own.cost:.6f}")
    if inner < own.bound - slack:
        found.append(f"its incumbent {inner:.6f} lies below {own.bound:.6f}, which is proved of every plan")
    if math.isfinite(own.cost) and abs(inner - own.cost) > slack:
        found.append(f"its incumbent is said to cost {inner:.6f} and costs {own.cost:.6f}")
    return (*found, *_few(own.broken))


def _few(faults: Sequence[str]) -> list[str]:
    rest = len(faults) - SHOWN
    return [f"its plan: {fault}" for fault in faults[:SHOWN]] + ([f"and {rest} more"] if rest > 0 else [])
