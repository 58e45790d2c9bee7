"""The case of a run in the case format, levers and overlays applied, so that the run folder can be solved again."""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Sequence
from typing import Any

from orefolio.case.case import Case
from orefolio.case.checks.targets import levers_reproduce_the_case
from orefolio.case.columns import Column, declared
from orefolio.case.schema import TABLES
from orefolio.case.structure import SCHEMA


def case_files(case: Case) -> dict[str, str]:
    """File name to text: case.yaml and every table that has rows."""
    files = {"case.yaml": _structure(case)}
    for name, declaration in TABLES.items():
        rows = case.rows(name)
        if rows:
            files[f"{name}.csv"] = table_text(declaration, rows)
    return files


def case_hash(case: Case) -> str:
    """SHA-256 of what the case says, whatever the layout of its files."""
    digest = hashlib.sha256()
    for name, text in sorted(case_files(case).items()):
        digest.update(f"{name}\n{text}\n".encode())
    return digest.hexdigest()


def _structure(case: Case) -> str:
    grids = [
        f"  {_quoted(name)}: [{', '.join(f'{{until: {until}, months: {months}}}' for until, months in spans)}]"
        for name, spans in case.grids.items()
    ]
    shock = case.after_shock
    lines = [
        f"schema: {SCHEMA}",
        f"name: {_quoted(case.name)}",
        f"title: {_quoted(case.title)}",
        f"importer: [{', '.join(map(_quoted, case.importer))}]",
        f"base_year: {case.base_year}",
        f"horizon: {{from: {case.horizon_from}, to: {case.horizon_to}}}",
        f"grid: {_quoted(case.grid)}",
        "grids:",
        *grids,
        f"after_shock: {{fine_months: {shock.fine_months}, single_years: {shock.single_years}, "
        f"block_years: {shock.block_years}}}",
        f"reaction_years: {case.reaction_years:g}",
        *_turned(case),
    ]
    return "\n".join(lines) + "\n"


def _turned(case: Case) -> list[str]:
    """Where levers stand, if the tables no longer say what they give at their base."""
    moved = {name: value for name, value in case.turned.items() if value != case.row("levers", name).base}
    if case.as_written and not moved and not any(levers_reproduce_the_case(case)):
        return []
    return [f"turned: {{{', '.join(f'{_quoted(name)}: {_number(moved[name])}' for name in sorted(moved))}}}"]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def table_text(declaration: type, rows: Sequence[Any]) -> str:
    """The file of a table with these rows."""
    columns = declared(declaration)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([name.rstrip("_") for name in columns])
    for row in rows:
        writer.writerow([_cell(column, getattr(row, name)) for name, column in columns.items()])
    return stream.getvalue()


def _cell(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if column.kind == "flag":
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " ".join(_number(part) if isinstance(part, float | int) else str(part) for part in value)
    if column.kind == "number":
        return _number(value)
    return str(value)


def _number(value: float) -> str:
    if not math.isfinite(value):
        return ""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))
