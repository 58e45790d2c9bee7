"""A fair division of what working together saves: Shapley's value, the core, the least core; all with their intervals.

The cost of a coalition is known between a proved bound and a plan. Every figure here is linear in these costs, or
rises and falls with them in one direction, so its own interval is exact: the ends are taken at the ends of the costs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.optimize import linprog

from orefolio.errors import SolverError

Coalition = frozenset[str]
Interval = tuple[float, float]
Costs = Mapping[Coalition, Interval]
Weights = dict[Coalition, float]

SLACK = 1e-6
"""Million USD that a coalition may be short of its own value by rounding."""


def coalitions(players: Sequence[str]) -> list[Coalition]:
    """Every coalition but the empty one, small ones first."""
    sizes = range(1, len(players) + 1)
    return [frozenset(members) for size in sizes for members in combinations(players, size)]


def charge_weights(players: Sequence[str], player: str) -> Weights:
    """Shapley's charge of a player as weights of the coalitions' costs."""
    count = len(players)
    weights: Weights = {}
    for coalition in coalitions(players):
        size = len(coalition)
        if player in coalition:
            weights[coalition] = math.factorial(size - 1) * math.factorial(count - size) / math.factorial(count)
        else:
            weights[coalition] = -math.factorial(size) * math.factorial(count - size - 1) / math.factorial(count)
    return weights


def between(weights: Weights, costs: Costs) -> Interval:
    """The least and the most that a weighted sum of costs can be."""
    ends = [sorted((weight * costs[c][0], weight * costs[c][1])) for c, weight in weights.items() if weight]
    return math.fsum(low for low, _ in ends), math.fsum(high for _, high in ends)


def _plus(one: Weights, other: Weights, factor: float = 1.0) -> Weights:
    return {c: one.get(c, 0.0) + factor * other.get(c, 0.0) for c in {**one, **other}}


@dataclass(frozen=True)
class Division:
    """What each player gains by Shapley's value, what coalitions have beside their own, and the least core.

    gain: million USD less than alone, or received. excess: what a coalition's members get over what it could have by
    itself; where one is negative the division is outside the core. least_core: what each coalition can be held to lack
    at least; negative where all can have something over. least_gain: a division of the least core, at the plans' costs.
    """

    players: tuple[str, ...]
    worth: Mapping[Coalition, Interval]
    gain: Mapping[str, Interval]
    excess: Mapping[Coalition, Interval]
    least_core: Interval
    least_gain: Mapping[str, float]

    @property
    def in_core(self) -> bool | None:
        """Whether Shapley's division is in the core; None where the gaps leave that open."""
        if all(low >= -SLACK for low, _ in self.excess.values()):
            return True
        return False if any(high < -SLACK for _, high in self.excess.values()) else None

    @property
    def weakest(self) -> Coalition:
        """The coalition with the least beside its own."""
        return min(self.excess, key=lambda c: (sum(self.excess[c]), sorted(c)))


def divided(players: Sequence[str], costs: Costs) -> Division:
    """Divide what the coalition of all saves against each alone. costs: of every coalition, million USD."""
    everyone = frozenset(players)
    charges = {player: charge_weights(players, player) for player in players}
    alone = {player: {frozenset((player,)): 1.0} for player in players}
    gains = {player: _plus(alone[player], charges[player], -1.0) for player in players}
    worth, excess = {}, {}
    for coalition in coalitions(players):
        saved = _total([alone[player] for player in sorted(coalition)])
        saved = _plus(saved, {coalition: 1.0}, -1.0)
        worth[coalition] = between(saved, costs)
        if coalition != everyone:
            got = _total([charges[player] for player in sorted(coalition)])
            excess[coalition] = between(_plus({coalition: 1.0}, got, -1.0), costs)
    least_core, least_gain = _least_core(players, costs)
    return Division(
        players=tuple(players),
        worth=worth,
        gain={player: between(weights, costs) for player, weights in gains.items()},
        excess=excess,
        least_core=least_core,
        least_gain=least_gain,
    )


def _total(several: Iterable[Weights]) -> Weights:
    total: Weights = {}
    for weights in several:
        total = _plus(total, weights)
    return total


def _least_core(players: Sequence[str], costs: Costs) -> tuple[Interval, dict[str, float]]:
    """What coalitions lack in the least core: it falls with their costs and rises with the cost of all."""
    everyone = frozenset(players)
    ends = []
    for own, whole in ((1, 0), (0, 1)):
        taken = {c: interval[whole if c == everyone else own] for c, interval in costs.items()}
        ends.append(_lacking(players, taken)[0])
    plans = {c: high for c, (_, high) in costs.items()}
    charge = _lacking(players, plans)[1]
    alone = {player: plans[frozenset((player,))] for player in players}
    return (ends[0], ends[1]), {player: alone[player] - charge[player] for player in players}


def _lacking(players: Sequence[str], costs: Mapping[Coalition, float]) -> tuple[float, dict[str, float]]:
    """The least that some coalition must pay over its own cost, and charges that hold all to it."""
    some = [c for c in costs if len(c) < len(players)]
    rows = np.array([[1.0 * (player in c) for player in players] + [-1.0] for c in some])
    found = linprog(
        c=[0.0] * len(players) + [1.0],
        A_ub=rows,
        b_ub=[costs[c] for c in some],
        A_eq=[[1.0] * len(players) + [0.0]],
        b_eq=[costs[frozenset(players)]],
        bounds=[(None, None)] * (len(players) + 1),
        method="highs",
    )
    if found.x is None:
        raise SolverError(f"The least core was not found: {found.message}")
    return float(found.x[-1]), dict(zip(players, map(float, found.x[:-1]), strict=True))
