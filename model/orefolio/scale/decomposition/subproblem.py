r"""One future while what it shares is given: what it costs, and the plane under that cost at every point.

$$Q_\omega(x) = \min\{c_\omega y : A_\omega y + B_\omega x \in [b, d],\; y \in [l, u]\}
  \;\ge\; \sum_r \pi_r\,b_r + \sum_j \min_{l_j \le y_j \le u_j} \bar c_j\,y_j + \bar c_B\,x$$

with the worth of the rows π and reduced costs c̄ at one point. The right side is reckoned from π alone, so it holds for
any π but for reduced costs of rounding's size on columns without a bound. Where no y keeps the rows, the same with a
ray of π and no cost says which x have none, as 0 ≥.
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import numpy as np

from orefolio.errors import SolverError
from orefolio.program.implied import with_implied_bounds
from orefolio.program.program import Floats, Program
from orefolio.solve import Options, Session
from orefolio.solve.check import broken
from orefolio.solve.cutting import Cutting
from orefolio.solve.dive import dive

from .message import Answer, Request
from .split import Part

SMALL = 1e-6
"""Reduced cost, million USD per unit, that is the solver's tolerance where a column has no bound."""
WIDTHS = (0.0, 1e-7, 1e-6, 1e-5)
"""Shares of a shared column, or of a unit, by which it may differ from the point that a cut is made at; the next where
the point has no plan by a hair."""
HELD = WIDTHS[:3]
"""The same for a plan, whose rows are then checked at the point itself."""
SURE = 1e-6
"""Units by which a point must be away from what has plans to be taken away."""
AGREED = 1e-6
"""Share of a part's cost by which the plane may miss it where it was made."""
OWN_NODES = 50
"""Branch-and-bound nodes for the decisions of one future."""


class Subproblem:
    """A part, warm in the solver once it was asked for a cut. stop: ends what is under way."""

    def __init__(self, part: Part, stop: threading.Event | None = None) -> None:
        self.part = part
        self.program = with_implied_bounds(part.program)
        self.stop = stop
        self._engine: Cutting | None = None
        self._links = np.arange(len(part.own), len(part.own) + len(part.links))

    def answer(self, request: Request) -> Answer:
        """Do what is asked."""
        return self.cut(request) if request.deed == "cut" else self.plan(request)

    def cut(self, request: Request) -> Answer:
        """What the part costs at a point with its decisions relaxed, and the plane under that.

        Raises SolverError where the solver calls the point infeasible, and for no more than rounding.
        """
        fresh = self._engine is None
        engine = self._engine = self._engine or Cutting(self.program, stop=self.stop)
        for width in WIDTHS:
            engine.change_bounds(self._links, *self._around(request.links, width))
            outcome = engine.run_cold(request.seconds, presolve=True) if fresh else engine.run(request.seconds)
            if outcome == "optimal":
                return self._priced(engine)
            if outcome != "infeasible":
                return Answer(self.part.number, outcome)
            refuted = self._refuted(engine, request.links)
            if refuted is not None:
                return refuted
            fresh = False
        raise SolverError(f"{self.part.future} is infeasible at a point, and the solver's reason is none")

    def _around(self, links: Floats, width: float) -> tuple[Floats, Floats]:
        """Bounds that hold shared columns at a point but for rounding, which would leave no plan by a hair."""
        program, most = self.program, width * np.maximum(1.0, np.abs(links))
        lower, upper = program.column_lower[self._links], program.column_upper[self._links]
        return np.clip(links - most, lower, upper), np.clip(links + most, lower, upper)

    def _priced(self, engine: Cutting) -> Answer:
        """The cost where the engine stands, and the plane that touches it there."""
        constant, slopes = _plane(self.program, engine.duals(), self.program.cost, len(self.part.own))
        value = engine.objective
        if abs(value - constant - slopes @ engine.values()[self._links]) > AGREED * max(1.0, abs(value)):
            raise SolverError(f"The worth of its rows does not prove what {self.part.future} costs at a point")
        return Answer(self.part.number, "optimal", value, constant, slopes)

    def _refuted(self, engine: Cutting, links: Floats) -> Answer | None:
        """The plane that takes a point away; None where the point is too near to be sure."""
        ray = engine.ray()
        if ray is None:
            return None
        constant, slopes = _plane(self.program, ray, np.zeros_like(self.program.cost), len(self.part.own))
        size = float(np.abs(slopes).max(initial=0.0))
        if not size > 0:
            return Answer(self.part.number, "infeasible", np.inf, 1.0, np.zeros_like(slopes)) if constant > 0 else None
        constant, slopes = constant / size, slopes / size
        if not constant + slopes @ links > SURE:
            return None
        return Answer(self.part.number, "infeasible", np.inf, constant, slopes)

    def plan(self, request: Request) -> Answer:
        """The part with whole decisions, as near to the best as allowed, or by as many nodes as there are for it.

        Where a dive from the last cut's basis comes near enough, that is all; else the part is solved by itself.
        """
        for width in HELD:
            fixed, until = self._fixed(request.links, width), time.monotonic() + request.seconds
            values = self._dived(fixed, request)
            if values is not None:
                return Answer(self.part.number, "optimal", fixed.objective(values), values=values[: len(self.part.own)])
            seconds = max(0.0, until - time.monotonic())
            options = Options(abs_gap=request.allowed, time_limit=seconds, node_limit=OWN_NODES)
            found = Session(fixed, options, self.stop).solve()
            if found.status in ("optimal", "feasible"):
                return Answer(self.part.number, "optimal", found.objective, values=found.values[: len(self.part.own)])
            if found.status in ("interrupted", "no_plan"):
                return Answer(self.part.number, found.status)
        return Answer(self.part.number, "infeasible")

    def _fixed(self, links: Floats, width: float) -> Program:
        """The part with what it shares held, decisions exactly and amounts but for rounding."""
        program = self.program
        least, most = self._around(links, width)
        whole = program.integer[self._links]
        lower, upper = program.column_lower.copy(), program.column_upper.copy()
        lower[self._links], upper[self._links] = np.where(whole, links, least), np.where(whole, links, most)
        return replace(program, column_lower=lower, column_upper=upper)

    def _dived(self, fixed: Program, request: Request) -> Floats | None:
        """A plan, (columns,), that a dive finds within what is allowed and that keeps every row; None where none."""
        if self.cut(request).outcome != "optimal" or self._engine is None:
            return None
        engine, binaries, until = self._engine, np.flatnonzero(fixed.integer), time.monotonic() + request.seconds
        engine.change_bounds(self._links, fixed.column_lower[self._links], fixed.column_upper[self._links])
        if engine.run(request.seconds) != "optimal":
            return None
        lower, upper, least = fixed.column_lower[binaries], fixed.column_upper[binaries], engine.objective
        values = engine.values()
        found = dive(engine, binaries, values, lower, upper, lambda: until - time.monotonic(), least + request.allowed)
        plan = None
        if found.values is not None:
            whole = np.round(found.values[binaries])
            engine.change_bounds(binaries, whole, whole)
            if engine.run(until - time.monotonic()) == "optimal":
                plan = engine.values()
                plan[binaries] = whole
                plan = np.clip(plan, fixed.column_lower, fixed.column_upper)
        own = self.program
        engine.change_bounds(binaries, own.column_lower[binaries], own.column_upper[binaries])
        if plan is None or broken(fixed, plan) or fixed.objective(plan) > least + request.allowed:
            return None
        return plan


def _plane(program: Program, worth: Floats, cost: Floats, own: int) -> tuple[float, Floats]:
    """Constant and slopes, (links,), of the plane that the worth of the rows, (rows,), proves."""
    sides = np.where(worth > 0, program.row_lower, program.row_upper)
    worth = np.where(np.isfinite(sides), worth, 0.0)
    reduced = cost - program.matrix.T @ worth
    mine = reduced[:own]
    ends = np.where(mine > 0, program.column_lower[:own], program.column_upper[:own])
    open_ = ~np.isfinite(ends)
    if (np.abs(mine[open_]) > SMALL).any():
        raise SolverError("The solver's worth of the rows proves nothing")
    rows = np.sum(worth * np.where(worth != 0, sides, 0.0))
    return float(rows + np.sum(mine * np.where(open_, 0.0, ends))), reduced[own:]
