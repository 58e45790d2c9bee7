"""The plans that are compared: each importer alone, both in one program, both with no importer worse off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from orefolio.analyses.nothing import COMMITMENTS
from orefolio.case.case import Case
from orefolio.errors import InfeasibleError, SolverError
from orefolio.program.build import build
from orefolio.program.merge import Merged
from orefolio.program.program import Floats, Label, Program
from orefolio.solve import Options, Session, Solution

from .division import Interval
from .owners import Owners, expected_cost

BURDEN = "burden"
"""Name of the rows that hold an importer's cost at what it pays alone."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """What every plan is asked for. futures: None for all of the case."""

    options: Options = field(default_factory=Options)
    grid: str | None = None
    futures: tuple[str, ...] | None = None
    say: Say = lambda _: None


@dataclass(frozen=True)
class Plan:
    """A solved program of the question."""

    name: str
    merged: Merged
    solution: Solution

    @property
    def interval(self) -> Interval:
        """Proved bound and cost of the plan, million USD."""
        return self.solution.bound, self.solution.objective

    @property
    def case(self) -> Case:
        """The case that was solved."""
        return self.merged.tree.case

    @cached_property
    def expected(self) -> float:
        """Mean cost over the futures, million USD."""
        offset = sum(flat.path.weight * flat.offset for flat in self.merged.flats)
        return float(expected_cost(self.merged) @ self.solution.values) + offset

    def paid(self, costs: Mapping[str, Floats], offsets: Mapping[str, float]) -> dict[str, float]:
        """Expected cost of each importer, million USD."""
        return {name: float(cost @ self.solution.values) + offsets[name] for name, cost in costs.items()}

    @cached_property
    def short_t(self) -> dict[str, float]:
        """Expected tonnes not served over the horizon by demand."""
        found: dict[str, float] = {}
        for number, flat in enumerate(self.merged.flats):
            values = self.merged.values_of(number, self.solution.values)
            for label, value in zip(flat.columns, values.tolist(), strict=True):
                if label.name == "short":
                    found[label.index[0]] = found.get(label.index[0], 0.0) + flat.path.weight * value
        return found


def solved(name: str, case: Case, asked: Asked, warm: Callable[[Merged], Floats] | None = None) -> Plan:
    """Build and solve a case. Raises InfeasibleError, SolverError where there is no plan."""
    asked.say(f"{name}: stating")
    merged = build(case, asked.grid, asked.futures)
    return searched(name, merged, asked, None if warm is None else warm(merged))


def searched(name: str, merged: Merged, asked: Asked, warm: Floats | None = None) -> Plan:
    """Solve a program that is built. Raises as `solved`."""
    solution = Session(merged.program, asked.options).solve(warm=warm)
    if solution.status == "interrupted":
        raise KeyboardInterrupt
    if solution.status in ("infeasible", "unbounded"):
        raise InfeasibleError(f"{name}: there is no {'best ' if solution.status == 'unbounded' else ''}plan.")
    if not solution.has_plan or solution.status == "unknown":
        raise SolverError(f"{name}: no plan was found within the limits.")
    asked.say(f"{name}: {solution.objective:,.1f}, proved {solution.bound:,.1f} million USD")
    return Plan(name, merged, solution)


def offset_of(plan: Plan) -> float:
    """What an importer pays whatever it decides, million USD."""
    return sum(flat.path.weight * flat.offset for flat in plan.merged.flats)


Moment = tuple[str, str, tuple[str, ...], float]


def carried_over(owners: Owners, alone: Mapping[str, Plan], joint: Merged) -> dict[str, Floats]:
    """The plan of each importer alone in the columns of the joint program, 0 where it says nothing.

    A column is found by future, name, subject and the first day of its period.
    """
    found = {}
    for importer, plan in alone.items():
        said = {}
        for number, flat in enumerate(plan.merged.flats):
            values = plan.merged.values_of(number, plan.solution.values)
            for label, value in zip(flat.columns, values.tolist(), strict=True):
                if value:
                    index = (owners.called(importer, label), *label.index[1:])
                    said[_moment(flat.path.future, label, index, flat.path.periods[label.period].start)] = value
        column = np.zeros(len(joint.program.columns))
        for flat, places in zip(joint.flats, joint.column_of, strict=True):
            for label, place in zip(flat.columns, places.tolist(), strict=True):
                moment = _moment(flat.path.future, label, label.index, flat.path.periods[label.period].start)
                column[place] = said.get(moment, column[place])
        found[importer] = column
    return found


def _moment(future: str, label: Label, index: tuple[str, ...], start: float) -> Moment:
    return future, label.name, index, round(start, 6)


def together(plans: Mapping[str, Floats], joint: Program) -> Floats:
    """A plan to begin with: what either importer alone decides."""
    largest: Floats = np.max(np.vstack(list(plans.values())), axis=0)
    return np.asarray(np.clip(largest, joint.column_lower, joint.column_upper), dtype=np.float64)


def bounded(program: Program, costs: Mapping[str, Floats], limits: Mapping[str, float]) -> Program:
    """The program with a row for each importer of `limits`: its cost is at most the limit, million USD."""
    rows = sp.csr_matrix(np.vstack([costs[name] for name in limits]))
    return replace(
        program,
        matrix=sp.csr_matrix(sp.vstack([program.matrix, rows])),
        row_lower=np.append(program.row_lower, np.full(len(limits), -np.inf)),
        row_upper=np.append(program.row_upper, list(limits.values())),
        rows=(*program.rows, *(Label(BURDEN, (name,), 0) for name in limits)),
    )


def committed(program: Program, owners: Owners, plans: Mapping[str, Floats], payer: str) -> Program:
    """The program with the payer's commitments as in its plan alone; others commit to no more than in theirs."""
    lower, upper = program.column_lower.copy(), program.column_upper.copy()
    for number, label in enumerate(program.columns):
        if label.name in COMMITMENTS:
            holders = owners.holders(label)
            paying = payer in holders
            value = plans[payer if paying else holders[0]][number]
            upper[number] = min(max(value, lower[number]), upper[number])
            lower[number] = upper[number] if paying else lower[number]
    return replace(program, column_lower=lower, column_upper=upper)
