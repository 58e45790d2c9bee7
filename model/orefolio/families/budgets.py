r"""BUD: public money posted to an envelope stays within each of its spans, on every path.

$$\sum_{\text{spending in the span}} money \le amount$$

Instalments post to their own years. Spending that runs over a span's end counts by its share of time.

| symbol | code | unit | meaning |
|---|---|---|---|
| money | – | million USD | instalments, prepayments, programmes, stock purchases |
| amount | `envelopes.amount_million`, `currencies.per_usd` | million | most that may be spent |
"""

from __future__ import annotations

from ..case.scenarios import as_date, years_between
from .algebra import Column, Term, linear
from .ledger import Future


def state(future: Future) -> None:
    """State envelopes."""
    case, path = future.case, future.path
    rows = {}
    spent: dict[str, list[tuple[float, float, float, Column]]] = {}
    for envelope, musd, start, end, variable in future.spending:
        spent.setdefault(envelope, []).append((musd, start, end, variable))
    for row in case.rows("envelopes"):
        opens = years_between(case.horizon_from, as_date(row.from_date))
        closes = years_between(case.horizon_from, as_date(row.to_date))
        terms: list[Term] = []
        last = 0
        for musd, start, end, variable in spent.get(row.envelope, ()):
            share = _inside(start, end, opens, closes)
            if share > 0:
                terms.append((musd * share, variable))
                last = max(last, variable.period, path.period_of(max(start, min(end, closes) - 1e-6)))
        per_usd = case.row("currencies", row.currency).per_usd
        amount = path.series("envelopes", f"{row.envelope}/{row.from_date}", "amount_million")[last]
        if terms:
            rows[row.envelope, row.from_date, last] = linear(terms) <= amount / per_usd
    future.rows("BUD", rows)


def _inside(start: float, end: float, opens: float, closes: float) -> float:
    """Share of a spending from start to end that falls between two moments."""
    if end - start < 1e-9:
        return 1.0 if opens - 1e-9 <= start < closes - 1e-9 else 0.0
    return max(0.0, min(end, closes) - max(start, opens)) / (end - start)
