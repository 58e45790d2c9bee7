"""The key figures of a plan: numbers that a sweep compares over its points, and the word of the audit."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

from orefolio.audit import audit_plan
from orefolio.case.case import Case
from orefolio.program.merge import Merged
from orefolio.solve import Options, Solution
from orefolio.tables import budgets
from orefolio.tables.folder import plan_text
from orefolio.tables.folder.record import LIMITED, Circumstances, record
from orefolio.tables.outcome import Outcome
from orefolio.tables.outcome.supply import CHINA, EVERY_ELEMENT, EVERY_STAGE, HEAVY

from ..questions.decisions import COMMITMENTS, TAKEN
from ..questions.held import told
from .sealed import canonical

DIGEST = 16  # hexadecimal letters
PASSED = "passed"


def _expected(outcome: Outcome, figure: str) -> float:
    return float(sum(lived.weight * getattr(lived, figure) for lived in outcome.futures))


def _dependence(outcome: Outcome, element: str) -> float | None:
    """China's share of all that enters the chain over the horizon, expected over the futures; None without any."""
    china = total = 0.0
    for (future, _, stage, name), countries in outcome.by_country.items():
        if (future, stage, name) == ("expected", EVERY_STAGE, element):
            china += countries.get(CHINA, 0.0)
            total += sum(countries.values())
    return china / total if total > 0 else None


def _residue_t(outcome: Outcome) -> float:
    """Residue of every kind that is left behind over the horizon, expected."""
    per_t: dict[str, float] = {}
    for row in outcome.case.rows("residues"):
        per_t[row.process] = per_t.get(row.process, 0.0) + row.t_per_t
    return sum(
        lived.weight * entry.value * per_t.get(entry.index[0], 0.0)
        for lived in outcome.futures
        for entry in lived.entries("activity")
    )


def _public_musd(outcome: Outcome) -> float:
    """What every envelope spends over the horizon, not discounted, expected."""
    weights = {lived.name: lived.weight for lived in outcome.futures}
    return float(sum(weights[row["future"]] * row["used_musd"] for row in budgets.table(outcome).records()))


def _count(outcome: Outcome, kind: str) -> int:
    return len(outcome.commitments_of(kind))


def commitments(outcome: Outcome) -> str:
    """Every commitment in words: kind, id, date, size, and where it is made if not in every future."""
    words = []
    for choice in outcome.commitments:
        size = f" {choice.size:.6g} t/year" if choice.size else ""
        branch = outcome.branch(choice.futures)
        where = "" if len(choice.futures) == len(outcome.futures) else f" in {branch}"
        words.append(f"{choice.kind} {choice.id} {choice.date}{size}{where}")
    return COMMITMENTS.join(words)


def unused(outcome: Outcome) -> str:
    """The contracts that are signed and under which nothing is taken in any future, as `commitments` names them."""
    signed = dict.fromkeys(choice.id for choice in outcome.commitments if choice.kind == "contract")
    taken = {entry.index[0] for lived in outcome.futures for name in TAKEN for entry in lived.entries(name)}
    return COMMITMENTS.join(f"contract {name}" for name in signed if name not in taken)


def _digest(outcome: Outcome) -> str:
    return hashlib.sha256(commitments(outcome).encode()).hexdigest()[:DIGEST]


def _future_costs(outcome: Outcome) -> str:
    """What the plan costs in each future, million USD, as a JSON object."""
    return canonical({lived.name: float(lived.cost) for lived in outcome.futures})


def _held(outcome: Outcome) -> str:
    """What the trunk commits to while others share it, exactly, as the question `as_committed` takes it."""
    return canonical(told(outcome.merged, outcome.solution.values))


FIGURES: dict[str, Callable[[Outcome], float | str | None]] = {
    "expected_cost_musd": lambda outcome: outcome.expected_cost,
    "tail_cost_musd": lambda outcome: outcome.tail_cost,
    "short_t": lambda outcome: _expected(outcome, "short_t"),
    "short_musd": lambda outcome: _expected(outcome, "short_musd"),
    "china_share": lambda outcome: _dependence(outcome, EVERY_ELEMENT),
    "china_heavy_share": lambda outcome: _dependence(outcome, HEAVY),
    "residue_t": _residue_t,
    "public_musd": _public_musd,
    "projects": lambda outcome: _count(outcome, "project"),
    "contracts": lambda outcome: _count(outcome, "contract"),
    "programme_levels": lambda outcome: _count(outcome, "programme"),
    "commitments_digest": _digest,
    "commitments": commitments,
    "unused": unused,
    "future_costs": _future_costs,
    "held": _held,
}
"""Column of a sweep's table to its figure.
Shortage is expected over the futures; commitments are of any of them; the cost of each is as JSON has it.
"""


def figures(
    case: Case, merged: Merged, solution: Solution, options: Options, at: Circumstances
) -> tuple[dict[str, float | str | None], str]:
    """The figures of a plan, and `passed` or what the audit does not agree with. Raises SolverError."""
    outcome = Outcome(merged, solution, options)
    outcome.verify()
    warnings = at.warnings + ((LIMITED,) if solution.status == "feasible" else ())
    content = record(merged, solution, options, None, replace(at, warnings=warnings))
    disagreeing = audit_plan(case, content, plan_text(merged, solution))
    said = f"disagrees: {', '.join(disagreeing)}" if disagreeing else PASSED
    return {name: figure(outcome) for name, figure in FIGURES.items()}, said
