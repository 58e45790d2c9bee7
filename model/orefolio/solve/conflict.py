"""Why a program has no plan: limits that contradict each other with none to spare, and the cheapest way out.

Where the linear relaxation is infeasible, a first linear program finds limits that contradict each other (the support
of its duals), HiGHS thins them out, and dropping them one at a time shows that each is needed. Where only whole
binaries are to blame HiGHS would answer with too much, so there the limits are dropped a family, then a group (family
and index), then a single one at a time on the mixed-integer program itself.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import scipy.sparse as sp

from orefolio.program.program import Floats, Integers, Label, Program
from orefolio.solve.engine import Engine
from orefolio.solve.interrupt import heard

Kind = Literal["row", "lower", "upper"]
Verdict = Literal["conflict", "plan", "undecided"]
NOUGHT = 1e-9  # of a dual: from here on its limit takes part
LEAST_AMOUNT = 1e-6  # of a relaxation: under it the limit is not relaxed


@dataclass(frozen=True, order=True)
class Limit:
    """A row of a program, or the lower or upper bound of one of its columns. place: of the row or column."""

    kind: Kind
    place: int

    def label(self, program: Program) -> Label:
        """What it is in the case's words."""
        return program.rows[self.place] if self.kind == "row" else program.columns[self.place]


@dataclass(frozen=True)
class Conflict:
    """Limits that leave no plan together.

    by_integrality: without whole binaries there would be a plan. irreducible: each limit was shown to be needed, for
    without it the others leave a plan; False where time ran out first.
    """

    limits: tuple[Limit, ...]
    by_integrality: bool
    irreducible: bool


@dataclass(frozen=True)
class Slack:
    """A limit that may be relaxed. upward: its upper side is raised, else its lower side is lowered. weight: of one of
    its units in the sum that is made least. most: units by which it may be relaxed."""

    limit: Limit
    upward: bool
    weight: float
    most: float = math.inf


@dataclass(frozen=True)
class Relaxation:
    """Amounts by which limits are relaxed so that there is a plan, in their units. least: proved that the weighted sum
    cannot be less."""

    amounts: tuple[tuple[Slack, float], ...]
    least: bool

    @property
    def weight(self) -> float:
        """The weighted sum."""
        return sum(slack.weight * amount for slack, amount in self.amounts)


def find_conflict(program: Program, seconds: float = 60.0, stop: threading.Event | None = None) -> Conflict | None:
    """Limits of an infeasible program that contradict each other; None where it has a plan or time ran out.

    Raises SolverError as `solve` does.
    """
    crossed = _crossed(program)
    if crossed is not None:
        return Conflict(crossed, by_integrality=False, irreducible=True)
    stop = stop or threading.Event()
    asking = _Asking(replace(program, cost=np.zeros_like(program.cost), offset=0.0), seconds, stop)
    with heard(stop):
        support = asking.support()
        if support is None:
            return None
        if support:
            return asking.thinned(support)
        return asking.by_integrality() if program.integer.any() else None


def _crossed(program: Program) -> tuple[Limit, ...] | None:
    """The first row or column whose lower limit is above its upper one."""
    rows = np.flatnonzero(program.row_lower > program.row_upper)
    if rows.size:
        return (Limit("row", int(rows[0])),)
    columns = np.flatnonzero(program.column_lower > program.column_upper)
    return (Limit("lower", int(columns[0])), Limit("upper", int(columns[0]))) if columns.size else None


class _Asking:
    """An infeasible program without costs, and questions to it until time runs out."""

    def __init__(self, program: Program, seconds: float, stop: threading.Event | None) -> None:
        self.program = program
        self.until = time.monotonic() + seconds
        self.stop = stop
        self.undecided = False

    def remaining(self) -> float:
        return self.until - time.monotonic()

    # the linear relaxation

    def support(self) -> list[Limit] | None:
        """Limits that leave the linear relaxation without a plan, none where it has one; None where time ran out.

        From the linear program that breaks the rows as little as it can: its duals prove what it cannot mend.
        """
        sides = ((self.program.row_upper, True), (self.program.row_lower, False))
        slacks = [Slack(Limit("row", int(n)), up, 1.0) for side, up in sides for n in np.flatnonzero(np.isfinite(side))]
        loose = _loosened(replace(self.program, integer=np.zeros_like(self.program.integer)), slacks)
        engine = Engine(loose, stop=self.stop)
        if engine.run(self.remaining()) != "optimal":
            return None
        if engine.objective <= LEAST_AMOUNT:
            return []
        duals, worth = engine.duals(), engine.reduced_costs()[: len(self.program.columns)]
        return [
            *(Limit("row", int(n)) for n in np.flatnonzero(np.abs(duals) > NOUGHT)),
            *(Limit("lower", int(n)) for n in np.flatnonzero(worth > NOUGHT)),
            *(Limit("upper", int(n)) for n in np.flatnonzero(worth < -NOUGHT)),
        ]

    def thinned(self, support: list[Limit]) -> Conflict | None:
        """Of limits that leave the linear relaxation without a plan, some of which none can be spared."""
        if self._relaxation_with(support) != "conflict":
            support = _bounds_and_rows(self.program)
        part, own = _part(self.program, support)
        engine = Engine(part, stop=self.stop)
        found = engine.contradiction(self.remaining())
        if found is not None:
            rows, lower, upper = found
            kinds: tuple[tuple[Kind, list[int]], ...] = (("row", rows), ("lower", lower), ("upper", upper))
            vouched = [own[limit] for kind, places in kinds for n in places if (limit := Limit(kind, n)) in own]
            if self._relaxation_with(vouched) == "conflict":
                support = vouched
        needed = self._needed([[limit] for limit in support], integer=False)
        limits = tuple(limit for group in needed for limit in group)
        return Conflict(limits, by_integrality=False, irreducible=not self.undecided) if limits else None

    def _relaxation_with(self, limits: Sequence[Limit]) -> Verdict:
        part, _ = _part(self.program, limits)
        return _verdict(Engine(part, stop=self.stop), self.remaining())

    # the mixed-integer program

    def by_integrality(self) -> Conflict | None:
        """Limits that leave no plan with whole binaries, of which none can be spared; None where there is a plan."""
        if _verdict(Engine(self.program, integer=True, stop=self.stop), self.remaining()) != "conflict":
            return None
        groups = [_bounds_and_rows(self.program, integer=True)]
        for together in (_by_family, _by_group, _singly):
            groups = self._needed([part for group in groups for part in together(group, self.program)], integer=True)
        return Conflict(tuple(limit for group in groups for limit in group), True, not self.undecided)

    def _needed(self, groups: list[list[Limit]], *, integer: bool) -> list[list[Limit]]:
        """Drop groups one at a time; those stay without which the others leave a plan."""
        self.undecided = False
        part, own = _part(self.program, [limit for group in groups for limit in group], integer=integer)
        place = {limit: mine for mine, limit in own.items()}
        engine = Engine(part, integer=integer, stop=self.stop)
        kept = list(groups)
        dropped: list[Limit] = []
        for group in groups:
            trial = [*dropped, *(place[limit] for limit in group)]
            engine.update(_without(part, trial))
            verdict = _verdict(engine, self.remaining())
            self.undecided |= verdict == "undecided"
            if verdict == "conflict":
                kept.remove(group)
                dropped = trial
        return kept


def _verdict(engine: Engine, seconds: float) -> Verdict:
    """Whether a program without costs has a plan; it cannot be unbounded."""
    outcome = engine.run(seconds)
    if outcome in ("infeasible", "undecided"):
        return "conflict"
    return "plan" if outcome == "optimal" else "undecided"


def _bounds_and_rows(program: Program, *, integer: bool = False) -> list[Limit]:
    """Every limit. With `integer` binaries stay yes or no, and no amount is below nought: these are no limits."""
    low, high = np.isfinite(program.column_lower), np.isfinite(program.column_upper)
    if integer:
        low &= ~program.integer & (program.column_lower != 0.0)
        high &= ~program.integer
    return [
        *(Limit("row", n) for n in range(len(program.rows))),
        *(Limit("lower", int(n)) for n in np.flatnonzero(low)),
        *(Limit("upper", int(n)) for n in np.flatnonzero(high)),
    ]


def _part(program: Program, limits: Sequence[Limit], *, integer: bool = False) -> tuple[Program, dict[Limit, Limit]]:
    """The program with these limits and no others (with `integer` besides yes or no, and nought), and whose each is.

    Only the columns that a row of it has, or a bound, are in it.
    """
    rows = np.array(sorted({limit.place for limit in limits if limit.kind == "row"}), dtype=np.int64)
    low, high = (
        np.array(sorted({limit.place for limit in limits if limit.kind == kind}), dtype=np.int64)
        for kind in ("lower", "upper")
    )
    matrix = sp.csr_matrix(program.matrix)[rows]
    columns = np.unique(np.concatenate([matrix.indices[matrix.data != 0], low, high])).astype(np.int64)
    lower, upper = np.full(len(program.columns), -np.inf), np.full(len(program.columns), np.inf)
    if integer:
        lower[program.column_lower == 0.0] = 0.0
        lower[program.integer] = program.column_lower[program.integer]
        upper[program.integer] = program.column_upper[program.integer]
    lower[low], upper[high] = program.column_lower[low], program.column_upper[high]
    part = Program(
        matrix=sp.csr_matrix(matrix[:, columns]),
        row_lower=program.row_lower[rows],
        row_upper=program.row_upper[rows],
        column_lower=lower[columns],
        column_upper=upper[columns],
        integer=program.integer[columns] if integer else np.zeros(len(columns), dtype=bool),
        cost=np.zeros(len(columns)),
        offset=0.0,
        rows=tuple(program.rows[n] for n in rows),
        columns=tuple(program.columns[n] for n in columns),
    )
    return part, {Limit(x.kind, _own(x, rows, columns)): x for x in limits}


def _own(limit: Limit, rows: Integers, columns: Integers) -> int:
    return int(np.searchsorted(rows if limit.kind == "row" else columns, limit.place))


def _without(program: Program, limits: Iterable[Limit]) -> Program:
    """The program with some limits taken away."""
    sides = {name: getattr(program, name).copy() for name in ("row_lower", "row_upper", "column_lower", "column_upper")}
    for limit in limits:
        if limit.kind in ("row", "lower"):
            sides["row_lower" if limit.kind == "row" else "column_lower"][limit.place] = -np.inf
        if limit.kind in ("row", "upper"):
            sides["row_upper" if limit.kind == "row" else "column_upper"][limit.place] = np.inf
    return replace(program, **sides)


def _by_family(limits: list[Limit], program: Program) -> list[list[Limit]]:
    return _grouped(limits, [(limit.kind, limit.label(program).name) for limit in limits])


def _by_group(limits: list[Limit], program: Program) -> list[list[Limit]]:
    return _grouped(limits, [(limit.kind, *limit.label(program).index) for limit in limits])


def _singly(limits: list[Limit], _: Program) -> list[list[Limit]]:
    return [[limit] for limit in limits]


def _grouped(limits: list[Limit], keys: Sequence[tuple[str, ...]]) -> list[list[Limit]]:
    groups: dict[tuple[str, ...], list[Limit]] = {}
    for limit, key in zip(limits, keys, strict=True):
        groups.setdefault(key, []).append(limit)
    return list(groups.values())


def cheapest_relaxation(
    program: Program, slacks: Sequence[Slack], seconds: float = 60.0, stop: threading.Event | None = None
) -> Relaxation | None:
    """The least weighted amounts by which limits are relaxed so that there is a plan with whole binaries.

    None where relaxing these limits leaves no plan, or where none was found in time. Raises SolverError as `solve`.
    """
    slacks = [slack for slack in slacks if slack.most > 0]
    if not slacks:
        return None
    free, kept = _opened(replace(program, cost=np.zeros_like(program.cost), offset=0.0), slacks)
    stop = stop or threading.Event()
    engine = Engine(_loosened(free, kept), integer=True, stop=stop)
    engine.set("mip_rel_gap", 0.0)
    with heard(stop):
        outcome = engine.run(seconds)
    if outcome not in ("optimal", "limit", "interrupted") or not engine.has_values:
        return None
    used = engine.values()[len(program.columns) :]
    amounts = tuple((slack, float(x)) for slack, x in zip(slacks, used, strict=True) if x > LEAST_AMOUNT)
    return Relaxation(amounts, least=outcome == "optimal")


def _opened(program: Program, slacks: Sequence[Slack]) -> tuple[Program, list[Slack]]:
    """Bounds that may be relaxed made into rows, so that every slack is one of a row."""
    bounds = [slack.limit for slack in slacks if slack.limit.kind != "row"]
    if not bounds:
        return program, list(slacks)
    columns = np.array([limit.place for limit in bounds], dtype=np.int64)
    count, height = len(bounds), len(program.rows)
    upper = np.array([limit.kind == "upper" for limit in bounds], dtype=bool)
    more = sp.csr_matrix((np.ones(count), (np.arange(count), columns)), shape=(count, len(program.columns)))
    opened = replace(
        _without(program, bounds),
        matrix=sp.csr_matrix(sp.vstack([program.matrix, more])),
        row_lower=np.append(program.row_lower, np.where(upper, -np.inf, program.column_lower[columns])),
        row_upper=np.append(program.row_upper, np.where(upper, program.column_upper[columns], np.inf)),
        rows=(*program.rows, *(program.columns[n] for n in columns)),
    )
    place = {limit: Limit("row", height + number) for number, limit in enumerate(bounds)}
    return opened, [replace(slack, limit=place.get(slack.limit, slack.limit)) for slack in slacks]


def _loosened(program: Program, slacks: Sequence[Slack]) -> Program:
    """The program with a column for each slack of a row, and the weighted sum of these as its cost."""
    count, width = len(slacks), len(program.columns)
    rows = np.array([slack.limit.place for slack in slacks], dtype=np.int64)
    signs: Floats = np.array([-1.0 if slack.upward else 1.0 for slack in slacks])
    more = sp.csr_matrix((signs, (rows, np.arange(count))), shape=(len(program.rows), count))
    return replace(
        program,
        matrix=sp.csr_matrix(sp.hstack([program.matrix, more])),
        column_lower=np.append(program.column_lower, np.zeros(count)),
        column_upper=np.append(program.column_upper, [slack.most for slack in slacks]),
        integer=np.append(program.integer, np.zeros(count, dtype=bool)),
        cost=np.append(np.zeros(width), [slack.weight for slack in slacks]),
        columns=(*program.columns, *(Label("slack", (slack.limit.kind, str(n)), 0) for n, slack in enumerate(slacks))),
        branch=None,
    )
