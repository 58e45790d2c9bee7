"""Rows that hold an amount at nought while a yes-or-no decision is off, and how large their constants are.

A constant far above what can flow lets a solver pass off a thousandth of a decision as none, so that the optimum is
wrong or the case seems to have no plan, under a clean status. Such a case is refused, and its row named.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..case.case import Case
from ..case.checks.place import fault_at
from ..errors import Fault, InputError
from .program import Booleans, Floats, Integers, Label, Program

LARGEST = 1e6
"""Most that a decision may switch on, in units of the amount it switches: the solver takes 1e-6 of a decision for 0."""
NEAR = 1e-9
"""Share of a constant up to which what is left when the decision is off counts as nought."""


@dataclass(frozen=True)
class Switch:
    """A row that switches an amount. ratio: its constant over the smallest coefficient of an amount in the row."""

    row: Label
    decision: Label
    ratio: float


@dataclass(frozen=True)
class Source:
    """The cell of a case that a switch's constant comes from. number: of the row in its table, from 0."""

    table: str
    number: int
    column: str


def switches(program: Program, least: float = 0.0) -> list[Switch]:
    """Every row with decisions that, off or on, leave its amounts no room, of this ratio or more; the largest first."""
    matrix = program.matrix
    whole = np.flatnonzero(program.integer[matrix.indices])
    held, decisions = np.unique(np.searchsorted(matrix.indptr, whole, side="right") - 1, return_counts=True)
    held = held[decisions < np.diff(matrix.indptr)[held]]
    if not held.size:
        return []
    closing, ratios = _closing(program, held)
    found = []
    for row, ratio in zip(held[closing & (ratios >= least)].tolist(), ratios[closing & (ratios >= least)], strict=True):
        inside = slice(matrix.indptr[row], matrix.indptr[row + 1])
        places = matrix.indices[inside]
        sizes = np.where(program.integer[places], np.abs(matrix.data[inside]), -1.0)
        found.append(Switch(program.rows[row], program.columns[int(places[sizes.argmax()])], float(ratio)))
    return sorted(found, key=lambda switch: -switch.ratio)


def _closing(program: Program, rows: Integers) -> tuple[Booleans, Floats]:
    """Of rows with both: whether a limit comes to nought with the decisions off, or with the only one on; ratios."""
    part = program.matrix[rows]
    starts, whole = part.indptr[:-1], program.integer[part.indices]
    constants, amounts = np.where(whole, part.data, np.nan), np.where(whole, np.nan, part.data)
    low, high = np.fmin.reduceat(constants, starts), np.fmax.reduceat(constants, starts)
    least, most = np.fmin.reduceat(amounts, starts), np.fmax.reduceat(amounts, starts)
    size = np.maximum(np.abs(low), np.abs(high))
    against = ((low < 0) & (most > 0)) | ((least < 0) & (high > 0))
    alone = np.add.reduceat(whole.astype(np.int64), starts) == 1
    closes = np.zeros(len(rows), dtype=bool)
    for limit in (program.row_lower[rows], program.row_upper[rows]):
        closes |= against & (np.abs(limit) <= NEAR * size)
        with np.errstate(invalid="ignore"):  # where both are infinite nothing closes
            closes |= ~against & alone & (np.abs(limit - low) <= NEAR * size)
    return closes, size / np.fmin.reduceat(np.abs(amounts), starts)


def refuse_loose_switches(case: Case, program: Program) -> None:
    """Raise InputError that names, by file and line, every cell that makes a switch's constant too large."""
    loose = [switch for switch in switches(program, LARGEST) if switch.ratio > LARGEST]
    faults: dict[tuple[str, str], Fault] = {}
    for switch in loose:
        faults.setdefault((switch.decision.name, switch.decision.index[0]), _fault(case, switch))
    if faults:
        raise InputError(faults.values())


def _fault(case: Case, switch: Switch) -> Fault:
    words = " ".join((switch.decision.name, *switch.decision.index))
    expected = f"at most {LARGEST:,.0f} where a yes-or-no decision hangs on it ({words}, row {switch.row.name})"
    remedy = "State what can really stand there: a greatest amount far above any use makes the optimum unreliable"
    found = f"up to {switch.ratio:,.0f} t at once"
    source = source_of(case, switch.decision)
    if source is None:
        return Fault(str(case.folder / "case.yaml"), found, expected, remedy=remedy)
    return fault_at(case, source.table, source.number, source.column, found, expected, remedy)


def source_of(case: Case, decision: Label) -> Source | None:
    """The cell with the largest amount that a decision can switch on; None where none is known."""
    return max(_sources(case, decision), key=lambda pair: pair[0], default=(0.0, None))[1]


def _sources(case: Case, decision: Label) -> Iterator[tuple[float, Source]]:
    """Cells that feed a decision's constant, each with its amount."""
    name = decision.index[0] if decision.index else ""
    for table, column, key in {
        "start": (("projects", "size_max_t_per_year", "project"),),
        "sign": (("contracts", "volume_max_t_per_year", "contract"),),
        "run": (("processes", "capacity_t_per_year", "process"), ("projects", "size_max_t_per_year", "adds_to")),
        "dedicated": (("processes", "capacity_t_per_year", "process"), ("projects", "size_max_t_per_year", "adds_to")),
        "level_on": (("programmes", "increment_share", "programme"),),
    }.get(decision.name, ()):
        for number, row in enumerate(case.rows(table)):
            if getattr(row, key) == name:
                yield float(getattr(row, column)), Source(table, number, column)
