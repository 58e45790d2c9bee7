"""Public money: what each envelope spends in each of its spans and future, and what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .outcome.frame import frame

if TYPE_CHECKING:
    import pandas as pd

    from .outcome import Outcome

COLUMNS = ("future", "envelope", "name", "from_date", "to_date", "used_musd", "amount_musd", "left_musd", "used_share")


def table(outcome: Outcome) -> pd.DataFrame:
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
                per_usd = lived.path.series("currencies", row.currency, "per_usd")[0]
                spent, amount = 0.0, row.amount_million / per_usd
            else:
                spent, amount = float(used[place]), float(flat.row_upper[place])
            head = (lived.name, row.envelope, row.name or row.envelope, row.from_date, row.to_date)
            rows.append((*head, spent, amount, amount - spent, spent / amount if amount > 0 else 0.0))
    return frame(COLUMNS, rows)
