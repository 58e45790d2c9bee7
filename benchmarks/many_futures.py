"""Japan with forty futures: each shock of the case at several dates, planned by relaxation and dive alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from orefolio.case.case import Case

from . import Options, Row, Rows
from .apart import told_by

FOLDER = Path(__file__).parents[1] / "inputs" / "japan"
FUTURES = 40
YEARS_LATER = (0, 1, 2, 3)


def section(_: Options) -> Rows:
    """One row: wall seconds of stating and of the search, and the gap."""
    return [told_by(planned, str(FOLDER), FUTURES)]


def planned(folder: str, futures: int) -> Row:
    """State the case with so many futures, relax, dive."""
    from orefolio import api

    run = api.solve(with_futures(api.load(folder).case, futures), node_limit=0, saving=False)
    assert run.outcome is not None
    rows, columns, nonzeros = run.outcome.merged.program.shape
    seconds = run.record["timing"]["seconds"]
    return {
        "futures": futures,
        "rows": rows,
        "columns": columns,
        "nonzeros": nonzeros,
        "stating_s": round(seconds["build"], 2),
        "first_plan_s": round(run.record["timing"]["first_plan_seconds"], 2),
        "solve_s": round(seconds["solve"], 2),
        "gap_musd": round(run.abs_gap, 2),
        "gap_share": round(run.gap, 6),
    }


def with_futures(case: Case, count: int) -> Case:
    """The case with every future that parts from the trunk at several dates, its weight shared out among them."""
    rows = case.rows("futures")
    wanted = [(row, later) for later in YEARS_LATER for row in rows if row.onset or not later][:count]
    kept: dict[str, list[int]] = {}
    for row, later in wanted:
        kept.setdefault(row.future, []).append(later)
    tables: dict[str, Any] = {name: [] for name in ("futures", "future_events", "draws")}
    for row, later in wanted:
        name, onset = f"{row.future}_{later}" if later else row.future, row.onset
        share = row.weight / len(kept[row.future])
        tables["futures"].append(replace(row, future=name, weight=share, onset=onset and _later(onset, later)))
        for table, day in (("future_events", "start"), ("draws", "strikes")):
            tables[table] += [
                replace(own, future=name, **{day: _moved(getattr(own, day), onset, later)})
                for own in case.rows(table)
                if own.future == row.future
            ]
    return replace(case, tables={**case.tables, **{name: tuple(rows) for name, rows in tables.items()}})


def _moved(day: str, onset: str | None, later: int) -> str:
    """What happens from the onset on happens later; what everybody waits for before it stays."""
    return _later(day, later) if onset and day >= onset else day


def _later(day: str, years: int) -> str:
    return str(date.fromisoformat(day).replace(year=date.fromisoformat(day).year + years))
