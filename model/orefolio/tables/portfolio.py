"""What to do: every commitment with its date, size, money, and the futures in which it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .outcome.sheet import Sheet

if TYPE_CHECKING:
    from .outcome import Outcome

COLUMNS = (
    "kind", "id", "name", "date", "branch", "futures", "probability", "size", "unit", "capital_musd", "public_musd",
    "cost_musd", "latest_date",
)  # fmt: skip
UNITS = {"project": "t/year", "contract": "t/year", "tranche": "share of output", "programme": "level"}


def table(outcome: Outcome) -> Sheet:
    """One row for each commitment at each node. cost_musd: expected and discounted, where the node is reached."""
    rows = [
        (
            c.kind,
            c.id,
            c.name,
            c.date,
            outcome.branch(c.futures),
            " ".join(outcome.ids(c.futures)),
            outcome.chance(c.futures),
            c.size if c.kind != "programme" else float(c.id.rpartition("/")[2]),
            UNITS[c.kind],
            c.capital_musd,
            c.public_musd,
            c.cost_musd,
            c.latest,
        )
        for c in outcome.commitments
    ]
    return Sheet.of(COLUMNS, rows)
