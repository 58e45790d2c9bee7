"""A tree of futures in the stages of mpi-sppy: which columns several futures share, and under which name of a node.

A crowd is the set of futures that have a merged column in common. Crowds are nested or apart, so they are a tree.
mpi-sppy asks that every scenario passes through as many nodes, and holds as many shared columns, as any other. So a
future that has parted from all others goes on in nodes of its own, and the last node before the leaves is filled up
with columns that are fixed at 0. Neither changes the program: a node of one future asks for nothing, and a fixed column
costs nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ..errors import Fault, InputError, OrefolioError
from ..program.implied import with_implied_bounds
from ..program.merge import Merged
from ..program.program import Label

ROOT = "ROOT"
UNBOUNDED = 1e3  # in place of the range of a column that has none
Crowd = tuple[int, ...]


@dataclass(frozen=True)
class Stage:
    """A node of mpi-sppy. probability: given its parent. shared: labels of its columns; filling: how many are fixed."""

    name: str
    probability: float
    shared: tuple[Label, ...]
    filling: int


@dataclass(frozen=True)
class Staged:
    """A tree as mpi-sppy names it. order: numbers of futures, those of a node side by side.

    names: of all nodes, leaves too, None where there are only two stages. stages: by future, from the root on.
    """

    order: tuple[int, ...]
    names: tuple[str, ...] | None
    stages: dict[int, tuple[Stage, ...]]


def staged(merged: Merged) -> Staged:
    """The stages of a merged program. Raises OrefolioError where futures that share columns do not form a tree."""
    shared = _shared(merged)
    everyone = tuple(range(len(merged.flats)))
    shared.setdefault(everyone, [])
    chains = {number: _chain(number, shared) for number in everyone}
    depth = max(map(len, chains.values()))
    order = sorted(everyone, key=lambda number: (*(crowd[0] for crowd in chains[number]), number))
    chains = {number: chain + [(number,)] * (depth - len(chain)) for number, chain in chains.items()}
    held = {number: sum(len(shared.get(crowd, ())) for crowd in chain) for number, chain in chains.items()}
    most = max(held.values())
    named = _named([(chains[number], number) for number in order])
    weight = [flat.path.weight for flat in merged.flats]
    stages = {
        number: tuple(
            Stage(
                named[level, crowd],
                sum(weight[one] for one in crowd) / sum(weight[one] for one in chain[max(0, level - 1)]),
                tuple(shared.get(crowd, ())),
                most - held[number] if level == depth - 1 else 0,
            )
            for level, crowd in enumerate(chain)
        )
        for number, chain in chains.items()
    }
    return Staged(tuple(order), tuple(named.values()) if depth > 1 else None, stages)


def _shared(merged: Merged) -> dict[Crowd, list[Label]]:
    """The columns that several futures have, by who has them."""
    holds = np.zeros((merged.program.shape[1], len(merged.flats)), dtype=bool)
    for number, places in enumerate(merged.column_of):
        holds[places, number] = True
    found: dict[Crowd, list[Label]] = {}
    for place in np.flatnonzero(holds.sum(axis=1) > 1).tolist():
        found.setdefault(tuple(np.flatnonzero(holds[place]).tolist()), []).append(merged.program.columns[place])
    return found


def _chain(number: int, crowds: Iterable[Crowd]) -> list[Crowd]:
    """The crowds that a future is in, the largest first."""
    chain = sorted((crowd for crowd in crowds if number in crowd), key=len, reverse=True)
    for outer, inner in itertools.pairwise(chain):
        if not set(inner) < set(outer):
            raise OrefolioError(f"futures {outer} and {inner} share columns, and neither holds the other: not a tree")
    return chain


def _named(chains: list[tuple[list[Crowd], int]]) -> dict[tuple[int, Crowd], str]:
    """Names of nodes by level and crowd, parents first, children counted from 0; leaves stand one level deeper."""
    named: dict[tuple[int, Crowd], str] = {}
    children: dict[str, int] = {}
    for chain, number in chains:
        for level, crowd in enumerate([*chain, (number,)]):
            if (level, crowd) in named:
                continue
            if not level:
                named[level, crowd] = ROOT
                continue
            parent = named[level - 1, chain[level - 1]]
            named[level, crowd] = f"{parent}_{children.get(parent, 0)}"
            children[parent] = children.get(parent, 0) + 1
    return named


def refuse_coupled(merged: Merged) -> None:
    """Raise InputError for a case that mpi-sppy cannot take apart: what is asked over its futures together.

    Such are rows of risk and of investors, and the choice among regimes; nor is there anything to hedge in one future.
    """
    own_rows, own_columns = (1 + max(int(places.max()) for places in of) for of in (merged.row_of, merged.column_of))
    folder, found = merged.tree.case.folder, ""
    if len(merged.flats) < 2:
        found = "one future"
    elif merged.program.shape[:2] != (own_rows, own_columns) or merged.tree.case.rows("regimes"):
        found = "rows of risk, of investors or of regimes over the futures together"
    if found:
        remedy = "`orefolio solve` plans for such a case"
        raise InputError([Fault(str(folder), found, "several futures that share decisions alone", remedy=remedy)])


def penalties(merged: Merged, plan: Staged, factor: float) -> dict[Label, float]:
    """The penalty of each shared column, million USD per square of its unit: what a unit costs over its range.

    The same in every future, for otherwise weights would not cancel. factor: times that. A column that costs nothing
    by itself takes the median cost of the others; one without a range takes UNBOUNDED.
    """
    program, chance = with_implied_bounds(merged.program), merged.tree.probability
    place = {label: number for number, label in enumerate(program.columns)}
    labels = {label for stages in plan.stages.values() for stage in stages for label in stage.shared}
    cost = {label: abs(float(program.cost[place[label]])) / chance[label.node] for label in labels}
    usual = float(np.median([each for each in cost.values() if each] or [1.0]))
    found = {}
    for label in sorted(labels):
        span = float(program.column_upper[place[label]] - program.column_lower[place[label]])
        found[label] = factor * (cost[label] or usual) / max(1.0, span if np.isfinite(span) else UNBOUNDED)
    return found
