"""Our own best-first search: branch and bound on the one warm linear program.

On a tight program a few dozen branchings close most of the gap, and each costs two short dual simplex runs, where a
general solver first spends its time on cuts and sub-programs.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

import numpy as np

from orefolio.program.program import Booleans, Floats, Integers
from orefolio.solve.dive import STYLES, Dive, dive, fractional
from orefolio.solve.engine import Basis, Engine
from orefolio.solve.outcomes import Outcome
from orefolio.solve.standing import Standing

PROBED = 8  # doubtful binaries that are tried both ways before one is branched on
TRIAL_STEPS = 100  # simplex steps of such a trial
TRUSTED = 2  # branchings on each side from which a binary's record is believed without a trial
DIVE_EVERY = 5  # branchings between two dives


@dataclass(order=True)
class Node:
    """An open part of the search. bound: million USD, of its linear program. lower, upper, shares: (binaries,), the
    bounds that make the part, and the values in its linear program. fresh: no dive has started here yet."""

    bound: float
    number: int
    lower: Floats = field(compare=False)
    upper: Floats = field(compare=False)
    shares: Floats = field(compare=False)
    basis: Basis = field(compare=False)
    fresh: bool = field(compare=False, default=True)


class Record:
    """What branching on each binary has raised the bound by, million USD per unit of change; arrays (2, binaries),
    first row down, second up."""

    def __init__(self, count: int) -> None:
        self.total = np.zeros((2, count))
        self.times = np.zeros((2, count))

    def note(self, side: int, place: int, share: float, rise: float) -> None:
        """Remember a rise in million USD after the binary's share went down (0) or up (1)."""
        distance = share if side == 0 else 1.0 - share
        self.total[side, place] += max(rise, 0.0) / max(distance, 1e-6)
        self.times[side, place] += 1

    def score(self, places: Integers, shares: Floats) -> Floats:
        """How much a branching on each place is expected to raise the worse child's bound, (places,)."""
        seen = self.times > 0
        mean = self.total.sum() / max(1.0, self.times.sum()) or 1.0
        rate = np.where(seen, self.total / np.maximum(self.times, 1.0), mean)
        down, up = rate[0, places] * shares, rate[1, places] * (1.0 - shares)
        product: Floats = np.maximum(down, 1e-6) * np.maximum(up, 1e-6)
        return product

    def unsure(self, place: int) -> bool:
        """Whether the binary has been branched on too seldom to believe its record."""
        return bool(self.times[:, place].min() < TRUSTED)


class Search:
    """Best-first search from a relaxation.

    engine: holds the program; the bounds of its binaries are changed and left so. binaries: (binaries,) places of the
    binary columns. standing: takes plans, bound and node count as they come. root: the relaxation, not whole.
    first: (binaries,) those to branch on before any other: what several futures share decides more than the rest. Where
    they are whole, a dive settles the others.
    """

    def __init__(
        self, engine: Engine, binaries: Integers, standing: Standing, root: Node, first: Booleans | None = None
    ) -> None:
        self.first = np.zeros(len(binaries), dtype=bool) if first is None else first
        self.engine = engine
        self.binaries = binaries
        self.standing = standing
        self.record = Record(len(binaries))
        self.heap = [root]
        self.closed = np.inf  # least bound of the parts given up because no plan there is worth the gap
        self.made = 1
        self.dives = 0
        self.best_shared = np.inf  # million USD of the best plan whose shared decisions are whole

    def run(self, nodes: int) -> Outcome:
        """Search until the asked gap, or so many nodes, or a limit of the standing; say how it ended."""
        expanded = 0
        while self.heap:
            self.standing.offer_bound(min(self.heap[0].bound, self.closed))
            if self.standing.done:
                return "optimal"
            if self.engine.stop.is_set():
                return "interrupted"
            if self.standing.remaining() <= 0 or self.standing.nodes >= nodes:
                return "limit"
            node = heapq.heappop(self.heap)
            if node.bound >= self.cutoff:
                self.closed = min(self.closed, node.bound)
                continue
            settled = self.first.any() and not (fractional(node.shares) & self.first).any()
            if node.fresh and (settled or (expanded % DIVE_EVERY == 0 and expanded > 0)):
                node.fresh = False
                self.look_below(node)
            if not self.expand(node):
                heapq.heappush(self.heap, node)  # its children are not known, so its bound still counts
                return "interrupted" if self.engine.stop.is_set() else "limit"
            expanded += 1
        self.standing.offer_bound(min(self.closed, self.standing.objective))
        return "optimal" if self.standing.values is not None else "infeasible"

    @property
    def cutoff(self) -> float:
        """Million USD from which a part of the search is not worth entering."""
        return self.standing.objective - self.standing.slack

    def expand(self, node: Node) -> bool:
        """Branch once and put the open children on the heap; False where a limit came between."""
        place = self.choose(node)
        children = []
        for side in (0, 1):
            lower, upper = node.lower.copy(), node.upper.copy()
            (upper if side == 0 else lower)[place] = float(side)
            child = self.solve(node, lower, upper)
            if child is None:
                return False
            if isinstance(child, Node):
                self.record.note(side, place, float(node.shares[place]), child.bound - node.bound)
                children.append(child)
        for child in children:
            heapq.heappush(self.heap, child)
        return True

    def solve(self, parent: Node, lower: Floats, upper: Floats) -> Node | bool | None:
        """The linear program of a child: a node where it stays open, True where it is settled, None at a limit."""
        self.place(lower, upper, parent.basis)
        self.engine.set("objective_bound", self.cutoff)
        outcome = self.engine.run(self.standing.remaining())
        self.engine.set("objective_bound", np.inf)
        self.standing.nodes += 1
        if outcome == "infeasible":
            return True
        if outcome == "cutoff":
            self.closed = min(self.closed, self.cutoff)
            return True
        if outcome != "optimal":
            return None
        bound = max(parent.bound, self.engine.objective)
        if bound >= self.cutoff:
            self.closed = min(self.closed, bound)
            return True
        values = self.engine.values()
        shares = values[self.binaries]
        if not fractional(shares).any():
            return self.whole(bound, values, lower, upper)
        return self.opened(bound, shares, lower, upper)

    def whole(self, bound: float, values: Floats, lower: Floats, upper: Floats) -> Node | bool | None:
        """What comes of a part whose linear program has whole binaries, as `solve` says it: it is settled.

        values: (columns,) of the linear program.
        """
        self.standing.offer_plan(self.engine.objective, values)
        self.closed = min(self.closed, bound)
        return True

    def opened(self, bound: float, shares: Floats, lower: Floats, upper: Floats) -> Node:
        """The node of a part that stays open, where the engine stands."""
        self.tighten(bound, shares, lower, upper)
        self.made += 1
        return Node(bound, self.made, lower, upper, shares, self.engine.basis)

    def tighten(self, bound: float, shares: Floats, lower: Floats, upper: Floats) -> None:
        """Fix the binaries whose turning would by its reduced cost alone make the part not worth entering."""
        room = self.cutoff - bound
        worth = self.engine.reduced_costs()[self.binaries]
        dear_on = (shares <= 1e-9) & (worth > room)
        dear_off = (shares >= 1 - 1e-9) & (-worth > room)
        if dear_on.any() or dear_off.any():
            upper[dear_on] = lower[dear_on]
            lower[dear_off] = upper[dear_off]
            self.closed = min(self.closed, self.cutoff)

    def choose(self, node: Node) -> int:
        """The binary to branch on: best by record; those with little record are tried both ways first."""
        doubt = fractional(node.shares)
        places = np.flatnonzero(doubt & self.first if (doubt & self.first).any() else doubt)
        order = np.argsort(-self.record.score(places, node.shares[places]), kind="stable")
        for place in places[order][:PROBED]:
            if self.record.unsure(int(place)):
                self.probe(node, int(place))
        return int(places[np.argmax(self.record.score(places, node.shares[places]))])

    def probe(self, node: Node, place: int) -> None:
        """Try a binary both ways with few simplex steps, to see what it would raise."""
        for side in (0, 1):
            lower, upper = node.lower.copy(), node.upper.copy()
            (upper if side == 0 else lower)[place] = float(side)
            self.place(lower, upper, node.basis)
            outcome = self.engine.run(self.standing.remaining(), TRIAL_STEPS)
            rise = self.engine.objective - node.bound if outcome in ("optimal", "limit") else self.cutoff - node.bound
            if np.isfinite(rise):
                self.record.note(side, place, float(node.shares[place]), rise)

    def look_below(self, node: Node) -> None:
        """Dive from an open node for a better plan, each time in another style."""
        self.dives += 1
        style = STYLES[self.dives % len(STYLES)]
        self.place(node.lower, node.upper, node.basis)
        if self.engine.run(self.standing.remaining()) != "optimal":
            return
        values, standing, within = self.engine.values(), self.standing, self.first if self.first.any() else None
        cutoff = standing.objective if within is None else min(standing.objective, self.best_shared)
        remaining = standing.remaining
        found = dive(self.engine, self.binaries, values, node.lower, node.upper, remaining, cutoff, style, within)
        if within is None:
            standing.offer_plan(found.objective, found.values)
        elif found.values is not None:
            self.best_shared = found.objective
            self.complete(found)

    def complete(self, shared: Dive) -> None:
        """Settle what single futures decide once what they share is settled, in every style: which is best is luck."""
        assert shared.values is not None
        basis = self.engine.basis
        for style in STYLES:
            self.place(shared.lower, shared.upper, basis)
            if self.engine.run(self.standing.remaining()) != "optimal":
                return
            bounds, cutoff = (shared.lower, shared.upper), self.standing.objective
            found = dive(self.engine, self.binaries, shared.values, *bounds, self.standing.remaining, cutoff, style)
            self.standing.offer_plan(found.objective, found.values)

    def place(self, lower: Floats, upper: Floats, basis: Basis) -> None:
        """Put the linear program where a node stands."""
        self.engine.change_bounds(self.binaries, lower, upper)
        self.engine.basis = basis
