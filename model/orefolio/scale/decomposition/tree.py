"""One branch-and-bound tree over what futures share, each node a master program with all cuts that are known.

A node whose decisions are whole is asked of the futures, and its linear program is solved again with the cuts that they
answer; so no node is closed by what was not known of it. What single futures decide stays relaxed in the bound.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from orefolio.program.program import Floats
from orefolio.solve.branch import Node, Search
from orefolio.solve.dive import STYLES, fractional
from orefolio.solve.outcomes import Outcome

if TYPE_CHECKING:
    from .method import Method

NODES = 5000
"""Nodes after which the tree is left."""
PLANNED = 0.5
"""Share of the tree's time that dives for plans may take."""


class Tree(Search):
    """The search over the master's binaries. Plans come from the method, never from the master alone."""

    def __init__(self, method: Method) -> None:
        self.method, self.master = method, method.master
        self.master.keeps = True
        self.began, self.planned = time.monotonic(), 0.0
        lower, upper = self.master.own_bounds
        root = Node(-np.inf, 0, lower, upper, lower, self.master.engine.basis)
        super().__init__(self.master.engine, self.master.binaries, method.standing, root)
        self.heap = []
        self.root = root

    def grown(self) -> Outcome:
        """Search until the asked gap or a limit, and say how it ended."""
        found = self.solve(self.root, self.root.lower, self.root.upper)
        if found is None:
            return "interrupted" if self.engine.stop.is_set() else "limit"
        if isinstance(found, Node):
            self.heap.append(found)
        outcome = self.run(self.standing.nodes + NODES)
        return "limit" if outcome == "optimal" and not self.standing.done else outcome

    def whole(self, bound: float, values: Floats, lower: Floats, upper: Floats) -> Node | bool | None:
        """As `Search.whole`: what the futures answer, until they have no more to say there."""
        shares = values[self.binaries]
        while True:
            decided, basis = np.round(shares), self.engine.basis
            ended = self.method.around(decided)
            if ended in ("limit", "interrupted"):
                return None
            self.place(lower, upper, basis)
            outcome = self.master.run(self.standing.remaining())
            if outcome == "infeasible":
                return True
            if outcome != "optimal":
                return None
            bound = max(bound, self.master.bound)
            if bound >= self.cutoff:
                self.closed = min(self.closed, bound)
                return True
            shares = self.engine.values()[self.binaries]
            if fractional(shares).any():
                return self.opened(bound, shares, lower, upper)
            if np.array_equal(np.round(shares), decided):
                self.closed = min(self.closed, bound)
                return True

    def look_below(self, node: Node) -> None:
        """A dive from an open node for a better plan, as long as that is not most of the time."""
        began = time.monotonic()
        if self.planned > PLANNED * (began - self.began):
            return
        self.dives += 1
        self.method.plan(node.lower, node.upper, self.dives % len(STYLES))
        self.planned += time.monotonic() - began
