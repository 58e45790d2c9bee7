"""What lies in each stockpile at the end of each period, by class and future, and how many days it covers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .outcome.calendar import month_of
from .outcome.cover import days_of_cover
from .outcome.sheet import Sheet

if TYPE_CHECKING:
    from .outcome import Entry, Lived, Outcome

COLUMNS = (
    "future", "stockpile", "name", "owner", "commodity", "class", "node", "period", "until", "stock_t", "added_t",
    "taken_t", "rotated_t", "days_of_cover",
)  # fmt: skip
FLOWS = ("put", "take", "rotate")


def table(outcome: Outcome) -> Sheet:
    """until: the month at whose start the stock is counted. Days add up over the classes of a stockpile.

    The first row of each stockpile, of period `opening`, is what it holds on the first day.
    """
    case = outcome.case
    rows: list[tuple[object, ...]] = []
    for lived in outcome.futures:
        rows += [_opening(outcome, lived, row) for row in case.rows("stockpiles")]
        held = {_key(e): e.value for e in lived.entries("stock")}
        moved = [{_key(e): e.value for e in lived.entries(name)} for name in FLOWS]
        for key in sorted({*held, *(key for flow in moved for key in flow)}):
            stockpile, class_, number = key
            row = case.row("stockpiles", stockpile)
            period = lived.path.periods[number]
            tonnes = held.get(key, 0.0)
            where = (lived.name, row.stockpile, row.name or row.stockpile, row.owner, row.commodity, class_)
            when = (lived.nodes[period.number], period.label, month_of(case, period.end))
            flows = [flow.get(key, 0.0) for flow in moved]
            rows.append((*where, *when, tonnes, *flows, days_of_cover(case, row, period, tonnes)))
    return Sheet.of(COLUMNS, rows)


def _key(entry: Entry) -> tuple[str, str, int]:
    stockpile, class_ = entry.index
    return stockpile, class_, entry.period.number


def _opening(outcome: Outcome, lived: Lived, row: Any) -> tuple[object, ...]:
    case = outcome.case
    where = (lived.name, row.stockpile, row.name or row.stockpile, row.owner, row.commodity, row.initial_class)
    days = days_of_cover(case, row, lived.path.periods[0], row.initial_t)
    return (*where, 0, "opening", month_of(case, 0.0), row.initial_t, 0.0, 0.0, 0.0, days)
