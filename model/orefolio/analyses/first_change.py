"""First change: where on a lever's range the plan first becomes another one, and what an option not chosen costs.

A plan is described by what it takes: projects started, contracts signed, levels of programmes decided, and stockpiles
raised above what they hold on the first day, in whichever future. A value is known only as an interval, from the proved
bound of a solve to the cost of its plan, and a change of the plan may be due to the gap that was left. So every answer
carries its intervals, and `entry_cost` and `loss_without` ask the direct question: what does it cost, at least and at
most, to take an option that the plan leaves, or to leave one that it takes?
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import scipy.sparse as sp

from orefolio.case.case import Case
from orefolio.errors import Fault, InfeasibleError, InputError
from orefolio.program.build import build
from orefolio.program.merge import Merged
from orefolio.program.program import Label, Program
from orefolio.solve import Options, solve
from orefolio.tables.outcome import Outcome

CHOICES = {"start": "project", "size": "project", "sign": "contract", "tranche": "contract", "level_on": "programme"}
CLOSED = {
    "project": ("start", "size"),
    "contract": ("sign", "volume", "tranche"),
    "programme": ("level_on",),
    "stock": ("put",),
}
RAISED_SHARE = 0.05  # of the warehouse, above the first day's stock, from which a stockpile counts as raised
LEAST_SHARE = 0.1  # of the greatest size, or of the warehouse, that a forced option without a least size is taken in
LEAST_SIZE = 1.0  # t/year, from which a project without a least size counts as taken
FORCED = "forced"

OptionId = tuple[str, str]
"""Kind (project, contract, programme or stock) and id; a level of a programme is `programme/level`."""


@dataclass(frozen=True)
class How:
    """How each plan is made: on which grid, with which futures (None for all), with which stop rules."""

    grid: str | None = None
    futures: tuple[str, ...] | None = None
    options: Options = field(default_factory=Options)


@dataclass(frozen=True)
class Planned:
    """A plan in short: million USD from the proved bound to its cost, and the options that it takes."""

    least: float
    most: float
    taken: frozenset[OptionId]


@dataclass(frozen=True)
class Change:
    """Between two neighbouring values of a lever the plan becomes another one. `before` stands on the base's side."""

    lever: str
    value_before: float
    value_after: float
    before: Planned
    after: Planned

    @property
    def entered(self) -> list[OptionId]:
        """Options that the plan takes only after the change."""
        return sorted(self.after.taken - self.before.taken)

    @property
    def left(self) -> list[OptionId]:
        """Options that the plan takes only before the change."""
        return sorted(self.before.taken - self.after.taken)


@dataclass(frozen=True)
class Difference:
    """What forcing an option in or out adds to the cost, million USD: at least, at most. Infinite: no plan has it."""

    option: OptionId
    least: float
    most: float


def planned(case: Case, how: How, levers: Mapping[str, float] | None = None) -> Planned:
    """The plan of a case with levers turned. Raises InfeasibleError where there is none."""
    return _solved(build(case.with_levers(levers or {}), how.grid, how.futures), how.options)


def scan(case: Case, lever: str, values: Sequence[float], how: How) -> Iterator[tuple[float, Planned]]:
    """The plan at each value of a lever, in the order given."""
    for value in values:
        yield value, planned(case, how, {lever: value})


def first_change(
    case: Case, lever: str, how: How, toward: str = "high", steps: int = 4, halvings: int = 2,
    watched: frozenset[OptionId] | None = None,
) -> Change | None:  # fmt: skip
    """The first change of the plan between a lever's base and its low or high end; None where the plan stays.

    steps: of the scan; the interval in which the plan changes is then halved so many times. watched: the options that
    count, None for all.
    """
    row = next((row for row in case.rows("levers") if row.lever == lever), None)
    if row is None or toward not in ("low", "high"):
        raise InputError([Fault("levers.csv", f"{lever} toward {toward}", "a lever of the case, toward low or high")])
    base, end = case.turned.get(lever, row.base), getattr(row, toward)
    values = [base + (end - base) * step / steps for step in range(1, steps + 1)] if end != base else []
    last = planned(case, how, {lever: base})
    found = None
    for value, plan in scan(case, lever, values, how):
        if _seen(plan, watched) != _seen(last, watched):
            found = Change(lever, base, value, last, plan)
            break
        base, last = value, plan
    for _ in range(halvings if found else 0):
        assert found is not None
        middle = (found.value_before + found.value_after) / 2
        plan = planned(case, how, {lever: middle})
        if _seen(plan, watched) != _seen(found.before, watched):
            found = replace(found, value_after=middle, after=plan)
        else:
            found = replace(found, value_before=middle, before=plan)
    return found


def _seen(plan: Planned, watched: frozenset[OptionId] | None) -> frozenset[OptionId]:
    return plan.taken if watched is None else plan.taken & watched


def entry_cost(
    case: Case, option: OptionId, how: How, base: Planned | None = None, levers: Mapping[str, float] | None = None
) -> Difference:
    """What it adds to take an option, at any date and in every future that can still take it.

    An option without a least size is taken in a tenth of its greatest. Raises InputError where no future has it.
    """
    merged = build(case.with_levers(levers or {}), how.grid, how.futures)
    base = base or _solved(merged, how.options)
    return _difference(option, base, replace(merged, program=_with(merged, option)), how)


def loss_without(
    case: Case, option: OptionId, how: How, base: Planned | None = None, levers: Mapping[str, float] | None = None
) -> Difference:
    """What it adds to do without an option in every future."""
    merged = build(case.with_levers(levers or {}), how.grid, how.futures)
    base = base or _solved(merged, how.options)
    return _difference(option, base, replace(merged, program=_without(merged.program, option)), how)


def _difference(option: OptionId, base: Planned, merged: Merged, how: How) -> Difference:
    try:
        changed = _solved(merged, how.options)
    except InfeasibleError:
        return Difference(option, float("inf"), float("inf"))
    # forcing never helps, so nothing under nought is left to prove
    return Difference(option, max(0.0, changed.least - base.most), max(0.0, changed.most - base.least))


def _solved(merged: Merged, options: Options) -> Planned:
    solution = solve(merged.program, options)
    if not solution.has_plan:
        raise InfeasibleError(f"No plan was found: the solve ended {solution.status}.")
    outcome = Outcome(merged, solution, options)
    taken = {(c.kind, c.id) for c in outcome.commitments if c.kind != "project" or c.size >= LEAST_SIZE}
    return Planned(solution.bound, solution.objective, frozenset(taken | set(_raised(outcome))))


def _raised(outcome: Outcome) -> Iterator[OptionId]:
    """Stockpiles that some future raises above what they hold on the first day."""
    for row in outcome.case.rows("stockpiles"):
        for lived in outcome.futures:
            held: dict[int, float] = {}
            for entry in lived.entries("stock"):
                if entry.index[0] == row.stockpile:
                    held[entry.period.number] = held.get(entry.period.number, 0.0) + entry.value
            if max(held.values(), default=0.0) > row.initial_t + RAISED_SHARE * row.warehouse_t:
                yield "stock", row.stockpile
                break


def _is(label: Label, option: OptionId, names: Sequence[str]) -> bool:
    return label.name in names and "/".join(label.index if option[0] != "stock" else label.index[:1]) == option[1]


def _without(program: Program, option: OptionId) -> Program:
    """The program with an option closed everywhere."""
    closed = np.array([_is(label, option, CLOSED[option[0]]) for label in program.columns], dtype=bool)
    return replace(program, column_upper=np.where(closed, 0.0, program.column_upper))


def _with(merged: Merged, option: OptionId) -> Program:
    """The program with one more row for each future that can take the option: it is taken at one date at least."""
    program, kind = merged.program, option[0]
    names = [name for name, of in CHOICES.items() if of == kind] or ["put"]
    own = {
        name: {
            n for n, label in enumerate(program.columns) if program.column_upper[n] > 0 and _is(label, option, [name])
        }
        for name in names
    }
    name = next((name for name in names if own[name]), names[0])
    least = 1.0 if name not in ("size", "put") else _least(merged, option)
    found = dict.fromkeys(tuple(sorted(own[name].intersection(column_of.tolist()))) for column_of in merged.column_of)
    found.pop((), None)
    if not found:
        raise InputError([Fault("--option", "/".join(option), "an option that some future can take")])
    count = len(found)
    place = [(row, column) for row, columns in enumerate(found) for column in columns]
    rows, columns = zip(*place, strict=True)
    more = sp.csr_matrix((np.ones(len(place)), (rows, columns)), shape=(count, program.matrix.shape[1]))
    last = max(label.period for label in program.columns)
    return replace(
        program,
        matrix=sp.csr_matrix(sp.vstack([program.matrix, more])),
        row_lower=np.concatenate([program.row_lower, np.full(count, least)]),
        row_upper=np.concatenate([program.row_upper, np.full(count, np.inf)]),
        rows=(*program.rows, *(Label(FORCED, (*option, str(row)), last) for row in range(count))),
    )


def _least(merged: Merged, option: OptionId) -> float:
    case = merged.tree.case
    if option[0] == "stock":
        return LEAST_SHARE * float(case.row("stockpiles", option[1]).warehouse_t)
    return LEAST_SHARE * float(case.row("projects", option[1]).size_max_t_per_year)
