"""A program kept warm in the solver: solve it, relax it, fix its binaries, change its numbers, and again."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from orefolio.errors import SolverError
from orefolio.program.implied import same_limits, with_implied_bounds
from orefolio.program.program import Floats, Program
from orefolio.solve.branch import Node, Search
from orefolio.solve.check import SHOWN, TOLERANCE, broken, crossed
from orefolio.solve.dive import STYLES, dive
from orefolio.solve.engine import Basis, Engine
from orefolio.solve.handover import hand_over
from orefolio.solve.interrupt import heard
from orefolio.solve.options import Options
from orefolio.solve.outcomes import Outcome
from orefolio.solve.solution import Listener, Solution, Status
from orefolio.solve.standing import Standing

DUAL, PRIMAL = 1, 4  # the solver's words for the two ways of its simplex
GRACE = 30.0  # seconds that making the plan exact may take beyond the time limit
OWN_NODES = 3000  # of our own search before HiGHS takes over
OWN_COLUMNS = 60_000  # above, HiGHS takes over after the first dive: its cuts raise the bound faster than our nodes do
HASTE = 1.0  # the same after an interruption
FAR = 2.0  # times what is enough above the bound: from there on a plan among few binaries is followed by another dive
CLOSE = 0.2  # steps of simplex, as a share of the rows, after which a start was no help and is left for none
AGREED = 0.2  # a binary at most this far from a plan's is fixed at it before a dive near that plan
CONTRADICTED = frozenset({"infeasible", "unbounded", "undecided", "cutoff", "unknown"})
"""Ends of a search that cannot be believed, or mean nothing, once there is a plan."""


class Session:
    """One program, one warm solver object. Not for two threads at once.

    Raises SolverError as `solve` does.
    """

    def __init__(self, program: Program, options: Options | None = None, stop: threading.Event | None = None) -> None:
        self.program = program
        self.options = options or Options()
        self._own_stop = stop is None
        self.stop = stop or threading.Event()
        self.binaries = np.flatnonzero(program.integer).astype(np.int64)
        self._tight = with_implied_bounds(program)
        self._tightened_from = program
        self.engine = Engine(self._tight, threads=self.options.threads, seed=self.options.seed, stop=self.stop)
        self._root: Basis | None = None
        self.costs_alone = False  # whether the program differs in costs alone from the one that its bases come from

    # what can be asked

    def solve(self, progress: Listener | None = None, warm: Floats | None = None) -> Solution:
        """As the function `solve`."""
        standing = Standing(self.options, progress)
        with self._heard():
            outcome = self._relax(standing)
            if outcome == "unbounded" and len(self.binaries):
                outcome = self._whole_plan_exists(standing)
            if outcome != "optimal":
                return self._without_plan(standing, outcome)
            if not len(self.binaries):
                return self._exact(standing, self.engine.values(), proof=True)
            outcome = self._search(standing, warm)
            if standing.values is None or outcome in CONTRADICTED:
                return self._without_plan(standing, outcome if standing.values is None else "unknown")
            return self._exact(standing, standing.values)

    def relaxed(self, start: Basis | None = None) -> Solution:
        """As the function `relaxed`. start: a basis of the same program, but for some numbers."""
        standing = Standing(self.options)
        with self._heard():
            outcome = self._relax(standing, start)
        if outcome != "optimal":
            return self._without_plan(standing, outcome)
        standing.objective = standing.bound
        return self._solution(standing, "optimal", self.engine.values())

    def fixed(self, values: Floats, start: Basis | None = None) -> Solution:
        """As the function `fixed`. start: a basis of the same program with the same binaries, but for some numbers."""
        standing = Standing(self.options)
        with self._heard():
            outcome = self._fix(standing, values, start)
            if outcome != "optimal":
                return self._without_plan(standing, outcome)
            found = self.engine.values()
            self._believe(standing, found)
            return self._exact(standing, found, proof=True, solved=start is not None)

    def replanned(self, values: Floats, start: Basis, fixed: Basis | None, enough: float) -> Solution:
        """A plan made anew near one for other numbers, without branching.

        values: (columns,) of that plan. start, fixed: bases of the relaxation and of the program with that plan's
        binaries, but for some numbers; without `fixed` that plan is tried only where no dive near it finds one. From a
        start that turns out to be far away neither that plan nor one near it is tried.
        enough: million USD above the bound at which a plan is looked for no more.
        """
        standing, most = Standing(self.options), self._most_steps
        with self._heard():
            outcome = self._relax(standing, start, most)
            if outcome != "optimal":
                return self._without_plan(standing, outcome)
            if self.engine.iterations > most:
                self._dive_from(standing, self.engine.basis, *self._own_bounds)
            else:
                self._search_near(standing, values, fixed, enough)
            if standing.values is None:
                return self._without_plan(standing, "interrupted" if self.stop.is_set() else "limit")
            return self._exact(standing, standing.values)

    def update(self, program: Program, implied: bool = True) -> None:
        """Go on with another program: of the same size it starts warm, and only changed numbers are sent.

        A program of the same columns, (label for label), keeps plans usable as `warm` and `fixed`. implied: whether to
        work out the bounds that its rows imply, which a few steps from a stored basis do not pay for.
        """
        if implied:
            self._tight, self._tightened_from = self._tightened(program), program
        self.engine.update(self._tight if implied else program)
        if program.shape[:2] != self.program.shape[:2]:
            self._root = None
        self.program = program
        self.binaries = np.flatnonzero(program.integer).astype(np.int64)

    def _tightened(self, program: Program) -> Program:
        """Another program with implied bounds: those of the last one where they differ in costs alone."""
        if same_limits(program, self._tightened_from):
            return replace(self._tight, cost=program.cost, offset=program.offset)
        return with_implied_bounds(program)

    @contextmanager
    def _heard(self) -> Iterator[None]:
        """Signals are heard; an earlier one does not stop this solve, unless the caller owns the event."""
        if self._own_stop:
            self.stop.clear()
        with heard(self.stop):
            yield

    # the steps

    def _relax(self, standing: Standing, start: Basis | None = None, most: int | None = None) -> Outcome:
        """The linear relaxation, from a basis or else from the last one; its objective is the first bound.

        most: steps of simplex from a basis after which it begins anew from nothing.
        """
        with standing.step("relaxation"):
            self._free()
            self._root = start or self._root
            if self._root is None:
                outcome = self.engine.run_cold(standing.remaining(), self.options.presolve)
            else:
                outcome = self._run_from(self._root, standing, most)
            if outcome == "optimal":
                self._root = self.engine.basis
                self._believe(standing, self.engine.values())
        return outcome

    def _run_from(self, start: Basis, standing: Standing, most: int | None) -> Outcome:
        """Run from a basis; anew from nothing where that takes more than so many steps of simplex."""
        self.engine.basis = start
        with self._by_what_changed():
            outcome = self.engine.run(standing.remaining(), most)
        if outcome == "limit" and most is not None and standing.remaining() > 0:
            self.engine.forget()
            outcome = self.engine.run_cold(standing.remaining(), self.options.presolve)
        return outcome

    @property
    def _most_steps(self) -> int:
        """After which a start was no help."""
        return int(CLOSE * self.program.shape[0])

    def _believe(self, standing: Standing, values: Floats) -> None:
        """Take the solver's objective as a bound if that is what its plan costs. Raises SolverError if not."""
        said, reckoned = self.engine.objective, self.program.objective(values)
        if abs(said - reckoned) > TOLERANCE * max(1.0, abs(reckoned)):
            raise SolverError(f"The solver gave the objective {said:.10g} for a plan that costs {reckoned:.10g}")
        standing.offer_bound(said)

    def _whole_plan_exists(self, standing: Standing) -> Outcome:
        """Whether a program with an unbounded relaxation is unbounded, or infeasible once binaries must be whole."""
        with standing.step("feasibility"):
            costless = replace(self.program, cost=np.zeros_like(self.program.cost))
            engine = Engine(costless, integer=True, threads=self.options.threads, stop=self.stop)
            outcome = engine.run(standing.remaining())
        return "unbounded" if outcome == "optimal" else outcome

    def _search(self, standing: Standing, warm: Floats | None) -> Outcome:
        """Plans from the warm start and the dive, then our own search, then HiGHS, until the asked gap or a limit."""
        relaxed, basis = self.engine.values(), self.engine.basis
        if warm is not None:
            with standing.step("warm plan"):
                if self._fix(standing, warm) == "optimal":
                    standing.offer_plan(self.engine.objective, self.engine.values())
                self._back_to(basis, standing)
        bounds = self._own_bounds
        branch = None if self.program.branch is None else self.program.branch[self.binaries]
        first = None if branch is None else branch < 0
        root = Node(standing.bound, 0, *bounds, relaxed[self.binaries], basis)
        search = Search(self.engine, self.binaries, standing, root, first)
        limit = self.options.node_limit
        large = self.program.shape[1] > OWN_COLUMNS and limit != 0
        with standing.step("dive"):
            found = dive(self.engine, self.binaries, relaxed, *bounds, standing.remaining, np.inf, STYLES[0])
            standing.offer_plan(found.objective, found.values)
            if first is not None and not standing.done and not large:
                search.look_below(root)
        if standing.done:
            return "optimal"
        if not large:
            with standing.step("branch"):
                outcome = search.run(OWN_NODES if limit is None else min(limit, OWN_NODES))
            if outcome != "limit":
                return outcome
        if self.stop.is_set():
            return "interrupted"
        if standing.remaining() <= 0 or (limit is not None and standing.nodes >= limit):
            return "limit"
        with standing.step("HiGHS"):
            return hand_over(self.program, standing, self.stop)

    def _search_near(self, standing: Standing, values: Floats, fixed: Basis | None, enough: float) -> None:
        """The plan itself; a dive among the binaries on which the relaxation disagrees with it; where that finds
        nothing better, or none as near the bound as FAR times `enough`, a dive among all."""
        relaxed, basis, least = self.engine.values(), self.engine.basis, standing.bound + enough
        if fixed is not None:
            self._offer_fixed(standing, values, fixed)
        if standing.objective <= least:
            return
        whole, shares = np.round(values[self.binaries]), relaxed[self.binaries]
        lower, upper = self._own_bounds
        agreed = (np.abs(shares - whole) <= AGREED) & (whole >= lower) & (whole <= upper)
        near = (np.where(agreed, whole, lower), np.where(agreed, whole, upper))
        if self._dive_from(standing, basis, *near):
            if standing.objective <= standing.bound + FAR * enough:
                return
        elif fixed is None:
            self._offer_fixed(standing, values, basis)
        self._dive_from(standing, basis, lower, upper)

    def _offer_fixed(self, standing: Standing, values: Floats, start: Basis) -> None:
        """The binaries of a plan, and the best of the rest."""
        with standing.step("warm plan"):
            if self._fix(standing, values, start) == "optimal":
                standing.offer_plan(self.engine.objective, self.engine.values())

    def _dive_from(self, standing: Standing, basis: Basis, low: Floats, high: Floats) -> bool:
        """Dive with the binaries between these bounds, and say whether that found a better plan."""
        with standing.step("dive"):
            self.engine.change_bounds(self.binaries, low, high)
            self.engine.basis = basis
            if self.engine.run(standing.remaining()) != "optimal":
                return False
            at, cutoff = self.engine.values(), standing.objective
            found = dive(self.engine, self.binaries, at, low, high, standing.remaining, cutoff, STYLES[0])
            return standing.offer_plan(found.objective, found.values)

    def _back_to(self, basis: Basis, standing: Standing) -> None:
        """The relaxation again, from its own basis, so that what follows does not depend on what came before."""
        self._free()
        self.engine.basis = basis
        self.engine.run(standing.remaining())

    def _fix(self, standing: Standing, values: Floats, start: Basis | None = None) -> Outcome:
        """The linear program with binaries fixed at the rounded ones of a plan, from a basis or else the last one."""
        if values.shape != self.program.cost.shape:
            raise SolverError(f"A plan of {values.size} values does not fit {self.program.cost.size} columns")
        if not np.isfinite(values).all():
            raise SolverError("A plan to fix the binaries of has values that are no numbers")
        whole = np.round(values[self.binaries])
        lower, upper = self._own_bounds
        if not np.all((whole >= lower) & (whole <= upper)):
            return "infeasible"
        self.engine.change_bounds(self.binaries, whole, whole)
        if start is not None:
            return self._run_from(start, standing, self._most_steps)
        if self._root is None:
            return self.engine.run_cold(standing.remaining(), self.options.presolve)
        return self.engine.run(standing.remaining())

    @contextmanager
    def _by_what_changed(self) -> Iterator[None]:
        """A basis stays feasible where only costs change: the primal simplex goes on from it, else the dual does."""
        self.engine.set("simplex_strategy", PRIMAL if self.costs_alone else DUAL)
        try:
            yield
        finally:
            self.engine.set("simplex_strategy", DUAL)

    def _free(self) -> None:
        """Give the binaries their own bounds back."""
        self.engine.change_bounds(self.binaries, *self._own_bounds)

    @property
    def _own_bounds(self) -> tuple[Floats, Floats]:
        """Lower and upper bounds of the binaries as the program has them, (binaries,)."""
        return self.program.column_lower[self.binaries], self.program.column_upper[self.binaries]

    # the end

    def _exact(self, standing: Standing, values: Floats, proof: bool = False, solved: bool = False) -> Solution:
        """Round the binaries of the best plan, solve the rest anew with them fixed, check every row, take the duals.

        proof: the plan is the optimum of a linear program, so that no gap is left to judge. solved: the solver stands
        at it, warm, with the binaries fixed.
        """
        interrupted = self.stop.is_set()
        with standing.step("exact plan"):
            self.engine.deaf = True
            try:
                allowance = HASTE if interrupted else max(0.0, standing.remaining()) + GRACE
                done = solved or self._fix_within(values, allowance)
                plan = self._rounded(self.engine.values() if done and not solved else values)
                faults = broken(self.program, plan)
                if faults and self._fix_anew(values, allowance):
                    done, plan = True, self._rounded(self.engine.values())
                    faults = broken(self.program, plan)
            finally:
                self.engine.deaf = False
        standing.objective = self.program.objective(plan)
        if standing.bound - standing.objective > TOLERANCE * max(1.0, abs(standing.objective)):
            faults.append(f"bound: {standing.bound:.10g} is above the plan's cost, {standing.objective:.10g}")
        if faults:
            standing.log += "\n".join(["The plan breaks limits:", *faults[:SHOWN]])
            return self._solution(standing, "unknown", plan)
        if proof or self.options.reached(standing.objective, standing.bound):
            return self._solution(standing, "optimal", plan, duals=done)
        return self._solution(standing, "interrupted" if interrupted else "feasible", plan, duals=done)

    def _fix_within(self, values: Floats, seconds: float) -> bool:
        return self._fix(Standing(replace(self.options, time_limit=seconds)), values) == "optimal"

    def _fix_anew(self, values: Floats, seconds: float) -> bool:
        """Fix them in a solver that starts from nothing, where no binary that is fixed enters the basis.

        In the basis it may be a billionth from 1, which beside a constant of thousands is more than a limit forgives.
        """
        self.engine.forget()
        return self._fix_within(values, seconds)

    def _rounded(self, values: Floats) -> Floats:
        """A plan with whole binaries and every amount within its bounds, (columns,)."""
        plan = values.copy()
        plan[self.binaries] = np.round(plan[self.binaries])
        return np.clip(plan, self.program.column_lower, self.program.column_upper)

    def _solution(self, standing: Standing, status: Status, plan: Floats, duals: bool = True) -> Solution:
        solution = Solution(
            status=status,
            objective=standing.objective,
            bound=min(standing.bound, standing.objective),
            values=plan,
            seconds=dict(standing.seconds),
            first_plan_seconds=standing.first_plan_seconds,
            method=", ".join(standing.methods),
            log=standing.log,
            nodes=standing.nodes,
        )
        if not duals:
            return solution
        return replace(solution, duals=self.engine.duals(), reduced_costs=self.engine.reduced_costs())

    def _without_plan(self, standing: Standing, outcome: Outcome) -> Solution:
        status: Status = {
            "infeasible": "infeasible",
            "unbounded": "unbounded",
            "limit": "no_plan",
            "interrupted": "interrupted",
        }.get(outcome, "unknown")  # type: ignore[assignment]
        if outcome == "infeasible":
            standing.log += "".join(f"{fault}\n" for fault in crossed(self.program)[:SHOWN])
        bound = {"infeasible": math.inf, "unbounded": -math.inf}.get(outcome, standing.bound)
        return Solution(
            status=status,
            bound=bound,
            seconds=dict(standing.seconds),
            method=", ".join(standing.methods),
            log=standing.log,
            nodes=standing.nodes,
        )
