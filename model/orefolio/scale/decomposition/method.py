"""Bound and plan by turns: the master proposes, the parts answer, until the plan is proved as close as was asked.

In and out: a round asks halfway between the best point so far and the master's own, whose jumps from round to round
would teach little. Where the relaxation is settled, dives of the master fix what futures share; the rest of the point
settles around that, and each future then decides by itself with what is shared held. Its cost is that of the whole
program, and no row is left out.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from orefolio.errors import SolverError
from orefolio.program.program import Floats
from orefolio.solve.check import SHOWN, broken
from orefolio.solve.dive import STYLES
from orefolio.solve.options import Options
from orefolio.solve.outcomes import Outcome
from orefolio.solve.standing import Standing

from .crew import Crew
from .exact import exact
from .kept import Kept, Round
from .master import Master
from .message import Answer, Request
from .split import Split
from .tree import Tree

INWARD = 0.5
"""Share of the best point in the one that is asked about."""
SETTLED = 0.1
"""Share of the allowed gap that the relaxation may be from its optimum before plans are looked for."""
STUCK = 3
"""Rounds without a better point or bound, until it counts as settled."""
DIVES = 10
"""Dives in one style until one ends where every future has a plan."""
PLAN_SHARES = (1.0, 0.3, 0.1)
"""Shares of the allowed gap that futures may be from their own best decisions, the next where one does not do."""


@dataclass
class Settled:
    """The best point of some rounds, (shared,), what it costs with decisions relaxed, and the bound on that."""

    point: Floats | None = None
    value: float = np.inf
    bound: float = -np.inf


class Method:
    """One decomposed solve. standing: takes plans and bounds as they come; its values are of the merged program."""

    def __init__(
        self, split: Split, options: Options, crew: Crew, standing: Standing, stop: threading.Event, kept: Kept | None
    ) -> None:
        self.split, self.options, self.crew, self.standing = split, options, crew, standing
        self.stop, self.kept = stop, kept
        self.master = Master(split, options, stop)
        self.root = Settled()

    @property
    def allowed(self) -> float:
        """Million USD that plan and bound may lie apart, as far as that is known by now."""
        best = min(self.standing.objective, self.root.value)
        return self.options.allowed(best, max(self.standing.bound, self.root.bound))

    def run(self) -> Outcome:
        """Rounds until the asked gap or a limit; how it ended."""
        if self.kept is not None and self._taken_up(self.kept):
            return "optimal"
        with self.standing.step("cuts"):
            outcome = self.settle(self.root, lambda: SETTLED * self.allowed, proves=True)
        if outcome != "optimal" or self._over(outcome):
            return outcome
        for style in range(len(STYLES)):
            outcome = self.dived(style)
            if self._over(outcome):
                return outcome
        with self.standing.step("tree"):
            return Tree(self).grown()

    def _over(self, outcome: Outcome) -> bool:
        """Whether the plan is proved, or a limit was met."""
        return self.standing.done or outcome in ("limit", "interrupted")

    def dived(self, style: int) -> Outcome:
        """A dive for a plan, and again as long as the futures have none there and say why."""
        for _ in range(DIVES):
            outcome = self.plan(*self.master.own_bounds, style)
            if outcome != "infeasible":
                break
        return outcome

    def _taken_up(self, kept: Kept) -> bool:
        """Go on from what was kept; whether that is enough already."""
        for kept_round in kept.rounds():
            self.master.learn(kept_round.answers)
            self.standing.nodes += 1
            if kept_round.value < self.root.value:
                self.root.point, self.root.value = kept_round.point, kept_round.value
            self.standing.offer_bound(kept_round.bound)
        plan = kept.plan()
        if plan is not None:
            self._offer(plan)
        return self.standing.done

    def settle(self, at: Settled, enough: Callable[[], float], proves: bool = False) -> Outcome:
        """Rounds until point and bound lie close enough; proves: whether the bound is one of the whole program.

        Where it is not, they end with "cutoff" as soon as no plan worth the gap can be there.
        """
        stuck = 0
        while True:
            before = at.bound
            outcome = self.master.run(self.standing.remaining())
            if outcome != "optimal":
                return outcome
            at.bound = max(at.bound, self.master.bound)
            if proves:
                self.standing.offer_bound(at.bound)
            elif at.bound >= self.standing.objective - self.standing.slack:
                return "cutoff"
            if at.value - at.bound <= enough() or stuck >= STUCK:
                return "optimal"
            outer = self.master.point
            asked = outer if at.point is None or stuck else INWARD * at.point + (1 - INWARD) * outer
            answers = self._asked("cut", asked)
            if answers is None:
                return "interrupted" if self.stop.is_set() else "limit"
            value = self.split.objective(asked, np.array([answer.value for answer in answers]))
            moved = value < at.value or at.bound > before or self.master.refuted_by(answers)
            stuck = 0 if moved else stuck + 1
            if value < at.value:
                at.point, at.value = asked, value
            if self.kept is not None:
                self.kept.keep(Round(asked, value, self.standing.bound, answers))
            self.standing.nodes += 1
            self.master.learn(answers)

    def plan(self, lower: Floats, upper: Floats, style: int) -> Outcome:
        """A dive of what futures share, between bounds of the master's binaries, each (binaries,); what comes of it."""
        with self.standing.step("dive"):
            self.master.fix(lower, upper)
            outcome = self.master.run(self.standing.remaining())
            if outcome != "optimal":
                return outcome
            whole = self.master.dived(lower, upper, style, self.standing.remaining)
        return "unknown" if whole is None else self.around(whole)

    def around(self, whole: Floats) -> Outcome:
        """With the master's binaries fixed, (binaries,): what else is shared settled, then each future by itself.

        "cutoff" where no better plan is there.
        """
        at = Settled()
        with self.standing.step("cuts around decisions"):
            self.master.fix(whole, whole)
            outcome = self.settle(at, lambda: SETTLED * self.allowed)
        if outcome != "optimal" or at.point is None:
            return outcome
        with self.standing.step("decisions of futures"):
            return self._decided(at.point, whole)

    def _decided(self, near: Floats, whole: Floats) -> Outcome:
        """Every future's own decisions at a point, (shared,), with these decisions, (binaries,)."""
        point = exact(self.split.master, near, whole, self.standing.remaining())
        if point is None:
            return "unknown"
        for share in PLAN_SHARES:
            answers = self._asked("plan", point, share * self.allowed)
            if answers is None:
                return "interrupted" if self.stop.is_set() else "limit"
            if any(answer.outcome != "optimal" for answer in answers):
                return "unknown"
            if not self._offer(self.split.assembled(point, [answer.values for answer in answers])):
                return "unknown"
            if self.standing.done:
                break
        return "optimal"

    def _offer(self, plan: Floats) -> bool:
        """Take a plan, (columns,), if it keeps every row of the whole; whether it does."""
        program = self.split.program
        plan[program.integer] = np.round(plan[program.integer])
        plan = np.clip(plan, program.column_lower, program.column_upper)
        faults = broken(program, plan)
        if faults:
            self.standing.log += "\n".join(["A plan of the parts breaks limits of the whole:", *faults[:SHOWN], ""])
            return False
        if self.standing.offer_plan(program.objective(plan), plan) and self.kept is not None:
            self.kept.keep_plan(plan)
        return True

    def _asked(self, deed: str, point: Floats, allowed: float = 0.0) -> list[Answer] | None:
        """What every part answers, in order; None where a limit came first. Raises SolverError for no answer at all."""
        seconds, links = self.standing.remaining(), self.split.links_of
        requests = [
            Request(part.number, deed, links(part.number, point), seconds, allowed) for part in self.split.parts
        ]
        answers = sorted(self.crew.ask(requests), key=lambda answer: answer.part)
        if len(answers) < len(requests) or any(a.outcome in ("limit", "interrupted", "no_plan") for a in answers):
            return None
        strange = [answer for answer in answers if answer.outcome not in ("optimal", "infeasible")]
        if strange:
            future = self.split.parts[strange[0].part].future
            raise SolverError(f"The solver ended with {strange[0].outcome!r} on the future {future}")
        return answers
