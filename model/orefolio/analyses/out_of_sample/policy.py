"""What a plan does as long as nothing has happened, so that it can be held in a future that it does not know.

A plan for a tree of futures says what to commit to at each node, and how much stock to hold. In a fresh future both
hold up to the day on which that future parts from the trunk, at the nodes that the plan has too: those of the same day
with the same events known. Flows of such a period follow from them and are chosen anew, which forgives what rounding
does. Afterwards, and where the plan gives a node less than LEAST_CHANCE, nothing is held.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from orefolio.case.case import Case
from orefolio.case.changes import before
from orefolio.case.lives import MONTHS_A_YEAR
from orefolio.case.scenarios import Path, Tree, plant
from orefolio.program.flatten import Flat
from orefolio.program.merge import Merged
from orefolio.program.program import Floats, Integers

LEAST_CHANCE = 1e-3
"""Probability of a node below which what a plan does there is not held: it was worth nothing to the plan."""
STOCK = "stock"
"""The variable that carries material from one period to the next."""

Known = tuple[int, frozenset[str]]
"""A period by its first month, with the events known at its end; of the root the month −1."""
ROOT: Known = (-1, frozenset())
Commitments = Mapping[tuple[str, str, int], float]
"""Variable, index words joined by /, period → what is committed to; what is not told is not."""


@dataclass(frozen=True)
class Policy:
    """case, grid: what the plan was made for. at: its commitments by node."""

    case: Case
    grid: str
    at: Mapping[Known, Commitments]

    @classmethod
    def of_plan(
        cls,
        case: Case,
        grid: str,
        plan: Mapping[tuple[str, str, int, int], float],
        futures: Iterable[str] | None = None,
    ) -> Policy:
        """plan: the columns that are not zero, as a run folder has them: variable, index, period, node → value.

        futures: those that were planned for; None for all.
        """
        return cls._of_tree(plant(case, grid, futures), grid, plan)

    @classmethod
    def _of_tree(cls, tree: Tree, grid: str, plan: Mapping[tuple[str, str, int, int], float]) -> Policy:
        known = _nodes(tree)
        held: dict[Known, dict[tuple[str, str, int], float]] = {
            name: {} for node, name in known.items() if tree.probability[node] >= LEAST_CHANCE
        }
        for (variable, index, period, node), value in plan.items():
            if known.get(node) in held:
                held[known[node]][variable, index, period] = value
        return cls(tree.case, grid, held)

    @classmethod
    def of_solution(cls, merged: Merged, grid: str, values: Floats) -> Policy:
        """values: of the merged columns."""
        labels = merged.program.columns
        plan = {
            (x.name, "/".join(x.index), x.period, x.node): v for x, v in zip(labels, values.tolist(), strict=True) if v
        }
        return cls._of_tree(merged.tree, grid, plan)

    def held(self, flat: Flat) -> tuple[Integers, Floats]:
        """Which of a future's own columns are held, (held,), and at what."""
        committed, stocked = _trunk(flat.path)
        places, values = [], []
        for place, (name, index, period, _) in enumerate(flat.columns):
            known = committed if flat.commitment[place] else stocked if name == STOCK else {}
            plan = self.at.get(known[period]) if period in known else None
            if plan is not None:
                places.append(place)
                values.append(plan.get((name, "/".join(index), period), 0.0))
        return np.array(places, dtype=np.int64), np.array(values, dtype=np.float64)


def _trunk(path: Path) -> tuple[dict[int, Known], dict[int, Known]]:
    """What is known at each period as long as a future has not parted: by its commitments, and at its end."""
    whole = [one.number for one in path.periods if path.onset is None or not before(path.onset, one.end)]
    stocked = {number: _known(path, number) for number in whole}
    committed = {0: ROOT} | {number + 1: stocked[number] for number in whole}
    return committed, stocked


def _known(path: Path, number: int) -> Known:
    return round(path.periods[number].start * MONTHS_A_YEAR), path.seen(number)


def _nodes(tree: Tree) -> dict[int, Known]:
    """What is known at each node of a tree."""
    found = {0: ROOT}
    for path, nodes in zip(tree.paths, tree.node, strict=True):
        for number, node in enumerate(nodes):
            if node not in found:
                found[node] = _known(path, number)
    return found
