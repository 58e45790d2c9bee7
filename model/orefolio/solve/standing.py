"""Where a solve stands: the best plan, the best bound, the clock, and who is told about it."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from orefolio.program.program import Floats
from orefolio.solve.options import Options
from orefolio.solve.solution import Listener, Progress

QUIET = 0.5  # seconds between two reports of a bound alone
STRICT = 0.999  # of the allowed gap, so that making the plan exact cannot lift it over


class Standing:
    """The best plan and the best bound so far, in million USD.

    values: (columns,) of the best plan, None before the first. nodes: branch-and-bound nodes so far. seconds: wall
    seconds by step. Plans only improve and the bound only rises, whatever is offered.
    """

    def __init__(self, options: Options, progress: Listener | None = None) -> None:
        self.options = options
        self.progress = progress
        self.began = time.monotonic()
        self.objective = math.inf
        self.values: Floats | None = None
        self.bound = -math.inf
        self.nodes = 0
        self.seconds: dict[str, float] = {}
        self.first_plan_seconds: float | None = None
        self.methods: list[str] = []
        self.log = ""
        self._step = ""
        self._told = -math.inf

    def elapsed(self) -> float:
        """Wall seconds since the solve began."""
        return time.monotonic() - self.began

    def remaining(self) -> float:
        """Wall seconds that are left, 0 or less when the time is up."""
        return self.options.time_limit - self.elapsed()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Name and time a step of the method."""
        before, self._step = self.elapsed(), name
        try:
            yield
        finally:
            self.methods.append(name)
            self.seconds[name] = self.seconds.get(name, 0.0) + self.elapsed() - before

    def offer_plan(self, objective: float, values: Floats | None) -> bool:
        """Keep a plan if it is better than the best so far; say whether it was."""
        if values is None or not objective < self.objective:
            return False
        self.objective, self.values = objective, values
        if self.first_plan_seconds is None:
            self.first_plan_seconds = self.elapsed()
        self.tell()
        return True

    def offer_bound(self, bound: float) -> None:
        """Keep a proved bound if it is higher than the best so far; one that is no finite number proves nothing.

        The listener hears of it twice a second at most."""
        if self.bound < bound < math.inf:
            self.bound = bound
            if self.elapsed() - self._told >= QUIET:
                self.tell()

    def tell(self, objective: float = math.inf, bound: float = -math.inf) -> None:
        """Tell the listener where things stand; a search inside the solver may know better figures."""
        best, proved, now = min(self.objective, objective), max(self.bound, bound), self.elapsed()
        self._told = now
        self.log += f"{now:9.2f} s  {self._step:12s} plan {best:.4f}  bound {proved:.4f}  nodes {self.nodes}\n"
        if self.progress is not None:
            self.progress(Progress(self._step, best, proved, now))

    @property
    def proved(self) -> bool:
        """Whether the best plan is within the asked gap."""
        return self.values is not None and self.options.reached(self.objective, self.bound)

    @property
    def done(self) -> bool:
        """Whether a search may stop: the plan is proved with a little to spare, or exactly where no gap is allowed."""
        return self.proved and (self.slack == 0.0 or self.objective - self.bound <= self.slack)

    @property
    def slack(self) -> float:
        """Million USD that the best plan may stay above the optimum, a little less than was allowed."""
        return STRICT * self.options.allowed(self.objective, self.bound)
