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
from .program import Floats, Label, Program

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


def switches(program: Program) -> list[Switch]:
    """Every row with decisions that, off or on, leave its amounts no room; the largest ratio first."""
    matrix, found = program.matrix, []
    whole = program.integer[matrix.indices]
    counts = np.diff(matrix.indptr)
    row_of = np.repeat(np.arange(len(counts)), counts)
    decisions = np.bincount(row_of[whole], minlength=len(counts))
    for row in np.flatnonzero((decisions > 0) & (decisions < counts)).tolist():
        inside = slice(matrix.indptr[row], matrix.indptr[row + 1])
        data, yes = matrix.data[inside], whole[inside]
        constants, amounts = data[yes], data[~yes]
        if _closes(program, row, constants, amounts):
            largest = int(np.abs(constants).argmax())
            ratio = np.abs(constants[largest]) / np.abs(amounts).min()
            decision = program.columns[int(matrix.indices[inside][yes][largest])]
            found.append(Switch(program.rows[row], decision, float(ratio)))
    return sorted(found, key=lambda switch: -switch.ratio)


def _closes(program: Program, row: int, constants: Floats, amounts: Floats) -> bool:
    """Whether a limit of the row comes to nought with its decisions off, or with its only one on."""
    slack = NEAR * np.abs(constants).max()
    against = bool(constants.min() < 0 < amounts.max() or amounts.min() < 0 < constants.max())
    for limit in (program.row_lower[row], program.row_upper[row]):
        if against and abs(limit) <= slack:
            return True
        if not against and len(constants) == 1 and abs(limit - constants[0]) <= slack:
            return True
    return False


def refuse_loose_switches(case: Case, program: Program) -> None:
    """Raise InputError that names, by file and line, every cell that makes a switch's constant too large."""
    loose = [switch for switch in switches(program) if switch.ratio > LARGEST]
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
