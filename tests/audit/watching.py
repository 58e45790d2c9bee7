"""A pytest plugin: every plan of a pencil case, and every run of the package, is audited and told of.

Each audit adds a line to the file named by AUDIT_FINDINGS: `plan` or `run`, how many statements held, or what did not.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pencil
from orefolio import audit
from orefolio.program.merge import Merged
from orefolio.solve import Options, Solution
from orefolio.tables import TABLES
from orefolio.tables.folder import plan_text
from orefolio.tables.folder.cells import csv_of
from orefolio.tables.folder.record import Circumstances, record
from orefolio.tables.outcome import Outcome

holds_by_the_program = pencil._holds
build_by_the_program = pencil.build
audit_of_a_run = audit.audit_into
asked_grid: dict[str, str | None] = {"grid": None}


def watched_build(case: Any, grid: str | None = None, futures: Any = None) -> Merged:
    asked_grid["grid"] = grid
    return build_by_the_program(case, grid=grid, futures=futures)


def holds(merged: Merged, solution: Solution) -> None:
    holds_by_the_program(merged, solution)
    case = merged.tree.case
    outcome = Outcome(merged, solution)
    content = record(merged, solution, Options(), None, Circumstances(asked_grid["grid"] or case.grid))
    tables = {name: csv_of(table(outcome)) for name, table in TABLES.items()}
    report = audit.audit_texts(case, content, plan_text(merged, solution), tables)
    tell("plan", report.summary())


def audited_run(content: dict[str, Any], *words: Any) -> Any:
    made = audit_of_a_run(content, *words)
    tell("run", content["audit"])
    return made


def tell(what: str, summary: Mapping[str, Any]) -> None:
    said = f"{summary['items']} hold" if summary["passed"] else f"{summary['findings']}"
    with Path(os.environ["AUDIT_FINDINGS"]).open("a", encoding="utf-8") as file:
        file.write(f"{what} {said} {os.environ.get('PYTEST_CURRENT_TEST')}\n")


pencil._holds = holds
pencil.build = watched_build
audit.audit_into = audited_run
