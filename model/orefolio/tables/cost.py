"""What the plan costs, by name, calendar year and future; the expected parts add up to the expected cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .outcome.sheet import Sheet

if TYPE_CHECKING:
    from .outcome import Outcome

COLUMNS = ("future", "name", "year", "cost_musd")


def table(outcome: Outcome) -> Sheet:
    """Discounted million USD; `expected` is the mean over the futures. Raises SolverError where the sum is wrong."""
    outcome.verify()
    expected: dict[tuple[str, int], float] = {}
    rows = []
    for lived in outcome.futures:
        for (name, year), musd in lived.cost_by_year.items():
            expected[name, year] = expected.get((name, year), 0.0) + lived.weight * musd
            rows.append((lived.name, name, year, musd))
    means = [("expected", name, year, musd) for (name, year), musd in sorted(expected.items())]
    return Sheet.of(COLUMNS, [row for row in (*means, *rows) if row[3] != 0.0])
