"""How a case, a run and a comparison look as the last line of a notebook's cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from orefolio.markup import block, paragraph, table

if TYPE_CHECKING:
    from orefolio.api import Study
    from orefolio.api.run import Run

MOST_WARNINGS = 3
DECIDED = ("date", "kind", "name", "size", "unit", "cost, million USD", "branch")
WORDS = {
    "optimal": "proved within the gap that was asked for",
    "feasible": "stopped by a limit with a plan",
    "interrupted": "interrupted; the best plan so far is kept",
    "no_plan": "stopped by a limit before a plan was found",
}


def study(shown: Study) -> str:
    """Title, horizon and size of a case, what is laid over it, its warnings."""
    case = shown.case
    parts = [
        paragraph(case.title, strong=True),
        paragraph(
            f"{case.name}: importer {' '.join(case.importer)}, from {case.horizon_from} until {case.horizon_to}, grids "
            f"{', '.join(case.grids)}; {len(case.rows('futures'))} futures, {len(case.rows('contracts'))} contracts, "
            f"{len(case.rows('projects'))} projects, {len(case.rows('stockpiles'))} stockpiles, "
            f"{len(case.rows('levers'))} levers."
        ),
    ]
    if shown.overlays or shown.levers:
        turned = [f"{name} = {value:g}" for name, value in shown.levers.items()]
        parts.append(paragraph(f"As written but for: {', '.join([*shown.overlays, *turned])}."))
    return block(*parts, *_warnings(shown.warnings))


def _warnings(texts: Sequence[str]) -> list[str]:
    parts = [paragraph(f"Warning: {text}") for text in texts[:MOST_WARNINGS]]
    return [*parts, paragraph(f"and {len(texts) - MOST_WARNINGS} warnings more")] if texts[MOST_WARNINGS:] else parts


def run(shown: Run) -> str:
    """Cost, proof and audit of a run, and its decisions by date."""
    record = shown.record
    turned = [f"{name} = {value:g}" for name, value in record["levers"].items()]
    parts = [
        paragraph(str(record["case"]["title"]), strong=True),
        paragraph(f"{_standing(shown)} Grid {record['grid']}{''.join(f', {text}' for text in turned)}."),
    ]
    audit = record["audit"]
    if audit and not audit["passed"]:
        failed = ", ".join(map(str, audit["failed_checks"]))
        parts.append(paragraph(f"Do not use this plan: the independent audit disagrees with it ({failed}).", True))
    if record["objective"] is not None:
        rows = sorted(shown.rows("portfolio"), key=lambda row: (row["date"], row["kind"], row["name"]))
        named = ("date", "kind", "name", "size", "unit", "cost_musd", "branch")
        parts.append(table(DECIDED, [[row[column] for column in named] for row in rows]))
    return block(*parts, *_warnings(record["warnings"][::-1]))  # those of the solve come last


def _standing(shown: Run) -> str:
    how = WORDS.get(shown.status, shown.status)
    if shown.record["objective"] is None:
        return f"No plan: {how}."
    told = f"Cost {shown.cost:,.1f} million USD, proved to be at least {shown.bound:,.1f}: {how}."
    if shown.saving is not None:
        told += f" Committing nothing costs at least {shown.saving:,.1f} more."
    return told


def comparison(content: Mapping[str, Any]) -> str:
    """Each run against the first: the interval of cost, and the decisions gained, lost and moved."""
    parts = [
        table(
            ("run", "levers turned", "cost, million USD", "proved bound", "status"),
            [(each["run"], ", ".join(f"{name} = {value:g}" for name, value in each["levers"].items()),
              each["objective"], each["bound"], each["status"]) for each in content["runs"]],
        )
    ]  # fmt: skip
    for number, change in enumerate(content["changes"], 2):
        cost, decided = change["cost"], change["decisions"]
        least, most = (_signed(cost[name]) for name in ("least_musd", "most_musd"))
        verdict = (
            f"Run {number} against run 1: {cost['verdict']}; the best cost differs by {least} to {most} million USD."
        )
        parts.append(paragraph(verdict, strong=True))
        rows = [(what, row["kind"], row["name"], row["where"]) for what in decided for row in decided[what]]
        parts.append(table(("", "kind", "decision", "where"), rows) if rows else paragraph("No decision changed."))
    return block(*parts)


def _signed(value: float | None) -> str:
    return "an unknown amount" if value is None else f"{value:+,.1f}".replace("-", "−")
