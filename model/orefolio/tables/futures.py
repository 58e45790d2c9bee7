"""What happens in each future under the plan, and the mean, the tail and the worst of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .outcome.calendar import parted
from .outcome.sheet import Sheet

if TYPE_CHECKING:
    from .outcome import Lived, Outcome

COLUMNS = (
    "kind", "future", "name", "onset", "probability", "cost_musd", "extra_cost_musd", "short_t", "short_on_trunk_t",
    "short_musd", "released_t", "released_public_t",
)  # fmt: skip


def table(outcome: Outcome) -> Sheet:
    """A row for each future, then `expected`, `tail` (mean of the worst at the case's risk level) and `worst`.

    cost_musd is discounted; extra_cost_musd is over the trunk's own continuation; short_musd is not discounted. Tail
    and worst are taken column by column.
    """
    figures = [_figures(outcome, lived) for lived in outcome.futures]
    rows = []
    for lived, numbers in zip(outcome.futures, figures, strict=True):
        row = outcome.case.row("futures", lived.name)
        rows.append(("future", lived.name, row.name or lived.name, row.onset or "", lived.weight, *numbers))
    columns = list(zip(*figures, strict=True))
    weights = [lived.weight for lived in outcome.futures]
    level = outcome.case.setting("risk_level", 0.9)
    means = [sum(w * v for w, v in zip(weights, column, strict=True)) for column in columns]
    rows.append(("summary", "expected", "mean over the futures", "", 1.0, *means))
    tails = [outcome.tail(list(column)) for column in columns]
    rows.append(("summary", "tail", f"mean of the worst {1 - level:.0%}", "", 1.0 - level, *tails))
    rows.append(("summary", "worst", "the worst of each", "", 0.0, *map(max, columns)))
    return Sheet.of(COLUMNS, rows)


def _figures(outcome: Outcome, lived: Lived) -> tuple[float, ...]:
    before = sum(e.value for e in lived.entries("short") if not parted(lived.path, e.period))
    extra = lived.cost - outcome.trunk.cost
    released = (lived.released_t, lived.released_public_t)
    return (lived.cost, extra, lived.short_t, before, lived.short_musd, *released)
