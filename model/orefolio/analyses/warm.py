"""What-ifs on a program that is kept warm in the solver: the plan as it stands, and the plan made anew.

A lever is turned by the map that was learnt for it, so that no family is stated again; where there is no map the
program is built anew. The answer for the fixed plan keeps every yes-or-no decision and chooses the rest again; its
duals say what each limit is worth. The one made anew relaxes; where the base plan's decisions are no longer as close to
that bound as the base plan was, it dives, first near them. Its gap is the distance to the relaxation.

Where a lever changes which decisions there are, each is as its counterpart in the base plan, and one that has none is
not taken; the bases are brought over in the same way.

Steps start from bases stored along the range of a lever, each found from the one before, from the base outwards. So an
answer hangs on the lever and its value alone, never on what was asked before.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from orefolio.case.case import Case
from orefolio.case.scenarios import plant
from orefolio.errors import OrefolioError
from orefolio.program.build import build
from orefolio.program.counterparts import Counterparts
from orefolio.program.learned import Learned, learned
from orefolio.program.merge import Merged
from orefolio.program.program import Floats, Program
from orefolio.solve import Options, Session, Solution
from orefolio.solve.basis import basis_from
from orefolio.solve.engine import Basis
from orefolio.solve.solution import gap_between

STONES = 16  # bases along the range of a lever; with more, each answer takes fewer steps and laying them longer

Turned = Callable[[Mapping[str, float]], Case]


class StoppedError(OrefolioError):
    """A program was not stated to its end, since it was told to stop."""


@dataclass(frozen=True)
class Carried:
    """What of the base's plan and bases stands in a program with other columns or rows.

    values: (columns,) of the plan. start: the basis of the base's relaxation, which serves with the plan fixed too:
    that of the fixed plan is nearer, and takes a hundred times the steps now and then. left_out: how many of the plan's
    decisions have no place in it.
    """

    values: Floats
    start: Basis
    left_out: int


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
    _stones: dict[tuple[str, bool, int], Basis] = field(default_factory=dict, repr=False)
    _built: tuple[Mapping[str, float], Merged] | None = field(default=None, repr=False)
    _brought: tuple[Merged, Carried] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.base = self.merged.tree.case
        self._futures = [path.future for path in self.merged.tree.paths]
        self._session = Session(self.merged.program, self.options, self.stop)
        bound = self._session.relaxed().objective
        self._relaxed = self._session.engine.basis
        gap = gap_between(self._session.fixed(self.values).objective, bound)
        self._fixed = self._session.engine.basis
        self._enough = max(gap if math.isfinite(gap) else 0.0, self.options.abs_gap)

    def learn(self, lever: str) -> bool:
        """Learn how the program moves with a lever, once; say whether it does so in straight lines.

        Raises StoppedError where it is told to stop meanwhile.
        """
        if lever not in self._maps:
            row = self.base.row("levers", lever)
            # the ends of the range: what is compared comes out alike between two values where it does at both
            values = [(row.low + row.high) / 2, row.low, row.high]
            trees = [plant(self.turned({lever: value}), self.grid, self._futures) for value in values]
            found = learned(trees, values, self._go_on)
            alike = found is not None and self._fits(found.merged.program)
            self._maps[lever] = found if alike else None
            if alike:
                for value in (row.low, row.high):
                    self._start({lever: value}, fixed=True)
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
        return self._anew(levers).program

    def merged_at(self, levers: Mapping[str, float]) -> Merged:
        """The same with its futures, as tables of a plan read them: what is costed, not the rows of a single future."""
        found = self._map(levers)
        if found is None:
            return self._anew(levers)
        (value,) = levers.values()
        return found.merged_at(value, plant(self.turned(levers), self.grid, self._futures))

    def _anew(self, levers: Mapping[str, float]) -> Merged:
        """Built, and kept until other levers are turned. Raises StoppedError where it is told to stop meanwhile."""
        if not levers:
            return self.merged
        if self._built is None or self._built[0] != levers:
            self._built = dict(levers), build(self.turned(levers), self.grid, self._futures, self._go_on)
        return self._built[1]

    def _go_on(self, _: str) -> None:
        if self.stop.is_set():
            raise StoppedError("told to stop")

    @cached_property
    def _counterparts(self) -> Counterparts:
        return Counterparts(self.merged)

    def _carried(self, merged: Merged) -> Carried:
        """Kept as long as the program is."""
        if self._brought is None or self._brought[0] is not merged:
            columns, rows = self._counterparts.of(merged)
            values = np.where(columns < 0, 0.0, self.values[columns])
            taken = np.flatnonzero(self.merged.program.integer & (self.values > 0.5))
            left_out = np.setdiff1d(taken, columns[merged.program.integer]).size
            self._brought = merged, Carried(values, basis_from(self._relaxed, merged.program, columns, rows), left_out)
        return self._brought[1]

    def left_out(self, levers: Mapping[str, float]) -> int | None:
        """How many of the base plan's decisions have no place where levers change which there are; else None."""
        if self._map(levers) is not None or self._fits(self._anew(levers).program):
            return None
        return self._carried(self._anew(levers)).left_out

    def fixed(self, levers: Mapping[str, float]) -> Solution:
        """The base plan's decisions kept, the rest chosen anew. Status "infeasible" where that leaves no plan."""
        program = self.program(levers)
        if not self._fits(program):
            carried = self._carried(self._anew(levers))
            return Session(program, self.options, self.stop).fixed(carried.values, carried.start)
        start = self._start(levers, fixed=True)
        self._hold(program, levers, fixed=True)
        return self._session.fixed(self.values, start)

    def replanned(self, levers: Mapping[str, float]) -> Solution:
        """A plan made anew, with its proved gap; `stop` ends it with the best so far."""
        program = self.program(levers)
        if not self._fits(program):
            carried = self._carried(self._anew(levers))
            session = Session(program, self.options, self.stop)
            return session.replanned(carried.values, carried.start, carried.start, self._enough)
        start, fixed = (self._start(levers, fixed=kept) for kept in (False, True))
        self._hold(program, levers, fixed=False)
        return self._session.replanned(self.values, start, fixed, self._enough)

    def _fits(self, program: Program) -> bool:
        """Whether a program has the base's columns and rows, label for label."""
        base = self.merged.program
        return program is base or (program.columns == base.columns and program.rows == base.rows)

    def _hold(self, program: Program, levers: Mapping[str, float], fixed: bool) -> None:
        self._session.update(program, implied=not fixed)
        self._session.engine.forget()
        found = self._map(levers)
        self._session.costs_alone = found is not None and found.moves <= {"cost", "offset"}

    def _start(self, levers: Mapping[str, float], fixed: bool) -> Basis:
        """The stored basis that is nearest to a lever's value, of the program with the plan fixed or of the relaxation.

        Those on the way to it are laid where they are missing. Where there is no map it is the base's.
        """
        basis = self._fixed if fixed else self._relaxed
        if self._map(levers) is None:
            return basis
        ((lever, value),) = levers.items()
        row = self.base.row("levers", lever)
        stands, apart = self.base.stands_at(lever), (row.high - row.low) / STONES
        count = round((value - stands) / apart)
        for number in range(1, abs(count) + 1):
            place = int(math.copysign(number, count))
            if (lever, fixed, place) not in self._stones:
                at = min(max(stands + place * apart, row.low), row.high)
                self._hold(self.program({lever: at}), {lever: at}, fixed)
                found = self._session.fixed(self.values, basis) if fixed else self._session.relaxed(basis)
                if found.status not in ("optimal", "infeasible"):
                    return basis  # it was stopped: laid when asked for again
                ended = self._session.engine.basis if found.has_plan else basis
                self._stones[lever, fixed, place] = ended
            basis = self._stones[lever, fixed, place]
        return basis
