"""The as-is plan: what a case does in one year when nobody decides anything new, and the same year under a cut.

An as-is year is the case itself after adjustments, told over one calendar year of its trunk. No project, programme or
contract may be decided; contracts in force and spot markets stay. Nothing is bought for stock. A year before the base
year stands before the export licences: every approval is 1, no end use is refused, and suppliers sell what they sell in
the base year.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace

from orefolio.case.adjust import Adjustment
from orefolio.case.case import Case
from orefolio.case.schema.futures import Event, FutureEvent
from orefolio.errors import InfeasibleError
from orefolio.program.build import build
from orefolio.solve import Options, solve
from orefolio.tables.outcome import Outcome
from orefolio.tables.outcome.supply import CHINA

GRID = "as is"
CUT = "chinese_cut"
YEAR_MONTHS = 12

NOTHING_NEW = (
    Adjustment("projects", "*", "start_to", "set", 0, "no project is started"),
    Adjustment("programmes", "*", "start_to", "set", 0, "no programme is decided"),
    Adjustment("contracts", "*", "sign_to", "set", 0, "no contract is signed"),
    Adjustment("stockpiles", "*", "pace_t_per_year", "set", 0, "nothing is bought for stock"),
    Adjustment("processes", "*", "one_class_at_a_time", "set", 0, "lines run as they did; a linear program remains"),
    Adjustment("processes", "*", "campaign_musd", "set", 0, "what ran goes on running"),
)
LOCKED = (
    Adjustment("stockpiles", "*", "initial_t", "set", 0, "releases are locked"),
    Adjustment("stockpiles", "*", "cover_days", "set", 0, "a locked stock covers nothing"),
)
BEFORE_LICENCES = (
    Adjustment("licences", "*", "approval_share", "set", 1, "before the export licences"),
    Adjustment("demands", "*", "refuses_tagged", "set", 0, "no end use is refused yet"),
    Adjustment("rules", "kind=refusal", "enabled", "set", 0, "no end use is refused yet"),
    Adjustment("rules", "kind=sourcing", "enabled", "set", 0, "no sourcing rule yet"),
)


def as_is(case: Case, year: int, period_months: int = YEAR_MONTHS, locked: bool = True) -> Case:
    """The case as it stands in a calendar year, in periods of so many months, with stock releases locked or free."""
    changes = [*NOTHING_NEW, *(LOCKED if locked else ())]
    if year < case.base_year:
        changes += [*BEFORE_LICENCES, *_earlier_capacity(case, year)]
    end = datetime.date(year + 1, 1, 1)
    changed = replace(
        case.adjusted(changes),
        horizon_from=datetime.date(year, 1, 1),
        horizon_to=end,
        grid=GRID,
        grids={GRID: ((end, period_months),)},
    )
    trunk = next(row for row in case.rows("futures") if row.onset is None)
    quiet = {"futures": (replace(trunk, weight=1.0),), "future_events": (), "draws": ()}
    return replace(changed, tables={**changed.tables, **quiet})


def _earlier_capacity(case: Case, year: int) -> Iterator[Adjustment]:
    """What suppliers sell in the base year, dated back to an earlier year: the case says nothing older."""
    yield Adjustment("supplier_capacity", "*", "from_year", "add", year - case.base_year, "as in the base year")


def under_cut(case: Case, months: int) -> Case:
    """An as-is case whose supply from China, and of Chinese content, stops from its first day for so many months.

    Every export licence of a contract on such material is refused, and where it needs none its seller is closed; an
    emergency is declared as long, so that public stock may be released unless it is locked.
    """
    content = {row.class_ for row in case.rows("classes") if "china-content" in row.tags.split()}
    chinese = {row.supplier for row in case.rows("suppliers") if row.country == CHINA}
    stopped = [row for row in case.rows("contracts") if row.class_ in content or row.supplier in chinese]
    parts = [("licences", f"licence={name}", "approval_share", 0.0) for name in _names(stopped, "licence")]
    unlicensed = [row for row in stopped if not row.licence]
    parts += [("suppliers", f"supplier={name}", "availability_share", 0.0) for name in _names(unlicensed, "supplier")]
    if case.has("settings", "emergency_declared"):
        parts.append(("settings", "setting=emergency_declared", "value", 1.0))
    events = tuple(
        Event(event=CUT, part=number, table=table, where=where, column=column, operation="set", value=value,
              length_months=float("inf"))
        for number, (table, where, column, value) in enumerate(parts, 1)
    )  # fmt: skip
    trunk = case.rows("futures")[0].future
    entry = FutureEvent(future=trunk, event=CUT, start=case.horizon_from.isoformat(), length_months=float(months))
    return replace(case, tables={**case.tables, "events": events, "future_events": (entry,)})


def _names(contracts: list[object], column: str) -> list[str]:
    return sorted({str(getattr(row, column)) for row in contracts} - {""})


def outcome_of(case: Case) -> Outcome:
    """The least-cost plan of an as-is case. Raises InfeasibleError where it has none."""
    merged = build(case, GRID)
    solution = solve(merged.program, Options(abs_gap=0.0, time_limit=60.0))
    if not solution.has_plan:
        raise InfeasibleError(f"The as-is year {case.horizon_from.year} has no plan ({solution.status}).")
    return Outcome(merged, solution)
