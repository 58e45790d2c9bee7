"""What-ifs on a program that is kept warm in the solver: the plan as it stands, and the plan made anew.

A lever is turned by the map that was learnt for it, so that no family is stated again; where there is no map the
program is built anew. The answer for the fixed plan keeps every yes-or-no decision and chooses the rest again; its
duals say what each limit is worth. The one made anew relaxes and dives from where the base stood, with a proved gap.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from orefolio.case.case import Case
from orefolio.case.scenarios import plant
from orefolio.errors import SolverError
from orefolio.program.build import build
from orefolio.program.learned import Learned, learned
from orefolio.program.merge import Merged
from orefolio.program.program import Floats, Program
from orefolio.solve import Options, Session, Solution

NO_BRANCHING = 0  # nodes: the relaxation and its dives give plan and gap

Turned = Callable[[Mapping[str, float]], Case]


@dataclass
class Warm:
    """A case whose program is held by the solver, with its plan.

    turned: the case with levers at some values, refused where they do not fit. values: (columns,) of the base plan.
    Raises what `turned` raises, and SolverError as `solve` does.
    """

    turned: Turned
    grid: str
    merged: Merged
    values: Floats
    options: Options = field(default_factory=Options)
    stop: threading.Event = field(default_factory=threading.Event)
    _maps: dict[str, Learned | None] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.base = self.merged.tree.case
        self._futures = [path.future for path in self.merged.tree.paths]
        self._session = Session(self.merged.program, self.options, self.stop)
        self._session.relaxed()
        self._session.fixed(self.values)
        self._fixed = self._session.engine.basis

    def learn(self, lever: str) -> bool:
        """Learn how the program moves with a lever, once; say whether it does so in straight lines."""
        if lever not in self._maps:
            row = self.base.row("levers", lever)
            # the ends of the range: what is compared comes out alike between two values where it does at both
            values = [(row.low + row.high) / 2, row.low, row.high]
            trees = [plant(self.turned({lever: value}), self.grid, self._futures) for value in values]
            found = learned(trees, values)
            alike = found is not None and found.merged.program.columns == self.merged.program.columns
            self._maps[lever] = found if alike else None
        return self._maps[lever] is not None

    def _map(self, levers: Mapping[str, float]) -> Learned | None:
        """The map of a lever that is turned alone, within its range."""
        if len(levers) != 1:
            return None
        ((lever, value),) = levers.items()
        row = self.base.row("levers", lever)
        return self._maps[lever] if row.low <= value <= row.high and self.learn(lever) else None

    def program(self, levers: Mapping[str, float]) -> Program:
        """The program with levers turned: by the map of a lever that is turned alone, else built anew."""
        found = self._map(levers)
        if found is not None:
            return found.program(*levers.values())
        return build(self.turned(levers), self.grid, self._futures).program if levers else self.merged.program

    def fixed(self, levers: Mapping[str, float]) -> Solution:
        """The base plan's decisions kept, the rest chosen anew. Status "infeasible" where that leaves no plan.

        Raises SolverError where the levers change which decisions there are.
        """
        program = self._taken(levers)
        if self._map(levers) is None and program.columns != self.merged.program.columns:
            raise SolverError("These levers change which decisions there are; the plan must be made anew.")
        fits = program.shape[0] == self.merged.program.shape[0]
        return self._session.fixed(self.values, self._fixed if fits else None)

    def replanned(self, levers: Mapping[str, float]) -> Solution:
        """A plan made anew, with its proved gap; `stop` ends it with the best so far."""
        program = self._taken(levers)
        same = program.shape[1] == self.values.size
        self._session.options = replace(self.options, node_limit=NO_BRANCHING)
        try:
            return self._session.solve(warm=self.values if same else None)
        finally:
            self._session.options = self.options

    def _taken(self, levers: Mapping[str, float]) -> Program:
        program = self.program(levers)
        self._session.update(program)
        found = self._map(levers)
        self._session.costs_alone = found is not None and found.moves <= {"cost", "offset"}
        return program
