"""How futures tell themselves to a rolling plan: the tree of a sampled one and of all that might have followed.

An event shows when it begins; how long it lasts shows when it is over, or at once where some part of it stretches with
its length. So futures that have gone alike share a node though they will end their events at different times. Time is
told by the grid alone, without coarser steps after a shock: those would tell when the shock will be over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from orefolio.case.case import AfterShock, Case
from orefolio.case.lives import MONTHS_A_YEAR, Life, lives
from orefolio.case.scenarios import Tree, plant_lives
from orefolio.collector import collector_at_rest
from orefolio.futures.continued import shows_at_once
from orefolio.futures.drawing import Drawn
from orefolio.futures.generated import Weighted, rows_of, with_rows
from orefolio.program.flatten import Flat, each_flat
from orefolio.program.merge import Merged, merge

EARLIER_YEARS = 1e-6
"""How long before its last moment it shows that an event ends: what is committed to then knows of it."""


def evenly(case: Case) -> Case:
    """The case with time told by its grid to the horizon, whatever happens."""
    months = MONTHS_A_YEAR * (case.horizon_to.year - case.horizon_from.year + 1)
    return replace(case, after_shock=AfterShock(months, 0, 1))


def told(case: Case, grid: str, futures: Sequence[Drawn]) -> Tree:
    """The tree of some futures of a case that tells time evenly, each as probable as the others."""
    laid = with_rows(case, rows_of(case, [Weighted(one, 1.0) for one in futures]))
    at_once = shows_at_once(laid)
    lived = lives(laid, laid.rows("futures"))
    return plant_lives(laid, [_as_it_shows(life, one, at_once) for life, one in zip(lived, futures, strict=True)], grid)


def _as_it_shows(life: Life, drawn: Drawn, at_once: frozenset[str]) -> Life:
    """What happens, with the end of an event told when it comes. The words of its slips stay as they are."""
    words: list[tuple[str, float]] = []
    for one in drawn.strikes:
        start, strength = one.start / MONTHS_A_YEAR, f"*{one.strength:g}"
        if one.event in at_once:
            words.append((f"{one.event}@{one.start}{strength}+{one.length:g}", start))
        else:
            words.append((f"{one.event}@{one.start}{strength}", start))
            words.append((f"{one.event}@{one.start} over@{one.end:g}", one.end / MONTHS_A_YEAR - EARLIER_YEARS))
    return replace(life, tokens=(*words, *life.tokens[len(drawn.strikes) :]))


@dataclass(frozen=True)
class Stated:
    """Futures of one tree, each stated once. number: of each, in the tree's order."""

    tree: Tree
    flats: tuple[Flat, ...]
    number: dict[Drawn, int]

    @classmethod
    def of(cls, case: Case, grid: str, futures: Sequence[Drawn]) -> Stated:
        """Futures of a case that tells time evenly; those that are alike are stated once."""
        each = list(dict.fromkeys(futures))
        tree = told(case, grid, each)
        with collector_at_rest():
            flats = tuple(each_flat(tree.paths))
        return cls(tree, flats, {one: number for number, one in enumerate(each)})

    def merged(self, weights: dict[Drawn, float]) -> Merged:
        """The program over some of the futures, by their probabilities, which sum to 1; no rows of investors."""
        tree = self.tree
        numbers = [self.number[one] for one in weights]
        paths = tuple(replace(tree.paths[n], weight=w) for n, w in zip(numbers, weights.values(), strict=True))
        flats = [replace(self.flats[n], path=path) for n, path in zip(numbers, paths, strict=True)]
        node, parent = (tuple(rows[n] for n in numbers) for rows in (tree.node, tree.parent))
        chance = np.zeros(len(tree.probability))
        chance[0] = 1.0
        for path, nodes in zip(paths, node, strict=True):
            chance[list(nodes)] += path.weight
        with collector_at_rest():
            return merge(Tree(tree.case, paths, node, parent, tuple(chance.tolist())), flats)

    def nodes(self, one: Drawn) -> tuple[int, ...]:
        """The nodes that a future passes through, by period."""
        return self.tree.node[self.number[one]]
