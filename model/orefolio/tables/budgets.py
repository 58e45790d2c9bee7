"""Public money: what each envelope spends in each of its spans and future, and what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..case.scenarios import Path, as_date, years_between
from .outcome.sheet import Sheet

if TYPE_CHECKING:
    from .outcome import Outcome

COLUMNS = ("future", "envelope", "name", "from_date", "to_date", "used_musd", "amount_musd", "left_musd", "used_share")


def table(outcome: Outcome) -> Sheet:
    """Million USD, not discounted. An envelope on which nothing can be spent in a future is all left."""
    case = outcome.case
    rows = []
    for lived in outcome.futures:
        flat = lived.flat
        used = flat.matrix @ lived.values
        spans = {label.index: n for n, label in enumerate(flat.rows) if label.name == "BUD"}
        for row in case.rows("envelopes"):
            place = spans.get((row.envelope, row.from_date))
            if place is None:
                spent, amount = 0.0, _amount_at_the_end(lived.path, row)
            else:
                spent, amount = float(used[place]), float(flat.row_upper[place])
            head = (lived.name, row.envelope, row.name or row.envelope, row.from_date, row.to_date)
            rows.append((*head, spent, amount, amount - spent, spent / amount if amount > 0 else 0.0))
    return Sheet.of(COLUMNS, rows)


def _amount_at_the_end(path: Path, row: Any) -> float:
    """What the envelope has at the end of a span, million USD."""
    closes = years_between(path.case.horizon_from, as_date(row.to_date))
    series = path.series("envelopes", f"{row.envelope}/{row.from_date}", "amount_million")
    amount: float = series[path.period_of(max(0.0, closes - 1e-6))]
    per_usd: float = path.case.row("currencies", row.currency).per_usd
    return amount / per_usd
