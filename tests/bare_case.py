"""Cases of a few rows, without files: for one check or one step of reading at a time.

A row says only what matters; its other columns have their default or a stand-in: 1 for a number, the first word of a
choice, `x` for an id. Row 0 of a table stands on line 2 of its file.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from orefolio.case.case import AfterShock, Case
from orefolio.case.columns import Column, declared
from orefolio.case.schema import TABLES
from orefolio.errors import Fault

Rows = list[dict[str, Any]]


def bare_case(
    start: str = "2027-01-01",
    end: str = "2031-01-01",
    base_year: int = 2026,
    importer: tuple[str, ...] = ("JP",),
    months: int = 12,
    **tables: Rows,
) -> Case:
    """A case of these rows, on one grid of periods of so many months."""
    last = datetime.date.fromisoformat(end)
    return Case(
        name="bare",
        title="a bare case",
        folder=Path("bare"),
        importer=importer,
        base_year=base_year,
        horizon_from=datetime.date.fromisoformat(start),
        horizon_to=last,
        grid="only",
        grids={"only": ((last, months),)},
        after_shock=AfterShock(),
        reaction_years=2.0,
        tables={table: tuple(_row(table, given) for given in rows) for table, rows in tables.items()},
        lines={table: tuple(range(2, 2 + len(rows))) for table, rows in tables.items()},
    )


def told(check: Callable[[Case], Iterator[Fault]], case: Case | None = None, **tables: Rows) -> list[tuple[int, str]]:
    """Line, and what was found, of every fault that a check tells."""
    return [(fault.line, fault.found) for fault in check(case or bare_case(**tables))]


def lines(check: Callable[[Case], Iterator[Fault]], case: Case | None = None, **tables: Rows) -> list[int]:
    """The lines on which a check tells a fault."""
    return [line for line, _ in told(check, case, **tables)]


def _row(table: str, given: Mapping[str, Any]) -> Any:
    columns = declared(TABLES[table])
    stand_ins = {name: _stand_in(column) for name, column in columns.items() if not column.optional}
    return TABLES[table](**{**stand_ins, **given})


def _stand_in(column: Column) -> Any:
    if column.kind == "choice":
        return column.choices[0]
    numbers = {"number": 1.0, "whole": 1, "flag": False, "date": "2027-01-01", "years": (1.0,), "references": ()}
    return numbers.get(column.kind, "x")
