r"""What futures share, and what each is known to cost at least.

$$\min_{x,\theta}\; c\,x + \sum_\omega \pi_\omega\,\theta_\omega \quad\text{subject to}\quad A\,x \in [b, d], \qquad
  \theta_\omega \ge \text{constant}_i + \text{slopes}_i\,x, \qquad 0 \ge \text{constant}_k + \text{slopes}_k\,x$$

A relaxation of the whole, so its optimum is a bound on it at any time; with what is yes or no made whole too.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import numpy as np
import scipy.sparse as sp

from orefolio.program.program import Floats, Integers, Label
from orefolio.solve import Options
from orefolio.solve.cutting import Cutting
from orefolio.solve.dive import STYLES, dive
from orefolio.solve.outcomes import Outcome

from .message import Answer
from .split import LEAST, Split

TINY = 1e-9
"""Slope, million USD per unit, that the solver would drop; the constant falls by what it could come to."""
SPAN = 1e7
"""Units that a column without a bound is taken to reach at most, for that and where the cost falls for ever."""
NEAR = 0.999
"""Share of that from which a column counts as standing there."""
EXACT = 1e-6
"""Share of what a part costs by which a cut must be above what was known to count as news."""
PATIENCE = 12
"""Rounds in which a cut may lie idle."""
LOWER = 100.0
"""Times what a part costs that it is taken to cost at least, where that is less than LEAST."""


class Master:
    """The master program, warm. binaries: (binaries,) its columns that are yes or no.

    bound: million USD, of the last run, proved for the bounds of binaries that held; minus infinite where a part still
    costs what was taken for granted. point, costs: (shared,), (parts,) of the last run. keeps: whether idle
    cuts stay, so that an earlier basis fits.
    """

    def __init__(self, split: Split, options: Options, stop: threading.Event) -> None:
        self.split = split
        self.engine = Cutting(split.master, threads=options.threads, seed=options.seed, stop=stop)
        self.binaries: Integers = np.flatnonzero(split.master.integer)
        self.count = len(split.shared)
        self.rows = split.master.matrix.shape[0]
        self.idle = np.zeros(0, dtype=np.int64)
        self.least = np.full(len(split.parts), LEAST)
        self.bound = -np.inf
        self.point, self.costs = np.zeros(self.count), self.least
        self.keeps = False
        self._cold, self._far = True, False

    def run(self, seconds: float) -> Outcome:
        """The linear program with the cuts so far."""
        outcome = self.engine.run_cold(seconds, presolve=False) if self._cold else self.engine.run(seconds)
        self._cold = False
        if outcome in ("unbounded", "undecided") and not self._far:
            self._fence()
            outcome = self.engine.run(seconds)
        self.bound = -np.inf
        if outcome == "optimal":
            values = self.engine.values()
            self.point, self.costs = values[: self.count], values[self.count :]
            fenced = self._far and (np.abs(self.point) > NEAR * SPAN).any()
            if (self.costs > self.least + 1e-3 * np.abs(self.least)).all() and not fenced:
                self.bound = self.engine.objective
            worth = self.engine.duals()[self.rows :]
            self.idle = np.where(np.abs(worth) > 0, 0, self.idle + 1)
        return outcome

    def _fence(self) -> None:
        """Ends for columns without any, while the cuts so far let the cost fall for ever. What stands at one proves
        nothing."""
        self._far = True
        program = self.split.master
        lower, upper = program.column_lower[: self.count], program.column_upper[: self.count]
        open_ = np.flatnonzero(np.isinf(lower) | np.isinf(upper))
        self.engine.change_bounds(open_, np.maximum(lower[open_], -SPAN), np.minimum(upper[open_], SPAN))

    def refuted_by(self, answers: Sequence[Answer]) -> bool:
        """Whether some cut takes the last run's point away."""
        for answer in answers:
            least = answer.constant + answer.slopes @ self.split.links_of(answer.part, self.point)
            known = self.costs[answer.part] if answer.outcome == "optimal" else 0.0
            if least > known + EXACT * max(1.0, abs(known)):
                return True
        return False

    def learn(self, answers: Sequence[Answer]) -> None:
        """Put the cuts of some answers in, and those that lie idle out."""
        if not self.keeps:
            self.engine.drop(self.rows + np.flatnonzero(self.idle > PATIENCE))
            self.idle = self.idle[self.idle <= PATIENCE]
        self._lower(answers)
        cuts = [self._cut(answer) for answer in answers]
        starts = np.cumsum([0, *(len(columns) for columns, _, _ in cuts)])
        columns, slopes = (np.concatenate([cut[number] for cut in cuts]) for number in (0, 1))
        matrix = sp.csr_matrix((slopes, columns, starts), shape=(len(cuts), self.engine.program.cost.size))
        lower = np.array([constant for _, _, constant in cuts])
        labels = [Label("cut", (), 0)] * len(cuts)
        self.engine.append(matrix, lower, np.full(len(cuts), np.inf), labels)
        self.idle = np.append(self.idle, np.zeros(len(cuts), dtype=np.int64))

    def _cut(self, answer: Answer) -> tuple[Integers, Floats, float]:
        """A cut as a row: its columns, their factors, and what it is at least."""
        split, program = self.split, self.split.master
        places = split.place[split.parts[answer.part].links]
        lower, upper = program.column_lower[places], program.column_upper[places]
        tiny = np.abs(answer.slopes) <= TINY
        ends = np.clip(np.where(answer.slopes > 0, lower, upper), -SPAN, SPAN)
        constant = answer.constant + float(np.sum(np.where(tiny, answer.slopes * ends, 0.0)))
        columns, slopes = places[~tiny], -answer.slopes[~tiny]
        if answer.outcome == "optimal":
            columns, slopes = np.append(columns, self.count + answer.part), np.append(slopes, 1.0)
        order = np.argsort(columns)
        return columns[order], slopes[order], constant

    def _lower(self, answers: Sequence[Answer]) -> None:
        """Take less for granted of a part that costs less than that."""
        for answer in answers:
            if answer.outcome == "optimal" and answer.value < 0.5 * self.least[answer.part]:
                self.least[answer.part] = LOWER * answer.value
                column = np.array([self.count + answer.part])
                self.engine.change_bounds(column, self.least[[answer.part]], np.array([np.inf]))

    def fix(self, lower: Floats, upper: Floats) -> None:
        """New bounds of the binaries, (binaries,)."""
        self.engine.change_bounds(self.binaries, lower, upper)

    def free(self) -> None:
        """Give the binaries their own bounds back."""
        self.fix(*self.own_bounds)

    @property
    def own_bounds(self) -> tuple[Floats, Floats]:
        """The bounds that the binaries have in the case, each (binaries,)."""
        program = self.split.master
        return program.column_lower[self.binaries], program.column_upper[self.binaries]

    def dived(self, lower: Floats, upper: Floats, style: int, remaining: Callable[[], float]) -> Floats | None:
        """Whole binaries, (binaries,), that a dive from the last run ends with; None where it ends with none.

        lower, upper: (binaries,) the bounds of that run.
        """
        found = dive(self.engine, self.binaries, self.engine.values(), lower, upper, remaining, style=STYLES[style])
        return None if found.values is None else np.round(found.values[self.binaries])
