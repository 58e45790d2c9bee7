"""A pytest plugin: every plan of a pencil case is audited as well. Findings go to the file named by AUDIT_FINDINGS."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pencil
from orefolio.audit import audit_texts
from orefolio.program.merge import Merged
from orefolio.solve import Options, Solution
from orefolio.tables import TABLES
from orefolio.tables.folder import plan_text
from orefolio.tables.folder.cells import csv_of
from orefolio.tables.folder.record import Circumstances, record
from orefolio.tables.outcome import Outcome

holds_by_the_program = pencil._holds
asked_grid: dict[str, str | None] = {"grid": None}
build_by_the_program = pencil.build


def watched_build(case: Any, grid: str | None = None, futures: Any = None) -> Merged:
    asked_grid["grid"] = grid
    return build_by_the_program(case, grid=grid, futures=futures)


def holds(merged: Merged, solution: Solution) -> None:
    holds_by_the_program(merged, solution)
    case = merged.tree.case
    outcome = Outcome(merged, solution)
    content = record(merged, solution, Options(), None, Circumstances(asked_grid["grid"] or case.grid))
    tables = {name: csv_of(table(outcome)) for name, table in TABLES.items()}
    report = audit_texts(case, content, plan_text(merged, solution), tables)
    lines = [f"audited {report.items}"]
    lines += [f"{os.environ.get('PYTEST_CURRENT_TEST')} {r.name}: {r.tally.findings[:3]}" for r in report.failed]
    with Path(os.environ["AUDIT_FINDINGS"]).open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


pencil._holds = holds
pencil.build = watched_build
